"""How long reading and practising take.

English is read at 200 words a minute, Chinese at 350 characters (the rates the curriculum plans with). A choice takes 30
seconds beside its reading, a gap or a cell 15 and never less than a choice, an answer in one's own words 4 minutes, and a
decision in a conversation 45 seconds.
"""

from __future__ import annotations

import re
from html import unescape

WORDS_A_MINUTE = 200
CHARACTERS_A_MINUTE = 350
CHOICE = 30  # seconds
GAP = 15  # seconds
WRITTEN = 240  # seconds
DECISION = 45  # seconds

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def words(html: str) -> tuple[int, int]:
    """Words of scripts with spaces, and Chinese characters, in the text of `html`."""
    text = unescape(re.sub(r"<[^>]*>", " ", html))
    han = len(_HAN.findall(text))
    return len(_WORD.findall(_HAN.sub(" ", text))), han


def seconds(html: str) -> int:
    latin, han = words(html)
    return latin * 60 // WORDS_A_MINUTE + han * 60 // CHARACTERS_A_MINUTE


def minutes(seconds: int) -> int:
    """Rounded to the nearest minute, and at least one."""
    return max(1, (seconds + 30) // 60)
