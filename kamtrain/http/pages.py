"""One value into one template: `page` is all a template knows, `shell` what the frame around it needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, Response, current_app, flash, g, make_response, request, url_for
from flask_babel import gettext

from kamtrain.core.access import may_enter
from kamtrain.core.language import INTERFACE, OWN_NAMES
from kamtrain.core.message import N_, Message
from kamtrain.core.people import Person
from kamtrain.http import headers, locale, templates

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")

# The endpoint each area opens with; an area is shown to whoever may enter it.
AREAS = (
    (N_("Learn"), "learn.start"),
    (N_("Studio"), "studio.shelf"),
    (N_("Insight"), "insight.completion"),
    (N_("People"), "admin.people"),
)

AREA_OF = {"practice": "learn"}  # practising is part of learning


@dataclass(frozen=True)
class Shell:
    """What the frame of every page shows (templates/base.html)."""

    language: str  # BCP 47 tag of the interface
    languages: tuple[tuple[str, str], ...]  # tag, name in itself
    theme: str  # one of THEMES
    person: Person | None  # None: not signed in
    areas: tuple[tuple[str, str, bool], ...]  # label, url, whether one is in it
    demo: bool  # whether this is the demo company


def install(app: Flask) -> None:
    app.jinja_env.globals["style_nonce"] = headers.style_nonce


def render(template: str, page: Any, status: int = 200) -> Response:
    """`template` (relative to web/templates) with `page`, a frozen dataclass, as its whole context."""
    return make_response(templates.render(template, page=page, shell=shell()), status)


def tell(text: Message, kind: str = "info") -> None:
    """Say something on the next page. kind: info, success, warning, danger."""
    flash(locale.translate(text), kind)


def wants_json() -> bool:
    """Whether a script asks rather than a person: it gets a refusal as JSON."""
    if request.is_json or request.headers.get("Sec-Fetch-Mode") in ("cors", "same-origin"):
        return True
    accept = request.accept_mimetypes
    return accept["application/json"] > accept["text/html"]


def shell() -> Shell:
    """What the frame of every page needs; a part of a page that a script fetches needs its language."""
    person: Person | None = g.get("person")
    theme = request.cookies.get(THEME_COOKIE)
    return Shell(
        language=locale.language(),
        languages=tuple((tag, OWN_NAMES[tag]) for tag in INTERFACE),
        theme=theme if theme in THEMES else THEMES[0],
        person=person,
        areas=_areas(person),
        demo=current_app.extensions["kamtrain.settings"].demo,
    )


def _areas(person: Person | None) -> tuple[tuple[str, str, bool], ...]:
    if person is None:
        return ()
    return tuple(
        (
            gettext(label),
            _area_url(request.script_root, endpoint),
            AREA_OF.get(request.blueprint or "", request.blueprint) == endpoint.partition(".")[0],
        )
        for label, endpoint in AREAS
        if endpoint in current_app.view_functions and may_enter(endpoint, person)
    )


@cache
def _area_url(_root: str, endpoint: str) -> str:
    """The address of an area, found once for each place the application is mounted at."""
    return url_for(endpoint)
