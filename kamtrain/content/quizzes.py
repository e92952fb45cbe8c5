"""Quizzes: questions with their parts, each handed to its type of item."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, TypedDict

from kamtrain.content import reading, schema
from kamtrain.content.blocks import Block, Entry, Heading, List, Paragraph, Quote, Table
from kamtrain.content.clauses import Span, ending
from kamtrain.content.document import Document
from kamtrain.content.frontmatter import Front, Items, Node, Pairs
from kamtrain.content.links import Places
from kamtrain.content.markdown import MAX_MARKS, MAX_RUN, cell_html, clean, joined_lines, piece, text_html
from kamtrain.content.report import Report
from kamtrain.content.script import AS_WRITTEN, Script
from kamtrain.content.sections import Section, split
from kamtrain.content.siblings import Siblings
from kamtrain.content.source import Line
from kamtrain.core import item
from kamtrain.core.message import message
from kamtrain.core.quiz import DIFFICULTIES, Difficulty, Part, Question, Quiz, Rule, allotted
from kamtrain.items import TYPES

KEYS = (
    "id", "title", "kind", "draw", "shuffle", "pass", "attempts", "wait", "counts", "time", "opens", "closes", "feedback",
    "confidence", "competency", "marking", "second", "anonymous",
)  # fmt: skip
OWN: tuple[str, ...] = ()  # keys of a translation, besides those every translation has
CHOICES = ("single", "multiple")
GENERAL = (
    "points",
    "lesson",
    "difficulty",
    "tag",
)  # words that every question may have on its tag line, besides competencies
MAX_POINTS = 100
FEEDBACK: tuple[Literal["now", "end", "window"], ...] = ("now", "end", "window")
MAX_DRAW = 500  # questions of one attempt
RULE_KEYS = ("competency", "difficulty", "lesson", "tag", "count")


class Marking(TypedDict):
    """The part of a quiz's rules that says who marks."""

    marking: Literal["self", "trainer"]
    second: int
    anonymous: bool


@dataclass(frozen=True)
class PartDraft:
    type: str
    prompt: tuple[Block, ...]
    entries: tuple[Entry, ...]
    table: Table | None
    at: Line
    text: tuple[Block, ...] = ()  # what has gaps
    classes: tuple[tuple[Heading, tuple[Entry, ...]], ...] = ()

    @property
    def right(self) -> tuple[str, ...]:
        """The right answers as written: gaps, or entries marked as right."""
        found = gaps_of(self)
        if found:
            return tuple(gap.text for gap in found)
        return tuple(joined_lines(told(entry)[0]) for entry in self.entries if entry.checked)


@dataclass(frozen=True)
class Tags:
    """The words of a question's tag lines. `type` "" is a choice question; `own` holds what its type reads itself."""

    type: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    competencies: tuple[str, ...] = ()
    points: int = 1
    lesson: str = ""
    difficulty: Difficulty | None = None
    free: tuple[str, ...] = ()  # words of the author's own, written as `tag: price`


@dataclass(frozen=True)
class Draft:
    """A question taken apart, not yet rendered. `parts` is empty where it has no answers."""

    section: Section
    tags: Tags
    text: tuple[Block, ...]
    parts: tuple[PartDraft, ...]

    @property
    def type(self) -> str:
        return self.tags.type


@dataclass(frozen=True)
class Sheet:
    """One file taken apart."""

    document: Document
    title: str
    intro: tuple[Block, ...]
    drafts: Mapping[str, Draft]


def sheet(document: Document, report: Report, also: Sequence[str] = ()) -> Sheet:
    """`also`: words with a value that questions of this kind of file may have on their tag lines."""
    intro, sections = split(document.blocks, report, titled=True)
    drafts = {section.id: _draft(section, report, also) for section in sections}
    if not drafts and document.text.lines:
        report.error(
            document.front.at,
            "no-question",
            message("The file has no question."),
            message("Begin each with a line `## my-question: Title`."),
        )
    title = schema.text("title", schema.value(document.front, "title"), report)
    return Sheet(document, title, intro, drafts)


