"""A briefing for the next live session of a course: few lines from many answers."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core import briefing
from kamtrain.core.briefing import Need, Trainee
from kamtrain.core.calibration import SURE
from kamtrain.core.catalog import Course
from kamtrain.core.people import Scope
from kamtrain.core.quiz import Question
from kamtrain.core.scenario import for_variant
from kamtrain.items import TYPES, choices
from kamtrain.reports import unchanged
from kamtrain.store.attempts import Attempt, OutcomeRow, Response
from kamtrain.store.base import table_of
from kamtrain.store.drills import DrillAnswer
from kamtrain.store.learning import Enrollment, Summary
from kamtrain.store.people import PersonRow

FEWEST = 3  # answers; what one or two did is theirs, and no topic for a session
PAIRS, READS, COSTS, PEOPLE, TALKS = 3, 4, 3, 6, 3  # lines of each part, so that all of it is one page

_people, _attempts, _responses = table_of(PersonRow).c, table_of(Attempt).c, table_of(Response).c
_outcomes, _later = table_of(OutcomeRow).c, table_of(OutcomeRow).alias("later")
_drilled, _summaries, _enrollments = table_of(DrillAnswer).c, table_of(Summary).c, table_of(Enrollment).c


@dataclass(frozen=True)
class Pair:
    """What was taken for something else in a drill."""

    drill: str
    truth: str  # id of an answer
    chosen: str
    times: int
    asked: int  # times the truth was asked for


@dataclass(frozen=True)
class Read:
    """A wrong answer that many gave. `html` is "" for whoever may not see the key."""

    quiz: str
    question: Question
    html: str
    chosen: int
    answers: int
    sure: int  # of all who answered this question: sure, and with less than half of the points


@dataclass(frozen=True)
class Cost:
    """A line in a conversation after which the good ending was missed more often than without it."""

    scenario: str
    variant: str
    scene: str
    html: str
    missed: int  # of those who said it
    said: int
    others_missed: int
    others: int


@dataclass(frozen=True)
class Briefing:
    people: int  # trainees who have begun the course
    passed: int
    pairs: tuple[Pair, ...]
    reads: tuple[Read, ...]
    costs: tuple[Cost, ...]
    needs: tuple[Need, ...]
    more: int  # who need help and are not among them


def within(scope: Scope, team: int | None) -> tuple[ColumnElement[bool], ...]:
    """Active trainees in `scope`, of one team or of all."""
    where: list[ColumnElement[bool]] = [_people.is_trainee.is_(True), _people.active.is_(True)]
    if scope.teams is not None:
        where.append(_people.team_id.in_(sorted(scope.teams)))
    if team is not None:
        where.append(_people.team_id == team)
    return tuple(where)


def begun(session: Session, scope: Scope, library: Library) -> dict[str, int]:
    """Course -> trainees who have begun it, for those in the library. One statement."""
    rows = session.execute(
        select(_summaries.course_id, func.count())
        .join_from(table_of(Summary), table_of(PersonRow), _people.id == _summaries.person_id)
        .where(*within(scope, None), _summaries.latest.is_(True))
        .group_by(_summaries.course_id)
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {id: found.get(id, 0) for id in library.courses}


def briefed(
    session: Session,
    scope: Scope,
    team: int | None,
    revision: int,
    library: Library,
    course: Course,
    language: str,
    now: datetime,
    *,
    options: bool,
) -> Briefing:
    """`options`: with the wrong answers' texts, for those who may see the key."""
    where = within(scope, team)
    steps = {kind: [step.id for step in course.steps if step.kind == kind] for kind in ("quiz", "scenario", "drill")}
    # What was asked before anything was taught tells what was not known, and not what is read wrongly.
    quizzes = [id for id in dict.fromkeys([*steps["quiz"], course.posttest]) if id and id != course.pretest]
    quizzes = [id for id in quizzes if id in library.quizzes]
    scenarios = [id for id in steps["scenario"] if id in library.scenarios]
    first = _first(where, quizzes)
    answers = session.execute(_answers(first)).all()
    lines = session.execute(_said(where, scenarios)).all()
    revisions = {revision, *(row.revision_id for row in (*answers, *lines))}
    known = unchanged.manifests(session, revisions)
    same = {id: unchanged.questions(session, known, revision, library, id) for id in quizzes}
    kept = [row for row in answers if row.item_id in same[row.activity_id][row.revision_id]]
    stand = {id: unchanged.scenarios(known, revision, library, id) for id in scenarios}
    spoken = [row for row in lines if row.revision_id in stand[row.activity_id]]
    trainees = _trainees(session, where, library, course, first, language)
    needs = briefing.needs(trainees, now)
    return Briefing(
        people=len(trainees),
        passed=sum(one.passed for one in trainees),
        pairs=_pairs(session, where, library, steps["drill"]),
        reads=_reads(kept, library, language, options=options),
        costs=_costs(spoken, library, language),
        needs=needs[:PEOPLE],
        more=max(0, len(needs) - PEOPLE),
    )


