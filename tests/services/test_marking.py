"""Marking on real databases: the queue, one and two readers, both at once, appeals, and rubrics that change."""

from __future__ import annotations

import random
import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from kamtrain.core import marking as rules
from kamtrain.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from kamtrain.services import attempts, marking, works
from kamtrain.services.attempts import Head
from kamtrain.services.effects import effects
from kamtrain.services.publishing import library_at, plan, publish, settle_all
from kamtrain.store import marking as store
from kamtrain.store.attempts import OutcomeRow, own_attempt
from kamtrain.store.audit import AuditEntry
from kamtrain.store.base import reading, writing
from kamtrain.store.learning import Summary
from kamtrain.store.people import PersonRow
from tests import marked, samples
from tests.cast import Cast, seat
from tests.marked import ESSAY, NOW, handed_in, mark, opened, person, rows_of, run_of, second, sent, work_of

LEVELS = (2, 3)  # sound, expert: 7 of 8


@pytest.fixture
def head(engine: Engine) -> Head:
    return samples.published(engine, marked.files())


@pytest.fixture
def cast(engine: Engine, head: Head) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


def state_of(engine: Engine, work: int) -> str:
    with reading(engine) as session:
        line = store.work_line(session, work)
    assert line is not None
    return line.state


def waiting(engine: Engine, head: Head, cast: Cast, name: str) -> int:
    with reading(engine) as session:
        return marking.waiting_for(session, head, person(cast, name))


def score_of(engine: Engine, head: Head, cast: Cast, attempt: int) -> tuple[bool, int | None, bool | None]:
    value = run_of(engine, head, cast["trainee"], attempt).attempt
    return value.waiting, value.score, value.passed


def replayed(engine: Engine, head: Head, cast: Cast, work: int) -> bool:
    """Whether the rows alone give the points that stand."""
    rows = rows_of(engine, work)
    with reading(engine) as session:
        line = store.work_line(session, work)
        assert line is not None
        of = works.work_of(session, line, "en")
        points = session.scalar(
            select(OutcomeRow.points).where(OutcomeRow.response_id == work).order_by(OutcomeRow.id.desc()).limit(1)
        )
    return marking.outcomes_replayed(of, rows).points == points


def test_it_works(engine: Engine, head: Head, cast: Cast) -> None:
    attempt = handed_in(engine, head, cast["trainee"])
    work = work_of(engine, attempt)
    assert score_of(engine, head, cast, attempt) == (True, None, None)
    assert waiting(engine, head, cast, "trainer") == 1
    done = mark(engine, head, person(cast, "trainer"), work, LEVELS, "Look twice.")

    assert (done.kind, done.together, done.finished) == ("first", False, True)
    assert score_of(engine, head, cast, attempt) == (False, 68, True)  # (7/8 + 1/2) of 2
    assert waiting(engine, head, cast, "trainer") == 0
    assert state_of(engine, work) == "done"
    assert replayed(engine, head, cast, work)
    with reading(engine) as session:
        told = marking.told(session, own_attempt(session, attempt, cast["trainee"]), "en")[0]
        assert told.reading is not None
        assert (told.reading.levels, told.reading.overall, told.admin) == ({"0": LEVELS}, "Look twice.", False)
        assert session.scalars(select(Summary.done)).all() == [1]


def test_the_same_mark_sent_twice_is_one(engine: Engine, head: Head, cast: Cast) -> None:
    work = work_of(engine, handed_in(engine, head, cast["trainee"]))
    form = sent(opened(engine, head, person(cast, "trainer"), work), LEVELS)
    for _ in range(2):
        with writing(engine) as session:
            marking.mark(session, head, person(cast, "trainer"), work, form, NOW)

    assert len(rules.all_readings(rows_of(engine, work))) == 1


def test_nobody_marks_her_own_answer_and_no_trainee_marks_at_all(engine: Engine, head: Head, cast: Cast) -> None:
    attempt = handed_in(engine, head, cast["trainer"])
    with pytest.raises(NotFound):
        opened(engine, head, person(cast, "trainer"), work_of(engine, attempt))
    mine = run_of(engine, head, cast["trainer"], attempt)
    with writing(engine) as session, pytest.raises(Forbidden):
        attempts.self_mark(session, head, mine, 0, {0: LEVELS}, NOW)


def test_an_answer_left_open_waits_for_nobody(engine: Engine, head: Head, cast: Cast) -> None:
    attempt = handed_in(engine, head, cast["trainee"], None)

    assert score_of(engine, head, cast, attempt) == (False, 25, False)
    assert waiting(engine, head, cast, "trainer") == 0


