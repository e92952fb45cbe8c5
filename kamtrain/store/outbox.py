"""Mail to be sent: written in the transaction of what it tells about, delivered afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kamtrain.store.base import Base


class Mail(Base):
    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(comment="not before; moves on with each failure")
    tries: Mapped[int] = mapped_column(Integer, server_default="0")
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text, comment="of the last try")

    __table_args__ = (
        Index(
            "ix_outbox_unsent",
            "due_at",
            sqlite_where=text("sent_at is null"),
            postgresql_where=text("sent_at is null"),
        ),
    )
