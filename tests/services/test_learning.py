"""Enrolling, reading, and summaries that follow what is published without taking anything back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from kamtrain.core.errors import NotFound
from kamtrain.core.progress import Missing
from kamtrain.services import learning
from kamtrain.services.attempts import Head
from kamtrain.services.publishing import settle
from kamtrain.store.base import reading, writing
from kamtrain.store.learning import Enrollment, LessonRead, latest_enrollment, standings
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


def finish(engine: Engine, head: Head, person: int, now: datetime = NOW) -> None:
    with writing(engine) as session:
        learning.finish_lesson(session, head.library, head.revision_id, person, "try", "try-1.1", now)


def test_it_works(engine: Engine, head: Head, cast: Cast) -> None:
    finish(engine, head, cast["trainee"])
    with reading(engine) as session:
        standing = standings(session, cast["trainee"])["try"]
    assert (standing.done, standing.required, standing.percent) == (1, 4, 25)
    assert standing.completed_at is None
    assert standing.last_activity_at == NOW


def test_enrolling_twice_changes_nothing(engine: Engine, head: Head, cast: Cast) -> None:
    with writing(engine) as session:
        one = learning.enroll(session, head.library, head.revision_id, cast["trainee"], "try", NOW)
        other = learning.enroll(session, head.library, head.revision_id, cast["trainee"], "try", NOW)
    assert one == other


def test_the_first_time_a_lesson_is_done_counts(engine: Engine, head: Head, cast: Cast) -> None:
    finish(engine, head, cast["trainee"])
    finish(engine, head, cast["trainee"], NOW + timedelta(days=1))
    with reading(engine) as session:
        enrollment = latest_enrollment(session, cast["trainee"], "try")
        assert enrollment is not None
        row = session.get_one(LessonRead, (enrollment, "try-1.1"))
        assert row.done_at == NOW


def test_opening_a_done_lesson_again_leaves_it_done(engine: Engine, head: Head, cast: Cast) -> None:
    finish(engine, head, cast["trainee"])
    with writing(engine) as session:
        later = NOW + timedelta(hours=1)
        learning.open_lesson(session, head.library, head.revision_id, cast["trainee"], "try", "try-1.1", later)
    with reading(engine) as session:
        assert standings(session, cast["trainee"])["try"].done == 1


@pytest.mark.parametrize(("course", "lesson"), [("try", "try-9.9"), ("none", "try-1.1"), ("try", "check")])
def test_what_is_not_in_the_library_cannot_be_read(engine: Engine, head: Head, cast: Cast, course, lesson) -> None:
    with writing(engine) as session, pytest.raises(NotFound):
        learning.finish_lesson(session, head.library, head.revision_id, cast["trainee"], course, lesson, NOW)


def test_a_completion_once_earned_stays_when_the_course_asks_for_more(engine: Engine, head: Head, cast: Cast) -> None:
    short = samples.COURSE.replace("      - quiz: check\n      - quiz: final\n", "").replace(
        "      - {scenario: talk, reach: acceptable}\n", ""
    )
    small = samples.published(engine, samples.FILES | {"courses/try/course.yaml": short.encode()})
    finish(engine, small, cast["trainee"])
    with reading(engine) as session:
        earned = standings(session, cast["trainee"])["try"].completed_at
    assert earned == NOW
    samples.published(engine)
    while True:
        with writing(engine) as session:
            if not settle(session):
                break
    with reading(engine) as session:
        standing = standings(session, cast["trainee"])["try"]
    assert standing.completed_at == earned
    assert (standing.done, standing.required) == (1, 4)


def test_of_two_lessons_done_at_once_both_count(engine: Engine, cast: Cast) -> None:
    course = samples.COURSE.replace("      - lesson: try-1.1\n", "      - lesson: try-1.1\n      - lesson: try-1.2\n")
    lesson = samples.LESSON.replace("id: try-1.1", "id: try-1.2")
    more = {"courses/try/course.yaml": course.encode(), "courses/try/try-1.2.en.md": lesson.encode()}
    head, me = samples.published(engine, samples.FILES | more), cast["trainee"]
    with writing(engine) as session:
        learning.enroll(session, head.library, head.revision_id, me, "try", NOW)

    def other_tab() -> None:
        with writing(engine) as session:
            learning.finish_lesson(session, head.library, head.revision_id, me, "try", "try-1.2", NOW)

    with ThreadPoolExecutor() as threads:
        with writing(engine) as session:
            learning.finish_lesson(session, head.library, head.revision_id, me, "try", "try-1.1", NOW)
            later = threads.submit(other_tab)
            with suppress(Late):
                later.result(0.5)  # it waits for us
        later.result(10)
    with reading(engine) as session:
        assert standings(session, me)["try"].done == 2


def test_settling_goes_on_where_it_was_stopped(engine: Engine, head: Head, cast: Cast) -> None:
    for name in ("trainee", "outsider"):
        finish(engine, head, cast[name])
    short = samples.COURSE.replace("      - quiz: check\n", "")
    samples.published(engine, samples.FILES | {"courses/try/course.yaml": short.encode()})
    calls = 0
    while True:
        with writing(engine) as session:
            more = settle(session, limit=1)
        calls += 1
        if not more:
            break
    assert calls == 3
    with reading(engine) as session:
        assert {standings(session, cast[name])["try"].required for name in ("trainee", "outsider")} == {3}


def test_a_retake_is_the_latest_enrollment(engine: Engine, head: Head, cast: Cast) -> None:
    me = cast["trainee"]
    finish(engine, head, me)
    with writing(engine) as session:
        session.add(Enrollment(person_id=me, course_id="try", number=2, origin="self", started_at=NOW))
        session.flush()
        again = latest_enrollment(session, me, "try")
        assert again is not None
        learning.refresh_summary(session, head.library, head.revision_id, again, NOW)
    with reading(engine) as session:
        assert standings(session, me)["try"].enrollment_id == again
        assert standings(session, me)["try"].done == 0


def test_missing_pieces_survive_being_stored() -> None:
    missing = (
        Missing("read", "lesson", "a"),
        Missing("pass", "quiz", "b", have=0, need=80),
        Missing("replay", "scenario", "c", variant="analytical"),
    )
    assert learning.restored_missing(learning.stored_missing(missing)) == missing
