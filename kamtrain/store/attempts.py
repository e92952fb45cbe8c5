"""Attempts, drafts, responses and outcomes. Responses and outcomes are added and never changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    bindparam,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from kamtrain.core.errors import NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Scope
from kamtrain.core.policy import NONE, Extension
from kamtrain.store.base import Base, table_of
from kamtrain.store.people import PersonRow
from kamtrain.store.upsert import once


class Attempt(Base):
    """One run through an activity, with its draw and order; a quiz and a scenario finish on the revision it began on."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    enrollment_id: Mapped[int | None] = mapped_column(ForeignKey("enrollments.id"), comment="NULL: free practice")
    kind: Mapped[str] = mapped_column(String(20))
    activity_id: Mapped[str] = mapped_column(String(80))
    variant: Mapped[str] = mapped_column(
        String(40), comment="scenario, negotiation: against which buyer; '' the one it is written for"
    )
    number: Mapped[int] = mapped_column(Integer, comment="per enrollment (or person), activity and variant, from 1")
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    draw: Mapped[list[Any]] = mapped_column(JSON, comment="quiz: core.quiz.stored; negotiation: [seed]; scenario: []")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    # The result as it was when finished or last marked: a cache of the outcomes, for lists and limits.
    score: Mapped[int | None] = mapped_column(Integer, comment="percent; NULL: open, or waits for a mark")
    waiting: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    passed: Mapped[bool | None] = mapped_column(Boolean)
    ending: Mapped[str | None] = mapped_column(String(80), comment="scenario: the scene it ended in; negotiation: how")
    grade: Mapped[str | None] = mapped_column(String(10), comment="scenario, negotiation: of that ending")
    ends_at: Mapped[datetime | None] = mapped_column(comment="quiz: then it is over, saved answers count; NULL: never")
    closes_at: Mapped[datetime | None] = mapped_column(comment="quiz: its window, for this person; NULL: none")
    retry_of: Mapped[int | None] = mapped_column(
        ForeignKey("attempts.id"),
        comment="scenario: the finished attempt whose first choices are replayed; it does not count; NULL: no retry",
    )
    retry_turn: Mapped[int | None] = mapped_column(Integer, comment="choices replayed; NULL: no retry")

    __table_args__ = (
        CheckConstraint(
            "kind in ('quiz', 'scenario', 'drill', 'refresher', 'task', 'negotiation')", name="kind_is_known"
        ),
        CheckConstraint("score is null or score between 0 and 100", name="score_is_percent"),
        CheckConstraint("grade is null or grade in ('strong', 'acceptable', 'poor')", name="grade_is_known"),
        CheckConstraint("finished_at is not null or (score is null and ending is null)", name="open_has_no_result"),
        CheckConstraint("(retry_of is null) = (retry_turn is null)", name="retry_is_whole"),
        UniqueConstraint("enrollment_id", "kind", "activity_id", "variant", "number"),
        Index(
            "ix_attempts_ends_at",
            "ends_at",
            sqlite_where=text("finished_at is null and ends_at is not null"),
            postgresql_where=text("finished_at is null and ends_at is not null"),
        ),
        # One open attempt at a time: thirty starts at once resume one. NULLs differ, so free practice has its own.
        Index(
            "uq_attempts_open",
            "enrollment_id",
            "kind",
            "activity_id",
            "variant",
            unique=True,
            sqlite_where=text("finished_at is null and enrollment_id is not null and retry_of is null"),
            postgresql_where=text("finished_at is null and enrollment_id is not null and retry_of is null"),
        ),
        Index(
            "uq_attempts_open_free",
            "person_id",
            "kind",
            "activity_id",
            "variant",
            unique=True,
            sqlite_where=text("finished_at is null and enrollment_id is null and retry_of is null"),
            postgresql_where=text("finished_at is null and enrollment_id is null and retry_of is null"),
        ),
        # And one open retry from each turn, so that thirty clicks begin one.
        Index(
            "uq_attempts_open_retry",
            "retry_of",
            "retry_turn",
            unique=True,
            sqlite_where=text("finished_at is null and retry_of is not null"),
            postgresql_where=text("finished_at is null and retry_of is not null"),
        ),
    )


