"""Works: responses that a trainer marks, as the queue finds them; and appeals against their marks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from kamtrain.core.marking import Row, State
from kamtrain.store.attempts import Attempt, OutcomeRow, Response
from kamtrain.store.base import Base, table_of
from kamtrain.store.people import PersonRow


class WorkRow(Base):
    """One response in the trainers' queue. What it waits for is a cache of its outcomes (core.marking.replay)."""

    __tablename__ = "works"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), comment="who answered")
    course_id: Mapped[str | None] = mapped_column(String(80), comment="whose trainers mark it; NULL: all trainers")
    activity_id: Mapped[str] = mapped_column(String(80))
    item_id: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(comment="when it came into this state: the queue's order")
    second: Mapped[bool] = mapped_column(Boolean, comment="drawn to be read by a second trainer")
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), comment="NULL: not marked yet")
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    counts_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), comment="whose mark counts")
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), comment="whose rubric its marks are by")
    due_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id"),
        comment="its rubric was changed there, and it is not scored by that yet; NULL: it is",
    )

    __table_args__ = (
        CheckConstraint(f"state in ({', '.join(repr(state) for state in get_args(State))})", name="state_is_known"),
        CheckConstraint("second_by_id is null or first_by_id is not null", name="second_follows_first"),
        CheckConstraint("first_by_id <> person_id and second_by_id <> person_id", name="nobody_marks_the_own"),
        Index("ix_works_state_since", "state", "since", "response_id"),
        Index("ix_works_activity_id_item_id", "activity_id", "item_id"),
        Index(
            "ix_works_due",
            "due_revision_id",
            sqlite_where=text("due_revision_id is not null"),
            postgresql_where=text("due_revision_id is not null"),
        ),
    )


class Appeal(Base):
    """What a trainee has against a mark, once for each work, and what was decided."""

    __tablename__ = "appeals"

    response_id: Mapped[int] = mapped_column(ForeignKey("works.response_id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime]
    against_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), comment="whose mark; NULL: the program's")
    decided_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answer: Mapped[str | None] = mapped_column(String(2000), comment="why it was decided so")
    changed: Mapped[bool | None] = mapped_column(Boolean, comment="whether the points changed")

    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_is_given"),
        CheckConstraint(
            "(decided_at is null) = (by_id is null) and (decided_at is null) = (answer is null)",
            name="decided_is_whole",
        ),
    )


_works, _appeals, _attempts = table_of(WorkRow).c, table_of(Appeal).c, table_of(Attempt).c
_people, _responses, _outcomes = table_of(PersonRow).c, table_of(Response).c, table_of(OutcomeRow).c


@dataclass(frozen=True)
class WorkLine:
    """One work as lists show it, and as services find its parts."""

    id: int  # of its response
    attempt_id: int
    person_id: int
    who: str
    kind: str
    course_id: str | None
    activity: str
    item: str
    position: int
    state: State
    since: datetime
    second: bool
    first_by_id: int | None
    second_by_id: int | None
    counts_by_id: int | None
    revision_id: int
    due_revision_id: int | None
    attempt_revision_id: int
    response: Any  # JSON


_LINE = (
    select(
        _works.response_id,
        _works.attempt_id,
        _works.person_id,
        _people.name,
        _attempts.kind,
        _works.course_id,
        _works.activity_id,
        _works.item_id,
        _responses.position,
        _works.state,
        _works.since,
        _works.second,
        _works.first_by_id,
        _works.second_by_id,
        _works.counts_by_id,
        _works.revision_id,
        _works.due_revision_id,
        _attempts.revision_id,
        _responses.response,
    )
    .select_from(table_of(WorkRow))
    .join(table_of(Attempt), _attempts.id == _works.attempt_id)
    .join(table_of(Response), _responses.id == _works.response_id)
    .join(table_of(PersonRow), _people.id == _works.person_id)
)
_BY_ID = _LINE.where(_works.response_id == bindparam("id"))


def work_line(session: Session, id: int) -> WorkLine | None:
    row = session.execute(_BY_ID, {"id": id}).one_or_none()
    return None if row is None else WorkLine(*tuple(row))


def works_of(session: Session, ids: Collection[int]) -> tuple[WorkLine, ...]:
    rows = session.execute(_LINE.where(_works.response_id.in_(sorted(ids))).order_by(_works.response_id))
    return tuple(WorkLine(*tuple(row)) for row in rows)


