"""What a person marks by: criteria, each with levels that say how one can tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    html: str  # the anchor: what an answer at this level looks like
    label: str  # HTML: the head of its column
    points: int  # whole points, as the author wrote them


@dataclass(frozen=True)
class Criterion:
    html: str
    levels: tuple[Level, ...]

    @property
    def most(self) -> int:
        return max(level.points for level in self.levels)


Rubric = tuple[Criterion, ...]
Levels = tuple[int, ...]  # for each criterion the place of its level
