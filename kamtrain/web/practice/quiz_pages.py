"""The page values of quizzes, built from a run. What is shown before an answer holds neither key nor feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from flask import url_for

from kamtrain import items
from kamtrain.content.library import Library
from kamtrain.core.calibration import calibration
from kamtrain.core.gain import gains
from kamtrain.core.item import POINT, Outcome
from kamtrain.core.message import Message
from kamtrain.services.attempts import Run, open_parts_of, rule_of
from kamtrain.services.marking import Told
from kamtrain.web.marks import MarkView, mark_view

Verdict = Literal["right", "part", "wrong", "waiting", "marking"]  # marking: waits for a trainer, not for oneself


@dataclass(frozen=True)
class PartView:
    type: str
    prefix: str  # of the form's fields
    prompt: str  # HTML
    rule: Message | None
    view: Any  # the type's own: of `view` while asking, of `review` after
    shown: Any  # the response in shown positions, while asking
    marking: tuple[int, ...] | None = None  # the levels chosen so far where the trainee may mark; None: nothing to mark


@dataclass(frozen=True)
class Mark:
    """One place in the strip of questions."""

    number: int
    url: str
    state: Literal["open", "answered"] | Verdict
    current: bool


@dataclass(frozen=True)
class ReviewView:
    """One question after its answer is stored."""

    number: int
    title: str
    text: str
    lang: str
    verdict: Verdict
    points: str  # "1 / 2", in whole points or one decimal
    parts: tuple[PartView, ...]
    debrief: str
    mark_url: str  # "" where there is nothing to mark
    mark: MarkView | None = None  # a trainer's, where one marks it


@dataclass(frozen=True)
class Ends:
    """When the attempt is over. `soon`: today's clock says enough."""

    at: datetime
    now: datetime
    soon: bool
    finish_url: str


@dataclass(frozen=True)
class SureView:
    """One level of confidence."""

    confidence: int  # 1..3
    answers: int
    right: int
    share: int  # percent
    wrong: tuple[tuple[int, str], ...]  # (number, title) of questions that were not right, or not wholly


@dataclass(frozen=True)
class GainView:
    """One competency before and after the course."""

    name: str
    before: int  # percent
    after: int
    asked: tuple[int, int]  # questions before and after
    gain: int | None  # percent of what was missing; None: too little to say
    low: int | None  # of the 95 % interval
    high: int | None
    sure: bool  # more than chance would bring
    ceiling: bool


@dataclass(frozen=True)
class QuestionPage:
    quiz_title: str
    back_url: str  # to the activity's first page
    number: int
    count: int
    title: str
    text: str
    lang: str
    parts: tuple[PartView, ...]  # while asking
    review: ReviewView | None  # after the answer, in quizzes that show it now
    at_once: bool  # the answer is shown after each question
    strip: tuple[Mark, ...]
    answer_url: str
    draft_url: str
    next_url: str
    previous_url: str
    saved_at: datetime | None
    sequence: int
    error: Message | None
    ends: Ends | None
    asks_sure: bool
    sure: int | None  # what was said so far


@dataclass(frozen=True)
class OverviewPage:
    """Before the end: what is answered and what is not."""

    quiz_title: str
    back_url: str
    strip: tuple[Mark, ...]
    answered: int
    count: int
    finish_url: str
    at_once: bool
    told_at: datetime | None  # when the answers are shown; None: at the end
    ends: Ends | None


@dataclass(frozen=True)
class ResultPage:
    quiz_title: str
    back_url: str
    course_url: str
    score: int | None
    passing: int | None
    passed: bool | None
    waiting: bool
    by_trainer: bool  # it waits for a trainer, not for oneself
    finished_at: datetime | None
    number: int
    timed_out: bool
    told_at: datetime | None  # when answers are shown, where that is not yet
    calibration: tuple[SureView, ...]
    gains: tuple[GainView, ...]  # on a post-test, where there was a pre-test
    pretest_url: str  # its result; "" where there is none
    reviews: tuple[ReviewView, ...]
    again_url: str  # "" where no attempt is left
    next_title: str
    next_url: str