def works_by(session: Session, person_id: int) -> tuple[WorkLine, ...]:
    """What somebody has handed in, the oldest first."""
    rows = session.execute(_LINE.where(_works.person_id == person_id).order_by(_works.response_id))
    return tuple(WorkLine(*tuple(row)) for row in rows)


def works_in(session: Session, attempt_id: int) -> dict[int, WorkLine]:
    """Position -> work of an attempt."""
    rows = session.execute(_LINE.where(_works.attempt_id == attempt_id))
    lines = [WorkLine(*tuple(row)) for row in rows]
    return {line.position: line for line in lines}


@dataclass(frozen=True)
class Reader:
    """Whose queue it is: what may be found in it, and what that person may not read again."""

    person_id: int
    closed: frozenset[str] = frozenset()  # courses of other authors
    # Where nobody else can mark, one decides about one's own, too: in these courses, and outside of courses.
    alone_in: frozenset[str] = frozenset()
    alone: bool = False

    def visible(self) -> ColumnElement[bool]:
        mine = _works.person_id != self.person_id
        if not self.closed:
            return mine
        return and_(mine, or_(_works.course_id.is_(None), _works.course_id.not_in(sorted(self.closed))))

    def may_see(self, line: WorkLine) -> bool:
        return line.person_id != self.person_id and line.course_id not in self.closed

    def mine(self) -> ColumnElement[bool]:
        """Those she may take on now: no second reading of what she has read, and no appeal against herself."""
        me = self.person_id
        first = func.coalesce(_works.first_by_id, 0) != me
        second = func.coalesce(_works.second_by_id, 0) != me
        counts = func.coalesce(_works.counts_by_id, 0) != me
        return or_(
            _works.state == "open",
            and_(_works.state == "second", first),
            and_(_works.state == "third", first, second),
            and_(_works.state == "appeal", counts),
            and_(_works.state.in_(("third", "appeal")), _works.course_id.in_(sorted(self.alone_in))),
            and_(_works.state.in_(("third", "appeal")), _works.course_id.is_(None), literal(self.alone)),
        )

    def may_take(self, line: WorkLine) -> bool:
        """As `mine`, of one."""
        barred: dict[str, set[int | None]] = {
            "open": set(),
            "second": {line.first_by_id},
            "third": {line.first_by_id, line.second_by_id},
            "appeal": {line.counts_by_id},
        }
        if line.state in ("third", "appeal") and self.is_alone(line.course_id):
            return True
        return line.state in barred and self.person_id not in barred[line.state]

    def is_alone(self, course_id: str | None) -> bool:
        return self.alone if course_id is None else course_id in self.alone_in


TABS: dict[str, tuple[State, ...]] = {
    "open": ("open",),
    "second": ("second", "third"),
    "appeals": ("appeal",),
    "done": ("done", "scored"),
}


def _wanted(reader: Reader, tab: str, course: str) -> list[ColumnElement[bool]]:
    wanted = [reader.visible(), _works.state.in_(TABS[tab])]
    if tab != "done":
        wanted.append(reader.mine())
    if course:
        wanted.append(_works.course_id == course)
    return wanted


def queue(session: Session, reader: Reader, tab: str, course: str, offset: int, limit: int) -> tuple[WorkLine, ...]:
    """Works of a tab, the oldest first; what is done the newest first. One query."""
    order: Sequence[Any] = (_works.since, _works.response_id)
    if tab == "done":
        order = [column.desc() for column in order]
    query = _LINE.where(*_wanted(reader, tab, course)).order_by(*order).offset(offset).limit(limit)
    return tuple(WorkLine(*tuple(row)) for row in session.execute(query))


def counts(session: Session, reader: Reader, course: str = "") -> dict[str, int]:
    """Tab -> works in it. One query."""
    query = select(_works.state, func.count()).where(
        reader.visible(), or_(_works.state.in_(TABS["done"]), reader.mine())
    )
    if course:
        query = query.where(_works.course_id == course)
    found = {str(state): int(count) for state, count in session.execute(query.group_by(_works.state))}
    return {tab: sum(found.get(state, 0) for state in states) for tab, states in TABS.items()}


def to_read(session: Session, reader: Reader) -> int:
    """How many works wait for this person: one query of an index."""
    return (
        session.scalar(select(func.count()).select_from(table_of(WorkRow)).where(reader.visible(), reader.mine())) or 0
    )


