"""The completion report: one statement, whatever the filter."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, get_args

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core.message import N_, Message, message
from kamtrain.core.people import Scope
from kamtrain.core.progress import Missing, explained
from kamtrain.core.table import Column, Row, Table
from kamtrain.store.base import table_of
from kamtrain.store.learning import Summary
from kamtrain.store.people import PersonRow, Team

State = Literal["not-started", "in-progress", "complete", "passed", "failed"]
Sort = Literal["name", "progress", "score", "activity"]
STATES: tuple[State, ...] = get_args(State)
SORTS: tuple[Sort, ...] = get_args(Sort)
PAGE = 50  # lines

_people, _summaries, _teams = table_of(PersonRow).c, table_of(Summary).c, table_of(Team).c

WORDS: Mapping[str, str] = {
    "not-started": N_("not started"),
    "in-progress": N_("in progress"),
    "complete": N_("complete"),
    "passed": N_("passed"),
    "failed": N_("not passed"),
}

COLUMNS = (
    Column("name", N_("Trainee"), sortable=True),
    Column("team", N_("Team")),
    Column("course", N_("Course")),
    Column("state", N_("State"), "state", words=WORDS),
    Column("progress", N_("Progress"), "percent", sortable=True),
    Column("completed", N_("Completed on"), "datetime"),
    Column("succeeded", N_("Passed on"), "datetime"),
    Column("score", N_("Score"), "percent", sortable=True),
    Column("activity", N_("Last activity"), "datetime", sortable=True),
    Column("missing", N_("Why not complete"), "reasons"),
)


@dataclass(frozen=True)
class Params:
    """What the reader asks for. `after` and `before` are keys as `Table.next` and `Table.previous` gave them."""

    team: int | None = None
    course: str | None = None
    state: State | None = None
    name: str = ""  # part of a name or address
    sort: Sort = "name"
    descending: bool = False
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Words:
    """What the lines are put into words with."""

    library: Library
    language: str
    styles: Mapping[str, str]  # buyer style -> its name


def _key(parts: tuple[Any, ...]) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _parts(key: str, length: int) -> tuple[Any, ...] | None:
    """The parts of a key; None for one that is not ours: the report then begins at its beginning."""
    try:
        parts = json.loads(urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        *first, name, id, place = parts
        name.encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    numbers = all(type(number) is int and abs(number) < 2**31 for number in (*first, id, place))
    return tuple(parts) if numbers and len(parts) == length and "\0" not in name else None


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True)
class _Lines:
    """Trainees × courses with their summaries, filtered; in the order of `keys`."""

    tables: FromClause
    where: tuple[ColumnElement[bool], ...]
    course: ColumnElement[str]
    keys: tuple[ColumnElement[Any], ...]

    def query(self) -> Select[Any]:
        return (
            select(
                *(key.label(f"key_{place}") for place, key in enumerate(self.keys)),
                _people.name,
                _teams.name.label("team"),
                self.course,
                _summaries.percent,
                _summaries.completed_at,
                _summaries.succeeded_at,
                _summaries.failed,
                _summaries.score,
                _summaries.last_activity_at,
                cast(_summaries.missing, Text),  # read only where it differs
            )
            .select_from(self.tables)
            .where(*self.where)
        )


def _lines(scope: Scope, params: Params, library_courses: Iterable[str]) -> _Lines:
    courses = [id for id in library_courses if params.course in (None, id)]
    rows = [select(literal(id).label("course_id"), literal(place).label("place")) for place, id in enumerate(courses)]
    # SQLite has no VALUES with column names; without courses the table is empty.
    nothing = select(literal("").label("course_id"), literal(0).label("place")).where(false())
    offered = union_all(*rows or [nothing]).subquery("offered")
    own = and_(
        _summaries.person_id == _people.id, _summaries.course_id == offered.c.course_id, _summaries.latest.is_(True)
    )
    tables = (
        table_of(PersonRow)
        .join(offered, true())
        .outerjoin(table_of(Summary), own)
        .outerjoin(table_of(Team), _teams.id == _people.team_id)
    )
    where: list[ColumnElement[bool]] = [_people.is_trainee.is_(True), _people.active.is_(True)]
    if scope.teams is not None:
        where.append(_people.team_id.in_(sorted(scope.teams)))
    if params.team is not None:
        where.append(_people.team_id == params.team)
    if params.name:
        like = f"%{_escaped(params.name)}%"
        where.append(_people.name.ilike(like, escape="\\") | _people.email.ilike(like, escape="\\"))
    if params.state is not None:
        where.append(_in_state(params.state))
    sort: dict[Sort, ColumnElement[Any]] = {
        "name": _people.sort_key,
        "progress": func.coalesce(_summaries.percent, -1),
        "score": func.coalesce(_summaries.score, -1),
        "activity": func.coalesce(func.extract("epoch", _summaries.last_activity_at), 0).cast(Integer),
    }
    tail = (_people.sort_key, _people.id, offered.c.place)
    keys = tail if params.sort == "name" else (sort[params.sort], *tail)
    return _Lines(tables, tuple(where), offered.c.course_id, keys)


def _in_state(state: State) -> ColumnElement[bool]:
    begun, complete = _summaries.enrollment_id.is_not(None), _summaries.completed_at.is_not(None)
    return {
        "not-started": _summaries.enrollment_id.is_(None),
        "in-progress": and_(begun, _summaries.completed_at.is_(None)),
        "complete": complete,
        "passed": _summaries.succeeded_at.is_not(None),
        "failed": and_(complete, _summaries.failed.is_(True)),
    }[state]


class _Speaker:
    """Puts lines into words. Many people lack the same: what is missing is read and worded once, and is the same object."""

    def __init__(self, words: Words) -> None:
        courses = words.library.courses.items()
        self.words = words
        self.titles = {id: words.library.text(course.title, words.language) for id, course in courses}
        self.not_begun: tuple[Message, ...] = (message("Not begun yet."),)
        self.reasons: dict[tuple[Any, ...], Message] = {}
        self.missing: dict[str, tuple[Message, ...]] = {}  # by the stored JSON

    def row(self, line: Any) -> Row:
        _name, team, course, percent, completed, succeeded, failed, score, activity, stored = line[-10:]
        missing: tuple[Message, ...]
        if percent is None:
            missing = self.not_begun
        elif completed is not None and succeeded is not None:
            missing = ()
        else:
            missing = self.missing.get(stored) or self._said(stored)
        state = _state(percent, completed, succeeded, failed)
        title = self.titles[course]
        return (_name, team, title, state, percent or 0, completed, succeeded, score, activity, missing)

    def _said(self, stored: str) -> tuple[Message, ...]:
        said = []
        for fields in json.loads(stored):
            code = tuple(fields.items())
            if code not in self.reasons:
                self.reasons[code] = _reason(Missing(**fields), self.words)
            said.append(self.reasons[code])
        missing = tuple(said)  # held, since another thread may clear what is kept
        if len(self.missing) >= KEPT:
            self.missing.clear()
        self.missing[stored] = missing
        return missing


KEPT = 5_000  # kinds of missing pieces; one is some hundred bytes
_speakers: dict[tuple[int, str], _Speaker] = {}


def _speaker(words: Words) -> _Speaker:
    """The speaker of this library and language, kept from page to page, so that what it has worded stays so."""
    key = id(words.library), words.language
    known = _speakers.get(key)
    if known is None or known.words.library is not words.library:
        if len(_speakers) >= 8:  # a few revisions in each language
            _speakers.clear()
        known = _speakers[key] = _Speaker(words)
    return known


def _reason(missing: Missing, words: Words) -> Message:
    title = words.library.named(missing.kind, missing.id, words.language)
    return explained(missing, title, words.styles.get(missing.variant, missing.variant))


def _state(percent: int | None, completed: Any, succeeded: Any, failed: bool | None) -> State:
    if percent is None:
        return "not-started"
    if completed is None:
        return "in-progress"
    if succeeded is not None:
        return "passed"
    return "failed" if failed else "complete"


def page(session: Session, scope: Scope, params: Params, words: Words) -> Table:
    """One page of `PAGE` lines. One statement; by key, so that a late page costs what the first one does."""
    backward = bool(params.before)
    position = params.before or params.after
    asked = replace(params, after="", before="")
    query, size = _page_query(scope, asked, tuple(words.library.courses), backward, started=False)
    start = _parts(position, size)
    if start is not None:
        query, size = _page_query(scope, asked, tuple(words.library.courses), backward, started=True)
    values = {f"start_{place}": part for place, part in enumerate(start or ())}
    found = list(session.execute(query, values))
    more = len(found) > PAGE
    found = found[:PAGE]
    if backward:
        found.reverse()
    speaker = _speaker(words)
    ends = [_key(tuple(line[:size])) for line in (found[:1] + found[-1:])]
    has_next = bool(found) and (more if not backward else start is not None)
    has_previous = bool(found) and (more if backward else start is not None)
    return Table(
        columns=COLUMNS,
        rows=tuple(speaker.row(line) for line in found),
        next=ends[-1] if has_next else None,
        previous=ends[0] if has_previous else None,
    )


@lru_cache(500)
def _page_query(
    scope: Scope, params: Params, courses: tuple[str, ...], backward: bool, *, started: bool
) -> tuple[Select[Any], int]:
    """The statement of a page and the length of its keys, made once for each filter and order: making it takes longer
    than running it. `started`: it takes where to begin as `start_0`, `start_1`, …
    """
    lines = _lines(scope, params, courses)
    keys = lines.keys
    falling = params.descending != backward
    query = lines.query()
    if started:
        start = [bindparam(f"start_{place}", type_=key.type) for place, key in enumerate(keys)]
        here, there = tuple_(*start), tuple_(*keys)
        query = query.where(there < here if falling else there > here)
        # Said once more for the first key alone, so that its index is used for the range.
        query = query.where(keys[0] <= start[0] if falling else keys[0] >= start[0])
    return query.order_by(*(key.desc() if falling else key.asc() for key in keys)).limit(PAGE + 1), len(keys)


def everything(session: Session, scope: Scope, params: Params, words: Words) -> Table:
    """All lines of the same filter and order, for a file; read as they are written, so that memory stays flat."""
    wanted = _lines(scope, params, words.library.courses)
    order = (key.desc() if params.descending else key.asc() for key in wanted.keys)
    query = wanted.query().order_by(*order)
    speaker = _Speaker(words)

    def rows() -> Iterator[Row]:
        # Whoever stops reading half way, or before the first line, leaves no cursor open.
        with session.execute(query, execution_options={"yield_per": 1000}) as lines:
            for line in lines:
                yield speaker.row(line)

    return Table(COLUMNS, rows())


MANY = 2_000  # lines; so many are counted again only after `PAUSE`
PAUSE = 10.0  # seconds
_counted: dict[tuple[Any, ...], tuple[float, Mapping[str, int]]] = {}


def counts(session: Session, scope: Scope, params: Params, words: Words) -> Mapping[str, int]:
    """How many lines are in each state, for the head of the page: state -> lines, with "all".

    Counting takes as long as there are lines, unlike a page: where they are many, the numbers may be `PAUSE` old.
    """
    filters = params.team, params.course, params.name
    key = session.get_bind().engine.url, scope, filters, tuple(words.library.courses)
    now = time.monotonic()
    at, known = _counted.get(key, (0.0, {}))
    if known and now - at < PAUSE:
        return known
    found = _count(session, scope, params, words)
    if found["all"] >= MANY:
        if len(_counted) >= 200:
            _counted.clear()
        _counted[key] = now, found
    return found


def _count(session: Session, scope: Scope, params: Params, words: Words) -> Mapping[str, int]:
    lines = _lines(scope, Params(team=params.team, course=params.course, name=params.name), words.library.courses)
    state = case(
        (_summaries.enrollment_id.is_(None), "not-started"),
        (_summaries.completed_at.is_(None), "in-progress"),
        (_summaries.succeeded_at.is_not(None), "passed"),
        (_summaries.failed.is_(True), "failed"),
        else_="complete",
    )
    inner = select(state.label("state")).select_from(lines.tables).where(*lines.where).subquery()
    rows = session.execute(select(inner.c.state, func.count()).group_by(inner.c.state))
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    # Whoever has passed or not passed has gone through as well: "complete" holds them, as its filter does.
    complete = sum(found.get(state, 0) for state in ("complete", "passed", "failed"))
    return {**found, "complete": complete, "all": sum(found.values())}