@pytest.mark.parametrize("levels", [(2,), (2, 4), (2, -1), (2, 3, 1)])
def test_levels_that_are_not_in_the_rubric_are_refused(
    engine: Engine, head: Head, cast: Cast, levels: tuple[int, ...]
) -> None:
    work = work_of(engine, handed_in(engine, head, cast["trainee"]))
    with pytest.raises(Invalid):
        mark(engine, head, person(cast, "trainer"), work, levels)

    assert state_of(engine, work) == "open"


def test_a_grid_is_scored_by_the_program_and_changed_cell_by_cell(engine: Engine, head: Head, cast: Cast) -> None:
    attempt = handed_in(engine, head, cast["trainee"])
    mark(engine, head, person(cast, "trainer"), work_of(engine, attempt), LEVELS)
    grid = work_of(engine, attempt, 1)
    assert state_of(engine, grid) == "scored"
    of = opened(engine, head, person(cast, "trainer"), grid)
    assert of.work.parts[0].start == (1, 0)
    mark(engine, head, person(cast, "trainer"), grid, (1, 1))

    assert score_of(engine, head, cast, attempt) == (False, 93, True)
    assert replayed(engine, head, cast, grid)


def test_a_course_with_authors_is_marked_by_them_and_by_admins(engine: Engine, head: Head, cast: Cast) -> None:
    head = samples.published(engine, marked.files(authors=["trainer"]))
    work = work_of(engine, handed_in(engine, head, cast["trainee"]))

    assert [waiting(engine, head, cast, name) for name in ("trainer", "othertrainer", "admin", "manager")] == [
        1,
        0,
        1,
        0,
    ]
    with pytest.raises(NotFound):
        opened(engine, head, person(cast, "othertrainer"), work)
    free = work_of(engine, handed_in(engine, head, cast["outsider"], course=None))
    with pytest.raises(NotFound):
        opened(engine, head, person(cast, "othertrainer"), free)


# --- two readers ---


@pytest.fixture
def twice(engine: Engine, head: Head) -> Head:
    return samples.published(engine, marked.files(second(100)))


def test_a_second_reading_is_blind_and_by_another(engine: Engine, twice: Head, cast: Cast) -> None:
    attempt = handed_in(engine, twice, cast["trainee"])
    work = work_of(engine, attempt)
    mark(engine, twice, person(cast, "trainer"), work, LEVELS)
    assert (waiting(engine, twice, cast, "trainer"), waiting(engine, twice, cast, "othertrainer")) == (0, 1)
    of = opened(engine, twice, person(cast, "othertrainer"), work)
    assert (of.blind, of.named, of.readings, dict(of.start)) == (True, False, (), {})
    done = mark(engine, twice, person(cast, "othertrainer"), work, (2, 2))

    assert (done.kind, done.third, state_of(engine, work)) == ("second", False, "done")
    assert score_of(engine, twice, cast, attempt)[1] == 68, "the first reading counts"
    assert replayed(engine, twice, cast, work)


def test_where_the_two_lie_far_apart_a_third_decides(engine: Engine, twice: Head, cast: Cast) -> None:
    attempt = handed_in(engine, twice, cast["trainee"])
    work = work_of(engine, attempt)
    mark(engine, twice, person(cast, "trainer"), work, (0, 3))
    done = mark(engine, twice, person(cast, "othertrainer"), work, (2, 3))
    assert done.third
    assert score_of(engine, twice, cast, attempt)[1] == 56
    assert [waiting(engine, twice, cast, name) for name in ("trainer", "othertrainer", "admin")] == [0, 0, 1]
    mark(engine, twice, person(cast, "admin"), work, (3, 3))

    assert (state_of(engine, work), score_of(engine, twice, cast, attempt)[1]) == ("done", 75)
    assert replayed(engine, twice, cast, work)