# --- one question -------------------------------------------------------------------------------------------------------


def _draft(section: Section, report: Report, also: Sequence[str]) -> Draft:
    tags = _tags(section, report, also)
    type = tags.type
    text: list[Block] = []
    parts: list[PartDraft] = []
    rest = section.blocks
    if type and type not in CHOICES:
        before, part, rest = _typed(section, TYPES[type])
        text.extend(before)
        parts.append(part)
    prompt: list[Block] = []
    for block in rest:
        if isinstance(block, List) and block.boxed:
            if not parts:
                text, prompt = prompt, []
            parts.append(PartDraft(_choice_type(block, type, report), tuple(prompt), block.entries, None, block.at))
            prompt = []
        else:
            prompt.append(block)
    if not parts:
        text, prompt = prompt, []
        report.error(
            section.at,
            "no-answers",
            message("The question has no answers to choose from."),
            message("Write `- [x]` before a right answer and `- [ ]` before a wrong one."),
        )
    if prompt:
        report.error(
            prompt[0].at,
            "text-after-answers",
            message("This text stands after the answers."),
            message("Put it above them; what is said at the end is a quote: `> …`."),
        )
    if not text and parts and not section.title:
        report.error(section.at, "no-question-text", message("The question asks nothing."))
    for part in parts:
        _check_misuse(part, report)
    return Draft(section, tags, tuple(text), tuple(parts))


def _typed(section: Section, type: item.ItemType) -> tuple[tuple[Block, ...], PartDraft, tuple[Block, ...]]:
    """The text before the answers, the part, and what stands behind it. Where there are no answers, the type says so."""
    blocks = section.blocks
    places = range(len(blocks))
    start, end = len(blocks), len(blocks)
    entries: tuple[Entry, ...] = ()
    table: Table | None = None
    text: tuple[Block, ...] = ()
    classes: list[tuple[Heading, tuple[Entry, ...]]] = []
    if type.shape == "boxes":
        start = next((n for n in places if _boxed(blocks[n])), start)
    elif type.shape == "steps":
        start = max((n for n in places if isinstance(blocks[n], List) and not _boxed(blocks[n])), default=start)
    elif type.shape == "table":
        start = max((n for n in places if isinstance(blocks[n], Table)), default=start)
    elif type.shape == "classes":
        start = next((n for n in places if isinstance(blocks[n], Heading)), start)
    else:
        start = next((n for n in places if _gapped((blocks[n],))[1]), start)
    if start < len(blocks):
        end = start + 1
    if type.shape == "classes":
        while end < len(blocks) and isinstance(blocks[end], (Heading, List)) and not _boxed(blocks[end]):
            end += 1
        classes = _classes(blocks[start:end])
    elif type.shape == "text":
        end = max((n + 1 for n in places if _gapped((blocks[n],))[1]), default=end)
        text = blocks[start:end]
    elif start < len(blocks):
        first = blocks[start]
        entries = first.entries if isinstance(first, List) else ()
        table = first if isinstance(first, Table) else None
    at = blocks[start].at if start < len(blocks) else section.at
    if type.slips and end < len(blocks) and _only_wrong(blocks[end]):
        slips = blocks[end]
        entries = slips.entries if isinstance(slips, List) else ()
        end += 1
    return blocks[:start], PartDraft(type.name, (), entries, table, at, text, tuple(classes)), blocks[end:]


def _boxed(block: Block) -> bool:
    return isinstance(block, List) and block.boxed


def _only_wrong(block: Block) -> bool:
    """A list of known slips. With a right answer in it, it asks a second thing."""
    return isinstance(block, List) and block.boxed and not any(entry.checked for entry in block.entries)


def _classes(blocks: tuple[Block, ...]) -> list[tuple[Heading, tuple[Entry, ...]]]:
    found: list[tuple[Heading, tuple[Entry, ...]]] = []
    for block in blocks:
        if isinstance(block, Heading):
            found.append((block, ()))
        elif isinstance(block, List):
            heading, entries = found[-1]
            found[-1] = heading, (*entries, *block.entries)
    return found


