"""Words for the program: the code spans alone on a line or at an entry's end, taken apart with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kamtrain.content.source import Line

_SPAN = re.compile(r"`([^`]+)`")
_LINE = re.compile(r"(?:`[^`]+`[ \t]*)+")
_COMMA = re.compile(r"[,，]")


@dataclass(frozen=True)
class Span:
    """One code span; `at` begins inside its backticks."""

    text: str
    at: Line

    @property
    def clauses(self) -> tuple[Span, ...]:
        """The parts between commas, trimmed."""
        return tuple(part for part in _split(self.text, self.at) if part.text)

    def prefixed(self, names: Sequence[str]) -> tuple[str, Span] | None:
        """The name in front, where the span begins with one of `names` and a colon, and the rest."""
        match = re.match(r"([^\s:：]+)\s*[:：]\s*", self.text)
        if match is None or match[1] not in names:
            return None
        return match[1], Span(self.text[match.end() :], self.at.cut(match.end()))


def _split(text: str, at: Line) -> list[Span]:
    parts: list[Span] = []
    start = 0
    for match in [*_COMMA.finditer(text), None]:
        raw = text[start : match.start() if match else len(text)]
        lead = len(raw) - len(raw.lstrip())
        parts.append(Span(raw.strip(), at.cut(start + lead)))
        if match:
            start = match.end()
    return parts


def tagline(line: Line) -> tuple[Span, ...]:
    """The code spans of a line that holds nothing else; () where it holds something else."""
    text = line.text.strip()
    if not text.startswith("`") or not _LINE.fullmatch(text):
        return ()
    lead = len(line.text) - len(line.text.lstrip())
    return tuple(Span(m[1], line.cut(lead + m.start(1))) for m in _SPAN.finditer(text))


def ending(line: Line) -> tuple[Line, tuple[Span, ...]]:
    """The line without the code spans at its end, and those spans."""
    spans: list[Span] = []
    text = line.text.rstrip()
    while text.endswith("`"):
        start = text.rfind("`", 0, len(text) - 1)
        if start < 0 or start + 2 > len(text) - 1 or (start and text[start - 1] not in " \t"):
            break
        spans.insert(0, Span(text[start + 1 : -1], line.cut(start + 1)))
        text = text[:start].rstrip()
    return line.cropped(len(text)), tuple(spans)


def variant_of(line: Line, names: Sequence[str]) -> tuple[str, Line]:
    """The variant whose name in code begins the paragraph, and the line after it; "" where there is none."""
    match = re.match(r"`([^`]+)`[ \t]*", line.text)
    if match is None or match[1].strip() not in names:
        return "", line
    return match[1].strip(), line.cut(match.end())
