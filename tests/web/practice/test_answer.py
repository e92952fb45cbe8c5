"""POST /practice/attempts/<attempt>/questions/<number>: the form's own way"""

from __future__ import annotations

from typing import Any

import pytest

from tests import samples
from tests.web.visitor import HERE, Visitor, text_of

TYPED = "Because <i>he</i> cut me off twice, & chose."


@pytest.fixture
def check(trainee: Visitor) -> int:
    """At an attempt at a quiz that shows each answer now."""
    return trainee.begin("quiz", "check")


@pytest.fixture
def final(trainee: Visitor) -> int:
    """At an attempt at a quiz that shows the answers at the end."""
    return trainee.begin("quiz", "final")


def test_it_works(trainee: Visitor, check: int) -> None:
    response = trainee.answer(check, "c1", 1)
    assert (response.status_code, response.location) == (303, f"/practice/attempts/{check}/questions/1")
    page = text_of(trainee.page(response.location))

    assert "Not right" in page
    assert "SECRET-FEEDBACK" in page


def test_somebody_elses_attempt_is_not_there(trainee: Visitor, outsider: Visitor, check: int) -> None:
    response = outsider.post(f"/practice/attempts/{check}/questions/1", {"part-0": "0"})

    assert response.status_code == 404
    assert trainee.rows()["responses"] == 0


def test_without_a_token_it_is_shown_to_be_sent_again(trainee: Visitor, final: int) -> None:
    path = f"/practice/attempts/{final}/questions/3"
    response = trainee.client.post(path, data={"part-0": TYPED}, headers=HERE)

    assert response.status_code == 400
    assert "cut me off twice" in response.text
    assert trainee.rows()["drafts"] == 0


def test_from_another_site_nothing_is_taken(trainee: Visitor, check: int) -> None:
    path = f"/practice/attempts/{check}/questions/1"
    response = trainee.client.post(path, data={"part-0": "0"}, headers={"Origin": "https://evil.example"})

    assert response.status_code == 403
    assert trainee.rows()["responses"] == 0


# --- feedback: now ---


def test_a_double_click_hands_it_in_once(trainee: Visitor, check: int) -> None:
    assert [trainee.answer(check, "c1", 0).status_code for _ in range(2)] == [303, 303]
    assert trainee.rows()["responses"] == trainee.rows()["outcomes"] == 1


def test_another_answer_afterwards_is_refused_and_the_first_one_shown(trainee: Visitor, check: int) -> None:
    trainee.answer(check, "c1", 1)
    response = trainee.answer(check, "c1", 0)
    assert (response.status_code, response.location) == (303, f"/practice/attempts/{check}")

    assert "already answered" in trainee.page(response.location)
    assert "Your answer: wrong" in trainee.page(f"/practice/attempts/{check}/questions/1")


def test_nothing_chosen_is_no_answer(trainee: Visitor, check: int) -> None:
    response = trainee.post(f"/practice/attempts/{check}/questions/1")

    assert response.status_code == 422
    assert "Answer every part of the question first." in response.text
    assert "SECRET" not in response.text
    assert trainee.rows()["responses"] == 0


def test_a_refused_form_sent_again_by_a_reload_shows_what_was_saved_since(trainee: Visitor, check: int) -> None:
    path = f"/practice/attempts/{check}/questions/1"
    assert " checked" not in trainee.post(path).text
    trainee.draft(check, "c1", 1)

    assert " checked" in trainee.post(path).text


def test_the_part_that_was_answered_is_still_there_when_another_is_missing(trainee: Visitor) -> None:
    two = samples.CHECK.replace(
        "> SECRET-DEBRIEF.", "Why?\n\n- [x] So\n  > Yes.\n- [ ] Otherwise\n  > No.\n\n> DEBRIEF.", 1
    )
    trainee.publish({**samples.FILES, "quizzes/check.en.md": two.encode()})
    check = trainee.begin("quiz", "check")
    response = trainee.answer(check, "c1", 1, None)

    assert response.status_code == 422
    assert response.text.count(" checked") == 1
    assert "SECRET" not in response.text
    assert "DEBRIEF" not in response.text


def test_the_last_answer_ends_the_attempt(trainee: Visitor, check: int) -> None:
    trainee.answer(check, "c1", 0)
    trainee.answer(check, "c2", 0)
    page = trainee.page(f"/practice/attempts/{check}")

    assert "50%" in page
    assert "Passed" in page
    assert trainee.answer(check, "c2", 0).status_code == 303
    assert trainee.rows()["responses"] == 2


