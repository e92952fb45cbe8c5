"""The screen of the accounts that reps share: one line each, and scorecards ranked together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from flask import g, request, url_for

from kamtrain.core.message import Message
from kamtrain.core.table import Row, Table
from kamtrain.http import database, locale
from kamtrain.reports.accounts import report
from kamtrain.reports.accounts.report import CARD, COLUMNS, PAGE, PLACES, SORTS, Params
from kamtrain.services.people import scope_of
from kamtrain.store.people import teams_in
from kamtrain.web import sheets
from kamtrain.web.insight.heads import Head

FALLING_FIRST = ("coverage", "support", "plan")  # columns whose highest figures one looks for


@dataclass(frozen=True)
class AccountRow:
    cells: tuple[tuple[str, str, str], ...]  # text, kind of the column, its label; without the rep and the account
    rep: str
    team: str
    account: str
    url: str


@dataclass(frozen=True)
class CardRow:
    place: int | None
    account: str
    rep: str
    index: str
    verdict: str
    tone: str
    changed_at: Any
    url: str


@dataclass(frozen=True)
class AccountsPage:
    params: Params
    teams: tuple[tuple[str, str], ...]
    reps: tuple[tuple[str, str], ...]
    heads: tuple[Head, ...]
    rows: tuple[AccountRow, ...]
    total: int
    next_url: str
    previous_url: str
    csv_url: str
    xlsx_url: str
    cards: tuple[CardRow, ...]
    filtered: bool


def _whole(name: str) -> int | None:
    asked = request.args.get(name, "")
    return int(asked) if asked.isdecimal() and asked.isascii() and 0 < len(asked) < 10 else None


def params() -> Params:
    """What the address asks for; nonsense is as if it were not there."""
    sort = request.args.get("sort", "")
    return Params(
        _whole("team"),
        _whole("rep"),
        sort if sort in SORTS else "name",
        request.args.get("order") == "down",
        max(_whole("page") or 1, 1),
    )


def _query(asked: Params) -> dict[str, Any]:
    order = {"sort": asked.sort} if asked.sort != "name" else {}
    down = {"order": "down"} if asked.descending else {}
    return {key: value for key, value in (("team", asked.team), ("rep", asked.rep)) if value} | order | down


def table() -> Table:
    """All lines of the filter and order, for a file."""
    with database.reading() as session:
        return report.lines(session, scope_of(session, g.person), params(), datetime.now(UTC)).table()


def accounts_page() -> AccountsPage:
    asked = params()
    with database.reading() as session:
        scope = scope_of(session, g.person)
        found = report.lines(session, scope, asked, datetime.now(UTC))
        cards = report.cards(session, scope, asked)
        teams = teams_in(session, scope)
    first = (asked.page - 1) * PAGE
    query = _query(asked)
    shown = zip(found.rows[first : first + PAGE], found.ids[first : first + PAGE], strict=True)
    places = CARD.ranked_by.places
    return AccountsPage(
        params=asked,
        teams=tuple((str(id), name) for id, name in teams),
        reps=tuple((str(id), name) for id, name in found.reps),
        heads=_heads(asked),
        rows=tuple(_row(row, id) for row, id in shown),
        total=len(found.rows),
        next_url=url_for("insight.accounts", **query, page=asked.page + 1) if first + PAGE < len(found.rows) else "",
        previous_url=url_for("insight.accounts", **query, page=asked.page - 1) if asked.page > 1 else "",
        csv_url=url_for("insight.accounts_file", format="csv", **query),
        xlsx_url=url_for("insight.accounts_file", format="xlsx", **query),
        cards=tuple(
            CardRow(
                line.place,
                line.one.account,
                line.one.owner,
                sheets.value_text(line.value, places),
                locale.translate(line.result.verdict) if line.result.verdict else "",
                {"good": "success"}.get(line.result.tone, line.result.tone),
                line.one.changed_at,
                url_for("workbench.sheet", id=line.one.sheet_id),
            )
            for line in cards
        ),
        filtered=bool(asked.team or asked.rep),
    )


def _heads(asked: Params) -> tuple[Head, ...]:
    heads = []
    for column in COLUMNS:
        current = column.name == asked.sort
        falling = not asked.descending if current else column.name in FALLING_FIRST
        turned = {"sort": column.name} | _query(replace(asked, sort=cast(Any, column.name), descending=falling))
        heads.append(
            Head(
                label=column.label,
                kind=column.kind,
                url=url_for("insight.accounts", **turned),
                sorted=("descending" if asked.descending else "ascending") if current else "",
            )
        )
    return tuple(heads)


def _row(row: Row, id: int) -> AccountRow:
    cells = []
    for column, cell in zip(COLUMNS, row, strict=True):
        if column.name in ("name", "team", "account"):
            continue
        text = "" if cell is None else str(cell)
        if column.words and text:
            text = locale.translate(Message(column.words[text]))
        cells.append((text, column.kind, locale.translate(Message(column.label))))
    name, team, account = (str(row[PLACES[part]]) for part in ("name", "team", "account"))
    return AccountRow(tuple(cells), name, team, account, url_for("workbench.account", id=id))
