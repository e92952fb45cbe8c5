"""The `##` sections of quizzes and scenarios: heading, tag lines, blocks, and the quote that ends them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kamtrain.content.blocks import Block, Heading, Paragraph, Quote
from kamtrain.content.clauses import Span, tagline
from kamtrain.content.report import Report
from kamtrain.content.schema import ID, checked_id
from kamtrain.content.source import Line
from kamtrain.core.message import message

_TITLED = re.compile(r"(?P<id>[^\s:：]+)\s*(?:：\s*|:(?:\s+|$))(?P<title>.*)")


@dataclass(frozen=True)
class Section:
    at: Line  # its heading's text
    id: str
    title: str
    lines: tuple[tuple[Span, ...], ...]  # tag lines
    blocks: tuple[Block, ...]
    debrief: Quote | None

    @property
    def tags(self) -> tuple[Span, ...]:
        """The clauses of all tag lines."""
        return tuple(clause for line in self.lines for span in line for clause in span.clauses)


def split(body: Sequence[Block], report: Report, *, titled: bool) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    """What stands before the first section, and the sections. `titled`: headings are `## id: Title`, else `## id`."""
    intro: list[Block] = []
    parts: list[tuple[Heading, list[Block]]] = []
    for block in body:
        if isinstance(block, Heading) and block.level <= 2:
            if block.level == 1:
                report.error(
                    block.at,
                    "heading-level",
                    message("A heading with one `#` has no meaning here: the title stands in the front matter."),
                    message("Write `##`."),
                    report.edit(block.at, len(block.at.text) - len(block.at.text.lstrip("# ")), "## "),
                )
            parts.append((block, []))
        elif parts:
            parts[-1][1].append(block)
        else:
            intro.append(block)
    sections: dict[str, Section] = {}
    for heading, inner in parts:
        section = _section(heading, inner, report, titled)
        if section is None:
            continue
        known = sections.get(section.id)
        if known is not None:
            report.error(
                section.at,
                "duplicate-id",
                message("The id `%(id)s` stands in line %(line)s already.", id=section.id, line=known.at.number),
                message("Give this one another id."),
            )
        else:
            sections[section.id] = section
    return tuple(intro), tuple(sections.values())


def _section(heading: Heading, inner: list[Block], report: Report, titled: bool) -> Section | None:
    raw = heading.text.text.strip()
    match = _TITLED.fullmatch(raw)
    id = match["id"] if match else raw
    title = match["title"].strip() if match else ""
    if titled and (match is None or not title):
        if match is None and not ID.fullmatch(raw):
            report.error(
                heading.text,
                "no-id",
                message("The id of this question is missing."),
                message("Write it before the title: `## my-question: %(title)s`.", title=raw[:60]),
            )
            return None
        report.error(
            heading.text,
            "no-title",
            message("The title of this question is missing."),
            message("Write it after the id: `## %(id)s: Title`.", id=id[:60]),
        )
    elif not titled and title:
        report.error(
            heading.text,
            "scene-title",
            message("The heading of a scene holds nothing but its id."),
            message("Write `## %(id)s`, and the rest as text under it.", id=id[:60]),
        )
    if not checked_id(id, heading.text, report):
        return None
    lines, blocks = _tagged(inner, report)
    debrief = blocks.pop() if blocks and isinstance(blocks[-1], Quote) and not blocks[-1].callout else None
    return Section(heading.text, id, title, lines, tuple(blocks), debrief if isinstance(debrief, Quote) else None)


def _tagged(inner: Sequence[Block], report: Report) -> tuple[tuple[tuple[Span, ...], ...], list[Block]]:
    """The tag lines and the blocks without them. A tag line may be followed at once by text."""
    found: list[tuple[Span, ...]] = []
    rest: list[Block] = []
    for block in inner:
        if not isinstance(block, Paragraph):
            rest.append(block)
            continue
        count = 0
        for line in block.lines:
            spans = tagline(line)
            if not spans:
                break
            count += 1
            found.append(spans)
        if count and rest:
            report.warning(
                block.at,
                "late-tags",
                message("These words for the program stand below the text."),
                message("Put them right under the heading."),
            )
        if count < len(block.lines):
            rest.append(Paragraph(block.lines[count:]))
    return tuple(found), rest
