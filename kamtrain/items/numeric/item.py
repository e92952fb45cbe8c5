"""A number, with its tolerance and unit."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from kamtrain.core.item import POINT, Entry, Fault, Form, ItemType, Order, Outcome, Source
from kamtrain.core.message import Message, message
from kamtrain.items import keys, typed


@dataclass(frozen=True)
class Known:
    """A number with what is said to the person who found it."""

    number: keys.Number
    feedback: str  # HTML, "" where there is none
    tags: tuple[str, ...]  # the misconception that leads here, if any


@dataclass(frozen=True)
class Item:
    right: tuple[Known, ...]  # all in one unit
    slips: tuple[Known, ...]

    @property
    def key(self) -> keys.Number:
        return self.right[0].number


@dataclass(frozen=True)
class View:
    places: int  # decimal places to round to
    give: str  # the tolerance, "" for exactly the number
    unit: str


class Numeric(ItemType):
    """A response is what was typed, so that a review can show it."""

    name = "numeric"

    def parse(self, source: Source) -> tuple[Item | None, tuple[Fault, ...]]:
        faults: list[Fault] = []
        right: list[Known] = []
        slips: list[Known] = []
        for entry in source.entries:
            known = self._known(entry, faults)
            if known is not None:
                (right if entry.checked else slips).append(known)
        if not any(entry.checked for entry in source.entries):
            text = message("No number is marked as right.")
            mend = message("Write it below the text: `- [x] 60.8 ± 0.1 days`.")
            faults.append(Fault(source.line, "none-right", text, mend))
        if len({keys.folded(one.number.unit) for one in right}) > 1:
            text = message("The right numbers have different units.")
            faults.append(Fault(source.line, "other-unit", text, message("Write all of them in the same unit.")))
        for entry in source.entries:
            slip = keys.number(entry.text) if entry.checked is False else None
            if slip is not None and any(one.number.accepts(slip.value) for one in right):
                text = message("This wrong number lies within the tolerance of the right one.")
                mend = message("Make the tolerance smaller, or delete this line.")
                faults.append(Fault(entry.line, "slip-is-right", text, mend))
        if any(fault.fatal for fault in faults):
            return None, tuple(faults)
        units = [found.unit for texts in source.others for t in texts if (found := keys.number(t)) and found.unit]
        unit = right[0].number.unit
        in_unit = [
            replace(one, number=replace(one.number, unit=unit, units=tuple(units) if unit else ()))
            for one in (*right, *slips)
        ]
        return Item(tuple(in_unit[: len(right)]), tuple(in_unit[len(right) :])), tuple(faults)

    @staticmethod
    def _known(entry: Entry, faults: list[Fault]) -> Known | None:
        found = keys.number(entry.text)
        if entry.checked is None:
            text = message("This number has no box, so that nobody knows whether it is right.")
            mend = message("Write `- [x]` before the right number and `- [ ]` before a known slip.")
            faults.append(Fault(entry.line, "no-box", text, mend))
        if found is None:
            text = message("“%(text)s” is no number.", text=entry.text[:60])
            mend = message("Write it in digits, then the tolerance and the unit: `60.8 ± 0.1 days`.")
            faults.append(Fault(entry.line, "no-number", text, mend))
            return None
        if entry.checked is False and not entry.feedback:
            faults.append(typed.no_feedback(entry))
        return Known(found, entry.feedback, entry.tags)

    def order(self, item: Item, rng: random.Random, shuffle: bool) -> Order:
        return ()

    def view(self, item: Item, order: Order) -> View:
        return View(item.key.places, item.key.give, item.key.unit)

    def read(self, item: Item, order: Order, form: Form, prefix: str) -> str | None:
        return keys.line(form, prefix)

    def doubt(self, item: Item, response: str | None) -> Message | None:
        return None if response is None else keys.doubt(item.key, response)

    def shown(self, item: Item, order: Order, response: str | None) -> str:
        return response or ""

    def score(self, item: Item, response: str | None) -> Outcome:
        right = any(keys.hit(one.number, response) for one in item.right)
        return Outcome(POINT if right else 0, POINT)

    def review(self, item: Item, order: Order, response: str | None) -> typed.Review:
        right = next((one for one in item.right if keys.hit(one.number, response)), None)
        slip = None if right else next((one for one in item.slips if keys.hit(one.number, response)), None)
        # How the number comes about is told to whoever found another one, too.
        said = (right or item.right[0]).feedback
        return typed.Review(
            given=response,
            correct=right is not None,
            accepted=tuple(one.number.shown for one in item.right),
            give=item.key.give,
            feedback=tuple(html for html in (slip.feedback if slip else "", said) if html),
            known=(),
        )

    def proof(self, item: Item, order: Order) -> typed.Review:
        known = tuple((one.number.shown, one.feedback) for one in (*item.right, *item.slips))
        return replace(self.review(item, order, None), feedback=(), known=known)


TYPE = Numeric()
