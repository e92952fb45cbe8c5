"""The line scanner: the blocks of a Markdown text with their places (CommonMark 0.31 §4-5, GFM tables).

It knows structure only; the text inside a block is left as lines, for `markdown` to render. Raw HTML is no block here: it
stays in its paragraph and is cleaned with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kamtrain.content.report import Report
from kamtrain.content.source import Line
from kamtrain.core.message import message

MAX_DEPTH = 8  # lists and quotes inside each other
MAX_COLUMNS = 30  # of a table
CALLOUTS = ("example", "note", "tip", "warning", "source")


@dataclass(frozen=True)
class Heading:
    level: int
    text: Line  # without the marks
    at: Line


@dataclass(frozen=True)
class Paragraph:
    lines: tuple[Line, ...]

    @property
    def at(self) -> Line:
        return self.lines[0]


@dataclass(frozen=True)
class Entry:
    """One entry of a list. `checked` is None where there is no box; `lines` hold its text, `blocks` what follows it."""

    at: Line
    checked: bool | None
    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class List:
    ordered: bool
    first: int  # the number of the first entry
    loose: bool  # empty lines between its entries
    entries: tuple[Entry, ...]

    @property
    def at(self) -> Line:
        return self.entries[0].at

    @property
    def boxed(self) -> bool:
        return any(entry.checked is not None for entry in self.entries)


@dataclass(frozen=True)
class Table:
    at: Line
    head: tuple[Line, ...]  # cells
    align: tuple[str, ...]  # "", "left", "center", "right"
    rows: tuple[tuple[Line, ...], ...]  # each as wide as the head
    places: tuple[Line, ...]  # of the rows


@dataclass(frozen=True)
class Quote:
    at: Line
    blocks: tuple[Block, ...]
    callout: str = ""
    title: Line | None = None


@dataclass(frozen=True)
class Fence:
    at: Line
    info: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Rule:
    at: Line


Block = Heading | Paragraph | List | Table | Quote | Fence | Rule

_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+|$)")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE = re.compile(r" {0,3}> ?")
_ITEM = re.compile(r"(?P<indent> {0,3})(?P<mark>[-*+]|(?P<number>\d{1,9})[.)])(?P<space> +|$)")
_BOX = re.compile(r"\[(?P<mark>[ xX])\](?: +|$)")
_DELIMITER = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DEFINITION = re.compile(r"\[[^\[\]]+\]:\s")
_CALLOUT = re.compile(r"\[!(?P<kind>\w+)\][ \t]*")


def blocks(lines: Sequence[Line], report: Report, depth: int = 0) -> tuple[Block, ...]:
    """The blocks of `lines`, in order."""
    found: list[Block] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.blank:
            place += 1
        elif depth >= MAX_DEPTH:
            if _opens_container(line):
                report.error(
                    line,
                    "too-deep",
                    message("Lists and quotes are nested more than %(limit)s deep.", limit=MAX_DEPTH),
                    message("Write it flatter."),
                )
            found.append(Paragraph(tuple(rest for rest in lines[place:] if not rest.blank)))
            break
        else:
            block, place = _block(lines, place, report, depth)
            _check_elsewhere(block, found, report)
            found.append(block)
    return tuple(found)


def _check_elsewhere(block: Block, before: Sequence[Block], report: Report) -> None:
    """What other viewers show otherwise, because we leave that part of Markdown out."""
    if isinstance(block, Rule) and before and isinstance(before[-1], Paragraph):
        last = before[-1].lines[-1]
        if last.number == block.at.number - 1 and block.at.text.strip().strip("-") == "":
            report.error(
                block.at,
                "underlined",
                message("Directly under text this line makes a heading of it in other viewers."),
                message("Put an empty line before it; for a heading write `## …`."),
                report.edit(block.at.cut(0), 0, "\n") if block.at.start == 0 else None,
            )
    if isinstance(block, Paragraph):
        for line in block.lines[1:]:
            if line.text.strip() and not line.text.strip().strip("="):
                report.error(
                    line,
                    "underlined",
                    message("Directly under text this line makes a heading of it in other viewers."),
                    message("Delete it; for a heading write `## …`."),
                )
        for line in block.lines:
            if _DEFINITION.match(line.text):
                report.warning(
                    line,
                    "definition",
                    message("Footnotes and link definitions are shown as they stand."),
                    message("Write the link where it is used: `[text](target)`, and a note in brackets."),
                )


def _opens_container(line: Line) -> bool:
    return bool(_QUOTE.match(line.text) or _ITEM.match(line.text))


def _block(lines: Sequence[Line], place: int, report: Report, depth: int) -> tuple[Block, int]:
    line = lines[place]
    text = line.text
    if match := _FENCE.match(text):
        return _fence(lines, place, match, report)
    if text.startswith(("    ", "\t")):
        return _code(lines, place)
    if match := _HEADING.match(text):
        return _heading(line, match), place + 1
    if _RULE.match(text):
        return Rule(line), place + 1
    if _QUOTE.match(text):
        return _quote(lines, place, report, depth)
    if _ITEM.match(text):
        return _list(lines, place, report, depth)
    if _is_table(lines, place):
        return _table(lines, place, report)
    return _paragraph(lines, place)


def _interrupts(lines: Sequence[Line], place: int) -> bool:
    """Whether line `place` begins a block of its own right after a line of text (CommonMark §4.8)."""
    text = lines[place].text
    if _FENCE.match(text) or _HEADING.match(text) or _RULE.match(text) or _QUOTE.match(text):
        return True
    item = _ITEM.match(text)
    if item and item.end() < len(text) and item["number"] in (None, "1"):
        return True
    return _is_table(lines, place)


def _paragraph(lines: Sequence[Line], place: int) -> tuple[Paragraph, int]:
    end = place + 1
    while end < len(lines) and not lines[end].blank and not _interrupts(lines, end):
        end += 1
    return Paragraph(tuple(_stripped(line) for line in lines[place:end])), end


def _stripped(line: Line) -> Line:
    return line.cut(len(line.text) - len(line.text.lstrip(" \t")))


def _heading(line: Line, match: re.Match[str]) -> Heading:
    text = re.sub(r"(?:^|[ \t]+)#+[ \t]*$", "", line.text)
    rest = line.cropped(max(len(text), match.end())).cut(match.end())
    return Heading(len(match["marks"]), Line(rest.number, rest.start, rest.text.rstrip()), line)


def _fence(lines: Sequence[Line], place: int, match: re.Match[str], report: Report) -> tuple[Fence, int]:
    mark = match["mark"]
    indent = len(lines[place].text) - len(lines[place].text.lstrip(" "))
    close = re.compile(rf" {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
    inner: list[Line] = []
    for end in range(place + 1, len(lines)):
        line = lines[end]
        if close.match(line.text):
            return Fence(lines[place], match["info"].strip(), tuple(inner)), end + 1
        own = len(line.text) - len(line.text.lstrip(" "))
        inner.append(line.cut(min(indent, own)))
    report.error(
        lines[place],
        "fence-open",
        message("The code block that begins here has no end."),
        message("Put a line `%(mark)s` after its last line.", mark=mark),
    )
    return Fence(lines[place], match["info"].strip(), tuple(inner)), len(lines)


def _code(lines: Sequence[Line], place: int) -> tuple[Fence, int]:
    end = place
    while end < len(lines) and (lines[end].blank or lines[end].text.startswith(("    ", "\t"))):
        end += 1
    inner = [line.cut(1 if line.text.startswith("\t") else min(4, len(line.text))) for line in lines[place:end]]
    while inner and inner[-1].blank:
        inner.pop()
    return Fence(lines[place], "", tuple(inner)), end


def _quote(lines: Sequence[Line], place: int, report: Report, depth: int) -> tuple[Quote, int]:
    inner: list[Line] = []
    end = place
    while end < len(lines):
        line = lines[end]
        match = _QUOTE.match(line.text)
        if match:
            inner.append(line.cut(match.end()))
        elif line.blank or _interrupts(lines, end) or not _continues(inner):
            break
        else:
            inner.append(_stripped(line))  # a lazy continuation line
        end += 1
    at = _stripped(lines[place])
    callout = _CALLOUT.match(inner[0].text)
    if callout is None:
        return Quote(at, blocks(inner, report, depth + 1)), end
    kind = callout["kind"].lower()
    if kind not in CALLOUTS:
        report.error(
            inner[0],
            "unknown-callout",
            message("There is no box `[!%(kind)s]`.", kind=kind),
            message("Possible: %(words)s", words=tuple(f"`[!{name}]`" for name in CALLOUTS)),
        )
        kind = "note"
    title = inner[0].cut(callout.end())
    return Quote(at, blocks(inner[1:], report, depth + 1), kind, None if title.blank else title), end


def _continues(inner: Sequence[Line]) -> bool:
    """Whether a line without its mark goes on the text before it: only where that is plain text."""
    last = inner[-1]
    return (
        not last.blank and not _FENCE.match(last.text) and not _HEADING.match(last.text) and not _RULE.match(last.text)
    )


def _list(lines: Sequence[Line], place: int, report: Report, depth: int) -> tuple[List, int]:
    first = _ITEM.match(lines[place].text)
    assert first is not None
    kind = first["mark"][-1]
    entries: list[Entry] = []
    loose = False
    gap = False
    while place < len(lines):
        match = _ITEM.match(lines[place].text)
        if match is None or match["mark"][-1] != kind or _RULE.match(lines[place].text):
            break
        loose = loose or gap
        entry, place, gap, inner_loose = _entry(lines, place, match, report, depth)
        loose = loose or inner_loose
        entries.append(entry)
    return List(first["number"] is not None, int(first["number"] or 1), loose, tuple(entries)), place


def _entry(
    lines: Sequence[Line], place: int, match: re.Match[str], report: Report, depth: int
) -> tuple[Entry, int, bool, bool]:
    """The entry that begins at `place`, the place after it, whether an empty line ends it, and whether one is inside."""
    at = lines[place].cut(len(match["indent"]))
    space = len(match["space"])
    width = len(match["indent"]) + len(match["mark"]) + (space if 1 <= space <= 4 else 1)
    inner = [lines[place].cut(min(width, len(lines[place].text)))]
    end = place + 1
    while end < len(lines):
        line = lines[end]
        if line.blank:
            if end == place + 1 and inner[0].blank:
                break  # an entry that begins with an empty line ends with the second one
            inner.append(line.cut(len(line.text)))
        elif len(line.text) - len(line.text.lstrip(" ")) >= width:
            inner.append(line.cut(width))
        elif inner[-1].blank or _interrupts(lines, end) or _ITEM.match(line.text) or not _continues(inner):
            break
        else:
            inner.append(_stripped(line))
        end += 1
    gap = False
    while inner and len(inner) > 1 and inner[-1].blank:
        inner.pop()
        gap = True
    checked: bool | None = None
    box = _BOX.match(inner[0].text)
    if box:
        checked = box["mark"] != " "
        inner[0] = inner[0].cut(box.end())
    children = blocks(inner, report, depth + 1)
    own: tuple[Line, ...] = ()
    if children and isinstance(children[0], Paragraph) and not inner[0].blank:
        own = children[0].lines
        children = children[1:]
    return Entry(at, checked, own, children), end, gap, _separated(inner, children)


def _separated(inner: Sequence[Line], children: Sequence[Block]) -> bool:
    """Whether an empty line stands directly between two blocks of the entry, not within one of them."""
    starts = {child.at.number for child in children}
    return any(line.blank and n + 1 < len(inner) and inner[n + 1].number in starts for n, line in enumerate(inner))


def _is_table(lines: Sequence[Line], place: int) -> bool:
    return (
        place + 1 < len(lines)
        and "|" in lines[place].text
        and "-" in lines[place + 1].text
        and len(lines[place + 1].text) < 2000
        and "|" in lines[place + 1].text
        and _DELIMITER.match(lines[place + 1].text) is not None
        and len(cells(lines[place])) == len(cells(lines[place + 1]))
    )


def cells(line: Line) -> list[Line]:
    """The cells of a table's row, each trimmed; `\\|` does not part them, every other `|` does (GFM 4.10)."""
    text = line.text
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if text[start:end].startswith("|"):
        start += 1
    marks = [m.start() for m in re.finditer(r"(?<!\\)\|", text[:end]) if m.start() >= start]
    if marks and marks[-1] == end - 1 and end - 1 >= start:
        end -= 1
        marks.pop()
    found: list[Line] = []
    for stop in [*marks, end]:
        raw = text[start:stop]
        lead = len(raw) - len(raw.lstrip())
        found.append(Line(line.number, line.start + start + lead, raw.strip()))
        start = stop + 1
    return found


