"""Learning: enrolling, opening and finishing lessons, and the summary that every report reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core.catalog import PLAYED, Course, Grade
from kamtrain.core.drill import PASSING
from kamtrain.core.errors import NotFound
from kamtrain.core.message import message
from kamtrain.core.progress import ActivityFacts, Facts, Missing, Progress, progress
from kamtrain.core.scenario import BASE, GRADES
from kamtrain.core.scoring import counting
from kamtrain.store.attempts import AttemptFact
from kamtrain.store.facts import Deeds, deeds_in, deeds_of
from kamtrain.store.learning import (
    Enrollment,
    LessonFact,
    Summary,
    latest_enrollment,
    lock_summary,
    note_lesson,
    standing_of,
    write_summary,
)
from kamtrain.store.upsert import insert

STEP_OF = {"task": "tool"}  # an attempt at a tool's step is a task


def facts_from(library: Library, lessons: Iterable[LessonFact], attempts: Iterable[AttemptFact]) -> Facts:
    """What the rows say, as `core.progress` takes it. Pure."""
    by_activity: dict[tuple[str, str], list[AttemptFact]] = {}
    for attempt in attempts:
        by_activity.setdefault((STEP_OF.get(attempt.kind, attempt.kind), attempt.activity), []).append(attempt)
    read = list(lessons)
    return Facts(
        opened=frozenset(fact.lesson for fact in read),
        read=frozenset(fact.lesson for fact in read if fact.done),
        latest=max(read, key=lambda fact: fact.opened_at).lesson if read else None,
        activities={key: _activity_facts(library, key, rows) for key, rows in by_activity.items()},
    )


def _activity_facts(library: Library, key: tuple[str, str], attempts: Sequence[AttemptFact]) -> ActivityFacts:
    kind, id = key
    finished = [a for a in attempts if a.finished]
    if kind in PLAYED:
        grades: list[Grade] = [g for g in GRADES if any(a.grade == g and a.variant == BASE for a in finished)]
        return ActivityFacts(
            attempts=len(attempts),
            finished=len(finished),
            score=counting([a.score for a in finished if a.variant == BASE], "best"),
            grade=grades[-1] if grades else None,
            replayed=frozenset(a.variant for a in finished if a.variant != BASE),
        )
    if kind == "drill":
        # An attempt at a drill ends at the criterion and not before.
        return ActivityFacts(
            attempts=len(attempts),
            finished=len(finished),
            score=counting([a.score for a in finished], "best"),
            passing=PASSING,
        )
    quiz = next(iter(library.quizzes[id].values())) if id in library.quizzes else None
    return ActivityFacts(
        attempts=len(attempts),
        finished=len(finished),
        waiting=any(a.waiting for a in finished),
        score=counting([a.score for a in finished], quiz.counts if quiz else "best"),
        passing=quiz.passing if quiz else None,
    )


def facts_of(session: Session, library: Library, person_id: int, course_id: str) -> tuple[int | None, Facts]:
    """The person's latest enrollment in the course, if any, and what was done in it. One query."""
    deeds = deeds_of(session, person_id, course_id)
    return deeds.enrollment_id, _facts(library, deeds)


def _facts(library: Library, deeds: Deeds) -> Facts:
    return facts_from(library, deeds.lessons, deeds.attempts)


def _course(library: Library, course_id: str) -> Course:
    try:
        return library.courses[course_id]
    except KeyError:
        raise NotFound(message("There is no such course.")) from None


def enroll(session: Session, library: Library, revision_id: int, person_id: int, course_id: str, now: datetime) -> int:
    """The person's latest enrollment in the course, begun now where there is none. Doing it twice changes nothing."""
    _course(library, course_id)
    known = latest_enrollment(session, person_id, course_id)
    if known is not None:
        return known
    session.execute(
        insert(session, Enrollment)
        .values(person_id=person_id, course_id=course_id, number=1, origin="self", started_at=now)
        .on_conflict_do_nothing()  # two tabs at once
    )
    enrollment_id = latest_enrollment(session, person_id, course_id)
    assert enrollment_id is not None  # nosec: inserted above, by us or by the other tab
    refresh_summary(session, library, revision_id, enrollment_id, now)
    return enrollment_id


