"""How far the readers of a trainer's courses agree, from the marks they gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kamtrain.core import agreement, marking
from kamtrain.core.agreement import Difference, Kappa, Mean, Pair
from kamtrain.core.marking import Reading, Row
from kamtrain.store import marking as store
from kamtrain.store.marking import Reader

WITHIN = timedelta(days=366)  # marks that are looked at


@dataclass(frozen=True)
class Agreement:
    """Kappas are None where there are too few pairs; `pairs` counts criteria that two have read."""

    pairs: int
    works: int  # read twice
    all: Kappa | None
    by_readers: Mapping[tuple[int, int], tuple[int, Kappa | None]]  # (person, person) -> (pairs, kappa)
    by_question: Mapping[tuple[str, str], tuple[int, Kappa | None]]  # (activity, item) -> (pairs, kappa)
    drift: Mapping[int, Mapping[str, Mean | None]]  # person -> month (2026-03) ->
    again: tuple[Difference, ...]
    names: Mapping[int, str]


def agreement_of(session: Session, reader: Reader, course: str, now: datetime) -> Agreement:
    """Of the last year's marks in what the reader may see. Two queries."""
    rows: dict[int, list[Row]] = defaultdict(list)
    items: dict[int, tuple[str, str]] = {}
    for mark in store.marks_since(session, reader, course, now - WITHIN):
        rows[mark.response_id].append(Row(mark.id, mark.by_id, mark.detail, mark.at))
        items[mark.response_id] = mark.activity, mark.item
    levels: list[tuple[int, str, int]] = []
    works: dict[int, list[Pair]] = {}
    readers: dict[tuple[int, int], list[Pair]] = defaultdict(list)
    questions: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    people: set[int] = set()
    for work, given in rows.items():
        readings = marking.all_readings(given)
        for one in readings:
            people.add(one.by_id)
            levels.extend((one.by_id, f"{one.at:%Y-%m}", level) for chosen in one.levels.values() for level in chosen)
        two = _two(readings)
        if two is None:
            continue
        first, second = two
        pairs = [
            (a, b)
            for key, chosen in first.levels.items()
            for a, b in zip(chosen, second.levels.get(key, ()), strict=False)
        ]
        works[work] = pairs
        questions[items[work]].extend(pairs)
        if first.by_id < second.by_id:
            readers[first.by_id, second.by_id].extend(pairs)
        else:
            readers[second.by_id, first.by_id].extend((b, a) for a, b in pairs)
    every = [pair for pairs in works.values() for pair in pairs]
    return Agreement(
        pairs=len(every),
        works=len(works),
        all=agreement.kappa(every),
        by_readers={key: (len(pairs), agreement.kappa(pairs)) for key, pairs in sorted(readers.items())},
        by_question={key: (len(pairs), agreement.kappa(pairs)) for key, pairs in sorted(questions.items())},
        drift=agreement.drift(levels),
        again=agreement.furthest(works),
        names=store.names_of(session, people),
    )


def _two(readings: tuple[Reading, ...]) -> tuple[Reading, Reading] | None:
    """The first and the second reading as they were given at first, by the same rubric: before either saw the other's."""
    second = next((one for one in readings if one.kind == "second"), None)
    if second is None:
        return None
    before = [one for one in readings if one.kind == "first" and one.id < second.id and one.rubric == second.rubric]
    return (before[-1], second) if before else None
