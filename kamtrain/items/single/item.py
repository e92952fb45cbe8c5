"""One answer of several is right."""

from __future__ import annotations

import random
from dataclasses import dataclass

from kamtrain.core.item import POINT, Fault, Form, ItemType, Order, Outcome, Source
from kamtrain.core.message import message
from kamtrain.items import choices, forms


@dataclass(frozen=True)
class Item:
    options: tuple[choices.Option, ...]


class Single(ItemType):
    """A response is the place of the option chosen."""

    name = "single"

    def parse(self, source: Source) -> tuple[Item | None, tuple[Fault, ...]]:
        options, faults = choices.parsed(source)
        right = sum(option.right for option in options)
        if right != 1 and options:
            text = message("One answer must be marked as right; here there are %(count)s.", count=right)
            faults.append(
                Fault(source.line, "not-one-right", text, message("Write `[x]` before the one right answer."))
            )
        return (None if any(f.fatal for f in faults) else Item(options)), tuple(faults)

    def order(self, item: Item, rng: random.Random, shuffle: bool) -> Order:
        return choices.drawn_order(len(item.options), rng, shuffle)

    def view(self, item: Item, order: Order) -> choices.View:
        return choices.view(item.options, order)

    def read(self, item: Item, order: Order, form: Form, prefix: str) -> int | None:
        value = forms.only(form, prefix)
        return None if value is None else order[forms.position(value, len(order), prefix)]

    def shown(self, item: Item, order: Order, response: int | None) -> int | None:
        return None if response is None else order.index(response)

    def score(self, item: Item, response: int | None) -> Outcome:
        return Outcome(POINT if response is not None and item.options[response].right else 0, POINT)

    def review(self, item: Item, order: Order, response: int | None) -> choices.Review:
        return choices.review(item.options, order, () if response is None else (response,))

    def proof(self, item: Item, order: Order) -> choices.Review:
        return choices.review(item.options, order, order)


TYPE = Single()
