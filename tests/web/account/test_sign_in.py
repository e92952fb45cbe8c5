"""/sign-in"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from kamtrain.http.database import engine
from kamtrain.store.audit import AuditEntry
from kamtrain.store.base import reading, writing
from kamtrain.store.people import PersonRow, SignIn
from tests.cast import PASSWORD, Cast, email_of, form_token

ClientFor = Callable[[str], FlaskClient]


def enter(client: FlaskClient, name: str = "trainee", password: str = PASSWORD, **more: str) -> TestResponse:
    form = {"email": email_of(name), "password": password, "csrf_token": form_token(client), **more}
    return client.post("/sign-in", data=form)


def test_it_works(client: FlaskClient, cast: Cast) -> None:
    response = enter(client, next="/account?x=1")

    assert response.status_code == 302
    assert response.location == "/account?x=1"
    assert client.get("/account").status_code == 200


def test_the_page_says_what_is_wrong_and_keeps_the_address(client: FlaskClient, cast: Cast) -> None:
    response = enter(client, password="not it at all")

    assert response.status_code == 422
    assert "The address or the password is wrong." in response.text
    assert email_of("trainee") in response.text
    assert "not it at all" not in response.text


def test_an_unknown_address_is_answered_like_a_wrong_password(client: FlaskClient, cast: Cast) -> None:
    known, unknown = enter(client, "trainee", "wrong password"), enter(client, "nobody", "wrong password")

    assert known.status_code == unknown.status_code == 422
    assert known.text.replace("trainee", "nobody").count("wrong") == unknown.text.count("wrong")


def test_the_cookie_holds_a_random_token_and_nothing_of_the_person(client: FlaskClient, cast: Cast) -> None:
    enter(client)
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"_user_id", "_permanent", "csrf_token", "_flashes"}
        assert len(cookie["_user_id"]) >= 43


def test_a_session_from_before_signing_in_is_dropped(client: FlaskClient, cast: Cast) -> None:
    """A cookie somebody planted must not become a sign-in that he knows."""
    with client.session_transaction() as cookie:
        cookie["planted"] = "yes"
    enter(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_the_address_is_taken_as_people_type_it(client: FlaskClient, cast: Cast) -> None:
    token = form_token(client)
    typed = {"email": "  Trainee@Demo.Example ", "password": PASSWORD, "csrf_token": token}

    assert client.post("/sign-in", data=typed).status_code == 302


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x", ""])
def test_nobody_is_led_to_another_site(client: FlaskClient, cast: Cast, target: str) -> None:
    assert enter(client, next=target).location == "/"


def test_who_has_left_cannot_sign_in(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context(), writing(engine()) as session:
        session.get_one(PersonRow, cast["trainee"]).active = False

    assert enter(client).status_code == 422


def test_a_refusal_is_in_the_audit_without_the_password(app: Flask, client: FlaskClient, cast: Cast) -> None:
    enter(client, password="wrong password")
    with app.app_context(), reading(engine()) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "sign-in refused")).one()
        assert entry.subject == email_of("trainee")
        assert "wrong password" not in str(entry.detail)


def test_an_attacker_is_stopped_and_told_how_long(client: FlaskClient, cast: Cast) -> None:
    for _ in range(10):
        assert enter(client, password="wrong password").status_code == 422
    response = enter(client)

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Please wait 15 min" in response.text


def test_an_attacker_never_locks_the_owner_out(app: Flask, client: FlaskClient, cast: Cast) -> None:
    enter(client)  # she has been here before
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    attacker = app.test_client()
    while enter(attacker, password="wrong password").status_code != 429:
        pass

    assert enter(client).status_code == 302


def test_a_known_device_is_stopped_too(client: FlaskClient, cast: Cast) -> None:
    enter(client)
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    answers = [enter(client, password="wrong password").status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_an_attackers_own_device_opens_no_other_account(app: Flask, client: FlaskClient, cast: Cast) -> None:
    enter(client, "outsider")
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    answers = [enter(client, "trainee", "wrong password").status_code for _ in range(11)]

    assert answers[-1] == 429


def test_demo_accounts_work_on_this_machine_only(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context(), writing(engine()) as session:
        session.get_one(PersonRow, cast["trainee"]).demo = True
    assert enter(client).status_code == 422  # this server was not started as the demo
    app.extensions["kamtrain.settings"] = app.extensions["kamtrain.settings"].model_copy(update={"demo": True})
    form = {"email": email_of("trainee"), "password": PASSWORD, "csrf_token": form_token(client)}
    for elsewhere in (
        {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}},
        {"environ_overrides": {"SERVER_NAME": "192.0.2.1"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
    ):
        assert client.post("/sign-in", data=form, **elsewhere).status_code == 422

    assert client.post("/sign-in", data=form).status_code == 302
    assert client.get("/account", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 302


def test_a_password_made_with_old_parameters_is_made_anew(app: Flask, client: FlaskClient, cast: Cast) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with app.app_context(), writing(engine()) as session:
        session.get_one(PersonRow, cast["trainee"]).password_hash = old
    assert enter(client).status_code == 302
    with app.app_context(), reading(engine()) as session:
        assert "m=19456,t=2,p=1" in (session.get_one(PersonRow, cast["trainee"]).password_hash or "")
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    assert enter(client).status_code == 302


def test_who_is_signed_in_already_goes_on(client_for: ClientFor) -> None:
    response = client_for("trainee").get("/sign-in?next=/learn")

    assert response.location == "/learn"


def test_every_sign_in_is_a_row_of_its_own(app: Flask, client: FlaskClient, cast: Cast) -> None:
    enter(client)
    enter(app.test_client())
    with app.app_context(), reading(engine()) as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 2
