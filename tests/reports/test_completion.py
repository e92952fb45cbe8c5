"""The completion report: nobody else's people, pages by key, and files equal to the screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from kamtrain.core.accounts import Profile
from kamtrain.core.message import Message
from kamtrain.core.people import Role, Scope
from kamtrain.core.table import Table
from kamtrain.files import tables
from kamtrain.reports.completion import report
from kamtrain.reports.completion.report import Params, Words
from kamtrain.services import learning, people
from kamtrain.services.attempts import Head
from kamtrain.store.base import reading, writing
from tests import samples
from tests.cast import Cast, seat

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALL = Scope(None)


@pytest.fixture
def head(engine: Engine) -> Head:
    return samples.published(engine)


@pytest.fixture
def cast(engine: Engine, head: Head) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


@pytest.fixture
def words(head: Head) -> Words:
    return Words(head.library, "en", {})


@pytest.fixture
def crowd(engine: Engine, head: Head, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """24 trainees of the team North, three pages with the cast; every third has read the lesson."""
    monkeypatch.setattr(report, "PAGE", 10)
    with writing(engine) as session:
        for number in range(24):
            name = f"{'王李张'[number % 3]}{number:03}" if number % 2 else f"Trainee {number:03}"
            profile = Profile(f"t{number}@firm.example", name, frozenset({Role.trainee}), cast.north, "en", "UTC")
            id = people.add_person(session, None, profile, NOW)
            if number % 3 == 0:
                clock = NOW + timedelta(minutes=number)
                learning.finish_lesson(session, head.library, head.revision_id, id, "try", "try-1.1", clock)


def rows(session: Session, scope: Scope, params: Params, words: Words) -> list[tuple[object, ...]]:
    return list(report.page(session, scope, params, words).rows)


def test_it_works(engine: Engine, head: Head, cast: Cast, words: Words) -> None:
    with writing(engine) as session:
        learning.finish_lesson(session, head.library, head.revision_id, cast["trainee"], "try", "try-1.1", NOW)
    with reading(engine) as session:
        table = report.page(session, ALL, Params(), words)
    (outsider, trainee) = table.rows
    assert outsider[:5] == ("Outsider", "South", "A course to try", "not-started", 0)
    assert trainee[:5] == ("Trainee", "North", "A course to try", "in-progress", 25)
    assert trainee[8] == NOW
    reasons = trainee[9]
    assert isinstance(reasons, tuple)
    assert [str(reason) for reason in reasons] == [
        "Finish “A check”.",
        "Finish “A final”.",
        "Play “A talk” to an ending.",
    ]


def test_another_teams_people_never_appear(engine: Engine, crowd: None, cast: Cast, words: Words) -> None:
    south = Scope(frozenset({cast.south}))
    with reading(engine) as session:
        assert [row[0] for row in rows(session, south, Params(), words)] == ["Outsider"]
        assert rows(session, south, Params(team=cast.north), words) == []
        assert rows(session, Scope(frozenset()), Params(), words) == []
        assert report.counts(session, south, Params(), words) == {"all": 1, "not-started": 1, "complete": 0}
        assert [row[0] for row in report.everything(session, south, Params(), words).rows] == ["Outsider"]


@pytest.mark.parametrize("sort", report.SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_by_key_are_the_whole_report_and_lead_back(
    engine: Engine, crowd: None, words: Words, sort: report.Sort, descending: bool
) -> None:
    params = Params(sort=sort, descending=descending)
    with reading(engine) as session:
        whole = list(report.everything(session, ALL, params, words).rows)
        pages: list[Table] = [report.page(session, ALL, params, words)]
        while pages[-1].next:
            pages.append(
                report.page(session, ALL, Params(sort=sort, descending=descending, after=pages[-1].next), words)
            )
        assert [row for page in pages for row in page.rows] == whole
        assert len(whole) == 26
        back = report.page(
            session, ALL, Params(sort=sort, descending=descending, before=pages[2].previous or ""), words
        )
        assert back.rows == pages[1].rows
        assert pages[0].previous is None
        assert back.previous
        assert back.next


def test_names_sort_in_each_scripts_own_order(engine: Engine, crowd: None, words: Words) -> None:
    with reading(engine) as session:
        names = [str(row[0]) for row in report.everything(session, ALL, Params(), words).rows]
    first = next(names.index(name) for name in names if name[0] == "李")
    assert (
        first
        < names.index("Outsider")
        < names.index("Trainee 000")
        < min(names.index(n) for n in names if n[0] == "王")
    )


@pytest.mark.parametrize("key", ["x", "W10", "eyJhIjoxfQ", "WzEsMiwzLDQsNSw2XQ", "é", "W1tdLFtdLFtdXQ"])
def test_a_key_that_is_not_ours_begins_at_the_beginning(engine: Engine, crowd: None, words: Words, key: str) -> None:
    with reading(engine) as session:
        first = rows(session, ALL, Params(), words)
        assert rows(session, ALL, Params(after=key), words) == first


@pytest.mark.parametrize(("state", "count"), [("not-started", 18), ("in-progress", 8), ("complete", 0), ("passed", 0)])
def test_filters_by_state_agree_with_the_counts(
    engine: Engine, crowd: None, words: Words, state: report.State, count: int
) -> None:
    with reading(engine) as session:
        found = list(report.everything(session, ALL, Params(state=state), words).rows)
        assert len(found) == count == report.counts(session, ALL, Params(), words).get(state, 0)


def test_a_name_is_found_as_written_and_not_as_a_pattern(engine: Engine, crowd: None, words: Words) -> None:
    with reading(engine) as session:
        assert [row[0] for row in rows(session, ALL, Params(name="trainee 00"), words)] == [
            f"Trainee 00{n}" for n in (0, 2, 4, 6, 8)
        ]
        assert rows(session, ALL, Params(name="%"), words) == []
        assert rows(session, ALL, Params(name="_"), words) == []


def test_a_page_is_one_statement(engine: Engine, crowd: None, words: Words) -> None:
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    with reading(engine) as session:
        report.page(session, ALL, Params(), words)
    assert len([statement for statement in said if not statement.startswith("BEGIN")]) == 1


def plain(text: Message) -> str:
    return str(text)


Everything = Callable[[], Table]


@pytest.fixture
def everything(engine: Engine, crowd: None, words: Words) -> Table:
    with reading(engine) as session:
        table = report.everything(session, ALL, Params(), words)
        return Table(table.columns, tuple(table.rows))


def test_the_csv_holds_what_the_screen_shows(everything: Table) -> None:
    text = b"".join(tables.csv_lines(everything, plain, ZoneInfo("Asia/Shanghai"))).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(text))
    assert head == [column.label for column in everything.columns]
    assert len(lines) == 26
    for line, row in zip(lines, everything.rows, strict=True):
        assert line[0] == row[0]
        assert line[4] == str(row[4])
        assert line[8] == ("" if row[8] is None else str(row[8].astimezone(ZoneInfo("Asia/Shanghai")))[:19])  # type: ignore[union-attr]
        assert line[9] == " ".join(str(reason) for reason in row[9])  # type: ignore[union-attr]


def test_the_xlsx_opens_elsewhere_and_holds_what_the_screen_shows(everything: Table, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    tables.xlsx(everything, plain, ZoneInfo("UTC"), "Completion", path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0] == tuple(column.label for column in everything.columns)
    for line, row in zip(lines[1:], everything.rows, strict=True):
        state = everything.columns[3].words[str(row[3])]
        assert line[:5] == (*row[:3], state, row[4])
        assert line[8] == (row[8].replace(tzinfo=None) if isinstance(row[8], datetime) else None)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_name_is_never_a_formula(name: str, tmp_path: Path) -> None:
    table = Table(report.COLUMNS[:1], ((name,),))
    assert b"\n'" in b"".join(tables.csv_lines(table, plain, ZoneInfo("UTC"))).replace(b'"', b"")
    tables.xlsx(table, plain, ZoneInfo("UTC"), "x", tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"
