"""The completion report on screen and as files; what a cohort confuses in a drill."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from kamtrain.content.library import Library
from kamtrain.core.drill import Share, counted
from kamtrain.core.errors import Invalid, NotFound
from kamtrain.core.message import Message, message
from kamtrain.core.people import Scope
from kamtrain.core.table import Row, Table
from kamtrain.files import tables
from kamtrain.http import database, forms, locale, pages, templates
from kamtrain.reports.completion import report
from kamtrain.reports.completion.report import Params, Sort, State, Words
from kamtrain.services import attempts
from kamtrain.services.extensions import give
from kamtrain.services.people import scope_of
from kamtrain.services.publishing import library_at
from kamtrain.store import drills
from kamtrain.store.people import teams_in
from kamtrain.web import matrices
from kamtrain.web.insight import account_pages, briefing_pages, extending, item_pages, talk_pages
from kamtrain.web.insight.heads import Head
from kamtrain.web.matrices import LevelView, MatrixView, ShareView
from kamtrain.web.names import STYLES, style_name

blueprint = Blueprint("insight", __name__, url_prefix="/insight")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Line:
    """One line as the page shows it."""

    name: str
    team: str
    course: str
    state: str
    percent: int
    completed: str
    succeeded: str
    score: str
    activity: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class CompletionPage:
    params: Params
    teams: tuple[tuple[str, str], ...]  # (value, label)
    courses: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, int, str, bool], ...]  # (state or "all", lines, url, current)
    heads: tuple[Head, ...]
    lines: tuple[Markup, ...]  # `tr` elements
    next_url: str
    previous_url: str
    csv_url: str
    xlsx_url: str
    filtered: bool
    drills: tuple[tuple[str, str], ...]  # (title, url)


def _params() -> Params:
    """The filter in the address; what is not known there is left out rather than refused, so that old links work."""
    asked = request.args
    sort, state, team = asked.get("sort", "name"), asked.get("state", ""), asked.get("team", "")
    return Params(
        team=int(team) if team.isdecimal() and len(team) < 10 else None,
        course=asked.get("course") or None,
        state=state if state in get_args(State) else None,  # type: ignore[arg-type]
        name=asked.get("name", "").strip()[:120],
        sort=sort if sort in get_args(Sort) else "name",  # type: ignore[arg-type]
        descending=asked.get("order") == "down",
        after=asked.get("after", ""),
        before=asked.get("before", ""),
    )


def _query(params: Params) -> dict[str, Any]:
    """The address of `params`, without what has its default and without the page."""
    order = {"sort": params.sort} if params.sort != "name" else {}
    down = {"order": "down"} if params.descending else {}
    filters = {"team": params.team, "course": params.course, "state": params.state, "name": params.name}
    return {key: value for key, value in filters.items() if value} | order | down


def _words() -> Words:
    styles = {tag: style_name(tag) for tag in STYLES}
    if g.revision is None:
        return Words(Library(), locale.language(), styles)
    with database.reading() as session:
        return Words(library_at(session, g.revision), locale.language(), styles)


def _heads(params: Params) -> tuple[Head, ...]:
    heads = []
    for column in report.COLUMNS:
        current = column.name == params.sort
        falling = not params.descending if current else column.name != "name"
        turned = _query(replace(params, descending=falling)) | {"sort": column.name}
        heads.append(
            Head(
                label=column.label,
                kind=column.kind,
                url=url_for("insight.completion", **turned) if column.sortable else "",
                sorted=("descending" if params.descending else "ascending") if current else "",
            )
        )
    return tuple(heads)


@lru_cache(5_000)
def _line(row: Row, language: str, zone: str) -> Markup:
    """One line as HTML, for this reader's language and zone. Kept by what it says: managers come back to the same pages."""
    name, team, course, state, percent, completed, succeeded, score, activity, reasons = row
    moment = locale.moments()
    line = Line(
        name=cast(str, name),
        team=cast(str | None, team) or "–",
        course=cast(str, course),
        state=cast(str, state),
        percent=cast(int, percent),
        completed=moment(cast(datetime | None, completed)),
        succeeded=moment(cast(datetime | None, succeeded)),
        score=locale.percent(cast(int | None, score)),
        activity=moment(cast(datetime | None, activity)),
        reasons=tuple(locale.translate(reason) for reason in cast(tuple[Message, ...], reasons)),
    )
    return Markup(templates.module("insight/_line.html").line(line))  # nosec B704 # the macro escapes


