"""People, teams, sign-ins and one-time links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    String,
    bindparam,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from kamtrain.core.people import Person, Role, Scope
from kamtrain.store.base import Base
from kamtrain.store.library import Head


class Team(Base):
    """A team; its manager sees it and the teams below it."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)

    __table_args__ = (CheckConstraint("parent_id <> id", name="not_its_own_parent"),)


class PersonRow(Base):
    """A person. A leaver is deactivated, never deleted. Roles are columns, so that a query can select by them."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True, comment="lower case")
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(400), comment="the name in its script's own order: pinyin for Chinese")
    password_hash: Mapped[str | None] = mapped_column(String(200), comment="Argon2id; NULL: not chosen yet")
    is_trainee: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    is_trainer: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    is_manager: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    is_admin: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    language: Mapped[str] = mapped_column(String(20), server_default="en", comment="BCP 47 tag")
    time_zone: Mapped[str] = mapped_column(String(60), server_default="UTC", comment="IANA name")
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    demo: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), comment="signs in from loopback only")
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint("name <> ''", name="name_is_given"),
        Index("ix_people_sort_key_id", "sort_key", "id"),
    )


class TeamManager(Base):
    __tablename__ = "team_managers"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class SignIn(Base):
    """One sign-in on one device. Its cookie holds a random token, of which only the hash is kept."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, comment="SHA-256")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(comment="to the hour: a read must not write")
    ended_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """A link that works once: to choose a password, or to become the first admin."""

    __tablename__ = "one_time_links"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, comment="SHA-256")
    purpose: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("purpose in ('password', 'invitation', 'first-admin')", name="purpose_is_known"),
        CheckConstraint("purpose = 'first-admin' or person_id is not null", name="links_belong_to_people"),
    )


@dataclass(frozen=True)
class Identity:
    """Who a sign-in belongs to, and the head revision at that moment (None: nothing is published yet)."""

    person: Person
    demo: bool  # works from loopback only
    seen_at: datetime
    revision: int | None


PERSON_COLUMNS = (
    PersonRow.id,
    PersonRow.email,
    PersonRow.name,
    PersonRow.is_trainee,
    PersonRow.is_trainer,
    PersonRow.is_manager,
    PersonRow.is_admin,
    PersonRow.language,
    PersonRow.time_zone,
    PersonRow.team_id,
)

_people, _sign_ins, _head = PersonRow.__table__.c, SignIn.__table__.c, Head.__table__.c

# Of tables, not of mapped classes: it costs half as much, and every request pays it.
_IDENTITY = (
    select(
        *(_people[column.key] for column in PERSON_COLUMNS),
        _people.demo,
        _sign_ins.seen_at,
        select(_head.revision_id).where(_head.id == 1).scalar_subquery().label("revision"),
    )
    .select_from(SignIn.__table__)
    .join(PersonRow.__table__, _people.id == _sign_ins.person_id)
    .where(
        _sign_ins.token_hash == bindparam("token"),
        _sign_ins.ended_at.is_(None),
        _sign_ins.seen_at > bindparam("seen_after"),
        _people.active,
    )
)


def token_hash(token: str) -> bytes:
    """What is kept of a random token. Unsalted: a token of 256 random bits cannot be guessed."""
    return sha256(token.encode()).digest()


def identity_of(connection: Connection, token: bytes, seen_after: datetime) -> Identity | None:
    """Who is signed in with this token; None where it is unknown, ended, unused since, or the person has left.

    The one query every signed-in request makes.
    """
    row = connection.execute(_IDENTITY, {"token": token, "seen_after": seen_after}).one_or_none()
    return None if row is None else Identity(person_from(row), row.demo, row.seen_at, row.revision)


def person_from(row: Row[*tuple[Any, ...]]) -> Person:
    """The value of a row that holds `PERSON_COLUMNS`."""
    roles = frozenset(role for role in Role if getattr(row, f"is_{role.value}"))
    return Person(row.id, row.email, row.name, roles, row.language, row.time_zone, row.team_id)


def renew_sign_in(session: Session, token: bytes, now: datetime, unless_seen_after: datetime) -> None:
    """Note that a sign-in is in use."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == token, SignIn.seen_at <= unless_seen_after, SignIn.ended_at.is_(None))
        .values(seen_at=now)
    )


def managed_teams(session: Session, person_id: int) -> frozenset[int]:
    """The teams a person manages and all teams below them. One recursive query."""
    own = select(TeamManager.team_id).where(TeamManager.person_id == person_id).cte("managed", recursive=True)
    below = select(Team.id).join(own, Team.parent_id == own.c.team_id)
    return frozenset(session.scalars(select(own.union(below).c.team_id)))


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is held against."""

    person_id: int
    password_hash: str | None  # None: no password chosen yet
    active: bool
    demo: bool


def credentials_of(session: Session, email: str) -> Credentials | None:
    """By address, which must be in its normal form."""
    row = session.execute(
        select(PersonRow.id, PersonRow.password_hash, PersonRow.active, PersonRow.demo).where(PersonRow.email == email)
    ).one_or_none()
    return None if row is None else Credentials(row.id, row.password_hash, row.active, row.demo)


@dataclass(frozen=True)
class LinkOwner:
    """Whom a one-time link belongs to; `person` None: to whoever becomes the first admin."""

    purpose: str
    person: Person | None
    demo: bool


def link_owner(session: Session, token: bytes, now: datetime) -> LinkOwner | None:
    """Of a link that is still good: unused, not expired, its person not left. None otherwise."""
    row = session.execute(
        select(OneTimeLink.purpose, *PERSON_COLUMNS, PersonRow.demo, PersonRow.active)
        .join(PersonRow, PersonRow.id == OneTimeLink.person_id, isouter=True)
        .where(OneTimeLink.token_hash == token, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
    ).one_or_none()
    if row is None or row.active is False:
        return None
    return LinkOwner(row.purpose, person_from(row) if row.id is not None else None, bool(row.demo))


def use_link(session: Session, token: bytes, now: datetime) -> bool:
    """Whether the link was good and is now used: of two who come at once, one hears True."""
    used = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == token, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
        .values(used_at=now)
        .returning(OneTimeLink.token_hash)
    )
    return used.first() is not None


def end_sign_ins(session: Session, person_id: int, now: datetime, but: bytes | None = None) -> None:
    """End a person's sign-ins on all devices, `but` this one."""
    ended = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=now)
    session.execute(ended if but is None else ended.where(SignIn.token_hash != but))


def end_links(session: Session, person_id: int | None, now: datetime) -> None:
    """Make a person's unused links useless (None: those for the first admin)."""
    owner = OneTimeLink.person_id.is_(None) if person_id is None else OneTimeLink.person_id == person_id
    session.execute(update(OneTimeLink).where(owner, OneTimeLink.used_at.is_(None)).values(used_at=now))


_TEAMS = select(Team.__table__.c.id, Team.__table__.c.name).order_by(Team.__table__.c.name)


def teams_in(session: Session, scope: Scope) -> tuple[tuple[int, str], ...]:
    """(id, name) of the teams one may see, by name. One query."""
    rows = session.execute(_TEAMS)
    return tuple((id, name) for id, name in rows if scope.covers(id))