# --- gaps ---------------------------------------------------------------------------------------------------------------

# Bounded, so that marks without a partner cost no more than what they stand before.
_BOLD = re.compile(
    r"(?P<code>`+)(?:.{0,1000}?)(?P=code)|\\.|\*\*(?![\s*])(?P<gap>.{1,400}?)(?<!\s)\*\*(?!\*)", re.DOTALL
)


_MARKS = re.compile(r"[\\`*]")
_HAN_ENDS = re.compile(r"(?<=[\u3400-\u9fff])\n(?=[\u3400-\u9fff])")


def _gapped(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[item.Gap, ...]]:
    """Paragraphs and lists with a mark in place of what is bold in them, and what was."""
    gaps: list[item.Gap] = []

    def lines(found: tuple[Line, ...]) -> tuple[Line, ...]:
        if not found:
            return found
        text = "\n".join(line.text for line in found).replace(item.GAP, "")
        if len(text) > MAX_RUN or len(_MARKS.findall(text)) > MAX_MARKS:
            return found  # said already: it is too long to be read as Markdown

        def gap(match: re.Match[str]) -> str:
            if match["gap"] is None:
                return match[0]
            number = found[0].number + text.count("\n", 0, match.start())
            gaps.append(item.Gap(_one_line(match["gap"]).replace("\\|", "|"), number))
            return item.GAP

        return tuple(Line(found[0].number + n, 0, t) for n, t in enumerate(_BOLD.sub(gap, text).split("\n")))

    def block(one: Block) -> Block:
        if isinstance(one, Paragraph):
            return Paragraph(lines(one.lines))
        if isinstance(one, List):
            entries = tuple(
                replace(entry, lines=lines(entry.lines), blocks=tuple(map(block, entry.blocks)))
                for entry in one.entries
            )
            return replace(one, entries=entries)
        if isinstance(one, Table):
            return replace(one, rows=tuple(tuple(lines((cell,))[0] for cell in row) for row in one.rows))
        return one

    return tuple(map(block, blocks)), tuple(gaps)


def _one_line(text: str) -> str:
    """A gap's text without the ends of its lines; Chinese needs no space there."""
    return _HAN_ENDS.sub("", re.sub(r"[ \t]*\n[ \t]*", "\n", text)).replace("\n", " ")


def gaps_of(part: PartDraft) -> tuple[item.Gap, ...]:
    """What is to be filled in, where the type has gaps."""
    if part.text:
        return _gapped(part.text)[1]
    return _gapped((part.table,))[1] if part.table is not None and TYPES[part.type].slips else ()


def _check_misuse(part: PartDraft, report: Report) -> None:
    for entry in part.entries:
        for block in entry.blocks:
            if isinstance(block, Heading):
                report.error(block.at, "heading-in-entry", message("A heading cannot stand inside an answer."))


def _choice_type(block: List, type: str, report: Report) -> str:
    right = sum(1 for entry in block.entries if entry.checked)
    if type == "single" and right > 1:
        report.error(
            block.at,
            "several-right-answers",
            message("%(count)s answers are marked as right, and the question is `single`.", count=right),
            message("Delete the tag `single`, or mark one answer."),
        )
    return type if type in CHOICES and right <= 1 else "multiple" if right > 1 else "single"


