"""What was asked and said in drills. A row is added when a question is shown, and filled in as it is answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from kamtrain.core.drill import Said
from kamtrain.core.people import Scope
from kamtrain.store.base import Base, table_of
from kamtrain.store.people import PersonRow, Team

LONGEST = 500  # answers of a person from which the next question is chosen, newest first


class DrillAnswer(Base):
    """One question of a drill: asked, then the answer chosen, then the cue named. What was said is never changed."""

    __tablename__ = "drill_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int] = mapped_column(Integer, comment="0-based, in the attempt")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drill_id: Mapped[str] = mapped_column(String(100))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), comment="whose text was shown")
    item_id: Mapped[str] = mapped_column(String(100), comment="question")
    truth: Mapped[str] = mapped_column(String(100), comment="id of the right answer")
    asked_at: Mapped[datetime]
    chosen: Mapped[str | None] = mapped_column(String(100), comment="id of the answer chosen")
    milliseconds: Mapped[int | None] = mapped_column(Integer, comment="from asked to chosen by our clock, capped")
    cue: Mapped[int | None] = mapped_column(Integer, comment="place of the cue in the file")
    cue_right: Mapped[bool | None] = mapped_column(Boolean)
    answered_at: Mapped[datetime | None] = mapped_column(comment="when the cue was named: from then on it counts")
    confidence: Mapped[int | None] = mapped_column(Integer, comment="1 guessed, 2 fairly sure, 3 sure; NULL: not said")

    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        Index("ix_drill_answers_drill_id_person_id", "drill_id", "person_id", "id"),
        CheckConstraint("position >= 0", name="position_counts"),
        CheckConstraint("milliseconds is null or milliseconds >= 0", name="time_is_not_negative"),
        CheckConstraint("confidence between 1 and 3", name="confidence_is_a_level"),
        CheckConstraint("answered_at is null or (chosen is not null and cue is not null)", name="answered_is_whole"),
    )


@dataclass(frozen=True)
class Asked:
    """One question shown, with what was said to it so far."""

    id: int
    attempt_id: int
    position: int
    drill: str
    revision_id: int
    item: str
    truth: str
    asked_at: datetime
    chosen: str | None
    milliseconds: int | None
    cue: int | None
    cue_right: bool | None
    answered_at: datetime | None
    confidence: int | None = None  # 1..3


_rows = table_of(DrillAnswer).c
_VALUE = (
    _rows.id,
    _rows.attempt_id,
    _rows.position,
    _rows.drill_id,
    _rows.revision_id,
    _rows.item_id,
    _rows.truth,
    _rows.asked_at,
    _rows.chosen,
    _rows.milliseconds,
    _rows.cue,
    _rows.cue_right,
    _rows.answered_at,
    _rows.confidence,
)
_ASKED = select(*_VALUE).where(_rows.attempt_id == bindparam("attempt"), _rows.position == bindparam("position"))
_LAST = select(*_VALUE).where(_rows.attempt_id == bindparam("attempt")).order_by(_rows.position.desc()).limit(1)
_SAID = (_rows.item_id, _rows.truth, _rows.chosen, _rows.cue_right)
_HISTORY = (
    select(*_SAID)
    .where(_rows.drill_id == bindparam("drill"), _rows.person_id == bindparam("person"), _rows.answered_at.is_not(None))
    .order_by(_rows.id.desc())
    .limit(LONGEST)
)
_RUN = (
    select(*_SAID)
    .where(_rows.attempt_id == bindparam("attempt"), _rows.answered_at.is_not(None))
    .order_by(_rows.position.desc())
    .limit(bindparam("most"))
)


def asked(session: Session, attempt_id: int, position: int) -> Asked | None:
    """The question at `position`; None where none was asked. One query."""
    row = session.execute(_ASKED, {"attempt": attempt_id, "position": position}).one_or_none()
    return None if row is None else Asked(*tuple(row))


def last_asked(session: Session, attempt_id: int) -> Asked | None:
    """The question asked last. One query."""
    row = session.execute(_LAST, {"attempt": attempt_id}).one_or_none()
    return None if row is None else Asked(*tuple(row))


def history(session: Session, person_id: int, drill_id: str) -> tuple[Said, ...]:
    """What the person has answered in the drill, in all attempts, oldest first. One query."""
    rows = session.execute(_HISTORY, {"person": person_id, "drill": drill_id}).all()
    return tuple(Said(*row) for row in reversed(rows))


def run(session: Session, attempt_id: int, most: int) -> tuple[Said, ...]:
    """The last `most` answers of the attempt, oldest first. One query."""
    rows = session.execute(_RUN, {"attempt": attempt_id, "most": most}).all()
    return tuple(Said(*row) for row in reversed(rows))


_ASK = insert(table_of(DrillAnswer))


def ask(session: Session, values: dict[str, Any]) -> None:
    """Adds a question: the columns of `DrillAnswer` but its id. A position that has one already is an error."""
    session.execute(_ASK, values)


_SAY = update(table_of(DrillAnswer)).where(_rows.id == bindparam("row"))
_CHOOSE = _SAY.values(chosen=bindparam("said"), milliseconds=bindparam("took"))
_NAME = _SAY.values(
    cue=bindparam("said"), cue_right=bindparam("right"), answered_at=bindparam("now"), confidence=bindparam("sure")
)


def choose(session: Session, row: int, answer: str, milliseconds: int) -> None:
    session.execute(_CHOOSE, {"row": row, "said": answer, "took": milliseconds})


def name_cue(session: Session, row: int, cue: int, right: bool, confidence: int | None, now: datetime) -> None:
    session.execute(_NAME, {"row": row, "said": cue, "right": right, "sure": confidence, "now": now})


_RIGHT = func.sum(case((_rows.chosen == _rows.truth, 1), else_=0))
_SURE = select(_rows.confidence, func.count(), _RIGHT).group_by(_rows.confidence).where(_rows.confidence.is_not(None))
_OWN_SURE = _SURE.where(
    _rows.drill_id == bindparam("drill"), _rows.person_id == bindparam("person"), _rows.answered_at.is_not(None)
)
Certain = dict[int, tuple[int, int]]  # confidence -> answers, and how many of them are right


def certain(session: Session, person_id: int, drill_id: str) -> Certain:
    """How sure the person was, and how often right. One query."""
    return _certain(session.execute(_OWN_SURE, {"drill": drill_id, "person": person_id}))


def cohort_certain(session: Session, scope: Scope, team: int | None, drill_id: str) -> Certain:
    """The same of the trainees in `scope`. One query."""
    people = table_of(DrillAnswer).join(table_of(PersonRow), PersonRow.id == _rows.person_id)
    return _certain(session.execute(_within(scope, team, drill_id, _SURE.select_from(people))))


def _certain(rows: Iterable[Any]) -> Certain:
    return {confidence: (int(answers), int(right)) for confidence, answers, right in rows}


# --- many people ---


@dataclass(frozen=True)
class PersonCounts:
    """One person's answers in a drill."""

    id: int
    name: str
    team: str | None
    answered: int
    right: int
    whole: int  # right, with the right cue