def courses_with_works(session: Session, reader: Reader) -> tuple[str, ...]:
    query = select(_works.course_id).where(reader.visible(), _works.course_id.is_not(None)).distinct()
    return tuple(sorted(session.scalars(query)))


def beside(session: Session, reader: Reader, tab: str, course: str, line: WorkLine) -> tuple[int | None, int | None]:
    """The works before and after one in its list, whether or not it is still in it. Two queries."""
    key = (_works.since, _works.response_id)
    here = (line.since, line.id)
    later = or_(key[0] > here[0], and_(key[0] == here[0], key[1] > here[1]))
    earlier = or_(key[0] < here[0], and_(key[0] == here[0], key[1] < here[1]))
    found = []
    for where, down in ((earlier, True), (later, False)):
        order = [column.desc() if down else column for column in key]
        query = select(_works.response_id).where(*_wanted(reader, tab, course), where).order_by(*order).limit(1)
        found.append(session.scalar(query))
    before, after = found
    return (after, before) if tab == "done" else (before, after)


_ROWS = (
    select(_outcomes.id, _outcomes.by_id, _outcomes.detail, _outcomes.at)
    .where(_outcomes.response_id == bindparam("response"))
    .order_by(_outcomes.id)
)


def history(session: Session, response_id: int) -> tuple[Row, ...]:
    """Every outcome of a response, oldest first. One query."""
    return tuple(Row(*tuple(row)) for row in session.execute(_ROWS, {"response": response_id}))


def histories(session: Session, response_ids: Collection[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {id: [] for id in response_ids}
    query = (
        select(_outcomes.response_id, _outcomes.id, _outcomes.by_id, _outcomes.detail, _outcomes.at)
        .where(_outcomes.response_id.in_(sorted(response_ids)))
        .order_by(_outcomes.id)
    )
    for response_id, *row in session.execute(query):
        found[response_id].append(Row(*row))
    return found


@dataclass(frozen=True)
class AppealValue:
    reason: str
    at: datetime
    against_id: int | None
    decided_at: datetime | None
    answer: str | None
    changed: bool | None


def appeals_of(session: Session, response_ids: Collection[int]) -> dict[int, AppealValue]:
    query = select(
        _appeals.response_id,
        _appeals.reason,
        _appeals.at,
        _appeals.against_id,
        _appeals.decided_at,
        _appeals.answer,
        _appeals.changed,
    ).where(_appeals.response_id.in_(sorted(response_ids)))
    return {row[0]: AppealValue(*tuple(row)[1:]) for row in session.execute(query)}


@dataclass(frozen=True)
class Marker:
    """Somebody who could mark."""

    id: int
    email: str
    admin: bool


def markers(session: Session) -> tuple[Marker, ...]:
    """All trainers and admins that are there. One query."""
    query = select(_people.id, _people.email, _people.is_admin).where(
        _people.active.is_(True), or_(_people.is_trainer.is_(True), _people.is_admin.is_(True))
    )
    return tuple(Marker(*tuple(row)) for row in session.execute(query))


def names_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    query = select(_people.id, _people.name).where(_people.id.in_(sorted(ids)))
    return {row[0]: row[1] for row in session.execute(query)}


_CHANGE = update(table_of(WorkRow)).where(_works.response_id == bindparam("work"))


def change(session: Session, response_id: int, **values: Any) -> None:
    """Changes columns of one work."""
    session.execute(_CHANGE.values(values), {"work": response_id})


@dataclass(frozen=True)
class Given:
    """One mark by a person."""

    id: int
    response_id: int
    activity: str
    item: str
    by_id: int
    at: datetime
    detail: Any  # JSON


def marks_since(session: Session, reader: Reader, course: str, since: datetime) -> tuple[Given, ...]:
    """Every trainer's mark since then, the oldest first. One query."""
    query = (
        select(
            _outcomes.id,
            _outcomes.response_id,
            _works.activity_id,
            _works.item_id,
            _outcomes.by_id,
            _outcomes.at,
            _outcomes.detail,
        )
        .select_from(table_of(WorkRow))
        .join(table_of(OutcomeRow), _outcomes.response_id == _works.response_id)
        .where(reader.visible(), _outcomes.by_id.is_not(None), _outcomes.at >= since)
        .order_by(_outcomes.id)
    )
    if course:
        query = query.where(_works.course_id == course)
    return tuple(Given(*tuple(row)) for row in session.execute(query))
