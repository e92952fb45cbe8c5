"""GET /practice/attempts/<attempt>, and …/questions/<number>"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of


@pytest.fixture
def check(trainee: Visitor) -> int:
    return trainee.begin("quiz", "check")


@pytest.fixture
def final(trainee: Visitor) -> int:
    return trainee.begin("quiz", "final")


def test_it_works(trainee: Visitor, final: int) -> None:
    page = trainee.page(f"/practice/attempts/{final}/questions/1")

    assert "Question 1 of 3" in page
    assert "Which ones?" in page
    assert f'data-autosave="/practice/attempts/{final}/questions/1/draft"' in page


@pytest.mark.parametrize("rest", ["", "?overview=1", "/questions/1", "/result"])
def test_somebody_elses_attempt_is_not_there(trainee: Visitor, outsider: Visitor, final: int, rest: str) -> None:
    assert outsider.get(f"/practice/attempts/{final}{rest}").status_code == 404


@pytest.mark.parametrize("name", ["manager", "trainer", "admin"])
def test_not_even_her_manager_reads_an_attempt(visitor: VisitorFor, final: int, name: str) -> None:
    assert visitor(name).get(f"/practice/attempts/{final}/questions/1").status_code == 404


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "999999999999999999999"])
def test_a_question_that_was_not_drawn_is_not_there(trainee: Visitor, final: int, number: str) -> None:
    assert trainee.get(f"/practice/attempts/{final}/questions/{number}").status_code == 404


def test_a_conversation_has_no_questions(trainee: Visitor) -> None:
    attempt = trainee.begin("scenario", "talk")

    assert trainee.get(f"/practice/attempts/{attempt}/questions/1").status_code == 404


def test_looking_changes_nothing(trainee: Visitor, final: int) -> None:
    before = trainee.rows()
    for rest in ("", "?overview=1", "/questions/1", "/questions/3", "/result"):
        trainee.page(f"/practice/attempts/{final}{rest}")

    assert trainee.rows() == before


def test_one_goes_on_at_the_first_question_left_open(trainee: Visitor, final: int) -> None:
    assert trainee.get(f"/practice/attempts/{final}").location.endswith("/questions/1")
    trainee.draft(final, "f1", (0, 1))

    assert trainee.get(f"/practice/attempts/{final}").location.endswith("/questions/2")


def test_when_all_is_answered_one_sees_the_overview(trainee: Visitor, final: int) -> None:
    trainee.draft(final, "f1", (0, 1))
    trainee.draft(final, "f2", [0, 1])
    trainee.draft(final, "f3", "Because it was so, and twice.")
    page = text_of(trainee.page(f"/practice/attempts/{final}"))

    assert "3 of 3 questions answered" in page
    assert "Everything is answered" in page


def test_the_overview_tells_what_is_open(trainee: Visitor, final: int) -> None:
    trainee.draft(final, "f1", (0, 1))
    page = text_of(trainee.page(f"/practice/attempts/{final}?overview=1"))

    assert "1 of 3 questions answered" in page
    assert "A question left open scores nothing" in page


def test_a_draft_is_there_again_after_reload_and_on_another_device(
    trainee: Visitor, final: int, visitor: VisitorFor
) -> None:
    trainee.draft(final, "f3", "Because <b>it</b> & nothing else.")
    for somewhere in (trainee, visitor("trainee")):
        page = somewhere.page(f"/practice/attempts/{final}/questions/{trainee.number_of(final, 'f3')}")
        assert "Because &lt;b&gt;it&lt;/b&gt; &amp; nothing else.</textarea>" in page
        assert "Saved" in text_of(page)


def test_chosen_options_are_there_again(trainee: Visitor, final: int) -> None:
    trainee.draft(final, "f1", (0, 2))
    trainee.draft(final, "f2", [1, None])
    boxes = trainee.page(f"/practice/attempts/{final}/questions/{trainee.number_of(final, 'f1')}")
    pairs = trainee.page(f"/practice/attempts/{final}/questions/{trainee.number_of(final, 'f2')}")

    assert boxes.count(" checked") == 2
    assert pairs.count(" selected") == 1


def test_an_answered_question_shows_the_answer_where_the_quiz_says_now(trainee: Visitor, check: int) -> None:
    trainee.answer(check, "c1", 1)
    page = trainee.page(f"/practice/attempts/{check}/questions/{trainee.number_of(check, 'c1')}")

    assert "SECRET-FEEDBACK" in page
    assert "SECRET-DEBRIEF" in page
    assert "Yes: this one." in page
    assert "<textarea" not in page
    assert "data-autosave" not in page


def test_after_the_end_a_question_leads_to_its_place_in_the_result(trainee: Visitor, final: int) -> None:
    trainee.post(f"/practice/attempts/{final}/finish")

    assert trainee.get(f"/practice/attempts/{final}").location == f"/practice/attempts/{final}/result"
    assert trainee.get(f"/practice/attempts/{final}/questions/2").location == f"/practice/attempts/{final}/result#q2"


def test_an_attempt_under_way_keeps_its_text_when_another_is_published(trainee: Visitor, final: int) -> None:
    changed = samples.FINAL.replace("Which ones?", "Which others?")
    trainee.publish({**samples.FILES, "quizzes/final.en.md": changed.encode()})

    assert "Which ones?" in trainee.page(f"/practice/attempts/{final}/questions/1")


def test_an_attempt_under_way_is_finished_when_the_quiz_is_gone(trainee: Visitor, final: int) -> None:
    course = samples.COURSE.replace("      - quiz: final\n", "")
    gone = {path: data for path, data in samples.FILES.items() if "final" not in path}
    trainee.publish({**gone, "courses/try/course.yaml": course.encode()})
    assert trainee.answer(final, "f1", (0, 1)).status_code == 303
    assert trainee.post(f"/practice/attempts/{final}/finish").status_code == 303
    page = trainee.page(f"/practice/attempts/{final}/result")

    assert "Which ones?" in page
    assert "Try again" not in page
    assert trainee.get("/practice/quiz/final").status_code == 404


def test_an_attempt_under_way_is_finished_when_the_whole_course_is_gone(trainee: Visitor, final: int) -> None:
    trainee.publish({path: data for path, data in samples.FILES.items() if not path.startswith("courses/")})
    assert trainee.post(f"/practice/attempts/{final}/finish").status_code == 303

    trainee.page(f"/practice/attempts/{final}/result")
    trainee.page("/")
    trainee.page("/learn")


@pytest.mark.parametrize(("language", "said"), [("zh-Hans", "哪一个对？"), ("zh-Hant", "哪一個對？")])
def test_a_question_is_asked_in_the_readers_language(trainee: Visitor, language: str, said: str) -> None:
    chinese = samples.CHECK.replace("kind: quiz\n", "follows: en\n").replace("Which one is right?", "哪一个对？")
    trainee.publish({**samples.FILES, "quizzes/check.zh-Hans.md": chinese.encode()})
    check = trainee.begin("quiz", "check")
    trainee.post("/preferences", {"language": language})
    page = trainee.page(f"/practice/attempts/{check}/questions/1")

    assert said in page
    assert f'<html lang="{language}"' in page
    assert f'<article class="question" lang="{language}"' in page
