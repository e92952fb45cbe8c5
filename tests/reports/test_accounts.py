"""The accounts that reps share: nobody else's, nothing unshared, and figures as their sheets show them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import Engine, event

from kamtrain.core.people import Scope
from kamtrain.files import tables
from kamtrain.reports.accounts import report
from kamtrain.reports.accounts.report import CARD, MAP, Params
from kamtrain.services.workbench import open_sheet
from kamtrain.store import workbench as store
from kamtrain.store.base import reading, writing
from kamtrain.workbench import TOOLS
from tests.cast import Cast, seat

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALL = Scope(None)


@pytest.fixture
def cast(engine: Engine) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


def shares(
    engine: Engine, person: int, name: str, sheets: Mapping[str, Mapping[str, str]], shared: bool = True, days: int = 0
) -> None:
    """An account of the person's with these sheets, by tool."""
    with writing(engine) as session:
        id = store.add_account(session, person, name, True, shared, False, NOW)
        account = store.own_account(session, id, person)
        for tool, cells in sheets.items():
            open_sheet(session, TOOLS[tool], person, account, "", "", cells, NOW - timedelta(days=days))


@pytest.fixture
def shared(engine: Engine, cast: Cast) -> None:
    example, card = dict(MAP.examples[0].cells), CARD.examples
    record = {"last_visit": "2026-11-02", "next_visit": "2026-12-01", "stage": "approval"}
    sheets = {"visit-record": record, "stakeholder-map": example, "visit-plan": {}, CARD.id: card[1].cells}
    shares(engine, cast["trainee"], "Alder", sheets, days=12)
    shares(engine, cast["trainee"], "Birch", {CARD.id: card[0].cells})
    shares(engine, cast["trainee"], "Secret", {**sheets, CARD.id: card[0].cells}, shared=False)
    shares(engine, cast["outsider"], "Cedar", {CARD.id: {**card[0].cells, "knockouts.01.met": "no"}})
    shares(engine, cast["outsider"], "Hidden", {CARD.id: card[0].cells}, shared=False)


def test_it_works(engine: Engine, cast: Cast, shared: None) -> None:
    with reading(engine) as session:
        found = report.lines(session, ALL, Params(), NOW)

    assert [row[:3] for row in found.rows] == [
        ("Outsider", "South", "Cedar"),
        ("Trainee", "North", "Alder"),
        ("Trainee", "North", "Birch"),
    ]
    figures = MAP.examples[0].figures
    alder = found.rows[1]
    assert alder[3:] == (
        "approval",
        float(figures["coverage"]),
        float(figures["support"]),
        "2026-11-02",
        12,
        "2026-12-01",
    )
    assert found.rows[2][3:] == (None,) * 6
    assert [name for _, name in found.reps] == ["Outsider", "Trainee"]


def test_what_is_not_shared_and_other_teams_never_appear(engine: Engine, cast: Cast, shared: None) -> None:
    north = Scope(frozenset({cast.north}))
    with reading(engine) as session:
        for scope, names in (
            (ALL, {"Alder", "Birch", "Cedar"}),
            (north, {"Alder", "Birch"}),
            (Scope(frozenset()), set()),
        ):
            for params in (Params(), Params(sort="account", descending=True)):
                assert {row[2] for row in report.lines(session, scope, params, NOW).rows} == names
                assert {line.one.account for line in report.cards(session, scope, params)} == names
        south = Params(team=cast.south)
        assert report.lines(session, north, south, NOW).rows == ()
        assert report.cards(session, north, Params(rep=cast["outsider"])) == ()


def test_scorecards_are_ranked_together_and_who_is_not_eligible_has_no_place(
    engine: Engine, cast: Cast, shared: None
) -> None:
    with reading(engine) as session:
        cards = report.cards(session, ALL, Params())
        own = report.cards(session, ALL, Params(rep=cast["trainee"]))

    assert [(line.place, line.one.account) for line in cards] == [(1, "Birch"), (2, "Alder"), (None, "Cedar")]
    assert [str(line.result.verdict) for line in cards] == ["Develop", "Hold", "Not eligible"]
    assert len(own) == 2


@pytest.mark.parametrize("sort", report.SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_what_is_not_known_comes_last(
    engine: Engine, cast: Cast, shared: None, sort: report.Sort, descending: bool
) -> None:
    with reading(engine) as session:
        rows = report.lines(session, ALL, Params(sort=sort, descending=descending), NOW).rows

    column = [row[report.PLACES[sort]] for row in rows]
    assert len(column) == 3
    if None in column:
        assert column[1:] == [None, None]
    else:
        assert column == sorted(column, reverse=descending)  # type: ignore[type-var]


def test_files_hold_what_the_screen_shows(engine: Engine, cast: Cast, shared: None, tmp_path: Path) -> None:
    with reading(engine) as session:
        table = report.lines(session, ALL, Params(), NOW).table()
    lines = list(csv.reader(io.StringIO(b"".join(tables.csv_lines(table, str, ZoneInfo("UTC"))).decode("utf-8-sig"))))
    tables.xlsx(table, str, ZoneInfo("UTC"), "Accounts", tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None

    def said(row: tuple[object, ...]) -> list[str]:
        words = [table.columns[3].words.get(str(cell), cell) for cell in row]
        return ["" if cell is None else str(cell) for cell in words]

    assert lines[1:] == [said(row) for row in table.rows]
    assert [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)][1:] == lines[1:]


def test_statements_do_not_grow_with_the_accounts(engine: Engine, cast: Cast, shared: None) -> None:
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    with reading(engine) as session:
        report.lines(session, ALL, Params(), NOW)
        report.cards(session, ALL, Params())

    assert len([one for one in said if one.lstrip().startswith("SELECT")]) == 5  # two of them for settings
