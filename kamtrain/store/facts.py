"""What a person did within one enrollment, as progress takes it: one statement, since every page of a course asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, cast, false, literal, null, select, union_all
from sqlalchemy.orm import Session

from kamtrain.store.attempts import Attempt, AttemptFact
from kamtrain.store.base import table_of
from kamtrain.store.learning import LATEST, Enrollment, LessonFact, LessonRead


@dataclass(frozen=True)
class Deeds:
    """The rows of one enrollment; `enrollment_id` None: there is none."""

    enrollment_id: int | None = None
    lessons: tuple[LessonFact, ...] = ()
    attempts: tuple[AttemptFact, ...] = ()  # oldest first


def _deeds(enrollment: ColumnElement[Any]) -> CompoundSelect[*tuple[Any, ...]]:
    """One row for each attempt and each lesson opened, and one for the enrollment itself."""
    attempts, read, enrollments = table_of(Attempt).c, table_of(LessonRead).c, table_of(Enrollment).c

    def nothing(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return cast(null(), column.type)

    missing = (nothing(attempts.score), false(), nothing(attempts.grade))
    return union_all(
        select(
            attempts.enrollment_id,
            attempts.kind,
            attempts.activity_id,
            attempts.variant,
            attempts.started_at,
            attempts.finished_at,
            attempts.score,
            attempts.waiting,
            attempts.grade,
            attempts.id.label("place"),
        ).where(attempts.enrollment_id == enrollment, attempts.retry_of.is_(None)),  # a retry is practice only
        select(
            read.enrollment_id, literal("lesson"), read.lesson_id, literal(""), read.opened_at, read.done_at, *missing,
            literal(0),
        ).where(read.enrollment_id == enrollment),
        select(
            enrollments.id, literal(""), literal(""), literal(""), nothing(attempts.started_at),
            nothing(attempts.finished_at), *missing, literal(0),
        ).where(enrollments.id == enrollment),
    ).order_by("place")  # fmt: skip


_BY_ENROLLMENT = _deeds(bindparam("enrollment"))
_BY_COURSE = _deeds(LATEST.scalar_subquery())


def deeds_in(session: Session, enrollment_id: int) -> Deeds:
    """What was done within the enrollment. One query."""
    return _read(session, _BY_ENROLLMENT, {"enrollment": enrollment_id})


def deeds_of(session: Session, person_id: int, course_id: str) -> Deeds:
    """What the person did within the latest enrollment in the course. One query."""
    return _read(session, _BY_COURSE, {"person": person_id, "course": course_id})


def _read(session: Session, statement: CompoundSelect[*tuple[Any, ...]], values: dict[str, Any]) -> Deeds:
    enrollment_id = None
    lessons, attempts = [], []
    for row in session.execute(statement, values):
        enrollment_id, kind, id, variant, began_at, ended_at, score, waiting, grade, _place = row
        if kind == "lesson":
            lessons.append(LessonFact(id, began_at, ended_at is not None))
        elif kind:
            attempts.append(AttemptFact(kind, id, variant, ended_at is not None, score, waiting, grade))
    return Deeds(enrollment_id, tuple(lessons), tuple(attempts))
