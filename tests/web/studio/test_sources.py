"""GET /studio/sources"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of

FILE = """\
courses:
  try: {en: A course to try, zh-Hans: 试用课程}
  later: {en: A later one, zh-Hans: 以后的课程}
parts:
  - id: s0
    title: {en: The plan, zh-Hans: 计划}
    rows:
      - {id: "0.01", en: Who asks first, zh-Hans: 谁先问, by: [try-1.1, quiz:check, scenario:talk, tool:visit-plan]}
      - {id: "0.02", en: What comes later, zh-Hans: 以后讲的, by: [later-1.1]}
      - {id: "0.03", en: The shop, zh-Hans: 网店, left-out: true}
"""
SOURCES = "/studio/sources"


@pytest.fixture
def reader(visitor: VisitorFor, trainee: Visitor) -> Visitor:
    trainee.publish({**samples.FILES, "courses/sources.yaml": FILE.encode()})
    return visitor("trainer")


def test_it_works(reader: Visitor) -> None:
    page = reader.page(SOURCES)

    assert "Who asks first" in page
    assert 'href="/learn/try/try-1.1"' in page
    assert 'href="/practice/quiz/check"' in page
    assert 'href="/practice/scenario/talk"' in page
    assert 'href="/workbench/tools/visit-plan"' in page
    words = text_of(page)
    assert "Visit plan (to come)" not in words
    assert "A later one 1.1 (to come)" in words
    assert "left out: no training content" in words
    assert "all rows 3" in words


@pytest.mark.parametrize("name", ["trainee", "manager"])
def test_it_is_for_trainers(reader: Visitor, visitor: VisitorFor, name: str) -> None:
    assert visitor(name).get(SOURCES).status_code == 403


@pytest.mark.parametrize(
    ("show", "rows"),
    [("covered", ["0.01"]), ("to-come", ["0.02"]), ("left-out", ["0.03"]), ("x", ["0.01", "0.02", "0.03"])],
)
def test_one_state_can_be_shown_alone(reader: Visitor, show: str, rows: list[str]) -> None:
    page = text_of(reader.page(f"{SOURCES}?show={show}"))

    assert [row for row in ("0.01", "0.02", "0.03") if row in page] == rows


def test_it_is_in_the_readers_language(reader: Visitor) -> None:
    reader.post("/preferences", {"language": "zh-Hant"})

    assert "誰先問" in reader.page(SOURCES)


def test_without_rows_the_page_stands(visitor: VisitorFor, trainee: Visitor) -> None:
    assert "No rows" in visitor("trainer").page(SOURCES)
