"""The language and zone a page speaks: the person's, else the cookie's, else the browser's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import lru_cache
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import dates, numbers
from flask import Flask, g, request
from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_decimal,
    get_locale,
    get_timezone,
    get_translations,
    gettext,
    ngettext,
)

from kamtrain.core.language import INTERFACE
from kamtrain.core.message import Argument, Message, message

COOKIE = "language"
TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


def install(app: Flask) -> None:
    Babel(app, locale_selector=lambda: _locale(language()), timezone_selector=time_zone)
    # Flask-Babel looks the catalogue up anew for each of the many texts of a page; here once a request.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().gettext(text),
        ngettext=lambda one, many, count: _catalogue().ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters.update(
        translate=translate,
        listed=listed,
        datetime=_datetime,
        date=_date,
        clock=clock,
        duration=duration,
        span=span,
        number=format_decimal,
        percent=percent,
    )


def language() -> str:
    """The BCP 47 tag of the interface for this request: one of `core.language.INTERFACE`."""
    person = g.get("person")
    if person is not None and person.language in INTERFACE:
        return str(person.language)
    return request_language()


def request_language() -> str:
    """The language of somebody we do not know: the cookie's, else the browser's, else English."""
    if not request:
        return INTERFACE[0]
    chosen = request.cookies.get(COOKIE)
    if chosen in INTERFACE:
        return str(chosen)
    for tag in request.accept_languages.values():
        if known := interface_language(tag):
            return known
    return INTERFACE[0]


def interface_language(tag: str) -> str | None:
    """The interface language for a browser's tag: "zh-TW" -> "zh-Hant", "en-GB" -> "en"; None where there is none."""
    first, *rest = tag.lower().replace("_", "-").split("-")
    if first == "zh":
        return "zh-Hant" if TRADITIONAL.intersection(rest) and "hans" not in rest else "zh-Hans"
    return "en" if first == "en" else None


def time_zone() -> str:
    """The IANA name of the person's zone; UTC for somebody we do not know."""
    person = g.get("person")
    return "UTC" if person is None else str(person.time_zone)


def translate(said: Message) -> str:
    """`said` in the language of the page."""
    text = _catalogue().gettext(said.id)
    if not said.arguments:
        return text
    return text % {name: _argument(one) for name, one in said.arguments.items()}


def _argument(one: Argument) -> str | int:
    if isinstance(one, Message):
        return translate(one)
    return listed(one) if isinstance(one, tuple) else one


def listed(names: Iterable[str]) -> str:
    """Names one after the other, as the language parts them: "a, b"."""
    return str(gettext(", ")).join(names)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Within the block, translations are in the interface language `tag`: for mail to somebody else."""
    page = g.pop("catalogue", None)
    try:
        with force_locale(_locale(tag if tag in INTERFACE else INTERFACE[0])):
            yield
    finally:
        g.catalogue = page


def percent(value: int | None) -> str:
    """Whole percents, 0..100, as the language writes them; "–" where there is none."""
    return "–" if value is None else _percent(value, str(get_locale()))


@lru_cache(1_000)
def _percent(value: int, locale: str) -> str:
    return str(numbers.format_percent(value / 100, locale=locale))


def clock(value: datetime) -> str:
    """The time of day in the person's zone, as the language writes it: "14:03"."""
    there = value.astimezone(ZoneInfo(time_zone()))
    return _minute(time(there.hour, there.minute), _locale(language()))


def _catalogue() -> NullTranslations:
    """The texts in the language of the page."""
    if g.get("catalogue") is None:
        g.catalogue = get_translations()
    catalogue: NullTranslations = g.catalogue
    return catalogue


def duration(minutes: int) -> str:
    """Minutes as a reader says them: "25 min", "1 h 50 min"."""
    if minutes < 90:
        return translate(message("%(n)s min", n=minutes))
    return translate(message("%(hours)s h %(n)s min", hours=minutes // 60, n=minutes % 60))


def span(minutes: int) -> str:
    """A rule's length of time as one says it: "20 min", "1 h", "1 h 30 min", "2 days"."""
    if minutes % 1440 == 0:
        return str(ngettext("%(num)s day", "%(num)s days", minutes // 1440))
    if minutes % 60 == 0:
        return translate(message("%(hours)s h", hours=minutes // 60))
    return duration(minutes)


def _locale(tag: str) -> str:
    return tag.replace("-", "_")  # as Babel names locales


def _datetime(value: datetime | None) -> str:
    """Day and minute in the person's zone, as the language writes them shortly."""
    # As `format_datetime` does, from parts that are kept: a report shows the same days and minutes again and again.
    return moments()(value)


def moments() -> Callable[[datetime | None], str]:
    """`datetime` for many moments of one page: zone and language are asked for once."""
    zone, locale = get_timezone(), str(get_locale())
    joint = _joint(locale)

    def said(value: datetime | None) -> str:
        if value is None:
            return "–"
        there = value.astimezone(zone)
        return joint.format(_minute(time(there.hour, there.minute), locale), _day(there.date(), locale))

    return said


@lru_cache(10_000)
def _day(day: date, locale: str) -> str:
    return str(dates.format_date(day, "short", locale=locale))


@lru_cache(10_000)
def _minute(minute: time, locale: str) -> str:
    return str(dates.format_time(minute, "short", locale=locale))


@lru_cache
def _joint(locale: str) -> str:
    """How the language puts time {0} and day {1} together."""
    return str(dates.get_datetime_format("short", locale=locale)).replace("'", "")


def _date(value: datetime | None, style: str = "medium") -> str:
    return "–" if value is None else str(format_date(value, style))
