"""Drills on screen: one question after the other, each step stored before it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from kamtrain.http.database import engine as engine_of
from kamtrain.store.attempts import Attempt
from kamtrain.store.base import reading, writing
from kamtrain.store.drills import DrillAnswer
from kamtrain.store.learning import Summary
from kamtrain.store.refreshers import Refresher
from tests import samples
from tests.cast import Cast
from tests.drilled import TRUTH, WITH_DRILL
from tests.web.visitor import Visitor, text_of


@pytest.fixture
def drilled(app: Flask) -> None:
    with app.app_context():
        samples.published(engine_of(), WITH_DRILL)


@pytest.fixture
def trainee(drilled: None, visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("trainee")


def deal(who: Visitor, course: str = "try") -> str:
    response = who.post("/practice/drill/tell/next", {"course": course})
    assert response.status_code == 303, response.text
    return str(response.location)


def row(who: Visitor, place: str) -> DrillAnswer:
    attempt, number = map(int, re.findall(r"\d+", place)[:2])
    with who.client.application.app_context(), reading(engine_of()) as session:
        query = select(DrillAnswer).where(DrillAnswer.attempt_id == attempt, DrillAnswer.position == number - 1)
        found = session.scalars(query).one()
        session.expunge(found)
        return found


def cue_field(page: str, item: str, right: bool) -> str:
    wanted = f"The cue of {item}" if right else "The colour of the door"
    match = re.search(rf'name="cue" value="(\d)"><span>{wanted}', page)
    assert match is not None
    return match[1]


def answer(who: Visitor, place: str, answer: str = "", cue: bool = True) -> str:
    """Says the answer ("": the right one) and a cue; the page afterwards."""
    item = row(who, place).item_id
    assert who.post(place, {"answer": answer or TRUTH[item]}).status_code == 303
    assert who.post(place, {"cue": cue_field(who.page(place), item, cue)}).status_code == 303
    return who.page(place)


def test_before_the_answer_nothing_tells_it(trainee: Visitor) -> None:
    place = deal(trainee)
    asking = trainee.page(place)
    trainee.post(place, {"answer": "calm"})
    for page in (asking, trainee.page(place)):
        assert not re.search("RIGHT-|WRONG-|PROFILE-|DEBRIEF-", page)
    assert "Which cue decides?" not in asking


def test_a_right_answer_for_the_right_reason(trainee: Visitor) -> None:
    place = deal(trainee)
    page = text_of(answer(trainee, place))
    assert "Right, and for the right reason" in page
    assert "1 of 14 right with the deciding cue, over the last 20" in page
    assert f"DEBRIEF-{row(trainee, place).item_id}" in page


def test_a_confusion_is_compared_side_by_side(trainee: Visitor) -> None:
    place = deal(trainee)
    item = row(trainee, place).item_id
    wrong = "loud" if TRUTH[item] != "loud" else "calm"
    page = text_of(answer(trainee, place, wrong, cue=False))
    assert "Not right" in page
    assert "Your answer: wrong" in page
    assert "This is it" in page
    assert f"RIGHT-{item}" in page
    assert f"CUE-WRONG-{item}" in page
    assert f"CUE-RIGHT-{item}" in page


def test_the_time_is_taken_by_our_clock_and_capped(trainee: Visitor) -> None:
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False) as clock:
        quick = deal(trainee)
        clock.shift(timedelta(seconds=7))
        trainee.post(quick, {"answer": "calm", "milliseconds": "1"})
        answered = row(trainee, quick)
        trainee.post(quick, {"cue": "0"})
        slow = deal(trainee)
        clock.shift(timedelta(minutes=20))
        trainee.post(slow, {"answer": "calm"})
    assert answered.milliseconds == 7_000
    assert row(trainee, slow).milliseconds == 300_000


def test_a_second_click_and_a_reload_change_nothing(trainee: Visitor) -> None:
    place = deal(trainee)
    assert deal(trainee) == place, "an open question is the next one"
    item = row(trainee, place).item_id
    for _ in range(2):
        assert trainee.post(place, {"answer": "calm"}).status_code == 303
    field = cue_field(trainee.page(place), item, True)
    for _ in range(2):
        assert trainee.post(place, {"cue": field}).status_code == 303
    before = trainee.rows()
    trainee.page(place)
    trainee.page("/practice/drill/tell?course=try")
    assert trainee.rows() == before
    assert (before["drill_answers"], before["attempts"], before["refreshers"]) == (1, 1, 1)


def test_the_first_answer_of_two_tabs_counts(trainee: Visitor) -> None:
    place = deal(trainee)
    trainee.post(place, {"answer": "calm"})
    response = trainee.post(place, {"answer": "loud"})
    assert (response.status_code, response.location) == (303, place)
    assert "the first answer counts" in trainee.page(place)
    assert row(trainee, place).chosen == "calm"
    assert trainee.post(place, {"cue": "0"}).status_code == 303
    assert "the first answer counts" in trainee.page(trainee.post(place, {"cue": "1"}).location)


def test_what_no_page_sends_changes_nothing(trainee: Visitor) -> None:
    place = deal(trainee)
    for fields in ({}, {"answer": "nobody"}, {"cue": "x"}, {"cue": "0"}):
        assert trainee.post(place, fields).status_code in (303, 422)
    assert row(trainee, place).chosen is None
    trainee.post(place, {"answer": "calm"})
    for cue in ("-1", "2", "99"):
        assert trainee.post(place, {"cue": cue}).status_code == 422
    assert row(trainee, place).cue is None


def test_somebody_elses_question_is_not_there(trainee: Visitor, visitor: Callable[[str], Visitor]) -> None:
    place = deal(trainee)
    for name in ("outsider", "manager", "trainer", "admin"):
        assert visitor(name).get(place).status_code == 404
        assert visitor(name).post(place, {"answer": "calm"}).status_code == 404
    assert trainee.get(re.sub(r"\d+$", "9", place)).status_code == 404


def practise(who: Visitor, times: int, answers: Callable[[int], str] = lambda n: "", course: str = "try") -> list[str]:
    return [answer(who, deal(who, course), answers(n)) for n in range(times)]


def test_the_step_is_done_at_its_criterion_and_not_before(trainee: Visitor, app: Flask, cast: Cast) -> None:
    practise(trainee, 19)
    with app.app_context(), reading(engine_of()) as session:
        before = session.scalars(select(Summary)).one()
        assert ("do", "drill", "tell") in {(m["code"], m["kind"], m["id"]) for m in before.missing}
    page = text_of(practise(trainee, 1)[0])
    assert "The mark is reached" in page
    with app.app_context(), reading(engine_of()) as session:
        attempt = session.scalars(select(Attempt).where(Attempt.kind == "drill")).one()
        assert (attempt.score, attempt.passed, attempt.finished_at is not None) == (100, True, True)
        after = session.scalars(select(Summary)).one()
        assert "drill" not in {m["kind"] for m in after.missing}
    course = text_of(trainee.page("/learn/try"))
    assert "Tell them apart passed" in course or "Tell them apart" in course
    assert "You reached the mark" in trainee.page("/practice/drill/tell?course=try")
    practise(trainee, 1)
    assert trainee.rows()["attempts"] == 2, "practice goes on in an attempt of its own"


def test_the_matrix_is_ones_own(trainee: Visitor, visitor: Callable[[str], Visitor]) -> None:
    practise(trainee, 6, lambda n: "loud")
    mine = text_of(trainee.page("/practice/drill/tell?course=try"))
    assert "Most often confused:" in mine
    assert "taken for Loud" in mine
    other = text_of(visitor("outsider").page("/practice/drill/tell?course=try"))
    assert "Most often confused:" not in other


def test_an_attempts_address_leads_to_the_drill(trainee: Visitor) -> None:
    attempt = re.findall(r"\d+", deal(trainee))[0]
    for path in (f"/practice/attempts/{attempt}", f"/practice/attempts/{attempt}/result"):
        assert "Tell them apart" in trainee.page(path)
    assert trainee.get(f"/practice/attempts/{attempt}/questions/1").status_code == 404
    assert trainee.post(f"/practice/attempts/{attempt}/finish").status_code == 404


def test_a_question_stays_as_it_was_asked_when_the_library_changes(trainee: Visitor) -> None:
    place = deal(trainee)
    item = row(trainee, place).item_id
    text = WITH_DRILL["quizzes/tell.en.md"].decode()
    trainee.publish({**WITH_DRILL, "quizzes/tell.en.md": text.replace(f"Behaviour {item}", "Something else").encode()})
    assert f"Behaviour {item}" in trainee.page(place)
    assert "Right, and for the right reason" in answer(trainee, place)


def test_a_drill_that_is_gone_can_still_be_looked_at(trainee: Visitor) -> None:
    place = deal(trainee)
    trainee.publish(samples.FILES)
    assert "Which is it?" in trainee.page(place)
    assert trainee.get("/practice/drill/tell").status_code == 404
    assert trainee.post("/practice/drill/tell/next").status_code == 404


def test_free_practice_needs_no_course(trainee: Visitor) -> None:
    practise(trainee, 2, course="")
    assert trainee.rows()["enrollments"] == 0
    assert trainee.rows()["drill_answers"] == 2


# --- the cohort ---


def test_a_manager_sees_the_own_team_and_a_trainer_everybody(
    trainee: Visitor, visitor: Callable[[str], Visitor]
) -> None:
    practise(trainee, 10, lambda n: "loud")
    practise(visitor("outsider"), 3)
    counts = {
        name: re.search(r"(\d+) answers", text_of(visitor(name).page("/insight/drill/tell")))
        for name in ("manager", "othermanager", "trainer", "admin")
    }
    assert {name: match and match[1] for name, match in counts.items()} == {
        "manager": "10", "othermanager": "3", "trainer": "13", "admin": "13",
    }  # fmt: skip
    assert "Trainee" in text_of(visitor("manager").page("/insight/drill/tell"))
    assert "Trainee" not in text_of(visitor("othermanager").page("/insight/drill/tell"))
    assert trainee.get("/insight/drill/tell").status_code == 403
    assert visitor("manager").get("/insight/drill/nothing").status_code == 404
    assert "What people confuse" in visitor("manager").page("/insight/completion")


def test_nobody_has_answered_yet(trainee: Visitor, visitor: Callable[[str], Visitor]) -> None:
    assert "Nobody has answered yet" in visitor("manager").page("/insight/drill/tell?team=1")


# --- the refresher ---


def age(app: Flask, days: int) -> None:
    """What was answered was answered so many days earlier."""
    with app.app_context(), writing(engine_of()) as session:
        for card in session.scalars(select(Refresher)):
            card.reviewed_at -= timedelta(days=days)
            card.due_at -= timedelta(days=days)


def test_what_was_practised_comes_back(trainee: Visitor, app: Flask) -> None:
    assert "Five minutes" not in trainee.page("/")
    assert "Nothing is due today" in trainee.page("/learn/refresher")
    answer(trainee, deal(trainee), "calm", cue=False)
    attempt = trainee.begin("quiz", "check")
    trainee.answer(attempt, "c1", 1)
    trainee.answer(attempt, "c2", 1)
    assert "comes back on" in trainee.page("/learn/refresher")
    age(app, 40)
    assert "Five minutes" in trainee.page("/")
    page = text_of(trainee.page("/learn/refresher"))
    assert "40 days ago, was not right" in page
    assert "It keeps “C06” ready" in page
    before = trainee.rows()
    place = trainee.post("/learn/refresher").location
    assert trainee.post("/learn/refresher").location == place, "one at a time"
    assert trainee.rows()["attempts"] == before["attempts"] + 1
    id = int(place.rsplit("/", 1)[1])
    with app.app_context(), reading(engine_of()) as session:
        draw = session.get_one(Attempt, id).draw
    assert {question.split("/")[0] for question, _ in draw} == {"quiz", "drill"}
    for number, (question, orders) in enumerate(draw, 1):
        right = {"quiz/check/c1": [0], "quiz/check/c2": [1]}.get(question)
        if right is None:
            right = [["loud", "calm", "unclear"].index(TRUTH[question.split("/")[2]]), 0]
        fields = {f"part-{n}": str(order.index(one)) for n, (one, order) in enumerate(zip(right, orders, strict=True))}
        response = trainee.post(f"/practice/attempts/{id}/questions/{number}", fields)
        assert response.status_code == 303
        assert "Right" in text_of(trainee.page(response.location))
    assert "Finished" in trainee.page(place)
    after = trainee.rows()
    assert after["drill_answers"] == before["drill_answers"] + 1, "it belongs into the matrix"
    assert after["refreshers"] == before["refreshers"]
    assert "Nothing is due today" in trainee.page("/learn/refresher")
    with app.app_context(), reading(engine_of()) as session:
        cards = session.scalars(select(Refresher)).all()
        assert {card.share for card in cards} == {1000}
        assert min(card.due_at for card in cards) > datetime.now(UTC)


def test_free_quizzes_and_tests_do_not_come_back(trainee: Visitor) -> None:
    attempt = trainee.begin("quiz", "check", course="")
    trainee.answer(attempt, "c1", 1)
    assert trainee.rows()["refreshers"] == 0
    course = WITH_DRILL["courses/try/course.yaml"].decode().replace("complete:", "pretest: check\ncomplete:")
    trainee.publish({**WITH_DRILL, "courses/try/course.yaml": course.encode()})
    attempt = trainee.begin("quiz", "check")
    trainee.answer(attempt, "c1", 1)
    assert trainee.rows()["refreshers"] == 0


def test_an_item_that_is_gone_does_not_come_back(trainee: Visitor, app: Flask) -> None:
    answer(trainee, deal(trainee))
    age(app, 40)
    trainee.publish(samples.FILES)
    assert "Nothing is due today" in trainee.page("/learn/refresher")
    assert trainee.post("/learn/refresher").status_code == 409


def test_how_sure_one_is_is_asked_before_anything_is_told(app: Flask, visitor: Callable[[str], Visitor]) -> None:
    """It changes nothing else, and stands beside what was right: one's own, and of all for those who teach."""
    text = WITH_DRILL["quizzes/tell.en.md"].replace(b"draw: 10", b"draw: 10\nconfidence: true")
    with app.app_context():
        samples.published(engine_of(), {**WITH_DRILL, "quizzes/tell.en.md": text})
    trainee = visitor("trainee")
    for right, sure in ((True, "3"), (False, "3"), (True, "1"), (True, "")):
        place = deal(trainee)
        item = row(trainee, place).item_id
        assert "How sure are you?" not in trainee.page(place)
        wrong = "loud" if TRUTH[item] != "loud" else "calm"
        trainee.post(place, {"answer": TRUTH[item] if right else wrong})
        page = trainee.page(place)
        assert "How sure are you?" in page
        cue = {"cue": cue_field(page, item, True)}
        assert trainee.post(place, {**cue, "part-sure": "4"}).status_code == 422
        assert row(trainee, place).answered_at is None
        trainee.post(place, {**cue, "part-sure": sure})
        assert row(trainee, place).confidence == (int(sure) if sure else None)
    for page in (trainee.page("/practice/drill/tell?course=try"), visitor("trainer").page("/insight/drill/tell")):
        assert "Sure and not right: 1 answer." in text_of(page)
        assert re.findall(r'<td class="number">(\d)</td><td class="matrix-share"><span class="soft">(\d/\d)', page) == [
            ("2", "1/2"),
            ("1", "1/1"),
        ]
    assert "How sure" not in visitor("othermanager").page("/insight/drill/tell")


def test_where_a_drill_does_not_ask_nothing_is_kept(trainee: Visitor) -> None:
    place = deal(trainee)
    item = row(trainee, place).item_id
    trainee.post(place, {"answer": "calm"})
    page = trainee.page(place)
    assert "How sure are you?" not in page
    trainee.post(place, {"cue": cue_field(page, item, True), "part-sure": "3"})
    assert row(trainee, place).confidence is None
