"""The head of a column that may sort."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Head:
    """One column's head: where it sorts, and how it does now."""

    label: str
    kind: str  # of core.table.Column
    url: str  # "" where it does not sort
    sorted: str  # "ascending", "descending" or ""
