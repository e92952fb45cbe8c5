"""Lessons: blocks under headings, paired with their translation block by block."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from kamtrain.content import drawings, reading, schema
from kamtrain.content.blocks import Block, Fence, Heading, List, Paragraph, Quote, Rule, Table
from kamtrain.content.document import Document
from kamtrain.content.links import Places, card, drawing
from kamtrain.content.markdown import clean, inline, piece
from kamtrain.content.report import Report
from kamtrain.content.script import Script
from kamtrain.content.siblings import Siblings
from kamtrain.content.source import Line
from kamtrain.core.catalog import Basis, Card, Html, Lesson, LessonText
from kamtrain.core.catalog import Block as Piece
from kamtrain.core.catalog import Heading as Anchor
from kamtrain.core.message import message

KEYS = ("id", "title", "minutes", "objectives", "competencies", "requires", "basis", "sources")
PAGES = re.compile(r"(?:main|edit-form)$|(?:term|studio|[efhmps])-")  # ids of the pages a lesson is shown on
OWN = ("objectives",)
BASES: tuple[Basis, ...] = ("source", "practice", "reading")


@dataclass(frozen=True)
class Part:
    """What stands under one heading; `heading` None: before the first one."""

    heading: Heading | None
    blocks: tuple[Block, ...]

    @property
    def at(self) -> Line | None:
        return self.heading.text if self.heading else None


def parts(body: Sequence[Block]) -> tuple[Part, ...]:
    """The body by its headings; the first part has none and may be empty."""
    found: list[tuple[Heading | None, list[Block]]] = [(None, [])]
    for block in body:
        if isinstance(block, Heading):
            found.append((block, []))
        else:
            found[-1][1].append(block)
    return tuple(Part(heading, tuple(blocks)) for heading, blocks in found)


def kind(block: Block) -> str:
    """What a block is, for pairing: blocks of one kind stand for each other."""
    match block:
        case Paragraph():
            found = card(block)
            return f"card {found[0]}:{found[1]}" if found else "paragraph"
        case List():
            return "numbered list" if block.ordered else "list"
        case Table():
            return "table"
        case Quote():
            return f"box [!{block.callout}]" if block.callout else "quote"
        case Fence():
            return "code"
        case Rule():
            return "rule"
        case _:
            return "heading"


def paired(first: Sequence[Block], own: Sequence[Block]) -> list[tuple[Block | None, Block | None]]:
    """Blocks side by side, from the start: what one of them lacks stands beside None."""
    found: list[tuple[Block | None, Block | None]] = []
    left, right = 0, 0
    while left < len(first) and right < len(own):
        if kind(first[left]) == kind(own[right]):
            found.append((first[left], own[right]))
            left, right = left + 1, right + 1
        elif any(kind(block) == kind(own[right]) for block in first[left + 1 : left + 20]):
            found.append((first[left], None))
            left += 1
        else:
            found.append((None, own[right]))
            right += 1
    found.extend((block, None) for block in first[left:])
    found.extend((None, block) for block in own[right:])
    return found


# --- rendering ----------------------------------------------------------------------------------------------------------


def built(siblings: Siblings, language: str, script: Script) -> LessonText:
    """The lesson in the language of one of its files; a block missing in it stands in the language it follows."""
    first = siblings.first
    own = next(document for document in siblings.documents if document.language == language)
    report = own.report
    pieces: list[Piece] = []
    headings: list[Anchor] = []
    used: dict[str, int] = {}
    leading, mine = parts(first.blocks), parts(own.blocks)
    for place, part in enumerate(leading):
        other = mine[place] if place < len(mine) else None
        if part.heading is not None:
            anchor = _anchor(part.heading, used)
            shown = other.heading if other and other.heading else part.heading
            tag = script.tag(language) if other else first.language
            spoken = script.html if other else str
            text = spoken(clean(inline(shown.text.text.strip()), Places()))
            level = max(2, part.heading.level)
            pieces.append(Html(f'<h{level} id="{anchor}">{text}</h{level}>', tag))
            headings.append(Anchor(level, anchor, unescape(re.sub(r"<[^>]*>", "", text))))
        pairs = paired(part.blocks, other.blocks if other else ())
        for there, here in pairs:
            if here is not None:
                pieces.append(_piece(here, language, siblings.places, script))
            elif there is not None:
                pieces.append(_piece(there, first.language, siblings.places, Script()))
    for part in mine[len(leading) :]:
        blocks: tuple[Block, ...] = ((part.heading,) if part.heading else ()) + part.blocks
        pieces.extend(_piece(block, language, siblings.places, script) for block in blocks)
    title = schema.text("title", schema.value(own.front, "title"), report)
    html = " ".join(piece.html if isinstance(piece, Html) else piece.text for piece in pieces)
    latin, han = reading.words(html)
    return LessonText(
        language=script.tag(language),
        title=script.text(title),
        objectives=tuple(script.text(text) for text in _objectives(siblings, own)),
        blocks=_merged(pieces),
        headings=tuple(headings),
        terms=tuple(dict.fromkeys(link.rest for d in (own, first) for link in d.links if link.scheme == "term")),
        words=han if han > latin else latin,
        minutes=reading.minutes(reading.seconds(html)),
    )


def _objectives(siblings: Siblings, own: Document) -> tuple[str, ...]:
    for document in (own, siblings.first):
        node = schema.value(document.front, "objectives")
        if node is not None:
            report = siblings.reports[document.language]
            return tuple(
                text
                for item in schema.items("objectives", node, report)
                if (text := schema.text("objectives", item, report))
            )
    return ()


def anchors(document: Document) -> list[str]:
    """The anchor of each heading."""
    used: dict[str, int] = {}
    return [_anchor(block, used) for block in document.blocks if isinstance(block, Heading)]


def _anchor(heading: Heading, used: dict[str, int]) -> str:
    """The heading's words in small letters, joined by hyphens; a number where that stands already.

    Never one of the page's own: an author's heading must not take the place that a link or a script looks for.
    """
    plain = re.sub(r"<[^>]*>", "", clean(inline(heading.text.text.strip()), Places()))
    slug = "-".join(re.findall(r"[^\W_]+", unescape(plain).lower()))[:80] or "part"
    if PAGES.match(slug):
        slug = f"part-{slug}"
    anchor = slug
    while anchor in used:
        used[slug] += 1
        anchor = f"{slug}-{used[slug]}"
    used[anchor] = 1
    return anchor


def _piece(block: Block, language: str, places: Places, script: Script) -> Piece:
    found = card(block) if isinstance(block, Paragraph) else None
    if found is not None:
        text = unescape(re.sub(r"<[^>]*>", "", clean(inline(found[2]), Places())))
        return Card(found[0], found[1], script.text(text), script.tag(language))
    picture = drawing(block) if isinstance(block, Paragraph) else None
    drawn = places.drawings.get(picture.target) if picture is not None else None
    if picture is not None and drawn is not None and drawn.root is not None:
        return Html(drawings.figure(drawn.root, picture.alt, picture.caption, language, script), script.tag(language))
    return Html(script.html(piece((block,), language, places)), script.tag(language))


def _merged(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Neighbouring HTML in one language as one piece."""
    found: list[Piece] = []
    waiting: list[str] = []
    language = ""
    for one in pieces:
        if isinstance(one, Html) and (not waiting or one.language == language):
            waiting.append(one.html)
            language = one.language
            continue
        if waiting:
            found.append(Html("\n".join(waiting), language))
            waiting = []
        if isinstance(one, Html):
            waiting, language = [one.html], one.language
        else:
            found.append(one)
    if waiting:
        found.append(Html("\n".join(waiting), language))
    return tuple(found)


