"""How far two readers of the same answers agree, and whether one of them reads more strictly than the others.

Levels are ordered, and to lie two apart is worse than one: so it is Cohen's kappa with quadratic weights (Cohen 1968),
with the large-sample error of Fleiss, Cohen and Everitt (1969).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from typing import TypeVar

from kamtrain.core.message import Message, message

FEW = 10  # pairs, or levels of one marker in a month; below them nothing is said, since chance would say it
Z = 1.959963984540054  # of a 95 % interval
WEAK, GOOD = 0.4, 0.6  # kappa

Pair = tuple[int, int]  # the levels that two readers gave to one criterion, as places from 0
Key = TypeVar("Key")


@dataclass(frozen=True)
class Kappa:
    """1 is full agreement, 0 what chance alone would bring."""

    kappa: float
    low: float  # of the 95 % interval
    high: float
    pairs: int


def kappa(pairs: Sequence[Pair]) -> Kappa | None:
    """Quadratically weighted; None for too few pairs, and where both always chose the same level: then it says nothing."""
    count = len(pairs)
    if count < FEW:
        return None
    size = 1 + max(max(pair) for pair in pairs)
    if size == 1:
        return None
    share = {pair: times / count for pair, times in Counter(pairs).items()}
    rows = [fsum(p for (a, _), p in share.items() if a == level) for level in range(size)]
    columns = [fsum(p for (_, b), p in share.items() if b == level) for level in range(size)]

    def weight(a: int, b: int) -> float:
        """Of agreement: 1 for the same level, 0 for the two ends."""
        return 1 - (a - b) ** 2 / (size - 1) ** 2

    observed = fsum(p * weight(a, b) for (a, b), p in share.items())
    expected = fsum(rows[a] * columns[b] * weight(a, b) for a in range(size) for b in range(size))
    if expected >= 1 - 1e-12:
        return None
    value = (observed - expected) / (1 - expected)
    by_row = [fsum(columns[b] * weight(a, b) for b in range(size)) for a in range(size)]
    by_column = [fsum(rows[a] * weight(a, b) for a in range(size)) for b in range(size)]
    spread = fsum(p * (weight(a, b) - (by_row[a] + by_column[b]) * (1 - value)) ** 2 for (a, b), p in share.items())
    variance = (spread - (value - expected * (1 - value)) ** 2) / (count * (1 - expected) ** 2)
    error = Z * sqrt(max(variance, 0.0))
    return Kappa(value, max(-1.0, value - error), min(1.0, value + error), count)


def judgement(found: Kappa) -> Message:
    """What to do about it, in a sentence."""
    if found.high < WEAK:
        return message("These readers do not agree: mark a few answers together, and sharpen the levels.")
    if found.low >= GOOD:
        return message("These readers agree well.")
    if found.kappa >= GOOD:
        return message("These readers seem to agree; more answers read twice would tell for sure.")
    return message("These readers agree in part: talk about the answers on which they lie furthest apart.")


@dataclass(frozen=True)
class Mean:
    """Levels that one marker gave in a month beside those of everybody. Levels count from 1."""

    mean: float
    everybody: float
    levels: int


def drift(levels: Iterable[tuple[Key, str, int]]) -> dict[Key, dict[str, Mean | None]]:
    """Marker -> month -> mean level. `levels` holds (marker, month, place from 0); None: too few to say."""
    by: dict[Key, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    everybody: dict[str, list[int]] = defaultdict(list)
    for marker, month, level in levels:
        by[marker][month].append(level + 1)
        everybody[month].append(level + 1)
    return {
        marker: {
            month: Mean(sum(given) / len(given), sum(everybody[month]) / len(everybody[month]), len(given))
            if len(given) >= FEW
            else None
            for month, given in months.items()
        }
        for marker, months in by.items()
    }


@dataclass(frozen=True)
class Difference:
    """Two readings of one work."""

    work: int
    most: int  # levels apart at one criterion
    all: int  # over all criteria


def furthest(works: Mapping[int, Sequence[Pair]], count: int = 6) -> tuple[Difference, ...]:
    """The works on which two readers lie furthest apart, the worst first; those that agree are left out."""
    found = [
        Difference(work, max(abs(a - b) for a, b in pairs), sum(abs(a - b) for a, b in pairs))
        for work, pairs in works.items()
        if pairs
    ]
    found.sort(key=lambda one: (-one.most, -one.all, one.work))
    return tuple(one for one in found if one.most)[:count]
