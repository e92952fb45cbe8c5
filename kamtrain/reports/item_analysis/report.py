"""Item analysis: every trainee's first finished attempt at a quiz, and what stands in it for each question."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, Text, and_, case, cast, extract, func, select
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core import analysis
from kamtrain.core.analysis import LONGEST, Choice, Figures, Given, Reliability, Sheet, Times
from kamtrain.core.errors import NotFound
from kamtrain.core.message import N_, Message, message
from kamtrain.core.people import Scope
from kamtrain.core.quiz import Question, Quiz
from kamtrain.core.table import Column, Row, Table
from kamtrain.items import TYPES, choices
from kamtrain.reports import unchanged
from kamtrain.store.attempts import Attempt, Draft, OutcomeRow, Response
from kamtrain.store.base import table_of
from kamtrain.store.people import PersonRow

_people, _attempts, _responses = table_of(PersonRow).c, table_of(Attempt).c, table_of(Response).c
_outcomes, _later, _drafts = table_of(OutcomeRow).c, table_of(OutcomeRow).alias("later"), table_of(Draft).c

TIMED = 1_000  # attempts


@dataclass(frozen=True)
class Option:
    """One option in the file's order, which is the one letters speak of; a trainee may have seen another one."""

    label: str  # "C", or "2C" in the second list of a question
    html: str
    right: bool
    chosen: int


@dataclass(frozen=True)
class Line:
    """One question as it is now."""

    id: str
    title: str
    figures: Figures
    times: Times | None  # None of too few answers
    parts: tuple[tuple[Option, ...], ...]  # of each list to choose from
    advice: tuple[Message, ...]


@dataclass(frozen=True)
class Analysis:
    quiz: Quiz
    people: int  # whose first finished attempt is looked at
    reliability: Reliability | None
    lines: tuple[Line, ...]


