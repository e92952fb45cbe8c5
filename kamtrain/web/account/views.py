"""Signing in and out, one-time links, one's own profile, password and preferences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug import Response

from kamtrain.core.accounts import (
    Fault,
    Profile,
    email_faults,
    normal_email,
    normal_name,
    own_faults,
    password_faults,
)
from kamtrain.core.errors import Closed, Forbidden, Invalid, TooMany
from kamtrain.core.language import INTERFACE
from kamtrain.core.message import message
from kamtrain.core.people import Role
from kamtrain.http import database, devices, errors, forms, identity, kept, letters, limits, locale, pages, redirects
from kamtrain.http.forms import Errors, text
from kamtrain.http.limits import Bucket
from kamtrain.services import outbox, passwords, people
from kamtrain.store.people import LinkOwner, credentials_of
from kamtrain.web.account import signing
from kamtrain.web.account.pages import ChoosePage, ForgotPage, PasswordPage, ProfilePage, SignInPage

blueprint = Blueprint("account", __name__)

YEAR = 365 * 86_400  # seconds


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if request.method != "POST":
        target = redirects.safe_next(request.args.get("next"))
        return redirect(target) if g.person else pages.render("account/sign_in.html", SignInPage(next=target))
    try:
        person_id, token = signing.attempt(text("email"), text("password"), datetime.now(UTC))
    except (Invalid, Forbidden) as refusal:
        wrong = Errors((("password", locale.translate(refusal.message)),))
        return pages.render("account/sign_in.html", _sign_in_page(errors=wrong), 422)
    except TooMany as refusal:
        response = pages.render("account/sign_in.html", _sign_in_page(wait=locale.translate(refusal.message)), 429)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    return _enter(person_id, token, redirects.safe_next(text("next")))


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    if token := identity.token():
        with database.writing() as session:
            people.sign_out(session, token, datetime.now(UTC))
    identity.end()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("account.sign_in"))


@blueprint.route("/forgot", methods=["GET", "POST"])
def forgot() -> ResponseReturnValue:
    if request.method != "POST":
        return pages.render("account/forgot.html", ForgotPage(sent="sent" in request.args))
    email = normal_email(text("email"))
    if wrong := forms.errors(email_faults(email)):
        return pages.render("account/forgot.html", ForgotPage(False, text("email"), wrong), 422)
    _post_reset(email)
    return redirect(url_for("account.forgot", sent="1"))


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    now = datetime.now(UTC)
    try:
        with database.reading() as session:
            owner = people.owner_of(session, token, now)
        if request.method != "POST":
            return _choose(owner)
        if wrong := forms.errors(_password_faults(owner)):
            return _choose(owner, wrong)
        new_hash = passwords.hashed(text("password"))
        with database.writing() as session:
            person_id = people.reset(session, token, new_hash, now)
            sign_in_token = people.begin(session, person_id, now)
    except Closed as refusal:
        return _gone(refusal)
    flash(gettext("Your new password is set."), "success")
    return _enter(person_id, sign_in_token, "/")


@blueprint.route("/setup/<token>", methods=["GET", "POST"])
def setup(token: str) -> ResponseReturnValue:
    now = datetime.now(UTC)
    with database.reading() as session:
        if people.owner_of(session, token, now).purpose != "first-admin":
            raise Closed(people.GONE)
    if request.method != "POST":
        return pages.render("account/setup.html", ProfilePage("", "", locale.language(), "UTC"))
    profile = _first_admin()
    faults = chain(
        email_faults(profile.email),
        own_faults(profile.name, profile.language, profile.time_zone),
        password_faults(text("password"), text("repeated"), profile.email, profile.name, demo=False),
    )
    if wrong := forms.errors(faults):
        shown = ProfilePage(text("email"), text("name"), profile.language, profile.time_zone, wrong)
        return pages.render("account/setup.html", shown, 422)
    new_hash = passwords.hashed(text("password"))
    with database.writing() as session:
        person_id = people.become_first_admin(session, token, profile, new_hash, now)
        sign_in_token = people.begin(session, person_id, now)
    return _enter(person_id, sign_in_token, "/")


@blueprint.route("/account", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    me = identity.me()
    if request.method != "POST":
        return pages.render("account/profile.html", ProfilePage(me.email, me.name, me.language, me.time_zone))
    name, language, time_zone = normal_name(text("name")), text("language"), text("time_zone")
    if wrong := forms.errors(own_faults(name, language, time_zone)):
        shown = ProfilePage(me.email, text("name"), language, time_zone, wrong)
        return pages.render("account/profile.html", shown, 422)
    with database.writing() as session:
        people.edit_own(session, me.id, name, language, time_zone)
    with locale.speaking(language):
        flash(gettext("Your profile is saved."), "success")
    return redirect(url_for("account.profile"))


@blueprint.route("/account/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    me = identity.me()
    if request.method != "POST":
        return pages.render("account/password.html", PasswordPage(me.email))
    faults = [*_current_password_faults(), *password_faults(
        text("password"), text("repeated"), me.email, me.name, demo=False
    )]  # fmt: skip
    if wrong := forms.errors(faults):
        return pages.render("account/password.html", PasswordPage(me.email, wrong), 422)
    new_hash = passwords.hashed(text("password"))
    with database.writing() as session:
        people.change_password(session, me.id, new_hash, identity.token(), datetime.now(UTC))
    flash(gettext("Your password is changed. You are signed out on all other devices."), "success")
    return redirect(url_for("account.profile"))


@blueprint.post("/preferences")
def preferences() -> ResponseReturnValue:
    """Language and appearance: for everybody, signed in or not, so they stand in cookies."""
    response = redirect(redirects.safe_next(text("next")))
    if (language := text("language")) in INTERFACE:
        _remember(response, locale.COOKIE, language)
        if g.person is not None and g.person.language != language:
            with database.writing() as session:
                people.set_language(session, g.person.id, language)
    if (theme := text("theme")) in pages.THEMES:
        _remember(response, pages.THEME_COOKIE, theme)
    return response


def _sign_in_page(errors: Errors | None = None, wait: str = "") -> SignInPage:
    target = redirects.safe_next(text("next"))
    return SignInPage(text("email"), target, text(kept.FIELD), wait, errors or Errors())


def _enter(person_id: int, token: str, target: str) -> Response:
    """Put the sign-in into the cookie and go on: to `target`, or to the form that waited for it."""
    identity.begin(token)
    response: Response
    if form := kept.unsign(text(kept.FIELD)):
        identity.adopt(token)
        response = kept.resume(form)
    else:
        response = redirect(target)
    devices.remember(response, person_id)
    return response


def _post_reset(email: str) -> None:
    """Put the mail with the link into the outbox. To an address that is nobody's, or had several, none; nobody is told."""
    limits.check(client := [Bucket("10 per hour", f"forgot-client:{limits.client_address()}")])
    limits.count(client)
    address = [Bucket("3 per 30 minutes", f"forgot:{email}")]  # as long as a link is good: when it is full, one is
    try:
        limits.check(address)
    except TooMany:
        return
    limits.count(address)
    base, now = letters.base_url(), datetime.now(UTC)
    with database.writing() as session:
        link = people.request_reset(session, email, identity.demo_works(), now)
        if link is not None:
            letter = letters.reset_letter(link.person, base + url_for("account.reset", token=link.token))
            outbox.post(session, link.person.id, link.person.email, letter.subject, letter.body, now)


