"""The key that signs cookies and forms: from the settings, or made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kamtrain.settings import Settings

FILE = "secret_key"


def secret_key(settings: Settings) -> str:
    """`settings.secret_key`, else the one kept in the data folder; readable by its owner only."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data / FILE
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").strip()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f"{FILE}.{os.getpid()}")
    own.touch(mode=0o600)
    own.write_text(secrets.token_hex(32), encoding="ascii")
    try:
        # Several workers may start at once: a link fails where another was faster, and is never seen half written.
        os.link(own, path)
    except FileExistsError:
        pass
    finally:
        own.unlink()
