"""The screens of item analysis: the quizzes somebody has finished, and one quiz with its questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import format_decimal

from kamtrain.content.library import Library
from kamtrain.core.analysis import FIFTHS, Reliability, judgement
from kamtrain.core.errors import NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Role
from kamtrain.core.table import Table
from kamtrain.http import database, locale
from kamtrain.reports.item_analysis import report
from kamtrain.services.people import scope_of
from kamtrain.services.publishing import library_at


@dataclass(frozen=True)
class QuizzesPage:
    quizzes: tuple[tuple[str, str, str, int], ...]  # (title, its language, url, trainees)


@dataclass(frozen=True)
class OptionView:
    label: str
    html: str
    right: bool
    chosen: int
    percent: int


@dataclass(frozen=True)
class LineView:
    """One question. Percents and seconds are whole; None where nothing can be said."""

    title: str
    answers: int
    older: int
    right: int | None
    relation: str  # two decimals with its sign, or "–"
    omitted: int | None
    time: int | None
    quick: int | None
    slow: int | None
    fifths: tuple[int | None, ...]
    parts: tuple[tuple[OptionView, ...], ...]
    advice: tuple[str, ...]


@dataclass(frozen=True)
class QuizPage:
    title: str
    lang: str
    people: int
    reliability: str  # a sentence
    judgement: str  # a sentence, or ""
    lines: tuple[LineView, ...]
    key: bool  # whether options, and which is right, are shown: to those who write questions
    csv_url: str
    xlsx_url: str


def quizzes_page() -> QuizzesPage:
    language = locale.language()
    with database.reading() as session:
        library = library_at(session, g.revision) if g.revision is not None else Library()
        counts = report.quizzes(session, scope_of(session, g.person), library)
    return QuizzesPage(
        tuple(
            (
                library.title("quiz", id, language),
                library.quiz(id, language).language,
                url_for("insight.items_of", quiz=id),
                people,
            )
            for id, people in counts.items()
        )
    )


def _found(quiz: str) -> tuple[report.Analysis, bool]:
    """The analysis, and whether the reader may see the key. Raises `NotFound`."""
    # A manager may be asked the same questions; what is right is in the studio, for those who write them.
    key = g.person.has(Role.trainer, Role.admin)
    with database.reading() as session:
        if g.revision is None:
            raise NotFound(message("There is no such quiz."))
        scope, library = scope_of(session, g.person), library_at(session, g.revision)
        return report.analysed(session, scope, g.revision, library, quiz, locale.language(), options=key), key


def quiz_table(quiz: str) -> Table:
    """What the files hold. Raises `NotFound`."""
    found, key = _found(quiz)
    return report.table(found, options=key)


def quiz_page(quiz: str) -> QuizPage:
    """Raises `NotFound`."""
    found, key = _found(quiz)
    table = report.table(found, options=key)
    names = [column.name for column in table.columns]
    lines = (_line(line, dict(zip(names, row, strict=True))) for line, row in zip(found.lines, table.rows, strict=True))
    return QuizPage(
        title=found.quiz.title,
        lang=found.quiz.language,
        people=found.people,
        reliability=_said(found.reliability),
        judgement=locale.translate(judgement(found.reliability)) if found.reliability else "",
        lines=tuple(lines),
        key=key,
        csv_url=url_for("insight.items_file", quiz=quiz, format="csv"),
        xlsx_url=url_for("insight.items_file", quiz=quiz, format="xlsx"),
    )


def _said(one: Reliability | None) -> str:
    if one is None:
        return locale.translate(message("Reliability: too few people have answered the same questions."))
    return locale.translate(
        message(
            "Reliability (Cronbach’s alpha): %(alpha)s; with 95%% certainty between %(low)s and %(high)s. "
            "%(people)s people, %(questions)s questions.",
            alpha=_decimal(one.alpha),
            low=_decimal(one.low),
            high=_decimal(one.high),
            people=one.people,
            questions=one.questions,
        )
    )


def _decimal(value: float) -> str:
    return str(format_decimal(value, "0.00"))


def _line(line: report.Line, row: dict[str, Any]) -> LineView:
    """`row` is that of the files; what they do not hold, the options' texts, comes from `line`."""
    relation = row["relation"]
    fifths = tuple(row[f"fifth_{place}"] for place in range(1, FIFTHS + 1))
    return LineView(
        title=row["question"],
        answers=row["answers"],
        older=row["older"],
        right=row["right"],
        relation="–" if relation is None else str(format_decimal(relation, "+0.00;−0.00")),
        omitted=row["omitted"],
        time=row["time"],
        quick=row["quick"],
        slow=row["slow"],
        fifths=fifths if line.figures.fifths else (),
        parts=tuple(
            tuple(
                OptionView(one.label, one.html, one.right, one.chosen, round(100 * one.chosen / line.figures.answers))
                for one in part
            )
            for part in (line.parts if line.figures.facility is not None else ())
        ),
        advice=tuple(map(locale.translate, row["advice"])),
    )
