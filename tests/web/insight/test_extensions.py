"""GET /insight/extensions and POST /insight/extensions/give"""

from __future__ import annotations

import pytest

from tests.cast import email_of
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of

GIVE = "/insight/extensions/give"
FORM = {
    "email": email_of("trainee"),
    "quiz": "final",
    "minutes": "0",
    "attempts": "1",
    "closes": "",
    "reason": "Was ill",
}


@pytest.fixture
def manager(trainee: Visitor, visitor: VisitorFor) -> Visitor:
    return visitor("manager")


def test_it_works(trainee: Visitor, manager: Visitor) -> None:
    for _ in range(2):
        trainee.post(f"/practice/attempts/{trainee.begin('quiz', 'final')}/finish")
    assert "You have used all attempts" in trainee.page("/practice/quiz/final")
    response = manager.post(GIVE, FORM)

    assert response.status_code == 303
    page = text_of(manager.page("/insight/extensions"))
    assert "Was ill" in page
    assert "1 of 3 attempts left" in trainee.page("/practice/quiz/final")
    assert trainee.begin("quiz", "final")


def test_a_manager_of_others_finds_and_sees_nobody(manager: Visitor, visitor: VisitorFor) -> None:
    manager.post(GIVE, FORM)
    other = visitor("othermanager")
    response = other.post(GIVE, FORM)

    assert response.status_code == 422
    assert "Nobody among those you may see has this address" in response.text
    assert "Was ill" not in text_of(other.page("/insight/extensions"))


@pytest.mark.parametrize("name", ["trainer", "admin"])
def test_trainers_and_admins_see_everybody(manager: Visitor, visitor: VisitorFor, name: str) -> None:
    manager.post(GIVE, FORM)

    assert "Was ill" in text_of(visitor(name).page("/insight/extensions"))


def test_a_trainee_gives_nothing_and_is_offered_nothing(trainee: Visitor, manager: Visitor) -> None:
    assert trainee.post(GIVE, FORM).status_code == 403
    assert "/insight/extensions" not in trainee.page("/practice/quiz/final")
    assert "/insight/extensions?quiz=final" in manager.page("/practice/quiz/final")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minutes", "x"),
        ("minutes", "99999"),
        ("attempts", "-1"),
        ("closes", "tomorrow"),
        ("closes", "9999-12-31T00:00"),
        ("quiz", "check"),
        ("email", "\x00"),
        ("reason", ""),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(manager: Visitor, field: str, value: str) -> None:
    before = manager.rows()
    response = manager.post(GIVE, FORM | {field: value})

    assert response.status_code == 422
    assert f'href="#f-{field}"' in response.text
    assert manager.rows() == before


def test_who_has_something_is_there_to_be_changed(manager: Visitor) -> None:
    manager.post(GIVE, FORM | {"closes": "2027-03-01T18:00"})
    page = manager.client.get("/insight/extensions", query_string={"person": FORM["email"], "quiz": "final"}).text

    assert 'value="2027-03-01T18:00"' in page
    assert 'value="Was ill"' in page
