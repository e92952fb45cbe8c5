"""GET /practice/<kind>/<activity>"""

from __future__ import annotations

import pytest

from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of


def test_it_works(trainee: Visitor) -> None:
    page = text_of(trainee.page("/practice/quiz/final?course=try"))

    assert "A final" in page
    assert "3 questions" in page
    assert "passed with 60%" in page
    assert "2 of 2 attempts left" in page


def test_somebody_elses_attempts_are_not_listed(trainee: Visitor, outsider: Visitor) -> None:
    attempt = outsider.begin("quiz", "final")
    outsider.post(f"/practice/attempts/{attempt}/finish")
    page = trainee.page("/practice/quiz/final?course=try")

    assert f"attempts/{attempt}" not in page
    assert "2 of 2 attempts left" in page


def test_looking_changes_nothing(trainee: Visitor) -> None:
    before = trainee.rows()
    for path in ("/practice/quiz/final", "/practice/quiz/final?course=try", "/practice/scenario/talk?course=try"):
        trainee.page(path)

    assert trainee.rows() == before


@pytest.mark.parametrize(
    "path",
    ["quiz/none", "scenario/none", "quiz/talk", "scenario/check", "lesson/try-1.1", "quiz/..%2f", "quiz/%E4%BD%A0"],
)
def test_what_is_not_in_the_library_is_not_there(trainee: Visitor, path: str) -> None:
    assert trainee.get(f"/practice/{path}").status_code == 404


def test_before_anything_is_published_it_says_so(visitor: VisitorFor) -> None:
    response = visitor("trainee").get("/practice/quiz/final")

    assert response.status_code == 404
    assert "Nothing has been published yet" in response.text


@pytest.mark.parametrize("course", ["none", "", "try\x00", "x" * 500])
def test_a_course_that_does_not_have_it_is_left_out(trainee: Visitor, course: str) -> None:
    response = trainee.client.get("/practice/quiz/check", query_string={"course": course})

    assert response.status_code == (404 if "\x00" in course else 200)
    if response.status_code == 200:
        assert 'name="course" value=""' in response.text


def test_an_attempt_under_way_is_gone_on_with(trainee: Visitor) -> None:
    attempt = trainee.begin("quiz", "final")
    page = trainee.page("/practice/quiz/final?course=try")

    assert f'href="/practice/attempts/{attempt}"' in page
    assert "Go on where you were" in page
    assert "/begin" not in page


def test_free_practice_is_another_attempt_than_the_courses(trainee: Visitor) -> None:
    trainee.begin("quiz", "check")

    assert "Begin" in text_of(trainee.page("/practice/quiz/check"))


def test_when_no_attempt_is_left_it_says_so_and_offers_none(trainee: Visitor) -> None:
    for _ in range(2):
        trainee.post(f"/practice/attempts/{trainee.begin('quiz', 'final')}/finish")
    page = trainee.page("/practice/quiz/final?course=try")

    assert "You have used all attempts" in page
    assert "/begin" not in page
    assert page.count("/result") == 2


def test_another_buyer_is_offered_once_the_scenario_is_known(trainee: Visitor) -> None:
    assert 'value="analytical"' not in trainee.page("/practice/scenario/talk?course=try")
    attempt = trainee.begin("scenario", "talk")
    trainee.choose(attempt, 0, "opening", 2)

    assert 'value="analytical"' in trainee.page("/practice/scenario/talk?course=try")
