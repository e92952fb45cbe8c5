"""GET /insight/completion, and as .csv and .xlsx"""

from __future__ import annotations

import base64
import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask

from kamtrain.core.accounts import Profile
from kamtrain.core.people import Role
from kamtrain.http.database import engine
from kamtrain.services import learning, people
from kamtrain.services.attempts import Head
from kamtrain.store.base import writing
from kamtrain.store.people import PersonRow
from tests import samples
from tests.cast import Cast
from tests.web.conftest import VisitorFor
from tests.web.tables import table_of
from tests.web.visitor import Visitor, text_of

REPORT = "/insight/completion"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FILES = (REPORT, f"{REPORT}.csv", f"{REPORT}.xlsx")


@pytest.fixture
def manager(head: Head, visitor: VisitorFor) -> Visitor:
    return visitor("manager")


@pytest.fixture
def crowd(app: Flask, head: Head, cast: Cast) -> None:
    """60 trainees of the team North, so that there are two pages; every third has read the lesson."""
    with app.app_context(), writing(engine()) as session:
        for number in range(60):
            name = f"{'王芳李伟张敏'[number % 6]}{number:03}" if number % 2 else f"Person {number:03}"
            profile = Profile(f"t{number}@firm.example", name, frozenset({Role.trainee}), cast.north, "en", "UTC")
            id = people.add_person(session, None, profile, NOW)
            if number % 3 == 0:
                at = NOW + timedelta(minutes=number)
                learning.finish_lesson(session, head.library, head.revision_id, id, "try", "try-1.1", at)


def names(page: str) -> list[str]:
    return [row[0] for row in table_of(page)[1:]]


def rows_of_csv(visitor: Visitor, query: str = "") -> list[list[str]]:
    response = visitor.get(f"{REPORT}.csv{query}")
    assert response.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


def rows_of_xlsx(visitor: Visitor, query: str = "") -> list[tuple[Any, ...]]:
    response = visitor.get(f"{REPORT}.xlsx{query}")
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def test_it_works(manager: Visitor, trainee: Visitor) -> None:
    trainee.post("/learn/try/try-1.1/done")
    (head, line) = table_of(manager.page(REPORT))

    assert head[:5] == ["Trainee", "Team", "Course", "State", "Progress"]
    assert line[:5] == ["Trainee", "North", "A course to try", "in progress", "25%"]
    assert line[9].startswith("Finish “A check”.")


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("name", ["trainee", "outsider", "trainer", "othertrainer"])
def test_who_leads_nobody_is_refused(head: Head, visitor: VisitorFor, path: str, name: str) -> None:
    assert visitor(name).get(path, headers={"Accept": "text/html"}).status_code == 403


@pytest.mark.parametrize("path", FILES)
def test_nobody_is_let_in_without_a_sign_in(head: Head, visitor: VisitorFor, path: str) -> None:
    assert visitor("anonymous").get(path, headers={"Accept": "text/html"}).status_code == 302


@pytest.mark.parametrize(
    ("name", "seen"), [("manager", ["Trainee"]), ("othermanager", ["Outsider"]), ("admin", ["Outsider", "Trainee"])]
)
def test_one_sees_ones_own_teams_on_screen_and_in_files(
    head: Head, visitor: VisitorFor, name: str, seen: list[str]
) -> None:
    reader = visitor(name)

    assert names(reader.page(REPORT)) == seen
    assert [row[0] for row in rows_of_csv(reader)[1:]] == seen
    assert [row[0] for row in rows_of_xlsx(reader)[1:]] == seen


@pytest.mark.parametrize("query", ["team={south}", "name=Outsider", "name=outsider@demo", "team={south}&course=try"])
def test_no_filter_reaches_another_team(manager: Visitor, cast: Cast, query: str) -> None:
    asked = f"?{query.format(south=cast.south)}"

    assert "Nobody matches this filter" in manager.page(f"{REPORT}{asked}")
    assert "South" not in manager.page(REPORT)
    assert rows_of_csv(manager, asked)[1:] == []
    assert rows_of_xlsx(manager, asked)[1:] == []


@pytest.mark.parametrize("path", FILES)
def test_looking_changes_nothing(manager: Visitor, path: str) -> None:
    before = manager.rows()
    assert manager.get(path).data

    assert manager.rows() == before


