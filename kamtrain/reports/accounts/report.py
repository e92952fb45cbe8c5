"""Shared accounts, one line each, in two statements; and shared scorecards ranked together, in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from kamtrain.core.account_facts import BUYING_STEPS, LAST_VISIT, NEXT_VISIT, STAGE
from kamtrain.core.message import N_
from kamtrain.core.people import Scope
from kamtrain.core.ranking import Ranked, ranked
from kamtrain.core.sheet import Sheet, results
from kamtrain.core.table import Cell, Column, Row, Table
from kamtrain.store.base import table_of
from kamtrain.store.people import PersonRow, Team
from kamtrain.store.workbench import FACTS, Account, SheetCell, SheetRow, settings_of
from kamtrain.workbench import TOOLS

Sort = Literal["name", "team", "account", "stage", "coverage", "support", "last", "plan", "next"]
SORTS: tuple[Sort, ...] = get_args(Sort)
PAGE = 100  # lines
MOST_CARDS = 100
MAP, CARD = TOOLS["stakeholder-map"], TOOLS["selection-scorecard"]
PLANS = ("visit-plan", "joint-plan")  # the tools whose sheets are the plan
STEPS = {name: place for place, (name, _) in enumerate(BUYING_STEPS)}
# Coverage and support come from these columns of the people alone; the rest of what is known of them stays where it is.
RATED = ("influence", "attitude", "contact")

COLUMNS = (
    Column("name", N_("Rep"), sortable=True),
    Column("team", N_("Team"), sortable=True),
    Column("account", N_("Customer"), sortable=True),
    Column("stage", N_("Buying step"), "state", sortable=True, words=dict(BUYING_STEPS)),
    Column("coverage", N_("Contact coverage"), "decimal", sortable=True),
    Column("support", N_("Support"), "decimal", sortable=True),
    Column("last", N_("Last visit recorded"), sortable=True),
    Column("plan", N_("Plan untouched for days"), "number", sortable=True),
    Column("next", N_("Next visit"), sortable=True),
)
PLACES = {column.name: place for place, column in enumerate(COLUMNS)}

_accounts, _sheets, _cells = table_of(Account).c, table_of(SheetRow).c, table_of(SheetCell).c
_people, _teams = table_of(PersonRow).c, table_of(Team).c


@dataclass(frozen=True)
class Params:
    """What the reader asks for. `rep`: a person's id; `page` from 1."""

    team: int | None = None
    rep: int | None = None
    sort: Sort = "name"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True)
class Lines:
    """All lines of a filter, in order. `ids`: the account of each row; `reps`: (id, name) of all who share something."""

    rows: tuple[Row, ...]
    ids: tuple[int, ...]
    reps: tuple[tuple[int, str], ...]

    def table(self) -> Table:
        return Table(COLUMNS, self.rows)


@dataclass(frozen=True)
class Card:
    """A shared scorecard."""

    sheet_id: int
    account: str
    owner: str
    changed_at: datetime


def _where(scope: Scope, params: Params, rep: bool = True) -> list[ColumnElement[bool]]:
    """Shared, and of people one may see. Every statement here asks for it."""
    where: list[ColumnElement[bool]] = [_accounts.shared.is_(True), _people.active.is_(True)]
    if scope.teams is not None:
        where.append(_people.team_id.in_(sorted(scope.teams)))
    if params.team is not None:
        where.append(_people.team_id == params.team)
    if rep and params.rep is not None:
        where.append(_accounts.owner_id == params.rep)
    return where


def lines(session: Session, scope: Scope, params: Params, now: datetime) -> Lines:
    """Every shared account of the filter. Two statements, and one for the map's settings."""
    planned = (
        select(_sheets.account_id, func.max(_sheets.changed_at).label("at"))
        .where(_sheets.tool.in_(PLANS), _sheets.account_id.is_not(None))
        .group_by(_sheets.account_id)
        .subquery()
    )
    accounts = session.execute(
        select(
            _accounts.id,
            _accounts.owner_id,
            _accounts.name.label("account"),
            _people.name,
            _people.sort_key,
            _teams.name.label("team"),
            planned.c.at,
        )
        .join_from(table_of(Account), table_of(PersonRow), _people.id == _accounts.owner_id)
        .join(table_of(Team), _teams.id == _people.team_id, isouter=True)
        .join(planned, planned.c.account_id == _accounts.id, isouter=True)
        .where(*_where(scope, params, rep=False))
        .order_by(_people.sort_key, _people.id, _accounts.name, _accounts.id)
    ).all()
    reps = dict.fromkeys((one.owner_id, one.name) for one in accounts)
    facts = _facts(session, scope, params)
    settings = settings_of(session, MAP.id)
    found = [
        (one, _row(one, facts.get(one.id, {}), settings, now)) for one in accounts if params.rep in (None, one.owner_id)
    ]
    ordered = _sorted(found, params)
    return Lines(tuple(row for _, row in ordered), tuple(one.id for one, _ in ordered), tuple(reps))


