"""Where a person goes next, only ever within this site; and which numbers an address may hold."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from werkzeug.routing import IntegerConverter, Map

ID_MAX = 2**31 - 1  # what an id column holds on PostgreSQL


class Id(IntegerConverter):
    """`<int:…>` in an address: a number no id can have is no such page, rather than an error of the database."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = None) -> None:
        super().__init__(map, fixed_digits, min, ID_MAX if max is None else max)


def safe_next(target: str | None, default: str = "/") -> str:
    """`target` where it is a path on this site, else `default`.

    Browsers read a backslash as a slash and drop control characters, so `/\\evil` and `/<tab>/evil` are refused too.
    """
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return default
    if any(ord(character) < 32 for character in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def here() -> str:
    """The path and query that were asked for, as `safe_next` takes them."""
    return request.full_path.rstrip("?")