def test_of_marks_at_the_same_time_none_is_lost(engine: Engine, head: Head, cast: Cast) -> None:
    work = work_of(engine, handed_in(engine, head, cast["trainee"]))
    names = ("trainer", "othertrainer", "admin")
    forms = {
        name: sent(opened(engine, head, person(cast, name), work), (number, 3)) for number, name in enumerate(names)
    }
    found: list[marking.Marked] = []
    barrier = threading.Barrier(len(names))

    def one(name: str) -> None:
        barrier.wait()
        with writing(engine) as session:
            found.append(marking.mark(session, head, person(cast, name), work, forms[name], NOW))

    threads = [threading.Thread(target=one, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.kind for one in found) in (["also", "first", "second"], ["first", "second", "third"])
    assert [one.together for one in sorted(found, key=lambda one: one.kind != "first")] == [False, True, True]
    assert len(rules.all_readings(rows_of(engine, work))) == 3
    assert replayed(engine, head, cast, work)


# --- appeals ---


def appeal(engine: Engine, cast: Cast, attempt: int, reason: str = "I named three cues.", position: int = 0) -> None:
    with writing(engine) as session:
        marking.appeal(session, own_attempt(session, attempt, cast["trainee"], locked=True), position, reason, NOW)


def test_an_appeal_goes_to_another_trainer_and_decides(engine: Engine, head: Head, cast: Cast) -> None:
    attempt = handed_in(engine, head, cast["trainee"])
    work = work_of(engine, attempt)
    with pytest.raises(Closed):
        appeal(engine, cast, attempt)
    mark(engine, head, person(cast, "trainer"), work, LEVELS)
    appeal(engine, cast, attempt)
    appeal(engine, cast, attempt)  # a double click
    with pytest.raises(Conflict):
        appeal(engine, cast, attempt, "And once more.")
    assert [waiting(engine, head, cast, name) for name in ("trainer", "othertrainer")] == [0, 1]
    with pytest.raises(Forbidden):
        mark(engine, head, person(cast, "trainer"), work, (3, 3), "No.")
    with pytest.raises(Invalid):
        mark(engine, head, person(cast, "othertrainer"), work, (3, 3))
    done = mark(engine, head, person(cast, "othertrainer"), work, (3, 3), "Three cues, indeed.")

    assert done.decided
    assert score_of(engine, head, cast, attempt)[1] == 75
    assert replayed(engine, head, cast, work)
    with reading(engine) as session:
        told = marking.told(session, own_attempt(session, attempt, cast["trainee"]), "en")[0]
        assert told.appeal is not None
        assert (told.appeal.answer, told.appeal.changed, told.may_appeal) == ("Three cues, indeed.", True, False)
    with pytest.raises(Closed):
        mark(engine, head, person(cast, "trainer"), work, (0, 0))


def test_who_marks_alone_decides_about_her_own_mark(engine: Engine, head: Head, cast: Cast) -> None:
    attempt = handed_in(engine, head, cast["trainee"])
    work = work_of(engine, attempt)
    mark(engine, head, person(cast, "trainer"), work, LEVELS)
    appeal(engine, cast, attempt)
    with writing(engine) as session:
        for name in ("othertrainer", "admin"):
            session.get_one(PersonRow, cast[name]).active = False
    assert waiting(engine, head, cast, "trainer") == 1
    mark(engine, head, person(cast, "trainer"), work, (3, 3), "You are right.")

    assert state_of(engine, work) == "done"


def test_the_programs_score_of_a_grid_may_be_appealed_against(engine: Engine, head: Head, cast: Cast) -> None:
    attempt = handed_in(engine, head, cast["trainee"])
    appeal(engine, cast, attempt, "30 is what the sheet says.", 1)
    grid = work_of(engine, attempt, 1)
    mark(engine, head, person(cast, "trainer"), grid, (1, 0), "25 is right.")
    with reading(engine) as session:
        assert store.appeals_of(session, {grid})[grid].changed is False


# --- rubrics that change ---


def changed(engine: Engine, essay: str) -> tuple[Head, list[str]]:
    """Publishes the quiz anew and lets what follows run; the head, and what was said before."""
    with writing(engine) as session:
        planned = plan(session, marked.files(essay))
        assert planned.possible
        assert planned.base is not None
        said = [str(one) for one in effects(planned, library_at(session, planned.base), "en")]
        revision = publish(session, planned, "disk", None, "", NOW)
        library = library_at(session, revision)
    assert not settle_all(engine, seconds=10)
    return Head(revision, library), said


def test_other_points_keep_the_levels_and_change_the_score(engine: Engine, head: Head, cast: Cast) -> None:
    attempt = handed_in(engine, head, cast["trainee"])
    work = work_of(engine, attempt)
    mark(engine, head, person(cast, "trainer"), work, LEVELS)
    new, said = changed(engine, ESSAY.replace("3 Sound | 4 Expert", "3 Sound | 6 Expert"))

    assert any("1 marked answers keep their levels and get other points: Trainee" in one for one in said)
    assert score_of(engine, head, cast, attempt) == (False, 62, True)  # (9/12 + 1/2) of 2
    assert len(rules.all_readings(rows_of(engine, work))) == 1, "nobody has marked again"
    assert replayed(engine, new, cast, work)
    with reading(engine) as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.actor_id.is_(None))).all()
        assert {"rubric.change", "answers.rescored"} <= set(actions)
    mark(engine, new, person(cast, "trainer"), work, (3, 3))
    assert score_of(engine, new, cast, attempt)[1] == 75


