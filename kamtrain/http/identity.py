"""Who asks, and whether she may ask for this route: one query a request, then the table of permissions.

Flask-Login stands behind this module alone. The session cookie holds a random token; the rest is in the database, so
that a sign-in ended there is ended everywhere.
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from flask import Flask, Request, Response, current_app, g, jsonify, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError

from kamtrain.core.access import ROUTES, may_enter
from kamtrain.core.errors import Forbidden, NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Person
from kamtrain.http import database, kept, limits, locale, pages, redirects
from kamtrain.settings import Settings
from kamtrain.store import base
from kamtrain.store.people import identity_of, renew_sign_in, token_hash

logger = logging.getLogger(__name__)

SEEN = timedelta(hours=1)  # how exactly `seen_at` is kept: a read must not write
WITHOUT = frozenset({"static", "health.healthz"})  # nobody is asked for there, so the database neither


@dataclass(frozen=True)
class Identity:
    """Who asks (None: nobody is signed in), and the head revision as it was when she was looked up (None: none yet)."""

    person: Person | None
    revision: int | None


class _SignedIn:
    """What Flask-Login passes about. Its id is the token."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, person: Person | None) -> None:
        self.token = token
        self.person = person

    def get_id(self) -> str:
        return self.token


class _Sessions(SecureCookieSessionInterface):
    """Flask's own, but that the signer is made once, and a cookie's signature checked once, not with each request."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if "kamtrain.signer" not in app.extensions:
            app.extensions["kamtrain.signer"] = super().get_signing_serializer(app)
        signer: URLSafeTimedSerializer | None = app.extensions["kamtrain.signer"]
        return signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        signer, text = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        if signer is None or not text:
            return super().open_session(app, request)
        try:
            content, signed_at = _unsigned(signer, text)
        except BadSignature:
            return self.session_class()
        age = datetime.now(UTC) - signed_at
        if not timedelta(0) <= age <= app.permanent_session_lifetime:
            return self.session_class()
        return self.session_class(signer.load_payload(content))


@lru_cache(10_000)
def _unsigned(signer: URLSafeTimedSerializer, text: str) -> tuple[bytes, datetime]:
    """What a cookie holds and when it was signed. Raises BadSignature."""
    stamped = signer.make_signer(signer.salt)
    assert isinstance(stamped, TimestampSigner)
    return stamped.unsign(text, return_timestamp=True)


def install(app: Flask) -> None:
    app.session_interface = _Sessions()
    settings: Settings = app.extensions["kamtrain.settings"]
    app.config.update(
        SESSION_COOKIE_NAME="kamtrain",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        # The cookie is renewed with `seen_at`, not by every response.
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.sign_in_days),
    )
    manager = LoginManager()
    # The token is the proof; Flask-Login's own hash of browser and address would sign people out who change networks.
    manager.session_protection = None
    # Or it would load the person for every template.
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load)
    app.before_request(admit)
    app.after_request(_renew)


def current() -> Identity:
    """The identity of this request."""
    return Identity(g.person, g.revision)


def me() -> Person:
    """The person who is signed in. The table of permissions has seen to it that there is one."""
    person: Person | None = g.person
    if person is None:
        raise Forbidden(message("Please sign in first."))
    return person


def begin(token: str) -> None:
    """Put a new sign-in's token into the cookie; what an earlier session held is dropped, its form token too."""
    session.clear()
    session.permanent = True
    login_user(_SignedIn(token, None))
    # Flask-Login's notes on browser and freshness are not used here.
    session.pop("_id", None)
    session.pop("_fresh", None)


def adopt(token: str) -> None:
    """Be the person of a new sign-in for the rest of this request, where it still shows a page."""
    if (user := _load(token)) is not None:
        g.person = user.person


def end() -> None:
    """Forget the sign-in in this browser; services.people.sign_out ends it for good."""
    session.clear()


def token() -> str | None:
    """The token this browser came with, if any."""
    value = session.get("_user_id")
    return value if isinstance(value, str) else None


def admit() -> ResponseReturnValue | None:
    """Load the identity and hold the route against the table: a route that is not in it is closed to all."""
    g.person, g.revision = None, None
    if request.endpoint in WITHOUT:
        return None
    if "\0" in request.path or "\0" in request.query_string.decode("latin-1") or "%00" in request.full_path:
        raise NotFound(message("There is no such page."))
    if current_user.is_authenticated:
        g.person = current_user.person
    limits.bound(g.person)
    if request.endpoint is None or may_enter(request.endpoint, g.person):
        return None  # routing itself answers what has no endpoint
    if g.person is None and request.endpoint in ROUTES:
        return _ask_for_sign_in()
    raise Forbidden(message("This page is not for your role. If you need it, ask an administrator."))


def demo_works() -> bool:
    """Whether demo accounts work: in the demo, where client and server talk within one machine, with no proxy between.

    A proxy need not say that it is one; so a server that was not started as the demo refuses them altogether.
    """
    settings: Settings = current_app.extensions["kamtrain.settings"]
    if not settings.demo:
        return False
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")):
        return False
    listening = request.environ.get("SERVER_NAME", "")
    if _is_address(listening) and not _is_loopback(listening):
        return False
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return _is_loopback(request.remote_addr or "") and (host == "localhost" or _is_loopback(host.strip("[]")))


def _load(value: str) -> _SignedIn | None:
    now = datetime.now(UTC)
    settings: Settings = current_app.extensions["kamtrain.settings"]
    oldest = now - timedelta(days=settings.sign_in_days)
    found = identity_of(database.connection(), token_hash(value), oldest)
    if found is None or (found.demo and not demo_works()):
        return None
    g.revision = found.revision
    g.renew_sign_in = now - found.seen_at > SEEN
    return _SignedIn(value, found.person)


def _ask_for_sign_in() -> ResponseReturnValue:
    if pages.wants_json():
        text = locale.translate(message("Your sign-in has ended. Sign in again; what you typed stays here."))
        return jsonify(status=401, code="signed-out", message=text, sign_in=url_for("account.sign_in")), 401
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("account.sign_in", next=redirects.here()))
    return kept.signed_out()


def _renew(response: Response) -> Response:
    """Note that the sign-in is in use, at most hourly and in a transaction of its own, after the request's work."""
    if not g.pop("renew_sign_in", False) or (value := token()) is None:
        return response
    now = datetime.now(UTC)
    try:
        with base.writing(database.engine()) as writing:
            renew_sign_in(writing, token_hash(value), now, now - SEEN)
    except SQLAlchemyError:
        # The page is ready and the sign-in good; the next request tries again.
        logger.warning("a sign-in could not be renewed", exc_info=True)
        return response
    session.modified = True
    return response


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_loopback(text: str) -> bool:
    return _is_address(text) and ipaddress.ip_address(text).is_loopback