def quizzes(session: Session, scope: Scope, library: Library) -> dict[str, int]:
    """Quiz -> trainees who have finished it at least once, for those in the library. One statement."""
    rows = session.execute(
        select(_attempts.activity_id, func.count(_attempts.person_id.distinct()))
        .join_from(table_of(Attempt), table_of(PersonRow), _people.id == _attempts.person_id)
        .where(*_counted(scope))
        .group_by(_attempts.activity_id)
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {id: found[id] for id in library.quizzes if id in found}


@dataclass(slots=True)
class _Held:
    """One answer, and how many gave it."""

    given: Given
    times: int = 0


def analysed(
    session: Session, scope: Scope, revision_id: int, library: Library, quiz_id: str, language: str, *, options: bool
) -> Analysis:
    """The analysis of one quiz as it is in `library`, which is that of the revision. Raises `NotFound`.

    With `options`, what was chosen of each list, and what that advises, for those who may see the key.
    Two statements for the answers and the times they took, and three for what they were given to.
    """
    if quiz_id not in library.quizzes:
        raise NotFound(message("There is no such quiz."))
    quiz = library.quiz(quiz_id, language)
    attempted = select(_attempts.revision_id).where(_attempts.kind == "quiz", _attempts.activity_id == quiz_id)
    known = unchanged.manifests(session, (revision_id, *session.scalars(attempted.distinct())))
    same = unchanged.questions(session, known, revision_id, library, quiz_id)
    first = (
        select(func.min(_attempts.id).label("id"))
        .join_from(table_of(Attempt), table_of(PersonRow), _people.id == _attempts.person_id)
        .where(*_counted(scope), _attempts.activity_id == quiz_id)
        .group_by(_attempts.person_id)
        .subquery("first")
    )
    # Marking again adds an outcome; the newest one counts.
    newer = and_(_later.c.response_id == _outcomes.response_id, _later.c.id > _outcomes.id)
    rows = session.execute(
        select(
            _attempts.id,
            _attempts.revision_id,
            _responses.item_id,
            cast(_responses.response, Text),  # many are alike: each text is read once
            _outcomes.points,
            _outcomes.possible,
        )
        .join_from(first, table_of(Attempt), _attempts.id == first.c.id)
        .join(table_of(Response), _responses.attempt_id == _attempts.id)
        .join(table_of(OutcomeRow), _outcomes.response_id == _responses.id)
        .outerjoin(_later, newer)
        .where(_later.c.id.is_(None))
    )
    sheets: dict[int, dict[str, Given]] = defaultdict(dict)
    # The same answer is given by many, and is read and held once: a hundred thousand values cost more than the statement.
    held: dict[tuple[Any, ...], _Held] = {}
    for row in chain.from_iterable(rows.partitions(2_000)):
        key = row[1:]
        one = held.get(key)
        if one is None:
            revision, question, text, points, possible = key
            omitted = all(part is None for part in json.loads(text))
            one = held[key] = _Held(Given(points, possible, omitted, question in same[revision]))
        one.times += 1
        sheets[row[0]][key[1]] = one.given
    taken = _taken(session, first, same)
    said: dict[str, Counter[str]] = defaultdict(Counter)  # question -> stored response -> how often
    for key, one in held.items():
        if one.given.current:
            said[key[1]][key[2]] += one.times
    filled: Sequence[Sheet] = list(sheets.values())
    numbers = analysis.figures(filled, [question.id for question in quiz.questions])
    lines = tuple(
        _line(question, numbers[question.id], taken[question.id], said[question.id] if options else None)
        for question in quiz.questions
    )
    return Analysis(quiz, len(filled), analysis.reliability(filled), lines)


def _taken(session: Session, first: Subquery, same: Mapping[int, frozenset[str]]) -> dict[str, Counter[int]]:
    """Question -> seconds -> how many took them; one statement, and as few rows as there are different times.

    A question takes from the answer before it, or from the start, until its own was handed in; where all were handed in
    at the end, until it was saved last. So the time holds the reading of what was said to the answer before. Of many
    thousand attempts the last `TIMED` say it as well as all.
    """
    last = select(first.c.id).order_by(first.c.id.desc()).limit(TIMED).subquery("last")
    saved = and_(_drafts.attempt_id == _responses.attempt_id, _drafts.position == _responses.position)
    moment = case((_responses.submitted_at < _attempts.finished_at, _responses.submitted_at), else_=_drafts.saved_at)
    answers = (
        select(_attempts.id, _attempts.revision_id, _attempts.started_at, _responses.item_id, moment.label("moment"))
        .join_from(last, table_of(Attempt), _attempts.id == last.c.id)
        .join(table_of(Response), _responses.attempt_id == _attempts.id)
        .outerjoin(table_of(Draft), saved)
        .subquery("answers")
        .c
    )
    before = func.lag(answers.moment).over(partition_by=answers.id, order_by=answers.moment)
    ends, begins = extract("epoch", answers.moment), extract("epoch", func.coalesce(before, answers.started_at))
    seconds = (cast(ends, Integer) - cast(begins, Integer)).label("seconds")
    each = select(answers.revision_id, answers.item_id, seconds).where(answers.moment.is_not(None)).subquery("each").c
    capped = case((each.seconds > LONGEST, LONGEST), else_=each.seconds)
    found: dict[str, Counter[int]] = defaultdict(Counter)
    rows = select(each.revision_id, each.item_id, capped, func.count()).group_by(each.revision_id, each.item_id, capped)
    for revision, question, taken, times in session.execute(rows):
        if question in same[revision]:
            found[question][taken] += times
    return found


def _counted(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Trainees only: whoever wrote a quiz, and tries it, is no measure of it."""
    where = (_attempts.kind == "quiz", _attempts.finished_at.is_not(None), _people.is_trainee.is_(True))
    return where if scope.teams is None else (*where, _people.team_id.in_(sorted(scope.teams)))


def _line(question: Question, figures: Figures, taken: Mapping[int, int], said: Mapping[str, int] | None) -> Line:
    parts = [] if said is None else [_options(question, place, said) for place in range(len(question.parts))]
    options = tuple(part for part in parts if part)
    chosen = [[Choice(one.label, one.right, one.chosen) for one in part] for part in options]
    advice = analysis.advice(figures, chosen)
    return Line(question.id, question.title, figures, analysis.times(taken), options, advice)


def _options(question: Question, place: int, said: Mapping[str, int]) -> tuple[Option, ...]:
    """The options of one part with how many chose each; () where there is nothing to choose from."""
    part = question.parts[place]
    item_type = TYPES[part.type]
    if not isinstance(getattr(part.item, "options", None), tuple):
        return ()
    shown = item_type.review(part.item, tuple(range(len(part.item.options))), None)
    if not isinstance(shown, choices.Review):
        return ()
    counts: Counter[int] = Counter()
    for text, times in said.items():
        response = json.loads(text)[place]
        for option in [response] if isinstance(response, int) else response or ():
            counts[option] += times
    number = str(place + 1) if len(question.parts) > 1 else ""
    return tuple(
        Option(f"{number}{option.letter}", option.html, option.right, counts[at])
        for at, option in enumerate(shown.options)
    )


COLUMNS = (
    Column("question", N_("Question")),
    Column("answers", N_("Answers"), "number"),
    Column("older", N_("Answers before it was changed"), "number"),
    Column("right", N_("Right"), "percent"),
    Column("relation", N_("Goes with the rest"), "decimal"),
    Column("omitted", N_("Left open"), "percent"),
    Column("time", N_("Time (median, seconds)"), "number"),
    Column("quick", N_("A quarter take less (seconds)"), "number"),
    Column("slow", N_("A quarter take more (seconds)"), "number"),
    Column("fifth_1", N_("Right: lowest fifth"), "percent"),
    Column("fifth_2", N_("Right: second fifth"), "percent"),
    Column("fifth_3", N_("Right: middle fifth"), "percent"),
    Column("fifth_4", N_("Right: fourth fifth"), "percent"),
    Column("fifth_5", N_("Right: highest fifth"), "percent"),
    Column("advice", N_("What to do"), "reasons"),
)
CHOSEN = Column("chosen", N_("What is chosen (* is right)"))  # for those who may see the key


def table(found: Analysis, *, options: bool) -> Table:
    """One row for each question: what the screen shows, and the files hold."""
    columns = (*COLUMNS, CHOSEN) if options else COLUMNS
    return Table(columns, tuple(_row(line)[: len(columns)] for line in found.lines))


def _row(line: Line) -> Row:
    one, times = line.figures, line.times
    spread = (None, None, None) if times is None else (round(times.median), round(times.low), round(times.high))
    fifths = [_percent(share) for share in one.fifths] or [None] * analysis.FIFTHS
    relation = None if one.discrimination is None else round(one.discrimination, 2)
    listed = line.parts if one.facility is not None else ()
    chosen = "; ".join(f"{o.label}{'*' if o.right else ''} {o.chosen}" for part in listed for o in part)
    figures = (one.answers, one.older, _percent(one.facility), relation, _percent(one.omitted))
    return (line.title, *figures, *spread, *fifths, line.advice, chosen)


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)
