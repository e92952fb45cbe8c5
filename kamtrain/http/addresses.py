"""Addresses within this site, built once: a page names some twenty, mostly the same ones for everybody."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Flask, request


class Addressed(Flask):
    """Flask, but that it keeps the addresses it has built."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept = lru_cache(10_000)(self._build)

    def url_for(self, endpoint: str, **values: Any) -> str:
        if not request or endpoint.startswith(".") or not all(isinstance(v, Hashable) for v in values.values()):
            return super().url_for(endpoint, **values)
        return self._kept(request.script_root, endpoint, tuple(values.items()))

    def _build(self, _root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return super().url_for(endpoint, **dict(values))
