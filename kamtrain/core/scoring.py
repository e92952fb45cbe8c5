"""From outcomes to a score. Whole thousandths of a point throughout, so that every sum is exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from kamtrain.core.item import POINT, ItemType, Json, Outcome
from kamtrain.core.quiz import Question


def question_outcome(
    question: Question,
    types: Mapping[str, ItemType],
    responses: Sequence[Json | None],
    marked: Mapping[int, Outcome] = {},
) -> Outcome:
    """The outcome of one question: its parts share its points equally; one unmarked part leaves it unmarked.

    `responses` holds one response for each part; `marked` the outcomes a person gave, by part.
    """
    scored = (types[p.type].score(p.item, r) for p, r in zip(question.parts, responses, strict=True))
    outcomes = [marked.get(place, outcome) for place, outcome in enumerate(scored)]
    possible = question.points * POINT
    if any(o.points is None for o in outcomes):
        return Outcome(None, possible)
    # The sum of the parts' shares, rounded half up to a thousandth once.
    numerator, denominator = 0, 1
    for o in outcomes:
        numerator = numerator * o.possible + (o.points or 0) * denominator
        denominator *= o.possible
    parts = len(outcomes)
    return Outcome((2 * possible * numerator + denominator * parts) // (2 * denominator * parts), possible)


def percent(outcomes: Iterable[Outcome]) -> int | None:
    """Points ÷ possible points in whole percent, rounded down; None while one waits for a person or none is scored."""
    points = possible = 0
    for outcome in outcomes:
        if outcome.points is None:
            return None
        points += outcome.points
        possible += outcome.possible
    return 100 * points // possible if possible else None


def counting(scores: Sequence[int | None], counts: Literal["best", "last"]) -> int | None:
    """The score that counts of the finished attempts, oldest first. Attempts that wait for a mark do not count yet."""
    marked = [score for score in scores if score is not None]
    if not marked:
        return None
    return max(marked) if counts == "best" else marked[-1]
