"""A manager's road: the report, narrowed, sorted and paged, and the same in both files; her own teams only."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from kamtrain.services.attempts import Head
from kamtrain.services.publishing import library_at
from kamtrain.store.base import connect, reading
from kamtrain.store.library import head as head_revision
from tests.answered import answered
from tests.browser.conftest import Look, NewContext, Server, SignIn, sign_in_at
from tests.browser.test_trainee import DESK, PHONE

# The rows as they are read: a cell's number stands beside its bar, and further reasons are folded.
ROWS = """[...document.querySelectorAll(".table-report tr")].map(row => [...row.cells].map(cell => {
    const copy = cell.cloneNode(true);
    for (const twice of copy.querySelectorAll("progress, svg, .more")) twice.remove();
    for (const block of copy.querySelectorAll("li, summary, span")) block.append(" ");
    return copy.textContent.replace(/\\s+/g, " ").trim();
}))"""


def rows(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(ROWS)
    return found


def downloaded(page: Page, ending: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.locator(f"a[href*='completion.{ending}']").click()
    download.value.save_as(folder / f"report.{ending}")
    return folder / f"report.{ending}"


@pytest.mark.parametrize(
    ("who", "device", "own", "others"),
    [("manager", DESK, "Ines Keller", "何思远"), ("othermanager", PHONE, "何思远", "Ines Keller")],
    ids=["en-desk-light", "zh-phone-dark"],
)
def test_the_report_and_its_files(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look, tmp_path: Path,
    who: str, device: dict[str, Any], own: str, others: str,
) -> None:  # fmt: skip
    page = new_context(**device).new_page()
    sign_in(page, who)
    look(page, "start of a manager")
    page.locator(".areas a[href='/insight/completion']").click()
    expect(page.locator(".table-report")).to_be_visible()
    look(page, "report")
    everybody = rows(page)
    names = [row[0] for row in everybody]
    assert own in names
    assert others not in names
    page.locator("th a[href*='sort=progress']").click()  # from most to least
    page.wait_for_url("**sort=progress**")
    sorted_rows = rows(page)
    values = [number(row[4]) or 0 for row in sorted_rows[1:]]
    assert values == sorted(values, reverse=True)
    assert sorted(row[0] for row in sorted_rows) == sorted(names)
    page.locator(".counts a[href*='state=in-progress']").click()
    page.wait_for_url("**state=in-progress**")
    look(page, "report filtered")
    shown = rows(page)
    assert 1 < len(shown) < len(everybody)
    lines = list(csv.reader(io.StringIO(downloaded(page, "csv", tmp_path).read_text("utf-8-sig"))))
    sheet = openpyxl.load_workbook(downloaded(page, "xlsx", tmp_path)).active
    assert sheet is not None
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert lines[0] == cells[0] == shown[0]
    assert len(lines) == len(cells) == len(shown)
    for screen, line, cell in zip(shown[1:], lines[1:], cells[1:], strict=True):
        assert screen[:4] == line[:4] == cell[:4]
        assert number(screen[4]) == number(line[4]) == cell[4]
        assert number(screen[7]) == number(line[7]) == cell[7]
        assert screen[9] == line[9] == cell[9]
    page.fill("[name=name]", "nobody of that name")
    page.press("[name=name]", "Enter")
    expect(page.locator(".empty")).to_be_visible()
    look(page, "report empty")


def number(text: str) -> int | None:
    digits = text.removesuffix("%").strip()
    return int(digits) if digits not in ("", "–") else None


def test_a_filter_applies_itself_and_a_team_of_somebody_else_shows_nobody(
    server: str, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "manager")
    page.goto(f"{server}/insight/completion")
    page.select_option("[name=course]", "ppl")
    page.wait_for_url("**course=ppl**")
    assert len(rows(page)) > 1
    teams = page.locator("[name=team] option").all_inner_texts()
    assert "South China" not in teams
    for team in range(1, 4):
        page.goto(f"{server}/insight/completion?team={team}")
        assert "何思远" not in page.inner_text("main")


def test_a_trainer_reads_how_the_questions_do(mortal_server: Server, new_context: NewContext, look: Look) -> None:
    engine = connect(f"sqlite:///{mortal_server.data / 'kamtrain.db'}")
    with reading(engine) as session:
        revision = head_revision(session)
        assert revision is not None
        head = Head(revision, library_at(session, revision))
    answered(
        engine, head, "ppl-1.3-check", None, 60,
        lambda number: [[0 if number % 3 else 1], [0], [number % 3], [None], [number % 2, 0], [None]],
    )  # fmt: skip
    engine.dispose()
    for who, device in (("trainer", DESK), ("othertrainer", PHONE)):
        page = new_context(**device).new_page()
        sign_in_at(mortal_server.address)(page, who)
        page.goto(f"{mortal_server.address}/insight/items")
        look(page, "quizzes to analyse")
        page.locator("a[href$='/items/ppl-1.3-check']").click()
        expect(page.locator("[aria-labelledby=fifths] tbody tr").first).to_be_visible()
        expect(page.locator("[aria-labelledby=choices] table").first).to_be_visible()
        look(page, "questions analysed")
        for ending in ("csv", "xlsx"):
            with page.expect_download() as download:
                page.locator(f"main a[href*='{ending}']").click()
            assert download.value.suggested_filename.endswith(ending)
