"""Where links lead: what authors write (`quiz:a`, `term:b`, `media/c.png`) and the addresses that become of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kamtrain.content.blocks import Block, Fence, Heading, List, Paragraph, Quote, Table
from kamtrain.content.drawings import Drawing
from kamtrain.content.source import Line

CARDS = ("quiz", "drill", "scenario", "negotiation", "survey", "tool", "lesson")
SCHEMES = (*CARDS, "term")
SAFE = ("http", "https", "mailto", "tel")
PICTURES = ("png", "jpg", "jpeg", "webp", "gif", "svg")
SOUNDS = ("mp3",)
FILMS = ("mp4",)
MEDIA = (*PICTURES, *SOUNDS, *FILMS, "vtt")

_TARGET = re.compile(r"\]\([ \t]*<?(?P<target>[^()\s<>]*(?:\([^()\s<>]*\)[^()\s<>]*)*)")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\([ \t]*<?(?P<target>[^()\s<>]*)")
_CARD = re.compile(rf"\[(?P<text>.+)\]\((?P<kind>{'|'.join(CARDS)}):(?P<id>[^()\s]*)\)", re.DOTALL)
_DRAWING = re.compile(
    r"!\[(?P<alt>[^\[\]]*)\]\([ \t]*<?(?P<target>media/[^()\s<>]+\.svg)>?"
    r"(?:\s+(?:\"(?P<title>[^\"]*)\"|'(?P<other>[^']*)'))?[ \t]*\)"
)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


@dataclass(frozen=True)
class Places:
    """What the targets of one file lead to: lesson -> its course; path of a medium -> its address; known terms.

    `popovers`: whether the page explains terms in place; elsewhere they lead to the glossary.
    """

    lessons: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, str] = field(default_factory=dict)  # as written ("media/a.png") -> "/learn/media/….png"
    terms: frozenset[str] = frozenset()
    popovers: bool = True
    drawings: Mapping[str, Drawing] = field(default_factory=dict, compare=False)  # as written ("media/a.svg")


@dataclass(frozen=True)
class Link:
    target: str
    at: Line  # begins at the target
    picture: bool = False
    spaced: bool = False  # a space ends the target too early

    @property
    def scheme(self) -> str:
        """What stands before the first colon, in small letters; "" for an address within the site or the page."""
        match = re.match(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)", self.target)
        return match[0].lower() if match else ""

    @property
    def rest(self) -> str:
        return self.target.partition(":")[2]


def runs(blocks: Iterable[Block]) -> Iterator[tuple[Line, ...]]:
    """The lines of every text in `blocks`, however deep, fences left out."""
    stack = list(blocks)[::-1]
    while stack:
        block = stack.pop()
        if isinstance(block, Heading):
            yield (block.text,)
        elif isinstance(block, Paragraph):
            yield block.lines
        elif isinstance(block, List):
            for entry in block.entries:
                if entry.lines:
                    yield entry.lines
                stack.extend(entry.blocks[::-1])
        elif isinstance(block, Table):
            yield from ((cell,) for row in (block.head, *block.rows) for cell in row if cell.text)
        elif isinstance(block, Quote):
            if block.title is not None:
                yield (block.title,)
            stack.extend(block.blocks[::-1])
        else:
            assert isinstance(block, Fence) or block.at


def masked(text: str) -> str:
    """`text` with the contents of code spans blanked out."""
    if "`" not in text or text.count("`") > 2000:
        return text
    return _CODE.sub(lambda match: " " * len(match[0]), text)


def links(lines: tuple[Line, ...]) -> Iterator[Link]:
    """Every link and picture of one text, in order."""
    text = masked("\n".join(line.text for line in lines))
    if "](" not in text:
        return
    pictures = {match.start("target") for match in _PICTURE.finditer(text)} if "![" in text else set()
    for match in _TARGET.finditer(text):
        start = match.start("target")
        spaced = re.match(r"[ 　]+[^\s\"')]", text[match.end() : match.end() + 50]) is not None
        yield Link(match["target"], _line_at(lines, start), start in pictures, spaced)


def _line_at(lines: tuple[Line, ...], index: int) -> Line:
    for line in lines:
        if index <= len(line.text):
            return line.cut(index)
        index -= len(line.text) + 1
    return lines[-1]


def card(paragraph: Paragraph) -> tuple[str, str, str] | None:
    """Kind, id and text of a link to an activity or a lesson that stands alone in its paragraph."""
    text = "\n".join(line.text for line in paragraph.lines).strip()
    match = _CARD.fullmatch(text) if text.startswith("[") and len(text) < 2000 else None
    if match is None or "](" in match["text"]:
        return None
    return match["kind"], match["id"], " ".join(match["text"].split())


@dataclass(frozen=True)
class Picture:
    """A drawing that stands alone in its paragraph."""

    target: str
    alt: str
    caption: str  # the Markdown title; "" where there is none


def drawing(paragraph: Paragraph) -> Picture | None:
    """The one SVG that is all of a paragraph."""
    text = "\n".join(line.text for line in paragraph.lines).strip()
    match = _DRAWING.fullmatch(text) if text.startswith("![") and len(text) < 2000 else None
    if match is None:
        return None
    caption = match["title"] or match["other"] or ""
    return Picture(match["target"], " ".join(match["alt"].split()), " ".join(caption.split()))