def open_lesson(
    session: Session, library: Library, revision_id: int, person_id: int, course_id: str, lesson_id: str, now: datetime
) -> None:
    """Notes that the lesson was opened, so that one resumes there. Enrolls where needed."""
    _note_lesson(session, library, revision_id, person_id, course_id, lesson_id, now, done=False)


def finish_lesson(
    session: Session, library: Library, revision_id: int, person_id: int, course_id: str, lesson_id: str, now: datetime
) -> None:
    """Marks the lesson as done; the first time counts. Enrolls where needed."""
    _note_lesson(session, library, revision_id, person_id, course_id, lesson_id, now, done=True)


def _note_lesson(
    session: Session,
    library: Library,
    revision_id: int,
    person_id: int,
    course_id: str,
    lesson_id: str,
    now: datetime,
    *,
    done: bool,
) -> None:
    if lesson_id not in _course(library, course_id).lesson_ids:
        raise NotFound(message("There is no such lesson in this course."))
    enrollment_id = enroll(session, library, revision_id, person_id, course_id, now)
    note_lesson(session, enrollment_id, lesson_id, now, done)
    refresh_summary(session, library, revision_id, enrollment_id, now)


def stored_missing(missing: Sequence[Missing]) -> list[dict[str, Any]]:
    """JSON for the summary, without what has its default; `restored_missing` is its inverse."""
    return [{key: value for key, value in vars(m).items() if value not in (None, "")} for m in missing]


def restored_missing(stored: Sequence[Mapping[str, Any]]) -> tuple[Missing, ...]:
    return tuple(Missing(**fields) for fields in stored)


def refresh_summary(
    session: Session, library: Library, revision_id: int, enrollment_id: int, now: datetime | None
) -> Progress | None:
    """Rewrites the enrollment's summary from its facts. `now`: the activity's time; None: only rules changed.

    A completion, once earned, stays, whatever is published later; a course that is no longer published keeps the summary
    it has. Three to five queries.
    """
    # Of two at once the second must read what the first has done, or its summary would leave that out.
    lock_summary(session, enrollment_id)
    row = standing_of(session, enrollment_id)
    course = library.courses.get(row.course_id)
    if course is None:
        return None
    answer = progress(course, _facts(library, deeds_in(session, enrollment_id)))
    happened = now or row.last_activity_at or row.started_at
    completed_at = row.completed_at or (happened if answer.complete else None)
    succeeded_at = row.succeeded_at or (happened if answer.succeeded else None)
    values = {
        "required": answer.required,
        "done": answer.done,
        "percent": answer.percent,
        "completed_at": completed_at,
        "succeeded_at": succeeded_at,
        "failed": succeeded_at is None and answer.succeeded is False,
        "score": answer.score,
        "missing": stored_missing(answer.missing),
        "last_activity_at": happened,
        "revision_id": revision_id,
    }
    write_summary(
        session,
        {
            "enrollment_id": enrollment_id,
            "person_id": row.person_id,
            "course_id": row.course_id,
            "latest": True,
            **values,
        },
    )
    if row.completed_at is None and row.last_activity_at is None and row.number > 1:
        # The first summary of a retake: the earlier enrollments are no longer the latest.
        session.execute(
            update(Summary)
            .where(
                Summary.person_id == row.person_id,
                Summary.course_id == row.course_id,
                Summary.enrollment_id != enrollment_id,
            )
            .values(latest=False)
        )
    return answer


def rebuild_summaries(
    session: Session, library: Library, revision_id: int, after: int, limit: int, course_id: str | None = None
) -> int | None:
    """Rewrites the summaries of the next `limit` enrollments whose id is above `after`; the last id, None at the end.

    To be called again with what it returns, each time in a transaction of its own: stopped anywhere, it goes on.
    """
    query = select(Enrollment.id).where(Enrollment.id > after).order_by(Enrollment.id).limit(limit)
    if course_id is not None:
        query = query.where(Enrollment.course_id == course_id)
    else:
        query = query.where(Enrollment.course_id.in_(library.courses))
    last = None
    for enrollment_id in session.scalars(query).all():
        refresh_summary(session, library, revision_id, enrollment_id, None)
        last = enrollment_id
    return last
