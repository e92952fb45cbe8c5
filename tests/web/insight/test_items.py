"""GET /insight/items and /insight/items/<quiz>"""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from flask import Flask
from openpyxl.worksheet.worksheet import Worksheet

from kamtrain.http.database import engine
from kamtrain.services.attempts import Head
from tests.answered import answered
from tests.cast import Cast
from tests.web.conftest import VisitorFor
from tests.web.tables import table_of
from tests.web.visitor import text_of

LIST = "/insight/items"


@pytest.fixture
def crowd(app: Flask, head: Head, cast: Cast) -> None:
    """40 of the team North, 12 of the team South; a third is wrong at the first question, all are right at the second."""
    with app.app_context():
        for team, people in ((cast.north, 40), (cast.south, 12)):
            answered(engine(), head, "check", team, people, lambda number: [[0 if number % 3 else 1], [1]])


@pytest.mark.parametrize(
    ("name", "people"), [("trainer", "52"), ("admin", "52"), ("manager", "40"), ("othermanager", "12")]
)
def test_one_sees_the_quizzes_of_ones_own_people(crowd: None, visitor: VisitorFor, name: str, people: str) -> None:
    reader = visitor(name)
    assert table_of(reader.page(LIST))[1:] == [["A check", people]]
    assert f"From the first finished attempt of each trainee: {people}." in text_of(reader.page(f"{LIST}/check"))


def test_a_trainer_sees_figures_choices_and_what_to_do(crowd: None, visitor: VisitorFor) -> None:
    page = visitor("trainer").page(f"{LIST}/check")
    first, second = table_of(page)[1:]
    assert first[:3] == ["First", "52", "65%"]
    assert second[:5] == ["Second", "52", "100%", "–", "0%"]
    assert first[5] == "34 s26 to 46"
    assert "Nearly everybody is right: too easy, or well taught." in second[6]
    assert "Nobody chooses A: rewrite it." in second[6]
    assert "This one" in page
    assert "SECRET" not in page


def test_a_manager_sees_no_key(crowd: None, visitor: VisitorFor) -> None:
    page = visitor("manager").page(f"{LIST}/check")
    assert table_of(page)[2][:3] == ["Second", "40", "100%"]
    assert "This one" not in page
    assert "Nobody chooses" not in page


@pytest.mark.parametrize("name", ["trainer", "manager"])
def test_the_files_hold_what_the_screen_shows(crowd: None, visitor: VisitorFor, name: str) -> None:
    """For a manager without what was chosen, and with what her own people answered."""
    reader = visitor(name)
    shown = table_of(reader.page(f"{LIST}/check"))[1:]
    sheet = reader.get(f"{LIST}/check/analysis.csv")
    lines = list(csv.reader(io.StringIO(sheet.get_data().decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(reader.get(f"{LIST}/check/analysis.xlsx").get_data()))
    assert isinstance(book.active, Worksheet)
    cells = [["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert cells == lines
    head = lines[0]
    for row, line in zip(shown, lines[1:], strict=True):
        found = dict(zip(head, line, strict=True))
        assert row[:3] == [found["Question"], found["Answers"], f"{found['Right']}%"]
        assert row[5].split(" ")[0] == found["Time (median, seconds)"]
        assert row[6].replace(".", ". ").strip() == found["What to do"]  # lines there, sentences here
    chosen = [dict(zip(head, line, strict=True)).get("What is chosen (* is right)") for line in lines[1:]]
    assert chosen == (["A* 34; B 18", "A 0; B* 52"] if name == "trainer" else [None, None])


def test_a_file_of_no_quiz_is_not_there(head: Head, visitor: VisitorFor) -> None:
    assert visitor("trainer").get(f"{LIST}/none/analysis.csv", headers={"Accept": "text/html"}).status_code == 404


def test_too_few_answers_are_passed_over_in_silence(crowd: None, visitor: VisitorFor) -> None:
    page = visitor("othermanager").page(f"{LIST}/check")
    assert table_of(page)[1] == ["First", "12", "–", "–", "–", "–", "Too few answers: 12 of 30."]
    assert "Highest fifth" not in page


def test_it_speaks_the_readers_language(crowd: None, visitor: VisitorFor) -> None:
    trainer = visitor("trainer")
    trainer.post("/preferences", {"language": "zh-Hans"})
    page = trainer.page(f"{LIST}/check")
    assert "没有人选A：重写这个选项。" in page
    assert "信度" in page


def test_without_attempts_it_says_so(head: Head, visitor: VisitorFor) -> None:
    trainer = visitor("trainer")
    assert "Nobody has finished a quiz yet" in trainer.page(LIST)
    assert "Nobody has finished a quiz yet" in trainer.page(f"{LIST}/final")
    assert trainer.get(f"{LIST}/none", headers={"Accept": "text/html"}).status_code == 404


@pytest.mark.parametrize("path", [LIST, f"{LIST}/check"])
def test_trainees_are_refused(head: Head, visitor: VisitorFor, path: str) -> None:
    assert visitor("trainee").get(path, headers={"Accept": "text/html"}).status_code == 403


def test_looking_changes_nothing(crowd: None, visitor: VisitorFor) -> None:
    trainer = visitor("trainer")
    before = trainer.rows()
    trainer.page(f"{LIST}/check")
    assert trainer.rows() == before
