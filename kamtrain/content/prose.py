"""Plain prose out of rendered text: its paragraphs, its sentences, and how hard they are to read.

English: the automated readability index (Senter and Smith 1967), a school grade from letters a word and words a sentence; it
needs no dictionary of syllables. Chinese has no such measure: the characters of a sentence stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from kamtrain.content import reading

_APART = {"figure", "table", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "audio", "video"}  # no running text
_BLOCKS = {"p", "li", "ul", "ol", "div", "blockquote", "dd", "dt", "dl", "hr", "details", "summary", *_APART}
_END = re.compile(
    r"(?<=[.!?])[\"”’)\]]*\s+(?=[\"“‘(\[]?[A-Z0-9])|(?<=[。！？；])(?![”’）」』])|(?<=[。！？；][”’）」』])"
)
_ABBREVIATION = re.compile(r"\b(?:Mr|Ms|Mrs|Dr|No|vs|e\.g|i\.e|etc|[A-Z])\.$")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.apart = 0
        self.title = False  # of a box: several boxes may have the same
        self.found: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.apart += tag in _APART
        if tag in _BLOCKS:
            self.found.append("")
            self.title = ("class", "callout-title") in attrs
        elif tag == "br":
            self.found[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        self.apart -= tag in _APART
        if tag in _BLOCKS:
            self.found.append("")
            self.title = False

    def handle_data(self, data: str) -> None:
        if not self.apart and not self.title:
            self.found[-1] += data


def paragraphs(html: str) -> tuple[str, ...]:
    """The texts of `html`, one for each paragraph or entry of a list, without headings, tables and pictures."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(text for one in reader.found if (text := " ".join(one.split())))


def sentences(paragraph: str) -> tuple[str, ...]:
    found: list[str] = []
    for piece in _END.split(paragraph):
        text = piece.strip()
        if text and found and _ABBREVIATION.search(found[-1]):
            found[-1] += f" {text}"
        elif text:
            found.append(text)
    return tuple(found)


@dataclass(frozen=True)
class Ease:
    """How a text reads: `length` is words or Chinese characters a sentence, `grade` the school grade (None in Chinese)."""

    sentences: int
    length: float
    grade: float | None


def ease(texts: Iterable[str], language: str) -> Ease:
    every = [sentence for text in texts for sentence in sentences(text)]
    counts = [reading.words(sentence) for sentence in every]
    latin, han = sum(count[0] for count in counts), sum(count[1] for count in counts)
    if not every:
        return Ease(0, 0.0, None)
    if language.startswith("zh"):
        return Ease(len(every), (han + latin) / len(every), None)
    letters = sum(character.isalnum() for sentence in every for character in sentence)
    grade = 4.71 * letters / max(latin, 1) + 0.5 * latin / len(every) - 21.43
    return Ease(len(every), latin / len(every), grade)


# --- what stands twice --------------------------------------------------------------------------------------------------

LIKE = 0.6  # of the pieces of two sentences that are the same: one is the other with some words changed


def pieces(sentence: str, language: str) -> frozenset[str]:
    """The overlapping pieces by which sentences are compared: three words, or four characters."""
    if language.startswith("zh"):
        text = re.sub(r"[^\w]", "", sentence)
        return frozenset(text[n : n + 4] for n in range(len(text) - 3))
    words = re.findall(r"\w+", sentence.lower())
    return frozenset(" ".join(words[n : n + 3]) for n in range(len(words) - 2))


def alike(texts: Iterable[tuple[str, str]], language: str, least: int) -> Iterator[tuple[str, str, str, str]]:
    """Sentences that stand nearly the same in two places: (place, sentence, other place, other sentence).

    `texts` are (place, sentence); only sentences with at least `least` pieces are compared, each with every earlier one that
    shares a piece with it.
    """
    known: list[tuple[str, str, frozenset[str]]] = []
    index: dict[str, list[int]] = {}
    for place, sentence in texts:
        own = pieces(sentence, language)
        if len(own) < least:
            continue
        shared: dict[int, int] = {}
        for piece in own:
            for number in index.get(piece, ()):
                shared[number] = shared.get(number, 0) + 1
        for number, count in shared.items():
            other_place, other, others = known[number]
            if other_place != place and count >= LIKE * (len(own) + len(others) - count):
                yield place, sentence, other_place, other
                break
        for piece in own:
            index.setdefault(piece, []).append(len(known))
        known.append((place, sentence, own))
