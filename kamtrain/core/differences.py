"""What changed between two texts, as a trainer reads it: line by line with numbers, and word by word within a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

CONTEXT = 2  # lines shown around a change
LONGEST = 4_000  # lines compared; beyond it a text is shown as a whole, old and new, since comparing is quadratic
LONG_LINE = 400  # words of a line compared word by word
# A Chinese character is a word of its own, so that a sentence without spaces shows what changed in it.
WORD = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+|\s+|.", re.DOTALL)

Kind = Literal["same", "old", "new", "gap"]


@dataclass(frozen=True)
class Piece:
    text: str
    changed: bool


@dataclass(frozen=True)
class DiffLine:
    """One line. `number` counts in the old text for "old", in the new one otherwise; "gap" stands for lines left out."""

    kind: Kind
    number: int
    pieces: tuple[Piece, ...]


def differences(before: str, after: str) -> tuple[DiffLine, ...]:
    """The lines that differ with `CONTEXT` lines around them; nothing where the texts are equal."""
    if before == after:
        return ()
    old, new = before.split("\n"), after.split("\n")
    blocks = list(_changes(old, new))
    following = [start for _, _, start, _ in blocks[1:]] + [len(new)]
    found: list[DiffLine] = []
    told = 0  # lines of the new text
    for (start, end, new_start, new_end), following_start in zip(blocks, following, strict=True):
        lead = max(told, new_start - CONTEXT)
        if lead > told:
            found.append(DiffLine("gap", 0, ()))
        found.extend(_same(new, lead, new_start))
        found.extend(_replaced(old[start:end], new[new_start:new_end], start, new_start))
        told = min(new_end + CONTEXT, following_start)
        found.extend(_same(new, new_end, told))
    if told < len(new):
        found.append(DiffLine("gap", 0, ()))
    return tuple(found)


def _same(new: Sequence[str], start: int, end: int) -> Iterator[DiffLine]:
    for place in range(start, end):
        yield DiffLine("same", place + 1, (Piece(new[place], False),))


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Blocks that differ: old from and to, new from and to."""
    top = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    rest = min(len(old), len(new)) - top
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    inner_old, inner_new = old[top : len(old) - tail], new[top : len(new) - tail]
    if max(len(inner_old), len(inner_new)) > LONGEST:
        yield top, len(old) - tail, top, len(new) - tail
        return
    for tag, a, b, c, d in SequenceMatcher(None, inner_old, inner_new).get_opcodes():
        if tag != "equal":
            yield top + a, top + b, top + c, top + d


def _replaced(old: Sequence[str], new: Sequence[str], start: int, new_start: int) -> Iterator[DiffLine]:
    for place in range(max(len(old), len(new))):
        if place < len(old) and place < len(new):
            gone, come = words(old[place], new[place])
        else:
            gone = (Piece(old[place], False),) if place < len(old) else ()
            come = (Piece(new[place], False),) if place < len(new) else ()
        if place < len(old):
            yield DiffLine("old", start + place + 1, gone)
        if place < len(new):
            yield DiffLine("new", new_start + place + 1, come)


def words(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two lines cut where they differ, word by word; as wholes where they have little in common."""
    old, new = WORD.findall(before), WORD.findall(after)
    whole = (Piece(before, False),), (Piece(after, False),)
    if max(len(old), len(new)) > LONG_LINE:
        return whole
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.4:
        return whole
    gone: list[Piece] = []
    come: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if a < b:
            gone.append(Piece("".join(old[a:b]), tag != "equal"))
        if c < d:
            come.append(Piece("".join(new[c:d]), tag != "equal"))
    return tuple(gone), tuple(come)