def _facts(session: Session, scope: Scope, params: Params) -> dict[int, dict[str, str]]:
    """Account -> what its tools share, of what a line tells."""
    wanted = or_(
        _cells.key.in_([one.fact for one in (STAGE, LAST_VISIT, NEXT_VISIT)]),
        *(_cells.key.like(f"people.%.{column}") for column in RATED),
    )
    query = (
        select(_sheets.account_id, _cells.key, _cells.value)
        .join_from(table_of(Account), table_of(PersonRow), _people.id == _accounts.owner_id)
        .join(table_of(SheetRow), and_(_sheets.account_id == _accounts.id, _sheets.tool == FACTS))
        .join(table_of(SheetCell), _cells.sheet_id == _sheets.id)
        .where(*_where(scope, params), wanted)
    )
    found: dict[int, dict[str, str]] = {}
    for account, key, value in session.execute(query):
        found.setdefault(account, {})[key] = value
    return found


def _row(one: Any, facts: Mapping[str, str], settings: Mapping[str, str], now: datetime) -> Row:
    figures = results(MAP, facts, settings).figures
    stage = Sheet(MAP, facts).choice("stage")
    days = None if one.at is None else (now - one.at).days
    return (
        one.name,
        one.team or "–",
        one.account,
        stage or None,
        _rounded(figures.get("coverage")),
        _rounded(figures.get("support")),
        _day(facts.get(LAST_VISIT.fact, "")),
        days,
        _day(facts.get(NEXT_VISIT.fact, "")),
    )


def _rounded(value: object) -> float | None:
    """To one place, half up, as the sheet shows it."""
    return float(value.quantize(Decimal("0.1"), ROUND_HALF_UP)) if isinstance(value, Decimal) else None


def _day(text: str) -> str | None:
    """A day as year, month and day; None for what is none."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


def _sorted(found: Sequence[tuple[Any, Row]], params: Params) -> list[tuple[Any, Row]]:
    """By the column asked for; what is not known comes last, whichever way it is sorted."""
    place = PLACES[params.sort]

    def key(entry: tuple[Any, Row]) -> Any:
        one, row = entry
        cell: Cell = row[place]
        if params.sort == "name":
            return one.sort_key
        return STEPS[str(cell)] if params.sort == "stage" else cell

    there = [entry for entry in found if entry[1][place] is not None]
    none = [entry for entry in found if entry[1][place] is None]
    return [*sorted(there, key=key, reverse=params.descending), *none]


def cards(session: Session, scope: Scope, params: Params) -> tuple[Ranked[Card], ...]:
    """The shared scorecards of the filter by their index; at most `MOST_CARDS`. One statement, and one for the settings."""
    sheets = (
        select(_sheets.id, _sheets.changed_at, _accounts.name.label("account"), _people.name)
        .join_from(table_of(SheetRow), table_of(Account), _accounts.id == _sheets.account_id)
        .join(table_of(PersonRow), _people.id == _accounts.owner_id)
        .where(*_where(scope, params), _sheets.tool == CARD.id)
        .subquery()
    )
    query = select(sheets, _cells.key, _cells.value).join_from(
        sheets, table_of(SheetCell), _cells.sheet_id == sheets.c.id, isouter=True
    )
    found: dict[Card, dict[str, str]] = {}
    for id, changed_at, account, owner, key, value in map(tuple, session.execute(query.order_by(sheets.c.id))):
        cells = found.setdefault(Card(id, account, owner, changed_at), {})
        if key is not None:
            cells[key] = value
    settings = settings_of(session, CARD.id)
    return ranked(CARD, _computed(found.items(), settings))[:MOST_CARDS]


def _computed(
    found: Iterable[tuple[Card, Mapping[str, str]]], settings: Mapping[str, str]
) -> Iterable[tuple[Card, Any]]:
    return ((card, results(CARD, cells, settings)) for card, cells in found)