@pytest.mark.parametrize("value", ["9", "-1", "01", "x", "", " 0", "9" * 5000, "٠"])
def test_an_option_that_is_not_there_is_refused(trainee: Visitor, check: int, value: str) -> None:
    response = trainee.post(f"/practice/attempts/{check}/questions/1", {"part-0": value})

    assert response.status_code == 422
    assert "SECRET" not in response.text
    assert trainee.rows()["responses"] == 0


# --- feedback: end ---


def test_at_the_end_quizzes_keep_it_and_go_on(trainee: Visitor, final: int) -> None:
    response = trainee.answer(final, "f1", (0, 1))

    assert (response.status_code, response.location) == (303, f"/practice/attempts/{final}/questions/2")
    assert trainee.rows()["drafts"] == 1
    assert trainee.rows()["responses"] == 0


@pytest.mark.parametrize(
    ("number", "go", "where"),
    [(1, "next", "/questions/2"), (2, "previous", "/questions/1"), (1, "previous", "/questions/1"), (2, "stay", "/questions/2"),
     (1, "overview", "?overview=1"), (3, "next", "?overview=1"), (1, "//evil.example", "/questions/2")],
)  # fmt: skip
def test_the_buttons_lead_where_they_say(trainee: Visitor, final: int, number: int, go: str, where: str) -> None:
    response = trainee.post(f"/practice/attempts/{final}/questions/{number}", {"go": go})

    assert (response.status_code, response.location) == (303, f"/practice/attempts/{final}{where}")


def test_an_answer_may_be_changed_until_the_end(trainee: Visitor, final: int) -> None:
    trainee.answer(final, "f3", "The first thought of several.")
    trainee.answer(final, "f3", "The second thought of several.")
    page = trainee.page(f"/practice/attempts/{final}/questions/3")

    assert "The second thought" in page
    assert "The first thought" not in page


def test_an_answer_may_be_taken_back_until_the_end(trainee: Visitor, final: int) -> None:
    trainee.answer(final, "f1", (0, 1))
    trainee.answer(final, "f1", ())

    assert " checked" not in trainee.page(f"/practice/attempts/{final}/questions/1")


def test_a_form_without_script_wins_over_what_was_autosaved_before(trainee: Visitor, final: int) -> None:
    trainee.draft(final, "f3", "autosaved", sequence=1_800_000_000_000)
    trainee.answer(final, "f3", "sent by the form", sequence="0")
    trainee.draft(final, "f3", "a late packet", sequence=1_800_000_000_000)

    assert "sent by the form" in trainee.page(f"/practice/attempts/{final}/questions/3")


@pytest.mark.parametrize("sequence", ["x", "-5", str(2**53), "9" * 6000])
def test_a_number_no_page_gives_loses_nothing(trainee: Visitor, final: int, sequence: str) -> None:
    response = trainee.answer(final, "f3", "typed with care, all of it", sequence=sequence)

    kept = response.status_code == 303 or "typed with care" in response.text
    assert kept, response.status_code


@pytest.mark.parametrize(
    "fields", [{"part-0": "9"}, {"part-0": ["0", "0"]}, {"part-0": "x"}, {"part-0": ["0", "1", "2", "3"]}]
)
def test_what_no_page_sends_is_refused(trainee: Visitor, final: int, fields: dict[str, Any]) -> None:
    response = trainee.post(f"/practice/attempts/{final}/questions/1", fields)

    assert response.status_code == 422
    assert trainee.rows()["drafts"] == 0


def test_an_answer_that_is_too_long_is_shown_so_that_it_is_not_lost(trainee: Visitor, final: int) -> None:
    response = trainee.answer(final, "f3", "word " * 4_001)

    assert response.status_code == 422
    assert "This answer is too long" in response.text
    assert "word word word" in response.text
    assert trainee.rows()["drafts"] == 0


def test_after_the_end_nothing_is_taken(trainee: Visitor, final: int) -> None:
    trainee.post(f"/practice/attempts/{final}/finish")
    response = trainee.answer(final, "f3", TYPED)

    assert response.status_code == 409
    assert "finished" in response.text
    assert "cut me off twice" in response.text
    assert trainee.rows()["drafts"] == 0


@pytest.mark.parametrize("number", ["0", "4", "999999999999999999999"])
def test_a_question_that_was_not_drawn_is_not_there(trainee: Visitor, final: int, number: str) -> None:
    assert trainee.post(f"/practice/attempts/{final}/questions/{number}", {"part-0": "0"}).status_code in (404, 405)


def test_a_conversation_takes_no_answers(trainee: Visitor) -> None:
    talk = trainee.begin("scenario", "talk")

    assert trainee.post(f"/practice/attempts/{talk}/questions/1", {"part-0": "0"}).status_code == 404
