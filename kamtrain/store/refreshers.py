"""When each practised item comes back to a person: the state of the FSRS scheduler, one row a person and item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kamtrain.store.base import Base, table_of
from kamtrain.store.upsert import once

Key = tuple[str, str, str]  # kind of activity, its id, id of the question


class Refresher(Base):
    """One practised item. Rewritten with every answer to it; the answers themselves stand in their own tables."""

    __tablename__ = "refreshers"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    activity_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    stability: Mapped[float] = mapped_column(Float, comment="days until one in ten would have forgotten it")
    difficulty: Mapped[float] = mapped_column(Float, comment="1 to 10")
    reviewed_at: Mapped[datetime] = mapped_column(comment="answered last")
    due_at: Mapped[datetime]
    share: Mapped[int] = mapped_column(Integer, comment="of the points, in thousandths, at the last answer")

    __table_args__ = (
        CheckConstraint("kind in ('quiz', 'drill')", name="kind_is_known"),
        CheckConstraint("share between 0 and 1000", name="share_is_one"),
        Index("ix_refreshers_person_id_due_at", "person_id", "due_at"),
    )


@dataclass(frozen=True)
class Card:
    """One practised item of one person."""

    kind: str
    activity: str
    item: str
    stability: float
    difficulty: float
    reviewed_at: datetime
    due_at: datetime
    share: int

    @property
    def key(self) -> Key:
        return self.kind, self.activity, self.item


_rows = table_of(Refresher).c
_VALUE = (
    _rows.kind,
    _rows.activity_id,
    _rows.item_id,
    _rows.stability,
    _rows.difficulty,
    _rows.reviewed_at,
    _rows.due_at,
    _rows.share,
)
_OF = select(*_VALUE).where(
    _rows.person_id == bindparam("person"), _rows.activity_id.in_(bindparam("activities", expanding=True))
)
_DUE = (
    select(*_VALUE)
    .where(_rows.person_id == bindparam("person"), _rows.due_at <= bindparam("now"))
    .order_by(_rows.due_at, _rows.kind, _rows.activity_id, _rows.item_id)
    .limit(bindparam("most"))
)
_NEXT = select(_rows.due_at).where(_rows.person_id == bindparam("person")).order_by(_rows.due_at).limit(1)


def cards_of(session: Session, person_id: int, activities: Iterable[str]) -> dict[Key, Card]:
    """The person's cards of these activities. One query."""
    rows = session.execute(_OF, {"person": person_id, "activities": sorted(set(activities))})
    return {card.key: card for card in (Card(*row) for row in rows)}


def due(session: Session, person_id: int, now: datetime, most: int) -> tuple[Card, ...]:
    """What is due, longest ago first. One query, by its index."""
    return tuple(Card(*row) for row in session.execute(_DUE, {"person": person_id, "now": now, "most": most}))


def next_due(session: Session, person_id: int) -> datetime | None:
    """When the first of the person's items is due, past or to come; None where nothing was practised. By its index."""
    found: datetime | None = session.scalar(_NEXT, {"person": person_id})
    return found


@once
def _keep(insert_into: Callable[[Any], Any]) -> Any:
    new = insert_into(table_of(Refresher))
    kept = ("stability", "difficulty", "reviewed_at", "due_at", "share")
    return new.on_conflict_do_update(
        index_elements=["person_id", "kind", "activity_id", "item_id"], set_={name: new.excluded[name] for name in kept}
    )


def keep(session: Session, person_id: int, cards: Sequence[Card]) -> None:
    """Writes the cards over those before. One statement."""
    rows = [
        {
            "person_id": person_id,
            "kind": card.kind,
            "activity_id": card.activity,
            "item_id": card.item,
            "stability": card.stability,
            "difficulty": card.difficulty,
            "reviewed_at": card.reviewed_at,
            "due_at": card.due_at,
            "share": card.share,
        }
        for card in cards
    ]
    if rows:
        session.execute(_keep(session), rows)
