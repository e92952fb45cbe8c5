"""Statements are sorted into groups."""

from __future__ import annotations

import random
from dataclasses import dataclass

from kamtrain.core.item import POINT, Fault, Form, ItemType, Order, Outcome, Source
from kamtrain.core.message import message
from kamtrain.items import forms

MOST = 8  # groups
Response = list[int | None]  # for each statement of the file the group it was put into


@dataclass(frozen=True)
class Statement:
    html: str
    group: int
    feedback: str  # HTML, "" where there is none


@dataclass(frozen=True)
class Item:
    groups: tuple[str, ...]  # HTML
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class View:
    groups: tuple[str, ...]  # HTML, in the file's order, which tells nothing
    statements: tuple[str, ...]  # HTML, by shown position


@dataclass(frozen=True)
class Reviewed:
    html: str
    chosen: str | None  # HTML of the group
    right: str  # HTML of the group
    correct: bool
    feedback: str  # HTML


@dataclass(frozen=True)
class Review:
    statements: tuple[Reviewed, ...]  # by shown position
    answered: bool


class Classify(ItemType):
    name = "classify"
    shape = "classes"
    rule = message(
        "Choose a group for each statement. Every statement counts for an equal share of the points; a wrong group takes "
        "nothing away."
    )

    def parse(self, source: Source) -> tuple[Item | None, tuple[Fault, ...]]:
        faults: list[Fault] = []
        groups: dict[str, int] = {}
        known: dict[str, int] = {}
        for one in source.classes:
            name = " ".join(one.text.split())
            if not name:
                text = message("This group has no name.")
                faults.append(Fault(one.line, "empty-group", text, message("Write it behind the marks: `### Group`.")))
            elif name in groups:
                text = message("The same group stands in line %(line)s already.", line=groups[name])
                faults.append(Fault(one.line, "same-group", text, message("Put the statements under one heading.")))
            groups.setdefault(name, one.line)
            if not one.entries:
                text = message("No statement belongs to this group.")
                mend = message("Write at least one under it: `- …`.")
                faults.append(Fault(one.line, "no-statement", text, mend))
            for entry in one.entries:
                plain = " ".join(entry.text.split())
                if not plain:
                    text = message("This statement has no text.")
                    mend = message("Write the statement, or delete the line.")
                    faults.append(Fault(entry.line, "empty-statement", text, mend))
                elif plain in known:
                    text = message("This statement stands in line %(line)s already.", line=known[plain])
                    mend = message("Delete one of the two, or say what is different.")
                    faults.append(Fault(entry.line, "same-statement", text, mend))
                known.setdefault(plain, entry.line)
        if not 2 <= len(source.classes) <= MOST:
            text = message(
                "Sorting needs from 2 to %(most)s groups; here there are %(count)s.",
                most=MOST,
                count=len(source.classes),
            )
            mend = message("Write a heading `### Group` for each, and its statements as a list under it.")
            faults.append(Fault(source.line, "group-count", text, mend))
        if any(fault.fatal for fault in faults):
            return None, tuple(faults)
        statements = tuple(
            Statement(entry.html, place, entry.feedback)
            for place, one in enumerate(source.classes)
            for entry in one.entries
        )
        return Item(tuple(one.html for one in source.classes), statements), tuple(faults)

    def order(self, item: Item, rng: random.Random, shuffle: bool) -> Order:
        """Of the statements; always shuffled, because they stand in the file group by group."""
        places = list(range(len(item.statements)))
        rng.shuffle(places)
        return tuple(places)

    def view(self, item: Item, order: Order) -> View:
        return View(item.groups, tuple(item.statements[place].html for place in order))

    def read(self, item: Item, order: Order, form: Form, prefix: str) -> Response | None:
        forms.no_more_rows(form, prefix, len(order))
        response: Response = [None] * len(order)
        for shown, place in enumerate(order):
            field = f"{prefix}-{shown}"
            value = forms.only(form, field)
            response[place] = None if value is None else forms.position(value, len(item.groups), field)
        return response if any(group is not None for group in response) else None

    def shown(self, item: Item, order: Order, response: Response | None) -> tuple[int | None, ...]:
        return tuple(None if response is None else response[place] for place in order)

    def score(self, item: Item, response: Response | None) -> Outcome:
        """Right statements ÷ all, rounded half up to a thousandth."""
        count = len(item.statements)
        right = sum(one.group == group for one, group in zip(item.statements, response or (), strict=False))
        return Outcome((2 * POINT * right + count) // (2 * count), POINT)

    def review(self, item: Item, order: Order, response: Response | None) -> Review:
        rows = []
        for place in order:
            one, group = item.statements[place], None if response is None else response[place]
            chosen = None if group is None else item.groups[group]
            rows.append(Reviewed(one.html, chosen, item.groups[one.group], group == one.group, one.feedback))
        return Review(tuple(rows), answered=response is not None)


TYPE = Classify()
