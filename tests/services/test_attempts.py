"""Practice on real databases: what is saved stays, what is scored is reproducible, and limits hold under load."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from kamtrain.core import scenario as scenarios
from kamtrain.core.errors import Closed, Conflict, Invalid, NotFound
from kamtrain.services import attempts, learning
from kamtrain.services.attempts import Head, Run
from kamtrain.store.attempts import Attempt, OutcomeRow, Response, own_attempt, own_question
from kamtrain.store.base import reading, writing
from kamtrain.store.learning import Summary, standings
from tests import samples
from tests.cast import Cast, seat

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def head(engine: Engine) -> Head:
    return samples.published(engine)


@pytest.fixture
def cast(engine: Engine, head: Head) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


def begin(engine: Engine, head: Head, person: int, kind: str, activity: str, course: str | None = "try") -> int:
    with writing(engine) as session:
        return attempts.begin(session, head, person, kind, activity, course, "", random.Random(1), NOW)


def run_of(engine: Engine, head: Head, person: int, id: int) -> Run:
    with reading(engine) as session:
        return attempts.run_of(session, head.library, own_attempt(session, id, person), "en")


def position_of(run: Run, question: str) -> int:
    return next(place for place, drawn in enumerate(run.draw) if drawn.question == question)


def test_it_works(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    id = begin(engine, head, me, "quiz", "final")
    run = run_of(engine, head, me, id)
    with writing(engine) as session:
        for question, responses in (("f1", [[0, 1]]), ("f2", [[0, 1]]), ("f3", ["Because I saw it twice."])):
            assert attempts.save_draft(
                session, run.attempt, position_of(run, question), responses, 1, NOW, answered=False
            )
    with writing(engine) as session:
        attempts.finish(session, head, attempts.run_of(session, head.library, run.attempt, "en"), NOW)
    run = run_of(engine, head, me, id)
    assert run.attempt.waiting
    assert run.attempt.score is None
    with writing(engine) as session:
        attempts.self_mark(session, head, run, position_of(run, "f3"), {0: (1,)}, NOW)
    attempt = run_of(engine, head, me, id).attempt
    assert (attempt.waiting, attempt.score, attempt.passed) == (False, 83, True)  # 1 + 1 + ½ of 3


def test_somebody_elses_attempt_is_not_there(engine: Engine, head: Head, cast: Cast) -> None:
    id = begin(engine, head, cast["trainee"], "quiz", "final")
    with reading(engine) as session, pytest.raises(NotFound):
        own_attempt(session, id, cast["outsider"])


def test_thirty_starts_at_once_begin_one_attempt(engine: Engine, head: Head, cast: Cast) -> None:
    ids = _at_once(30, lambda: begin(engine, head, cast["trainee"], "quiz", "final"))
    assert len(set(ids)) == 1
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_thirty_starts_of_the_last_permitted_attempt_begin_one_and_no_more(
    engine: Engine, head: Head, cast: Cast
) -> None:
    me = cast["trainee"]
    for _ in range(2):  # of two permitted, the last one by thirty at once
        ids = _at_once(30, partial(begin, engine, head, me, "quiz", "final"))
        assert len(set(ids)) == 1
        with writing(engine) as session:
            attempts.finish(
                session, head, attempts.run_of(session, head.library, own_attempt(session, ids[0], me), "en"), NOW
            )
    with pytest.raises(Closed):
        begin(engine, head, me, "quiz", "final")
    with reading(engine) as session:
        numbers = session.scalars(select(Attempt.number).order_by(Attempt.number)).all()
    assert list(numbers) == [1, 2]


def _at_once(count: int, action: Callable[[], int]) -> list[int]:
    """`action` from `count` threads that start together; what each returned."""
    barrier, found, faults = threading.Barrier(count), [], []

    def work() -> None:
        barrier.wait()
        try:
            found.append(action())
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    return found


def test_thirty_finishes_at_once_store_each_answer_once(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    id = begin(engine, head, me, "quiz", "final")

    def finish() -> int:
        with writing(engine) as session:
            attempt = own_attempt(session, id, me, locked=True)
            attempts.finish(session, head, attempts.run_of(session, head.library, attempt, "en"), NOW)
        return id

    _at_once(30, finish)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 3
        assert session.scalar(select(func.count()).select_from(OutcomeRow)) == 3


def test_a_late_draft_never_overwrites_a_newer_one(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    run = run_of(engine, head, me, begin(engine, head, me, "quiz", "final"))
    place = position_of(run, "f1")
    with writing(engine) as session:
        assert attempts.save_draft(session, run.attempt, place, [[1]], 5, NOW, answered=False)
        assert not attempts.save_draft(session, run.attempt, place, [[0]], 4, NOW, answered=False)
        assert not attempts.save_draft(session, run.attempt, place, [[0]], 5, NOW, answered=False)
    assert run_of(engine, head, me, run.attempt.id).responses(place) == [[1]]


def test_a_draft_after_the_end_is_refused(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    id = begin(engine, head, me, "quiz", "final")
    with writing(engine) as session:
        attempts.finish(session, head, attempts.run_of(session, head.library, own_attempt(session, id, me), "en"), NOW)
    with writing(engine) as session, pytest.raises(Closed):
        attempts.save_draft(session, own_attempt(session, id, me), 0, [[0]], 9, NOW, answered=False)


def test_an_answer_stands_once_given(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    run = run_of(engine, head, me, begin(engine, head, me, "quiz", "check"))
    place = position_of(run, "c1")
    with writing(engine) as session:
        attempts.answer(session, run, place, [0], NOW)
    run = run_of(engine, head, me, run.attempt.id)
    with writing(engine) as session:
        attempts.answer(session, run, place, [0], NOW)  # a double click
        with pytest.raises(Conflict):
            attempts.answer(session, run, place, [1], NOW)
        value, answered = own_question(session, run.attempt.id, me, place)
        with pytest.raises(Conflict):
            attempts.save_draft(session, value, place, [1], 9, NOW, answered=answered)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 1


def test_half_an_answer_is_not_taken(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    run = run_of(engine, head, me, begin(engine, head, me, "quiz", "check"))
    with writing(engine) as session, pytest.raises(Invalid):
        attempts.answer(session, run, 0, [None], NOW)


def test_marking_again_adds_a_row_and_the_newest_counts(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    run = run_of(engine, head, me, begin(engine, head, me, "quiz", "final"))
    place = position_of(run, "f3")
    with writing(engine) as session:
        attempts.save_draft(session, run.attempt, place, ["Because."], 1, NOW, answered=False)
        attempts.finish(session, head, attempts.run_of(session, head.library, run.attempt, "en"), NOW)
    for level in (2, 0):
        run = run_of(engine, head, me, run.attempt.id)
        with writing(engine) as session:
            attempts.self_mark(session, head, run, place, {0: (level,)}, NOW)
    run = run_of(engine, head, me, run.attempt.id)
    assert run.given[place].points == 0
    assert run.attempt.score == 0
    with reading(engine) as session:
        rows = session.scalar(
            select(func.count()).select_from(OutcomeRow).where(OutcomeRow.response_id == run.given[place].id)
        )
    assert rows == 3  # one that waits, two marks


@pytest.mark.parametrize("levels", [{}, {0: (7,)}, {0: ()}, {1: (1,)}, {0: (-1,)}])
def test_a_mark_the_rubric_does_not_have_is_refused(engine: Engine, head: Head, cast: Cast, levels) -> None:
    me = cast["trainee"]
    run = run_of(engine, head, me, begin(engine, head, me, "quiz", "final"))
    place = position_of(run, "f3")
    with writing(engine) as session:
        attempts.save_draft(session, run.attempt, place, ["Because."], 1, NOW, answered=False)
        attempts.finish(session, head, attempts.run_of(session, head.library, run.attempt, "en"), NOW)
    run = run_of(engine, head, me, run.attempt.id)
    with writing(engine) as session, pytest.raises(Invalid):
        attempts.self_mark(session, head, run, place, levels, NOW)


def test_marking_before_the_end_shows_nothing_and_is_refused(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    run = run_of(engine, head, me, begin(engine, head, me, "quiz", "final"))
    with writing(engine) as session, pytest.raises(Closed):
        attempts.self_mark(session, head, run, position_of(run, "f3"), {0: (2,)}, NOW)


def test_a_conversation_is_walked_from_what_is_stored(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    id = begin(engine, head, me, "scenario", "talk")
    for turn, (scene, place) in enumerate((("opening", 0), ("middle", 0))):
        with writing(engine) as session:
            talk = attempts.conversation_of(session, head.library, own_attempt(session, id, me), "en")
            attempts.choose(session, head, talk, turn, scene, place, NOW)
    with reading(engine) as session:
        attempt = own_attempt(session, id, me)
        talk = attempts.conversation_of(session, head.library, attempt, "en")
    assert (attempt.ending, attempt.grade, attempt.score) == ("good", "strong", 100)
    assert talk.here.state == {"trust": 6, "turns": 2}


def test_the_same_choice_twice_counts_once_and_another_one_is_refused(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    id = begin(engine, head, me, "scenario", "talk")

    def choose(turn: int, scene: str, place: int) -> None:
        with writing(engine) as session:
            talk = attempts.conversation_of(session, head.library, own_attempt(session, id, me, locked=True), "en")
            attempts.choose(session, head, talk, turn, scene, place, NOW)

    choose(0, "opening", 0)
    choose(0, "opening", 0)
    with pytest.raises(Conflict):
        choose(0, "opening", 1)
    with pytest.raises(Conflict):
        choose(1, "opening", 0)  # a scene one is not in
    with pytest.raises(Conflict):
        choose(7, "middle", 0)  # a turn that has not come
    with pytest.raises(Invalid):
        choose(1, "middle", 9)
    choose(1, "middle", 1)
    with pytest.raises(Closed):
        choose(2, "fine", 0)  # after the end
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 2


def test_an_attempt_finishes_on_the_revision_it_began_on(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    id = begin(engine, head, me, "quiz", "check")
    turned = samples.CHECK.replace("- [x] This", "- [ ] This").replace("- [ ] That", "- [x] That")
    newer = samples.published(engine, samples.FILES | {"quizzes/check.en.md": turned.encode()})
    run = run_of(engine, head, me, id)
    assert run.attempt.revision_id == head.revision_id
    with writing(engine) as session:
        attempts.answer(session, run, position_of(run, "c1"), [0], NOW)
        run = attempts.run_of(session, head.library, run.attempt, "en")
        attempts.answer(session, run, position_of(run, "c2"), [1], NOW)
        attempts.finish(session, newer, attempts.run_of(session, head.library, run.attempt, "en"), NOW)
    assert run_of(engine, head, me, id).attempt.score == 100


def test_what_the_library_or_the_course_does_not_have_is_not_there(engine: Engine, head: Head, cast: Cast) -> None:
    for kind, activity, course in (("quiz", "nothing", None), ("scenario", "check", None), ("quiz", "check", "other")):
        with pytest.raises(NotFound):
            begin(engine, head, cast["trainee"], kind, activity, course)


def test_free_practice_belongs_to_no_enrollment(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    id = begin(engine, head, me, "quiz", "check", course=None)
    assert begin(engine, head, me, "quiz", "check", course=None) == id
    with reading(engine) as session:
        assert own_attempt(session, id, me).enrollment_id is None
        assert standings(session, me) == {}


choices = st.lists(st.integers(0, 2), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["lesson", "check", "final", "talk"]), choices), max_size=8))
def test_summaries_are_what_a_rebuild_makes_of_random_histories(engine: Engine, head: Head, cast: Cast, steps) -> None:
    """Whatever was done, in whatever order: the cached row equals the one made anew, and a completion stays."""
    me, clock, rng = cast["trainee"], NOW, random.Random(len(steps))
    for kind, picks in steps:
        clock += timedelta(minutes=1)
        with writing(engine) as session:
            if kind == "lesson":
                learning.finish_lesson(session, head.library, head.revision_id, me, "try", "try-1.1", clock)
                continue
            try:
                family = "scenario" if kind == "talk" else "quiz"
                id = attempts.begin(session, head, me, family, kind, "try", "", rng, clock)
            except Closed:
                continue
        with writing(engine) as session:
            attempt = own_attempt(session, id, me)
            if kind == "talk":
                talk = attempts.conversation_of(session, head.library, attempt, "en")
                for pick in picks:
                    open_choices = scenarios.offered(talk.scenario, "", talk.here)
                    if not open_choices:
                        break
                    place = open_choices[pick % len(open_choices)]
                    talk = attempts.choose(session, head, talk, len(talk.choices), talk.here.scene, place, clock)
            elif picks:
                run = attempts.run_of(session, head.library, attempt, "en")
                attempts.finish(session, head, run, clock)
    before = _summaries(engine)
    with writing(engine) as session:
        learning.rebuild_summaries(session, head.library, head.revision_id, 0, 1000)
    assert _summaries(engine) == before


def _summaries(engine: Engine) -> list[tuple[object, ...]]:
    columns = (
        Summary.enrollment_id, Summary.required, Summary.done, Summary.percent, Summary.completed_at,
        Summary.succeeded_at, Summary.failed, Summary.score, Summary.missing, Summary.last_activity_at,
    )  # fmt: skip
    with reading(engine) as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Summary.enrollment_id))]
