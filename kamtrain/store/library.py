"""The library: texts and media by hash, revisions as manifests, the head, and trainers' working copies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kamtrain.store.base import Base


class Blob(Base):
    """One version of one file, stored once however many revisions hold it."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True, comment="of data, hexadecimal")
    data: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int] = mapped_column(Integer, comment="bytes")

    __table_args__ = (CheckConstraint("size >= 0", name="size_is_not_negative"),)


class Revision(Base):
    """An immutable snapshot of the whole library."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    manifest: Mapped[dict[str, str]] = mapped_column(JSON, comment="path -> sha256")
    origin: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, server_default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("origin in ('bundle', 'disk', 'studio')", name="origin_is_known"),)


class Head(Base):
    """What trainees see. One row; publishing moves it from the revision one has seen to the next, or is refused."""

    __tablename__ = "library_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    bundle_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id"), comment="the last bundle published; a newer one is published only while it is the head"
    )

    __table_args__ = (CheckConstraint("id = 1", name="one_head"),)


class WorkingCopy(Base):
    """A trainer's unpublished text of one file, begun from `base_sha256` (NULL: a new file)."""

    __tablename__ = "working_copies"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    path: Mapped[str] = mapped_column(String(300))
    base_sha256: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, comment="counts the saves, so that a stale one is noticed")
    saved_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "path"), CheckConstraint("version >= 1", name="version_counts"))
