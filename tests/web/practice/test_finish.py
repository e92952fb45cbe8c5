"""POST /practice/attempts/<attempt>/finish, GET …/result of a quiz, POST …/mark"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.visitor import HERE, Visitor, text_of

REASON = "Because he said it twice, and to me."


@pytest.fixture
def final(trainee: Visitor) -> int:
    return trainee.begin("quiz", "final")


def answered(trainee: Visitor, final: int) -> str:
    """Everything answered, the first two rightly, and finished; the result's address."""
    trainee.draft(final, "f1", (0, 1))
    trainee.draft(final, "f2", [0, 1])
    trainee.draft(final, "f3", REASON)
    return str(trainee.post(f"/practice/attempts/{final}/finish").location)


def test_it_works(trainee: Visitor, final: int) -> None:
    assert answered(trainee, final) == f"/practice/attempts/{final}/result"
    page = text_of(trainee.page(f"/practice/attempts/{final}/result"))
    assert "Nearly there" in page
    assert "MODEL-ANSWER" in page
    assert REASON in page
    marked = trainee.post(f"/practice/attempts/{final}/questions/3/mark", {"part-0-0": "1"})
    assert (marked.status_code, marked.location) == (303, f"/practice/attempts/{final}/result#q3")
    page = text_of(trainee.page(f"/practice/attempts/{final}/result"))

    assert "Passed" in page
    assert "You reached 83%; 60% are needed." in page
    assert "0.5 / 1 points" in page


def test_somebody_elses_attempt_cannot_be_finished_or_marked(trainee: Visitor, outsider: Visitor, final: int) -> None:
    assert outsider.post(f"/practice/attempts/{final}/finish").status_code == 404
    answered(trainee, final)

    assert outsider.post(f"/practice/attempts/{final}/questions/3/mark", {"part-0-0": "2"}).status_code == 404
    assert outsider.get(f"/practice/attempts/{final}/result").status_code == 404


@pytest.mark.parametrize("rest", ["finish", "questions/3/mark"])
def test_without_a_token_nothing_happens(trainee: Visitor, final: int, rest: str) -> None:
    before = trainee.rows()
    response = trainee.client.post(f"/practice/attempts/{final}/{rest}", data={"part-0-0": "2"}, headers=HERE)

    assert response.status_code == 400
    assert trainee.rows() == before


def test_finishing_twice_changes_nothing(trainee: Visitor, final: int) -> None:
    answered(trainee, final)
    before = trainee.rows()

    assert trainee.post(f"/practice/attempts/{final}/finish").status_code == 303
    assert trainee.rows() == before


def test_looking_at_the_result_changes_nothing(trainee: Visitor, final: int) -> None:
    answered(trainee, final)
    before = trainee.rows()
    trainee.page(f"/practice/attempts/{final}/result")

    assert trainee.rows() == before


def test_before_the_end_there_is_no_result(trainee: Visitor, final: int) -> None:
    assert trainee.get(f"/practice/attempts/{final}/result").location == f"/practice/attempts/{final}"


def test_nothing_answered_is_nothing_scored(trainee: Visitor, final: int) -> None:
    trainee.post(f"/practice/attempts/{final}/finish")
    page = text_of(trainee.page(f"/practice/attempts/{final}/result"))

    assert "Not passed yet" in page
    assert page.count("You gave no answer.") == 3
    assert "You reached 0%" in page
    assert "Mark it" not in page


def test_what_comes_next_is_offered_and_another_attempt_while_one_is_left(trainee: Visitor, final: int) -> None:
    answered(trainee, final)
    assert "Try again" in trainee.page(f"/practice/attempts/{final}/result")
    again = trainee.begin("quiz", "final")
    trainee.post(f"/practice/attempts/{again}/finish")
    page = trainee.page(f"/practice/attempts/{again}/result")

    assert "Try again" not in page
    assert "Next: A first lesson" in page


def test_marking_before_the_end_is_refused_and_shows_nothing(trainee: Visitor, final: int) -> None:
    trainee.draft(final, "f3", REASON)
    response = trainee.post(f"/practice/attempts/{final}/questions/3/mark", {"part-0-0": "2"})

    assert response.status_code == 409
    assert "MODEL-ANSWER" not in response.text
    assert trainee.rows()["outcomes"] == 0


