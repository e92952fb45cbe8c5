"""Known devices: a signed cookie remembers who has signed in here, so that an attacker elsewhere cannot lock her out.

(OWASP, "Slow Down Online Guessing Attacks with Device Cookies".) It proves nothing but that: it never signs anybody in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug import Response

COOKIE = "device"
AGE = 365 * 86_400  # seconds
PEOPLE = 10  # remembered on one device, the latest ones


@dataclass(frozen=True)
class Device:
    """`id` is random; `people` are the ids of those who have signed in on it."""

    id: str
    people: tuple[int, ...]


def current() -> Device | None:
    """The device that sent this request; None where it is not known, or its cookie was tampered with."""
    try:
        data = _serializer().loads(request.cookies.get(COOKIE, ""), max_age=AGE)
    except BadData:
        return None
    return Device(data["id"], tuple(data["people"]))


def remember(response: Response, person_id: int) -> None:
    """Note on this device that the person has signed in on it."""
    known = current() or Device(secrets.token_urlsafe(12), ())
    people = (*(id for id in known.people if id != person_id), person_id)[-PEOPLE:]
    value = _serializer().dumps({"id": known.id, "people": people})
    response.set_cookie(
        COOKIE,
        value if isinstance(value, str) else value.decode("ascii"),
        max_age=AGE,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _serializer() -> URLSafeTimedSerializer:
    assert current_app.secret_key is not None
    return URLSafeTimedSerializer(current_app.secret_key, salt="device")
