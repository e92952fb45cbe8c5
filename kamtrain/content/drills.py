"""Drills: a list of answers, and questions that ask which of them is right and which cue decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from kamtrain.content import quizzes, reading, schema
from kamtrain.content.blocks import Block, Entry, List
from kamtrain.content.document import Document
from kamtrain.content.markdown import joined_lines
from kamtrain.content.quizzes import Draft, Rendering, Sheet
from kamtrain.content.report import Report
from kamtrain.content.script import Script
from kamtrain.content.siblings import Siblings
from kamtrain.content.source import Line
from kamtrain.core import item
from kamtrain.core.drill import WINDOW, Answer, Drill, Key
from kamtrain.core.message import message

KEYS = ("id", "title", "kind", "draw", "confidence", "competency")
OWN: tuple[str, ...] = ()  # keys of a translation, besides those every translation has
CONFUSABLE = "confusable"
FEWEST = 2  # answers, or there is nothing to tell apart


@dataclass(frozen=True)
class Choice:
    """One answer as the author wrote it."""

    id: str
    name: str
    at: Line
    profile: tuple[Block, ...]


@dataclass(frozen=True)
class Drafts:
    """One file taken apart. `sheet` is what it shares with a quiz, its text at the beginning without the answers."""

    sheet: Sheet
    choices: tuple[Choice, ...]

    def named(self, entry: Entry) -> str | None:
        """The id of the answer that the entry of a question names."""
        name = _plain(entry)
        return next((choice.id for choice in self.choices if choice.name == name), None)


def _plain(entry: Entry) -> str:
    return " ".join(joined_lines(quizzes.told(entry)[0]).split())


def drafts(document: Document, report: Report) -> Drafts:
    sheet = quizzes.sheet(document, report, (CONFUSABLE,))
    offered = next((block for block in sheet.intro if isinstance(block, List)), None)
    intro = tuple(block for block in sheet.intro if block is not offered)
    choices = _choices(offered, report) if offered is not None else ()
    if len(choices) < FEWEST and document.text.lines:
        report.error(
            document.front.at if offered is None else offered.at,
            "no-answers",
            message("A drill begins with its answers; here there are %(count)s.", count=len(choices)),
            message(
                "Above the first `##` write a list: ``- Dominant `dominant` ``, and under each a quote, its profile."
            ),
        )
    found = Drafts(replace(sheet, intro=intro), choices)
    if len(choices) >= FEWEST:
        for draft in sheet.drafts.values():
            _check(draft, found, report)
    return found


def _choices(offered: List, report: Report) -> tuple[Choice, ...]:
    found: list[Choice] = []
    for entry in offered.entries:
        lines, spans, feedback, _ = quizzes.told(entry)
        name = " ".join(joined_lines(lines).split())
        id = spans[0].text.strip() if spans else ""
        if not id:
            report.error(
                entry.at,
                "no-id",
                message("The name in code of this answer is missing."),
                message("Write it at the end of the line: ``%(name)s `my-answer` ``.", name=name[:60]),
            )
            continue
        if not schema.checked_id(id, spans[0].at, report):
            continue
        if any(known.id == id or known.name == name for known in found):
            report.error(
                entry.at,
                "duplicate-id",
                message("There is an answer `%(id)s`, or one of this name, already.", id=id),
                message("Give this one another name."),
            )
            continue
        if not feedback:
            report.error(
                entry.at,
                "no-profile",
                message("The answer `%(id)s` has no profile.", id=id),
                message(
                    "Write a quote under it: what one sees of it. It is said wherever a question has no word of its own."
                ),
            )
        found.append(Choice(id, name, entry.at, feedback))
    return tuple(found)


def _check(draft: Draft, found: Drafts, report: Report) -> None:
    """One question: the answers it lists are the drill's, one of them is right, and a second list asks for the cue."""
    if not draft.parts:
        return  # said
    names = [choice.name for choice in found.choices]
    entries = draft.parts[0].entries
    seen: set[str] = set()
    for entry in entries:
        id = found.named(entry)
        if id is None:
            report.error(
                entry.at,
                "unknown-answer",
                message("“%(name)s” is none of the answers at the beginning of this drill.", name=_plain(entry)[:60]),
                schema.meant(_plain(entry), names),
            )
        elif id in seen:
            report.error(
                entry.at,
                "duplicate-answer",
                message("This answer stands in this question already."),
                message("Delete one of the two."),
            )
        seen.add(id or "")
    right = [entry for entry in entries if entry.checked]
    if len(right) != 1:
        report.error(
            draft.parts[0].at,
            "not-one-right",
            message("One answer must be marked as right; here there are %(count)s.", count=len(right)),
            message("Write `[x]` before the one right answer."),
        )
    if len(draft.parts) != 2:
        report.error(
            draft.section.at,
            "no-cues",
            message(
                "A question of a drill asks two things: which answer, and which cue decides. Here there are %(count)s.",
                count=len(draft.parts),
            ),
            message("Write below the answers: `Which cue decides?`, and a list with `[x]` before the one that does."),
        )
    _check_confusable(draft, found, report)


def _check_confusable(draft: Draft, found: Drafts, report: Report) -> None:
    wanted = draft.tags.own.get(CONFUSABLE)
    if wanted is None:
        return
    ids = [choice.id for choice in found.choices]
    right = [found.named(entry) for entry in draft.parts[0].entries if entry.checked]
    at = next((span.at for line in draft.section.lines for span in line if CONFUSABLE in span.text), draft.section.at)
    if wanted not in ids:
        report.error(
            at,
            "unknown-answer",
            message("There is no answer `%(id)s` at the beginning of this drill.", id=wanted[:60]),
            schema.meant(wanted, ids),
        )
    elif wanted in right:
        report.error(
            at,
            "confusable-itself",
            message("`%(id)s` is the right answer: it is not confused with itself.", id=wanted),
            message("Name the answer it is easily taken for."),
        )
    elif wanted not in [found.named(entry) for entry in draft.parts[0].entries]:
        report.warning(
            at,
            "confusable-unsaid",
            message("Whoever takes this for `%(id)s` gets no word of its own.", id=wanted),
            message("List that answer with `[ ]`, and under it a quote: why it is not."),
        )