def _tags(section: Section, report: Report, also: Sequence[str]) -> Tags:
    type = lesson = ""
    tags: dict[str, str] = {}
    competencies: list[str] = []
    points = 1
    difficulty: Difficulty | None = None
    free: list[str] = []
    own = sorted({tag for known in TYPES.values() for tag in known.tags} | set(also))
    for clause in section.tags:
        name, value = _key_value(clause)
        if not value and name in TYPES:
            if type and name != type:
                report.error(
                    clause.at,
                    "two-types",
                    message(
                        "The question is `%(first)s` already, and cannot be `%(second)s` too.", first=type, second=name
                    ),
                    message("Keep one of the two."),
                )
            type = type or name
        elif not value and name in schema.COMPETENCIES:
            competencies.append(name)
        elif name == "points":
            points = _points(clause, value, report)
        elif name == "lesson":
            lesson = _lesson(clause, value, report)
        elif name == "difficulty":
            difficulty = _difficulty(value, clause.at, report)
        elif name == "tag":
            if schema.checked_id(value, clause.at, report):
                free.append(value)
        elif name in own:
            tags[name] = value
        elif re.fullmatch(r"[CcＣ]\d{1,3}", name):
            schema.competency(name, clause.at, report)
        else:
            report.error(
                clause.at,
                "unknown-tag",
                message("Unknown word `%(word)s`.", word=clause.text[:60]),
                schema.meant(name, [*TYPES, *GENERAL, *own]),
            )
            guess = schema.nearest(name, TYPES)
            type = type or (guess if guess and not value else "")
    return Tags(type, tags, tuple(dict.fromkeys(competencies)), points, lesson, difficulty, tuple(free))


def _key_value(clause: Span) -> tuple[str, str]:
    match = re.match(r"([^\s:：]+)\s*[:：]\s*(.*)", clause.text)
    return (match[1], match[2].strip()) if match else (clause.text, "")


def _points(clause: Span, value: str, report: Report) -> int:
    if re.fullmatch(r"\d{1,3}", value, re.ASCII) and 1 <= int(value) <= MAX_POINTS:
        return int(value)
    report.error(
        clause.at,
        "bad-points",
        message("`points` takes a whole number from 1 to %(most)s.", most=MAX_POINTS),
        message("Write `points: 2`."),
    )
    return 1


def _lesson(clause: Span, value: str, report: Report) -> str:
    """The id as written; whether there is such a lesson is known with the whole library."""
    if not value:
        report.error(
            clause.at,
            "no-lesson-id",
            message("`lesson` takes the id of a lesson."),
            message("Write `lesson: my-lesson`."),
        )
    return value


def _difficulty(value: str, at: Line, report: Report) -> Difficulty | None:
    for known in DIFFICULTIES:
        if value == known:
            return known
    report.error(
        at,
        "unknown-value",
        message("`%(key)s` cannot be `%(value)s`.", key="difficulty", value=value[:60]),
        schema.meant(value, DIFFICULTIES),
    )
    return None


# --- rendering ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rendering:
    """How the blocks of one file become HTML."""

    language: str
    places: Places
    script: Script = AS_WRITTEN

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        return self.script.html(piece(blocks, self.language, self.places))

    def line(self, line: Line) -> str:
        return self.script.html(clean(text_html((line,)), self.places))

    def lines(self, lines: tuple[Line, ...]) -> str:
        return self.script.html(clean(text_html(lines), self.places))

    def cell(self, cell: Line) -> str:
        return self.script.html(clean(cell_html(cell), self.places))


def told(entry: Entry) -> tuple[tuple[Line, ...], tuple[Span, ...], tuple[Block, ...], tuple[Block, ...]]:
    """An entry's text, the code words at its end, its feedback, and what else stands in it."""
    lines = entry.lines
    spans: tuple[Span, ...] = ()
    if lines:
        last, spans = ending(lines[-1])
        lines = (*lines[:-1], last)
    feedback = tuple(
        inner for block in entry.blocks if isinstance(block, Quote) and not block.callout for inner in block.blocks
    )
    others = tuple(block for block in entry.blocks if not (isinstance(block, Quote) and not block.callout))
    return lines, spans, feedback, others


def _entry(entry: Entry, rendering: Rendering) -> item.Entry:
    lines, spans, feedback, others = told(entry)
    html = rendering.lines(lines)
    if others:
        html = f"{html}\n{rendering.blocks(others)}"
    return item.Entry(
        checked=entry.checked,
        text=rendering.script.text(joined_lines(lines)),
        html=html,
        feedback=rendering.blocks(feedback) if feedback else "",
        tags=tuple(clause.text for span in spans for clause in span.clauses),
        line=entry.at.number,
    )


