"""What cloze and grid share: gaps that are typed into, or filled from a bank of words."""

from __future__ import annotations

import random
import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from kamtrain.core.item import GAP, POINT, Fault, Form, ItemType, Order, Outcome, Source
from kamtrain.core.message import Message, message
from kamtrain.items import forms, keys, typed

MOST = 60  # gaps
BANK = "bank"  # the word on the tag line
AFTER = 40  # characters behind a gap that may hold its unit
Response = list[int | None] | list[str | None]  # for each gap what was typed, or the place in the bank


@dataclass(frozen=True)
class Slip:
    text: str
    key: keys.Key
    feedback: str  # HTML
    tags: tuple[str, ...]  # the misconception that leads here, if any


@dataclass(frozen=True)
class Item:
    frame: Any  # the text or the table around the gaps: the type's own
    labels: tuple[str, ...]  # what a gap is called, "" for its number alone
    gaps: tuple[keys.Key, ...]
    slips: tuple[Slip, ...]
    bank: tuple[str, ...] | None  # one answer of each gap, then the wrong ones; None: answers are typed


@dataclass(frozen=True)
class Gap:
    """A gap before the answer."""

    label: str
    numeric: bool
    places: int  # decimal places to round to
    give: str  # the tolerance, "" for exactly the number


@dataclass(frozen=True)
class View:
    frame: Any
    gaps: tuple[Gap, ...]
    bank: tuple[str, ...] | None  # by shown position, each once

    @property
    def rule(self) -> tuple[int, str] | None:
        """How most numbers are rounded (places, tolerance): told once; a gap with another rule tells its own."""
        rules = [(gap.places, gap.give) for gap in self.gaps if gap.numeric]
        return max(rules, key=rules.count) if rules else None


@dataclass(frozen=True)
class Reviewed:
    label: str
    given: str | None
    correct: bool
    accepted: tuple[str, ...]
    give: str
    feedback: str  # HTML


@dataclass(frozen=True)
class Review:
    frame: Any
    gaps: tuple[Reviewed, ...]
    answered: bool
    known: tuple[tuple[str, str], ...]  # (answer, HTML) of every wrong one the author foresaw; in a preview only


