"""Languages by their BCP 47 tags, and which one stands in for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

INTERFACE = ("en", "zh-Hans", "zh-Hant")
OWN_NAMES: Mapping[str, str] = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


def chain(language: str, offered: Sequence[str]) -> tuple[str, ...]:
    """The offered languages in the order in which they stand in for `language`.

    zh-Hant falls back to zh-Hans, and every language to the first one offered, which the others follow.
    """
    wanted = [language]
    if language == "zh-Hant":
        wanted.append("zh-Hans")
    wanted.extend(offered)
    return tuple(dict.fromkeys(tag for tag in wanted if tag in offered))


def pick(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, or in the language that stands in for it; "" where there is none at all."""
    for tag in chain(language, tuple(texts)):
        return texts[tag]
    return ""
