"""Each entry at the left belongs to one at the right."""

from __future__ import annotations

import random
from dataclasses import dataclass

from kamtrain.core.item import POINT, Fault, Form, ItemType, Order, Outcome, Row, Source
from kamtrain.core.message import message
from kamtrain.items import forms

Response = list[int | None]  # for each left entry the row whose right side was chosen


@dataclass(frozen=True)
class Pair:
    left: str  # HTML, "" for a decoy
    right: str  # HTML
    same: int  # the first row with this right side
    feedback: str  # HTML, "" where there is none


@dataclass(frozen=True)
class Item:
    head: tuple[str, str]  # HTML, over left and right
    pairs: tuple[Pair, ...]  # one for each row, decoys included

    @property
    def asked(self) -> tuple[int, ...]:
        """The rows with something at the left."""
        return tuple(place for place, pair in enumerate(self.pairs) if pair.left)


@dataclass(frozen=True)
class View:
    head: tuple[str, str]
    lefts: tuple[str, ...]  # HTML
    rights: tuple[str, ...]  # HTML, by shown position; each once


@dataclass(frozen=True)
class Reviewed:
    left: str  # HTML
    chosen: str | None  # HTML
    right: str  # HTML, what belongs to it
    correct: bool
    feedback: tuple[str, ...]  # HTML


@dataclass(frozen=True)
class Review:
    head: tuple[str, str]
    pairs: tuple[Reviewed, ...]
    answered: bool


def _cell(row: Row, column: int) -> tuple[str, str]:
    """Text and HTML of a cell; "" where the row is shorter."""
    text = row.cells[column] if column < len(row.cells) else ""
    html = row.html[column] if column < len(row.html) else ""
    return " ".join(text.split()), html


def _offered(item: Item, order: Order) -> tuple[int, ...]:
    """The rows whose right sides are shown, as they are shown: of equal texts the first one in the file."""
    return tuple(place for place in order if item.pairs[place].same == place)


class Matching(ItemType):
    name = "matching"
    shape = "table"
    rule = message("Every pair counts for an equal share of the points; a wrong pair takes nothing away.")

    def parse(self, source: Source) -> tuple[Item | None, tuple[Fault, ...]]:
        faults: list[Fault] = []
        pairs: list[Pair] = []
        first: dict[str, int] = {}
        lefts: dict[str, int] = {}
        for place, row in enumerate(source.rows):
            (left, left_html), (right, right_html), (_, feedback) = (_cell(row, column) for column in range(3))
            if len(row.cells) > 3:
                text = message(
                    "%(count)s cells here; a matching table has left, right, and perhaps feedback.",
                    count=len(row.cells),
                )
                faults.append(
                    Fault(
                        row.line,
                        "too-many-cells",
                        text,
                        message("Delete what is too much; inside a cell write `\\|` for a bar."),
                    )
                )
            if not right:
                text = message("The right side of this row is empty.")
                faults.append(
                    Fault(
                        row.line, "no-right-side", text, message("Write what belongs to the left, or delete the row.")
                    )
                )
            if left in lefts:
                text = message("The same left side stands in line %(line)s already.", line=lefts[left])
                faults.append(
                    Fault(row.line, "same-left-side", text, message("Delete one of the two, or say what is different."))
                )
            if not left and right in first:
                text = message("This decoy is right for another row, and so is none.")
                faults.append(
                    Fault(row.line, "idle-decoy", text, message("Write something that belongs to no row."), fatal=False)
                )
            if left:
                lefts[left] = row.line
            pairs.append(Pair(left_html if left else "", right_html, first.setdefault(right, place), feedback))
        if len(lefts) < 2:
            text = message(
                "Matching needs at least two rows with a left side; here there are %(count)s.", count=len(lefts)
            )
            faults.append(
                Fault(
                    source.line,
                    "too-few-pairs",
                    text,
                    message("Write a table: `| left | right |`, one row for each pair."),
                )
            )
        elif len(first) < 2:
            text = message("All right sides are the same, so that there is nothing to choose.")
            faults.append(
                Fault(source.line, "one-right-side", text, message("Add a row whose right side is another one."))
            )
        if any(fault.fatal for fault in faults):
            return None, tuple(faults)
        head = (*source.head, "", "")
        return Item((head[0], head[1]), tuple(pairs)), tuple(faults)

    def order(self, item: Item, rng: random.Random, shuffle: bool) -> Order:
        """Of the rows' right sides; always shuffled, because the file's order is the key."""
        places = list(range(len(item.pairs)))
        rng.shuffle(places)
        return tuple(places)

    def view(self, item: Item, order: Order) -> View:
        return View(
            item.head,
            tuple(item.pairs[place].left for place in item.asked),
            tuple(item.pairs[place].right for place in _offered(item, order)),
        )

    def read(self, item: Item, order: Order, form: Form, prefix: str) -> Response | None:
        offered = _offered(item, order)
        fields = [f"{prefix}-{left}" for left in range(len(item.asked))]
        forms.no_more_rows(form, prefix, len(fields))
        values = [forms.only(form, field) for field in fields]
        response = [
            offered[forms.position(value, len(offered), field)] if value else None
            for field, value in zip(fields, values, strict=True)
        ]
        return response if any(place is not None for place in response) else None

    def shown(self, item: Item, order: Order, response: Response | None) -> tuple[int | None, ...]:
        offered = _offered(item, order)
        return tuple(
            None if place is None else offered.index(item.pairs[place].same)
            for place in response or [None] * len(item.asked)
        )

    def score(self, item: Item, response: Response | None) -> Outcome:
        """Right pairs ÷ left entries, rounded half up to a thousandth."""
        lefts = len(item.asked)
        right = sum(pair.correct for pair in self.review(item, (), response).pairs)
        return Outcome((2 * POINT * right + lefts) // (2 * lefts), POINT)

    def review(self, item: Item, order: Order, response: Response | None) -> Review:
        pairs = []
        for row, place in zip(item.asked, response or [None] * len(item.asked), strict=True):
            pair = item.pairs[row]
            chosen = None if place is None else item.pairs[place]
            # A decoy's feedback is for whoever fell for it.
            decoyed = chosen is not None and not chosen.left
            said = (pair.feedback, chosen.feedback if chosen is not None and decoyed else "")
            correct = chosen is not None and chosen.same == pair.same
            pairs.append(
                Reviewed(
                    pair.left,
                    None if chosen is None else chosen.right,
                    pair.right,
                    correct,
                    tuple(html for html in said if html),
                )
            )
        return Review(item.head, tuple(pairs), answered=response is not None)


TYPE = Matching()
