"""Sibling files held against each other: what must be equal, and what is missing.

A missing paragraph, question or scene is a warning that names it: trainees see it in the language the file follows. A
difference in structure is an error, because answers and statistics speak of places in the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction

from kamtrain.content import lessons, quizzes, scenarios, schema
from kamtrain.content.blocks import Block, Entry, Heading, List, Paragraph, Table
from kamtrain.content.document import Document
from kamtrain.content.frontmatter import Pairs
from kamtrain.content.lessons import Part, kind, paired
from kamtrain.content.markdown import joined_lines
from kamtrain.content.report import Report
from kamtrain.content.sections import Section
from kamtrain.content.siblings import Siblings
from kamtrain.content.source import Line
from kamtrain.core.item import Gap
from kamtrain.core.message import N_, Message, message
from kamtrain.core.scenario import BASE
from kamtrain.items import keys

NAMES: Mapping[str, str] = {  # the first words of `lessons.kind`
    "card": N_("card"),
    "paragraph": N_("paragraph"),
    "numbered": N_("numbered list"),
    "list": N_("list"),
    "table": N_("table"),
    "box": N_("box"),
    "quote": N_("quote"),
    "code": N_("code block"),
    "rule": N_("rule"),
    "heading": N_("heading"),
}


def _end(document: Document) -> Line:
    line = document.text.lines[-1]
    return line.cut(len(line.text))


def _excerpt(lines: Iterable[Line]) -> str:
    text = " ".join(line.text for line in lines).strip()
    return text if len(text) <= 40 else text[:40].rstrip() + "…"


def _first_words(block: Block) -> str:
    return _excerpt(block.lines if isinstance(block, Paragraph) else (block.at,))


# --- lessons ------------------------------------------------------------------------------------------------------------


def compare_lessons(siblings: Siblings) -> None:
    first = siblings.first
    leading = lessons.parts(first.blocks)
    for document in siblings.translations:
        report = siblings.reports[document.language]
        _check_objectives(first, document, report)
        own = lessons.parts(document.blocks)
        if not _same_headings(leading, own, first, document, report):
            continue
        for place, part in enumerate(leading[: len(own)]):
            after = own[place + 1].at if place + 1 < len(own) else None
            _compare_blocks(part, own[place], after or _end(document), first.path, report)


def _check_objectives(first: Document, document: Document, report: Report) -> None:
    if "objectives" in first.front.values and "objectives" not in document.front.values:
        report.warning(
            document.front.at,
            "text-missing",
            message("`%(key)s` is missing here: trainees read it in `%(tag)s`.", key="objectives", tag=first.language),
            message("Write `objectives:` and a list."),
        )


def _same_headings(
    leading: Sequence[Part], own: Sequence[Part], first: Document, document: Document, report: Report
) -> bool:
    """Whether the headings can be paired; what lacks at the end is a warning for each."""
    levels = [part.heading.level for part in leading if part.heading]
    mine = [part.heading.level for part in own if part.heading]
    for place, (there, here) in enumerate(zip(levels, mine, strict=False), start=1):
        if there != here:
            heading = own[place].heading
            other = leading[place].heading
            assert heading is not None
            assert other is not None
            report.error(
                heading.at,
                "other-heading",
                message(
                    "This heading has level %(here)s; in `%(path)s`, line %(line)s, it has level %(there)s.",
                    here=here,
                    there=there,
                    path=first.path,
                    line=other.at.number,
                ),
                message("Write `%(marks)s`, or bring the headings into the same order.", marks="#" * there),
            )
            return False
    if len(mine) > len(levels):
        heading = own[len(leading)].heading
        assert heading is not None
        report.error(
            heading.at,
            "extra-heading",
            message("`%(path)s` has no heading that belongs to this one.", path=first.path),
            message("Delete it here, or write it there first."),
        )
        return False
    for part in leading[len(own) :]:
        assert part.heading is not None
        report.warning(
            _end(document),
            "section-missing",
            message(
                "The part “%(text)s” (`%(path)s`, line %(line)s) is missing here: trainees read it in `%(tag)s`.",
                text=_excerpt((part.heading.text,)),
                path=first.path,
                line=part.heading.at.number,
                tag=first.language,
            ),
            message("Translate it."),
        )
    return True


def _compare_blocks(there: Part, here: Part, after: Line, path: str, report: Report) -> None:
    pairs = paired(there.blocks, here.blocks)
    places = [own.at if own is not None else None for _, own in pairs]
    for place, (first, own) in enumerate(pairs):
        if own is None and first is not None:
            at = next((line for line in places[place + 1 :] if line is not None), after)
            report.warning(
                at,
                "block-missing",
                message(
                    "A %(kind)s is missing here: “%(text)s” (`%(path)s`, line %(line)s).",
                    kind=_named(first),
                    text=_first_words(first),
                    path=path,
                    line=first.at.number,
                ),
                message("Translate it; until then trainees read it in the language it was written in."),
            )
        elif own is not None and first is None:
            report.error(
                own.at,
                "extra-block",
                message("`%(path)s` has no %(kind)s here.", path=path, kind=_named(own)),
                message("Delete it here, or write it there first."),
            )
        elif own is not None and first is not None:
            _compare_block(first, own, path, report)


def _named(block: Block) -> Message:
    """What a block is, in words."""
    return Message(NAMES[kind(block).partition(" ")[0]])


def _compare_block(first: Block, own: Block, path: str, report: Report) -> None:
    if isinstance(first, Table) and isinstance(own, Table):
        _compare_tables(first, own, path, report)
    elif isinstance(first, List) and isinstance(own, List):
        _compare_lists(first, own, path, report)


def _compare_tables(first: Table, own: Table, path: str, report: Report) -> None:
    if len(first.head) != len(own.head):
        report.error(
            own.at,
            "other-columns",
            message(
                "This table has %(here)s columns, and in `%(path)s` %(there)s.",
                here=len(own.head),
                path=path,
                there=len(first.head),
            ),
            message("Give both the same columns."),
        )
    elif len(first.rows) != len(own.rows):
        at = own.places[len(first.rows)] if len(own.rows) > len(first.rows) else own.at
        report.error(
            at,
            "other-rows",
            message(
                "This table has %(here)s rows, and in `%(path)s` %(there)s.",
                here=len(own.rows),
                path=path,
                there=len(first.rows),
            ),
            message("Give both the same rows."),
        )


def _compare_lists(first: List, own: List, path: str, report: Report) -> None:
    if len(first.entries) != len(own.entries):
        at = own.entries[len(first.entries)].at if len(own.entries) > len(first.entries) else own.at
        report.error(
            at,
            "other-entries",
            message(
                "This list has %(here)s entries, and in `%(path)s` %(there)s.",
                here=len(own.entries),
                path=path,
                there=len(first.entries),
            ),
            message("Give both the same entries."),
        )
        return
    for there, here in zip(first.entries, own.entries, strict=True):
        inner = [[block for block in entry.blocks if isinstance(block, List)] for entry in (there, here)]
        if len(inner[0]) != len(inner[1]):
            report.error(
                here.at,
                "other-entries",
                message(
                    "The entries under this one differ from those in `%(path)s`, line %(line)s.",
                    path=path,
                    line=there.at.number,
                ),
                message("Give both the same entries."),
            )
        for left, right in zip(*inner, strict=False):
            _compare_lists(left, right, path, report)


# --- quizzes ------------------------------------------------------------------------------------------------------------


def compare_quizzes(siblings: Siblings, sheets: Mapping[str, quizzes.Sheet]) -> None:
    first = siblings.first
    leading = sheets[first.language]
    for document in siblings.translations:
        report = siblings.reports[document.language]
        own = sheets[document.language]
        _check_intro(leading.intro, own.intro, first, document, report)
        _check_ids(
            {id: draft.section for id, draft in leading.drafts.items()},
            {id: draft.section for id, draft in own.drafts.items()},
            first,
            document,
            report,
            what="question",
        )
        for id, draft in own.drafts.items():
            if id in leading.drafts:
                _compare_question(leading.drafts[id], draft, first.path, report)


def _check_intro(
    there: Sequence[Block], here: Sequence[Block], first: Document, document: Document, report: Report
) -> None:
    if there and not here:
        report.warning(
            document.front.at,
            "text-missing",
            message("The text at the beginning is missing here: trainees read it in `%(tag)s`.", tag=first.language),
            message("Translate it."),
        )


def _check_ids(
    there: Mapping[str, Section],
    here: Mapping[str, Section],
    first: Document,
    document: Document,
    report: Report,
    *,
    what: str,
) -> None:
    """Each question or scene of the first file stands here, too, and no other."""
    ids = list(there)
    for place, id in enumerate(ids):
        if id in here:
            continue
        at = next((here[later].at for later in ids[place + 1 :] if later in here), _end(document))
        said = (
            message("The question `%(id)s` is missing here: trainees read it in `%(tag)s`.", id=id, tag=first.language)
            if what == "question"
            else message(
                "The scene `%(id)s` is missing here: trainees read it in `%(tag)s`.", id=id, tag=first.language
            )
        )
        report.warning(
            at,
            f"{what}-missing",
            said,
            message("Translate it from `%(path)s`, line %(line)s.", path=first.path, line=there[id].at.number),
        )
    for id, section in here.items():
        if id not in there:
            report.error(
                section.at,
                f"extra-{what}",
                message("`%(path)s` has no `%(id)s`.", path=first.path, id=id),
                schema.meant(id, [known for known in there if known not in here])
                or message("Delete it here, or write it there first."),
            )


def _compare_question(first: quizzes.Draft, own: quizzes.Draft, path: str, report: Report) -> None:
    at = own.section.at
    if first.tags != own.tags:
        written = " ".join(f"`{span.text}`" for line in first.section.lines for span in line)
        report.error(
            at,
            "other-tags",
            message("The words for the program differ from those in `%(path)s`.", path=path),
            message("Write under the heading: %(tags)s", tags=written) if written else message("Delete them here."),
        )
        return
    if first.section.debrief is not None and own.section.debrief is None:
        report.warning(
            at,
            "text-missing",
            message("The debrief of this question is missing here."),
            message("Write it as a quote at the end: `> …`."),
        )
    there = [block for block in first.section.blocks if isinstance(block, (List, Table, Heading))]
    here = [block for block in own.section.blocks if isinstance(block, (List, Table, Heading))]
    if [kind(block) for block in there] != [kind(block) for block in here]:
        report.error(
            at,
            "other-answers",
            message(
                "Lists and tables of this question differ from those in `%(path)s`, line %(line)s.",
                path=path,
                line=first.section.at.number,
            ),
            message("Give both the same, in the same order."),
        )
        return
    for left, right in zip(there, here, strict=True):
        if isinstance(left, Table) and isinstance(right, Table):
            _compare_tables(left, right, path, report)
        elif isinstance(left, List) and isinstance(right, List) and first.type != "short":
            _compare_answers(left, right, first.type, path, report)
    for one, other in zip(first.parts, own.parts, strict=False):
        _compare_gaps(quizzes.gaps_of(one), quizzes.gaps_of(other), at, path, report)


def _compare_gaps(there: Sequence[Gap], here: Sequence[Gap], at: Line, path: str, report: Report) -> None:
    """As many gaps, numbers in the same ones, and the same numbers; words are the translation's own."""
    if len(there) != len(here):
        report.error(
            at,
            "other-gaps",
            message(
                "This text has %(here)s gaps, and in `%(path)s` %(there)s.",
                here=len(here),
                path=path,
                there=len(there),
            ),
            message("Put the same answers in bold."),
        )
        return
    for left, right in zip(there, here, strict=True):
        numbers = [[_accepted(part) for part in keys.alternatives(gap.text)] for gap in (left, right)]
        if [n for n in numbers[0] if n] != [n for n in numbers[1] if n]:
            report.error(
                report.text.lines[right.line - 1],
                "other-number",
                message(
                    "The number in this gap differs from the one in `%(path)s`, line %(line)s.",
                    path=path,
                    line=left.line,
                ),
                message("Write `**%(text)s**`.", text=left.text),
            )