def _source(
    draft: Draft, part: PartDraft, debrief: str, rendering: Rendering, others: tuple[tuple[str, ...], ...]
) -> item.Source:
    table, written = part.table, part.text
    gaps: tuple[item.Gap, ...] = ()
    if TYPES[part.type].slips:
        blocks, gaps = _gapped(written if table is None else (table,))
        if table is None:
            written = blocks
        elif isinstance(blocks[0], Table):
            table = blocks[0]
    rows: tuple[item.Row, ...] = ()
    head: tuple[str, ...] = ()
    if table is not None:
        head = tuple(rendering.cell(cell) for cell in table.head)
        rows = tuple(
            item.Row(
                tuple(rendering.script.text(cell.text) for cell in row),
                tuple(rendering.cell(cell) for cell in row),
                at.number,
            )
            for row, at in zip(table.rows, table.places, strict=True)
        )
    return item.Source(
        entries=tuple(_entry(entry, rendering) for entry in part.entries),
        head=head,
        rows=rows,
        text=rendering.blocks(written) if written else "",
        gaps=tuple(replace(gap, text=rendering.script.text(gap.text)) for gap in gaps),
        classes=tuple(
            item.Class(
                rendering.line(heading.text),
                rendering.script.text(heading.text.text.strip()),
                tuple(_entry(entry, rendering) for entry in entries),
                heading.at.number,
            )
            for heading, entries in part.classes
        ),
        others=others,
        tags=draft.tags.own,
        debrief=debrief,
        line=part.at.number,
    )


Amend = Callable[[Draft, int, item.Source], item.Source]  # a part's place in the question, and what its type reads


def _as_written(draft: Draft, place: int, source: item.Source) -> item.Source:
    return source


def rendered(
    draft: Draft,
    rendering: Rendering,
    competencies: tuple[str, ...],
    report: Report,
    others: Sequence[Draft] = (),
    amended: Amend = _as_written,
) -> Question | None:
    """The question in one language; None where it cannot be asked (which the report says, or a note has said).

    `others` is the same question in the other languages; `amended` may change what its author wrote before it is read.
    """
    debrief = rendering.blocks(draft.section.debrief.blocks) if draft.section.debrief else ""
    parts: list[Part] = []
    for place, part in enumerate(draft.parts):
        same = tuple(other.parts[place].right for other in others if place < len(other.parts))
        source = amended(draft, place, _source(draft, part, debrief, rendering, same))
        parsed, faults = TYPES[part.type].parse(source)
        for fault in faults:
            say = report.error if fault.fatal else report.warning
            say(_line(report, fault.line), fault.code, fault.message, fault.mend)
        if parsed is not None:
            prompt = rendering.blocks(part.prompt) if place else ""
            parts.append(Part(part.type, parsed, prompt))
    if not parts or len(parts) < len(draft.parts):
        return None
    return Question(
        id=draft.section.id,
        title=rendering.script.text(draft.section.title),
        text=rendering.blocks(draft.text),
        parts=tuple(parts),
        debrief=debrief,
        competencies=draft.tags.competencies or competencies,
        points=draft.tags.points,
        language=rendering.script.tag(rendering.language),
        lesson=draft.tags.lesson,
        difficulty=draft.tags.difficulty,
        tags=draft.tags.free,
    )


def _line(report: Report, number: int) -> Line:
    lines = report.text.lines
    if not 1 <= number <= len(lines):
        return Line(max(1, number), 0, "")
    line = lines[number - 1]
    return line.cut(len(line.text) - len(line.text.lstrip()))


# --- the whole quiz -----------------------------------------------------------------------------------------------------


