"""Traditional characters from simplified ones: our tables of terms first, longest match first, OpenCC for the rest."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from opencc import OpenCC

from kamtrain.content.script import Script

TABLES = ("terms.csv", "taiwan.csv")  # columns zh-Hans and zh-Hant; the first table wins
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff“”‘’]")
_TAG = re.compile(r'(<(?:code|pre)\b.*?</(?:code|pre)>|<[^<>"]*(?:"[^"]*"[^<>"]*)*>)', re.DOTALL)


@cache
def _overrides() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in TABLES:
        path = Path(__file__).with_name(name)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                simplified, traditional = (row.get("zh-Hans") or "").strip(), (row.get("zh-Hant") or "").strip()
                if simplified and traditional:
                    found.setdefault(simplified, traditional)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(_overrides(), key=len, reverse=True)))


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")


@lru_cache(maxsize=20_000)
def text(simplified: str) -> str:
    """Plain text in traditional characters as written in Taiwan."""
    if not _HAN.search(simplified):
        return simplified
    overrides = _overrides()
    found: list[str] = []
    start = 0
    for match in _pattern().finditer(simplified):
        found.append(_converter().convert(simplified[start : match.start()]))
        found.append(overrides[match[0]])
        start = match.end()
    found.append(_converter().convert(simplified[start:]))
    return _quotes("".join(found))


def _quotes(text: str) -> str:
    """Corner brackets, as printed in Taiwan; an apostrophe inside a Latin word stays."""
    text = re.sub(r"(?<![A-Za-z])[‘]|[‘](?![A-Za-z])", "『", text.replace("“", "「").replace("”", "」"))
    return re.sub(r"(?<![A-Za-z])’|’(?![A-Za-z])", "』", text)


def html(simplified: str) -> str:
    """HTML with its text converted; tags, attributes and code stay as they are."""
    if "<" not in simplified:
        return text(simplified)
    pieces = _TAG.split(simplified)
    return "".join(piece if place % 2 else text(piece) for place, piece in enumerate(pieces))


def with_traditional(texts: Mapping[str, str], convert: Callable[[str], str] = text) -> dict[str, str]:
    """Texts by language, with 繁體 made from 简体 where it is not written out."""
    if "zh-Hans" not in texts or "zh-Hant" in texts:
        return dict(texts)
    return {**texts, "zh-Hant": convert(texts["zh-Hans"])}


SCRIPT = Script(html, text, "zh-Hant")
