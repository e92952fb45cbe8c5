"""/account, /account/password and /preferences"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.cast import PASSWORD, Cast, form_token
from tests.web.account.test_sign_in import enter

ClientFor = Callable[[str], FlaskClient]
NEW = "eleven blue ladders"


def test_a_profile_is_changed(client_for: ClientFor) -> None:
    client = client_for("trainee")
    form = {"name": " 王  芳 ", "language": "zh-Hans", "time_zone": "Asia/Shanghai", "csrf_token": form_token(client)}
    assert client.post("/account", data=form).location == "/account"
    page = client.get("/account").text

    assert 'value="王 芳"' in page
    assert '<html lang="zh-Hans"' in page


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("name", "x" * 121), ("language", "tlh"), ("time_zone", "Moon/Far")]
)
def test_a_profile_that_cannot_be_is_refused(client_for: ClientFor, field: str, value: str) -> None:
    client = client_for("trainee")
    form = {"name": "Tess", "language": "en", "time_zone": "UTC", field: value, "csrf_token": form_token(client)}

    assert client.post("/account", data=form).status_code == 422


def test_a_password_is_changed_and_other_devices_are_signed_out(client_for: ClientFor, client: FlaskClient) -> None:
    here, elsewhere = client_for("trainee"), client_for("trainee")
    form = {"current": PASSWORD, "password": NEW, "repeated": NEW, "csrf_token": form_token(here)}
    assert here.post("/account/password", data=form).location == "/account"

    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert enter(client, password=NEW).status_code == 302


def test_a_password_is_not_changed_without_the_current_one(client_for: ClientFor) -> None:
    client = client_for("trainee")
    form = {"current": "a wrong guess", "password": NEW, "repeated": NEW, "csrf_token": form_token(client)}
    answers = [client.post("/account/password", data=form).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_preferences_are_kept_for_who_is_not_signed_in(client: FlaskClient) -> None:
    form = {"language": "zh-Hant", "theme": "dark", "next": "/sign-in", "csrf_token": form_token(client)}
    assert client.post("/preferences", data=form).location == "/sign-in"
    page = client.get("/sign-in").text

    assert '<html lang="zh-Hant" data-bs-theme="dark"' in page


def test_preferences_of_a_person_go_with_her(client_for: ClientFor, cast: Cast) -> None:
    client = client_for("trainee")
    client.post("/preferences", data={"language": "zh-Hans", "csrf_token": form_token(client)})

    assert '<html lang="zh-Hans"' in client_for("trainee").get("/account").text


def test_preferences_that_do_not_exist_change_nothing(client: FlaskClient) -> None:
    form = {"language": "tlh", "theme": "pink", "next": "//evil.example", "csrf_token": form_token(client)}

    assert client.post("/preferences", data=form).location == "/"
    assert '<html lang="en" data-bs-theme="auto"' in client.get("/sign-in").text
