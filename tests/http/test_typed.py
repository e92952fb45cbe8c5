"""What was typed into a form that is refused stands in the refusal, for its own site only."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from kamtrain.core.errors import Conflict
from kamtrain.core.message import message
from tests.cast import form_token

TYPED = "An answer of many <b>words</b>."


def refusing(app: Flask) -> FlaskClient:
    def view() -> str:
        raise Conflict(message("Somebody was faster."))

    app.view_functions["account.preferences"] = view
    return app.test_client()


def sent(client: FlaskClient, **headers: str) -> str:
    form = {"text": TYPED, "new_password": "a long secret password", "go": "next", "csrf_token": form_token(client)}
    return client.post("/preferences", data=form, headers=headers).text


def test_what_was_typed_is_shown_and_escaped(app: Flask) -> None:
    page = sent(refusing(app), **{"Sec-Fetch-Site": "same-origin"})

    assert "An answer of many &lt;b&gt;words&lt;/b&gt;." in page
    assert "secret password" not in page


def test_another_sites_text_is_never_shown(app: Flask) -> None:
    assert "many" not in sent(refusing(app), **{"Sec-Fetch-Site": "cross-site"})