@pytest.mark.parametrize("query", ["", "?state=in-progress", "?sort=activity&order=down", "?name=Person&sort=progress"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_the_files_hold_what_the_screen_shows(crowd: None, manager: Visitor, query: str, language: str) -> None:
    manager.post("/preferences", {"language": language})
    shown: list[list[str]] = []
    path = f"{REPORT}{query}"
    while path:
        page = manager.page(path)
        head, *rows = table_of(page)
        shown += rows
        path = next_page(page)
    (csv_head, *lines), (xlsx_head, *cells) = rows_of_csv(manager, query), rows_of_xlsx(manager, query)

    assert head == csv_head == list(xlsx_head)
    assert len(shown) == len(lines) == len(cells) > 1
    for screen, line, row in zip(shown, lines, cells, strict=True):
        assert screen[:4] == line[:4] == list(row[:4])
        assert [number(screen[place]) for place in (4, 7)] == [number(line[place]) for place in (4, 7)]
        assert [row[place] for place in (4, 7)] == [number(line[place]) for place in (4, 7)]
        assert (screen[8] == "–") is (line[8] == "") is (row[8] is None)
        assert row[8] is None or str(row[8]) == line[8]
        assert screen[9] == line[9] == (row[9] or "")


def number(text: str) -> int | None:
    digits = text.removesuffix("%").strip()
    return int(digits) if digits not in ("", "–") else None


def next_page(page: str) -> str:
    found = page.partition('rel="next" href="')[2].partition('"')[0]
    return found.replace("&amp;", "&")


def test_times_are_the_readers_own(manager: Visitor, crowd: None, cast: Cast) -> None:
    manager.post("/account", {"name": "Manager", "language": "en", "time_zone": "Asia/Shanghai"})
    page, lines = manager.page(f"{REPORT}?sort=activity&order=down"), rows_of_csv(manager, "?sort=activity&order=down")

    assert "3/2/26, 6:27\u202fPM" in page  # 10:27 UTC
    assert lines[1][8] == "2026-03-02 18:27:00"


def test_pages_lead_through_everybody_once_and_back(crowd: None, manager: Visitor) -> None:
    first = manager.page(REPORT)
    second = manager.page(next_page(first))
    back = second.partition('rel="prev" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert len(names(first)) == 50
    assert len(names(second)) == 11
    assert not set(names(first)) & set(names(second))
    assert next_page(second) == ""
    assert names(manager.page(back)) == names(first)


def test_a_page_keeps_its_filter_and_order(crowd: None, manager: Visitor) -> None:
    page = manager.page(f"{REPORT}?sort=progress&order=down&course=try")

    assert "sort=progress" in next_page(page)
    assert "order=down" in next_page(page)
    assert "course=try" in next_page(page)


def test_heads_say_how_it_is_sorted_and_turn_it(crowd: None, manager: Visitor) -> None:
    page = manager.page(f"{REPORT}?sort=progress&order=down")

    assert 'aria-sort="descending"' in page
    assert "progress" in page.partition('aria-sort="descending"')[2].partition("</th>")[0]
    assert names(page) != names(manager.page(f"{REPORT}?sort=progress"))


def test_states_are_counted_as_their_filters_show(crowd: None, manager: Visitor) -> None:
    page = text_of(manager.page(REPORT))

    assert "61 All" in page
    assert "41 not started" in page
    assert "20 in progress" in page
    assert len(names(manager.page(f"{REPORT}?state=in-progress"))) == 20


def forged(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


ADDRESSES = [
    {"team": "x"}, {"team": "-1"}, {"team": "9" * 40}, {"team": "٣"}, {"course": "none"}, {"course": "x" * 5000},
    {"state": "happy"}, {"sort": "password_hash"}, {"order": "sideways"}, {"name": "x" * 5000}, {"name": "%"},
    {"name": "'; drop table people; --"}, {"name": "\\"}, {"name": "<script>alert(1)</script>"}, {"name": "😀"},
    {"after": "x"}, {"after": "é"}, {"before": "="}, {"after": forged("a", 1, 0), "before": forged("b", 1, 0)},
    {"after": forged("a", "b", "c")}, {"after": forged(1, "b", 0)}, {"after": forged("a", 10**30, 0)},
    {"after": forged("a", 2**40, 2**70)}, {"after": forged("a\x00", 1, 0)}, {"after": forged("\ud800", 1, 0)},
    {"after": forged("a", True, False)}, {"after": forged(1, 2, 3), "sort": "progress"}, {"after": forged()},
    {"after": forged("x", "a", 1, 0), "sort": "score"}, {"after": forged(10**30, "a", 1, 0), "sort": "activity"},
    {"after": base64.urlsafe_b64encode(b"[" * 20_000).decode()}, {"after": base64.urlsafe_b64encode(b"{}").decode()},
]  # fmt: skip


def test_an_address_nobody_made_gives_a_report_all_the_same(manager: Visitor) -> None:
    for query in ADDRESSES:
        response = manager.client.get(REPORT, query_string=query)
        assert response.status_code == 200, query
        assert "<script>alert" not in response.text
        assert "Outsider" not in text_of(response.text)


def test_before_anything_is_published_nobody_is_missing(visitor: VisitorFor) -> None:
    manager = visitor("manager")

    assert "Nobody is here yet" in manager.page(REPORT)
    assert len(rows_of_csv(manager)) == len(rows_of_xlsx(manager)) == 1


def test_who_has_left_is_in_no_report(manager: Visitor, app: Flask, cast: Cast) -> None:
    with app.app_context(), writing(engine()) as session:
        session.get_one(PersonRow, cast["trainee"]).active = False

    assert names(manager.page(REPORT)) == []


def test_a_course_that_was_taken_out_is_in_no_report(manager: Visitor, trainee: Visitor) -> None:
    trainee.post("/learn/try/try-1.1/done")
    trainee.publish({path: data for path, data in samples.FILES.items() if not path.startswith("courses/")})

    assert names(manager.page(REPORT)) == []
    assert len(rows_of_csv(manager)) == 1


def test_files_are_attachments_named_for_their_day(manager: Visitor) -> None:
    for format in ("csv", "xlsx"):
        named = manager.get(f"{REPORT}.{format}").headers["Content-Disposition"]
        assert named == f'attachment; filename="completion-{datetime.now(UTC):%Y-%m-%d}.{format}"'


def test_another_format_is_not_there(manager: Visitor) -> None:
    assert manager.get(f"{REPORT}.pdf").status_code == 404
