from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.refresher import MOST, SECONDS, Due, why, within


def test_five_minutes_of_what_is_due_longest() -> None:
    assert within([("a", 100), ("b", 150), ("c", 100), ("d", 10)]) == ("a", "b")
    assert within([("a", 900), ("b", 10)]) == ("a",), "one at least"
    assert within([]) == ()


@given(st.lists(st.integers(0, 400)))
def test_it_never_takes_much_longer(takes: list[int]) -> None:
    chosen = within([(place, seconds) for place, seconds in enumerate(takes)])
    assert chosen == tuple(range(len(chosen)))
    assert len(chosen) <= MOST
    assert len(chosen) <= 1 or sum(takes[: len(chosen)]) <= SECONDS


def test_the_reason_is_said_in_words() -> None:
    assert "was not right" in str(why(Due(0, timedelta(days=4), 60)))
    assert "in part" in str(why(Due(500, timedelta(days=4), 60)))
    assert "87 %" in str(why(Due(1000, timedelta(days=9), 87)))


@given(st.integers(0, 1000), st.integers(-1, 400), st.integers(0, 100))
def test_there_is_always_a_reason(share: int, days: int, known: int) -> None:
    assert "%(" not in str(why(Due(share, timedelta(days=days), known)))
