"""Sheets of one tool ranked by what comes out of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from kamtrain.core.sheet import Result, Tool

T = TypeVar("T")


@dataclass(frozen=True)
class Ranked(Generic[T]):
    """`place` from 1; equals share one; None for what has no figure yet, and for what cannot be chosen at all."""

    place: int | None
    one: T
    value: Decimal | None
    result: Result


def ranked(tool: Tool, sheets: Iterable[tuple[T, Result]]) -> tuple[Ranked[T], ...]:
    """The highest figure first; those without a place last, in the order they came."""
    name = tool.ranked_by.name
    found = [(one, value if isinstance(value := r.figures.get(name), Decimal) else None, r) for one, r in sheets]
    there = [value for _, value, result in found if value is not None and not result.barred]
    lines = [
        Ranked(
            None if value is None or result.barred else 1 + sum(other > value for other in there), one, value, result
        )
        for one, value, result in found
    ]
    return tuple(sorted(lines, key=lambda line: (line.place is None, line.place or 0)))
