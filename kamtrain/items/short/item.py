"""A word, or a few."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from kamtrain.core.item import POINT, Fault, Form, ItemType, Order, Outcome, Source
from kamtrain.core.message import message
from kamtrain.items import keys, typed


@dataclass(frozen=True)
class Known:
    text: str
    key: keys.Key
    feedback: str  # HTML, "" where there is none
    tags: tuple[str, ...]  # the misconception that leads here, if any


@dataclass(frozen=True)
class Item:
    key: keys.Key
    right: tuple[Known, ...]
    slips: tuple[Known, ...]


@dataclass(frozen=True)
class View:
    pass  # the text asks all there is


class Short(ItemType):
    """A response is what was typed."""

    name = "short"
    tags = (keys.ANY_SCRIPT,)
    rule = message(
        "Write a word or a few. Capitals, full-width letters, spaces and punctuation at the ends make no difference."
    )

    def parse(self, source: Source) -> tuple[Item | None, tuple[Fault, ...]]:
        faults: list[Fault] = []
        script = keys.ANY_SCRIPT in source.tags
        seen: dict[str, int] = {}
        right: list[Known] = []
        slips: list[Known] = []
        for entry in source.entries:
            text = " ".join(entry.text.split())
            plain = keys.folded(text, script)
            if entry.checked is None:
                said = message("This answer has no box, so that nobody knows whether it is right.")
                mend = message("Write `- [x]` before a right answer and `- [ ]` before a wrong one.")
                faults.append(Fault(entry.line, "no-box", said, mend))
            if not text or len(text) > keys.LONGEST:
                said = message("An accepted answer has from 1 to %(most)s characters.", most=keys.LONGEST)
                mend = message("Write a word or a few, or delete the line.")
                faults.append(Fault(entry.line, "bad-answer", said, mend))
            elif plain in seen:
                said = message("This answer counts as the same as the one in line %(line)s.", line=seen[plain])
                faults.append(Fault(entry.line, "same-answer", said, message("Delete one of the two.")))
            elif entry.checked is False and not entry.feedback:
                faults.append(typed.no_feedback(entry))
            seen.setdefault(plain, entry.line)
            known = Known(text, keys.words_key((text,), (), script), entry.feedback, entry.tags)
            (right if entry.checked else slips).append(known)
        if not right:
            said = message("No answer is marked as right.")
            mend = message("Write each accepted answer on a line of its own: `- [x] coach`.")
            faults.append(Fault(source.line, "none-right", said, mend))
        if any(fault.fatal for fault in faults):
            return None, tuple(faults)
        others = [text for texts in source.others for text in texts]
        key = keys.words_key((one.text for one in right), others, script)
        return Item(key, tuple(right), tuple(slips)), tuple(faults)

    def order(self, item: Item, rng: random.Random, shuffle: bool) -> Order:
        return ()

    def view(self, item: Item, order: Order) -> View:
        return View()

    def read(self, item: Item, order: Order, form: Form, prefix: str) -> str | None:
        return keys.line(form, prefix)

    def shown(self, item: Item, order: Order, response: str | None) -> str:
        return response or ""

    def score(self, item: Item, response: str | None) -> Outcome:
        return Outcome(POINT if response is not None and item.key.accepts(response) else 0, POINT)

    def review(self, item: Item, order: Order, response: str | None) -> typed.Review:
        met = [] if response is None else [one for one in (*item.right, *item.slips) if one.key.accepts(response)]
        return typed.Review(
            given=response,
            correct=response is not None and item.key.accepts(response),
            accepted=item.key.shown,
            give="",
            feedback=tuple(one.feedback for one in met if one.feedback),
            known=(),
        )

    def proof(self, item: Item, order: Order) -> typed.Review:
        known = tuple((one.text, one.feedback) for one in (*item.right, *item.slips))
        return replace(self.review(item, order, None), known=known)


TYPE = Short()
