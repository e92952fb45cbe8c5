"""POST /practice/<kind>/<activity>/begin"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import HERE, Visitor

FINAL = "/practice/quiz/final/begin"


def test_it_works(trainee: Visitor) -> None:
    response = trainee.post(FINAL, {"course": "try"})

    assert response.status_code == 303
    assert response.location.startswith("/practice/attempts/")
    assert trainee.rows()["attempts"] == trainee.rows()["enrollments"] == 1


def test_somebody_else_begins_an_attempt_of_her_own(trainee: Visitor, outsider: Visitor) -> None:
    mine, theirs = trainee.begin("quiz", "final"), outsider.begin("quiz", "final")

    assert mine != theirs
    assert outsider.get(f"/practice/attempts/{mine}").status_code == 404


def test_a_double_click_begins_one(trainee: Visitor) -> None:
    assert trainee.begin("quiz", "final") == trainee.begin("quiz", "final")
    assert trainee.rows()["attempts"] == 1


def test_another_device_goes_on_with_it(trainee: Visitor, visitor: VisitorFor) -> None:
    assert trainee.begin("quiz", "final") == visitor("trainee").begin("quiz", "final")


def test_without_a_token_nothing_begins(trainee: Visitor) -> None:
    response = trainee.client.post(FINAL, data={"course": "try"}, headers=HERE)

    assert response.status_code == 400
    assert trainee.rows()["attempts"] == 0


def test_from_another_site_nothing_begins(trainee: Visitor) -> None:
    response = trainee.client.post(FINAL, data={"course": "try"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert trainee.rows()["attempts"] == 0


def test_the_limit_holds(trainee: Visitor) -> None:
    for _ in range(2):
        trainee.post(f"/practice/attempts/{trainee.begin('quiz', 'final')}/finish")
    response = trainee.post(FINAL, {"course": "try"})

    assert response.status_code == 409
    assert "You have used all 2 attempts" in response.text
    assert trainee.rows()["attempts"] == 2


@pytest.mark.parametrize("variant", ["analytical", "x", "x" * 500, "\x00"])
def test_a_quiz_has_no_buyers_by_which_to_count_anew(trainee: Visitor, variant: str) -> None:
    for _ in range(2):
        trainee.post(f"/practice/attempts/{trainee.begin('quiz', 'final')}/finish")
    response = trainee.post(FINAL, {"course": "try", "variant": variant})

    assert response.status_code in (404, 409)
    assert trainee.rows()["attempts"] == 2


@pytest.mark.parametrize("variant", ["nobody", "x" * 500, "\x00", "🐦"])
def test_a_buyer_the_scenario_does_not_have_is_not_there(trainee: Visitor, variant: str) -> None:
    assert trainee.post("/practice/scenario/talk/begin", {"course": "try", "variant": variant}).status_code == 404
    assert trainee.rows()["attempts"] == 0


def test_each_buyer_is_a_conversation_of_its_own(trainee: Visitor) -> None:
    assert trainee.begin("scenario", "talk") != trainee.begin("scenario", "talk", variant="analytical")


@pytest.mark.parametrize("path", ["quiz/none", "scenario/none", "quiz/talk", "scenario/final", "lesson/try-1.1"])
def test_what_is_not_in_the_library_cannot_begin(trainee: Visitor, path: str) -> None:
    assert trainee.post(f"/practice/{path}/begin", {"course": "try"}).status_code == 404
    assert trainee.rows()["attempts"] == 0


def test_before_anything_is_published_nothing_can_begin(visitor: VisitorFor) -> None:
    assert visitor("trainee").post(FINAL, {"course": "try"}).status_code == 404


def test_a_course_that_does_not_have_it_makes_it_free_practice(trainee: Visitor) -> None:
    trainee.begin("quiz", "check", course="none")

    assert trainee.rows()["enrollments"] == 0


@pytest.mark.parametrize("course", ["", "none", "TRY", "try\x00"])
def test_limited_attempts_are_those_of_the_course_whatever_the_address_says(trainee: Visitor, course: str) -> None:
    """Free practice would be counted elsewhere, and show the answers before the first attempt that counts."""
    attempt = trainee.begin("quiz", "final")
    assert trainee.post(FINAL, {"course": course}).location.endswith(f"/{attempt}")
    for _ in range(2):
        trainee.post(f"/practice/attempts/{trainee.begin('quiz', 'final', course=course)}/finish")

    assert trainee.post(FINAL, {"course": course}).status_code == 409
    assert trainee.rows()["attempts"] == 2
    assert "0 of 2 attempts left" in trainee.page("/practice/quiz/final")


def test_a_posttest_outside_the_modules_is_taken_in_the_course(trainee: Visitor) -> None:
    course = samples.COURSE.replace("      - quiz: final\n", "")
    rules = "posttest: final\ncomplete: {lessons: read, activities: done, posttest: done}\n"
    course = course.replace("complete: {lessons: read, activities: done}\n", rules)
    trainee.publish({**samples.FILES, "courses/try/course.yaml": course.encode()})
    trainee.post(f"/practice/attempts/{trainee.begin('quiz', 'final')}/finish")

    assert trainee.rows()["enrollments"] == 1
    assert "Finish “A final”" not in trainee.page("/learn/try")


def test_asking_for_it_with_get_is_not_possible(trainee: Visitor) -> None:
    assert trainee.get(FINAL).status_code == 405
