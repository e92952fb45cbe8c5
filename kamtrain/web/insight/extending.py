"""The screen of extensions: what its form holds, and the page around it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import g

from kamtrain.core.errors import Invalid
from kamtrain.core.message import message
from kamtrain.http import database, locale
from kamtrain.http.forms import Errors, text, whole
from kamtrain.services.extensions import Wanted, extendable
from kamtrain.services.people import scope_of
from kamtrain.services.publishing import library_at
from kamtrain.store.attempts import Extended, extensions_in


@dataclass(frozen=True)
class Fields:
    """The form as it was typed."""

    email: str = ""
    quiz: str = ""
    minutes: str = "0"
    attempts: str = "0"
    closes: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ExtensionsPage:
    fields: Fields
    quizzes: tuple[tuple[str, str], ...]  # (id, title)
    titles: dict[str, str]
    given: tuple[Extended, ...]
    errors: Errors


def sent() -> Fields:
    """Without what no database keeps."""
    return Fields(**{field.name: text(field.name).replace("\x00", "").strip() for field in fields(Fields)})


def wanted(typed: Fields) -> Wanted:
    """What the fields mean. Raises `Invalid`."""
    minutes, attempts = whole(typed.minutes or "0"), whole(typed.attempts or "0")
    if minutes is None:
        raise Invalid(message("Write a whole number."), "minutes")
    if attempts is None:
        raise Invalid(message("Write a whole number."), "attempts")
    try:
        closes = datetime.fromisoformat(typed.closes) if typed.closes else None
    except ValueError:
        raise Invalid(message("Write a day and a time, as in 2027-03-01 18:00."), "closes") from None
    if closes is not None and (closes.tzinfo is not None or not 2000 <= closes.year <= 2200):
        raise Invalid(message("Write a day and a time, as in 2027-03-01 18:00."), "closes")
    return Wanted(typed.email, typed.quiz, minutes, attempts, closes, typed.reason)


NOTHING_WRONG = Errors()


def page(typed: Fields, errors: Errors = NOTHING_WRONG) -> ExtensionsPage:
    """Two queries: whom one may see, and who has what. A form with a person and a quiz alone is filled with that."""
    with database.reading() as session:
        library = library_at(session, g.revision) if g.revision is not None else None
        given = extensions_in(session, scope_of(session, g.person))
    language = locale.language()
    known = next((one for one in given if (one.email, one.quiz) == (typed.email, typed.quiz)), None)
    if known is not None and typed == Fields(typed.email, typed.quiz):
        there = known.closes_at.astimezone(ZoneInfo(known.zone)) if known.closes_at else None
        typed = Fields(
            email=known.email,
            quiz=known.quiz,
            minutes=str(known.minutes),
            attempts=str(known.attempts),
            closes=f"{there:%Y-%m-%dT%H:%M}" if there else "",
            reason=known.reason,
        )
    ids = extendable(library) if library is not None else ()
    titles = {id: library.title("quiz", id, language) for id in ids} if library is not None else {}
    titles |= {one.quiz: one.quiz for one in given if one.quiz not in titles}
    return ExtensionsPage(typed, tuple((id, titles[id]) for id in ids), titles, given, errors)
