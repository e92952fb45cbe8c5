"""Quizzes as values, and the draw of one attempt."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    tags: tuple[str, ...] = ()  # words of the author's own, by which questions are drawn


@dataclass(frozen=True)
class Rule:
    """Draws `count` of the questions that have everything it names; one that names nothing draws from all."""

    count: int
    competency: str = ""
    difficulty: Difficulty | None = None
    lesson: str = ""
    tag: str = ""

    def takes(self, question: Question) -> bool:
        return (
            (not self.competency or self.competency in question.competencies)
            and (self.difficulty is None or self.difficulty == question.difficulty)
            and (not self.lesson or self.lesson == question.lesson)
            and (not self.tag or self.tag in question.tags)
        )


@dataclass(frozen=True)
class Quiz:
    """One quiz in one language. Questions stand in the file's order, those left out that cannot be asked."""

    id: str
    language: str
    title: str
    intro: str  # HTML
    questions: tuple[Question, ...]
    draw: int | None = None  # None: all, or by `rules`
    rules: tuple[Rule, ...] = ()
    shuffle_items: bool = False
    shuffle_options: bool = False
    passing: int | None = None  # percent; None: nothing to pass
    attempts: int | None = None  # None: as many as one likes
    counts: Literal["best", "last"] = "best"
    feedback: Literal["now", "end", "window"] = "end"  # window: after the quiz has closed
    confidence: bool = False  # asks with each answer how sure one is
    wait: int = 0  # minutes between the end of an attempt and the next beginning
    time: int | None = None  # minutes for one attempt; None: as long as one likes
    opens: datetime | None = None  # as a wall clock shows it, without a zone
    closes: datetime | None = None
    marking: Literal["self", "trainer"] = "self"  # who marks what only a person can
    second: int = 0  # percent of the answers that a second trainer reads, too
    anonymous: bool = False  # trainers see no names before they have marked

    @property
    def limited(self) -> bool:
        """Whether it cannot be taken as often and whenever one likes."""
        bounds = (self.attempts, self.time, self.opens, self.closes)
        return bool(self.wait) or any(bound is not None for bound in bounds)

    @property
    def asked(self) -> int:
        """How many questions an attempt has."""
        wanted = sum(rule.count for rule in self.rules) or self.draw
        return len(self.questions) if wanted is None else min(wanted, len(self.questions))

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
    if quiz.rules:
        places = sorted(place for places in allotted(quiz.questions, quiz.rules, rng) for place in places)
    elif quiz.draw is not None and quiz.draw < len(places):
        places = sorted(rng.sample(places, quiz.draw))
    if quiz.shuffle_items:
        rng.shuffle(places)
    questions = [quiz.questions[place] for place in places]
    return tuple(
        Drawn(q.id, tuple(types[p.type].order(p.item, rng, quiz.shuffle_options) for p in q.parts)) for q in questions
    )


def allotted(questions: Sequence[Question], rules: Sequence[Rule], rng: random.Random) -> tuple[tuple[int, ...], ...]:
    """For each rule the places of its questions, none of them twice; fewer than it asks for only where it must be.

    Rules may want the same questions: whoever comes later makes an earlier rule take another one where that is possible
    (augmenting paths, Kuhn 1955), so that what can be drawn is drawn.
    """
    pools = [[place for place, question in enumerate(questions) if rule.takes(question)] for rule in rules]
    for pool in pools:
        rng.shuffle(pool)
    slots = [pool for rule, pool in zip(rules, pools, strict=True) for _ in range(rule.count)]
    holders: dict[int, int] = {}  # place -> slot

    def seated(slot: int, seen: set[int]) -> bool:
        """Whether the slot got a question; those it wants are asked in vain once."""
        pool = [place for place in slots[slot] if place not in seen]
        seen.update(pool)
        # What is free comes first: so chains of those who give way stay short.
        for place in sorted(pool, key=holders.__contains__):
            if place not in holders or seated(holders[place], seen):
                holders[place] = slot
                return True
        return False

    for slot in range(len(slots)):
        seated(slot, set())
    ends = list(itertools.accumulate(rule.count for rule in rules))
    return tuple(
        tuple(sorted(place for place, slot in holders.items() if end - rule.count <= slot < end))
        for rule, end in zip(rules, ends, strict=True)
    )


def stored(draw: Sequence[Drawn]) -> Json:
    """JSON to keep with the attempt; `restored` is its inverse."""
    return [[d.question, [list(order) for order in d.orders]] for d in draw]


def restored(value: Json) -> tuple[Drawn, ...]:
    return tuple(Drawn(question, tuple(tuple(order) for order in orders)) for question, orders in value)
