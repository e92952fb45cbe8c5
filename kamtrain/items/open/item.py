"""An answer in one's own words, marked by a person against a rubric and a model answer."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kamtrain.core.errors import Invalid
from kamtrain.core.item import POINT, Fault, Form, Order, Outcome, SelfMarked, Source
from kamtrain.core.marking import outcome
from kamtrain.core.message import Message, message
from kamtrain.core.rubric import Criterion, Level, Rubric
from kamtrain.items import forms

LONGEST = 20_000  # characters
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps no NUL; half a surrogate pair is no character
BOUNDS = re.compile(r"\s*(\d{1,5})\s*[-–]\s*(\d{1,5})\s*", re.ASCII)
POINTS = re.compile(r"\s*(\d{1,3})(?!\d)", re.ASCII)
# A Chinese character counts as a word; other scripts count what stands between spaces and signs.
HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
LETTERS = rf"(?:(?!{HAN})[^\W_])+"
WORD = re.compile(rf"{HAN}|{LETTERS}(?:['’-]{LETTERS})*")


@dataclass(frozen=True)
class Item:
    criteria: tuple[Criterion, ...]
    model: str  # HTML
    words: tuple[int, int] | None  # fewest and most; None: as many as one likes


@dataclass(frozen=True)
class View:
    words: tuple[int, int] | None


@dataclass(frozen=True)
class Shown:
    """What was written so far. `hint` speaks of its length where that is outside the bounds; it hinders nothing."""

    text: str
    words: int
    hint: Message | None


@dataclass(frozen=True)
class Review:
    text: str | None  # None: nothing was answered
    words: int
    hint: Message | None
    criteria: tuple[Criterion, ...]
    model: str  # HTML


def word_count(text: str) -> int:
    """Words, or Chinese characters."""
    return sum(1 for _ in WORD.finditer(text))


def _hint(words: int, bounds: tuple[int, int] | None) -> Message | None:
    if bounds is None or not words or bounds[0] <= words <= bounds[1]:
        return None
    least, most = bounds
    if words < least:
        return message("That is short: about %(least)s to %(most)s words are expected.", least=least, most=most)
    return message("That is long: about %(least)s to %(most)s words are expected.", least=least, most=most)


def _bounds(source: Source, faults: list[Fault]) -> tuple[int, int] | None:
    written = source.tags.get("words")
    if written is None:
        return None
    match = BOUNDS.fullmatch(written)
    if match and 0 < int(match[2]) >= int(match[1]):
        return int(match[1]), int(match[2])
    text = message("“%(words)s” is no range of words.", words=written)
    faults.append(Fault(source.line, "word-range", text, message("Write the fewest and the most: `words: 60-200`.")))
    return None


def _points(source: Source, faults: list[Fault]) -> list[int]:
    """The points of each level, from the table's head."""
    points = []
    for label in source.head[1:]:
        # Authors' HTML may wrap the head's text: the number is looked for in what a reader sees.
        match = POINTS.match(re.sub(r"<[^>]*>", "", label))
        if match is None:
            text = message("A level of the rubric does not begin with its points.")
            faults.append(
                Fault(source.line, "level-without-points", text, message("Write the points first: `3 Sound`."))
            )
        points.append(int(match[1]) if match else 0)
    if len(points) < 2 or not any(points):
        text = message("An open question needs a rubric with at least two levels, one of them worth points.")
        mend = message("Write a table: `| Criterion | 1 Incomplete | 2 Basic |`, and one row for each criterion.")
        faults.append(Fault(source.line, "no-rubric", text, mend))
    elif len(set(points)) < len(points):
        text = message("Two levels of the rubric are worth the same points.")
        faults.append(Fault(source.line, "same-level", text, message("Give each level its own points: `1`, `2`, `3`.")))
    return points


class Open(SelfMarked):
    """A response is the text, with line ends as `\\n`."""

    name = "open"
    rule = message("You mark this answer yourself, against a model answer and a rubric, after you have handed it in.")
    tags = ("words",)
    shape = "table"

    def parse(self, source: Source) -> tuple[Item | None, tuple[Fault, ...]]:
        faults: list[Fault] = []
        words = _bounds(source, faults)
        points = _points(source, faults)
        if not source.rows:
            text = message("The rubric has no criterion.")
            faults.append(Fault(source.line, "no-criterion", text, message("Write one row for each criterion.")))
        for row in source.rows:
            if (
                not all(cell.strip() for cell in row.cells)
                or len(row.cells) != len(source.head)
                or len(row.html) != len(row.cells)
            ):
                text = message("This criterion does not describe each of its levels.")
                faults.append(
                    Fault(
                        row.line,
                        "rubric-cell",
                        text,
                        message("Fill each cell of the row: the criterion, then one text for each level."),
                    )
                )
        if not source.debrief:
            text = message("There is no model answer to compare with.")
            faults.append(
                Fault(
                    source.line,
                    "no-model-answer",
                    text,
                    message("Write it as a quote at the end of the question: `> …`."),
                )
            )
        if any(fault.fatal for fault in faults):
            return None, tuple(faults)
        criteria = tuple(
            Criterion(row.html[0], tuple(map(Level, row.html[1:], source.head[1:], points))) for row in source.rows
        )
        return Item(criteria, source.debrief, words), tuple(faults)

    def order(self, item: Item, rng: random.Random, shuffle: bool) -> Order:
        return ()

    def view(self, item: Item, order: Order) -> View:
        return View(item.words)

    def read(self, item: Item, order: Order, form: Form, prefix: str) -> str | None:
        text = (forms.only(form, prefix) or "").replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > LONGEST:
            raise Invalid(message("This answer is too long: at most %(most)s characters.", most=LONGEST), prefix)
        if UNSTORABLE.search(text):
            raise Invalid(
                message("This answer holds a character that cannot be stored. Please write it once more."), prefix
            )
        return text if text.strip() else None

    def shown(self, item: Item, order: Order, response: str | None) -> Shown:
        words = word_count(response or "")
        return Shown(response or "", words, _hint(words, item.words))

    def score(self, item: Item, response: str | None) -> Outcome:
        return Outcome(0 if response is None else None, POINT)

    def review(self, item: Item, order: Order, response: str | None) -> Review:
        words = word_count(response or "")
        return Review(response, words, _hint(words, item.words), item.criteria, item.model)

    def read_levels(self, item: Item, form: Form, prefix: str) -> tuple[int, ...]:
        levels = []
        for place, criterion in enumerate(item.criteria):
            field = f"{prefix}-{place}"
            value = forms.only(form, field)
            if value is None:
                raise Invalid(message("Choose a level for each criterion."), field)
            levels.append(forms.position(value, len(criterion.levels), field))
        return tuple(levels)

    def rubric(self, item: Item, response: str | None) -> Rubric:
        return () if response is None else item.criteria

    def self_mark(self, item: Item, levels: Sequence[int]) -> Outcome:
        return outcome(item.criteria, levels)


TYPE = Open()
self_mark = TYPE.self_mark
