"""The page value of agreement: kappas with their intervals, drift, and what to read once more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_skeleton
from flask import url_for
from flask_babel import format_decimal, get_locale
from sqlalchemy.orm import Session

from kamtrain.core import agreement
from kamtrain.core.agreement import Kappa
from kamtrain.core.people import Person
from kamtrain.http import locale
from kamtrain.services import works
from kamtrain.services.agreements import agreement_of
from kamtrain.services.marking import reader_of
from kamtrain.services.results import Head
from kamtrain.store import marking as store


@dataclass(frozen=True)
class KappaView:
    """`kappa` "" where there are too few pairs."""

    names: tuple[str, ...]
    pairs: int
    kappa: str
    low: str
    high: str
    judgement: str


@dataclass(frozen=True)
class DriftView:
    """One marker: for each month (mean, everybody's, difference with its sign), None where there are too few."""

    name: str
    months: tuple[tuple[str, str, str] | None, ...]


@dataclass(frozen=True)
class AgreementPage:
    courses: tuple[tuple[str, str], ...]
    course: str
    works: int
    fewest: int
    all: KappaView
    by_readers: tuple[KappaView, ...]
    by_question: tuple[KappaView, ...]
    months: tuple[str, ...]
    drift: tuple[DriftView, ...]
    again: tuple[tuple[str, str, int], ...]  # (title, url, most levels apart)
    queue_url: str


MONTHS = 6  # the last ones of those with marks


def agreement_page(session: Session, head: Head, person: Person, course: str, now: datetime) -> AgreementPage:
    """Six queries."""
    language = locale.language()
    reader = reader_of(session, head.library, person)
    found = agreement_of(session, reader, course, now)
    lines = {line.id: line for line in store.works_of(session, [one.work for one in found.again])}
    months = sorted({month for means in found.drift.values() for month in means})[-MONTHS:]
    return AgreementPage(
        courses=tuple(
            (id, head.library.title("course", id, language)) for id in store.courses_with_works(session, reader)
        ),
        course=course,
        works=found.works,
        fewest=agreement.FEW,
        all=_view((), found.pairs, found.all),
        by_readers=tuple(
            _view((found.names.get(a, ""), found.names.get(b, "")), pairs, kappa)
            for (a, b), (pairs, kappa) in found.by_readers.items()
        ),
        by_question=tuple(
            _view((works.question_title(head.library, activity, item, language),), pairs, kappa)
            for (activity, item), (pairs, kappa) in found.by_question.items()
        ),
        months=tuple(
            format_skeleton("yMMM", date.fromisoformat(f"{month}-01"), locale=get_locale()) for month in months
        ),
        drift=tuple(
            DriftView(found.names.get(id, ""), tuple(_mean(means.get(month)) for month in months))
            for id, means in sorted(found.drift.items(), key=lambda pair: found.names.get(pair[0], ""))
        ),
        again=tuple(
            (
                works.title_of(head.library, lines[one.work], language),
                url_for("marking.work", work=one.work, tab="done"),
                one.most,
            )
            for one in found.again
        ),
        queue_url=url_for("marking.queue"),
    )


def _view(names: Iterable[str], pairs: int, found: Kappa | None) -> KappaView:
    if found is None:
        return KappaView(tuple(names), pairs, "", "", "", "")
    kappa, low, high = (format_decimal(value, "0.00") for value in (found.kappa, found.low, found.high))
    return KappaView(tuple(names), pairs, kappa, low, high, locale.translate(agreement.judgement(found)))


def _mean(one: agreement.Mean | None) -> tuple[str, str, str] | None:
    if one is None:
        return None
    apart = one.mean - one.everybody
    return (
        format_decimal(one.mean, "0.0"),
        format_decimal(one.everybody, "0.0"),
        format_decimal(apart, "+0.0;−0.0"),
    )
