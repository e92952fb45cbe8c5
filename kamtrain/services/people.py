"""People and how they get in: sign-ins, passwords, one-time links, and what an admin says of a person.

Passwords come as hashes (`services.passwords`), since hashing in a transaction would keep the database waiting. Tokens
are made here, of 256 random bits; only their hashes are kept.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kamtrain.core.accounts import Profile, own_faults, profile_faults
from kamtrain.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Person, Role, Scope
from kamtrain.services.names import sort_key
from kamtrain.store.audit import AuditEntry
from kamtrain.store.people import (
    PERSON_COLUMNS,
    LinkOwner,
    OneTimeLink,
    PersonRow,
    SignIn,
    Team,
    end_links,
    end_sign_ins,
    link_owner,
    managed_teams,
    person_from,
    token_hash,
    use_link,
)

logger = logging.getLogger(__name__)

RESET = timedelta(minutes=30)
INVITATION = timedelta(days=7)
FIRST_ADMIN = timedelta(days=1)

GONE = message("This link has expired or was used before. Ask for a new one.")


@dataclass(frozen=True)
class Link:
    """A one-time link as it goes into a letter: the token is nowhere else."""

    person: Person
    token: str


def sign_in(session: Session, person_id: int, seen_hash: str, now: datetime, new_hash: str | None = None) -> str:
    """Begin a sign-in for somebody whose password was held against `seen_hash` just now; returns the cookie's token.

    `new_hash` replaces one made with old parameters. Raises Forbidden where the password or the person changed since.
    """
    row = session.execute(
        select(PersonRow.password_hash, PersonRow.active).where(PersonRow.id == person_id).with_for_update()
    ).one()
    if not row.active or row.password_hash != seen_hash:
        raise Forbidden(message("The password was changed just now. Please sign in again."))
    if new_hash is not None:
        session.execute(update(PersonRow).where(PersonRow.id == person_id).values(password_hash=new_hash))
    return begin(session, person_id, now)


def begin(session: Session, person_id: int, now: datetime) -> str:
    """Begin a sign-in for somebody who has proved herself; returns the cookie's token."""
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=token_hash(token), person_id=person_id, created_at=now, seen_at=now, ended_at=None))
    logger.info("somebody signed in", extra={"person": person_id})
    return token


def sign_out(session: Session, token: str, now: datetime) -> None:
    """End this sign-in: a copy of its cookie is dead from now on."""
    session.execute(
        update(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None)).values(ended_at=now)
    )


def note_refused(session: Session, email: str, address: str, now: datetime) -> None:
    """Put a refused sign-in into the audit, for known and unknown addresses alike: one must not take longer."""
    _audit(session, now, None, "sign-in refused", email, address=address)
    logger.info("a sign-in was refused")


def change_password(session: Session, person_id: int, new_hash: str, token: str | None, now: datetime) -> None:
    """Set a new password and end the person's sign-ins on all devices but the one that holds `token`."""
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(password_hash=new_hash))
    end_sign_ins(session, person_id, now, token_hash(token) if token else None)
    end_links(session, person_id, now)
    _audit(session, now, person_id, "password changed", str(person_id))


def request_reset(session: Session, email: str, demo_works: bool, now: datetime) -> Link | None:
    """A link to choose a new password, good for `RESET`; None where nobody by that address may sign in.

    The caller answers the same in both cases; both write, so that both take as long.
    """
    row = session.execute(
        select(*PERSON_COLUMNS, PersonRow.demo).where(PersonRow.email == email, PersonRow.active)
    ).one_or_none()
    _audit(session, now, None, "reset asked for", email)
    if row is None or (row.demo and not demo_works):
        return None
    return Link(person_from(row), _new_link(session, "password", row.id, RESET, now))


def invite(session: Session, actor: Person | None, person_id: int, now: datetime) -> Link:
    """A link to choose the first password, good for `INVITATION`; earlier ones end. `actor` None: the console."""
    row = session.execute(select(*PERSON_COLUMNS).where(PersonRow.id == person_id, PersonRow.active)).one_or_none()
    if row is None:
        raise NotFound(message("There is no such person, or she has left."))
    end_links(session, person_id, now)
    _audit(session, now, actor, "invited", row.email)
    return Link(person_from(row), _new_link(session, "invitation", person_id, INVITATION, now))


def owner_of(session: Session, token: str, now: datetime) -> LinkOwner:
    """Whom a one-time link belongs to. Raises Closed where it is not good (any more)."""
    owner = link_owner(session, token_hash(token), now)
    if owner is None:
        raise Closed(GONE)
    return owner


def reset(session: Session, token: str, new_hash: str, now: datetime) -> int:
    """Set a password by a one-time link, which is used by that; ends all sign-ins. Returns the person's id."""
    owner = owner_of(session, token, now)
    if owner.person is None or not use_link(session, token_hash(token), now):
        raise Closed(GONE)
    change_password(session, owner.person.id, new_hash, None, now)
    return owner.person.id


def first_admin_link(session: Session, now: datetime) -> str | None:
    """The token of a link that creates the first admin, good for `FIRST_ADMIN`; None where there are people already.

    A new one makes the earlier ones useless, so that a link in an old log opens nothing.
    """
    if session.scalar(select(func.count()).select_from(PersonRow)):
        return None
    end_links(session, None, now)
    return _new_link(session, "first-admin", None, FIRST_ADMIN, now)


