"""A quiz that a trainer marks: one open answer by two criteria of four levels, and a grid."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from kamtrain.core.marking import Row
from kamtrain.core.people import Person
from kamtrain.services import attempts, marking
from kamtrain.services.attempts import Head, Run
from kamtrain.services.marking import Marked, Opened, Sent
from kamtrain.services.publishing import library_at
from kamtrain.store import marking as store
from kamtrain.store.attempts import own_attempt
from kamtrain.store.base import reading, writing
from tests.cast import Cast, email_of, role_of
from tests.samples import FILES

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANSWER = "He asks twice what it costs per bed, and looks at the clock. I send him one page by Thursday."

ESSAY = """\
---
id: essay
kind: quiz
title: An essay
pass: 60
marking: trainer
competency: C06
---

## e1: Your own words

`open, C06, words: 5-60`

What did you see, and what do you do?

| Criterion | 1 Incomplete | 2 Basic | 3 Sound | 4 Expert |
| --- | --- | --- | --- | --- |
| Cues | none | one | two | three, seen and heard |
| Next step | none | a step | with a date | with a date and a way back |

> MODEL-ANSWER.

## e2: A sheet

`grid`

Fill in.

| Year | Sales | Share |
| --- | ---: | ---: |
| 1 | 200 | **50** |
| 2 | 100 | **25** |

> Divide by 400.
"""
PATH = "quizzes/essay.en.md"
COURSE = "courses/try/course.yaml"


def files(essay: str = ESSAY, authors: Sequence[str] = ()) -> dict[str, bytes]:
    """The sample library with the quiz in its course."""
    course = FILES[COURSE].decode().replace("      - quiz: final\n", "      - quiz: final\n      - quiz: essay\n")
    if authors:
        course += f"authors: [{', '.join(map(email_of, authors))}]\n"
    return FILES | {PATH: essay.encode(), COURSE: course.encode()}


def second(share: int, essay: str = ESSAY) -> str:
    return essay.replace("marking: trainer\n", f"marking: trainer\nsecond: {share}%\n")


def person(cast: Cast, name: str) -> Person:
    return Person(cast[name], email_of(name), name.capitalize(), frozenset({role_of(name)}), "en", "UTC", None)


def handed_in(
    engine: Engine, head: Head, person_id: int, answer: str | None = ANSWER, course: str | None = "try"
) -> int:
    """The id of an attempt at the quiz, answered and finished; the grid half right."""
    with writing(engine) as session:
        id = attempts.begin(session, head, person_id, "quiz", "essay", course, "", random.Random(1), NOW)
        attempt = own_attempt(session, id, person_id)
        given: tuple[list[Any], ...] = ([answer], [["50", "30"]])
        for position, said in enumerate(given):
            attempts.save_draft(session, attempt, position, said, 1, NOW, answered=False)
        attempts.finish(session, head, attempts.run_of(session, head.library, attempt, "en"), NOW)
    return id


def run_of(engine: Engine, head: Head, person_id: int, attempt: int) -> Run:
    with reading(engine) as session:
        value = own_attempt(session, attempt, person_id)
        return attempts.run_of(session, library_at(session, value.revision_id), value, "en")


def work_of(engine: Engine, attempt: int, position: int = 0) -> int:
    with reading(engine) as session:
        return store.works_in(session, attempt)[position].id


def opened(engine: Engine, head: Head, who: Person, work: int) -> Opened:
    with reading(engine) as session:
        return marking.open_work(session, head, who, work, "en")


def rows_of(engine: Engine, work: int) -> tuple[Row, ...]:
    with reading(engine) as session:
        return store.history(session, work)


def sent(of: Opened, levels: Sequence[int], overall: str = "", comments: Sequence[str] = ()) -> Sent:
    key = of.work.parts[0].key
    said: Mapping[str, tuple[str, ...]] = {key: tuple(comments) or ("",) * len(levels)}
    return Sent({key: tuple(levels)}, said, overall, of.newest, of.work.rubric)


def mark(
    engine: Engine, head: Head, who: Person, work: int, levels: Sequence[int], overall: str = "", now: datetime = NOW
) -> Marked:
    """As somebody does who opens the work and sends its form."""
    form = sent(opened(engine, head, who, work), levels, overall)
    with writing(engine) as session:
        return marking.mark(session, head, who, work, form, now)
