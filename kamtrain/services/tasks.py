"""Tasks: a sheet handed in for a course, as it stands, to be marked by the tool's rubric.

What was handed in is a snapshot and never changes; the sheet itself goes on. A task that was marked below the level its course
asks for may be handed in again: that is the next attempt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core.errors import Conflict, NotFound
from kamtrain.core.item import POINT
from kamtrain.core.message import message
from kamtrain.services import learning, marking
from kamtrain.services import workbench as service
from kamtrain.services.results import Head
from kamtrain.services.workbench import Snapshot
from kamtrain.store import workbench as store
from kamtrain.store.attempts import Attempt, AttemptValue, OutcomeRow, Response, given, own_attempt
from kamtrain.store.people import PersonRow
from kamtrain.store.workbench import SheetValue

KIND = "task"


@dataclass(frozen=True)
class Task:
    """One handing in, as the sheet's page and the tool's page tell it."""

    attempt_id: int
    course: str | None
    number: int
    sheet_id: int
    handed_in_at: datetime
    waiting: bool
    level: int | None  # 1 to 4; None: not marked yet


def courses_with(library: Library, tool: str) -> tuple[str, ...]:
    """The courses that ask for a sheet of the tool, in the library's order."""
    return tuple(id for id in library.courses if library.step_of(id, "tool", tool) is not None)


def hand_in(session: Session, head: Head, sheet: SheetValue, course_id: str, now: datetime) -> int:
    """The id of the attempt; the sheet as it stands is kept for good and waits to be marked.

    Raises `Conflict` while an earlier one waits, or where nothing was filled in; `NotFound` for a course without such a step.
    """
    if head.library.step_of(course_id, "tool", sheet.tool) is None:
        raise NotFound(message("This course has no such activity."))
    session.execute(select(PersonRow.id).where(PersonRow.id == sheet.owner_id).with_for_update()).one()
    filled = service.filled(session, sheet)
    cells = {k: v for k, v in service.without_personal(filled.tool, filled.cells).items() if v.strip()}
    if not cells:
        raise Conflict(message("This sheet is empty: fill it in first."))
    enrollment = learning.enroll(session, head.library, head.revision_id, sheet.owner_id, course_id, now)
    same = (Attempt.enrollment_id == enrollment, Attempt.kind == KIND, Attempt.activity_id == sheet.tool)
    earlier = session.execute(select(Attempt.number, Attempt.waiting).where(*same).order_by(Attempt.number)).all()
    if earlier and earlier[-1].waiting:
        raise Conflict(message("The sheet you handed in before still waits for its mark."))
    attempt = Attempt(
        person_id=sheet.owner_id,
        enrollment_id=enrollment,
        kind=KIND,
        activity_id=sheet.tool,
        variant="",
        number=len(earlier) + 1,
        revision_id=head.revision_id,
        draw=[sheet.id],
        started_at=now,
        finished_at=now,
        waiting=True,
    )
    session.add(attempt)
    session.flush()
    response = Response(
        attempt_id=attempt.id,
        position=0,
        item_id=sheet.tool,
        response=service.stored_snapshot(sheet, cells),
        submitted_at=now,
    )
    session.add(response)
    session.flush()
    session.add(OutcomeRow(response_id=response.id, points=None, possible=POINT, by_id=None, detail={}, at=now))
    session.flush()
    work = (response.id, sheet.tool, False)
    marking.hand_in(session, own_attempt(session, attempt.id, sheet.owner_id), [work], course_id, now)
    learning.refresh_summary(session, head.library, head.revision_id, enrollment, now)
    return attempt.id


def tasks_of(session: Session, person_id: int, tool: str) -> tuple[Task, ...]:
    """What the person handed in of the tool, newest first. One query."""
    rows = store.tasks_of(session, person_id, KIND, tool)
    return tuple(
        Task(row.id, row.course_id, row.number, row.draw[0], row.finished_at, row.waiting, level_of(row.score))
        for row in rows
    )


def snapshot(session: Session, attempt: AttemptValue) -> Snapshot:
    """The sheet as it was handed in. Raises `NotFound` for an attempt of another kind."""
    if attempt.kind != KIND:
        raise NotFound(message("There is no such attempt."))
    return service.snapshot_of(given(session, attempt.id)[0].response)


def level_of(score: int | None) -> int | None:
    """The level behind a task's score in percent."""
    return None if score is None else max(1, round(score / 25))