def become_first_admin(session: Session, token: str, profile: Profile, new_hash: str, now: datetime) -> int:
    """Create the first admin by the one-time link. Returns her id."""
    if session.scalar(select(func.count()).select_from(PersonRow)) or not use_link(session, token_hash(token), now):
        raise Closed(GONE)
    person_id = add_person(session, None, profile, now)
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(password_hash=new_hash))
    return person_id


def add_person(session: Session, actor: Person | None, profile: Profile, now: datetime, demo: bool = False) -> int:
    """Add a person, without a password yet. Returns the id. Raises Invalid and Conflict. `actor` None: the console."""
    _require(profile_faults(profile))
    _check_team(session, profile.team_id)
    if session.scalar(select(PersonRow.id).where(PersonRow.email == profile.email)):
        raise Conflict(message("%(email)s is in the list already.", email=profile.email))
    row = PersonRow(**_columns(profile), password_hash=None, active=True, demo=demo, created_at=now)
    session.add(row)
    session.flush()  # for the id
    _audit(session, now, actor, "person added", profile.email, roles=sorted(profile.roles))
    return row.id


def edit_person(session: Session, actor: Person, person_id: int, profile: Profile, active: bool, now: datetime) -> None:
    """Change what an admin says of a person. Who is deactivated is signed out everywhere.

    Raises Invalid, NotFound, and Conflict where the address is taken or no admin would be left.
    """
    _require(profile_faults(profile))
    _check_team(session, profile.team_id)
    # Admins are locked together, so that two who take each other's role away at once do not both succeed.
    admins = set(session.scalars(select(PersonRow.id).where(PersonRow.is_admin, PersonRow.active).with_for_update()))
    before = session.execute(select(*PERSON_COLUMNS, PersonRow.active).where(PersonRow.id == person_id)).one_or_none()
    if before is None:
        raise NotFound(message("There is no such person."))
    if session.scalar(select(PersonRow.id).where(PersonRow.email == profile.email, PersonRow.id != person_id)):
        raise Conflict(message("%(email)s is in the list already.", email=profile.email))
    if admins == {person_id} and not (active and Role.admin in profile.roles):
        raise Conflict(message("Somebody must remain admin. Make somebody else admin first."))
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(**_columns(profile), active=active))
    if not active:
        end_sign_ins(session, person_id, now)
        end_links(session, person_id, now)
    changes = _changes(person_from(before), before.active, profile, active)
    if changes:
        _audit(session, now, actor, "person changed", profile.email, **changes)


def edit_own(session: Session, person_id: int, name: str, language: str, time_zone: str) -> None:
    """Change what a person may say of herself. Raises Invalid."""
    _require(own_faults(name, language, time_zone))
    session.execute(
        update(PersonRow)
        .where(PersonRow.id == person_id)
        .values(name=name, sort_key=sort_key(name), language=language, time_zone=time_zone)
    )


def set_language(session: Session, person_id: int, language: str) -> None:
    """Change the language of one's interface; the caller has seen to it that there is such a one."""
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(language=language))


def scope_of(session: Session, person: Person) -> Scope:
    """Whose records a person may see in reports: admins and trainers all, managers their teams and those below."""
    if person.has(Role.admin, Role.trainer):
        return Scope(None)
    return Scope(managed_teams(session, person.id))


def _new_link(
    session: Session,
    purpose: Literal["password", "invitation", "first-admin"],
    person_id: int | None,
    good_for: timedelta,
    now: datetime,
) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            token_hash=token_hash(token),
            purpose=purpose,
            person_id=person_id,
            created_at=now,
            expires_at=now + good_for,
            used_at=None,
        )
    )
    return token


def _require(faults: Iterable[Any]) -> None:
    for fault in faults:
        raise Invalid(fault.message, fault.field)


def _check_team(session: Session, team_id: int | None) -> None:
    if team_id is not None and session.get(Team, team_id) is None:
        raise Invalid(message("There is no such team (any more). Choose another one."), "team")


def _columns(profile: Profile) -> dict[str, Any]:
    return {
        "email": profile.email,
        "name": profile.name,
        "sort_key": sort_key(profile.name),
        "team_id": profile.team_id,
        "language": profile.language,
        "time_zone": profile.time_zone,
        **{f"is_{role.value}": role in profile.roles for role in Role},
    }


def _changes(before: Person, was_active: bool, profile: Profile, active: bool) -> dict[str, Any]:
    """What the audit keeps of a change: old and new of each."""
    pairs: dict[str, tuple[Any, Any]] = {
        "email": (before.email, profile.email),
        "roles": (sorted(before.roles), sorted(profile.roles)),
        "team": (before.team, profile.team_id),
        "active": (was_active, active),
    }
    return {name: [old, new] for name, (old, new) in pairs.items() if old != new}


def _audit(
    session: Session, now: datetime, actor: Person | int | None, action: str, subject: str, **detail: Any
) -> None:
    actor_id = actor.id if isinstance(actor, Person) else actor
    session.add(AuditEntry(at=now, actor_id=actor_id, action=action, subject=subject[:300], detail=detail))
