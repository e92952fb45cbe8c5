"""The fixed cast every web test plays with: two teams, their managers, and everybody the demo has.

trainee, manager          of the team "North"
outsider, othermanager    of the team "South"
trainer, othertrainer, admin
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kamtrain.core.accounts import Profile
from kamtrain.core.people import Role
from kamtrain.http.database import engine as engine_of
from kamtrain.services import passwords, people, teams
from kamtrain.store.base import connect, writing
from kamtrain.store.people import PersonRow, SignIn, token_hash

PASSWORD = "seven quiet lanterns"
NAMES = ("trainee", "outsider", "trainer", "othertrainer", "manager", "othermanager", "admin")
NORTH = ("trainee", "manager")
SOUTH = ("outsider", "othermanager")


@dataclass(frozen=True)
class Cast:
    """Ids by name, of people and of teams."""

    people: Mapping[str, int]
    north: int
    south: int

    def __getitem__(self, name: str) -> int:
        return self.people[name]


def email_of(name: str) -> str:
    return f"{name}@demo.example"


@cache
def password_hash() -> str:
    return passwords.hashed(PASSWORD)


def role_of(name: str) -> Role:
    return Role(name.removeprefix("other").replace("outsider", "trainee"))


def seat(session: Session, now: datetime) -> Cast:
    """Put the cast into an empty database."""
    north = teams.add_team(session, None, "North", None, now)
    south = teams.add_team(session, None, "South", None, now)
    ids = {}
    for name in NAMES:
        team = north if name in NORTH else south if name in SOUTH else None
        profile = Profile(email_of(name), name.capitalize(), frozenset({role_of(name)}), team, "en", "UTC")
        ids[name] = people.add_person(session, None, profile, now)
        session.get_one(PersonRow, ids[name]).password_hash = password_hash()
    session.flush()  # the managers are looked up by their roles
    teams.set_managers(session, north, [ids["manager"]])
    teams.set_managers(session, south, [ids["othermanager"]])
    return Cast(ids, north, south)


def sign_in(client: FlaskClient, engine_app: Flask, person_id: int, now: datetime | None = None) -> str:
    """Sign a client in with a real row, without the price of a password. Returns the token."""
    token, moment = secrets.token_urlsafe(32), now or datetime.now(UTC)
    with engine_app.app_context(), writing(engine_of()) as session:
        session.add(SignIn(token_hash=token_hash(token), person_id=person_id, created_at=moment, seen_at=moment))
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
        cookie.permanent = True
    return token


def seat_in(url: str) -> None:
    """Put the cast into the database at `url`. It gets the same ids in every empty one: they are `SEATED`."""
    engine = connect(url)
    with writing(engine) as session:
        cast = seat(session, datetime.now(UTC))
    engine.dispose()
    assert cast == SEATED


SEATED = Cast({name: place for place, name in enumerate(NAMES, 1)}, north=1, south=2)


@pytest.fixture
def with_cast() -> Cast:
    """A test that asks for it gets a database with the cast in it (`database_url` in conftest.py)."""
    return SEATED


@pytest.fixture
def cast(with_cast: Cast, database_url: str) -> Cast:
    return with_cast


@pytest.fixture
def client_for(app: Flask, cast: Cast) -> Callable[[str], FlaskClient]:
    """A client of the person by that name, signed in; of "anonymous", not."""

    def make(name: str) -> FlaskClient:
        client = app.test_client()
        if name != "anonymous":
            sign_in(client, app, cast[name])
        return client

    return make


def form_token(client: FlaskClient) -> str:
    """A CSRF token of the client's session, as a page would carry it."""
    client.get("/sign-in", headers={"Accept": "text/html"})
    with client.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
    return sign_form_token(client, raw)


def sign_form_token(client: FlaskClient, raw: str) -> str:
    from itsdangerous import URLSafeTimedSerializer

    key = client.application.secret_key
    assert key is not None
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))