def plain(html: str) -> str:
    """The text a reader sees."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def _offered(item: Item, order: Order) -> tuple[int, ...]:
    """Places of the bank as they are shown: of answers that count as the same the first one in the file."""
    bank = item.bank or ()
    first: dict[str, int] = {}
    for place, text in enumerate(bank):
        first.setdefault(keys.folded(text), place)
    return tuple(place for place in order if first[keys.folded(bank[place])] == place)


def _same(item: Item, place: int) -> int:
    bank = item.bank or ()
    return next(n for n, text in enumerate(bank) if keys.folded(text) == keys.folded(bank[place]))


class Gaps(ItemType):
    tags = (BANK, keys.ANY_SCRIPT)
    slips = True
    empty: Message  # what is said where there is no gap
    example: Message

    @abstractmethod
    def frame(self, source: Source) -> tuple[Any, tuple[str, ...], tuple[str, ...]]:
        """The frame, and for each of its gaps a label and the HTML behind it. Never raises."""

    def parse(self, source: Source) -> tuple[Item | None, tuple[Fault, ...]]:
        faults: list[Fault] = []
        script = keys.ANY_SCRIPT in source.tags
        frame, labels, after = self.frame(source)
        if not source.gaps or len(labels) != len(source.gaps):
            faults.append(Fault(source.line, "no-gap", self.empty, self.example))
        if len(source.gaps) > MOST:
            text = message(
                "There are at most %(most)s gaps; here there are %(count)s.", most=MOST, count=len(source.gaps)
            )
            faults.append(Fault(source.gaps[MOST].line, "too-many-gaps", text, message("Make two questions of it.")))
            return None, tuple(faults)
        for gap in source.gaps:
            if "**" in gap.text:
                text = message("The asterisks of this gap do not belong together.")
                mend = message("Write two of them before the answer and two right behind it: `**takes over**`.")
                faults.append(Fault(gap.line, "bad-gap", text, mend))
            elif not keys.alternatives(gap.text) or len(gap.text) > keys.LONGEST:
                text = message("The answer of a gap has from 1 to %(most)s characters.", most=keys.LONGEST)
                mend = message("Write a word, a few words or a number between the asterisks.")
                faults.append(Fault(gap.line, "bad-gap", text, mend))
        slips = self._slips(source, script, faults)
        if any(fault.fatal for fault in faults):
            return None, tuple(faults)
        gaps = tuple(
            keys.gap_key(
                gap.text,
                [texts[n] for texts in source.others if len(texts) == len(source.gaps)],
                script,
                plain(behind)[:AFTER],
            )
            for n, (gap, behind) in enumerate(zip(source.gaps, after, strict=True))
        )
        bank = (*(gap.shown[0] for gap in gaps), *(slip.text for slip in slips)) if BANK in source.tags else None
        for entry, slip in zip(source.entries, slips, strict=True):
            if bank is not None and any(gap.accepts(slip.text) for gap in gaps):
                text = message("This wrong answer is right in one of the gaps.")
                mend = message("Delete it: every gap offers the answers of all the others, too.")
                faults.append(Fault(entry.line, "slip-is-right", text, mend, fatal=False))
        if bank is not None and len({keys.folded(text) for text in bank}) < 2:
            text = message("There is only one answer to choose from.")
            faults.append(Fault(source.line, "one-answer", text, message("Write a wrong one below: `- [ ] …`.")))
            return None, tuple(faults)
        return Item(frame, labels, gaps, tuple(slips), bank), tuple(faults)

    @staticmethod
    def _slips(source: Source, script: bool, faults: list[Fault]) -> list[Slip]:
        found: list[Slip] = []
        seen: dict[str, int] = {}
        for entry in source.entries:
            text = " ".join(entry.text.split())
            folded = keys.folded(text, script)
            if entry.checked is not False:
                said = message("Below the gaps stand wrong answers only; the right ones stand in bold.")
                faults.append(Fault(entry.line, "not-wrong", said, message("Write `- [ ]` and the wrong answer.")))
            if not text or len(text) > keys.LONGEST:
                said = message("A wrong answer has from 1 to %(most)s characters.", most=keys.LONGEST)
                faults.append(Fault(entry.line, "bad-answer", said, message("Write a word or a few, or a number.")))
            elif folded in seen:
                said = message("This answer counts as the same as the one in line %(line)s.", line=seen[folded])
                faults.append(Fault(entry.line, "same-answer", said, message("Delete one of the two.")))
            elif not entry.feedback:
                faults.append(typed.no_feedback(entry))
            seen.setdefault(folded, entry.line)
            found.append(Slip(text, keys.gap_key(text, (), script), entry.feedback, entry.tags))
        return found

    def order(self, item: Item, rng: random.Random, shuffle: bool) -> Order:
        """Of the bank; always shuffled, because in the file the answers stand in the order of their gaps."""
        places = list(range(len(item.bank or ())))
        rng.shuffle(places)
        return tuple(places)

    def view(self, item: Item, order: Order) -> View:
        numbers = [key.numeric for key in item.gaps]
        gaps = tuple(
            # What a bank offers is chosen, not computed: nothing is said of rounding.
            Gap(label, True, number.places, number.give)
            if number is not None and item.bank is None
            else Gap(label, False, 0, "")
            for label, number in zip(item.labels, numbers, strict=True)
        )
        bank = None if item.bank is None else tuple(item.bank[place] for place in _offered(item, order))
        return View(item.frame, gaps, bank)

    def read(self, item: Item, order: Order, form: Form, prefix: str) -> Response | None:
        forms.no_more_rows(form, prefix, len(item.gaps))
        fields = [f"{prefix}-{n}" for n in range(len(item.gaps))]
        if item.bank is None:
            texts = [keys.line(form, field) for field in fields]
            return texts if any(text is not None for text in texts) else None
        offered = _offered(item, order)
        chosen = [
            offered[forms.position(value, len(offered), field)] if value else None
            for field in fields
            for value in [forms.only(form, field)]
        ]
        return chosen if any(place is not None for place in chosen) else None

    def shown(self, item: Item, order: Order, response: Response | None) -> tuple[Any, ...]:
        """For each gap the text, or the shown position in the bank; None where there is none."""
        given: Sequence[Any] = response or [None] * len(item.gaps)
        if item.bank is None:
            return tuple(given)
        offered = _offered(item, order)
        return tuple(None if place is None else offered.index(_same(item, place)) for place in given)

    def _texts(self, item: Item, response: Response | None) -> tuple[str | None, ...]:
        given: Sequence[Any] = response or [None] * len(item.gaps)
        return tuple(one if one is None or item.bank is None else item.bank[one] for one in given)

    def doubt(self, item: Item, response: Response | None) -> Message | None:
        if item.bank is not None:
            return None
        pairs = zip(item.gaps, self._texts(item, response), strict=True)
        return next((said for key, text in pairs if text is not None and (said := key.doubt(text))), None)

    def score(self, item: Item, response: Response | None) -> Outcome:
        """Right gaps ÷ all, rounded half up to a thousandth."""
        count = len(item.gaps)
        pairs = zip(item.gaps, self._texts(item, response), strict=True)
        right = sum(text is not None and key.accepts(text) for key, text in pairs)
        return Outcome((2 * POINT * right + count) // (2 * count), POINT)

    def review(self, item: Item, order: Order, response: Response | None) -> Review:
        gaps = []
        for label, key, text in zip(item.labels, item.gaps, self._texts(item, response), strict=True):
            correct = text is not None and key.accepts(text)
            slip = None
            if text is not None and not correct:
                slip = next((one for one in item.slips if replace(one.key, after=key.after).accepts(text)), None)
            give = key.numeric.give if key.numeric else ""
            gaps.append(Reviewed(label, text, correct, key.shown, give, slip.feedback if slip else ""))
        return Review(item.frame, tuple(gaps), response is not None, ())

    def proof(self, item: Item, order: Order) -> Review:
        return replace(self.review(item, order, None), known=tuple((one.text, one.feedback) for one in item.slips))


def pieces(html: str) -> tuple[str, ...]:
    """HTML parted at its gaps: one piece more than there are gaps."""
    return tuple(html.split(GAP))
