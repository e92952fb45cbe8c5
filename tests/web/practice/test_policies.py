"""What a quiz's rules do to its pages: told before beginning, shown while answering, and held by the server's clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from kamtrain.http.database import engine
from kamtrain.store.attempts import Attempt, Response
from kamtrain.store.base import reading
from tests import samples
from tests.web.visitor import Visitor, text_of

FINAL = "/practice/quiz/final"
NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)  # after the sign-ins, which are of now
RULES = "attempts: 2", "wait: 1 h", "counts: last", "time: 20 min", "confidence: true"


def with_rules(trainee: Visitor, *rules: str) -> None:
    text = samples.FINAL.replace("attempts: 2\n", "".join(f"{rule}\n" for rule in rules))
    trainee.publish({**samples.FILES, "quizzes/final.en.md": text.encode()})


def test_rules_are_told_before_one_begins(trainee: Visitor) -> None:
    with_rules(trainee, *RULES, "closes: 2099-03-01", "feedback: window")
    page = text_of(trainee.page(FINAL))

    for said in (
        "2 of 2 attempts left",
        "Between two attempts lie at least 1 h",
        "the last one counts",
        "You have 20 min from the moment you begin",
        "how sure you are",
        "It closes at",
        "When the quiz has closed, you see each answer",
    ):
        assert said in page


@pytest.mark.parametrize("rule", ["opens: 2099-03-01", "closes: 2020-03-01"])
def test_outside_its_window_nothing_begins(trainee: Visitor, rule: str) -> None:
    with_rules(trainee, rule)
    response = trainee.post(f"{FINAL}/begin", {"course": "try"})

    assert response.status_code == 409
    assert trainee.rows()["attempts"] == 0
    page = trainee.page(FINAL)
    assert "/begin" not in page
    assert ("You can begin from" in page) == ("opens" in rule)


def test_a_question_names_its_end_and_counts_down(trainee: Visitor) -> None:
    with_rules(trainee, *RULES)
    attempt = trainee.begin("quiz", "final")
    page = trainee.page(f"/practice/attempts/{attempt}/questions/1")
    found = re.search(r'data-ends="([^"]+)" data-now="([^"]+)"', page)

    assert found is not None
    left = datetime.fromisoformat(found[1]) - datetime.fromisoformat(found[2])
    assert timedelta(minutes=19) < left <= timedelta(minutes=20)
    assert "Ends at" in text_of(page)


def test_when_the_time_is_up_what_was_saved_counts_and_later_packets_do_not(app: Flask, trainee: Visitor) -> None:
    with_rules(trainee, *RULES)
    with time_machine.travel(NOW, tick=False) as clock:
        attempt = trainee.begin("quiz", "final")
        trainee.draft(attempt, "f1", (0, 1), sequence=1)
        clock.shift(timedelta(minutes=20))

        assert trainee.draft(attempt, "f1", (2,), sequence=2).status_code == 409
        assert trainee.answer(attempt, "f2", [0, 1]).status_code == 303
        page = text_of(trainee.page(f"/practice/attempts/{attempt}/questions/1"))
    assert "The time was up" in page
    with app.app_context(), reading(engine()) as session:
        row = session.get_one(Attempt, attempt)
        said = session.scalars(select(Response.response).where(Response.attempt_id == attempt)).all()
        assert row.finished_at == NOW + timedelta(minutes=20)
    assert sorted(map(str, said)) == ["[None]", "[None]", "[[0, 1]]"]


@pytest.mark.parametrize("rest", ["", "?overview=1", "/questions/1", "/result"])
def test_whoever_looks_next_sees_it_ended(trainee: Visitor, rest: str) -> None:
    with_rules(trainee, *RULES)
    with time_machine.travel(NOW, tick=False) as clock:
        attempt = trainee.begin("quiz", "final")
        clock.shift(timedelta(minutes=40))

        assert "The time was up" in trainee.page(f"/practice/attempts/{attempt}{rest}")
        assert "You can begin from" in trainee.page(FINAL)
        assert trainee.post(f"{FINAL}/begin").status_code == 409


def test_answers_wait_for_the_window_to_close(trainee: Visitor) -> None:
    with_rules(trainee, "feedback: window", f"closes: {NOW + timedelta(days=1):%Y-%m-%d %H:%M}")
    with time_machine.travel(NOW, tick=False) as clock:
        attempt = trainee.begin("quiz", "final")
        trainee.draft(attempt, "f3", "Because it was so, twice.")
        trainee.post(f"/practice/attempts/{attempt}/finish")
        result, question = f"/practice/attempts/{attempt}/result", f"/practice/attempts/{attempt}/questions/3"
        for path in (result, question):
            page = trainee.page(path)
            assert "MODEL-ANSWER" not in page
            assert "when the quiz has closed" in page
        place = trainee.number_of(attempt, "f3")
        assert (
            trainee.post(f"/practice/attempts/{attempt}/questions/{place}/mark", {"part-0-0": "1"}).status_code == 409
        )
        clock.shift(timedelta(days=1, minutes=1))

        assert "MODEL-ANSWER" in trainee.page(result)


def test_how_sure_one_is_is_asked_kept_and_held_against_what_was_right(trainee: Visitor) -> None:
    with_rules(trainee, "confidence: true")
    attempt = trainee.begin("quiz", "final")
    page = trainee.page(f"/practice/attempts/{attempt}/questions/1")
    assert page.count('name="part-sure"') == 3
    trainee.answer(attempt, "f1", (2,), **{"part-sure": "3"})
    trainee.answer(attempt, "f2", [0, 1], **{"part-sure": "1"})
    assert 'value="3" checked' in trainee.page(f"/practice/attempts/{attempt}/questions/1")
    trainee.post(f"/practice/attempts/{attempt}/finish")
    page = text_of(trainee.page(f"/practice/attempts/{attempt}/result"))

    assert page.index("Sure, and not right") < page.index("I am guessing")
    assert "1. Several" in page


@pytest.mark.parametrize("value", ["0", "4", "x", "3 ", "１"])
def test_a_level_of_confidence_that_is_none_is_refused(trainee: Visitor, value: str) -> None:
    with_rules(trainee, "confidence: true")
    attempt = trainee.begin("quiz", "final")

    assert trainee.answer(attempt, "f1", (2,), **{"part-sure": value}).status_code == 422


def test_nothing_that_is_sent_sets_a_result_or_an_end(app: Flask, trainee: Visitor) -> None:
    with_rules(trainee, "time: 20 min")
    wishes = {
        "score": "100", "points": "1000", "possible": "1", "passed": "true", "finished_at": "2000-01-01",
        "ends_at": "2099-01-01", "closes_at": "2099-01-01", "draw": "[]", "number": "1", "time": "99", "saved_at": "1",
    }  # fmt: skip
    response = trainee.post(f"{FINAL}/begin", {"course": "try", **wishes})
    attempt = int(response.location.rsplit("/", 1)[1])
    trainee.answer(attempt, "f1", (2,), **wishes)
    trainee.post(f"/practice/attempts/{attempt}/finish", wishes)
    with app.app_context(), reading(engine()) as session:
        row = session.get_one(Attempt, attempt)
        assert (row.score, row.passed, len(row.draw)) == (0, False, 3)
        assert row.ends_at is not None
        assert row.ends_at - row.started_at == timedelta(minutes=20)