def _accepted(text: str) -> tuple[Fraction, Fraction, int] | None:
    """What counts as right in a gap with a number, and how it is rounded; None where the answer is words."""
    found = keys.gap_number(text)
    return (found.value, found.tolerance, found.places) if found else None


def _compare_answers(first: List, own: List, type: str, path: str, report: Report) -> None:
    if len(first.entries) != len(own.entries):
        _compare_lists(first, own, path, report)
        return
    for there, here in zip(first.entries, own.entries, strict=True):
        if there.checked is not None and there.checked != here.checked:
            report.error(
                here.at,
                "other-mark",
                message(
                    "This answer is marked otherwise than in `%(path)s`, line %(line)s.",
                    path=path,
                    line=there.at.number,
                ),
                message("Write `%(mark)s`.", mark="[x]" if there.checked else "[ ]"),
            )
        tags = [[clause.text for span in quizzes.told(entry)[1] for clause in span.clauses] for entry in (there, here)]
        if tags[0] != tags[1]:
            written = ", ".join(tags[0])
            report.error(
                here.at,
                "other-tags",
                message("The words for the program differ from those in `%(path)s`.", path=path),
                message("Write `%(tags)s` in code at the end of this line.", tags=written)
                if written
                else message("Delete them here."),
            )
        if type == "numeric" and _numbers(there) != _numbers(here):
            report.error(
                here.at,
                "other-number",
                message(
                    "The number differs from the one in `%(path)s`, line %(line)s.", path=path, line=there.at.number
                ),
                message("Write the same number and tolerance; the unit is the translation's own."),
            )