# --- what is read wrongly -----------------------------------------------------------------------------------------------


def _pairs(
    session: Session, where: tuple[ColumnElement[bool], ...], library: Library, drills: Sequence[str]
) -> tuple[Pair, ...]:
    rows = session.execute(
        select(_drilled.drill_id, _drilled.truth, _drilled.chosen, func.count())
        .join_from(table_of(DrillAnswer), table_of(PersonRow), _people.id == _drilled.person_id)
        .where(*where, _drilled.drill_id.in_(drills), _drilled.answered_at.is_not(None))
        .group_by(_drilled.drill_id, _drilled.truth, _drilled.chosen)
    ).all()
    asked: Counter[tuple[str, str]] = Counter()
    for drill, truth, _chosen, times in rows:
        asked[drill, truth] += times
    known = {id: {answer.id for answer in library.drill(id, "en").answers} for id in drills if id in library.drills}
    pairs = [
        Pair(drill, truth, chosen, times, asked[drill, truth])
        for drill, truth, chosen, times in rows
        if truth != chosen and times >= FEWEST and {truth, chosen} <= known.get(drill, set())
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.times, pair.drill, pair.truth, pair.chosen))[:PAIRS])


def _first(where: tuple[ColumnElement[bool], ...], quizzes: Sequence[str]) -> Subquery:
    """Each trainee's first finished attempt at each of the quizzes."""
    return (
        select(func.min(_attempts.id).label("id"))
        .join_from(table_of(Attempt), table_of(PersonRow), _people.id == _attempts.person_id)
        .where(*where, _attempts.kind == "quiz", _attempts.activity_id.in_(quizzes), _attempts.finished_at.is_not(None))
        .group_by(_attempts.person_id, _attempts.activity_id)
        .subquery("first")
    )


_SURELY_WRONG = case(
    (and_(_responses.confidence == SURE, 2 * _outcomes.points < _outcomes.possible), 1), else_=0
)  # NULL points wait for a mark, and are not wrong


def _marked(query: Select[Any], first: Subquery) -> Select[Any]:
    """With the responses of these attempts, each with the outcome that counts."""
    newer = and_(_later.c.response_id == _outcomes.response_id, _later.c.id > _outcomes.id)
    return (
        query.select_from(first)
        .join(table_of(Attempt), _attempts.id == first.c.id)
        .join(table_of(Response), _responses.attempt_id == _attempts.id)
        .join(table_of(OutcomeRow), _outcomes.response_id == _responses.id)
        .outerjoin(_later, newer)
        .where(_later.c.id.is_(None))
    )


def _answers(first: Subquery) -> Select[Any]:
    said = cast(_responses.response, Text).label("said")
    keys = (_attempts.activity_id, _attempts.revision_id, _responses.item_id, said)
    counts = (func.count().label("times"), func.sum(_SURELY_WRONG).label("surely"))
    return _marked(select(*keys, *counts), first).group_by(*keys)


def _reads(rows: Sequence[Any], library: Library, language: str, *, options: bool) -> tuple[Read, ...]:
    """The wrong answers given most often, one of each question."""
    times: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    sure: Counter[tuple[str, str]] = Counter()
    for row in rows:
        key = row.activity_id, row.item_id
        times[key][row.said] += row.times
        sure[key] += int(row.surely)
    found = []
    for (quiz, item), said in times.items():
        question = library.quiz(quiz, language).question(item)
        worst = max(_wrong(question, said), key=lambda one: one[1], default=("", 0))
        if worst[1] >= FEWEST or sure[quiz, item] >= FEWEST:
            html = worst[0] if options else ""
            found.append(Read(quiz, question, html, worst[1], sum(said.values()), sure[quiz, item]))
    order = {id: place for place, id in enumerate(library.quizzes)}
    found.sort(key=lambda one: (-(one.chosen + one.sure), order[one.quiz], one.question.id))
    return tuple(found[:READS])


def _wrong(question: Question, said: Mapping[str, int]) -> list[tuple[str, int]]:
    """(HTML, how many chose it) of each wrong option in the lists of a question."""
    found = []
    for place, part in enumerate(question.parts):
        if not isinstance(getattr(part.item, "options", None), tuple):
            continue
        shown = TYPES[part.type].review(part.item, tuple(range(len(part.item.options))), None)
        if not isinstance(shown, choices.Review):
            continue
        counts: Counter[int] = Counter()
        for text, times in said.items():
            response = json.loads(text)[place]
            for option in [response] if isinstance(response, int) else response or ():
                counts[option] += times
        found += [(one.html, counts[at]) for at, one in enumerate(shown.options) if not one.right]
    return found


# --- what costs the good ending -----------------------------------------------------------------------------------------


