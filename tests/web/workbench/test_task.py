"""A sheet handed in for a course: marked by the tool's rubric, returned for another round, told to the trainee."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from kamtrain.http.database import engine
from kamtrain.services.attempts import Head
from kamtrain.services.learning import facts_of
from kamtrain.store.base import reading
from tests import samples
from tests.cast import Cast
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of
from tests.web.workbench.test_sheet import opened, put


@pytest.fixture
def head(app: Flask) -> Head:
    with app.app_context():
        return samples.published(engine(), samples.WITH_TASK)


@pytest.fixture
def sheet(trainee: Visitor) -> str:
    return opened(trainee, example="alder")


def mark(trainer: Visitor, whole: int) -> int:
    """Marks the oldest work in the queue; the status."""
    work = re.search(r'href="(/marking/\d+)', trainer.page("/marking"))
    assert work
    page = trainer.page(work[1])
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seen", "rubric")}
    levels = {name: str(whole) for name in re.findall(r'name="(part-[a-z]+-\d+)"', page)}
    fields = {**hidden, **levels, "part-whole-comment-0": "Where is the review date?", "overall": "Nearly there."}
    return trainer.post(f"{work[1]}/mark", fields).status_code


def standing(app: Flask, head: Head, cast: Cast) -> object:
    with app.app_context(), reading(engine()) as session:
        return facts_of(session, head.library, cast["trainee"], "try")[1].activities["tool", "selection-scorecard"]


def test_it_is_handed_in_marked_returned_and_handed_in_again(
    app: Flask, cast: Cast, head: Head, trainee: Visitor, sheet: str, visitor: VisitorFor
) -> None:
    trainer = visitor("trainer")
    assert trainee.post(f"{sheet}/hand-in", {"course": "try"}).status_code == 303
    # It waits: a second one is refused, and what is typed now is not in it.
    assert trainee.post(f"{sheet}/hand-in", {"course": "try"}).status_code == 409
    put(trainee, sheet, {"criteria.01.name": "written afterwards"})
    task = re.search(r'href="(/workbench/tasks/\d+)"', trainee.page(sheet))
    assert task
    page = text_of(trainee.page(task[1]))
    assert "waits for its mark" in page
    assert "958" in page
    assert "written afterwards" not in page
    assert "958" in text_of(trainer.page(re.search(r'href="(/marking/\d+)', trainer.page("/marking"))[1]))  # type: ignore[index]

    assert mark(trainer, 1) == 303

    told = text_of(trainee.page(task[1]))
    assert "Level 2 of 4" in told
    assert "Where is the review date?" in told
    facts = standing(app, head, cast)
    assert (facts.finished, facts.waiting, facts.score) == (1, False, 50)  # type: ignore[attr-defined]
    assert "asks for level 3; so far 2" in text_of(trainee.page("/learn/try"))

    assert trainee.post(f"{sheet}/hand-in", {"course": "try"}).status_code == 303
    assert mark(trainer, 2) == 303
    assert standing(app, head, cast).score == 75  # type: ignore[attr-defined]
    assert "asks for level 3" not in text_of(trainee.page("/learn/try"))


def test_one_may_appeal_once(head: Head, trainee: Visitor, sheet: str, visitor: VisitorFor) -> None:
    trainee.post(f"{sheet}/hand-in", {"course": "try"})
    mark(visitor("trainer"), 0)
    task = re.search(r'href="(/workbench/tasks/(\d+))"', trainee.page(sheet))
    assert task

    response = trainee.post(
        f"/practice/attempts/{task[2]}/questions/1/appeal", {"reason": "The review date is in row 18."}
    )

    assert response.status_code == 303
    assert "Your appeal" in text_of(trainee.page(task[1]))
    other = visitor("othertrainer")
    work = re.search(r'href="(/marking/\d+)', other.page("/marking?tab=appeals"))
    assert work
    assert "row 18" in text_of(other.page(work[1]))


def test_an_empty_sheet_and_a_course_that_asks_for_none_are_refused(head: Head, trainee: Visitor) -> None:
    empty = opened(trainee)
    assert trainee.post(f"{empty}/hand-in", {"course": "try"}).status_code == 409
    assert trainee.post(f"{empty}/hand-in", {"course": "nowhere"}).status_code == 404
    assert 'action="' + empty + '/hand-in"' in trainee.page(empty)
    other = opened(trainee, "stakeholder-map")
    assert "/hand-in" not in re.sub(r"data-[a-z-]+=\S+", "", trainee.page(other))


def test_a_lessons_card_opens_the_tool(head: Head, trainee: Visitor) -> None:
    assert "/workbench/tools/selection-scorecard?course=try" in trainee.page("/learn/try").replace("&amp;", "&")


def test_a_sheet_stands_beside_its_version_and_the_experts(head: Head, trainee: Visitor, sheet: str) -> None:
    trainee.post(f"{sheet}/versions", {"note": "first go"})
    put(trainee, sheet, {"criteria.01.score": "3"}, str(10**17))

    page = text_of(trainee.page(f"{sheet}/compare?with=v1"))
    assert "first go" in page
    assert "−6" in page
    assert "958" in page
    assert "910" in page
    assert "17 of 18" in text_of(trainee.page(f"{sheet}/compare?with=e-alder"))