def _numbers(entry: Entry) -> object:
    found = keys.number(joined_lines(quizzes.told(entry)[0]))
    return (found.value, found.tolerance, found.places) if found else None


# --- scenarios ------------------------------------------------------------------------------------------------------------


def compare_scenarios(siblings: Siblings, frame: scenarios.Frame, sheets: Mapping[str, scenarios.Sheet]) -> None:
    first = siblings.first
    leading = sheets[first.language]
    names = scenarios.names(first, first.report)
    for document in siblings.translations:
        report = siblings.reports[document.language]
        own = sheets[document.language]
        _check_intro(leading.intro, own.intro, first, document, report)
        _check_ids(
            {id: scene.section for id, scene in leading.scenes.items()},
            {id: scene.section for id, scene in own.scenes.items()},
            first,
            document,
            report,
            what="scene",
        )
        if leading.debrief and not own.debrief:
            report.warning(
                _end(document),
                "text-missing",
                message("The section `## debrief` is missing here: trainees read it in `%(tag)s`.", tag=first.language),
                message("Translate it."),
            )
        _check_names(names, document, first, report)
        _check_persona(document, first, frame, report)
        for id, scene in own.scenes.items():
            if id in leading.scenes:
                _compare_scene(leading.scenes[id], scene, leading.scenes, first.path, report)


