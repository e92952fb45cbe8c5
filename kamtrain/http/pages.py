"""One value into one template: `page` is all a template knows, `shell` what the frame around it needs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from flask import Flask, Response, current_app, flash, g, make_response, request, session, url_for
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError

from kamtrain.core.access import may_enter
from kamtrain.core.language import INTERFACE, OWN_NAMES
from kamtrain.core.message import N_, Message
from kamtrain.core.people import Person
from kamtrain.http import database, headers, locale, templates
from kamtrain.services import marking
from kamtrain.services.publishing import library_at
from kamtrain.services.results import Head

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")

MARKING = "marking.queue"

# The endpoint each area opens with; an area is shown to whoever may enter it, by the first that is open to them.
AREAS = (
    (N_("Learn"), "learn.start"),
    (N_("Workbench"), "workbench.home"),
    (N_("Studio"), "studio.shelf"),
    (N_("Marking"), MARKING),
    (N_("Insight"), "insight.completion"),
    (N_("Insight"), "insight.start"),
    (N_("People"), "admin.people"),
)

LANGUAGES = tuple((tag, OWN_NAMES[tag]) for tag in INTERFACE)

AREA_OF = {"practice": "learn", "drill": "learn", "negotiation": "learn"}  # practising is part of learning


@dataclass(frozen=True)
class Shell:
    """What the frame of every page shows (templates/base.html)."""

    language: str  # BCP 47 tag of the interface
    languages: tuple[tuple[str, str], ...]  # tag, name in itself
    theme: str  # one of THEMES
    name: str  # of who is signed in; "" for nobody
    here: str  # where a form of the frame leads back to
    areas: tuple[tuple[str, str, bool], ...]  # label, url, whether one is in it
    demo: bool  # whether this is the demo company
    to_mark: int = 0  # works that wait for this person


def install(app: Flask) -> None:
    app.jinja_env.globals.update(csrf_token=form_token, style_nonce=headers.style_nonce)


def render(template: str, page: Any, status: int = 200) -> Response:
    """`template` (relative to web/templates) with `page`, a frozen dataclass, as its whole context."""
    return make_response(templates.render(template, page=page, shell=shell()), status)


def render_shared(template: str, page: Any) -> Response:
    """As `render`, for a page that many get alike: drawn once, and each one's name and form token put in."""
    frame = shell()
    if "_flashes" in session:
        return render(template, page)
    html = _shared(template, page, replace(frame, name=NAME if frame.name else ""))
    return make_response(html.replace(NAME, escape(frame.name)).replace(TOKEN, form_token()))


# Nothing an author writes can be one of them.
NAME, TOKEN = secrets.token_hex(), secrets.token_hex()


@lru_cache(500)
def _shared(template: str, page: Any, frame: Shell) -> str:
    g.form_token = TOKEN
    try:
        return templates.render(template, page=page, shell=frame)
    finally:
        del g.form_token


def form_token() -> str:
    """The form token of this session, made once for the several forms of a page."""
    if "form_token" not in g:
        g.form_token = generate_csrf()
    token: str = g.form_token
    return token


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
        languages=LANGUAGES,
        theme=theme if theme in THEMES else THEMES[0],
        name=person.name if person else "",
        here=request.full_path.rstrip("?") if request.method == "GET" else request.path,
        areas=_areas(person),
        demo=current_app.extensions["kamtrain.settings"].demo,
        to_mark=_to_mark(person),
    )


def _to_mark(person: Person | None) -> int:
    """Two queries for those who mark, and none for others. A page that says that the database is away says 0."""
    if person is None or g.get("revision") is None or not may_enter(MARKING, person):
        return 0
    try:
        with database.reading() as session:
            return marking.waiting_for(session, Head(g.revision, library_at(session, g.revision)), person)
    except SQLAlchemyError:
        return 0


def _areas(person: Person | None) -> tuple[tuple[str, str, bool], ...]:
    if person is None:
        return ()
    here = request.blueprint or ""
    first: dict[str, str] = {}
    for label, endpoint in AREAS:
        if may_enter(endpoint, person):
            first.setdefault(label, endpoint)
    return _links(tuple(first.items()), AREA_OF.get(here, here), request.script_root, locale.language())


@cache
def _links(
    areas: tuple[tuple[str, str], ...], current: str, _root: str, _language: str
) -> tuple[tuple[str, str, bool], ...]:
    """Label, address and whether one is there: found once for each language and place the application is mounted at."""
    return tuple(
        (gettext(label), url_for(endpoint), endpoint.partition(".")[0] == current) for label, endpoint in areas
    )
