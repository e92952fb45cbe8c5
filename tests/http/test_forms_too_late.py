"""A form that comes too late, twice, or from elsewhere: refused clearly, and nothing that was typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.cast import PASSWORD, Cast, email_of, form_token

ClientFor = Callable[[str], FlaskClient]
HERE = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"name": "A name that was typed with care", "language": "en", "time_zone": "UTC"}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def test_a_form_after_the_sign_in_has_ended_asks_for_the_password_and_goes_on(client: FlaskClient, cast: Cast) -> None:
    first = client.post("/account?x=1", data=TYPED, headers=HERE)
    assert first.status_code == 401
    assert TYPED["name"] in first.text
    signed = {
        "email": email_of("trainee"), "password": PASSWORD,
        "kept": hidden(first.text, "kept"), "csrf_token": form_token(client),
    }  # fmt: skip
    second = client.post("/sign-in", data=signed, headers=HERE)
    assert second.status_code == 200
    assert 'action="/account?x=1"' in second.text
    again = {name: hidden(second.text, name) for name in TYPED} | {"csrf_token": form_token(client)}
    assert client.post("/account?x=1", data=again, headers=HERE).status_code == 302

    assert TYPED["name"] in client.get("/account").text


def test_a_wrong_password_in_between_keeps_the_form(client: FlaskClient, cast: Cast) -> None:
    first = client.post("/account", data=TYPED, headers=HERE)
    kept = hidden(first.text, "kept")
    form = {"email": email_of("trainee"), "password": "wrong", "kept": kept, "csrf_token": form_token(client)}
    second = client.post("/sign-in", data=form, headers=HERE)

    assert second.status_code == 422
    assert hidden(second.text, "kept") == kept


def test_a_form_with_an_old_token_is_shown_to_be_sent_again(client_for: ClientFor) -> None:
    client = client_for("trainee")
    response = client.post("/account", data=TYPED | {"csrf_token": "of another time"}, headers=HERE)

    assert response.status_code == 400
    assert hidden(response.text, "name") == TYPED["name"]
    assert hidden(response.text, "csrf_token") != "of another time"


def test_a_waiting_form_survives_a_sign_in_in_another_tab(
    client: FlaskClient, cast: Cast, client_for: ClientFor
) -> None:
    kept = hidden(client.post("/account", data=TYPED, headers=HERE).text, "kept")
    signed_in = client_for("trainee")
    response = signed_in.post("/sign-in", data={"kept": kept, "csrf_token": "stale"}, headers=HERE)

    assert hidden(response.text, "name") == TYPED["name"]


def test_a_forged_form_is_never_offered_for_sending(client: FlaskClient, client_for: ClientFor) -> None:
    for browser in (client_for("trainee"), client):
        for sender in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
            {"Origin": "https://evil.example"},
            {"Origin": "http://localhost.evil.example"},
            {"Referer": "http://localhost:1234/"},
            {"Origin": "null"},
            {},
        ):
            response = browser.post("/account", data=TYPED, headers=sender)
            assert response.status_code == 403
            assert TYPED["name"] not in response.text


def test_a_forged_kept_form_is_nothing(client: FlaskClient, cast: Cast) -> None:
    form = {"email": email_of("trainee"), "password": PASSWORD, "kept": "forged", "csrf_token": form_token(client)}

    assert client.post("/sign-in", data=form, headers=HERE).location == "/"


def test_a_password_is_never_put_back_into_a_page(client: FlaskClient, client_for: ClientFor) -> None:
    form = {"current": PASSWORD, "password": "a new one to be", "repeated": "a new one to be", "csrf_token": "old"}
    response = client_for("trainee").post("/account/password", data=form, headers=HERE)

    assert response.location == "/account/password"
    assert "a new one" not in response.text
    signed_out = client.post("/account/password", data=form, headers=HERE)
    assert signed_out.location == "/sign-in?next=/account/password"
    assert PASSWORD not in signed_out.text


def test_a_script_is_told_in_json_and_gets_a_new_token(client_for: ClientFor) -> None:
    client = client_for("trainee")
    headers = {"X-CSRFToken": "old", "Sec-Fetch-Mode": "cors"}
    response = client.post("/account", data=TYPED, headers=headers)

    assert response.status_code == 400
    assert response.json is not None
    assert response.json["code"] == "stale-form"
    headers["X-CSRFToken"] = response.json["csrf_token"]
    assert client.post("/account", data=TYPED, headers=headers).status_code == 302


def test_a_script_of_somebody_signed_out_is_told_where_to_sign_in(client: FlaskClient) -> None:
    response = client.post("/account", json={}, headers={"X-CSRFToken": "x"})

    assert response.status_code == 401
    assert response.json is not None
    assert response.json["code"] == "signed-out"
    assert response.json["sign_in"] == "/sign-in"