def _check_names(names: Mapping[str, str], document: Document, first: Document, report: Report) -> None:
    own = scenarios.names(document, report)
    node = schema.value(document.front, "names")
    if isinstance(node, Pairs):
        for key, _ in node.pairs:
            if key.text not in names:
                report.error(
                    key.at,
                    "unknown-name",
                    message("`names` of `%(path)s` has no `%(name)s`.", path=first.path, name=key.text[:60]),
                    schema.meant(key.text, tuple(names)),
                )
    for name in names:
        if name not in own:
            report.warning(
                document.at("names"),
                "text-missing",
                message(
                    "`%(key)s` is missing here: trainees read it in `%(tag)s`.",
                    key=f"names: {name}",
                    tag=first.language,
                ),
                message("Write `%(name)s: …` under `names:`.", name=name),
            )


def _check_persona(document: Document, first: Document, frame: scenarios.Frame, report: Report) -> None:
    """Role, style and state of a persona are the first file's; variants are those it names."""
    node = schema.value(document.front, "persona")
    base = frame.persona[BASE]
    if isinstance(node, Pairs):
        for key, value in node.pairs:
            given = schema.text(key.text, value, report)
            if (
                key.text not in scenarios.PERSONA_OWN
                and key.text in scenarios.PERSONA
                and given != getattr(base, key.text)
            ):
                report.error(
                    key.at,
                    "only-in-first",
                    message(
                        "`%(key)s` stands in `%(path)s` alone, and this differs from it.", key=key.text, path=first.path
                    ),
                    message("Delete it here."),
                )
            else:
                schema.unknown_key(key, scenarios.PERSONA, report)
    elif node is None:
        report.warning(
            document.front.at,
            "text-missing",
            message("`%(key)s` is missing here: trainees read it in `%(tag)s`.", key="persona", tag=first.language),
            message("Write `persona: {name: …, post: …, pressure: …}`."),
        )
    variants = schema.value(document.front, "variants")
    if isinstance(variants, Pairs):
        for key, _ in variants.pairs:
            if key.text not in frame.variants:
                report.error(
                    key.at,
                    "unknown-variant",
                    message("There is no variant `%(name)s`.", name=key.text[:60]),
                    schema.meant(key.text, frame.variants),
                )


