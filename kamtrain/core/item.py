"""One question and the contract that every type of item fulfils.

A type lives in `kamtrain/items/<type>/`. It gets values and finished HTML; it never renders Markdown, and knows
neither Flask nor SQL. What a page may show before an answer is stored comes from `view` alone, which holds no key and
no feedback.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kamtrain.core.message import Message
from kamtrain.core.rubric import Levels, Rubric

Json = Any  # what json.dumps takes
Form = Mapping[str, Sequence[str]]  # field name -> the values sent for it
Order = tuple[int, ...]  # shown position -> place in the file

GAP = "\ufffc"  # stands in HTML where an answer in bold stood: the next one of the source's gaps
Shape = Literal["boxes", "steps", "table", "classes", "text"]  # how an author writes the answers of a type

POINT = 1000  # points are whole thousandths, so that sums are exact on every database


@dataclass(frozen=True)
class Entry:
    """One line of a list as the author wrote it. `checked` is None where there was no box."""

    checked: bool | None
    text: str  # as written, without tags
    html: str
    feedback: str  # HTML, "" where there is none
    tags: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]  # text as written
    html: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Gap:
    """What an author wrote in bold to be filled in."""

    text: str  # between the asterisks
    line: int


@dataclass(frozen=True)
class Class:
    """A heading and the statements under it."""

    html: str
    text: str
    entries: tuple[Entry, ...]
    line: int


@dataclass(frozen=True)
class Source:
    """What one part of a question offers to its type: the blocks between its text and its debrief."""

    entries: tuple[Entry, ...] = ()  # a list with boxes, or a plain or numbered one
    head: tuple[str, ...] = ()  # the table's head, as HTML
    rows: tuple[Row, ...] = ()
    text: str = ""  # HTML with a `GAP` for each of `gaps`, where the type's shape is "text"
    gaps: tuple[Gap, ...] = ()  # of `text`, or of the cells of `rows`, in order
    classes: tuple[Class, ...] = ()
    # The right answers as each other language writes them: `[x]` entries, or gaps. Whoever reads in one language may
    # know the word in another, and a score must not depend on the language a page was shown in.
    others: tuple[tuple[str, ...], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)  # the tag line: {"words": "60-200", "bank": ""}
    debrief: str = ""  # HTML; the model answer of an open question
    line: int = 1


@dataclass(frozen=True)
class Fault:
    """A fault that a type finds in its source; the caller adds the path."""

    line: int
    code: str
    message: Message
    mend: Message | None = None
    fatal: bool = True


@dataclass(frozen=True)
class Outcome:
    """Points for one response, in thousandths. `points` is None while a person has yet to mark it."""

    points: int | None
    possible: int


class ItemType(ABC):
    """The contract. `item` is the type's own frozen value; responses are JSON and speak of places in the file."""

    name: str
    rule: Message | None = None  # how it is scored, in words read before answering; None where it is plain
    tags: tuple[str, ...] = ()  # what the type reads of the tag line, besides what every question may have
    shape: Shape = "boxes"
    slips: bool = False  # whether a list of wrong answers right below belongs to it

    @abstractmethod
    def parse(self, source: Source) -> tuple[Any | None, tuple[Fault, ...]]:
        """The item, or None, and every fault. Never raises."""

    @abstractmethod
    def order(self, item: Any, rng: random.Random, shuffle: bool) -> Order:
        """The order in which the options are shown; stored with the attempt."""

    @abstractmethod
    def view(self, item: Any, order: Order) -> Any:
        """What the page shows before an answer is stored: texts by shown position, no key, no feedback."""

    @abstractmethod
    def read(self, item: Any, order: Order, form: Form, prefix: str) -> Json | None:
        """The response in a form whose fields begin with `prefix`; None where nothing was answered.

        Raises `Invalid` for what no page of ours could have sent.
        """

    @abstractmethod
    def shown(self, item: Any, order: Order, response: Json | None) -> Any:
        """The response in shown positions, to fill the page again. Inverse of `read`."""

    @abstractmethod
    def score(self, item: Any, response: Json | None) -> Outcome:
        """Pure; 0 <= points <= possible. An omitted answer scores 0."""

    @abstractmethod
    def review(self, item: Any, order: Order, response: Json | None) -> Any:
        """What the page shows after the answer is stored: key, feedback, what was chosen."""

    def doubt(self, item: Any, response: Json | None) -> Message | None:
        """Why the response cannot be read as an answer at all, asked before it is handed in; None where it can.

        It tells nothing about right or wrong. A draft may be in doubt; handed in all the same, it is a wrong answer.
        """
        return None

    def proof(self, item: Any, order: Order) -> Any:
        """What its author looks over: a `review` with every feedback there is. For the studio's preview only."""
        return self.review(item, order, None)

    def rubric(self, item: Any, response: Json | None) -> Rubric:
        """What a trainer marks the response by; () where there is nothing to be marked."""
        return ()

    def levels(self, item: Any, response: Json | None) -> Levels | None:
        """The program's own levels by that rubric, which a trainer may change; None where only a person can say."""
        return None


class SelfMarked(ItemType):
    """A type whose responses a person marks by a rubric: until then `score` leaves the points open."""

    @abstractmethod
    def read_levels(self, item: Any, form: Form, prefix: str) -> tuple[int, ...]:
        """The level chosen for each criterion, as its place in the rubric. Raises `Invalid` where one is missing."""

    @abstractmethod
    def self_mark(self, item: Any, levels: Sequence[int]) -> Outcome:
        """Points reached ÷ points of the highest levels. `levels` as from `read_levels`; raises `Invalid`."""