def _said(where: tuple[ColumnElement[bool], ...], scenarios: Sequence[str]) -> Select[Any]:
    """How many conversations held each line, and how many of them missed the good ending."""
    place = cast(_responses.response, Text).label("said")
    keys = (_attempts.activity_id, _attempts.variant, _attempts.revision_id, _responses.item_id, place)
    missed = case((_attempts.grade != "strong", _attempts.id))
    return (
        select(
            *keys,
            func.count(_attempts.id.distinct()).label("times"),
            func.count(missed.distinct()).label("missed"),
        )
        .join_from(table_of(Attempt), table_of(PersonRow), _people.id == _attempts.person_id)
        .join(table_of(Response), _responses.attempt_id == _attempts.id)
        .where(
            *where,
            _attempts.kind == "scenario",
            _attempts.activity_id.in_(scenarios),
            _attempts.finished_at.is_not(None),
            _attempts.retry_of.is_(None),
        )
        .group_by(*keys)
    )


def _costs(rows: Sequence[Any], library: Library, language: str) -> tuple[Cost, ...]:
    """Lines whose scene had others that went better: held against those who stood there and said something else."""
    scenes: dict[tuple[str, str, str], dict[int, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        here = scenes[row.activity_id, row.variant, row.item_id]
        times, missed = here.get(int(row.said), (0, 0))
        here[int(row.said)] = times + row.times, missed + row.missed
    found = []
    for (id, variant, scene), said in scenes.items():
        value = library.scenario(id, language)
        for place, (times, missed) in said.items():
            others = sum(one for at, (one, _) in said.items() if at != place)
            others_missed = sum(one for at, (_, one) in said.items() if at != place)
            if times < FEWEST or missed < 2 or not others or missed * others <= others_missed * times:
                continue
            html = for_variant(value.scenes[scene].choices[place].text, variant)
            found.append(Cost(id, variant, scene, html, missed, times, others_missed, others))
    found.sort(key=lambda one: (-(one.missed - one.said * one.others_missed / one.others), one.scenario, one.scene))
    return tuple(found[:COSTS])


# --- who needs help -----------------------------------------------------------------------------------------------------


def _trainees(
    session: Session,
    where: tuple[ColumnElement[bool], ...],
    library: Library,
    course: Course,
    first: Subquery,
    language: str,
) -> list[Trainee]:
    """Everybody who has begun the course, by name. Three statements."""
    latest = and_(_summaries.person_id == _people.id, _summaries.latest.is_(True), _summaries.course_id == course.id)
    rows = session.execute(
        select(
            _people.id,
            _people.name,
            _people.team_id,
            _summaries.percent,
            _summaries.completed_at,
            _summaries.succeeded_at,
            _summaries.score,
            _summaries.last_activity_at,
            _enrollments.due_at,
        )
        .join_from(table_of(PersonRow), table_of(Summary), latest)
        .join(table_of(Enrollment), _enrollments.id == _summaries.enrollment_id)
        .where(*where)
        .order_by(_people.sort_key, _people.id)
    )
    failed = _failed(session, where, library, course, language)
    sure = func.sum(case((and_(_responses.confidence == SURE, _outcomes.points.is_not(None)), 1), else_=0))
    persons = session.execute(
        _marked(select(_attempts.person_id, sure, func.sum(_SURELY_WRONG)), first).group_by(_attempts.person_id)
    )
    certain = {person: (int(count), int(wrong)) for person, count, wrong in persons}
    return [
        Trainee(
            id=row.id,
            name=row.name,
            team=row.team_id,
            percent=row.percent,
            complete=row.completed_at is not None,
            passed=row.succeeded_at is not None,
            score=row.score,
            active_at=row.last_activity_at,
            due_at=row.due_at,
            failed=tuple(failed.get(row.id, ())),
            sure=certain.get(row.id, (0, 0))[0],
            wrong=certain.get(row.id, (0, 0))[1],
        )
        for row in rows
    ]


def _failed(
    session: Session, where: tuple[ColumnElement[bool], ...], library: Library, course: Course, language: str
) -> dict[int, list[str]]:
    """Person -> titles of what she tried in the course as she takes it now, and never reached."""
    latest = and_(
        _summaries.enrollment_id == _attempts.enrollment_id,
        _summaries.latest.is_(True),
        _summaries.course_id == course.id,
    )
    reached = or_(_attempts.passed.is_(True), _attempts.grade.in_(("strong", "acceptable")))
    missed = or_(_attempts.passed.is_(False), _attempts.grade == "poor")
    times = func.sum(case((missed, 1), else_=0))
    rows = session.execute(
        select(_attempts.person_id, _attempts.kind, _attempts.activity_id)
        .join_from(table_of(Attempt), table_of(Summary), latest)
        .join(table_of(PersonRow), _people.id == _attempts.person_id)
        .where(
            *where,
            _attempts.kind.in_(("quiz", "scenario")),
            _attempts.finished_at.is_not(None),
            _attempts.retry_of.is_(None),
        )
        .group_by(_attempts.person_id, _attempts.kind, _attempts.activity_id)
        .having(and_(times >= briefing.TWICE, func.sum(case((reached, 1), else_=0)) == 0))
        .order_by(_attempts.person_id, _attempts.activity_id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for person, kind, id in rows:
        found[person].append(library.title(kind, id, language))
    return found
