"""How text is written out: as the author wrote it, or in traditional characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _same(text: str) -> str:
    return text


@dataclass(frozen=True)
class Script:
    """`html` converts the text of HTML and leaves its markup, `text` plain text."""

    html: Callable[[str], str] = _same
    text: Callable[[str], str] = _same


AS_WRITTEN = Script()
