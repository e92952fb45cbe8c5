"""The same revision, draw and responses give the same result: random attempts are stored, read again and replayed."""

from __future__ import annotations

import json
import random
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from kamtrain.content.library import parse
from kamtrain.core import quiz as quizzes
from kamtrain.core import scenario as scenarios
from kamtrain.core.item import Json, Outcome
from kamtrain.core.quiz import Quiz
from kamtrain.core.scoring import percent, question_outcome
from kamtrain.items import TYPES
from kamtrain.services.demo import ANSWERS
from tests import every_type, samples


@cache
def every_quiz() -> Quiz:
    """A question of each type; parsed anew it is another value with the same content."""
    return parse(every_type.FILES).library.quiz("every", "en")


def attempt(seed: int) -> tuple[Json, list[list[Json | None]]]:
    """(the draw as it is stored, the responses): what one random attempt leaves behind."""
    rng = random.Random(seed)
    quiz = every_quiz()
    draw = quizzes.drawn(quiz, TYPES, rng)
    said = []
    for drawn in draw:
        parts = quiz.question(drawn.question).parts
        said.append([None if rng.random() < 0.2 else ANSWERS[p.type](p.item, rng.random() < 0.5, rng) for p in parts])
    return quizzes.stored(draw), said


def outcomes(quiz: Quiz, draw: Json, said: list[list[Json | None]]) -> list[Outcome]:
    return [
        question_outcome(quiz.question(drawn.question), TYPES, responses)
        for drawn, responses in zip(quizzes.restored(draw), said, strict=True)
    ]


@given(seed=st.integers(0, 10**9))
def test_a_random_attempt_replayed_from_what_is_stored_has_the_same_outcome(seed: int) -> None:
    draw, said = attempt(seed)
    first = outcomes(every_quiz(), draw, said)

    kept_draw, kept_said = json.loads(json.dumps([draw, said]))
    again = outcomes(parse(every_type.FILES).library.quiz("every", "en"), kept_draw, kept_said)

    assert again == first
    assert percent(again) == percent(first)
    assert all(0 <= (one.points or 0) <= one.possible for one in first)
    # The order in which options were shown changes no score: responses speak of places in the file.
    other = quizzes.stored(quizzes.drawn(every_quiz(), TYPES, random.Random(seed + 1)))
    same_questions = dict(other)
    assert outcomes(every_quiz(), [[name, same_questions[name]] for name, _ in draw], said) == first
    assert attempt(seed) == (draw, said)


@given(seed=st.integers(0, 10**9))
def test_a_random_conversation_replayed_has_the_same_path_and_ending(seed: int) -> None:
    scenario = parse(samples.FILES).library.scenario("talk", "en")
    rng = random.Random(seed)
    variant = rng.choice(scenario.variants)
    position = scenarios.start(scenario, variant)
    places: list[int] = []
    while len(places) < 50 and (lines := scenarios.offered(scenario, variant, position)):
        places.append(rng.choice(lines))
        position = scenarios.step(scenario, variant, position, places[-1])

    kept = json.loads(json.dumps(places))
    again = scenarios.walk(parse(samples.FILES).library.scenario("talk", "en"), variant, kept)

    assert again[-1] == position
    assert scenarios.grade(scenario, again[-1]) == scenarios.grade(scenario, position)
