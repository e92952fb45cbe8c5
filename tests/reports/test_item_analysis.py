"""Item analysis: whose answers count, given to what, and in which time."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, insert, select, update

from kamtrain.core.analysis import Times
from kamtrain.core.errors import NotFound
from kamtrain.core.people import Scope
from kamtrain.reports.item_analysis import report
from kamtrain.reports.item_analysis.report import Analysis
from kamtrain.services.attempts import Head
from kamtrain.store.attempts import Attempt, Draft, OutcomeRow, Response
from kamtrain.store.base import reading, table_of, writing
from tests import samples
from tests.answered import NOW, answered, doubled
from tests.cast import Cast, seat

ALL = Scope(None)


@pytest.fixture
def head(engine: Engine) -> Head:
    return samples.published(engine)


@pytest.fixture
def cast(engine: Engine, head: Head) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


def look(engine: Engine, head: Head, scope: Scope = ALL, quiz: str = "check", *, options: bool = True) -> Analysis:
    with reading(engine) as session:
        return report.analysed(session, scope, head.revision_id, head.library, quiz, "en", options=options)


def thirds(number: int) -> list[list[int | None]]:
    """Both questions of the check: two of three are right at the first, every fourth leaves the second open."""
    return [[0 if number % 3 else 1], [None if number % 4 == 0 else 1]]


def test_it_works(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 60, thirds)
    found = look(engine, head)
    first, second = found.lines
    assert found.people == 60
    assert (first.figures.answers, first.figures.older) == (60, 0)
    assert first.figures.facility == pytest.approx(40 / 60)
    assert second.figures.omitted == 15 / 60
    assert [(one.label, one.right, one.chosen) for one in first.parts[0]] == [("A", True, 40), ("B", False, 20)]
    assert "Nobody chooses A: rewrite it." in map(str, second.advice)
    assert found.reliability is not None
    assert (found.reliability.people, found.reliability.questions) == (60, 2)


def test_whoever_may_not_see_the_key_gets_no_options(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 60, thirds)
    found = look(engine, head, options=False)
    assert [line.parts for line in found.lines] == [(), ()]
    assert not [text for line in found.lines for text in line.advice if "choose" in str(text)]


def test_one_sees_the_answers_of_ones_own_teams(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 31, thirds)
    answered(engine, head, "check", cast.south, 40, thirds)
    for scope, people in ((ALL, 71), (Scope(frozenset({cast.south})), 40), (Scope(frozenset()), 0)):
        assert look(engine, head, scope).people == people
        with reading(engine) as session:
            assert report.quizzes(session, scope, head.library) == ({"check": people} if people else {})


def test_only_trainees_first_finished_attempts_count(engine: Engine, head: Head, cast: Cast) -> None:
    people = answered(engine, head, "check", cast.north, 30, lambda _: [[0], [1]])
    answered(engine, head, "check", cast.north, 5, lambda _: [[1], [0]], roles={"is_trainer": True})
    with writing(engine) as session:
        again = {"kind": "quiz", "activity_id": "check", "variant": "", "revision_id": head.revision_id, "draw": []}
        for number, finished in ((2, NOW), (3, None)):
            row = {**again, "person_id": people[0], "number": number, "started_at": NOW, "finished_at": finished}
            session.execute(insert(table_of(Attempt)), {"id": 1000 + number, **row})
            session.execute(insert(table_of(Response)), given(2000 + number, 1000 + number, [1]))
            session.execute(insert(table_of(OutcomeRow)), outcome(3000 + number, 2000 + number, 0))
    found = look(engine, head)
    assert found.people == 30
    assert found.lines[0].figures.facility == 1
    assert "Nearly everybody is right: too easy, or well taught." in map(str, found.lines[0].advice)


def given(id: int, attempt: int, said: Any) -> dict[str, Any]:
    row = {"attempt_id": attempt, "position": 0, "item_id": "c1", "response": said, "submitted_at": NOW}
    return {"id": id, **row}


def outcome(id: int, response: int, points: int) -> dict[str, Any]:
    return {"id": id, "response_id": response, "points": points, "possible": 1000, "detail": {}, "at": NOW}


def test_the_latest_mark_counts(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 30, lambda _: [[0], [1]])
    with writing(engine) as session:
        responses = session.scalars(select(Response.id).where(Response.item_id == "c1")).all()
        rows = [outcome(5000 + place, id, 0) for place, id in enumerate(responses[:15])]
        session.execute(insert(table_of(OutcomeRow)), rows)
    assert look(engine, head).lines[0].figures.facility == 0.5


def test_a_mended_question_starts_afresh_and_its_neighbour_does_not(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 40, thirds)
    mended = {
        **samples.FILES,
        "quizzes/check.en.md": samples.CHECK.replace("Which one is right?", "Which one is true?").encode(),
        "courses/try/try-1.1.en.md": samples.LESSON.replace("Three cues", "Four cues").encode(),
    }
    later = samples.published(engine, mended)
    answered(engine, later, "check", cast.north, 8, thirds)
    first, second = look(engine, later).lines
    assert (first.figures.answers, first.figures.older, first.figures.facility) == (8, 40, None)
    assert [str(one) for one in first.advice] == ["Too few answers: 8 of 30."]
    assert (second.figures.answers, second.figures.older) == (48, 0)
    # Who takes the change back has the answers of before.
    back = samples.published(engine)
    assert look(engine, back).lines[0].figures.answers == 40


def test_every_kind_of_question_is_counted(engine: Engine, head: Head, cast: Cast) -> None:
    def said(number: int) -> list[list[Any]]:
        return [[[0, 2] if number % 2 else [0, 1]], [[0, 1] if number % 3 else None], ["because"]]

    answered(engine, head, "final", cast.north, 36, said)
    several, pairs, opened = look(engine, head, quiz="final").lines
    assert [one.chosen for one in several.parts[0]] == [36, 18, 18]
    assert pairs.parts == ()
    assert pairs.figures.omitted == pytest.approx(1 / 3)
    assert opened.figures.facility is None
    assert [str(one) for one in opened.advice] == ["Too few answers: 0 of 30."]


def test_there_is_nothing_to_see_where_nobody_answered(engine: Engine, head: Head, cast: Cast) -> None:
    found = look(engine, head)
    assert (found.people, found.reliability) == (0, None)
    with pytest.raises(NotFound):
        look(engine, head, quiz="other")


def test_a_question_takes_from_the_answer_before_until_its_own(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 41, thirds)
    first, second = (line.times for line in look(engine, head).lines)
    assert first == Times(41, 30, 40, 50)
    assert second == first


def test_what_is_handed_in_at_the_end_took_until_it_was_saved(engine: Engine, head: Head, cast: Cast) -> None:
    """In the order in which they were saved; what was never saved takes nothing, and a pause counts as ten minutes."""
    answered(engine, head, "check", cast.north, 30, thirds)
    attempts = table_of(Attempt).c
    with writing(engine) as session:
        session.execute(update(table_of(Response)).values(submitted_at=NOW + timedelta(hours=2)))
        session.execute(update(table_of(Attempt)).values(finished_at=NOW + timedelta(hours=2)))
        for id in session.scalars(select(attempts.id)):
            for position, minutes in ((1, 1), (0, 61)):
                saved = {"sequence": 1, "saved_at": NOW + timedelta(minutes=minutes), "response": [0]}
                session.execute(insert(table_of(Draft)), {"attempt_id": id, "position": position, **saved})
    first, second = (line.times for line in look(engine, head).lines)
    assert (first, second) == (Times(30, 600, 600, 600), Times(30, 60, 60, 60))
    with writing(engine) as session:
        session.execute(delete(table_of(Draft)))
    assert [line.times for line in look(engine, head).lines] == [None, None]


def test_a_mended_question_takes_its_own_time(engine: Engine, head: Head, cast: Cast) -> None:
    answered(engine, head, "check", cast.north, 41, thirds)
    text = samples.CHECK.replace("Which one is right?", "Which one is true?").encode()
    later = samples.published(engine, {**samples.FILES, "quizzes/check.en.md": text})
    first, second = (line.times for line in look(engine, later).lines)
    assert first is None
    assert second == Times(41, 30, 40, 50)


TEN = "---\nid: ten\nkind: quiz\ntitle: Ten\ncompetency: C06\n---\n" + "".join(
    f"\n## t{number}: Number {number}\n\nWhich one is it at {number}?\n"
    + "".join(f"\n- [{'x' if place == 0 else ' '}] Answer {place}\n  > Feedback {place}.\n" for place in range(4))
    for number in range(10)
)


@pytest.mark.timed
def test_ten_thousand_attempts_take_less_than_a_second(engine: Engine, cast: Cast) -> None:
    """Ten questions each; of CPU in this process, from the statement to the advice, in few statements."""
    head = samples.published(engine, {**samples.FILES, "quizzes/ten.en.md": TEN.encode()})
    rng = random.Random(8)

    def said(_number: int) -> list[list[int]]:
        skill = rng.random()
        return [[0 if rng.random() < skill else rng.randrange(4)] for _ in range(10)]

    answered(engine, head, "ten", cast.north, 10_000 // 2**5 + 1, said)
    doubled(engine, 5)
    look(engine, head, quiz="check")  # the connection, and the statement once compiled
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    found = look(engine, head, quiz="ten")
    assert len(statements) <= 5
    spent = min(_seconds(engine, head) for _ in range(3))  # a busy machine makes any one of them slow
    assert found.people >= 10_000
    assert found.reliability is not None
    assert 0.5 < found.reliability.low < found.reliability.alpha < found.reliability.high
    assert spent < 1, f"{spent:.2f} s"


def _seconds(engine: Engine, head: Head) -> float:
    began = time.process_time()
    look(engine, head, quiz="ten")
    return time.process_time() - began
