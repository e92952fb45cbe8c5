"""The library: texts and media by hash, revisions as manifests, the head, and trainers' working copies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from kamtrain.store.base import Base
from kamtrain.store.upsert import insert


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
    note: Mapped[str] = mapped_column(Text, server_default=text("''"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("origin in ('bundle', 'disk', 'studio')", name="origin_is_known"),)


class Head(Base):
    """What trainees see. One row; publishing moves it from the revision one has seen to the next, or is refused."""

    __tablename__ = "library_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    bundle_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id"),
        comment="the last bundle published; a newer one is published only while it is the head",
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


def head(session: Session) -> int | None:
    """The revision trainees see; None before anything was published."""
    return session.scalar(select(Head.revision_id))


def manifest(session: Session, revision_id: int) -> dict[str, str]:
    """path -> sha256. Raises KeyError where there is no such revision."""
    found = session.scalar(select(Revision.manifest).where(Revision.id == revision_id))
    if found is None:
        raise KeyError(revision_id)
    return found


def blobs(session: Session, hashes: Iterable[str]) -> dict[str, bytes]:
    """sha256 -> data, in as few queries as the databases' limits on parameters allow."""
    wanted = sorted(set(hashes))
    found: dict[str, bytes] = {}
    for place in range(0, len(wanted), 500):
        rows = session.execute(select(Blob.sha256, Blob.data).where(Blob.sha256.in_(wanted[place : place + 500])))
        found.update({sha256: bytes(data) for sha256, data in rows})
    return found


def files(session: Session, revision_id: int) -> dict[str, bytes]:
    """path -> data: the whole library at a revision. Two queries."""
    paths = manifest(session, revision_id)
    data = blobs(session, paths.values())
    return {path: data[sha256] for path, sha256 in paths.items()}


def keep_blobs(session: Session, data: Iterable[bytes]) -> list[str]:
    """Stores what is not stored yet; the hashes in the order given."""
    hashes = []
    for content in data:
        sha256 = hashlib.sha256(content).hexdigest()
        hashes.append(sha256)
        session.execute(
            insert(session, Blob).values(sha256=sha256, data=content, size=len(content)).on_conflict_do_nothing()
        )
    return hashes


def working_copies(session: Session, person_id: int) -> dict[str, WorkingCopy]:
    """path -> the person's working copy."""
    rows = session.scalars(select(WorkingCopy).where(WorkingCopy.person_id == person_id))
    return {row.path: row for row in rows}


def add_working_copy(session: Session, person_id: int, path: str, values: Mapping[str, Any]) -> bool:
    """Whether it was added: not where another tab was faster."""
    addition = insert(session, WorkingCopy).values(person_id=person_id, path=path, **values).on_conflict_do_nothing()
    return session.scalar(addition.returning(WorkingCopy.id)) is not None  # psycopg counts no rows here
