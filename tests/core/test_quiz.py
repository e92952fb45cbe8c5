from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.quiz import Part, Question, Quiz, Rule, allotted, drawn, restored, stored
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


# --- draws by rule ---

CODES, LEVELS, LESSONS = ("C05", "C06"), (None, "easy", "hard"), ("", "one", "two")
pools = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(LEVELS), st.sampled_from(LESSONS), st.booleans()),
    min_size=1,
    max_size=9,
).map(
    lambda rows: tuple(
        Question(f"q{n}", "", "", PARTS[:1], "", (code,), 1, "en", lesson, level, ("price",) if tagged else ())  # type: ignore[arg-type]
        for n, (code, level, lesson, tagged) in enumerate(rows)
    )
)
rules = st.lists(
    st.builds(
        Rule,
        st.integers(1, 3),
        competency=st.sampled_from(("", *CODES)),
        difficulty=st.sampled_from(LEVELS),
        lesson=st.sampled_from(LESSONS),
        tag=st.sampled_from(("", "price")),
    ),
    min_size=1,
    max_size=4,
)


def most(questions: tuple[Question, ...], wanted: list[Rule]) -> int:
    """How many questions these rules can have together, by Hall's theorem in Ore's form: written otherwise than ours."""
    total = sum(rule.count for rule in wanted)
    missing = 0
    for chosen in range(1 << len(wanted)):
        some = [rule for n, rule in enumerate(wanted) if chosen >> n & 1]
        pool = sum(any(rule.takes(question) for rule in some) for question in questions)
        missing = max(missing, sum(rule.count for rule in some) - pool)
    return total - missing


@given(pools, rules, st.integers())
def test_rules_get_what_they_name_and_as_much_as_there_can_be(
    questions: tuple[Question, ...], wanted: list[Rule], seed: int
) -> None:
    shares = allotted(questions, wanted, random.Random(seed))
    for rule, places in zip(wanted, shares, strict=True):
        assert len(places) <= rule.count
        assert all(rule.takes(questions[place]) for place in places)
    every = [place for places in shares for place in places]
    assert len(set(every)) == len(every) == most(questions, wanted)


@given(pools, rules, st.integers())
def test_an_attempt_has_the_questions_its_rules_drew(
    questions: tuple[Question, ...], wanted: list[Rule], seed: int
) -> None:
    value = Quiz("a", "en", "A", "", questions, rules=tuple(wanted))
    draw = drawn(value, TYPES, random.Random(seed))
    assert [one.question for one in draw] == [q.id for q in questions if q.id in {one.question for one in draw}]
    assert len(draw) == most(questions, wanted)
    assert draw == drawn(value, TYPES, random.Random(seed))


def test_each_question_of_a_pool_comes_up_about_as_often() -> None:
    questions = tuple(replace(quiz(1).questions[0], id=f"q{n}", competencies=("C06",)) for n in range(8))
    rng = random.Random(4)
    counts = [0] * 8
    for _ in range(4000):
        for place in allotted(questions, [Rule(2, "C06"), Rule(2)], rng)[0]:
            counts[place] += 1
    assert sum(counts) == 8000
    assert all(abs(count - 1000) < 150 for count in counts)  # five standard deviations
