"""The texts of the mail we send, in the language of who gets it, and the address its links begin with."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from flask import current_app, request
from flask_babel import gettext

from kamtrain.core.errors import Closed
from kamtrain.core.message import message
from kamtrain.core.people import Person
from kamtrain.http.locale import speaking


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def base_url() -> str:
    """The address people reach us at, without a slash at its end.

    The request's own address is believed on this machine only: elsewhere it is whatever the sender says, and a link
    in a mail would lead to him. Raises Closed where the setting is missing.
    """
    configured: str = current_app.extensions["kamtrain.settings"].base_url
    if configured:
        return configured.rstrip("/")
    host = request.host.rsplit(":", 1)[0].strip("[]")
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise Closed(
            message("Mail with links needs the address of this site. An administrator sets it: KAMTRAIN_BASE_URL.")
        )
    return request.host_url.rstrip("/")


def reset_letter(person: Person, url: str) -> Letter:
    """`url` is where the password is chosen."""
    with speaking(person.language):
        return Letter(
            gettext("Choose a new password for kamtrain"),
            gettext(
                "Hello %(name)s,\n\n"
                "with this link you choose a new password. It works once, within 30 minutes:\n\n"
                "%(url)s\n\n"
                "If you did not ask for it, you need do nothing: your password stays as it is.\n",
                name=person.name,
                url=url,
            ),
        )


def invitation_letter(person: Person, url: str) -> Letter:
    with speaking(person.language):
        return Letter(
            gettext("Your account at kamtrain"),
            gettext(
                "Hello %(name)s,\n\n"
                "an account was made for you. With this link you choose your password; it works once, within 7 days:\n\n"
                "%(url)s\n\n"
                "After that, sign in with your address %(email)s.\n",
                name=person.name,
                url=url,
                email=person.email,
            ),
        )


def marked_letter(person: Person, title: str, url: str) -> Letter:
    """`title` is of what was marked; `url` "" where the address of this site is not known."""
    with speaking(person.language):
        return Letter(
            gettext("Your answers are marked: %(title)s", title=title),
            gettext(
                "Hello %(name)s,\n\n"
                "a trainer has marked your answers in “%(title)s”. You see the mark with its reasons on the page of the "
                "result.\n\n%(url)s\n",
                name=person.name,
                title=title,
                url=url,
            ),
        )


def decided_letter(person: Person, title: str, url: str) -> Letter:
    """As `marked_letter`, after an appeal."""
    with speaking(person.language):
        return Letter(
            gettext("Your appeal is decided: %(title)s", title=title),
            gettext(
                "Hello %(name)s,\n\n"
                "your appeal against a mark in “%(title)s” is decided. You see the decision and why on the page of the "
                "result.\n\n%(url)s\n",
                name=person.name,
                title=title,
                url=url,
            ),
        )
