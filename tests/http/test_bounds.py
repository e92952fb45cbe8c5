"""What a request may ask with HEAD, and how much it may send."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kamtrain.core.people import Role
from kamtrain.http import limits
from tests.cast import Cast, form_token, role_of

ClientFor = Callable[[str], FlaskClient]
FORM = {"content_type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("name", ["anonymous", "trainee", "admin"])
def test_head_is_get_without_a_body(app: Flask, client_for: ClientFor, name: str) -> None:
    client = client_for(name)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            head = client.head(rule.rule)
            assert head.status_code == client.get(rule.rule).status_code, rule.rule
            assert head.data == b""


def test_head_writes_nothing_though_it_needs_no_token(app: Flask, client_for: ClientFor, cast: Cast) -> None:
    client = client_for("trainee")
    client.head("/account", data={"name": "Mallory", "language": "en", "time_zone": "UTC"})

    assert "Mallory" not in client.get("/account").text


@pytest.mark.parametrize("name", ["anonymous", "trainee", "trainer"])
def test_a_form_of_countless_fields_is_refused_before_it_is_read(client_for: ClientFor, name: str) -> None:
    response = client_for(name).post("/preferences", data=b"a&" * limits.FIELDS, **FORM)

    assert response.status_code == 413
    assert "what you typed is still in the form" in response.text


@pytest.mark.parametrize("name", ["anonymous", "trainee", "manager", "trainer", "admin"])
def test_only_who_writes_content_may_send_much(client_for: ClientFor, name: str) -> None:
    response = client_for(name).post("/preferences", data=b"a=" + b"a" * limits.SMALL, **FORM)
    writes = name != "anonymous" and role_of(name) in (Role.trainer, Role.admin)

    assert response.status_code == (403 if writes else 413)  # 403: it is read, and has no token


def test_brackets_without_end_are_what_cannot_be_read(client_for: ClientFor) -> None:
    client = client_for("trainer")
    response = client.post(
        "/studio/preview/quizzes/x.en.md",
        data=b"[" * 500_000,
        content_type="application/json",
        headers={"X-CSRFToken": form_token(client), "Sec-Fetch-Site": "same-origin"},
    )

    assert response.status_code == 422


def test_what_is_too_large_is_read_away_so_that_the_browser_sees_the_answer(client: FlaskClient) -> None:
    sent = io.BytesIO(b"a=" + b"a" * 3 * limits.SMALL)
    size = len(sent.getvalue())
    response = client.post("/preferences", input_stream=sent, content_length=size, **FORM)

    assert response.status_code == 413
    assert sent.tell() == size
