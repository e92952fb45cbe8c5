"""Several answers may be right; each choice counts for or against."""

from __future__ import annotations

import random
from dataclasses import dataclass

from kamtrain.core.item import POINT, Fault, Form, ItemType, Order, Outcome, Source
from kamtrain.core.message import message
from kamtrain.items import choices, forms


@dataclass(frozen=True)
class Item:
    options: tuple[choices.Option, ...]


class Multiple(ItemType):
    """A response is the places of the options chosen, ascending."""

    name = "multiple"
    rule = message(
        "Choose all that apply. Each right choice adds an equal share of the points, each wrong choice takes one such "
        "share away; the points never fall below 0."
    )

    def parse(self, source: Source) -> tuple[Item | None, tuple[Fault, ...]]:
        options, faults = choices.parsed(source)
        right = sum(option.right for option in options)
        if not right and options:
            text = message("No answer is marked as right.")
            faults.append(Fault(source.line, "none-right", text, message("Write `[x]` before every right answer.")))
        if right and right == len(options):
            text = message("Every answer is right, so that ticking all of them needs no thought.")
            mend = message("Add a wrong answer: `- [ ] …`, with its feedback.")
            faults.append(Fault(source.line, "none-wrong", text, mend, fatal=False))
        return (None if any(f.fatal for f in faults) else Item(options)), tuple(faults)

    def order(self, item: Item, rng: random.Random, shuffle: bool) -> Order:
        return choices.drawn_order(len(item.options), rng, shuffle)

    def view(self, item: Item, order: Order) -> choices.View:
        return choices.view(item.options, order)

    def read(self, item: Item, order: Order, form: Form, prefix: str) -> list[int] | None:
        return sorted(order[position] for position in forms.positions(form, prefix, len(order))) or None

    def shown(self, item: Item, order: Order, response: list[int] | None) -> tuple[int, ...]:
        return tuple(sorted(order.index(place) for place in response or ()))

    def score(self, item: Item, response: list[int] | None) -> Outcome:
        """(right chosen − wrong chosen) ÷ number of right ones, not below 0, rounded half up to a thousandth."""
        right = sum(option.right for option in item.options)
        net = max(0, sum(1 if item.options[place].right else -1 for place in response or ()))
        return Outcome((2 * POINT * net + right) // (2 * right), POINT)

    def review(self, item: Item, order: Order, response: list[int] | None) -> choices.Review:
        return choices.review(item.options, order, response or ())

    def proof(self, item: Item, order: Order) -> choices.Review:
        return choices.review(item.options, order, order)


TYPE = Multiple()
