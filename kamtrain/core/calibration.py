"""How well somebody knows what they know: what was said to be sure, held against what was right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kamtrain.core.item import Outcome

GUESSED, FAIRLY, SURE = 1, 2, 3


@dataclass(frozen=True)
class Level:
    """The answers of one level of confidence."""

    confidence: int  # 1..3
    answers: int
    right: int  # with all their points
    share: int  # percent of their points, rounded down


def calibration(answers: Iterable[tuple[int | None, Outcome]]) -> tuple[Level, ...]:
    """One entry for each level that was chosen, the surest first. What nobody has marked yet, or said, is left out."""
    by_level: dict[int, list[Outcome]] = {}
    for confidence, outcome in answers:
        if confidence is not None and outcome.points is not None:
            by_level.setdefault(confidence, []).append(outcome)
    return tuple(_level(confidence, by_level[confidence]) for confidence in sorted(by_level, reverse=True))


def _level(confidence: int, outcomes: list[Outcome]) -> Level:
    # Each answer weighs the same, whatever it is worth: the question is how often one is right.
    shares = sum(1000 * (outcome.points or 0) // outcome.possible for outcome in outcomes)
    right = sum(outcome.points == outcome.possible for outcome in outcomes)
    return Level(confidence, len(outcomes), right, shares // (10 * len(outcomes)))