def _lines(rows: Iterable[Row]) -> tuple[Markup, ...]:
    language, zone = locale.language(), locale.time_zone()
    return tuple(_line(row, language, zone) for row in rows)


@blueprint.get("/completion")
def completion() -> ResponseReturnValue:
    params, words = _params(), _words()
    with database.reading() as session:
        scope = scope_of(session, g.person)
        table = report.page(session, scope, params, words)
        counts = report.counts(session, scope, params, words)
        teams = teams_in(session, scope)
    query = _query(params)
    states = ("all", *get_args(State))
    page = CompletionPage(
        params=params,
        teams=tuple((str(id), name) for id, name in teams),
        courses=tuple(
            (id, words.library.text(course.title, words.language)) for id, course in words.library.courses.items()
        ),
        counts=tuple(
            (
                state,
                counts.get(state, 0),
                url_for("insight.completion", **_query(replace(params, state=None if state == "all" else state))),
                (params.state or "all") == state,
            )
            for state in states
        ),
        heads=_heads(params),
        lines=_lines(table.rows),
        next_url=url_for("insight.completion", **query, after=table.next) if table.next else "",
        previous_url=url_for("insight.completion", **query, before=table.previous) if table.previous else "",
        csv_url=url_for("insight.completion_file", format="csv", **query),
        xlsx_url=url_for("insight.completion_file", format="xlsx", **query),
        filtered=bool(params.team or params.course or params.state or params.name),
        drills=tuple(
            (words.library.title("drill", id, words.language), url_for("insight.drill", drill=id))
            for id in words.library.drills
        ),
    )
    return pages.render_shared("insight/completion.html", page)


@dataclass(frozen=True)
class CohortLine:
    """One trainee's answers in a drill."""

    name: str
    team: str
    answered: int
    right: ShareView
    whole: ShareView


@dataclass(frozen=True)
class DrillPage:
    """What a cohort confuses, and who is right least often."""

    id: str
    title: str
    lang: str
    matrix: MatrixView
    sure: tuple[LevelView, ...]  # the surest first
    team: str
    teams: tuple[tuple[str, str], ...]  # (value, label)
    lines: tuple[CohortLine, ...]
    fewest: int  # answers it takes to be among the lines
    drills: tuple[tuple[str, str, bool], ...]  # (title, url, whether it is this one)


FEWEST, MOST = 10, 50  # answers of a trainee in the list, and lines of it


@blueprint.get("/drill/<drill>")
def drill(drill: str) -> ResponseReturnValue:
    language, asked = locale.language(), request.args.get("team", "")
    team = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    with database.reading() as session:
        library = library_at(session, g.revision) if g.revision is not None else Library()
        if not library.has("drill", drill):
            raise NotFound(message("There is no such drill."))
        scope = scope_of(session, g.person)
        counts = drills.cohort(session, scope, team, drill)
        people = drills.people_of(session, scope, team, drill, FEWEST, MOST)
        certain = drills.cohort_certain(session, scope, team, drill)
        teams = teams_in(session, scope)
    value = library.drill(drill, language)
    page = DrillPage(
        id=drill,
        title=value.title,
        lang=value.language,
        matrix=matrices.view(value, counted([answer.id for answer in value.answers], counts)),
        sure=matrices.levels(certain),
        team=asked,
        teams=tuple((str(id), name) for id, name in teams),
        lines=tuple(
            CohortLine(
                one.name,
                one.team or "–",
                one.answered,
                matrices.share(Share(one.right, one.answered)),
                matrices.share(Share(one.whole, one.answered)),
            )
            for one in people
        ),
        fewest=FEWEST,
        drills=tuple(
            (library.title("drill", id, language), url_for("insight.drill", drill=id), id == drill)
            for id in library.drills
        ),
    )
    return pages.render("insight/drill.html", page)


@blueprint.get("/completion.<any(csv, xlsx):format>")
def completion_file(format: str) -> ResponseReturnValue:
    params, words, zone = _params(), _words(), ZoneInfo(locale.time_zone())
    with database.reading() as session:
        scope = scope_of(session, g.person)
        if format == "csv":
            return _csv(_csv_lines(scope, params, words, zone), "completion", zone)
        return _xlsx(report.everything(session, scope, params, words), "completion", message("Completion"), zone)


def _headers(name: str, format: str, zone: ZoneInfo) -> dict[str, str]:
    file = f"{name}-{datetime.now(UTC).astimezone(zone):%Y-%m-%d}.{format}"
    return {"Content-Disposition": f'attachment; filename="{file}"'}


