"""The line of heads: what was published, when, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kamtrain.store.library import Revision
from kamtrain.store.people import PersonRow


@dataclass(frozen=True)
class RevisionLine:
    """One line of the history."""

    id: int
    parent_id: int | None
    origin: str
    note: str
    author: str  # name; "" for the program
    created_at: datetime


def history(session: Session, head_id: int) -> tuple[RevisionLine, ...]:
    """The heads there were, the present one first. Bundles kept beside that line are not among them."""
    rows = session.execute(
        select(
            Revision.id, Revision.parent_id, Revision.origin, Revision.note, PersonRow.name, Revision.created_at
        ).outerjoin(PersonRow, PersonRow.id == Revision.author_id)
    )
    known = {row.id: row for row in rows}
    line = []
    at: int | None = head_id
    while at is not None:
        row = known[at]
        line.append(RevisionLine(row.id, row.parent_id, row.origin, row.note, row.name or "", row.created_at))
        at = row.parent_id
    return tuple(line)
