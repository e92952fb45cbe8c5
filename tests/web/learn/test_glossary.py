"""GET /learn/terms"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of

TERMS = """\
buying-centre:
  name: {en: buying centre, zh-Hans: 采购中心}
  text: {en: All who have a say., zh-Hans: 所有说得上话的人。}
champion:
  name: {en: champion, zh-Hans: 内线}
  text: {en: Somebody inside who wants you to win., zh-Hans: 里面希望你赢的人。}
"""


@pytest.fixture
def reader(trainee: Visitor) -> Visitor:
    trainee.publish({**samples.FILES, "courses/glossary.yaml": TERMS.encode()})
    return trainee


def test_it_works(reader: Visitor) -> None:
    page = text_of(reader.page("/learn/terms"))

    assert page.index("buying centre") < page.index("champion")
    assert "All who have a say." in page


def test_nobody_is_let_in_without_a_sign_in(visitor: VisitorFor) -> None:
    assert visitor("anonymous").get("/learn/terms", headers={"Accept": "text/html"}).status_code == 302


@pytest.mark.parametrize("query", ["champ", "CHAMP", "  champion ", "hampi"])
def test_a_term_is_found_by_a_part_of_its_name(reader: Visitor, query: str) -> None:
    page = text_of(reader.client.get("/learn/terms", query_string={"q": query}).text)

    assert "Somebody inside" in page
    assert "All who" not in page


@pytest.mark.parametrize("query", ["采购", "buying"])
def test_a_term_is_found_in_the_readers_language_and_by_its_english_name(reader: Visitor, query: str) -> None:
    reader.post("/preferences", {"language": "zh-Hans"})
    page = text_of(reader.client.get("/learn/terms", query_string={"q": query}).text)

    assert "所有说得上话的人" in page
    assert "里面" not in page


@pytest.mark.parametrize("query", ["cai gou", "caigou", "CAIGOU", "采购", "採購", "buying"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_term_is_found_in_every_language_and_by_pinyin(reader: Visitor, language: str, query: str) -> None:
    reader.post("/preferences", {"language": language})
    page = reader.client.get("/learn/terms", query_string={"q": query}).text

    assert 'id="buying-centre"' in page
    assert 'id="champion"' not in page


def test_a_word_of_an_explanation_is_found_after_the_names(reader: Visitor) -> None:
    page = text_of(reader.page("/learn/terms?q=inside"))

    assert page.index("Also in the explanation of") < page.index("champion")
    assert "All who" not in page


def test_terms_stand_under_the_letter_they_sort_by_with_their_names_elsewhere(reader: Visitor) -> None:
    page = text_of(reader.page("/learn/terms"))
    assert "buying centre 采购中心 採購中心" in page

    reader.post("/preferences", {"language": "zh-Hans"})
    page = reader.page("/learn/terms")
    # 采购中心 (cai) before 内线 (nei)
    assert ">C</a>" in page
    assert ">N</a>" in page
    assert page.index('id="buying-centre"') < page.index('id="champion"')


def test_traditional_characters_find_what_is_written_in_simplified_ones(reader: Visitor) -> None:
    reader.post("/preferences", {"language": "zh-Hant"})
    page = text_of(reader.client.get("/learn/terms", query_string={"q": "採購"}).text)

    assert "所有說得上話的人" in page


@pytest.mark.parametrize("query", ["nothing", "<script>alert(1)</script>", "%", "\\", "x" * 5000, "'; --"])
def test_what_is_not_found_says_so_and_how_to_see_all(reader: Visitor, query: str) -> None:
    page = reader.client.get("/learn/terms", query_string={"q": query}).text

    assert "No term matches" in page
    assert "All terms" in page
    assert "<script>alert" not in page


def test_without_any_term_the_page_stands(trainee: Visitor) -> None:
    trainee.page("/learn/terms")
    trainee.page("/learn/terms?q=x")


def test_before_anything_is_published_the_page_stands(visitor: VisitorFor) -> None:
    visitor("trainee").page("/learn/terms")
