"""GET /marking, GET /marking/<work>, POST /marking/<work>/mark, POST /practice/attempts/<attempt>/questions/<n>/appeal"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from kamtrain.http.database import engine
from kamtrain.services.attempts import Head
from kamtrain.store.base import reading
from kamtrain.store.outbox import Mail
from tests import marked, samples
from tests.cast import Cast
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of

FORM = {"part-0-0": "2", "part-0-1": "3", "part-0-comment-0": "Quote him.", "overall": "A clear plan.", "seen": "0"}


@pytest.fixture
def head(app: Flask) -> Head:
    with app.app_context():
        return samples.published(engine(), marked.files())


@pytest.fixture
def attempt(app: Flask, head: Head, cast: Cast) -> int:
    with app.app_context():
        return marked.handed_in(engine(), head, cast["trainee"])


@pytest.fixture
def work(app: Flask, attempt: int) -> int:
    with app.app_context():
        return marked.work_of(engine(), attempt)


@pytest.fixture
def trainer(work: int, visitor: VisitorFor) -> Visitor:
    return visitor("trainer")


def form(page: str, **fields: str) -> dict[str, str]:
    """The form with what its page says of it."""
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seen", "rubric")}
    return FORM | hidden | fields


def mark(who: Visitor, work: int, **fields: str) -> int:
    response = who.post(f"/marking/{work}/mark", form(who.page(f"/marking/{work}"), **fields))
    return response.status_code


def test_it_works(trainer: Visitor, trainee: Visitor, attempt: int, work: int) -> None:
    result = f"/practice/attempts/{attempt}/result"
    waiting = trainee.page(result)
    assert "A trainer marks what you wrote in your own words" in waiting
    assert "self-mark" not in waiting.split("<main")[1].replace("self-mark-title", "")
    queue = trainer.page("/marking")
    assert 'areas-count">1<' in queue
    assert "An essay · Your own words" in text_of(queue)
    page = trainer.page(f"/marking/{work}")
    assert marked.ANSWER in page
    assert "MODEL-ANSWER" in page
    assert "three, seen and heard" in page
    response = trainer.post(f"/marking/{work}/mark", form(page))

    assert (response.status_code, response.location) == (303, "/marking")
    assert "Nothing waits here" in trainer.page("/marking")
    assert "areas-count" not in trainer.page("/marking")
    told = text_of(trainee.page(result))
    for words in ("Marked by a trainer", "3 Sound – two", "Quote him.", "A clear plan.", "Passed", "68%"):
        assert words in told, words
    assert "Trainer " not in told, "who marked is told by role"
    with trainee.client.application.app_context(), reading(engine()) as session:
        mail = session.scalars(select(Mail)).one()
        assert mail.subject == "Your answers are marked: An essay"
        assert result in mail.body


def test_what_is_missing_is_said_beside_its_criterion_and_the_rest_stays(trainer: Visitor, work: int) -> None:
    sent = form(trainer.page(f"/marking/{work}"))
    del sent["part-0-1"]
    before = trainer.rows()
    response = trainer.post(f"/marking/{work}/mark", sent)

    assert response.status_code == 422
    assert 'href="#f-part-0-1"' in response.text
    assert "Quote him." in response.text
    assert 'name="part-0-0" value="2" checked' in response.text
    assert trainer.rows() == before


@pytest.mark.parametrize("fields", [{"part-0-0": "4"}, {"part-0-0": "x"}, {"part-0-0": "-1"}, {"overall": "x" * 2001}])
def test_what_no_page_of_ours_sends_is_refused(trainer: Visitor, work: int, fields: dict[str, str]) -> None:
    before = trainer.rows()

    assert mark(trainer, work, **fields) == 422
    assert trainer.rows() == before


def test_points_cannot_be_sent(trainer: Visitor, trainee: Visitor, attempt: int, work: int) -> None:
    mark(trainer, work, points="2000", score="100", **{"part-0-0": "0", "part-0-1": "0"})

    assert "37%" in text_of(trainee.page(f"/practice/attempts/{attempt}/result"))


def test_two_at_once_are_told_and_both_are_kept(trainer: Visitor, visitor: VisitorFor, work: int) -> None:
    other = visitor("othertrainer")
    first, second = form(trainer.page(f"/marking/{work}")), form(other.page(f"/marking/{work}"), overall="I see it so.")
    trainer.post(f"/marking/{work}/mark", first)
    response = other.post(f"/marking/{work}/mark", second | {"part-0-0": "0"})

    assert response.location == f"/marking/{work}"
    page = other.page(response.location)
    assert "Somebody else marked this work while you did" in page
    assert "A clear plan." in page
    assert "I see it so." in page
    assert "waits for a third reading" in page


def test_a_name_is_hidden_until_the_answer_is_marked(app: Flask, head: Head, cast: Cast, visitor: VisitorFor) -> None:
    with app.app_context():
        quiz = marked.ESSAY.replace("marking: trainer", "marking: trainer\nanonymous: true")
        head = samples.published(engine(), marked.files(quiz))
        work = marked.work_of(engine(), marked.handed_in(engine(), head, cast["outsider"]))
    trainer = visitor("trainer")
    for path in ("/marking", f"/marking/{work}"):
        page = text_of(trainer.page(path))
        assert "name hidden" in page
        assert "Outsider" not in page
    mark(trainer, work)

    assert "Outsider" in text_of(trainer.page(f"/marking/{work}"))
    assert "Outsider" in text_of(trainer.page("/marking?tab=done"))


def test_an_appeal_is_read_by_another_and_its_answer_shown(
    trainer: Visitor, trainee: Visitor, visitor: VisitorFor, attempt: int, work: int
) -> None:
    appeal, result = f"/practice/attempts/{attempt}/questions/1/appeal", f"/practice/attempts/{attempt}/result"
    assert trainee.post(appeal, {"reason": "Too early."}).status_code == 409
    mark(trainer, work)
    assert trainee.post(appeal, {"reason": ""}).status_code == 422
    assert trainee.post(appeal, {"reason": "I named three."}).status_code == 303
    assert trainee.post(appeal, {"reason": "Once more."}).status_code == 303  # sent back to its page, and told
    page = text_of(trainee.page(result))
    assert "I named three." in page
    assert "Another trainer reads it." in page
    assert trainee.post(appeal.replace("questions/1", "questions/2"), {"reason": "The grid, too."}).status_code == 303
    assert "another trainer or an admin decides" in text_of(trainer.page(f"/marking/{work}"))
    other = visitor("othertrainer")
    assert "I named three." in text_of(other.page(f"/marking/{work}?tab=appeals"))
    assert mark(other, work, overall="") == 422
    assert mark(other, work, overall="Three, indeed.", **{"part-0-0": "3"}) == 303
    page = text_of(trainee.page(result))
    assert "The mark was changed" in page
    assert "Three, indeed." in page


def test_managers_and_trainees_see_nothing_here(trainer: Visitor, trainee: Visitor, visitor: VisitorFor) -> None:
    for who in (trainee, visitor("manager")):
        assert who.get("/marking").status_code == 403
        assert "/marking" not in who.page("/")


@pytest.mark.parametrize(
    "query", ["tab=second", "tab=appeals", "tab=done", "tab=x&course=%00&page=x", "page=9", "course=try"]
)
def test_every_list_can_be_asked_for(trainer: Visitor, query: str) -> None:
    assert trainer.get(f"/marking?{query}").status_code in (200, 404)


def test_agreement_says_nothing_of_too_few_and_leads_to_what_lies_apart(
    app: Flask, head: Head, cast: Cast, visitor: VisitorFor
) -> None:
    assert "Nothing has been read twice" in visitor("trainer").page("/marking/agreement")
    with app.app_context():
        head = samples.published(engine(), marked.files(marked.second(100)))
        work = marked.work_of(engine(), marked.handed_in(engine(), head, cast["trainee"]))
        marked.mark(engine(), head, marked.person(cast, "trainer"), work, (0, 3))
        marked.mark(engine(), head, marked.person(cast, "othertrainer"), work, (3, 3))
    page = visitor("admin").page("/marking/agreement")

    assert "too few to say" in page
    assert "3 levels apart" in page
    assert f'href="/marking/{work}?tab=done"' in page


def test_agreement_of_many_stands_with_its_interval(app: Flask, head: Head, cast: Cast, visitor: VisitorFor) -> None:
    with app.app_context():
        head = samples.published(engine(), marked.files(marked.second(100)))
        now = datetime.now(UTC)
        for name, levels in (("trainee", (0, 1)), ("outsider", (2, 3)), ("manager", (3, 3)), ("othermanager", (1, 2))):
            for course in ("try", None):
                work = marked.work_of(engine(), marked.handed_in(engine(), head, cast[name], course=course))
                for who in ("trainer", "othertrainer"):
                    marked.mark(engine(), head, marked.person(cast, who), work, levels, now=now)
    page = text_of(visitor("trainer").page("/marking/agreement"))

    assert "Weighted kappa 1.00, likely between 1.00 and 1.00. These readers agree well." in page
    assert "Othertrainer" in page
    assert "(+0.0)" in page
