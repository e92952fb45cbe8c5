"""Enrollments, lessons read, and the summary of each enrollment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
