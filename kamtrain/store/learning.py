"""Enrollments, lessons read, and the summary of each enrollment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kamtrain.store.base import Base


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


def latest_enrollment(session: Session, person_id: int, course_id: str) -> int | None:
    """The id of the person's latest enrollment in the course."""
    return session.scalar(
        select(Enrollment.id)
        .where(Enrollment.person_id == person_id, Enrollment.course_id == course_id)
        .order_by(Enrollment.number.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class LessonFact:
    lesson: str
    opened_at: datetime
    done: bool


def lessons_read(session: Session, enrollment_ids: Sequence[int]) -> dict[int, list[LessonFact]]:
    """Enrollment id -> its lessons. One query."""
    rows = session.execute(
        select(LessonRead.enrollment_id, LessonRead.lesson_id, LessonRead.opened_at, LessonRead.done_at).where(
            LessonRead.enrollment_id.in_(enrollment_ids)
        )
    )
    found: dict[int, list[LessonFact]] = {id: [] for id in enrollment_ids}
    for enrollment_id, lesson, opened_at, done_at in rows:
        found[enrollment_id].append(LessonFact(lesson, opened_at, done_at is not None))
    return found


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


def standings(session: Session, person_id: int) -> dict[str, Standing]:
    """Course id -> where the person stands, latest activity first. One query."""
    rows = session.execute(
        select(
            Summary.enrollment_id,
            Summary.course_id,
            Summary.percent,
            Summary.done,
            Summary.required,
            Summary.completed_at,
            Summary.succeeded_at,
            Summary.failed,
            Summary.score,
            Summary.last_activity_at,
        )
        .where(Summary.person_id == person_id, Summary.latest)
        .order_by(Summary.last_activity_at.desc())
    )
    return {row.course_id: Standing(*tuple(row)) for row in rows}


def course_of(session: Session, enrollment_id: int) -> str | None:
    """The course of an enrollment."""
    return session.scalar(select(Enrollment.course_id).where(Enrollment.id == enrollment_id))
