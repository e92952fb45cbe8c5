"""Addresses of the built styles, scripts and images (`kamtrain/web/static/dist/`, see build.mjs)."""

import json
from functools import cache
from pathlib import Path

from flask import url_for

DIST = Path(__file__).parent / "static" / "dist"


class AssetError(Exception):
    """A bundle is missing; the message says how to mend it."""


@cache
def _manifest() -> dict[str, str]:
    """Entry name to hashed file name; read once in each process, since a build is followed by a restart."""
    try:
        names: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetError(f"The bundles are not built: {DIST} has no manifest. Run: python3 kam.py setup") from None
    return names


def asset_url(name: str) -> str:
    """The address of an entry such as "main.css" or "studio.js". Raises AssetError where no such entry was built."""
    try:
        file = _manifest()[name]
    except KeyError:
        raise AssetError(
            f'No bundle "{name}" was built. It belongs into kamtrain/web/assets/; then run: python3 kam.py setup'
        ) from None
    return url_for("static", filename=f"dist/{file}")
