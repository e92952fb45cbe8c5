from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.quiz import Part, Question, Quiz, drawn, restored, stored
from kamtrain.items import TYPES
from tests.items.examples import examples

PARTS = tuple(Part(example.type.name, example.item, "") for example in examples())


def quiz(size: int) -> Quiz:
    questions = tuple(
        Question(f"q{n}", "", "", (PARTS[n % len(PARTS)], PARTS[(n + 1) % len(PARTS)]), "", (), 1, "en")
        for n in range(size)
    )
    return Quiz("a", "en", "A", "", questions)


quizzes = st.builds(
    replace,
    st.integers(0, 12).map(quiz),
    draw=st.none() | st.integers(1, 14),
    shuffle_items=st.booleans(),
    shuffle_options=st.booleans(),
)


@given(quizzes, st.integers())
def test_a_draw_has_its_size_and_no_question_twice(value: Quiz, seed: int) -> None:
    draw = drawn(value, TYPES, random.Random(seed))
    assert len(draw) == min(value.draw or 99, len(value.questions))
    ids = [d.question for d in draw]
    assert len(set(ids)) == len(ids)
    if not value.shuffle_items:
        assert ids == [q.id for q in value.questions if q.id in ids]


@given(quizzes, st.integers())
def test_each_part_gets_an_order_that_is_a_permutation(value: Quiz, seed: int) -> None:
    for one in drawn(value, TYPES, random.Random(seed)):
        assert len(one.orders) == len(value.question(one.question).parts)
        for order in one.orders:
            assert sorted(order) == list(range(len(order)))


@given(quizzes, st.integers())
def test_the_seed_alone_decides_the_draw(value: Quiz, seed: int) -> None:
    assert drawn(value, TYPES, random.Random(seed)) == drawn(value, TYPES, random.Random(seed))


@given(quizzes, st.integers())
def test_a_draw_comes_back_from_the_database_as_it_went_in(value: Quiz, seed: int) -> None:
    draw = drawn(value, TYPES, random.Random(seed))
    assert restored(json.loads(json.dumps(stored(draw)))) == draw


def test_every_question_can_be_drawn_and_every_order_come_out() -> None:
    value = replace(quiz(4), draw=1, shuffle_options=True)
    rng = random.Random(1)
    assert {drawn(value, TYPES, rng)[0].question for _ in range(200)} == {"q0", "q1", "q2", "q3"}


def test_a_question_is_found_by_its_id() -> None:
    assert quiz(3).question("q2").id == "q2"
    with pytest.raises(KeyError):
        quiz(3).question("q3")
