"""Who needs help, why, and who could give it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kamtrain.core.briefing import Trainee, needs

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def trainee(id: int, **more: Any) -> Trainee:
    fields = {"team": 1, "percent": 40, "complete": False, "passed": False, "score": None, "active_at": NOW}
    return Trainee(id, f"Person {id}", **{**fields, **more})


def able(id: int, score: int, **more: Any) -> Trainee:
    return trainee(id, percent=100, complete=True, passed=True, score=score, **more)


@pytest.mark.parametrize(
    ("stands", "reasons"),
    [
        ({}, []),
        ({"active_at": NOW - timedelta(days=13, hours=23)}, []),
        ({"active_at": NOW - timedelta(days=14)}, ["stuck at 40 %: nothing for 14 days"]),
        ({"active_at": NOW - timedelta(days=90), "complete": True}, []),  # who has finished may rest
        ({"due_at": NOW + timedelta(hours=1)}, []),
        ({"due_at": NOW - timedelta(hours=1)}, ["due today"]),
        ({"due_at": NOW - timedelta(days=3)}, ["overdue, in days: 3"]),
        ({"due_at": NOW - timedelta(days=3), "complete": True}, []),
        ({"sure": 4, "wrong": 4}, []),
        ({"sure": 5, "wrong": 1}, []),
        ({"sure": 5, "wrong": 2}, ["sure and wrong: 2 of 5 sure answers"]),
        ({"failed": ("A check", "A talk")}, ["tried twice or more, and not reached: A check, A talk"]),
        ({"failed": ("A", "B", "C", "D")}, ["tried twice or more, and not reached: A, B, and 2 more"]),
        (
            {"active_at": NOW - timedelta(days=20), "due_at": NOW - timedelta(days=2), "failed": ("A",)},
            [
                "overdue, in days: 2",
                "tried twice or more, and not reached: A",
                "stuck at 40 %: nothing for 20 days",
            ],
        ),
    ],
)
def test_the_reason_stands_in_words(stands: dict[str, Any], reasons: list[str]) -> None:
    found = needs([trainee(1, **stands)], NOW)
    assert [str(one) for need in found for one in need.reasons] == reasons


def test_the_most_needy_come_first() -> None:
    late, stuck, both = {"due_at": NOW - timedelta(days=1)}, {"active_at": NOW - timedelta(days=30)}, {}
    both = {**late, **stuck}
    people = [trainee(1, **stuck), trainee(2, **late), trainee(3), trainee(4, **both)]
    assert [need.trainee.id for need in needs(people, NOW)] == [4, 2, 1]


def test_those_who_passed_help_first_in_their_own_team_and_two_at_most() -> None:
    weak = {"sure": 9, "wrong": 9}
    people = [*(trainee(id, **weak) for id in range(1, 8)), able(8, 80), able(9, 95), able(10, 99, team=2)]
    helpers = [need.helper.id if need.helper else None for need in needs(people, NOW)]
    assert helpers == [9, 8, 9, 8, 10, 10, None]


def test_who_needs_help_gives_none() -> None:
    people = [trainee(1, sure=9, wrong=9), able(2, 90, sure=9, wrong=9)]
    assert [need.helper for need in needs(people, NOW)] == [None, None]