def _table(lines: Sequence[Line], place: int, report: Report) -> tuple[Table, int]:
    head = cells(lines[place])
    align = tuple(_alignment(cell.text) for cell in cells(lines[place + 1]))
    if len(head) > MAX_COLUMNS:
        report.error(
            lines[place], "table-too-wide", message("A table has at most %(limit)s columns.", limit=MAX_COLUMNS)
        )
    rows: list[tuple[Line, ...]] = []
    places: list[Line] = []
    end = place + 2
    while end < len(lines) and not lines[end].blank and not _starts_other(lines[end].text):
        row = cells(lines[end])
        if len(row) > len(head):
            report.error(
                row[len(head)],
                "table-cells",
                message("%(have)s cells here, %(want)s in the table's head.", have=len(row), want=len(head)),
                message("Delete what is too much; inside a cell write `\\|` with a backslash."),
            )
        end_cell = lines[end].cut(len(lines[end].text))
        rows.append(tuple((row + [end_cell] * len(head))[: len(head)]))
        places.append(lines[end])
        end += 1
    return Table(lines[place], tuple(head), align, tuple(rows), tuple(places)), end


def _starts_other(text: str) -> bool:
    return bool(
        _FENCE.match(text) or _HEADING.match(text) or _RULE.match(text) or _QUOTE.match(text) or _ITEM.match(text)
    )


def _alignment(mark: str) -> str:
    left, right = mark.startswith(":"), mark.endswith(":")
    return "center" if left and right else "right" if right else "left" if left else ""
