"""Quizzes as values, and the draw of one attempt."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from kamtrain.core.item import ItemType, Json, Order

Difficulty = Literal["easy", "medium", "hard"]
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)


@dataclass(frozen=True)
class Part:
    """One thing asked: `(single, multiple, …)`. A question has several where it asks *what?* and then *why?*."""

    type: str
    item: Any  # the type's own value
    prompt: str  # HTML before the list, "" for the first part of a question


@dataclass(frozen=True)
class Question:
    id: str
    title: str
    text: str  # HTML
    parts: tuple[Part, ...]
    debrief: str  # HTML, shown after the answer
    competencies: tuple[str, ...]
    points: int  # whole points the question is worth, shared equally by its parts
    language: str
    lesson: str = ""  # the lesson it is about, "" where the author names none
    difficulty: Difficulty | None = None


@dataclass(frozen=True)
class Quiz:
    """One quiz in one language. Questions stand in the file's order, those left out that cannot be asked."""

    id: str
    language: str
    title: str
    intro: str  # HTML
    questions: tuple[Question, ...]
    draw: int | None = None  # None: all
    shuffle_items: bool = False
    shuffle_options: bool = False
    passing: int | None = None  # percent; None: nothing to pass
    attempts: int | None = None  # None: as many as one likes
    counts: Literal["best", "last"] = "best"
    feedback: Literal["now", "end"] = "end"
    confidence: bool = False

    def question(self, id: str) -> Question:
        """Raises KeyError."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)


@dataclass(frozen=True)
class Drawn:
    """One drawn question and the order of the options of each of its parts."""

    question: str
    orders: tuple[Order, ...]


def drawn(quiz: Quiz, types: Mapping[str, ItemType], rng: random.Random) -> tuple[Drawn, ...]:
    """The questions of one attempt. Without `shuffle: items` they keep the file's order."""
    places = list(range(len(quiz.questions)))
    if quiz.draw is not None and quiz.draw < len(places):
        places = sorted(rng.sample(places, quiz.draw))
    if quiz.shuffle_items:
        rng.shuffle(places)
    questions = [quiz.questions[place] for place in places]
    return tuple(
        Drawn(q.id, tuple(types[p.type].order(p.item, rng, quiz.shuffle_options) for p in q.parts)) for q in questions
    )


def stored(draw: Sequence[Drawn]) -> Json:
    """JSON to keep with the attempt; `restored` is its inverse."""
    return [[d.question, [list(order) for order in d.orders]] for d in draw]


def restored(value: Json) -> tuple[Drawn, ...]:
    return tuple(Drawn(question, tuple(tuple(order) for order in orders)) for question, orders in value)
