"""Negotiation tables: issues with a worth for each side, buyers with their marks, and what is said at each event."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kamtrain.content import reading, schema
from kamtrain.content.blocks import Block, List, Paragraph
from kamtrain.content.clauses import variant_of
from kamtrain.content.document import Document
from kamtrain.content.frontmatter import Items, Node, Pairs, Scalar
from kamtrain.content.quizzes import Rendering
from kamtrain.content.report import Report
from kamtrain.content.script import Script
from kamtrain.content.sections import Section, split
from kamtrain.content.siblings import Siblings, plain
from kamtrain.content.source import Line
from kamtrain.core import negotiation as rules
from kamtrain.core.message import Message, message
from kamtrain.core.negotiation import MANNERS, MOST_TURNS, Buyer, Issue, Option, Range, Table
from kamtrain.core.scenario import BASE

KEYS = (
    "id", "title", "kind", "competencies", "turns", "you", "grades", "issues", "names", "choices", "units", "buyers", "zone",
    "minutes",
)  # fmt: skip
OWN = ("names", "choices", "units", "buyers")  # keys of a translation, besides those every translation has
BUYER = ("name", "post", "pressure", "opening", "target", "walk-away", "pair")
BUYER_OWN = ("name", "post", "pressure")  # what a translation says itself
ISSUE = ("range", "yours", "theirs")
DEBRIEF = "debrief"
MOST_OPTIONS = 100  # of one issue
POINTS = 100  # all of a side's best options together
TENTHS = rules.WHOLE // POINTS

NEEDED = ("opening", "first", "trade", "gift", "hold", "harder", "pause", "again", "deadlock", "thaw", *rules.ENDS)
PAIRED = ("pair", "pair-fed", "pair-settled")

_RANGE = re.compile(r"(\d{1,7})\s+to\s+(\d{1,7})\s+by\s+(\d{1,7})", re.ASCII)
_SPAN = re.compile(r"(\d{1,3})\s+to\s+(\d{1,3})", re.ASCII)


@dataclass(frozen=True)
class IssueDraft:
    id: str
    at: Line
    numbers: Range | None
    yours: tuple[int, ...]  # tenths of a point
    theirs: tuple[int, ...]


@dataclass(frozen=True)
class Frame:
    """The front matter of the first file: everything that is counted. Points in tenths."""

    turns: int
    target: int
    limit: int
    strong: int
    acceptable: int
    zone: bool
    issues: tuple[IssueDraft, ...]
    buyers: Mapping[str, Buyer]  # by style, the first one is `BASE`
    styles: Mapping[str, Line]
    minutes: int | None
    competencies: tuple[str, ...] = ()

    @property
    def variants(self) -> tuple[str, ...]:
        return tuple(name for name in self.buyers if name != BASE)

    @property
    def events(self) -> tuple[str, ...]:
        """Everything that something must be said at."""
        pairs = PAIRED if any(buyer.pair for buyer in self.buyers.values()) else ()
        return (*NEEDED, *(f"ask-{issue.id}" for issue in self.issues), *pairs)


@dataclass(frozen=True)
class Sheet:
    document: Document
    title: str
    intro: tuple[Block, ...]
    words: Mapping[str, Section]
    debrief: tuple[Block, ...]
    names: Mapping[str, str]
    units: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    persons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # style -> name, post, pressure


# --- front matter -------------------------------------------------------------------------------------------------------


def frame(document: Document, report: Report) -> Frame:
    front = document.front
    turns = schema.number("turns", schema.value(front, "turns"), report, 3, MOST_TURNS)
    if turns is None and "turns" not in front.values:
        report.error(
            document.front.at, "no-turns", message("The number of turns is missing."), message("Write `turns: 8`.")
        )
    you = _numbers("you", front.values.get("you"), ("target", "walk-away"), report)
    if len(you) < 2:
        report.error(
            document.at("you"),
            "no-marks",
            message("`you` needs a target and a walk-away, in points of 100."),
            message("Write `you: {target: 70, walk-away: 35}`."),
        )
    elif you["target"] < you["walk-away"]:
        _out_of_order(document.at("you"), report)
    grades = _numbers("grades", front.values.get("grades"), ("strong", "acceptable"), report)
    strong, acceptable = grades.get("strong", 60), grades.get("acceptable", 30)
    if acceptable > strong:
        report.error(
            document.at("grades"),
            "grades-order",
            message("An acceptable result asks for more than a strong one."),
            message("Write `grades: {strong: 60, acceptable: 30}`."),
        )
    issues = _issues(document, report)
    buyers, styles = _buyers(document, turns or MOST_TURNS, report)
    zone = schema.one_of("zone", schema.value(front, "zone"), ("none",), report)
    return Frame(
        turns=turns or 8,
        target=TENTHS * you.get("target", 0),
        limit=TENTHS * you.get("walk-away", 0),
        strong=strong,
        acceptable=acceptable,
        zone=zone != "none",
        issues=issues,
        buyers=buyers,
        styles=styles,
        minutes=schema.number("minutes", schema.value(front, "minutes"), report, 1, 600),
        competencies=schema.competencies("competencies", schema.value(front, "competencies"), report),
    )


def _numbers(
    key: str, pair: tuple[Scalar, Node] | None, known: Sequence[str], report: Report, high: int = POINTS
) -> dict[str, int]:
    """The whole numbers under a key."""
    if pair is None:
        return {}
    node = pair[1]
    if not isinstance(node, Pairs):
        report.error(node.at, "wrong-kind", message("`%(key)s` takes %(parts)s.", key=key, parts=tuple(known)))
        return {}
    found = {}
    for name, value in node.pairs:
        if not schema.unknown_key(name, known, report):
            read = schema.number(name.text, value, report, 0, high)
            if read is not None:
                found[name.text] = read
    return found


def _out_of_order(at: Line, report: Report) -> None:
    report.error(
        at,
        "marks-order",
        message("The walk-away must not lie above the target, nor the target above the opening."),
        message("Write for instance `opening: 90, target: 65, walk-away: 40`."),
    )


def _issues(document: Document, report: Report) -> tuple[IssueDraft, ...]:
    node = schema.value(document.front, "issues")
    example = message("Write `issues:` and under it `  payment: {yours: [20, 10, 0], theirs: [0, 10, 15]}`.")
    if not isinstance(node, Pairs) or len(node.pairs) < 2:
        report.error(
            document.at("issues"),
            "no-issues",
            message("A table needs at least two issues: with one there is nothing to trade."),
            example,
        )
        return ()
    found: list[IssueDraft] = []
    for key, value in node.pairs:
        if not schema.checked_id(key.text, key.at, report):
            continue
        if not isinstance(value, Pairs):
            report.error(
                value.at, "wrong-kind", message("`%(key)s` takes %(parts)s.", key=key.text, parts=ISSUE), example
            )
            continue
        parts = {name.text: part for name, part in value.pairs if not schema.unknown_key(name, ISSUE, report)}
        numbers = _range(parts.get("range"), report)
        count = len(numbers.values) if numbers else None
        yours = _worth("yours", parts.get("yours"), count, key, report)
        theirs = _worth("theirs", parts.get("theirs"), count or len(yours) or None, key, report)
        if yours and theirs:
            found.append(IssueDraft(key.text, key.at, numbers, yours, theirs))
    if len(found) == len(node.pairs):
        for side in ("yours", "theirs"):
            total = sum(max(getattr(issue, side)) for issue in found)
            if total != rules.WHOLE:
                report.error(
                    document.at("issues"),
                    "weights-sum",
                    message(
                        "The best options of all issues are worth %(total)s points under `%(side)s`; they must be worth 100.",
                        total=total // TENTHS,
                        side=side,
                    ),
                    message("Raise or lower some by %(missing)s in all.", missing=abs(rules.WHOLE - total) // TENTHS),
                )
    return tuple(found)


def _range(node: Node | None, report: Report) -> Range | None:
    if node is None:
        return None
    match = _RANGE.fullmatch(schema.text("range", node, report))
    if match is not None:
        first, last, step = int(match[1]), int(match[2]), int(match[3])
        if step and first != last and not (last - first) % step and abs(last - first) // step < MOST_OPTIONS:
            return Range(first, last, step)
    report.error(
        node.at,
        "bad-range",
        message("`range` takes two numbers and a step that leads from one to the other, in fewer than 100 steps."),
        message("Write `range: 960 to 820 by 5`."),
    )
    return None


def _worth(name: str, node: Node | None, count: int | None, key: Scalar, report: Report) -> tuple[int, ...]:
    """Tenths of a point for each option; () where they cannot be read (which is said)."""
    example = message("Write `%(key)s: [20, 10, 0]`, or with a range `%(key)s: 60 to 0`.", key=name)
    if isinstance(node, Items):
        values = [schema.number(name, item, report, 0, POINTS) for item in node.items]
        read = tuple(TENTHS * value for value in values if value is not None)
        if len(read) == len(values) and 2 <= len(read) == (count or len(read)):
            return read
        if len(read) == len(values):
            report.error(
                node.at,
                "options-count",
                message("`%(key)s` of `%(id)s` counts %(have)s options.", key=name, id=key.text, have=len(read)),
                message("Write a number of points for each option, the same count under `yours` and `theirs`."),
            )
        return ()
    match = _SPAN.fullmatch(schema.text(name, node, report)) if isinstance(node, Scalar) else None
    if match is None or count is None or max(int(match[1]), int(match[2])) > POINTS:
        report.error(
            node.at if node is not None else key.at,
            "no-worth",
            message("What each option of `%(id)s` is worth under `%(key)s` is missing.", id=key.text, key=name),
            example,
        )
        return ()
    low, high = TENTHS * int(match[1]), TENTHS * int(match[2])
    # Rounded half up, and exact at both ends.
    return tuple((2 * (low * (count - 1) + (high - low) * n) + count - 1) // (2 * (count - 1)) for n in range(count))


def _buyers(document: Document, turns: int, report: Report) -> tuple[dict[str, Buyer], dict[str, Line]]:
    node = schema.value(document.front, "buyers")
    if not isinstance(node, Pairs) or not node.pairs:
        report.error(
            document.at("buyers"),
            "no-buyer",
            message("The table needs a buyer."),
            message(
                "Write under `buyers:` a line `  dominant: {name: …, post: …, opening: 90, target: 65, walk-away: 40}`."
            ),
        )
        return {}, {}
    found: dict[str, Buyer] = {}
    styles: dict[str, Line] = {}
    for key, value in node.pairs:
        if key.text not in MANNERS:
            report.error(
                key.at,
                "unknown-style",
                message("There is no style `%(name)s`.", name=key.text[:60]),
                schema.meant(key.text, tuple(MANNERS)),
            )
            continue
        if not isinstance(value, Pairs):
            report.error(value.at, "wrong-kind", message("`%(key)s` takes %(parts)s.", key=key.text, parts=BUYER))
            continue
        parts = {name.text: (name, part) for name, part in value.pairs if not schema.unknown_key(name, BUYER, report)}
        marks = {}
        for mark in ("opening", "target", "walk-away"):
            read = schema.number(mark, parts[mark][1], report, 0, POINTS) if mark in parts else None
            if mark not in parts:
                report.error(
                    key.at,
                    "no-marks",
                    message("`%(key)s` is missing.", key=mark),
                    message("Write `opening: 90, target: 65, walk-away: 40`, in points of 100."),
                )
            if read is not None:
                marks[mark] = read * TENTHS
        if len(marks) == 3 and not marks["opening"] >= marks["target"] >= marks["walk-away"]:
            _out_of_order(key.at, report)
        texts = {name: schema.text(name, parts[name][1], report) for name in BUYER_OWN if name in parts}
        pair = schema.number("pair", parts["pair"][1], report, 1, turns - 1) if "pair" in parts else None
        styles[key.text] = key.at
        found[BASE if not found else key.text] = Buyer(
            name=texts.get("name", ""),
            post=texts.get("post", ""),
            style=key.text,
            pressure=texts.get("pressure", ""),
            opening=marks.get("opening", 0),
            target=marks.get("target", 0),
            limit=marks.get("walk-away", 0),
            pair=pair,
        )
    return found, styles


# --- what is said ---------------------------------------------------------------------------------------------------------


def sheet(document: Document, frame: Frame, report: Report) -> Sheet:
    intro, sections = split(document.blocks, report, titled=False)
    words: dict[str, Section] = {}
    debrief: tuple[Block, ...] = ()
    for section in sections:
        blocks = (*section.blocks, *((section.debrief,) if section.debrief else ()))
        if section.id == DEBRIEF:
            debrief = blocks
        elif section.id not in frame.events:
            report.error(
                section.at,
                "unknown-event",
                message("`%(id)s` is no event of this table.", id=section.id[:60]),
                schema.meant(section.id, frame.events),
            )
        else:
            words[section.id] = section
    front = document.front
    return Sheet(
        document=document,
        title=schema.text("title", schema.value(front, "title"), report),
        intro=intro,
        words=words,
        debrief=debrief,
        names=_texts("names", schema.value(front, "names"), report),
        units=_texts("units", schema.value(front, "units"), report),
        choices=_choices(schema.value(front, "choices"), report),
        persons=_persons(schema.value(front, "buyers"), frame, report),
    )


def _texts(key: str, node: Node | None, report: Report) -> dict[str, str]:
    if node is None:
        return {}
    if not isinstance(node, Pairs):
        report.error(
            node.at,
            "wrong-kind",
            message("`%(key)s` takes a text for each issue.", key=key),
            message("Write `%(key)s: {price: …}`.", key=key),
        )
        return {}
    return {name.text: schema.text(name.text, value, report) for name, value in node.pairs}


def _choices(node: Node | None, report: Report) -> dict[str, tuple[str, ...]]:
    if node is None:
        return {}
    if not isinstance(node, Pairs):
        report.error(
            node.at,
            "wrong-kind",
            message("`%(key)s` takes a list of texts for each issue.", key="choices"),
            message("Write `choices: {payment: [in advance, 30 days]}`."),
        )
        return {}
    return {
        name.text: tuple(schema.text(name.text, item, report) for item in schema.items(name.text, value, report))
        for name, value in node.pairs
    }


def _persons(node: Node | None, frame: Frame, report: Report) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    if not isinstance(node, Pairs):
        return found
    for key, value in node.pairs:
        if key.text in frame.styles and isinstance(value, Pairs):
            found[key.text] = {
                name.text: schema.text(name.text, part, report) for name, part in value.pairs if name.text in BUYER_OWN
            }
    return found


def check(frame: Frame, own: Sheet, report: Report) -> None:
    """What the first file must say: a name for each issue and option, a person for each buyer, words for each event."""
    document = own.document
    for issue in frame.issues:
        if not own.names.get(issue.id):
            _missing(document.at("names"), f"names: {issue.id}", "names", issue.id, report)
        if issue.numbers is None and len(own.choices.get(issue.id, ())) != len(issue.yours):
            report.error(
                document.at("choices"),
                "choices-count",
                message(
                    "`choices` of `%(id)s` names %(have)s options; there are %(want)s.",
                    id=issue.id,
                    have=len(own.choices.get(issue.id, ())),
                    want=len(issue.yours),
                ),
                message("Write `%(id)s: […, …]` under `choices:`, in the order of the points.", id=issue.id),
            )
    _check_known(frame, own, report)
    for style, at in frame.styles.items():
        if not own.persons.get(style, {}).get("name"):
            report.error(
                at, "no-persona", message("This buyer has no name."), message("Write `name: …, post: …, pressure: …`.")
            )
    if not document.text.lines:
        return
    for event in frame.events:
        if event not in own.words:
            report.error(
                document.front.at,
                "no-words",
                message("Nothing is said at the event `%(id)s`.", id=event),
                message("Write a section `## %(id)s` with what the buyer says and does.", id=event),
            )


def _missing(at: Line, said: str, key: str, id: str, report: Report) -> None:
    report.error(
        at,
        "no-name",
        message("`%(key)s` is missing.", key=said),
        message("Write `%(name)s: …` under `%(key)s:`.", name=id, key=key),
    )


def _check_known(frame: Frame, own: Sheet, report: Report) -> None:
    """Names, units and options of issues that there are."""
    ids = [issue.id for issue in frame.issues]
    for key in ("names", "units", "choices"):
        node = schema.value(own.document.front, key)
        if isinstance(node, Pairs) and ids:
            for name, _ in node.pairs:
                if name.text not in ids:
                    report.error(
                        name.at,
                        "unknown-name",
                        message("There is no issue `%(name)s`.", name=name.text[:60]),
                        schema.meant(name.text, ids),
                    )


def check_zone(table: Table, frame: Frame, report: Report) -> None:
    """Whether both can agree at all, and whether there is anything to trade."""
    line = rules.frontier(table)
    for variant, buyer in table.buyers.items():
        at = frame.styles.get(buyer.style, Line(1, 0, ""))
        zone = any(point.yours >= table.limit and point.theirs >= buyer.limit for point in line)
        if not zone and table.zone:
            report.error(
                at,
                "no-zone",
                message("No package leaves both sides at least their walk-away: there is no zone of agreement."),
                message("Lower a walk-away, or write `zone: none` where leaving is what shall be learnt."),
            )
        elif zone and not table.zone:
            report.error(
                at,
                "zone-there",
                message("The file says `zone: none`, and there are packages both could agree to."),
                message("Raise a walk-away, or delete `zone: none`."),
            )
        if zone and variant == BASE and len(line) < 3:
            report.warning(
                at,
                "nothing-to-trade",
                message("One package is best for both sides: there is nothing to negotiate."),
                message("Let the two sides want different things in at least two issues."),
            )


def compare(siblings: Siblings, frame: Frame, sheets: Mapping[str, Sheet]) -> None:
    """A translation repeats the events, and names what the first file names."""
    first = siblings.first
    leading = sheets[first.language]
    for document in siblings.translations:
        report, own = siblings.reports[document.language], sheets[document.language]
        _check_known(frame, own, report)
        _check_buyers(first, document, frame, report)
        told: list[tuple[Line, str, Message]] = []
        if leading.intro and not own.intro:
            report.warning(
                document.front.at,
                "text-missing",
                message(
                    "The text at the beginning is missing here: trainees read it in `%(tag)s`.", tag=first.language
                ),
                message("Translate it."),
            )
        for id, section in leading.words.items():
            if id not in own.words:
                mend = message("Translate it from `%(path)s`, line %(line)s.", path=first.path, line=section.at.number)
                told.append((document.front.at, f"## {id}", mend))
        if leading.debrief and not own.debrief:
            told.append((document.front.at, f"## {DEBRIEF}", message("Translate it.")))
        for key in ("names", "units", "choices"):
            there, here = getattr(leading, key), getattr(own, key)
            for id in there:
                if id not in here or (key == "choices" and len(here[id]) != len(there[id])):
                    mend = message("Write `%(name)s: …` under `%(key)s:`.", name=id, key=key)
                    told.append((document.at(key), f"{key}: {id}", mend))
        for style, texts in leading.persons.items():
            if any(text and not own.persons.get(style, {}).get(name) for name, text in texts.items()):
                mend = message("Write `%(name)s: {name: …, post: …, pressure: …}` under `buyers:`.", name=style)
                told.append((document.at("buyers"), f"buyers: {style}", mend))
        for at, key, mend in told:
            report.warning(
                at,
                "text-missing",
                message("`%(key)s` is missing here: trainees read it in `%(tag)s`.", key=key, tag=first.language),
                mend,
            )


def _check_buyers(first: Document, document: Document, frame: Frame, report: Report) -> None:
    """A translation names the same buyers, and none of their marks otherwise."""
    there, here = schema.value(first.front, "buyers"), schema.value(document.front, "buyers")
    if not isinstance(there, Pairs) or not isinstance(here, Pairs):
        return
    marks = {key.text: plain(value) for key, value in there.pairs}
    for key, value in here.pairs:
        if key.text not in frame.styles:
            report.error(
                key.at,
                "unknown-variant",
                message("There is no variant `%(name)s`.", name=key.text[:60]),
                schema.meant(key.text, tuple(frame.styles)),
            )
            continue
        known = marks.get(key.text)
        for name, part in value.pairs if isinstance(value, Pairs) else ():
            if schema.unknown_key(name, BUYER, report) or name.text in BUYER_OWN:
                continue
            if not isinstance(known, dict) or known.get(name.text) != plain(part):
                report.error(
                    name.at,
                    "only-in-first",
                    message(
                        "`%(key)s` stands in `%(path)s` alone, and this differs from it.",
                        key=name.text,
                        path=first.path,
                    ),
                    message("Delete it here."),
                )


# --- the whole table ------------------------------------------------------------------------------------------------------


def _by_variant(section: Section, variants: Sequence[str], rendering: Rendering) -> dict[str, tuple[str, ...]]:
    """Variant -> HTML of each wording. A paragraph or an entry that begins with a buyer's style in code is that buyer's.

    The entries of a list are wordings, said one after the other; paragraphs together are one.
    """
    texts: dict[str, list[Block]] = {}
    wordings: dict[str, list[str]] = {}
    here = BASE
    for block in (*section.blocks, *((section.debrief,) if section.debrief else ())):
        if isinstance(block, List):
            for entry in block.entries:
                variant, lines = _whose(entry.lines, variants)
                wordings.setdefault(variant, []).append(f"<p>{rendering.lines(lines)}</p>")
            continue
        if isinstance(block, Paragraph):
            variant, lines = _whose(block.lines, variants)
            here = variant or here
            block = Paragraph(lines)
        texts.setdefault(here, []).append(block)
    for variant, blocks in texts.items():
        wordings.setdefault(variant, []).insert(0, rendering.blocks(tuple(blocks)))
    return {variant: tuple(found) for variant, found in wordings.items()}


def _whose(lines: tuple[Line, ...], variants: Sequence[str]) -> tuple[str, tuple[Line, ...]]:
    variant, rest = variant_of(lines[0], variants) if lines else ("", None)
    return variant, (rest, *lines[1:]) if rest is not None else lines


def built(siblings: Siblings, frame: Frame, sheets: Mapping[str, Sheet], language: str, script: Script) -> Table:
    """The table in the language of one of its `sheets`; what is missing in it stands in the language it follows."""
    first = siblings.first
    own, leading = sheets[language], sheets[first.language]
    rendering, other = Rendering(language, siblings.places, script), Rendering(first.language, siblings.places)
    words = {
        id: _by_variant(own.words[id], frame.variants, rendering)
        if id in own.words
        else _by_variant(section, frame.variants, other)
        for id, section in leading.words.items()
    }
    buyers = {}
    for variant, buyer in frame.buyers.items():
        texts = {**leading.persons.get(buyer.style, {}), **own.persons.get(buyer.style, {})}
        buyers[variant] = Buyer(
            **{**vars(buyer), **{name: script.text(texts[name]) for name in BUYER_OWN if name in texts}}
        )
    return Table(
        id=siblings.id,
        language=script.tag(language),
        title=script.text(own.title),
        briefing=rendering.blocks(own.intro or leading.intro),
        turns=frame.turns,
        issues=tuple(_issue(draft, own, leading, script) for draft in frame.issues),
        target=frame.target,
        limit=frame.limit,
        buyers=buyers,
        words=words,
        strong=frame.strong,
        acceptable=frame.acceptable,
        zone=frame.zone,
        debrief=rendering.blocks(own.debrief or leading.debrief),
        competencies=frame.competencies,
    )


def _issue(draft: IssueDraft, own: Sheet, leading: Sheet, script: Script) -> Issue:
    name = own.names.get(draft.id) or leading.names.get(draft.id) or draft.id
    numbers = draft.numbers
    if numbers is not None:
        unit = own.units.get(draft.id, leading.units.get(draft.id, ""))
        numbers = Range(numbers.first, numbers.last, numbers.step, script.text(unit))
        # Chinese units stand close to their number.
        gap = " " if unit[:1].isascii() else ""
        labels = tuple(f"{value}{gap}{numbers.unit}".rstrip() for value in numbers.values)
    else:
        labels = own.choices.get(draft.id, ())
        if len(labels) != len(draft.yours):
            labels = leading.choices[draft.id]
        labels = tuple(script.text(label) for label in labels)
    options = (Option(*one) for one in zip(labels, draft.yours, draft.theirs, strict=True))
    return Issue(draft.id, script.text(name), tuple(options), numbers)


def seconds(table: Table) -> int:
    """Reading the briefing, and three quarters of the turns with an answer to read and a package to think over."""
    answers = [reading.seconds(by[BASE][0]) for by in table.words.values() if BASE in by]
    mean = sum(answers) // len(answers) if answers else 0
    return reading.seconds(table.briefing) + table.turns * 3 // 4 * (mean + 2 * reading.DECISION)
