"""What gives a key away before the question is read: right answers that are always the longest, or always in one place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from kamtrain.content.document import Document
from kamtrain.content.report import Report
from kamtrain.core.message import message
from kamtrain.core.quiz import Part, Question, Quiz

FEWEST = 4  # choices of one quiz; in fewer, chance makes any pattern
SHARE = 0.8  # of them: from here on whoever knows the pattern passes without reading


@dataclass(frozen=True)
class Keys:
    """Where the right answers of some single choices lie."""

    asked: int
    places: tuple[int, ...]  # right answers in the first place, the second …
    longest: int  # right answers that are longer than every wrong one
    shortest: int


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def keys(parts: Sequence[Part]) -> Keys:
    """`parts` are of type `single`, at least one."""
    places: Counter[int] = Counter()
    longest = shortest = 0
    for part in parts:
        marks = [option.right for option in part.item.options]
        places[marks.index(True)] += 1
        right = len(plain(part.item.options[marks.index(True)].html))
        wrong = [len(plain(option.html)) for option in part.item.options if not option.right]
        longest += right > max(wrong)
        shortest += right < min(wrong)
    return Keys(len(parts), tuple(places[place] for place in range(max(places) + 1)), longest, shortest)


def slots(questions: Sequence[Question]) -> Mapping[int, list[Part]]:
    """The single choices by what they ask: 1 what is asked first, 2 why."""
    found: dict[int, list[Part]] = {}
    for question in questions:
        for slot, part in enumerate(question.parts, start=1):
            if part.type == "single":
                found.setdefault(slot, []).append(part)
    return found


def check(document: Document, quiz: Quiz, report: Report) -> None:
    """Of one quiz in the language of its file; a place tells nothing where answers are shuffled."""
    own = [question for question in quiz.questions if question.language == document.language]
    for parts in slots(own).values():
        found = keys(parts)
        if found.asked < FEWEST:
            continue
        if found.longest >= SHARE * found.asked:
            report.warning(
                document.front.at,
                "key-longest",
                message(
                    "In %(count)s of %(asked)s questions the right answer is the longest: one need not read to find it.",
                    count=found.longest,
                    asked=found.asked,
                ),
                message("Shorten some right answers, or say as much in the wrong ones."),
            )
        place = max(range(len(found.places)), key=found.places.__getitem__)
        if not quiz.shuffle_options and found.places[place] >= SHARE * found.asked:
            report.warning(
                document.at("shuffle"),
                "key-in-one-place",
                message(
                    "In %(count)s of %(asked)s questions the right answer is number %(place)s.",
                    count=found.places[place],
                    asked=found.asked,
                    place=place + 1,
                ),
                message("Write `shuffle: [options]`, or move some right answers."),
            )
