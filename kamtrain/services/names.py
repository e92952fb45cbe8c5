"""The key by which names sort: letters for letters, pinyin for Chinese, so that 王芳 stands with Wang."""

from __future__ import annotations

import unicodedata

from pypinyin import Style, lazy_pinyin

KEY_MAX = 400  # characters, as the column

# Surnames that are read otherwise than the same character in a word.
SURNAMES = {
    "单": "shan4", "仇": "qiu2", "曾": "zeng1", "解": "xie4", "任": "ren2", "查": "zha1", "區": "ou1", "区": "ou1",
    "朴": "piao2", "盖": "ge3", "华": "hua4", "燕": "yan1",
    "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "长孙": "zhang3 sun1",
}  # fmt: skip

# Letters that Unicode does not take apart into a base and a mark.
WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


def sort_key(name: str) -> str:
    """`name` in its script's order, lower case, no marks: "王芳" -> "wang2 fang1", "Łukasz Żak" -> "lukasz zak"."""
    for length in (2, 1):
        if len(name) > length and (surname := SURNAMES.get(name[:length])):
            return _key(f"{surname} {_latin(name[length:])}")
    return _key(_latin(name))


def _latin(text: str) -> str:
    return " ".join(lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True))


def _key(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.lower().translate(WHOLE))
    plain = "".join(c if c.isalnum() else " " for c in parts if unicodedata.category(c) != "Mn")
    return " ".join(plain.split())[:KEY_MAX]
