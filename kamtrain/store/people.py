"""People, teams, sign-ins and one-time links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kamtrain.store.base import Base


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
