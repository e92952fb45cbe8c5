"""What the types with options to choose from share: the options as values, and what a page shows of them."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from string import ascii_uppercase

from kamtrain.core.item import Fault, Order, Source
from kamtrain.core.message import message

MOST = len(ascii_uppercase)  # options, one letter each


@dataclass(frozen=True)
class Option:
    html: str
    feedback: str  # HTML, "" where there is none
    right: bool
    tags: tuple[str, ...]  # the misconception that leads here, if any


@dataclass(frozen=True)
class Shown:
    """An option before an answer is stored: nothing that tells right from wrong."""

    letter: str
    html: str


@dataclass(frozen=True)
class Reviewed:
    """An option after the answer is stored. `feedback` is "" where nothing is said about it."""

    letter: str
    html: str
    right: bool
    chosen: bool
    feedback: str  # HTML

    @property
    def mark(self) -> str:
        """ "right" chosen and right · "wrong" chosen and not · "missed" right and not chosen · "" neither."""
        if self.chosen:
            return "right" if self.right else "wrong"
        return "missed" if self.right else ""


@dataclass(frozen=True)
class View:
    options: tuple[Shown, ...]  # by shown position


@dataclass(frozen=True)
class Review:
    options: tuple[Reviewed, ...]  # by shown position
    answered: bool


def parsed(source: Source) -> tuple[tuple[Option, ...], list[Fault]]:
    """The options of a list with boxes, and what is wrong with any of them. Never raises."""
    faults: list[Fault] = []
    if len(source.entries) < 2:
        text = message(
            "A question to choose from needs at least two answers; here there are %(count)s.", count=len(source.entries)
        )
        mend = message("Write each answer on a line of its own: `- [x]` for a right one, `- [ ]` for a wrong one.")
        faults.append(Fault(source.line, "too-few-options", text, mend))
    if len(source.entries) > MOST:
        text = message(
            "A question has at most %(most)s answers; here there are %(count)s.", most=MOST, count=len(source.entries)
        )
        faults.append(Fault(source.entries[MOST].line, "too-many-options", text, message("Make two questions of it.")))
    texts: dict[str, int] = {}
    for entry in source.entries:
        plain = " ".join(entry.text.split())
        if entry.checked is None:
            text = message("This answer has no box, so that nobody knows whether it is right.")
            mend = message("Write `- [x]` before a right answer and `- [ ]` before a wrong one.")
            faults.append(Fault(entry.line, "no-box", text, mend))
        if not plain:
            text = message("This answer has no text.")
            faults.append(
                Fault(entry.line, "empty-option", text, message("Write the answer after the box, or delete the line."))
            )
        elif plain in texts:
            text = message("This answer stands in line %(line)s already.", line=texts[plain])
            faults.append(
                Fault(entry.line, "same-option", text, message("Delete one of the two, or say what is different."))
            )
        texts.setdefault(plain, entry.line)
        if not entry.feedback and plain:
            text = message("This answer has no feedback.")
            mend = message(
                "Write a quote under it, indented by two spaces: `  > what is said to the person who chose it`."
            )
            # Whoever is wrong must be told why; for a right answer it is only better so.
            faults.append(Fault(entry.line, "no-feedback", text, mend, fatal=not entry.checked))
    options = tuple(Option(e.html, e.feedback, bool(e.checked), e.tags) for e in source.entries)
    return options, faults


def drawn_order(size: int, rng: random.Random, shuffle: bool) -> Order:
    places = list(range(size))
    if shuffle:
        rng.shuffle(places)
    return tuple(places)


def view(options: tuple[Option, ...], order: Order) -> View:
    return View(
        tuple(Shown(letter, options[place].html) for letter, place in zip(ascii_uppercase, order, strict=False))
    )


def review(options: tuple[Option, ...], order: Order, chosen: Collection[int]) -> Review:
    """`chosen` holds places in the file. Every option has its feedback; the page folds what was neither chosen nor right."""
    return Review(
        tuple(
            Reviewed(
                letter,
                option.html,
                option.right,
                place in chosen,
                option.feedback,
            )
            for letter, place in zip(ascii_uppercase, order, strict=False)
            for option in (options[place],)
        ),
        answered=bool(chosen),
    )