@pytest.mark.parametrize(
    "fields",
    [{}, {"part-0-0": "3"}, {"part-0-0": "-1"}, {"part-0-0": "x"}, {"part-0-0": ""}, {"part-0-0": "9" * 5000},
     {"part-0-0": ["0", "1"]}, {"part-1-0": "1"}],
)  # fmt: skip
def test_a_mark_the_rubric_does_not_have_is_refused(trainee: Visitor, final: int, fields: dict[str, str]) -> None:
    answered(trainee, final)
    before = trainee.rows()
    response = trainee.post(f"/practice/attempts/{final}/questions/3/mark", fields)

    assert response.status_code == 422
    assert trainee.rows() == before


@pytest.mark.parametrize("number", ["1", "0", "4", "99999999999999999999"])
def test_what_is_marked_by_the_program_cannot_be_marked_by_oneself(trainee: Visitor, final: int, number: str) -> None:
    answered(trainee, final)
    before = trainee.rows()
    response = trainee.post(f"/practice/attempts/{final}/questions/{number}/mark", {"part-0-0": "2"})

    assert response.status_code in (404, 422)
    assert trainee.rows() == before


def test_marking_again_counts_the_newer_mark_and_keeps_the_older(trainee: Visitor, final: int) -> None:
    answered(trainee, final)
    for level in ("2", "0"):
        trainee.post(f"/practice/attempts/{final}/questions/3/mark", {"part-0-0": level})
    page = text_of(trainee.page(f"/practice/attempts/{final}/result"))

    assert "You reached 66%" in page  # never rounded up
    assert trainee.rows()["outcomes"] == 5  # three by the program, two by her


@pytest.mark.parametrize("kind", ["scenario"])
def test_a_conversation_is_not_finished_by_a_button(trainee: Visitor, kind: str) -> None:
    talk = trainee.begin(kind, "talk")

    assert trainee.post(f"/practice/attempts/{talk}/finish").status_code == 404
    assert trainee.post(f"/practice/attempts/{talk}/questions/1/mark", {"part-0-0": "1"}).status_code == 404


def test_an_open_question_is_marked_at_once_where_the_quiz_says_now(trainee: Visitor) -> None:
    now = samples.FINAL.replace("pass: 60", "pass: 60\nfeedback: now")
    trainee.publish({**samples.FILES, "quizzes/final.en.md": now.encode()})
    final = trainee.begin("quiz", "final")
    trainee.answer(final, "f3", REASON)
    assert "MODEL-ANSWER" in trainee.page(f"/practice/attempts/{final}/questions/3")
    marked = trainee.post(f"/practice/attempts/{final}/questions/3/mark", {"part-0-0": "2"})

    assert marked.location == f"/practice/attempts/{final}/questions/3"
    assert "1 / 1 points" in text_of(trainee.page(marked.location))


def test_an_unfinished_quiz_that_shows_answers_now_can_be_ended_early(trainee: Visitor) -> None:
    check = trainee.begin("quiz", "check")
    trainee.answer(check, "c1", 0)
    trainee.post(f"/practice/attempts/{check}/finish")
    page = text_of(trainee.page(f"/practice/attempts/{check}/result"))

    assert "You reached 50%" in page


def test_nothing_a_client_sends_sets_a_score(trainee: Visitor) -> None:
    """A form may say what it likes about points, marks and endings: outcomes are computed from the answers alone."""
    claims = {"score": "100", "points": "1000", "passed": "1", "outcome": "1000", "waiting": "0", "grade": "strong"}

    def reached(**more: str) -> str:
        attempt = trainee.begin("quiz", "final")
        trainee.answer(attempt, "f1", (1, 0), **more)
        finished = trainee.post(f"/practice/attempts/{attempt}/finish", more)
        page = text_of(trainee.page(str(finished.location)))
        return page[page.index("You reached") : page.index("are needed")]

    assert reached(**claims) == reached() == "You reached 33%; 60% "