class Draft(Base):
    """An answer autosaved and unfinished. `sequence` grows in the browser, so that a late packet changes nothing."""

    __tablename__ = "drafts"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, comment="0-based, in the draw")
    response: Mapped[Any] = mapped_column(JSON, comment="one entry for each part, null where unanswered")
    sequence: Mapped[int] = mapped_column(BigInteger, comment="the browser's clock in milliseconds, or above")
    saved_at: Mapped[datetime]
    confidence: Mapped[int | None] = mapped_column(Integer, comment="1 guessed, 2 fairly sure, 3 sure; NULL: not said")

    __table_args__ = (CheckConstraint("confidence between 1 and 3", name="confidence_is_a_level"),)


class Response(Base):
    """What was submitted: for a quiz one question, for a scenario one choice, for a negotiation one move."""

    __tablename__ = "responses"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int] = mapped_column(Integer, comment="0-based: in the draw, or on the path")
    item_id: Mapped[str] = mapped_column(String(80), comment="question, scene in which the choice was made, or act")
    response: Mapped[Any] = mapped_column(
        JSON, comment="quiz: one entry for each part; scenario: place of the choice; negotiation: the move"
    )
    submitted_at: Mapped[datetime]
    confidence: Mapped[int | None] = mapped_column(Integer, comment="1 guessed, 2 fairly sure, 3 sure; NULL: not said")

    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        CheckConstraint("confidence between 1 and 3", name="confidence_is_a_level"),
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
    detail: Mapped[Any] = mapped_column(
        JSON, comment="levels by part and criterion; a trainer's mark: core.marking.stored; {} where the program marked"
    )
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("possible > 0", name="something_is_possible"),
        CheckConstraint("points is null or points between 0 and possible", name="points_in_range"),
    )


class ExtensionRow(Base):
    """What one person has in addition at one quiz, as it was given last; who gave what stands in the audit."""

    __tablename__ = "extensions"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    minutes: Mapped[int] = mapped_column(Integer, comment="more time for each attempt")
    attempts: Mapped[int] = mapped_column(Integer, comment="more attempts")
    closes_at: Mapped[datetime | None] = mapped_column(comment="NULL: it closes as for everybody")
    reason: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("minutes between 0 and 1440", name="minutes_in_range"),
        CheckConstraint("attempts between 0 and 100", name="attempts_in_range"),
        Index("ix_extensions_at", "at"),
    )


@dataclass(frozen=True)
class AttemptValue:
    """One attempt as its pages and services need it."""

    id: int
    person_id: int
    enrollment_id: int | None
    kind: str
    activity: str
    variant: str
    number: int
    revision_id: int
    draw: Any  # JSON
    started_at: datetime
    finished_at: datetime | None
    score: int | None
    waiting: bool
    passed: bool | None
    ending: str | None
    grade: str | None
    ends_at: datetime | None = None
    closes_at: datetime | None = None
    retry_of: int | None = None  # the attempt whose first choices were replayed; None: this one counts
    retry_turn: int | None = None  # how many choices

    @property
    def open(self) -> bool:
        return self.finished_at is None

    def over(self, now: datetime) -> bool:
        """Whether its time has run out, also where nobody has looked since and it still stands as open."""
        return self.open and self.ends_at is not None and now >= self.ends_at


# Tables instead of mapped classes, and made once: such a query costs a sixth.
_attempts, _drafts = Attempt.__table__.c, Draft.__table__.c
_responses, _outcomes = Response.__table__.c, OutcomeRow.__table__.c

_VALUE = (
    _attempts.id,
    _attempts.person_id,
    _attempts.enrollment_id,
    _attempts.kind,
    _attempts.activity_id,
    _attempts.variant,
    _attempts.number,
    _attempts.revision_id,
    _attempts.draw,
    _attempts.started_at,
    _attempts.finished_at,
    _attempts.score,
    _attempts.waiting,
    _attempts.passed,
    _attempts.ending,
    _attempts.grade,
    _attempts.ends_at,
    _attempts.closes_at,
    _attempts.retry_of,
    _attempts.retry_turn,
)
_OWN = select(*_VALUE).where(_attempts.id == bindparam("id"), _attempts.person_id == bindparam("person"))
_OWN_LOCKED = _OWN.with_for_update()
_OWN_QUESTION = _OWN_LOCKED.add_columns(
    exists().where(_responses.attempt_id == _attempts.id, _responses.position == bindparam("position"))
)


def own_attempt(session: Session, id: int, person_id: int, *, locked: bool = False) -> AttemptValue:
    """The person's attempt. Somebody else's is as unknown as one that does not exist: raises `NotFound`.

    `locked` keeps other writers of this attempt waiting until the transaction ends (PostgreSQL; SQLite has one writer).
    """
    row = session.execute(_OWN_LOCKED if locked else _OWN, {"id": id, "person": person_id}).one_or_none()
    if row is None:
        raise NotFound(message("There is no such attempt."))
    return AttemptValue(*tuple(row))


