"""Attempts, drafts, responses and outcomes. Responses and outcomes are added and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kamtrain.store.base import Base


class Attempt(Base):
    """One run through a quiz or scenario, with the draw and order it was given; finishes on the revision it began on."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    enrollment_id: Mapped[int | None] = mapped_column(ForeignKey("enrollments.id"), comment="NULL: free practice")
    kind: Mapped[str] = mapped_column(String(10))
    activity_id: Mapped[str] = mapped_column(String(80))
    variant: Mapped[str] = mapped_column(String(40), comment="scenario: against which buyer; '' the one it is written for")
    number: Mapped[int] = mapped_column(Integer, comment="per enrollment (or person), activity and variant, from 1")
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    draw: Mapped[list[Any]] = mapped_column(JSON, comment="quiz: core.quiz.stored; scenario: []")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    # The result as it was when finished or last marked: a cache of the outcomes, for lists and limits.
    score: Mapped[int | None] = mapped_column(Integer, comment="percent; NULL: open, or waits for a mark")
    waiting: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    passed: Mapped[bool | None] = mapped_column(Boolean)
    ending: Mapped[str | None] = mapped_column(String(80), comment="scenario: the scene it ended in")
    grade: Mapped[str | None] = mapped_column(String(10), comment="scenario: of that ending")

    __table_args__ = (
        CheckConstraint("kind in ('quiz', 'scenario')", name="kind_is_known"),
        CheckConstraint("score is null or score between 0 and 100", name="score_is_percent"),
        CheckConstraint("grade is null or grade in ('strong', 'acceptable', 'poor')", name="grade_is_known"),
        CheckConstraint("finished_at is not null or (score is null and ending is null)", name="open_has_no_result"),
        UniqueConstraint("enrollment_id", "kind", "activity_id", "variant", "number"),
        # One open attempt at a time: thirty starts at once resume one. NULLs differ, so free practice has its own.
        Index(
            "uq_attempts_open",
            "enrollment_id",
            "kind",
            "activity_id",
            "variant",
            unique=True,
            sqlite_where=text("finished_at is null and enrollment_id is not null"),
            postgresql_where=text("finished_at is null and enrollment_id is not null"),
        ),
        Index(
            "uq_attempts_open_free",
            "person_id",
            "kind",
            "activity_id",
            "variant",
            unique=True,
            sqlite_where=text("finished_at is null and enrollment_id is null"),
            postgresql_where=text("finished_at is null and enrollment_id is null"),
        ),
    )


class Draft(Base):
    """An answer autosaved and unfinished. `sequence` grows in the browser, so that a late packet changes nothing."""

    __tablename__ = "drafts"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, comment="0-based, in the draw")
    response: Mapped[Any] = mapped_column(JSON, comment="one entry for each part, null where unanswered")
    sequence: Mapped[int] = mapped_column(Integer)
    saved_at: Mapped[datetime]


class Response(Base):
    """What was submitted: for a quiz one question, for a scenario one choice."""

    __tablename__ = "responses"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int] = mapped_column(Integer, comment="0-based: in the draw, or on the path")
    item_id: Mapped[str] = mapped_column(String(80), comment="question, or scene in which the choice was made")
    response: Mapped[Any] = mapped_column(JSON, comment="quiz: one entry for each part; scenario: place of the choice")
    submitted_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        CheckConstraint("position >= 0", name="position_counts"),
    )


class OutcomeRow(Base):
    """Points for one response, in thousandths; NULL points wait for a person. Marking again adds a row."""

    __tablename__ = "outcomes"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), index=True)
    points: Mapped[int | None] = mapped_column(Integer)
    possible: Mapped[int] = mapped_column(Integer)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), comment="NULL: the program")
    detail: Mapped[Any] = mapped_column(JSON, comment="the marker's levels by part and criterion; {} where the program marked")
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("possible > 0", name="something_is_possible"),
        CheckConstraint("points is null or points between 0 and possible", name="points_in_range"),
    )
