"""Waits, limits, windows and extensions on real databases: by the server's clock, and under thirty requests at once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from kamtrain import items
from kamtrain.core import quiz as quizzes
from kamtrain.core.errors import Closed, Invalid, Refusal
from kamtrain.core.item import Outcome
from kamtrain.core.people import Person
from kamtrain.core.scoring import percent, question_outcome
from kamtrain.services import attempts
from kamtrain.services.attempts import Head, Run
from kamtrain.services.extensions import Wanted, give
from kamtrain.services.people import scope_of
from kamtrain.store.attempts import (
    Attempt,
    AttemptValue,
    ExtensionRow,
    OutcomeRow,
    Response,
    own_attempt,
    own_question,
)
from kamtrain.store.audit import AuditEntry
from kamtrain.store.base import reading, writing
from kamtrain.store.people import PERSON_COLUMNS, PersonRow, person_from
from tests import samples
from tests.cast import Cast, email_of, seat

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(engine: Engine) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


def with_rules(engine: Engine, *rules: str, course: str = samples.COURSE) -> Head:
    """The sample library, its quiz "final" with these lines in its front matter."""
    text = samples.FINAL.replace("attempts: 2\n", "".join(f"{rule}\n" for rule in rules))
    files = {"quizzes/final.en.md": text.encode(), "courses/try/course.yaml": course.encode()}
    return samples.published(engine, samples.FILES | files)


def begin(engine: Engine, head: Head, person: int, now: datetime = NOW, quiz: str = "final") -> int:
    with writing(engine) as session:
        return attempts.begin(session, head, person, "quiz", quiz, "try", "", random.Random(1), now)


def value_of(engine: Engine, id: int, person: int) -> AttemptValue:
    with reading(engine) as session:
        return own_attempt(session, id, person)


def run_of(engine: Engine, head: Head, person: int, id: int) -> Run:
    with reading(engine) as session:
        return attempts.run_of(session, head.library, own_attempt(session, id, person), "en")


def finish(engine: Engine, head: Head, person: int, id: int, now: datetime) -> None:
    with writing(engine) as session:
        value = own_attempt(session, id, person, locked=True)
        attempts.finish(session, head, attempts.run_of(session, head.library, value, "en"), now)


def draft(engine: Engine, id: int, person: int, place: int, response: list[Any], now: datetime, sure: int = 3) -> bool:
    with writing(engine) as session:
        value, answered = own_question(session, id, person, place)
        sequence = int(now.timestamp() * 1000)
        return attempts.save_draft(session, value, place, response, sequence, now, answered=answered, confidence=sure)


def at_once(count: int, action: Callable[[int], Any]) -> tuple[list[Any], list[Refusal]]:
    """`action` from `count` threads that start together: what each returned, and how each was refused."""
    barrier, found, refused, faults = threading.Barrier(count), [], [], []

    def work(number: int) -> None:
        barrier.wait()
        try:
            found.append(action(number))
        except Refusal as refusal:
            refused.append(refusal)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    return found, refused


def rows(engine: Engine, table: Any) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# --- waiting ---


def test_the_next_attempt_waits_for_the_end_of_the_last_one(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "wait: 1 h"), cast["trainee"]
    first = begin(engine, head, me)
    finish(engine, head, me, first, NOW + 5 * MINUTE)
    with pytest.raises(Closed) as refused:
        begin(engine, head, me, NOW + 64 * MINUTE)
    assert refused.value.until == NOW + 65 * MINUTE
    assert begin(engine, head, me, NOW + 65 * MINUTE) != first


def test_thirty_who_do_not_wait_begin_nothing_and_thirty_who_did_begin_one(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "wait: 1 h", "attempts: 3"), cast["trainee"]
    finish(engine, head, me, begin(engine, head, me), NOW)
    found, refused = at_once(30, lambda _: begin(engine, head, me, NOW + 59 * MINUTE))
    assert (len(found), len(refused)) == (0, 30)
    found, refused = at_once(30, lambda _: begin(engine, head, me, NOW + 60 * MINUTE))
    assert (len(set(found)), len(refused)) == (1, 0)
    assert rows(engine, Attempt) == 2


# --- time ---


def test_an_attempt_ends_by_the_servers_clock_with_what_was_saved(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "time: 20 min"), cast["trainee"]
    id = begin(engine, head, me)
    place = [one.question for one in run_of(engine, head, me, id).draw].index("f1")
    assert draft(engine, id, me, place, [[0, 1]], NOW + 19 * MINUTE)
    with pytest.raises(Closed):
        draft(engine, id, me, place, [[2]], NOW + 20 * MINUTE)
    assert attempts.end_all_overdue(engine, NOW + 20 * MINUTE - timedelta(seconds=1)) == 0
    assert attempts.end_all_overdue(engine, NOW + 90 * MINUTE) == 1
    run = run_of(engine, head, me, id)
    assert run.attempt.finished_at == NOW + 20 * MINUTE
    assert run.given[place].response == [[0, 1]]
    assert run.given[place].confidence == 3
    assert {row.points for row in run.given.values()} == {0, 1000}  # what was left open scores nothing
    assert attempts.end_all_overdue(engine, NOW + 91 * MINUTE) == 0


def test_who_hands_in_late_has_ended_in_time(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "time: 20 min"), cast["trainee"]
    id = begin(engine, head, me)
    finish(engine, head, me, id, NOW + 30 * MINUTE)
    assert value_of(engine, id, me).finished_at == NOW + 20 * MINUTE


def test_an_answer_after_the_end_is_refused_where_each_is_told_at_once(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "time: 20 min", "feedback: now"), cast["trainee"]
    run = run_of(engine, head, me, begin(engine, head, me))
    with writing(engine) as session, pytest.raises(Closed):
        attempts.answer(session, run, 0, [[0]], NOW + 20 * MINUTE)


def test_a_begin_after_the_time_ran_out_ends_the_old_one_and_makes_a_new_one(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "time: 20 min", "attempts: 2", "wait: 10 min"), cast["trainee"]
    first = begin(engine, head, me)
    with pytest.raises(Closed):
        begin(engine, head, me, NOW + 29 * MINUTE)
    second = begin(engine, head, me, NOW + 30 * MINUTE)
    assert value_of(engine, first, me).finished_at == NOW + 20 * MINUTE
    assert value_of(engine, second, me).number == 2


def test_thirty_who_look_at_once_end_it_once_and_thirty_late_packets_change_nothing(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "time: 20 min"), cast["trainee"]
    id = begin(engine, head, me)
    late = NOW + 21 * MINUTE

    def look(number: int) -> bool:
        if number % 2:
            return draft(engine, id, me, 0, [[0]], late + timedelta(seconds=number))
        with writing(engine) as session:
            return attempts.end_overdue(session, head, id, me, late)

    found, refused = at_once(30, look)
    assert sorted(found) == [False] * 14 + [True]
    assert len(refused) == 15
    assert rows(engine, Response) == rows(engine, OutcomeRow) == 3
    assert {row.response[0] for row in run_of(engine, head, me, id).given.values()} == {None}


# --- windows ---


def test_a_window_is_the_persons_own_morning(engine: Engine, cast: Cast) -> None:
    head, me, other = with_rules(engine, "opens: 2026-03-02 09:00"), cast["trainee"], cast["outsider"]
    with writing(engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == me).values(time_zone="America/New_York"))
        session.execute(update(PersonRow).where(PersonRow.id == other).values(time_zone="Asia/Shanghai"))
    assert begin(engine, head, other)
    with pytest.raises(Closed) as refused:
        begin(engine, head, me)
    assert refused.value.until == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def test_the_courses_window_closes_a_quiz_and_what_is_under_way(engine: Engine, cast: Cast) -> None:
    course = samples.COURSE.replace("- quiz: final", "- {quiz: final, closes: 2026-03-02}")
    head, me = with_rules(engine, course=course), cast["trainee"]
    id = begin(engine, head, me)
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert value_of(engine, id, me).ends_at == value_of(engine, id, me).closes_at == midnight
    assert attempts.end_all_overdue(engine, midnight) == 1
    with pytest.raises(Closed):
        begin(engine, head, me, midnight)


def test_answers_are_kept_back_until_the_window_has_closed(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "feedback: window", "closes: 2026-03-02 12:00"), cast["trainee"]
    id = begin(engine, head, me)
    finish(engine, head, me, id, NOW)
    run = run_of(engine, head, me, id)
    assert not run.tells(0, NOW + 179 * MINUTE)
    assert run.tells(0, NOW + 180 * MINUTE)
    place = [one.question for one in run.draw].index("f3")
    with writing(engine) as session, pytest.raises(Closed):
        attempts.self_mark(session, head, run, place, {0: (1,)}, NOW)


# --- extensions ---


def person(session: Session, cast: Cast, name: str) -> Person:
    row = session.execute(select(*PERSON_COLUMNS).where(PersonRow.id == cast[name])).one()
    return person_from(row)


def extend(engine: Engine, head: Head, cast: Cast, giver: str = "trainer", now: datetime = NOW, **more: Any) -> str:
    asked = {
        "email": email_of("trainee"),
        "quiz": "final",
        "minutes": 0,
        "attempts": 0,
        "closes": None,
        "reason": "ill",
    }
    with writing(engine) as session:
        actor = person(session, cast, giver)
        return give(session, head, actor, scope_of(session, actor), Wanted(**{**asked, **more}), now)


def test_more_time_reaches_the_attempt_under_way(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "time: 20 min"), cast["trainee"]
    id = begin(engine, head, me)
    for _ in range(2):  # twice changes nothing
        extend(engine, head, cast, minutes=10, now=NOW + 19 * MINUTE)
    assert value_of(engine, id, me).ends_at == NOW + 30 * MINUTE
    assert rows(engine, ExtensionRow) == rows(engine, AuditEntry) - before_any(engine) == 1
    assert draft(engine, id, me, 0, [None], NOW + 29 * MINUTE)
    extend(engine, head, cast, now=NOW + 29 * MINUTE)  # taken back
    assert rows(engine, ExtensionRow) == 0
    assert value_of(engine, id, me).ends_at == NOW + 20 * MINUTE


def before_any(engine: Engine) -> int:
    """Audit entries of other kinds."""
    with reading(engine) as session:
        query = select(func.count()).select_from(AuditEntry).where(AuditEntry.action != "extension given")
        return session.scalar(query) or 0


def test_an_attempt_that_is_over_stays_so(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "time: 20 min", "attempts: 1"), cast["trainee"]
    id = begin(engine, head, me)
    extend(engine, head, cast, minutes=60, attempts=1, now=NOW + 21 * MINUTE)
    assert value_of(engine, id, me).finished_at == NOW + 20 * MINUTE
    again = begin(engine, head, me, NOW + 22 * MINUTE)
    assert value_of(engine, again, me).ends_at == NOW + 102 * MINUTE
    finish(engine, head, me, again, NOW + 23 * MINUTE)
    with pytest.raises(Closed):
        begin(engine, head, me, NOW + 24 * MINUTE)


def test_a_later_closing_is_read_in_the_persons_zone(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "closes: 2026-03-02 08:00"), cast["trainee"]
    with writing(engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == me).values(time_zone="Europe/Berlin"))
    with pytest.raises(Closed):
        begin(engine, head, me)
    extend(engine, head, cast, closes=datetime.fromisoformat("2026-03-02 12:00"))
    assert value_of(engine, begin(engine, head, me), me).closes_at == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    with pytest.raises(Closed):
        begin(engine, head, cast["outsider"])


@pytest.mark.parametrize(
    ("giver", "more"),
    [
        ("othermanager", {}),
        ("trainer", {"email": "nobody@demo.example"}),
        ("trainer", {"quiz": "check"}),
        ("trainer", {"minutes": 1441}),
        ("trainer", {"attempts": -1}),
        ("trainer", {"reason": ""}),
    ],
)
def test_what_cannot_be_given_is_refused(engine: Engine, cast: Cast, giver: str, more: dict[str, Any]) -> None:
    head = with_rules(engine, "time: 20 min")
    with pytest.raises(Invalid):
        extend(engine, head, cast, giver, **{"minutes": 5, **more})
    assert rows(engine, ExtensionRow) == 0


def test_thirty_begins_with_one_attempt_more_begin_that_one(engine: Engine, cast: Cast) -> None:
    head, me = with_rules(engine, "attempts: 1"), cast["trainee"]
    finish(engine, head, me, begin(engine, head, me), NOW)
    extend(engine, head, cast, "manager", attempts=1)
    found, _ = at_once(30, lambda _: begin(engine, head, me, NOW + MINUTE))
    assert len(set(found)) == 1
    finish(engine, head, me, found[0], NOW + MINUTE)
    found, refused = at_once(30, lambda _: begin(engine, head, me, NOW + 2 * MINUTE))
    assert (len(found), len(refused)) == (0, 30)


# --- the same again ---


@pytest.fixture
def drawing(engine: Engine) -> Head:
    draw = "draw: [{competency: C06, count: 1}, {count: 1}]"
    return with_rules(engine, draw, "time: 20 min", "confidence: true", "shuffle: [items]")


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(), done=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers()), max_size=8))
def test_an_attempt_played_again_from_what_is_stored_has_the_same_result(
    engine: Engine, cast: Cast, drawing: Head, seed: int, done: list[tuple[int, int, int]]
) -> None:
    """Whatever was saved, in whatever order and how late: revision, draw and responses alone give the score."""
    head, me = drawing, cast["trainee"]
    start = NOW + timedelta(days=rows(engine, Attempt))
    with writing(engine) as session:
        id = attempts.begin(session, head, me, "quiz", "final", "try", "", random.Random(seed), start)
    run = run_of(engine, head, me, id)
    assert run.draw == quizzes.drawn(run.quiz, items.TYPES, random.Random(seed))
    kept: dict[int, list[Any]] = {}
    for place, minute, pick in sorted(done, key=lambda one: one[1]):
        if place >= len(run.draw):
            continue
        rng = random.Random(pick)
        response = [every_answer(part.type, rng) for part in run.question(place).parts]
        try:
            if draft(engine, id, me, place, response, start + minute * MINUTE, 1 + pick % 3):
                kept[place] = response
        except Closed:
            assert minute >= 20
    attempts.end_all_overdue(engine, start + timedelta(hours=5))
    run = run_of(engine, head, me, id)
    again: list[Outcome] = []
    for place, drawn in enumerate(quizzes.restored(run.attempt.draw)):
        question = head.library.quiz("final", "en").question(drawn.question)
        response = kept.get(place, [None] * len(question.parts))
        assert run.given[place].response == response
        again.append(question_outcome(question, items.TYPES, response))
        assert (run.given[place].points, run.given[place].possible) == (again[-1].points, again[-1].possible)
    assert run.attempt.score == percent(again)


def every_answer(type: str, rng: random.Random) -> Any:
    match type:
        case "multiple":
            return sorted(rng.sample(range(3), rng.randrange(1, 4)))
        case "matching":
            return [rng.randrange(3) for _ in range(2)]
    return "Because of this and that."
