"""A form that came too late loses nothing: its fields are kept in the page that asks to sign in, or to send it again.

A form is offered again only where this site itself sent it; what another site made the browser send is refused plainly.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Response, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadData, URLSafeTimedSerializer

from kamtrain.core.errors import Forbidden
from kamtrain.core.message import message
from kamtrain.http import pages, redirects

AGE = 86_400  # seconds a kept form may be sent on
FIELD = "kept"
OURS = ("csrf_token", FIELD)  # fields that are made anew


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to, and its fields in order (repeated names stay)."""

    action: str
    fields: tuple[tuple[str, str], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What somebody has typed rather than chosen, to be read and copied."""
        return tuple(value for _, value in self.fields if len(value) > 20)


@dataclass(frozen=True)
class AgainPage:
    """`signed_out`: the password is asked for first. `token`: the form, signed, to travel through the sign-in."""

    form: Kept
    signed_out: bool
    token: str


def signed_out() -> ResponseReturnValue:
    """A form from somebody whose sign-in has ended: ask for it, and keep the form."""
    form = from_request()
    if holds_password():
        return redirect(url_for("account.sign_in", next=request.path))
    return _ask(form)


def stale() -> ResponseReturnValue:
    """A form whose token is not this session's: show it, and let the person send it again."""
    form = from_request()
    if waiting := unsign(request.form.get(FIELD, "")):
        # The sign-in form of `signed_out`, while another tab has signed in or out.
        return resume(waiting) if g.person else _ask(waiting)
    if holds_password():
        # Nobody wants a password in a page, so there is nothing to send again but the page to fill in anew.
        flash(gettext("That page had been open for too long. Please fill it in once more."), "warning")
        target = request.form.get("next")
        return redirect(f"{request.path}?{urlencode({'next': target})}" if target else request.path)
    return pages.render("account/again.html", AgainPage(form, False, ""), 400)


def resume(form: Kept) -> Response:
    """After the password: the form, to be sent on."""
    return pages.render("account/again.html", AgainPage(form, False, ""))


def _ask(form: Kept) -> Response:
    return pages.render("account/again.html", AgainPage(form, True, sign(form)), 401)


def sign(form: Kept) -> str:
    """`form` as text that cannot be forged, so that no other site can have a form of its choice sent on."""
    text = _serializer().dumps({"action": form.action, "fields": form.fields})
    return text.decode("ascii") if isinstance(text, bytes) else text


def unsign(text: str) -> Kept | None:
    """The form behind `text`; None where it is forged or too old."""
    try:
        data = _serializer().loads(text, max_age=AGE)
    except BadData:
        return None
    return Kept(data["action"], tuple((name, value) for name, value in data["fields"]))


def from_here() -> bool:
    """Whether the browser says that this very site sent the request (Fetch Metadata §2.1; Origin for older ones)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    sender = request.headers.get("Origin", request.headers.get("Referer", ""))
    return urlsplit(sender).netloc == request.host


def holds_password() -> bool:
    """Whether the form is about a password: its fields, also those of other names, are never put back into a page."""
    return "password" in request.form


def from_request() -> Kept:
    """The form that was sent. Raises `Forbidden` where another site sent it."""
    if not from_here():
        raise Forbidden(message("This form did not come from this site, so nothing was changed."))
    typed = request.form.items(multi=True)
    fields = tuple((name, value) for name, value in typed if name not in OURS and "password" not in name)
    return Kept(redirects.here(), fields)


def _serializer() -> URLSafeTimedSerializer:
    assert current_app.secret_key is not None
    return URLSafeTimedSerializer(current_app.secret_key, salt="kept-form")