_ANY = select(*_VALUE).where(_attempts.id == bindparam("id"))
_ANY_LOCKED = _ANY.with_for_update()


def attempt_by_id(session: Session, id: int, *, locked: bool = False) -> AttemptValue:
    """Anybody's attempt: for services that have asked otherwise whether it may be seen. Raises `NotFound`."""
    row = session.execute(_ANY_LOCKED if locked else _ANY, {"id": id}).one_or_none()
    if row is None:
        raise NotFound(message("There is no such attempt."))
    return AttemptValue(*tuple(row))


def own_question(session: Session, id: int, person_id: int, position: int) -> tuple[AttemptValue, bool]:
    """As `own_attempt`, locked; and whether a response was submitted at `position`."""
    row = session.execute(_OWN_QUESTION, {"id": id, "person": person_id, "position": position}).one_or_none()
    if row is None:
        raise NotFound(message("There is no such attempt."))
    *value, answered = row
    return AttemptValue(*value), bool(answered)


def attempts_of(
    session: Session, person_id: int, enrollment_id: int | None, kind: str, activity: str
) -> tuple[AttemptValue, ...]:
    """The person's attempts at one activity within an enrollment (None: free practice), oldest first."""
    same = Attempt.enrollment_id.is_(None) if enrollment_id is None else Attempt.enrollment_id == enrollment_id
    rows = session.execute(
        select(*_VALUE)
        .where(Attempt.person_id == person_id, same, Attempt.kind == kind, Attempt.activity_id == activity)
        .order_by(Attempt.id)
    )
    return tuple(AttemptValue(*tuple(row)) for row in rows)


@dataclass(frozen=True)
class AttemptFact:
    """What progress needs of one attempt."""

    kind: str
    activity: str
    variant: str
    finished: bool
    score: int | None
    waiting: bool
    grade: str | None


@dataclass(frozen=True)
class Given:
    """One response with its latest outcome. `points` None waits for a mark."""

    id: int
    position: int
    item: str
    response: Any  # JSON
    points: int | None  # thousandths
    possible: int | None  # thousandths; None: a choice or a move, which has no points
    by_id: int | None
    detail: Any  # JSON
    confidence: int | None = None  # 1..3


_later = OutcomeRow.__table__.alias("later")
_NEWEST = (
    select(func.max(_later.c.id))
    .where(_later.c.response_id == _responses.id)
    .correlate(Response.__table__)
    .scalar_subquery()
)
_GIVEN = (
    select(
        _responses.id,
        _responses.position,
        _responses.item_id,
        _responses.response,
        _outcomes.points,
        _outcomes.possible,
        _outcomes.by_id,
        _outcomes.detail,
        _responses.confidence,
    )
    .select_from(Response.__table__)
    .outerjoin(OutcomeRow.__table__, _outcomes.id == _NEWEST)
    .where(_responses.attempt_id == bindparam("attempt"))
    .order_by(_responses.position)
)


def given(session: Session, attempt_id: int) -> dict[int, Given]:
    """Position -> what was submitted there, in order. One query."""
    rows = session.execute(_GIVEN, {"attempt": attempt_id})
    return {row.position: Given(*row) for row in rows}


@dataclass(frozen=True)
class Drafted:
    """One answer autosaved and unfinished."""

    position: int
    response: Any  # JSON
    sequence: int
    saved_at: datetime
    confidence: int | None = None  # 1..3


_DRAFTED = select(_drafts.position, _drafts.response, _drafts.sequence, _drafts.saved_at, _drafts.confidence).where(
    _drafts.attempt_id == bindparam("attempt")
)


def drafts(session: Session, attempt_id: int) -> dict[int, Drafted]:
    """Position -> draft. One query."""
    rows = session.execute(_DRAFTED, {"attempt": attempt_id})
    return {row.position: Drafted(*row) for row in rows}


@once
def _keep_draft(insert_into: Callable[[Any], Any]) -> Any:
    new = insert_into(Draft.__table__)
    return new.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={name: new.excluded[name] for name in ("response", "sequence", "saved_at", "confidence")},
        where=_drafts.sequence < new.excluded.sequence,
    ).returning(_drafts.sequence)


def keep_draft(session: Session, attempt_id: int, draft: Drafted) -> bool:
    """Writes the draft over an older one; whether it was newer than what is stored."""
    return session.scalar(_keep_draft(session), {"attempt_id": attempt_id, **vars(draft)}) is not None


