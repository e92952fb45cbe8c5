"""The briefing: what it counts, whose answers, and what it leaves out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, update

from kamtrain.core.people import Scope
from kamtrain.reports.briefing import report
from kamtrain.reports.briefing.report import Briefing, Cost, Pair
from kamtrain.services.attempts import Head
from kamtrain.store.attempts import Attempt, Response
from kamtrain.store.base import reading, table_of, writing
from kamtrain.store.drills import DrillAnswer
from kamtrain.store.learning import Enrollment, Summary
from tests import samples
from tests.answered import NOW, answered
from tests.cast import Cast, seat
from tests.drilled import WITH_DRILL

ALL = Scope(None)


@pytest.fixture
def head(engine: Engine) -> Head:
    return samples.published(engine, WITH_DRILL)


@pytest.fixture
def cast(engine: Engine, head: Head) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


def look(engine: Engine, head: Head, scope: Scope = ALL, team: int | None = None, *, options: bool = True) -> Briefing:
    course = head.library.courses["try"]
    with reading(engine) as session:
        return report.briefed(session, scope, team, head.revision_id, head.library, course, "en", NOW, options=options)


def thirds(number: int) -> list[list[int]]:
    """Of the check: every third is wrong at the first question, all are right at the second."""
    return [[0 if number % 3 else 1], [1]]


def begun(engine: Engine, head: Head, people: list[int], **more: Any) -> None:
    """They have begun the course, and stand where `more` says."""
    with writing(engine) as session:
        for id in people:
            course = {"person_id": id, "course_id": "try"}
            due = more.get("due_at")
            row = {"id": id, **course, "number": 1, "origin": "self", "started_at": NOW, "due_at": due}
            session.execute(insert(table_of(Enrollment)), row)
            summary = {"latest": True, "required": 4, "done": 1, "percent": 25, "failed": False, "missing": []}
            summary |= {"last_activity_at": NOW, "revision_id": head.revision_id, "score": None}
            summary |= {"completed_at": None, "succeeded_at": None}
            summary |= {key: value for key, value in more.items() if key != "due_at"}
            session.execute(insert(table_of(Summary)), {"enrollment_id": id, **course, **summary})


def test_what_is_read_wrongly_most_often_comes_first(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 30, thirds)
    answered(engine, head, "check", cast.south, 6, lambda _: [[1], [0]])
    with writing(engine) as session:
        session.execute(update(table_of(Response)).values(confidence=3))
    first, second = look(engine, head).reads
    assert (first.question.id, first.html, first.chosen, first.answers, first.sure) == ("c1", "That one", 16, 36, 16)
    assert (second.question.id, second.chosen, second.answers, second.sure) == ("c2", 6, 36, 6)
    assert [one.html for one in look(engine, head, options=False).reads] == ["", ""]
    (own,) = look(engine, head, Scope(frozenset({cast.north}))).reads
    assert (own.question.id, own.chosen, own.answers) == ("c1", 10, 30)
    assert [one.chosen for one in look(engine, head, team=cast.south).reads] == [6, 6]
    assert look(engine, head, Scope(frozenset({cast.south})), cast.north).reads == ()


def test_what_was_changed_since_is_left_out(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 9, lambda _: [[1], [0]])
    text = samples.CHECK.replace("Which one is right?", "Which one is true?").encode()
    later = samples.published(engine, {**WITH_DRILL, "quizzes/check.en.md": text})
    assert [one.question.id for one in look(engine, later).reads] == ["c2"]


def test_what_one_or_two_did_is_no_topic(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 2, lambda _: [[1], [0]])
    assert look(engine, head).reads == ()


def test_what_costs_the_good_ending_is_held_against_what_others_said_there(
    engine: Engine, head: Head, cast: Cast
) -> None:
    """Five said the result and one of them missed it; four said the method and three did. Retries count for nothing."""
    with writing(engine) as session:
        for number in range(12):
            said, grade = (
                (0, "poor" if number == 0 else "strong") if number < 5 else (1, "poor" if number > 5 else "strong")
            )
            attempt = {
                "id": number + 1,
                "person_id": cast["trainee"],
                "kind": "scenario",
                "activity_id": "talk",
                "variant": "",
                "number": number + 1,
                "revision_id": head.revision_id,
                "draw": [],
                "started_at": NOW,
                "finished_at": NOW,
                "grade": grade,
                "retry_of": 1 if number > 8 else None,
                "retry_turn": number - 8 if number > 8 else None,
            }
            session.execute(insert(table_of(Attempt)), attempt)
            response = {"attempt_id": number + 1, "position": 0, "item_id": "opening", "response": said}
            session.execute(insert(table_of(Response)), {**response, "submitted_at": NOW})
    assert look(engine, head).costs == (Cost("talk", "", "opening", "One page of method", 3, 4, 1, 5),)
    assert look(engine, head, Scope(frozenset({cast.south}))).costs == ()
    talk = WITH_DRILL["quizzes/talk.en.md"].replace(b"What do you want?", b"What is it?")
    assert look(engine, samples.published(engine, {**WITH_DRILL, "quizzes/talk.en.md": talk})).costs == ()
    with writing(engine) as session:  # a retry is no measure of what a line does
        session.execute(update(table_of(Attempt)).where(Attempt.id > 1).values(retry_of=1, retry_turn=1))
    assert look(engine, head).costs == ()


def test_what_is_taken_for_something_else(engine: Engine, head: Head, cast: Cast) -> None:
    rows = [("loud", "calm")] * 4 + [("loud", "loud")] * 6 + [("calm", "loud")] * 2 + [("calm", "gone")] * 5
    attempt = {
        "id": 1,
        "person_id": cast["trainee"],
        "kind": "drill",
        "activity_id": "tell",
        "variant": "",
        "number": 1,
    }
    with writing(engine) as session:
        more = {"revision_id": head.revision_id, "draw": [], "started_at": NOW}
        session.execute(insert(table_of(Attempt)), {**attempt, **more})
        for place, (truth, chosen) in enumerate(rows):
            row = {
                "attempt_id": 1,
                "position": place,
                "person_id": cast["trainee"],
                "drill_id": "tell",
                "item_id": "s0",
            }
            said = {"truth": truth, "chosen": chosen, "cue": 0, "cue_right": True, "asked_at": NOW, "answered_at": NOW}
            session.execute(insert(table_of(DrillAnswer)), {**row, **said, "revision_id": head.revision_id})
    assert look(engine, head).pairs == (Pair("tell", "loud", "calm", 4, 10),)


def test_who_needs_help_and_who_could_give_it(engine: Engine, head: Head, cast: Cast) -> None:
    stuck, able, again, sure = answered(engine, head, "check", cast.north, 4, lambda number: [[number // 3], [1]])
    begun(engine, head, [stuck], last_activity_at=NOW - timedelta(days=20), due_at=NOW - timedelta(days=2))
    begun(engine, head, [able], percent=100, completed_at=NOW, succeeded_at=NOW, score=90)
    begun(engine, head, [again, sure])
    with writing(engine) as session:
        for number in (2, 3):
            row = {"person_id": again, "enrollment_id": again, "kind": "quiz", "activity_id": "final", "variant": ""}
            when = {
                "id": 100 + number,
                "number": number,
                "started_at": NOW,
                "finished_at": NOW,
                "passed": False,
                "score": 20,
            }
            session.execute(insert(table_of(Attempt)), {**row, **when, "revision_id": head.revision_id, "draw": []})
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    found = look(engine, head)
    assert len(statements) <= 8
    assert (found.people, found.passed, found.more) == (4, 1, 0)
    assert [(one.trainee.id, [str(why) for why in one.reasons]) for one in found.needs] == [
        (stuck, ["overdue, in days: 2", "stuck at 25 %: nothing for 20 days"]),
        (again, ["tried twice or more, and not reached: A final"]),
    ]
    assert [one.helper.id if one.helper else None for one in found.needs] == [able, able]
    assert look(engine, head, Scope(frozenset({cast.south}))).needs == ()
    with reading(engine) as session:
        assert report.begun(session, ALL, head.library) == {"try": 4}
        assert report.begun(session, Scope(frozenset({cast.south})), head.library) == {"try": 0}
