"""POST /practice/attempts/<attempt>/choose, and the scene that is shown on the way (GET /practice/attempts/<attempt>)"""

from __future__ import annotations

import pytest

from tests.web.conftest import VisitorFor
from tests.web.visitor import HERE, Visitor, text_of


@pytest.fixture
def talk(trainee: Visitor) -> int:
    return trainee.begin("scenario", "talk")


def test_it_works(trainee: Visitor, talk: int) -> None:
    first = text_of(trainee.page(f"/practice/attempts/{talk}"))
    assert "The briefing." in first
    assert "What do you want?" in first
    response = trainee.choose(talk, 0, "opening", 0)
    assert (response.status_code, response.location) == (303, f"/practice/attempts/{talk}#now")
    second = text_of(trainee.page(f"/practice/attempts/{talk}"))

    assert "He sits down." in second
    assert "And then?" in second
    assert "+2" in second


def test_somebody_elses_conversation_is_not_there(trainee: Visitor, outsider: Visitor, talk: int) -> None:
    assert outsider.choose(talk, 0, "opening", 0).status_code == 404
    assert trainee.rows()["responses"] == 0


def test_the_end_is_followed_by_the_debrief(trainee: Visitor, talk: int) -> None:
    trainee.choose(talk, 0, "opening", 0)
    trainee.choose(talk, 1, "middle", 0)
    response = trainee.get(f"/practice/attempts/{talk}")

    assert response.location == f"/practice/attempts/{talk}/result"


def test_reload_and_another_device_stand_where_the_conversation_does(
    trainee: Visitor, talk: int, visitor: VisitorFor
) -> None:
    trainee.choose(talk, 0, "opening", 1)
    here = text_of(trainee.page(f"/practice/attempts/{talk}"))

    assert here == text_of(trainee.page(f"/practice/attempts/{talk}"))
    assert here == text_of(visitor("trainee").page(f"/practice/attempts/{talk}"))


def test_looking_changes_nothing(trainee: Visitor, talk: int) -> None:
    before = trainee.rows()
    trainee.page(f"/practice/attempts/{talk}")

    assert trainee.rows() == before


def test_a_double_click_says_it_once(trainee: Visitor, talk: int) -> None:
    answers = [trainee.choose(talk, 0, "opening", 0).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert trainee.rows()["responses"] == 1


@pytest.mark.parametrize(
    ("turn", "scene", "place"),
    [(0, "opening", 1), (0, "middle", 0), (2, "middle", 0), (1, "opening", 0), (1, "good", 0), (10**30, "middle", 0),
     (-1, "middle", 0), (-1, "opening", 0), (1, "", 0), (1, "x" * 5000, 0)],
)  # fmt: skip
def test_a_page_that_is_elsewhere_is_led_to_where_it_stands(
    trainee: Visitor, talk: int, turn: int, scene: str, place: int
) -> None:
    trainee.choose(talk, 0, "opening", 0)
    response = trainee.choose(talk, turn, scene, place)

    assert (response.status_code, response.location) == (303, f"/practice/attempts/{talk}")
    assert "This is where it stands now." in trainee.page(f"/practice/attempts/{talk}")
    assert trainee.rows()["responses"] == 1


def test_a_turn_before_the_first_is_no_turn(trainee: Visitor, talk: int) -> None:
    assert trainee.choose(talk, -1, "opening", 0).status_code == 303
    assert trainee.rows()["responses"] == 0


@pytest.mark.parametrize("place", [3, 2, -1, 10**30])
def test_a_line_that_is_not_offered_cannot_be_said(trainee: Visitor, talk: int, place: int) -> None:
    trainee.choose(talk, 0, "opening", 1)  # trust falls to 2
    trainee.choose(talk, 1, "middle", 2)  # to 1: from now on pressing is not offered
    response = trainee.choose(talk, 2, "middle", place)

    assert response.status_code == 422
    assert "This line cannot be said here" in response.text
    assert trainee.rows()["responses"] == 2


@pytest.mark.parametrize(
    "fields",
    [{}, {"turn": "0"}, {"turn": "0", "scene": "opening"}, {"turn": "0", "place": "0"}, {"scene": "opening", "place": "0"},
     {"turn": "", "scene": "opening", "place": "0"}, {"turn": "0", "scene": "opening", "place": "first"},
     {"turn": "0", "scene": "opening", "place": "0.5"}, {"turn": "9" * 6000, "scene": "opening", "place": "0"}],
)  # fmt: skip
def test_what_no_page_sends_is_refused(trainee: Visitor, talk: int, fields: dict[str, str]) -> None:
    response = trainee.post(f"/practice/attempts/{talk}/choose", fields)

    assert response.status_code == 422
    assert "Choose one of the lines." in response.text
    assert trainee.rows()["responses"] == 0


def test_without_a_token_nothing_is_said(trainee: Visitor, talk: int) -> None:
    fields = {"turn": "0", "scene": "opening", "place": "0"}
    response = trainee.client.post(f"/practice/attempts/{talk}/choose", data=fields, headers=HERE)

    assert response.status_code == 400
    assert trainee.rows()["responses"] == 0


def test_nothing_is_said_after_the_end(trainee: Visitor, talk: int) -> None:
    trainee.choose(talk, 0, "opening", 2)
    response = trainee.choose(talk, 1, "bad", 0)

    assert response.status_code == 409
    assert "This conversation is over." in response.text
    assert trainee.rows()["responses"] == 1


def test_the_last_line_twice_still_leads_to_the_debrief(trainee: Visitor, talk: int) -> None:
    answers = [trainee.choose(talk, 0, "opening", 2).status_code for _ in range(2)]

    assert answers == [303, 303]


@pytest.mark.parametrize("attempt", ["0", "999999", str(2**31), str(10**30), "x", "-1"])
def test_an_attempt_that_is_not_is_not_there(trainee: Visitor, attempt: str) -> None:
    path = f"/practice/attempts/{attempt}/choose"

    assert trainee.post(path, {"turn": "0", "scene": "opening", "place": "0"}).status_code == 404


def test_a_quiz_is_no_conversation(trainee: Visitor) -> None:
    attempt = trainee.begin("quiz", "final")

    assert trainee.choose(attempt, 0, "opening", 0).status_code == 404


def test_the_buyer_chosen_is_the_one_who_answers(trainee: Visitor) -> None:
    talk = trainee.begin("scenario", "talk", variant="analytical")
    page = text_of(trainee.page(f"/practice/attempts/{talk}"))

    assert "I have read your page." in page
    assert "a board" in page
    assert "a target" not in page
