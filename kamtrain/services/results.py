"""An attempt's result, written anew from its outcomes, and the summary that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core.item import Outcome
from kamtrain.core.scoring import percent
from kamtrain.services.learning import refresh_summary
from kamtrain.store.attempts import AttemptValue, end_quiz, given


@dataclass(frozen=True)
class Head:
    """The library trainees see now, by which progress is judged."""

    revision_id: int
    library: Library


def rewrite(
    session: Session,
    library: Library,
    revision_id: int,
    attempt: AttemptValue,
    passing: int | None,
    now: datetime | None,
) -> None:
    """The result of a finished attempt from its outcomes as they are; an open one has none.

    `library` and `revision_id` are the head's; `now` is the activity's time, None: only rules changed.
    """
    if attempt.finished_at is None:
        return
    outcomes = [
        Outcome(row.points, row.possible) for row in given(session, attempt.id).values() if row.possible is not None
    ]
    score = percent(outcomes)
    waiting = any(outcome.points is None for outcome in outcomes)
    passed = None if score is None or passing is None else score >= passing
    end_quiz(session, attempt.id, attempt.finished_at, score, waiting, passed)
    if attempt.enrollment_id is not None:
        refresh_summary(session, library, revision_id, attempt.enrollment_id, now)
