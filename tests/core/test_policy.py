"""Windows, waits and limits, also over the nights when clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.policy import Extension, Held, Terms, Window, ends_at, held, moment, terms
from kamtrain.core.quiz import Quiz

BERLIN, SHANGHAI, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def wall(shown: str) -> datetime:
    """What a clock on a wall shows: without a zone."""
    return datetime.fromisoformat(shown)


def quiz(**rules: object) -> Quiz:
    return Quiz("q", "en", "Q", "", (), **rules)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "zone", "first", "last"),
    [
        ("2026-03-02 09:00", BERLIN, "2026-03-02 08:00", "2026-03-02 08:00"),
        ("2026-03-02 09:00", SHANGHAI, "2026-03-02 01:00", "2026-03-02 01:00"),
        # The same time of day is another moment after the clocks were put forward.
        ("2026-03-30 09:00", BERLIN, "2026-03-30 07:00", "2026-03-30 07:00"),
        # 02:30 was shown twice in this night, and never in that one.
        ("2026-10-25 02:30", BERLIN, "2026-10-25 00:30", "2026-10-25 01:30"),
        ("2026-03-29 02:30", BERLIN, "2026-03-29 00:30", "2026-03-29 01:30"),
        ("2026-11-01 01:30", NEW_YORK, "2026-11-01 05:30", "2026-11-01 06:30"),
    ],
)
def test_a_wall_clock_is_read_in_the_persons_zone(text: str, zone: ZoneInfo, first: str, last: str) -> None:
    shown = datetime.fromisoformat(text)
    assert moment(shown, zone, last=False) == datetime.fromisoformat(f"{first}+00:00")
    assert moment(shown, zone, last=True) == datetime.fromisoformat(f"{last}+00:00")


@given(st.datetimes(wall("2020-01-01 00:00"), wall("2035-01-01 00:00")), st.sampled_from([BERLIN, SHANGHAI, NEW_YORK]))
def test_a_window_is_never_shorter_than_it_looks(opens: datetime, zone: ZoneInfo) -> None:
    assert moment(opens, zone, last=False) <= moment(opens, zone, last=True)
    there = moment(opens, zone, last=True).astimezone(zone).replace(tzinfo=None)
    assert abs(there - opens) <= timedelta(hours=1)


def test_a_limit_is_of_time_passed_and_not_of_what_the_clock_shows() -> None:
    """Twenty minutes begun before the clocks go back end twenty minutes later."""
    value = terms(quiz(time=20), Window(), BERLIN)
    began = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    assert ends_at(value, began) == began + timedelta(minutes=20)


def test_an_attempt_ends_when_the_window_closes_at_the_latest() -> None:
    closes = wall("2026-03-02 10:10")  # in Berlin, 09:10 UTC
    value = terms(quiz(time=20, closes=closes), Window(), BERLIN)
    assert ends_at(value, NOW) == NOW + timedelta(minutes=10)
    assert ends_at(value, NOW - timedelta(minutes=30)) == NOW - timedelta(minutes=10)
    assert ends_at(Terms(), NOW) is None


def test_the_courses_window_goes_before_the_quizzes() -> None:
    own, step = wall("2026-03-01 00:00"), wall("2026-03-05 00:00")
    value = terms(quiz(opens=own, closes=own + timedelta(days=1)), Window(closes=step), ZoneInfo("UTC"))
    assert (value.opens_at, value.closes_at) == (own.replace(tzinfo=UTC), step.replace(tzinfo=UTC))


def test_an_extension_adds_and_never_takes_away() -> None:
    closes = wall("2026-03-02 09:00")
    rules = quiz(time=20, attempts=2, closes=closes)
    more = terms(rules, Window(), ZoneInfo("UTC"), Extension(10, 1, NOW + timedelta(days=1)))
    assert (more.limit, more.attempts, more.closes_at) == (timedelta(minutes=30), 3, NOW + timedelta(days=1))
    earlier = terms(rules, Window(), ZoneInfo("UTC"), Extension(closes_at=NOW - timedelta(days=1)))
    assert earlier.closes_at == NOW
    free = terms(quiz(), Window(), ZoneInfo("UTC"), Extension(10, 1, NOW))
    assert free == Terms()


@pytest.mark.parametrize(
    ("value", "begun", "last_end", "expected"),
    [
        (Terms(), 99, NOW, None),
        (Terms(attempts=2), 1, NOW, None),
        (Terms(attempts=2), 2, NOW, Held("attempts")),
        (Terms(wait=timedelta(hours=1)), 0, None, None),
        (Terms(wait=timedelta(hours=1)), 1, NOW, Held("wait", NOW + timedelta(hours=1))),
        (Terms(wait=timedelta(hours=1)), 1, NOW - timedelta(hours=1), None),
        (Terms(opens_at=NOW + timedelta(1)), 0, None, Held("early", NOW + timedelta(1))),
        (Terms(opens_at=NOW), 0, None, None),
        (Terms(closes_at=NOW), 0, None, Held("late")),
        (Terms(closes_at=NOW + timedelta(seconds=1)), 0, None, None),
    ],
)
def test_what_keeps_one_from_beginning(value: Terms, begun: int, last_end: datetime | None, expected: object) -> None:
    assert held(value, begun, last_end, NOW) == expected