def points(thousandths: int) -> str:
    """Thousandths as a reader wants them: "2", "1.5"."""
    tenths = (thousandths + POINT // 20) // (POINT // 10)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def verdict(run: Run, position: int) -> Verdict:
    row = run.given[position]
    if row.points is None or row.possible is None:
        return "marking" if run.quiz.marking == "trainer" else "waiting"
    if row.points == row.possible:
        return "right"
    return "part" if row.points else "wrong"


def question_url(run: Run, position: int) -> str:
    return url_for("practice.question", attempt=run.attempt.id, number=position + 1)


def ends(run: Run, now: datetime) -> Ends | None:
    at = run.attempt.ends_at
    if at is None or not run.attempt.open:
        return None
    return Ends(at, now, at - now < timedelta(hours=12), url_for("practice.finish", attempt=run.attempt.id))


def told_at(run: Run, now: datetime) -> datetime | None:
    """When key and feedback are shown, where the quiz keeps them back now."""
    at = run.attempt.closes_at if run.quiz.feedback == "window" else None
    return at if at is not None and now < at else None


def sure_views(run: Run) -> tuple[SureView, ...]:
    """What was said to be sure beside what was right. The caller has asked whether answers may be seen."""
    answers = {
        place: (row.confidence, Outcome(row.points, row.possible))
        for place, row in run.given.items()
        if row.possible is not None
    }
    return tuple(
        SureView(
            level.confidence,
            level.answers,
            level.right,
            level.share,
            tuple(
                (place + 1, run.question(place).title)
                for place, (said, outcome) in answers.items()
                if said == level.confidence and outcome.points is not None and outcome.points < outcome.possible
            ),
        )
        for level in calibration(answers.values())
    )


def outcomes(run: Run) -> list[tuple[tuple[str, ...], Outcome]]:
    """The competencies of each question with what its answer brought."""
    return [
        (run.question(place).competencies, Outcome(row.points, row.possible))
        for place, row in run.given.items()
        if row.possible is not None
    ]


def gain_views(library: Library, before: Run, after: Run, language: str) -> tuple[GainView, ...]:
    """What was gained between a pre-test and a post-test, by competency."""

    def whole(value: float | None) -> int | None:
        return None if value is None else round(100 * value)

    return tuple(
        GainView(
            name=library.competency(one.competency, language),
            before=one.before,
            after=one.after,
            asked=(one.asked_before, one.asked_after),
            gain=whole(one.gain),
            low=whole(one.low),
            high=whole(one.high),
            sure=one.sure,
            ceiling=one.ceiling,
        )
        for one in gains(outcomes(before), outcomes(after))
    )


def strip(run: Run, now: datetime, current: int | None = None) -> tuple[Mark, ...]:
    """Verdicts only where the answer may be seen."""
    marks = []
    for position in range(len(run.draw)):
        state: Literal["open", "answered"] | Verdict
        if run.tells(position, now):
            state = verdict(run, position)
        else:
            state = "answered" if run.answered(position) else "open"
        marks.append(Mark(position + 1, question_url(run, position), state, position == current))
    return tuple(marks)


def asked(run: Run, position: int, responses: Sequence[Any] | None = None) -> tuple[PartView, ...]:
    """The parts before the answer; `responses` replace what is stored, to show a refused form again."""
    question, drawn = run.question(position), run.draw[position]
    given = run.responses(position) if responses is None else responses
    views = []
    for place, (part, order) in enumerate(zip(question.parts, drawn.orders, strict=True)):
        type = items.TYPES[part.type]
        views.append(
            PartView(
                type=part.type,
                prefix=f"part-{place}",
                prompt=part.prompt,
                rule=rule_of(run.quiz, type),
                view=type.view(part.item, order),
                shown=type.shown(part.item, order, given[place]),
            )
        )
    return tuple(views)


def review(run: Run, position: int, told: Told | None = None) -> ReviewView:
    """One question with key and feedback. The caller has asked `run.tells`. `told`: what is known of a trainer's mark."""
    question, drawn, row = run.question(position), run.draw[position], run.given[position]
    open_parts = open_parts_of(question)
    self_marked = open_parts if run.quiz.marking == "self" else {}
    parts = []
    for place, (part, order) in enumerate(zip(question.parts, drawn.orders, strict=True)):
        answered = row.response[place] is not None
        chosen = tuple(row.detail.get(str(place), ())) if row.detail and place in self_marked else ()
        parts.append(
            PartView(
                type=part.type,
                prefix=f"part-{place}",
                prompt=part.prompt,
                rule=None,
                view=items.TYPES[part.type].review(part.item, order, row.response[place]),
                shown=None,
                marking=chosen if place in self_marked and answered else None,
            )
        )
    marking = any(part.marking is not None for part in parts)
    return ReviewView(
        number=position + 1,
        title=question.title,
        text=question.text,
        lang=question.language,
        verdict=verdict(run, position),
        points="" if row.points is None else f"{points(row.points)} / {points(row.possible or 0)}",
        parts=tuple(parts),
        # The debrief of an open question is its model answer, which the item shows itself.
        debrief="" if any(row.response[place] is not None for place in open_parts) else question.debrief,
        mark_url=url_for("practice.self_mark", attempt=run.attempt.id, number=position + 1) if marking else "",
        mark=mark_view(told, url_for("practice.appeal", attempt=run.attempt.id, number=position + 1)) if told else None,
    )
