"""A worksheet as PDF: A4, tagged for screen readers (PDF/UA-1). Typst sets it; `paper.typ` says how it looks.

What people typed goes in as data and is never read as markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

PDF = "application/pdf"
HERE = Path(__file__).parent
FONTS = HERE / "fonts"  # build.mjs brings them
CARDS_FROM = 10  # columns: such rows are cards, since a line of A4 cannot hold them
WIDEST = 34  # of what a column holds, in Latin letters: the share of the line it gets at most
UNBROKEN = re.compile(r"[^\s\u200b\u2e80-\uffff]{25,}")  # no line can be broken in there
BREAK = "\u200b"  # zero width space
PIECE = 12  # letters between two of them
# The site's colours in light (web/assets/styles/_tokens.scss): what a tool draws is in classes of _workbench.scss.
PICTURE_STYLE = """<style>
text { font-family: "Noto Sans SC" }
.pic-label { fill: #14262b; font-size: 14px }
.pic-small { fill: #4b5f65; font-size: 12px }
.pic-axis { stroke: #75888e; stroke-width: 1.5; fill: none }
.pic-grid { stroke: #d3dde0; stroke-width: 1; fill: none }
.pic-line { stroke: #4b5f65; stroke-width: 2; fill: none }
.pic-dash { stroke: #4b5f65; stroke-width: 2; stroke-dasharray: 6 5; fill: none }
.pic-a { fill: #0b6170; stroke: #084854 }
.pic-b { fill: #dff0f2; stroke: #0b6170 }
.pic-good { fill: #e2f3e7; stroke: #176538 }
.pic-warn { fill: #fcf0d4; stroke: #745000 }
.pic-bad { fill: #fbe8e5; stroke: #a3281f }
.pic-quiet { fill: #e9eff0; stroke: #75888e }
.pic-on-a { fill: #fff }
</style>"""


@dataclass(frozen=True)
class Entry:
    """One thing that was filled in, or that came out."""

    label: str
    value: str  # "" where nothing is there
    unit: str = ""
    small: str = ""  # what it rests on, and what is wrong with it


@dataclass(frozen=True)
class Column:
    label: str
    unit: str = ""
    number: bool = False  # stands to the right


@dataclass(frozen=True)
class Cell:
    text: str
    small: str = ""


@dataclass(frozen=True)
class Grid:
    """A table; the first column names the row."""

    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Section:
    label: str
    parts: tuple[Entry | Grid, ...]


@dataclass(frozen=True)
class Remark:
    tone: str  # of core.sheet, with "success" for good
    word: str  # that says the tone
    text: str
    more: str  # where to read on, or ""


@dataclass(frozen=True)
class Picture:
    """What a tool draws: an SVG in classes `pic-…`, and the same in words."""

    svg: str
    alt: str


@dataclass(frozen=True)
class Words:
    """What the document says besides the sheet, in the reader's language."""

    outputs: str
    turns: str
    unknown: str  # stands where nothing came out
    empty: str  # stands in a table without rows


@dataclass(frozen=True)
class Paper:
    """All texts in the reader's language, `language` as in core.language."""

    language: str
    title: str
    subtitle: str
    running: str  # at the foot of every page
    author: str
    changed_at: datetime
    head: tuple[Entry, ...]
    verdict: str
    tone: str
    figures: tuple[Entry, ...]
    pictures: tuple[Picture, ...]
    remarks: tuple[Remark, ...]
    turns: tuple[str, ...]
    sections: tuple[Section, ...]
    words: Words


def pdf(paper: Paper) -> bytes:
    """The file. Raises FileNotFoundError, which says what to run, where the face has not been brought."""
    laid_out = {**_printable(_laid_out(paper)), "name": _plain(paper.title)}  # for the reader's window, on one line
    data = json.dumps(laid_out, ensure_ascii=False, default=str)

    def compiled(standard: Literal["ua-1", "1.7"]) -> bytes:
        made = _compiler().compile(
            format="pdf",
            sys_inputs={"paper": data},
            pdf_standards=standard,
            timestamp=int(paper.changed_at.timestamp()),
        )
        if not isinstance(made, bytes):
            raise TypeError("Typst gave pages in place of a document")
        return made

    try:
        return compiled("ua-1")
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        return compiled("1.7")  # a character the face lacks, such as an emoji, which the standard does not allow


@cache
def _fonts() -> typst.Fonts:
    if not any(FONTS.glob("*.ttf")):
        raise FileNotFoundError(f"{FONTS} has no fonts: run python3 kam.py setup")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _compiler() -> typst.Compiler:
    """One for each document: a compiler keeps what it was last given."""
    return typst.Compiler((HERE / "paper.typ").read_bytes(), font_paths=_fonts(), ignore_system_fonts=True)


def _laid_out(paper: Paper) -> dict[str, object]:
    """What the template reads: the paper, with the widths of columns and the styles of pictures."""
    language, _, script = paper.language.partition("-")
    return {
        **asdict(paper),
        "language": language,
        "region": {"Hant": "TW", "Hans": "CN"}.get(script),
        "pictures": [{"svg": styled(one.svg), "alt": one.alt} for one in paper.pictures],
        "sections": [
            {"label": section.label, "parts": [_part(part) for part in section.parts]} for section in paper.sections
        ],
    }


def _part(part: Entry | Grid) -> dict[str, object]:
    if isinstance(part, Entry):
        return {"kind": "entry", **asdict(part)}
    kind = "cards" if len(part.columns) >= CARDS_FROM else "grid"
    return {"kind": kind, "widths": [_width(part, place) for place in range(len(part.columns))], **asdict(part)}


def _width(grid: Grid, place: int) -> float:
    """The share of the line a column gets: by its longest word and by what stands in it on average."""
    column = grid.columns[place]
    head = max((_letters(word) for word in f"{column.label} {column.unit}".split()), default=0)
    texts = [_letters(row[place].text) for row in grid.rows if row[place].text]
    held = sum(texts) / len(texts) if texts else 0
    return max(4, min(head, PIECE), min(held, WIDEST), min(max(texts, default=0), PIECE)) + 2


def _letters(text: str) -> int:
    """How wide it is, in Latin letters."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def styled(svg: str) -> str:
    """The drawing with what its classes look like, as a file of its own."""
    opening, end, rest = svg.partition(">")
    named = opening if "xmlns=" in opening else opening.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f"{named}{end}{PICTURE_STYLE}{rest}"


def _printable(value: Any) -> Any:
    """The same without control characters, and with places to break words that no line can hold."""
    match value:
        case str() if value.startswith("<svg"):
            return _plain(value)
        case str():
            return UNBROKEN.sub(_breakable, _plain(value))
        case dict():
            return {key: _printable(one) for key, one in value.items()}
        case list() | tuple():
            return [_printable(one) for one in value]
    return value


def _plain(text: str) -> str:
    """Control characters, lone surrogates and what Unicode has given no meaning are no text."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))


def _breakable(word: re.Match[str]) -> str:
    return BREAK.join(word[0][place : place + PIECE] for place in range(0, len(word[0]), PIECE))