def rules(document: Document, report: Report) -> Quiz:
    """The front matter's rules as a quiz without questions."""
    front = document.front
    value = partial(schema.value, front)
    shuffle = dict(schema.words("shuffle", value("shuffle"), report))
    for word, at in shuffle.items():
        if word not in ("items", "options"):
            report.error(
                at,
                "unknown-value",
                message("`%(key)s` cannot be `%(value)s`.", key="shuffle", value=word),
                schema.meant(word, ("items", "options")),
            )
    draw, drawing = _draw(value("draw"), report)
    counts = schema.one_of("counts", value("counts"), ("best", "last"), report, "best")
    feedback = schema.one_of("feedback", value("feedback"), FEEDBACK, report, "end")
    opens, closes = (
        schema.wall("opens", value("opens"), report),
        schema.wall("closes", value("closes"), report, end=True),
    )
    if "closes" in front.values:
        schema.in_order(opens, closes, front.values["closes"][1].at, report)
    return Quiz(
        id="",
        language=document.language,
        title="",
        intro="",
        questions=(),
        draw=draw,
        rules=tuple(rule for rule, _ in drawing),
        shuffle_items="items" in shuffle,
        shuffle_options="options" in shuffle,
        passing=schema.number("pass", value("pass"), report, 1, 100),
        attempts=schema.number("attempts", value("attempts"), report, 1, 1000),
        counts="last" if counts == "last" else "best",
        feedback=next(word for word in FEEDBACK if word == feedback),
        confidence=schema.flag("confidence", value("confidence"), report),
        wait=schema.span("wait", value("wait"), report, "1 h") or 0,
        time=schema.span("time", value("time"), report, "20 min"),
        opens=opens,
        closes=closes,
        **_marking(front, report),
    )


def _marking(front: Front, report: Report) -> Marking:
    """Who marks, and what only a trainer's marks have."""
    by = schema.one_of("marking", schema.value(front, "marking"), ("self", "trainer"), report, "self")
    for key in ("second", "anonymous"):
        if by == "self" and key in front.values:
            report.error(
                front.values[key][0].at,
                "no-trainer",
                message("`%(key)s` is about answers that a trainer marks.", key=key),
                message("Write `marking: trainer`, or delete it."),
            )
    return {
        "marking": "trainer" if by == "trainer" else "self",
        "second": schema.share("second", schema.value(front, "second"), report),
        "anonymous": schema.flag("anonymous", schema.value(front, "anonymous"), report),
    }


def _draw(node: Node | None, report: Report) -> tuple[int | None, tuple[tuple[Rule, Line], ...]]:
    """`draw` as a number, or as rules with their places."""
    if not isinstance(node, Items):
        if isinstance(node, Pairs):  # one rule without the list around it
            node = Items((node,), node.at)
        else:
            return schema.number("draw", node, report, 1, MAX_DRAW), ()
    found: list[tuple[Rule, Line]] = []
    for one in node.items:
        rule = _rule(one, report)
        if rule is not None:
            found.append((rule, one.at))
    return None, tuple(found)


def _rule(node: Node, report: Report) -> Rule | None:
    if not isinstance(node, Pairs):
        report.error(
            node.at,
            "wrong-kind",
            message("`draw` takes a number, or a list of rules."),
            message("Write `draw: 5`, or `draw: [{competency: C06, count: 3}, {difficulty: hard, count: 2}]`."),
        )
        return None
    values = {key.text: value for key, value in node.pairs if not schema.unknown_key(key, RULE_KEYS, report)}
    if "count" not in values:
        report.error(
            node.at,
            "no-count",
            message("This rule does not say how many questions it draws."),
            message("Write `count: 3` in it."),
        )
    codes = schema.competencies("competency", values.get("competency"), report)
    level = values.get("difficulty")
    tag = values.get("tag")
    return Rule(
        count=schema.number("count", values.get("count"), report, 1, MAX_DRAW) or 1,
        competency=codes[0] if codes else "",
        difficulty=_difficulty(schema.text("difficulty", level, report), level.at, report) if level else None,
        lesson=schema.text("lesson", values.get("lesson"), report),
        tag=schema.identity("tag", tag, report) if tag else "",
    )


def _words(rule: Rule) -> str:
    """What a rule asks for, as it was written."""
    named = [(key, getattr(rule, key)) for key in RULE_KEYS[:-1]]
    return ", ".join(f"{key}: {value}" for key, value in named if value)