def compare(siblings: Siblings, found: Mapping[str, Drafts]) -> None:
    """The answers, and where each question names them, must be the same in every language."""
    first = siblings.first
    leading = found[first.language]
    ids = [choice.id for choice in leading.choices]
    for document in siblings.translations:
        report, own = siblings.reports[document.language], found[document.language]
        if [choice.id for choice in own.choices] != ids:
            report.error(
                own.choices[0].at if own.choices else document.front.at,
                "other-answers",
                message("The answers differ from those in `%(path)s`.", path=first.path),
                message("Write these, in this order: %(words)s", words=tuple(f"`{id}`" for id in ids)),
            )
            continue
        for id, draft in own.sheet.drafts.items():
            other = leading.sheet.drafts.get(id)
            if other is None or not other.parts or not draft.parts:
                continue
            for there, here in zip(other.parts[0].entries, draft.parts[0].entries, strict=False):
                wanted, given = leading.named(there), own.named(here)
                if wanted is not None and given is not None and wanted != given:
                    name = next(choice.name for choice in own.choices if choice.id == wanted)
                    report.error(
                        here.at,
                        "other-answer",
                        message(
                            "This answer is another one than in `%(path)s`, line %(line)s.",
                            path=first.path,
                            line=there.at.number,
                        ),
                        message("Write “%(name)s”.", name=name),
                    )


def check_balance(found: Drafts, report: Report) -> None:
    """An answer that is never right is soon known not to be one."""
    rights = {
        found.named(entry)
        for draft in found.sheet.drafts.values()
        for part in draft.parts[:1]
        for entry in part.entries
        if entry.checked
    }
    for choice in found.choices:
        if choice.id not in rights and found.sheet.drafts:
            report.warning(
                choice.at,
                "never-right",
                message("“%(name)s” is the right answer to no question.", name=choice.name),
                message("Write a question for it, or delete it."),
            )


def built(
    siblings: Siblings, found: Mapping[str, Drafts], language: str, script: Script, reports: Mapping[str, Report]
) -> Drill:
    """The drill in the language of one of its files; a question missing in it stands in the language it follows."""
    first = siblings.first
    value = partial(schema.value, first.front)
    report = reports[first.language]
    competencies = schema.competencies("competency", value("competency"), report)
    draw = schema.number("draw", value("draw"), report, 1, 1000)
    confidence = schema.flag("confidence", value("confidence"), report)
    own, leading = found[language], found[first.language]
    rendering = Rendering(language, siblings.places, script)
    following = Rendering(first.language, siblings.places)
    answers = _answers(own, rendering)
    questions = []
    keys: dict[str, Key] = {}
    for id, draft in leading.sheet.drafts.items():
        asked = draft.tags.competencies or competencies
        if id in own.sheet.drafts:
            question = quizzes.rendered(
                own.sheet.drafts[id], rendering, asked, reports[language], (), _offers(own, rendering)
            )
        else:
            offers = _offers(leading, following)
            question = quizzes.rendered(draft, following, asked, first.report, (), offers)
        right = [leading.named(entry) for part in draft.parts[:1] for entry in part.entries if entry.checked]
        if question is None or len(question.parts) != 2 or len(right) != 1 or right[0] is None:
            continue  # said
        questions.append(question)
        keys[id] = Key(right[0], draft.tags.own.get(CONFUSABLE, ""))
    return Drill(
        id=siblings.id,
        language=script.tag(language),
        title=script.text(own.sheet.title),
        intro=rendering.blocks(own.sheet.intro or leading.sheet.intro),
        answers=answers,
        questions=tuple(questions),
        keys=keys,
        draw=draw,
        confidence=confidence,
    )


def _answers(found: Drafts, rendering: Rendering) -> tuple[Answer, ...]:
    return tuple(
        Answer(choice.id, rendering.script.text(choice.name), rendering.blocks(choice.profile))
        for choice in found.choices
    )


def _offers(found: Drafts, rendering: Rendering) -> quizzes.Amend:
    """All answers are offered every time: one that a question does not list gives its profile as feedback."""
    answers = _answers(found, rendering)

    def amended(draft: Draft, place: int, source: item.Source) -> item.Source:
        if place:
            return source
        listed = {
            found.named(entry): shown for entry, shown in zip(draft.parts[0].entries, source.entries, strict=True)
        }
        return replace(
            source,
            entries=tuple(
                replace(shown, text=answer.name, feedback=shown.feedback or answer.profile)
                if (shown := listed.get(answer.id)) is not None
                else item.Entry(
                    False,
                    answer.name,
                    rendering.script.html(_escaped(choice.name)),
                    answer.profile,
                    (),
                    choice.at.number,
                )
                for choice, answer in zip(found.choices, answers, strict=True)
            ),
        )

    return amended


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def seconds(drill: Drill) -> int:
    """Reading and answering as many questions as the criterion looks at: the least it takes."""
    if not drill.questions:
        return reading.seconds(drill.intro)
    total = sum(reading.seconds(question.text) + 2 * reading.CHOICE for question in drill.questions)
    return total * WINDOW // len(drill.questions) + reading.seconds(drill.intro)
