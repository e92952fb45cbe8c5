"""/sign-out"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.cast import form_token

ClientFor = Callable[[str], FlaskClient]


def test_a_copied_cookie_is_dead_afterwards(app: Flask, client_for: ClientFor) -> None:
    client = client_for("trainee")
    copy = app.test_client()
    cookie = client.get_cookie("kamtrain")
    assert cookie is not None
    copy.set_cookie("kamtrain", cookie.value)
    assert copy.get("/account").status_code == 200
    response = client.post("/sign-out", data={"csrf_token": form_token(client)})

    assert response.location == "/sign-in"
    assert client.get("/account").location == "/sign-in?next=/account"
    assert copy.get("/account").status_code == 302


def test_a_link_on_another_site_signs_nobody_out(client_for: ClientFor) -> None:
    client = client_for("trainee")

    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/account").status_code == 200


def test_who_is_not_signed_in_may_sign_out(client: FlaskClient) -> None:
    assert client.post("/sign-out", data={"csrf_token": form_token(client)}).status_code == 302