def _choose(owner: LinkOwner, wrong: Errors | None = None) -> ResponseReturnValue:
    if owner.person is None:
        raise Closed(people.GONE)
    shown = ChoosePage(owner.person.email, owner.purpose == "invitation", wrong or Errors())
    return pages.render("account/choose.html", shown, 422 if wrong else 200)


def _password_faults(owner: LinkOwner) -> Sequence[Fault]:
    if owner.person is None:
        raise Closed(people.GONE)
    return list(
        password_faults(text("password"), text("repeated"), owner.person.email, owner.person.name, demo=owner.demo)
    )


def _current_password_faults() -> list[Fault]:
    """Whether the current password is right. Guesses at an unwatched desk are counted too."""
    me = identity.me()
    counted = [Bucket(signing.PER_ACCOUNT, f"change:{me.id}")]
    limits.check(counted)
    with database.reading() as session:
        found = credentials_of(session, me.email)
    if found is not None and passwords.matches(text("current"), found.password_hash):
        return []
    limits.count(counted)
    return [Fault("current", message("This is not your current password."))]


def _first_admin() -> Profile:
    return Profile(
        email=normal_email(text("email")),
        name=normal_name(text("name")),
        roles=frozenset({Role.admin}),
        team_id=None,
        language=text("language"),
        time_zone=text("time_zone"),
    )


def _gone(refusal: Closed) -> ResponseReturnValue:
    again = (gettext("Ask for a new link"), url_for("account.forgot"))
    return errors.answer(refusal.status, refusal.message, again)


def _remember(response: Response, cookie: str, value: str) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(cookie, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
