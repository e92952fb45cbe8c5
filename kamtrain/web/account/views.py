"""Signing in and out, one's own profile, password and preferences."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("account", __name__)


@blueprint.get("/sign-in")
def sign_in() -> str:
    return ""
