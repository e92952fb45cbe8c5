"""/forgot, /reset/<token> and /setup/<token>: links that work once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kamtrain.http.database import engine
from kamtrain.services import people
from kamtrain.store.base import reading, writing
from kamtrain.store.outbox import Mail
from kamtrain.store.people import PersonRow, identity_of, token_hash
from tests.cast import PASSWORD, Cast, email_of, form_token
from tests.web.account.test_sign_in import enter

ClientFor = Callable[[str], FlaskClient]
NEW = "eleven blue ladders"


def ask(client: FlaskClient, name: str) -> list[Mail]:
    """Ask for a reset and look into the outbox."""
    response = client.post("/forgot", data={"email": email_of(name), "csrf_token": form_token(client)})
    assert response.location == "/forgot?sent=1"
    with client.application.app_context(), reading(engine()) as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))


def link_in(mail: Mail) -> str:
    found = re.search(r"http://localhost(/reset/\S+)", mail.body)
    assert found
    return found[1]


def choose(client: FlaskClient, url: str, password: str = NEW, repeated: str = NEW) -> int:
    form = {"password": password, "repeated": repeated, "csrf_token": form_token(client)}
    return client.post(url, data=form).status_code


def test_it_works(client: FlaskClient, cast: Cast) -> None:
    [mail] = ask(client, "trainee")
    assert mail.recipient == email_of("trainee")
    page = client.get(link_in(mail))
    assert email_of("trainee") in page.text
    assert choose(client, link_in(mail)) == 302

    assert client.get("/account").status_code == 200  # signed in at once
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    assert enter(client, password=PASSWORD).status_code == 422
    assert enter(client, password=NEW).status_code == 302


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: FlaskClient, cast: Cast) -> None:
    assert ask(client, "nobody") == []


def test_it_works_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    [mail] = ask(client, "trainee")
    assert choose(client, link_in(mail)) == 302
    other = app.test_client()

    assert other.get(link_in(mail)).status_code == 409
    assert choose(other, link_in(mail)) == 409


def test_who_was_sent_many_links_has_a_good_one_or_gets_one(client: FlaskClient, cast: Cast) -> None:
    """Whoever asks in her name can fill the count of her address, but not keep her without a link."""
    mails = [ask(client, "trainee") for _ in range(5)][-1]
    assert len(mails) == 3
    assert client.get(link_in(mails[0])).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=False):
        assert client.get(link_in(mails[-1])).status_code == 409
        assert len(ask(client, "trainee")) == 4


def test_it_ends_after_half_an_hour(client: FlaskClient, cast: Cast) -> None:
    [mail] = ask(client, "trainee")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=False):
        response = client.get(link_in(mail))

    assert response.status_code == 409
    assert 'href="/forgot"' in response.text


def test_it_ends_all_sign_ins(client_for: ClientFor, client: FlaskClient) -> None:
    elsewhere = client_for("trainee")
    [mail] = ask(client, "trainee")
    choose(client, link_in(mail))

    assert elsewhere.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("password", "repeated", "said"),
    [
        ("short", "short", "at least 10 characters"),
        ("x" * 201, "x" * 201, "200 characters at most"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "easily guessed"),
        ("trainee@demo.example", "trainee@demo.example", "easily guessed"),
        ("kamtrain-demo", "kamtrain-demo", "easily guessed"),
        (NEW, "something else", "The two passwords differ"),
    ],
)
def test_a_bad_password_is_refused_and_the_link_stays_good(
    client: FlaskClient, cast: Cast, password: str, repeated: str, said: str
) -> None:
    [mail] = ask(client, "trainee")
    form = {"password": password, "repeated": repeated, "csrf_token": form_token(client)}
    response = client.post(link_in(mail), data=form)

    assert response.status_code == 422
    assert said in response.text
    assert choose(client, link_in(mail)) == 302


def test_the_mail_speaks_the_language_of_who_gets_it(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context(), writing(engine()) as session:
        session.get_one(PersonRow, cast["trainee"]).language = "zh-Hans"
    [mail] = ask(client, "trainee")

    assert "/reset/" in mail.body


def test_a_forged_host_gets_no_link(client: FlaskClient, cast: Cast) -> None:
    """Else a mail of ours would lead to whoever asked for it."""
    form = {"email": email_of("trainee"), "csrf_token": form_token(client)}
    cookie = client.get_cookie("kamtrain")
    assert cookie is not None
    client.set_cookie("kamtrain", cookie.value, domain="evil.example")
    response = client.post("/forgot", data=form, environ_overrides={"HTTP_HOST": "evil.example"})

    assert response.status_code == 409
    assert "KAMTRAIN_BASE_URL" in response.text


def test_nobody_is_buried_under_mail(client: FlaskClient, cast: Cast) -> None:
    for _ in range(5):
        mails = ask(client, "trainee")

    assert len(mails) == 3


def test_the_first_admin_is_made_by_a_link_once(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), writing(engine()) as session:
        token = people.first_admin_link(session, datetime.now(UTC))
    assert token
    page = client.get(f"/setup/{token}")
    assert page.status_code == 200
    form = {"email": "Ada@Example.com", "name": "Ada", "language": "en", "time_zone": "UTC",
            "password": NEW, "repeated": NEW, "csrf_token": form_token(client)}  # fmt: skip
    assert client.post(f"/setup/{token}", data={**form, "email": "no address"}).status_code == 422
    assert client.post(f"/setup/{token}", data=form).status_code == 302

    assert client.get("/admin/people").status_code == 200
    assert app.test_client().get(f"/setup/{token}").status_code == 409
    with app.app_context(), writing(engine()) as session:
        assert people.first_admin_link(session, datetime.now(UTC)) is None


def test_a_setup_link_chooses_no_password_and_a_reset_link_makes_no_admin(client: FlaskClient, cast: Cast) -> None:
    [mail] = ask(client, "trainee")

    assert client.get(link_in(mail).replace("/reset/", "/setup/")).status_code == 409


def test_a_sign_in_ends_when_unused_for_long(app: Flask, client: FlaskClient, cast: Cast) -> None:
    enter(client)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    now = datetime.now(UTC)
    with app.app_context(), reading(engine()) as session:
        assert identity_of(session.connection(), token_hash(token), now - timedelta(days=30)) is not None
        assert identity_of(session.connection(), token_hash(token), now + timedelta(seconds=1)) is None
