"""GET /learn/competencies"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of

LEVELS = "".join(f"    - {{en: level {n} is reached, zh-Hans: 到了第{n}级}}\n" for n in range(1, 5))
NAMES = {"C06": "{en: Style adaptation, zh-Hans: 风格适应}", "C12": "{en: Commitment, zh-Hans: 成交}"}
FILE = "".join(f"{code}:\n  name: {name}\n  levels:\n{LEVELS}" for code, name in NAMES.items())


@pytest.fixture
def reader(trainee: Visitor) -> Visitor:
    trainee.publish({**samples.FILES, "courses/competencies.yaml": FILE.encode()})
    return trainee


def test_it_works(reader: Visitor) -> None:
    page = reader.page("/learn/competencies")

    assert "Style adaptation" in page
    assert "Guided · level 2 is reached" in text_of(page)
    assert 'id="c06"' in page
    assert 'href="/learn/try/try-1.1"' in page


def test_nobody_is_let_in_without_a_sign_in(visitor: VisitorFor) -> None:
    assert visitor("anonymous").get("/learn/competencies", headers={"Accept": "text/html"}).status_code == 302


@pytest.mark.parametrize(("language", "name"), [("zh-Hans", "风格适应"), ("zh-Hant", "風格適應")])
def test_it_is_in_the_readers_language(reader: Visitor, language: str, name: str) -> None:
    reader.post("/preferences", {"language": language})

    assert name in reader.page("/learn/competencies")


def test_a_lesson_names_what_it_trains(reader: Visitor) -> None:
    page = reader.page("/learn/try/try-1.1")

    assert '<a href="/learn/competencies#c06">Style adaptation</a>' in page
    assert "C06" not in text_of(page)


def test_without_any_the_page_stands(visitor: VisitorFor, trainee: Visitor) -> None:
    assert "No competency is described yet" in trainee.page("/learn/competencies")
