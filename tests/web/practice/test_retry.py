"""POST /practice/attempts/<attempt>/retry"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import VisitorFor
from tests.web.practice.test_debrief import played
from tests.web.visitor import Visitor, text_of


def retry(trainee: Visitor, talk: int, turn: object = 1) -> int:
    response = trainee.post(f"/practice/attempts/{talk}/retry", {"turn": turn})
    assert response.status_code == 303, response.text
    return int(response.location.removesuffix("#now").rsplit("/", 1)[1])


@pytest.fixture
def talk(trainee: Visitor) -> int:
    """Ended with a promise, by pressing and then taking some time."""
    return played(trainee, ("opening", 0), ("middle", 2), ("middle", 1))


def test_it_begins_at_the_turn_with_what_was_said_before(trainee: Visitor, talk: int) -> None:
    again = retry(trainee, talk, 2)
    page = text_of(trainee.page(f"/practice/attempts/{again}"))

    assert "A retry from turn 3: for practice, it does not count." in page
    assert "Trust 4 / 10 of 10" in page
    assert "He frowns." in page
    assert trainee.choose(again, 2, "middle", 0).status_code == 303
    result = text_of(trainee.page(f"/practice/attempts/{again}/result"))
    assert "A strong ending" in result
    assert "A retry from turn 3" in result


def test_the_same_choices_lead_to_the_same_end(trainee: Visitor, talk: int) -> None:
    again = retry(trainee, talk, 1)
    trainee.choose(again, 1, "middle", 2)
    trainee.choose(again, 2, "middle", 1)
    pages = [text_of(trainee.page(f"/practice/attempts/{id}/result")) for id in (talk, again)]
    first, second = (page[page.index("An acceptable ending · 60%") : page.index("Think it over")] for page in pages)

    assert first == second


def test_somebody_elses_conversation_is_not_there(trainee: Visitor, outsider: Visitor, talk: int) -> None:
    assert outsider.post(f"/practice/attempts/{talk}/retry", {"turn": "1"}).status_code == 404


def test_it_counts_for_nothing(trainee: Visitor) -> None:
    """A poor ending stays the result, whatever a retry reaches."""
    talk = played(trainee, ("opening", 0), ("middle", 2), ("middle", 2), ("middle", 2))
    before = text_of(trainee.page("/learn/try"))
    again = retry(trainee, talk, 1)
    assert trainee.choose(again, 1, "middle", 0).status_code == 303
    assert "A strong ending" in trainee.page(f"/practice/attempts/{again}/result")

    assert text_of(trainee.page("/learn/try")) == before
    shown = text_of(trainee.page("/practice/scenario/talk?course=try"))
    assert "retry from turn 2, does not count" in shown
    assert trainee.begin("scenario", "talk") not in (talk, again)


def test_it_stands_beside_an_attempt_that_is_under_way(trainee: Visitor, talk: int) -> None:
    under_way = trainee.begin("scenario", "talk")
    again = retry(trainee, talk, 1)

    assert again != under_way
    assert trainee.begin("scenario", "talk") == under_way
    page = trainee.page("/practice/scenario/talk?course=try")
    assert f'/practice/attempts/{under_way}"' in page
    assert f'/practice/attempts/{again}"' in page
    assert "Go on with your retry" in page


def test_in_free_practice_too(trainee: Visitor) -> None:
    talk = trainee.begin("scenario", "talk", course="")
    trainee.choose(talk, 0, "opening", 0)
    trainee.choose(talk, 1, "middle", 0)

    assert retry(trainee, talk, 1) != trainee.begin("scenario", "talk", course="")


def test_a_retry_can_be_tried_from_again(trainee: Visitor, talk: int) -> None:
    again = retry(trainee, talk, 2)
    trainee.choose(again, 2, "middle", 1)

    assert retry(trainee, again, 1) not in (talk, again)


def test_thirty_clicks_open_one(trainee: Visitor, talk: int) -> None:
    def click(_: int) -> str:
        client: FlaskClient = trainee.client.application.test_client()
        with trainee.client.session_transaction() as known, client.session_transaction() as cookie:
            cookie.update(known)
        visitor = Visitor(client)
        return visitor.post(f"/practice/attempts/{talk}/retry", {"turn": "1"}).location or ""

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(click, range(30)))

    assert len(answers) == 1
    assert trainee.rows()["attempts"] == 2
    assert trainee.rows()["responses"] == 4


@pytest.mark.parametrize("turn", ["0", "3", "99", "-1", "", "x", "9" * 30, None])
def test_a_turn_the_conversation_did_not_have_is_refused(trainee: Visitor, talk: int, turn: str | None) -> None:
    before = trainee.rows()
    response = trainee.post(f"/practice/attempts/{talk}/retry", {} if turn is None else {"turn": turn})

    assert response.status_code == 422
    assert "The conversation has no such turn." in response.text
    assert trainee.rows() == before


def test_while_it_is_going_on_there_is_none(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 0), ("middle", 2))

    assert trainee.post(f"/practice/attempts/{talk}/retry", {"turn": "1"}).status_code == 409


def test_a_quiz_has_none(trainee: Visitor) -> None:
    assert trainee.post(f"/practice/attempts/{trainee.begin('quiz', 'final')}/retry", {"turn": "1"}).status_code == 404


def test_it_keeps_the_text_it_was_played_with(trainee: Visitor, visitor: VisitorFor, talk: int) -> None:
    from tests import samples

    changed = samples.TALK.replace("One page of method", "A new line").encode()
    trainee.publish({**samples.FILES, "quizzes/talk.en.md": changed})
    again = retry(trainee, talk, 1)
    trainee.choose(again, 1, "middle", 0)

    assert "The result, in one line" in trainee.page(f"/practice/attempts/{again}/result")