_ADD_RESPONSE, _ADD_OUTCOME = insert(table_of(Response)), insert(table_of(OutcomeRow))

_IDS = select(_responses.position, _responses.id).where(_responses.attempt_id == bindparam("attempt"))


def add_responses(
    session: Session, attempt_id: int, responses: Sequence[tuple[int, str, Any, int | None]], now: datetime
) -> None:
    """Adds (position, question or scene, response, confidence) in one statement; a position that has one already is an error."""
    rows = [
        {
            "attempt_id": attempt_id,
            "position": position,
            "item_id": item,
            "response": response,
            "confidence": confidence,
            "submitted_at": now,
        }
        for position, item, response, confidence in responses
    ]
    session.execute(_ADD_RESPONSE, rows)


def response_ids(session: Session, attempt_id: int) -> dict[int, int]:
    """Position -> id of the response given there. One query: an INSERT of many rows that returns them costs more."""
    return {row.position: row.id for row in session.execute(_IDS, {"attempt": attempt_id})}


def add_outcomes(session: Session, outcomes: Sequence[tuple[int, int | None, int]], now: datetime) -> None:
    """Adds the program's (response id, points, possible) in one statement."""
    rows: list[dict[str, Any]] = [
        {"response_id": id, "points": points, "possible": possible, "by_id": None, "detail": {}, "at": now}
        for id, points, possible in outcomes
    ]
    session.execute(_ADD_OUTCOME, rows)


_END = (
    update(table_of(Attempt))
    .where(_attempts.id == bindparam("attempt"))
    .values({name: bindparam(name) for name in ("finished_at", "score", "waiting", "passed")})
)


def end_quiz(
    session: Session, attempt_id: int, finished_at: datetime, score: int | None, waiting: bool, passed: bool | None
) -> None:
    """Writes the attempt's result."""
    result = {"finished_at": finished_at, "score": score, "waiting": waiting, "passed": passed}
    session.execute(_END, {"attempt": attempt_id, **result})


_overdue = (_attempts.finished_at.is_(None), _attempts.ends_at.is_not(None), _attempts.ends_at <= bindparam("now"))
_OVERDUE = (
    select(_attempts.id, _attempts.person_id).where(*_overdue).order_by(_attempts.ends_at).limit(bindparam("limit"))
)


def overdue(session: Session, now: datetime, limit: int) -> tuple[tuple[int, int], ...]:
    """(attempt, person) of those whose time has run out and that still stand as open, the oldest first. One query."""
    return tuple((id, person) for id, person in session.execute(_OVERDUE, {"now": now, "limit": limit}))


_extensions = ExtensionRow.__table__.c
_EXTENSION = select(_extensions.minutes, _extensions.attempts, _extensions.closes_at).where(
    _extensions.person_id == bindparam("person"), _extensions.quiz_id == bindparam("quiz")
)


def extension_of(session: Session, person_id: int, quiz_id: str) -> Extension:
    """What the person has in addition at the quiz; nothing where nobody gave anything. One query."""
    row = session.execute(_EXTENSION, {"person": person_id, "quiz": quiz_id}).one_or_none()
    return NONE if row is None else Extension(*tuple(row))


@dataclass(frozen=True)
class Extended:
    """One extension, as lists show it."""

    name: str
    email: str
    quiz: str
    minutes: int
    attempts: int
    closes_at: datetime | None
    reason: str
    by: str  # name
    at: datetime
    zone: str  # the person's


def extensions_in(session: Session, scope: Scope, limit: int = 200) -> tuple[Extended, ...]:
    """What people within the scope have in addition, the newest first. One query."""
    people, givers = table_of(PersonRow), table_of(PersonRow).alias("givers")
    query = (
        select(
            people.c.name,
            people.c.email,
            _extensions.quiz_id,
            _extensions.minutes,
            _extensions.attempts,
            _extensions.closes_at,
            _extensions.reason,
            givers.c.name,
            _extensions.at,
            people.c.time_zone,
        )
        .select_from(table_of(ExtensionRow))
        .join(people, people.c.id == _extensions.person_id)
        .join(givers, givers.c.id == _extensions.by_id)
        .order_by(_extensions.at.desc(), _extensions.person_id)
        .limit(limit)
    )
    if scope.teams is not None:
        query = query.where(people.c.team_id.in_(sorted(scope.teams)))
    return tuple(Extended(*tuple(row)) for row in session.execute(query))
