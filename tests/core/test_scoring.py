from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.item import POINT, Fault, Form, ItemType, Json, Order, Outcome, Source
from kamtrain.core.quiz import Part, Question
from kamtrain.core.scoring import counting, percent, question_outcome


class Given(ItemType):
    """A type for these tests: its response is its outcome."""

    name = "given"

    def parse(self, source: Source) -> tuple[Any | None, tuple[Fault, ...]]:
        return None, ()

    def order(self, item: Any, rng: random.Random, shuffle: bool) -> Order:
        return ()

    def view(self, item: Any, order: Order) -> Any:
        return None

    def read(self, item: Any, order: Order, form: Form, prefix: str) -> Json | None:
        return None

    def shown(self, item: Any, order: Order, response: Json | None) -> Any:
        return None

    def score(self, item: Any, response: Json | None) -> Outcome:
        return response if response is not None else Outcome(0, POINT)

    def review(self, item: Any, order: Order, response: Json | None) -> Any:
        return None


TYPES = {"given": Given()}


def question(parts: int, points: int = 1) -> Question:
    return Question("q", "", "", (Part("given", None, ""),) * parts, "", (), points, "en")


def test_a_question_of_one_part_is_worth_its_points() -> None:
    assert question_outcome(question(1, 2), TYPES, [Outcome(667, POINT)]) == Outcome(1334, 2000)
    assert question_outcome(question(1), TYPES, [None]) == Outcome(0, POINT)


def test_parts_share_the_points_equally_whatever_they_count_in() -> None:
    assert question_outcome(question(2), TYPES, [Outcome(1, 3), Outcome(POINT, POINT)]) == Outcome(667, POINT)
    assert question_outcome(question(3), TYPES, [Outcome(1, 1), None, None]) == Outcome(333, POINT)


def test_one_part_that_waits_for_a_person_leaves_the_question_open() -> None:
    assert question_outcome(question(2), TYPES, [Outcome(None, POINT), Outcome(5, POINT)]) == Outcome(None, POINT)


def test_a_mark_given_by_a_person_takes_the_place_of_the_open_outcome() -> None:
    responses = [Outcome(None, POINT), Outcome(POINT, POINT)]
    assert question_outcome(question(2), TYPES, responses, {0: Outcome(500, POINT)}) == Outcome(750, POINT)


def test_a_response_for_each_part_is_asked_for() -> None:
    with pytest.raises(ValueError, match="zip"):
        question_outcome(question(2), TYPES, [None])


outcomes = st.integers(1, 2000).flatmap(lambda most: st.builds(Outcome, st.integers(0, most), st.just(most)))


@given(st.lists(outcomes, min_size=1, max_size=6), st.integers(1, 10))
def test_the_sum_of_the_shares_is_exact_to_half_a_thousandth(parts: list[Outcome], points: int) -> None:
    outcome = question_outcome(question(len(parts), points), TYPES, parts)
    exact = points * POINT * sum(Fraction(o.points or 0, o.possible) for o in parts) / len(parts)
    assert outcome.points is not None
    assert -Fraction(1, 2) < outcome.points - exact <= Fraction(1, 2)
    assert 0 <= outcome.points <= outcome.possible == points * POINT


def test_percent_is_rounded_down_so_that_a_mark_is_never_reached_by_rounding() -> None:
    assert percent([Outcome(799, POINT)]) == 79
    assert percent([Outcome(800, POINT), Outcome(800, POINT)]) == 80
    assert percent([Outcome(1000, POINT), Outcome(0, 2000)]) == 33


def test_nothing_scored_and_something_unmarked_have_no_percent() -> None:
    assert percent([]) is None
    assert percent([Outcome(POINT, POINT), Outcome(None, POINT)]) is None


def test_the_best_or_the_last_marked_attempt_counts() -> None:
    assert counting([40, 90, 70], "best") == 90
    assert counting([40, 90, 70], "last") == 70
    assert counting([40, 90, None], "last") == 90
    assert counting([0], "best") == 0
    assert counting([None], "best") is None
    assert counting([], "last") is None


@given(st.lists(st.none() | st.integers(0, 100)), st.integers(0, 100))
def test_one_more_attempt_never_lowers_the_best(scores: list[int | None], score: int) -> None:
    before, after = counting(scores, "best"), counting([*scores, score], "best")
    assert after is not None
    assert after >= (before or 0)