def _compare_scene(
    first: scenarios.SceneDraft, own: scenarios.SceneDraft, known: Collection[str], path: str, report: Report
) -> None:
    if first.ending != own.ending:
        written = " ".join(f"`{span.text}`" for line in first.section.lines for span in line)
        report.error(
            own.section.at,
            "other-ending",
            message(
                "The ending differs from the one in `%(path)s`, line %(line)s.", path=path, line=first.section.at.number
            ),
            message("Write under the heading: %(tags)s", tags=written)
            if written
            else message("Delete the words in code."),
        )
    if first.text and not own.text:
        report.warning(
            own.section.at,
            "text-missing",
            message("The text of this scene is missing here."),
            message("Translate it from `%(path)s`, line %(line)s.", path=path, line=first.section.at.number),
        )
    if first.ending is not None and first.section.debrief is not None and own.section.debrief is None:
        report.warning(
            own.section.at,
            "text-missing",
            message("The lesson of this ending is missing here."),
            message("Write it as a quote at the end: `> …`."),
        )
    if len(first.choices) != len(own.choices):
        report.error(
            own.section.at,
            "other-choices",
            message(
                "This scene has %(here)s choices, and in `%(path)s` %(there)s.",
                here=len(own.choices),
                path=path,
                there=len(first.choices),
            ),
            message("Give both the same choices, in the same order."),
        )
        return
    for there, here in zip(first.choices, own.choices, strict=True):
        if there.target != here.target and there.target in known:
            report.error(
                here.at,
                "other-target",
                message(
                    "This choice leads to `#%(here)s`, and in `%(path)s` to `#%(there)s`.",
                    here=here.target[:60],
                    path=path,
                    there=there.target,
                ),
                message("Write `(#%(there)s)`.", there=there.target),
                report.edit(here.at, len(here.target), there.target),
            )
        if there.effects != here.effects:
            spans = quizzes.told(there.entry)[1]
            report.error(
                here.entry.at,
                "other-effects",
                message(
                    "The effects differ from those in `%(path)s`, line %(line)s.", path=path, line=there.entry.at.number
                ),
                message("Write at the end: %(tags)s", tags=" ".join(f"`{span.text}`" for span in spans))
                if spans
                else message("Delete them here."),
            )
        if bool(quizzes.told(there.entry)[2]) and not quizzes.told(here.entry)[2]:
            report.warning(
                here.entry.at,
                "text-missing",
                message("The consequence of this choice is missing here."),
                message("Write it under the choice: `  > …`."),
            )
