"""Every write carries the token of its session; one that does not is kept, not lost."""

from __future__ import annotations

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

from kamtrain.core.errors import Forbidden
from kamtrain.core.message import message
from kamtrain.http import errors, kept, locale, pages


def install(app: Flask) -> None:
    """After `identity.install`: who is signed out is asked to sign in, not told that the form is stale."""
    # A form is good as long as its sign-in: a long quiz must not end in a refused answer.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # Over HTTPS Flask-WTF would ask for a Referer, which some company browsers withhold; the token suffices.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    CSRFProtect(app)
    app.register_error_handler(CSRFError, _refuse)


def _refuse(_error: CSRFError) -> ResponseReturnValue:
    if not pages.wants_json():
        try:
            return kept.stale()
        except Forbidden as refusal:  # Flask handles nothing that is raised while it handles an error
            return errors.answer(refusal.status, refusal.message)
    text = locale.translate(message("This page is from an earlier sign-in. Nothing was lost: please send it again."))
    # The new token is for our own script; another site cannot read this answer.
    return jsonify(status=400, code="stale-form", message=text, csrf_token=generate_csrf()), 400