def test_a_new_criterion_brings_the_answer_back_to_the_queue(engine: Engine, twice: Head, cast: Cast) -> None:
    attempt = handed_in(engine, twice, cast["trainee"])
    work = work_of(engine, attempt)
    mark(engine, twice, person(cast, "trainer"), work, LEVELS)
    more = "\n| Tone | rude | flat | warm | warm and short |\n\n> MODEL"
    new, said = changed(engine, second(100, ESSAY.replace("\n\n> MODEL", more)))

    assert any("go back to the queue, because a criterion is new: Trainee" in one for one in said)
    assert score_of(engine, twice, cast, attempt) == (True, None, None)
    assert state_of(engine, work) == "open"
    of = opened(engine, new, person(cast, "trainer"), work)
    assert of.start == {"0": (*LEVELS, None)}
    mark(engine, new, person(cast, "trainer"), work, (*LEVELS, 3))
    assert score_of(engine, new, cast, attempt)[1] == 70  # (11/12 + 1/2) of 2
    assert replayed(engine, new, cast, work)


def test_words_that_are_mended_change_nothing(engine: Engine, head: Head, cast: Cast) -> None:
    work = work_of(engine, handed_in(engine, head, cast["trainee"]))
    mark(engine, head, person(cast, "trainer"), work, LEVELS)
    before = rows_of(engine, work)
    changed(engine, ESSAY.replace("| Cues |", "| Cues named |"))

    assert rows_of(engine, work) == before


def test_who_read_by_the_old_rubric_is_told(engine: Engine, head: Head, cast: Cast) -> None:
    work = work_of(engine, handed_in(engine, head, cast["trainee"]))
    form = sent(opened(engine, head, person(cast, "trainer"), work), LEVELS)
    new, _ = changed(engine, ESSAY.replace("4 Expert", "6 Expert"))
    with writing(engine) as session, pytest.raises(Conflict):
        marking.mark(session, new, person(cast, "trainer"), work, form, NOW)


def test_an_attempt_begun_before_the_change_is_marked_by_the_new_rubric(engine: Engine, head: Head, cast: Cast) -> None:
    with writing(engine) as session:
        id = attempts.begin(session, head, cast["trainee"], "quiz", "essay", "try", "", random.Random(1), NOW)
    new, _ = changed(engine, ESSAY.replace("4 Expert", "6 Expert"))
    run = run_of(engine, head, cast["trainee"], id)
    with writing(engine) as session:
        attempts.save_draft(session, run.attempt, 0, ["Five words are enough here."], 1, NOW, answered=False)
    with writing(engine) as session:
        attempts.finish(session, new, attempts.run_of(session, head.library, run.attempt, "en"), NOW)
    work = work_of(engine, id)
    of = opened(engine, new, person(cast, "trainer"), work)

    assert [level.points for level in of.work.parts[0].criteria[0].levels] == [1, 2, 3, 6]
    mark(engine, new, person(cast, "trainer"), work, (3, 3))
    assert score_of(engine, new, cast, id)[1] == 50


def test_any_run_of_marks_gives_the_score_its_rows_give(engine: Engine, twice: Head, cast: Cast) -> None:
    """Thirty marks, appeals and changes of the rubric by chance, on six answers."""
    rng = random.Random(7)
    head = twice
    people = [cast["trainee"], cast["outsider"], cast["manager"]]
    done = {one: handed_in(engine, head, one) for one in people}
    for step in range(30):
        owner = rng.choice(people)
        work, now = work_of(engine, done[owner]), NOW + timedelta(minutes=step)
        who = person(cast, rng.choice(("trainer", "othertrainer", "admin")))
        if step % 10 == 9:
            head, _ = changed(engine, second(100, ESSAY.replace("4 Expert", f"{rng.randrange(4, 9)} Expert # {step}")))
        try:
            if rng.random() < 0.15:
                with writing(engine) as session:
                    marking.appeal(session, own_attempt(session, done[owner], owner, locked=True), 0, "Why?", now)
            else:
                mark(engine, head, who, work, (rng.randrange(4), rng.randrange(4)), "So.", now)
        except (Forbidden, Closed):
            pass
        assert replayed(engine, head, cast, work), step
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(OutcomeRow)) or 0 > 10
