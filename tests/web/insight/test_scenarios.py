"""GET /insight/scenarios and /insight/scenarios/<scenario>"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from kamtrain.http.database import engine
from kamtrain.services.attempts import Head
from kamtrain.store.attempts import Attempt, Response
from kamtrain.store.base import writing
from kamtrain.store.people import PersonRow
from tests import samples
from tests.cast import Cast
from tests.web.conftest import VisitorFor
from tests.web.tables import table_of
from tests.web.visitor import text_of

LIST = "/insight/scenarios"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GOOD = ("good", "strong", (("opening", 0), ("middle", 0)))
BAD = ("bad", "poor", (("opening", 2),))
Way = tuple[str, str, tuple[tuple[str, int], ...]]


def talked(engine: Engine, head: Head, team: int, ways: list[Way], **more: Any) -> list[int]:
    """A trainee of the team for each way, with a finished conversation; their ids."""
    people = []
    with writing(engine) as session:
        for number, (ending, grade, said) in enumerate(ways):
            name = f"P{team}-{number}-{len(more)}"
            person = PersonRow(
                email=f"{name}@firm.example".lower(), name=name, sort_key=name.lower(), team_id=team, created_at=NOW,
                is_trainee=True,
            )  # fmt: skip
            session.add(person)
            session.flush()
            attempt = Attempt(
                person_id=person.id, kind="scenario", activity_id="talk", variant="", number=1,
                revision_id=head.revision_id, draw=[], started_at=NOW, finished_at=NOW, waiting=False, ending=ending,
                grade=grade, score=0, **more,
            )  # fmt: skip
            session.add(attempt)
            session.flush()
            session.add_all(
                Response(attempt_id=attempt.id, position=place, item_id=scene, response=choice, submitted_at=NOW)
                for place, (scene, choice) in enumerate(said)
            )
            people.append(person.id)
    return people


@pytest.fixture
def crowd(app: Flask, head: Head, cast: Cast) -> None:
    """Six of the team North come to a date and two are shown out; four of the team South are shown out."""
    with app.app_context():
        talked(engine(), head, cast.north, [GOOD] * 6 + [BAD] * 2)
        talked(engine(), head, cast.south, [BAD] * 4)


@pytest.mark.parametrize(("name", "people"), [("trainer", "12"), ("admin", "12"), ("manager", "8")])
def test_one_sees_the_choices_of_ones_own_people(crowd: None, visitor: VisitorFor, name: str, people: str) -> None:
    reader = visitor(name)

    assert table_of(reader.page(LIST))[1:] == [["A talk", people]]
    assert f"From the first finished conversation of each trainee: {people}." in text_of(reader.page(f"{LIST}/talk"))


def test_endings_and_lines_are_counted(crowd: None, visitor: VisitorFor) -> None:
    page = text_of(visitor("manager").page(f"{LIST}/talk"))

    assert "A date strong 6 75% 75%" in page
    assert "Shown the door poor 2 25% 25%" in page
    assert "The result, in one line 6 75% 75%" in page
    assert "One page of method 0 0% 0%" in page
    assert "Leave 2 25% 25%" in page
    assert "of 6" in page.split("Scene 2")[1]


def test_below_five_people_nothing_is_said(crowd: None, visitor: VisitorFor) -> None:
    page = text_of(visitor("othermanager").page(f"{LIST}/talk"))

    assert "Too few people yet" in page
    assert "Shown the door" not in page
    few = text_of(visitor("trainer").page(f"{LIST}/talk?buyer=analytical"))
    assert "Too few people yet" in few


def test_a_scene_few_came_to_keeps_silent(app: Flask, head: Head, cast: Cast, visitor: VisitorFor) -> None:
    with app.app_context():
        talked(engine(), head, cast.north, [BAD] * 5 + [GOOD] * 4)
    page = text_of(visitor("trainer").page(f"{LIST}/talk"))

    assert "Too few people came here." in page.split("Scene 2")[1]


def test_a_retry_and_a_second_conversation_are_left_out(
    app: Flask, crowd: None, head: Head, cast: Cast, visitor: VisitorFor
) -> None:
    with app.app_context():
        talked(engine(), head, cast.north, [BAD] * 5, retry_of=1, retry_turn=1)

    assert table_of(visitor("trainer").page(LIST))[1:] == [["A talk", "12"]]


def test_choices_in_a_scene_that_was_changed_are_left_out(crowd: None, visitor: VisitorFor) -> None:
    trainer = visitor("trainer")
    changed = samples.TALK.replace("[A date](#good)", "[Another date](#good)").encode()
    trainer.publish({**samples.FILES, "quizzes/talk.en.md": changed})
    page = text_of(trainer.page(f"{LIST}/talk"))

    assert "Too few people came here." in page.split("Scene 2")[1]
    assert "The result, in one line 6 50% 50%" in page


def test_no_feedback_is_told(crowd: None, visitor: VisitorFor) -> None:
    assert "He sits down." not in visitor("trainer").page(f"{LIST}/talk")


def test_without_conversations_it_says_so(head: Head, visitor: VisitorFor) -> None:
    trainer = visitor("trainer")

    assert "Nobody has finished a conversation yet" in trainer.page(LIST)
    assert "Too few people yet" in trainer.page(f"{LIST}/talk")


@pytest.mark.parametrize("path", ["none", "talk?buyer=nobody", "check"])
def test_what_is_not_there_is_not_there(head: Head, visitor: VisitorFor, path: str) -> None:
    assert visitor("trainer").get(f"{LIST}/{path}").status_code == 404


@pytest.mark.parametrize("path", [LIST, f"{LIST}/talk"])
def test_trainees_are_refused(head: Head, visitor: VisitorFor, path: str) -> None:
    assert visitor("trainee").get(path, headers={"Accept": "text/html"}).status_code == 403
