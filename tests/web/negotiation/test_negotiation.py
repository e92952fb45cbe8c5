"""Negotiations on screen: each move stored before it is answered, nothing of the buyer's before the end."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from kamtrain.core.errors import Refusal
from kamtrain.core.negotiation import Move
from kamtrain.http.database import engine as engine_of
from kamtrain.services import attempts, negotiations
from kamtrain.store.attempts import Attempt, Response, own_attempt
from kamtrain.store.base import reading, writing
from kamtrain.store.learning import Summary
from tests import samples
from tests.bargained import WITH_TABLE
from tests.cast import Cast
from tests.web.visitor import Visitor, text_of


@pytest.fixture
def bargained(app: Flask) -> None:
    with app.app_context():
        samples.published(engine_of(), WITH_TABLE)


@pytest.fixture
def trainee(bargained: None, visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("trainee")


def table(attempt: int) -> str:
    return f"/practice/attempts/{attempt}/table"


def move(who: Visitor, attempt: int, turn: int, act: str, **fields: str) -> int:
    response = who.post(table(attempt), {"turn": turn, "act": act, **fields})
    return response.status_code


def offer(who: Visitor, attempt: int, turn: int, price: int, service: int, back: str = "") -> int:
    fields = {"issue-price": str(price), "issue-service": str(service), "return": back}
    return move(who, attempt, turn, "offer", **fields)


def agreed(who: Visitor, attempt: int) -> str:
    """A talk to its end; the page afterwards."""
    for turn, (price, service) in enumerate([(200, 0), (192, 0), (190, 1), (186, 1), (184, 1), (182, 1), (180, 1)]):
        offer(who, attempt, turn, price, service, "price" if turn < 4 else "service")
        if "Every step" in (page := who.page(table(attempt))):
            return page
    move(who, attempt, 7, "accept")
    return who.page(table(attempt))


def test_while_it_goes_on_nothing_of_the_buyers_is_told(trainee: Visitor) -> None:
    intro = trainee.page("/practice/negotiation/haggle?course=try")
    attempt = trainee.begin("negotiation", "haggle")
    first = trainee.page(f"/practice/attempts/{attempt}")
    assert offer(trainee, attempt, 0, 196, 0) == 303
    later = trainee.page(table(attempt))
    assert "BRIEFING" in first
    assert "SAID-opening" in first
    assert "SAID-first" in later
    assert "If you move on …" in later
    for page in (intro, first, later):
        assert not re.search(r"\b(43|91)\b|QUESTIONS-AFTERWARDS|pareto|SAID-deal", text_of(page)), page
    debrief = trainee.get(f"{table(attempt)}/debrief")
    assert (debrief.status_code, debrief.location) == (302, table(attempt))
    assert trainee.get(f"/practice/attempts/{attempt}/result").status_code == 302


def test_a_talk_to_its_end_and_everything_afterwards(trainee: Visitor, app: Flask) -> None:
    attempt = trainee.begin("negotiation", "haggle")
    page = agreed(trainee, attempt)
    text = text_of(page)
    with app.app_context(), reading(engine_of()) as session:
        row = session.get_one(Attempt, attempt)
        assert (row.kind, row.ending, row.grade in ("strong", "acceptable")) == ("negotiation", "deal", True)
        assert row.score is not None
        moves = session.scalars(select(Response).where(Response.attempt_id == attempt)).all()
        assert [one.position for one in moves] == list(range(len(moves)))
        missing = session.scalars(select(Summary)).one().missing
        assert "negotiation" not in {one["kind"] for one in missing}
    for words in (
        "SAID-deal", "What you agreed", "points to them", "The zone of agreement", "Your surplus", "Steps without return",
        "Left on the table by both", "Not to be beaten, 1", "QUESTIONS-AFTERWARDS?", "Negotiate again", "Next:",
    ):  # fmt: skip
        assert words in text, words
    assert '<svg viewBox="0 0 380 380" role="img"' in page
    assert "style=" not in page[page.index("<main") : page.index("</main>")]
    assert re.search(r"\d+% of what was to be had", text)
    assert trainee.get(table(attempt)).location == f"{table(attempt)}/debrief"
    assert trainee.get(f"/practice/attempts/{attempt}").status_code == 302
    before = trainee.page("/practice/negotiation/haggle?course=try")
    assert "What you did before" in before
    assert "The same case with another buyer" in before


def test_another_buyer_is_another_attempt_and_does_not_count(trainee: Visitor, app: Flask) -> None:
    attempt = trainee.begin("negotiation", "haggle", variant="dominant")
    assert "DOMINANT-opening" in trainee.page(table(attempt))
    agreed(trainee, attempt)
    with app.app_context(), reading(engine_of()) as session:
        missing = session.scalars(select(Summary)).one().missing
    assert ("do", "negotiation", "haggle") in {(one["code"], one["kind"], one["id"]) for one in missing}
    assert trainee.post("/practice/negotiation/haggle/begin", {"variant": "nobody"}).status_code == 404
    assert "Negotiate “Two lines on a page” to an end." in text_of(trainee.page("/learn/try"))


def test_every_move_of_the_form(trainee: Visitor) -> None:
    attempt = trainee.begin("negotiation", "haggle", course="")
    assert move(trainee, attempt, 0, "ask", about="service") == 303
    assert "SAID-ask-service" in trainee.page(table(attempt))
    assert move(trainee, attempt, 1, "pause") == 303
    for turn in (2, 3, 4, 5):
        assert offer(trainee, attempt, turn, 200, 0) == 303
    stuck = text_of(trainee.page(table(attempt)))
    assert "It is stuck" in stuck
    assert "SAID-deadlock" in stuck
    assert move(trainee, attempt, 6, "walk") == 303
    page = text_of(trainee.page(table(attempt)))
    assert "You left" in page
    assert "SAID-walked" in page


def test_what_cannot_be_read_is_asked_for_again_with_what_was_typed(trainee: Visitor) -> None:
    attempt = trainee.begin("negotiation", "haggle")
    before = trainee.rows()
    response = trainee.post(
        table(attempt), {"turn": 0, "act": "offer", "issue-price": "195", "issue-service": "1", "return": "service"}
    )
    assert response.status_code == 422
    assert "goes from 160 to 200 in steps of 2" in response.text
    assert 'value="195"' in response.text
    assert 'data-worth="300" selected' in response.text
    for fields in (
        {"act": "offer"}, {"act": "offer", "issue-price": "x", "issue-service": "0"}, {"act": "shout"}, {},
        {"act": "offer", "issue-price": "196", "issue-service": "9"}, {"act": "ask"}, {"act": "ask", "about": "nothing"},
        {"act": "offer", "issue-price": "196", "issue-service": "0", "return": "nothing"},
    ):  # fmt: skip
        assert trainee.post(table(attempt), {"turn": "0", **fields}).status_code == 422, fields
    assert trainee.post(table(attempt), {"act": "pause"}).status_code == 422
    assert trainee.rows() == before


def test_a_second_click_and_a_second_tab(trainee: Visitor) -> None:
    attempt = trainee.begin("negotiation", "haggle")
    for _ in range(2):
        assert offer(trainee, attempt, 0, 196, 0) == 303
    before = trainee.rows()
    assert before["responses"] == 1
    assert offer(trainee, attempt, 0, 190, 0) == 303
    assert "already gone on from here" in trainee.page(table(attempt))
    assert offer(trainee, attempt, 5, 190, 0) == 303
    assert "not at this point" in trainee.page(table(attempt))
    trainee.page("/practice/negotiation/haggle?course=try")
    assert trainee.rows() == before, "looking changes nothing"
    assert move(trainee, attempt, 1, "walk") == 303
    assert move(trainee, attempt, 1, "walk") == 303
    assert offer(trainee, attempt, 2, 190, 0) == 409


def test_a_quizs_addresses_do_not_lead_into_a_negotiation(trainee: Visitor) -> None:
    attempt, quiz = trainee.begin("negotiation", "haggle"), trainee.begin("quiz", "check")
    place = f"/practice/attempts/{attempt}"
    assert trainee.get(f"{place}/questions/1").status_code == 404
    assert trainee.post(f"{place}/questions/1", {"part-0": "0"}).status_code == 404
    assert trainee.put(f"{place}/questions/1/draft", {"part-0": "0", "sequence": "1"}).status_code == 404
    assert trainee.post(f"{place}/questions/1/mark").status_code == 404
    assert trainee.post(f"{place}/finish").status_code == 404
    assert trainee.choose(attempt, 0, "start", 0).status_code == 404
    assert trainee.get(table(quiz)).status_code == 404
    assert move(trainee, quiz, 0, "pause") == 404


def test_a_talk_goes_on_as_it_was_begun_when_the_library_changes(trainee: Visitor) -> None:
    attempt = trainee.begin("negotiation", "haggle")
    trainee.publish(samples.FILES)
    assert "SAID-opening" in trainee.page(table(attempt))
    assert "Every step" in agreed(trainee, attempt)
    assert trainee.get("/practice/negotiation/haggle").status_code == 404


def test_thirty_moves_at_once_are_one(engine: Engine, cast: Cast) -> None:
    head = samples.published(engine, WITH_TABLE)
    me, now = cast["trainee"], datetime.now(UTC)
    with writing(engine) as session:
        attempt = attempts.begin(session, head, me, "negotiation", "haggle", "try", "", random.Random(1), now)

    def post(which: int) -> bool:
        try:
            with writing(engine) as session:
                value = own_attempt(session, attempt, me, locked=True)
                talk = negotiations.talk_of(session, head.library, value, "en")
                negotiations.make(session, head, talk, 0, Move("offer", (which % 3, 0)), now)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(30) as pool:
        made = list(pool.map(post, range(30)))
    assert sum(made) == 10, "the first one, and those that say the same"
    with reading(engine) as session:
        assert len(session.scalars(select(Response).where(Response.attempt_id == attempt)).all()) == 1
