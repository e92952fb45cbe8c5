"""Steps are brought into their order."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations

from kamtrain.core.item import POINT, Fault, Form, ItemType, Order, Outcome, Source
from kamtrain.core.message import message
from kamtrain.items import forms

MOST = 12  # more steps cannot be surveyed on a phone
Response = list[int | None]  # for each step of the file the place it was given, from 0


@dataclass(frozen=True)
class Step:
    html: str
    feedback: str  # HTML, "" where there is none


@dataclass(frozen=True)
class Item:
    steps: tuple[Step, ...]  # in their order


@dataclass(frozen=True)
class View:
    steps: tuple[str, ...]  # HTML, by shown position


@dataclass(frozen=True)
class Shown:
    rows: tuple[int, ...]  # shown positions in the order of the page: those with a place first
    places: tuple[int | None, ...]  # by shown position


@dataclass(frozen=True)
class Reviewed:
    html: str
    place: int  # where it belongs, from 1
    given: int | None  # where it was put, from 1
    feedback: str  # HTML

    @property
    def correct(self) -> bool:
        return self.given == self.place


@dataclass(frozen=True)
class Review:
    steps: tuple[Reviewed, ...]  # in their order
    answered: bool
    right: int  # pairs of steps that stand in the right order to each other
    pairs: int


def _pairs(response: Response) -> tuple[int, int]:
    """Of all pairs of steps those in the right order, and those in the wrong one; without a place they are neither."""
    right = wrong = 0
    for earlier, later in combinations(response, 2):
        if earlier is not None and later is not None:
            right += earlier < later
            wrong += earlier > later
    return right, wrong


class Ordering(ItemType):
    """The score is Kendall's tau, not below 0: one step out of line costs little, a reversed order everything."""

    name = "ordering"
    shape = "steps"
    rule = message(
        "Bring the entries into their order. Every two entries in the right order to each other count for you, every "
        "two in the wrong order against you; the points never fall below 0."
    )

    def parse(self, source: Source) -> tuple[Item | None, tuple[Fault, ...]]:
        faults: list[Fault] = []
        known: dict[str, int] = {}
        for entry in source.entries:
            plain = " ".join(entry.text.split())
            if not plain:
                text = message("This step has no text.")
                faults.append(Fault(entry.line, "empty-step", text, message("Write the step, or delete the line.")))
            elif plain in known:
                text = message("This step stands in line %(line)s already.", line=known[plain])
                mend = message("Delete one of the two, or say what is different.")
                faults.append(Fault(entry.line, "same-step", text, mend))
            if entry.checked is not None:
                text = message("A step has no box.")
                faults.append(Fault(entry.line, "boxed-step", text, message("Write `1. ` and the step.")))
            known.setdefault(plain, entry.line)
        if not 3 <= len(source.entries) <= MOST:
            text = message(
                "Ordering needs from 3 to %(most)s steps; here there are %(count)s.",
                most=MOST,
                count=len(source.entries),
            )
            mend = message("Write them as a numbered list in the right order: `1. …`, `2. …`.")
            faults.append(Fault(source.line, "step-count", text, mend))
        if any(fault.fatal for fault in faults):
            return None, tuple(faults)
        return Item(tuple(Step(entry.html, entry.feedback) for entry in source.entries)), tuple(faults)

    def order(self, item: Item, rng: random.Random, shuffle: bool) -> Order:
        """Always shuffled, and never the right order: so every answer is one that somebody gave."""
        places = list(range(len(item.steps)))
        while places == sorted(places):
            rng.shuffle(places)
        return tuple(places)

    def view(self, item: Item, order: Order) -> View:
        return View(tuple(item.steps[place].html for place in order))

    def read(self, item: Item, order: Order, form: Form, prefix: str) -> Response | None:
        forms.no_more_rows(form, prefix, len(order))
        response: Response = [None] * len(order)
        for shown, step in enumerate(order):
            field = f"{prefix}-{shown}"
            value = forms.only(form, field)
            response[step] = forms.position(value, len(order), field) if value else None
        return response if any(place is not None for place in response) else None

    def shown(self, item: Item, order: Order, response: Response | None) -> Shown:
        places = tuple(None if response is None else response[step] for step in order)
        rows = sorted(range(len(order)), key=lambda n: (places[n] is None, places[n] or 0, n))
        return Shown(tuple(rows), places)

    def score(self, item: Item, response: Response | None) -> Outcome:
        """(pairs in the right order − in the wrong one) ÷ all pairs, not below 0, rounded half up to a thousandth."""
        count = len(item.steps) * (len(item.steps) - 1) // 2
        right, wrong = _pairs(response or [])
        return Outcome((2 * POINT * max(0, right - wrong) + count) // (2 * count), POINT)

    def review(self, item: Item, order: Order, response: Response | None) -> Review:
        given = response or [None] * len(item.steps)
        steps = tuple(
            Reviewed(step.html, n, None if place is None else place + 1, step.feedback)
            for n, (step, place) in enumerate(zip(item.steps, given, strict=True), start=1)
        )
        count = len(steps) * (len(steps) - 1) // 2
        return Review(steps, response is not None, _pairs(given)[0], count)


TYPE = Ordering()