def _csv(lines: Iterator[bytes], name: str, zone: ZoneInfo) -> Response:
    headers = _headers(name, "csv", zone)
    return Response(stream_with_context(lines), mimetype="text/csv; charset=utf-8", headers=headers)


def _xlsx(table: Table, name: str, title: Message, zone: ZoneInfo) -> Response:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        tables.xlsx(table, locale.translate, zone, locale.translate(title), path)
        file = path.open("rb")  # read on after the folder is gone

    def chunks() -> Iterator[bytes]:
        with file:
            while chunk := file.read(65_536):
                yield chunk

    return Response(chunks(), mimetype=XLSX, headers=_headers(name, "xlsx", zone))


@blueprint.get("/extensions")
def extensions() -> ResponseReturnValue:
    """More time, attempts or a later closing for one person: the form, and who has what."""
    asked = request.args
    fields = extending.Fields(email=asked.get("person", "")[:254], quiz=asked.get("quiz", "")[:80])
    return pages.render("insight/extensions.html", extending.page(fields))


@blueprint.post("/extensions/give")
def extend() -> ResponseReturnValue:
    fields = extending.sent()
    now = datetime.now(UTC)
    try:
        with database.writing() as session:
            if g.revision is None:
                raise NotFound(message("Nothing has been published yet."))
            head = attempts.Head(g.revision, library_at(session, g.revision))
            wanted, scope = extending.wanted(fields), scope_of(session, g.person)
            name = give(session, head, g.person, scope, wanted, now)
    except Invalid as refusal:
        page = extending.page(fields, forms.refusal(refusal, "email"))
        return pages.render("insight/extensions.html", page, 422)
    pages.tell(message("It is noted for %(name)s, and holds from now on.", name=name), "success")
    return redirect(url_for("insight.extensions"), 303)


@blueprint.get("")
def start() -> ResponseReturnValue:
    """What one may see here."""
    return pages.render("insight/start.html", briefing_pages.start_page())


@blueprint.get("/briefing")
def briefing() -> ResponseReturnValue:
    """One page for the next live session of a course."""
    return pages.render("insight/briefing.html", briefing_pages.briefing_page())


@blueprint.get("/accounts")
def accounts() -> ResponseReturnValue:
    """The accounts that people of the own teams share, and their scorecards ranked together."""
    return pages.render("insight/accounts.html", account_pages.accounts_page())


@blueprint.get("/accounts.<any(csv, xlsx):format>")
def accounts_file(format: str) -> ResponseReturnValue:
    table, zone = account_pages.table(), ZoneInfo(locale.time_zone())
    if format == "csv":
        return _csv(tables.csv_lines(table, locale.translate, zone), "accounts", zone)
    return _xlsx(table, "accounts", message("Accounts"), zone)


@blueprint.get("/items")
def items() -> ResponseReturnValue:
    """The quizzes somebody has finished, each with its analysis behind it."""
    return pages.render("insight/items.html", item_pages.quizzes_page())


@blueprint.get("/items/<quiz>")
def items_of(quiz: str) -> ResponseReturnValue:
    return pages.render("insight/items_of.html", item_pages.quiz_page(quiz))


@blueprint.get("/items/<quiz>/analysis.<any(csv, xlsx):format>")
def items_file(quiz: str, format: str) -> ResponseReturnValue:
    table, zone = item_pages.quiz_table(quiz), ZoneInfo(locale.time_zone())
    if format == "csv":
        return _csv(tables.csv_lines(table, locale.translate, zone), f"questions-{quiz}", zone)
    return _xlsx(table, f"questions-{quiz}", message("Question analysis"), zone)


@blueprint.get("/scenarios")
def scenarios() -> ResponseReturnValue:
    """The conversations somebody has finished, each with its choices behind it."""
    return pages.render("insight/scenarios.html", talk_pages.scenarios_page())


@blueprint.get("/scenarios/<scenario>")
def scenario(scenario: str) -> ResponseReturnValue:
    return pages.render("insight/scenario.html", talk_pages.scenario_page(scenario, request.args.get("buyer", "")))


def _csv_lines(scope: Scope, params: Params, words: Words, zone: ZoneInfo) -> Iterator[bytes]:
    """The file, read as it is sent: in a session of its own, since the request's has ended when the first line goes."""
    with database.reading() as session:
        yield from tables.csv_lines(report.everything(session, scope, params, words), locale.translate, zone)