def _within(scope: Scope, team: int | None, drill_id: str, query: Select[Any]) -> Select[Any]:
    people = table_of(PersonRow).c
    query = query.where(_rows.drill_id == drill_id, _rows.answered_at.is_not(None), people.active, people.is_trainee)
    if scope.teams is not None:
        query = query.where(people.team_id.in_(sorted(scope.teams)))
    return query.where(people.team_id == team) if team is not None else query


def cohort(session: Session, scope: Scope, team: int | None, drill_id: str) -> list[tuple[str, str, int, int]]:
    """(true, chosen, answers, right cues) of each pair there is, of the trainees in `scope`. One query."""
    right = func.sum(case((_rows.cue_right, 1), else_=0))
    query = (
        select(_rows.truth, _rows.chosen, func.count(), right)
        .select_from(table_of(DrillAnswer).join(table_of(PersonRow), PersonRow.id == _rows.person_id))
        .group_by(_rows.truth, _rows.chosen)
    )
    found = session.execute(_within(scope, team, drill_id, query)).all()
    return [(truth, chosen, int(count), int(cues)) for truth, chosen, count, cues in found]


def people_of(
    session: Session, scope: Scope, team: int | None, drill_id: str, fewest: int, most: int
) -> list[PersonCounts]:
    """Trainees in `scope` with at least `fewest` answers, those least often right with the deciding cue first. One query."""
    people, teams = table_of(PersonRow).c, table_of(Team).c
    right = func.sum(case((_rows.chosen == _rows.truth, 1), else_=0))
    whole = func.sum(case(((_rows.chosen == _rows.truth) & _rows.cue_right, 1), else_=0))
    query = (
        select(people.id, people.name, teams.name, func.count(), right, whole)
        .select_from(
            table_of(DrillAnswer)
            .join(table_of(PersonRow), people.id == _rows.person_id)
            .outerjoin(table_of(Team), teams.id == people.team_id)
        )
        .group_by(people.id, people.name, teams.name, people.sort_key)
        .having(func.count() >= fewest)
        .order_by(whole * 1.0 / func.count(), people.sort_key, people.id)
        .limit(most)
    )
    found: Sequence[Any] = session.execute(_within(scope, team, drill_id, query)).all()
    return [PersonCounts(id, name, team, int(n), int(r), int(w)) for id, name, team, n, r, w in found]
