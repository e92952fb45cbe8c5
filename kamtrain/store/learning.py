"""Enrollments, lessons read, and the summary of each enrollment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from kamtrain.store.base import Base
from kamtrain.store.upsert import once


class Enrollment(Base):
    """A person's stay in a course; a retake is the next one, with the next number."""

    __tablename__ = "enrollments"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[str] = mapped_column(String(80))
    number: Mapped[int] = mapped_column(Integer)
    origin: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "number"),
        CheckConstraint("number >= 1", name="number_counts"),
        CheckConstraint("origin in ('self', 'assignment')", name="origin_is_known"),
    )


class LessonRead(Base):
    """A lesson opened and, later, marked as done, within one enrollment."""

    __tablename__ = "lessons_read"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(comment="last time")
    done_at: Mapped[datetime | None]


class Summary(Base):
    """Where an enrollment stands: a cache of `core.progress`, rewritten in the transaction of the fact that changed it.

    Codes only, no prose. `flask report rebuild` makes all of it anew. A completion, once earned, stays.
    """

    __tablename__ = "summaries"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[str] = mapped_column(String(80))
    latest: Mapped[bool] = mapped_column(Boolean, comment="the person's latest enrollment in the course")
    required: Mapped[int] = mapped_column(Integer, comment="steps")
    done: Mapped[int] = mapped_column(Integer, comment="steps")
    percent: Mapped[int] = mapped_column(Integer)
    completed_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    failed: Mapped[bool] = mapped_column(Boolean, comment="complete, everything marked, and below the mark")
    score: Mapped[int | None] = mapped_column(Integer, comment="percent")
    missing: Mapped[list[Any]] = mapped_column(JSON, comment="codes of core.progress.Missing")
    last_activity_at: Mapped[datetime]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), comment="whose rules were applied")

    __table_args__ = (
        CheckConstraint("percent between 0 and 100", name="percent_is_one"),
        CheckConstraint("score is null or score between 0 and 100", name="score_is_percent"),
        CheckConstraint("done <= required", name="done_within_required"),
        Index("ix_summaries_person_id_course_id_latest", "person_id", "course_id", "latest"),
        Index("ix_summaries_course_id_last_activity_at", "course_id", "last_activity_at", "enrollment_id"),
    )


# Asked by nearly every request: tables instead of mapped classes and made once, such a query costs a sixth.
_enrollments, _read, _summaries = Enrollment.__table__.c, LessonRead.__table__.c, Summary.__table__.c

LATEST = (
    select(_enrollments.id)
    .where(_enrollments.person_id == bindparam("person"), _enrollments.course_id == bindparam("course"))
    .order_by(_enrollments.number.desc())
    .limit(1)
)


def latest_enrollment(session: Session, person_id: int, course_id: str) -> int | None:
    """The id of the person's latest enrollment in the course."""
    return session.scalar(LATEST, {"person": person_id, "course": course_id})


@dataclass(frozen=True)
class LessonFact:
    lesson: str
    opened_at: datetime
    done: bool


@once
def _open(insert: Callable[[Any], Any]) -> Any:
    new = insert(LessonRead.__table__)
    return new.on_conflict_do_update(
        index_elements=["enrollment_id", "lesson_id"], set_={"opened_at": new.excluded.opened_at}
    )


@once
def _done(insert: Callable[[Any], Any]) -> Any:
    new = insert(LessonRead.__table__)
    first = func.coalesce(_read.done_at, new.excluded.done_at)
    return new.on_conflict_do_update(
        index_elements=["enrollment_id", "lesson_id"], set_={"opened_at": new.excluded.opened_at, "done_at": first}
    )


def note_lesson(session: Session, enrollment_id: int, lesson_id: str, now: datetime, done: bool) -> None:
    """Notes that a lesson was opened now and, if so, done: the first time stays."""
    row = {"enrollment_id": enrollment_id, "lesson_id": lesson_id, "opened_at": now, "done_at": now if done else None}
    session.execute((_done if done else _open)(session), row)


_STANDING = (
    select(
        _enrollments.person_id,
        _enrollments.course_id,
        _enrollments.number,
        _enrollments.started_at,
        _summaries.completed_at,
        _summaries.succeeded_at,
        _summaries.last_activity_at,
    )
    .select_from(Enrollment.__table__)
    .outerjoin(Summary.__table__, _summaries.enrollment_id == _enrollments.id)
    .where(_enrollments.id == bindparam("enrollment"))
)


_LOCKED = select(_summaries.enrollment_id).where(_summaries.enrollment_id == bindparam("enrollment")).with_for_update()


def lock_summary(session: Session, enrollment_id: int) -> None:
    """Keeps other writers of this summary waiting; on SQLite there are none, since it has one writer."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(_LOCKED, {"enrollment": enrollment_id})


def standing_of(session: Session, enrollment_id: int) -> Any:
    """The enrollment's person_id, course_id, number and started_at, with its summary's three moments (None: none yet)."""
    return session.execute(_STANDING, {"enrollment": enrollment_id}).one()


@once
def _write_summary(insert: Callable[[Any], Any]) -> Any:
    new = insert(Summary.__table__)
    kept = ("enrollment_id", "person_id", "course_id", "latest")
    changed = {column.name: new.excluded[column.name] for column in _summaries if column.name not in kept}
    return new.on_conflict_do_update(index_elements=["enrollment_id"], set_=changed)


def write_summary(session: Session, summary: Mapping[str, Any]) -> None:
    """Writes one summary, all of its columns, over the one before."""
    session.execute(_write_summary(session), summary)


@dataclass(frozen=True)
class Standing:
    """One latest enrollment with its summary, as lists show it."""

    enrollment_id: int
    course: str
    percent: int
    done: int
    required: int
    completed_at: datetime | None
    succeeded_at: datetime | None
    failed: bool
    score: int | None
    last_activity_at: datetime


_STANDINGS = (
    select(
        _summaries.enrollment_id,
        _summaries.course_id,
        _summaries.percent,
        _summaries.done,
        _summaries.required,
        _summaries.completed_at,
        _summaries.succeeded_at,
        _summaries.failed,
        _summaries.score,
        _summaries.last_activity_at,
    )
    .where(_summaries.person_id == bindparam("person"), _summaries.latest)
    .order_by(_summaries.last_activity_at.desc())
)


def standings(session: Session, person_id: int) -> dict[str, Standing]:
    """Course id -> where the person stands, latest activity first. One query."""
    rows = session.execute(_STANDINGS, {"person": person_id})
    return {row.course_id: Standing(*tuple(row)) for row in rows}


_COURSE = select(_enrollments.course_id).where(_enrollments.id == bindparam("enrollment"))


def course_of(session: Session, enrollment_id: int) -> str | None:
    """The course of an enrollment."""
    return session.scalar(_COURSE, {"enrollment": enrollment_id})