def _check_pool(front: Front, questions: Sequence[Question], report: Report) -> None:
    """Whether there are as many questions as every attempt draws."""
    node = schema.value(front, "draw")
    draw, drawing = _draw(node, Report(report.text))
    if node is not None and draw is not None and draw > len(questions):
        report.error(
            node.at,
            "draw-too-many",
            message("`draw` is %(draw)s, and there are %(count)s questions.", draw=draw, count=len(questions)),
            message("Write at most %(count)s, or delete it to ask them all.", count=len(questions)),
        )
    short = False
    for rule, at in drawing:
        have = sum(1 for question in questions if rule.takes(question))
        if have < rule.count:
            short = True
            report.error(
                at,
                "pool-too-small",
                message(
                    "This rule draws %(want)s questions, and %(have)s have `%(words)s`.",
                    want=rule.count,
                    have=have,
                    words=_words(rule),
                )
                if _words(rule)
                else message("This rule draws %(want)s questions, and there are %(have)s.", want=rule.count, have=have),
                message("Write more such questions, or a smaller `count`."),
            )
    if short:
        return
    rules = [rule for rule, _ in drawing]
    for (rule, at), places in zip(drawing, allotted(questions, rules, random.Random(0)), strict=True):  # nosec B311
        if len(places) < rule.count:
            report.error(
                at,
                "pool-too-small",
                message(
                    "This rule draws %(want)s questions, and the other rules leave it %(have)s.",
                    want=rule.count,
                    have=len(places),
                ),
                message("No question is drawn twice: write more of them, or a smaller `count`."),
            )


def built(
    siblings: Siblings, sheets: Mapping[str, Sheet], language: str, script: Script, reports: Mapping[str, Report]
) -> Quiz:
    """The quiz in the language of one of its `sheets`; a question missing in it stands in the language it follows."""
    first = siblings.first
    report = reports[first.language]
    base = rules(first, report)
    competencies = schema.competencies("competency", schema.value(first.front, "competency"), report)
    own = sheets[language]
    rendering = Rendering(language, siblings.places, script)
    leading = Rendering(first.language, siblings.places)
    questions: list[Question] = []
    for id, draft in sheets[first.language].drafts.items():
        # 繁體 is made from 简体, whose own words then count as another language's.
        made = {language} if script.language is None else set()
        others = [other.drafts[id] for tag, other in sheets.items() if id in other.drafts and tag not in made]
        if id in own.drafts:
            asked = draft.tags.competencies or competencies
            question = rendered(own.drafts[id], rendering, asked, reports[language], others)
        else:
            question = rendered(draft, leading, competencies, first.report, others)
        if question is not None:
            questions.append(replace(question, points=draft.tags.points))
    if language == first.language and len(questions) == len(own.drafts):
        _check_pool(first.front, questions, report)
    intro = own.intro if own.intro else sheets[first.language].intro
    return replace(
        base,
        id=siblings.id,
        language=script.tag(language),
        title=script.text(own.title),
        intro=rendering.blocks(intro),
        questions=tuple(questions),
    )


def seconds(quiz: Quiz) -> int:
    """Reading and answering what one attempt draws."""
    total = 0
    for question in quiz.questions:
        total += reading.seconds(question.text)
        total += sum(map(_answering, question.parts))
    if quiz.asked < len(quiz.questions):
        total = total * quiz.asked // len(quiz.questions)
    return total + reading.seconds(quiz.intro)


def _answering(part: Part) -> int:
    if part.type == "open":
        return reading.WRITTEN
    return max(reading.CHOICE, reading.GAP * len(getattr(part.item, "gaps", ())))


def lessons(sheet: Sheet) -> list[Span]:
    """The lessons that questions name, with their places."""
    return [
        Span(value, clause.at)
        for draft in sheet.drafts.values()
        for clause in draft.section.tags
        for name, value in [_key_value(clause)]
        if name == "lesson" and value
    ]


def misconceptions(sheet: Sheet) -> list[Span]:
    """The tags of wrong options, with their places."""
    return [
        clause
        for draft in sheet.drafts.values()
        for part in draft.parts
        for entry in (*part.entries, *(statement for _, entries in part.classes for statement in entries))
        for span in told(entry)[1]
        for clause in span.clauses
    ]