def lesson(siblings: Siblings, course: str, script: Callable[[str], Script]) -> Lesson:
    """The lesson in all languages it has files for."""
    front = siblings.first.front
    report = siblings.reports[siblings.first.language]
    basis = schema.one_of("basis", schema.value(front, "basis"), BASES, report, "practice")
    schema.number("minutes", schema.value(front, "minutes"), report, 1, 600)
    for document in siblings.documents:
        _check_headings(document, siblings.reports[document.language])
    texts: Mapping[str, LessonText] = {
        document.language: built(siblings, document.language, script(document.language))
        for document in siblings.documents
    }
    return Lesson(
        id=siblings.id,
        course=course,
        texts=texts,
        competencies=schema.competencies("competencies", schema.value(front, "competencies"), report),
        requires=tuple(word for word, _ in schema.words("requires", schema.value(front, "requires"), report)),
        basis=next(known for known in BASES if known == basis),
        sources=tuple(word for word, _ in schema.words("sources", schema.value(front, "sources"), report)),
    )


def _check_headings(document: Document, report: Report) -> None:
    if not document.blocks and document.text.lines:
        report.error(
            document.front.at,
            "no-body",
            message("The lesson has no text."),
            message("Write it below the second `---`."),
        )
    level = 1
    for part in parts(document.blocks):
        heading = part.heading
        if heading is None:
            continue
        if heading.level == 1:
            report.warning(
                heading.at,
                "heading-level",
                message("A heading with one `#` stands beside the title of the lesson, which is in the front matter."),
                message("Write `##`."),
                report.edit(heading.at.cut(len(heading.at.text) - len(heading.at.text.lstrip())), 1, "##"),
            )
        elif heading.level > level + 1:
            report.warning(
                heading.at,
                "heading-level",
                message("A level is left out between this heading and the one before it."),
                message("Write `%(marks)s`.", marks="#" * (level + 1)),
            )
        level = max(2, heading.level)
        if not heading.text.text.strip():
            report.error(heading.at, "empty-heading", message("This heading has no text."))
