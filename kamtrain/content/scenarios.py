"""Scenarios: scenes, choices with their effects, endings, and what differs against another buyer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kamtrain.content import reading, schema
from kamtrain.content.blocks import Block, Entry, List, Paragraph
from kamtrain.content.clauses import Span, variant_of
from kamtrain.content.document import Document
from kamtrain.content.frontmatter import Node, Pairs, Scalar
from kamtrain.content.quizzes import Rendering, told
from kamtrain.content.report import Report
from kamtrain.content.script import Script
from kamtrain.content.sections import Section, split
from kamtrain.content.siblings import Siblings
from kamtrain.content.source import Line
from kamtrain.core.catalog import Grade
from kamtrain.core.message import message
from kamtrain.core.scenario import (
    BASE,
    GRADES,
    SCORES,
    Choice,
    Condition,
    Effects,
    Ending,
    Meter,
    Persona,
    Relation,
    Scenario,
    Scene,
)

KEYS = ("id", "title", "kind", "persona", "variants", "turns", "state", "names", "minutes")
OWN = ("persona", "variants", "names")
PERSONA = ("name", "post", "role", "style", "pressure")
PERSONA_OWN = ("name", "post", "pressure")  # what a translation says itself
DEBRIEF = "debrief"
MAX_TURNS = 50

_RELATIONS: Mapping[str, Relation] = {">=": ">=", "<=": "<=", "=": "=", ">": ">", "<": "<", "≥": ">=", "≤": "<="}
_CONDITION = re.compile(
    r"(?P<word>if|when)\s+(?P<name>\S+?)\s*(?P<relation>>=|<=|≥|≤|=|>|<)\s*(?P<value>\d{1,6})", re.ASCII
)
_CHANGE = re.compile(r"(?P<name>[a-z][a-z0-9-]*)\s*(?P<sign>[+＋\-−－])\s*(?P<value>\d{1,6})", re.ASCII)
_EVIDENCE = re.compile(r"(?P<code>[Cc]\d{1,3})\s*(?P<sign>[+＋\-−－])", re.ASCII)
_METER = re.compile(r"(?P<start>\d{1,6})(?:\s+of\s+(?P<maximum>\d{1,6})|\s*(?P<unit>\D{0,20}))", re.ASCII)


@dataclass(frozen=True)
class ChoiceDraft:
    entry: Entry
    text: tuple[Line, ...]
    target: str
    at: Line  # of the target
    effects: Mapping[str, Effects]


@dataclass(frozen=True)
class SceneDraft:
    section: Section
    text: tuple[Block, ...]
    choices: tuple[ChoiceDraft, ...]
    ending: Ending | None


@dataclass(frozen=True)
class Frame:
    """The front matter of the first file: what scenes are read against."""

    persona: Mapping[str, Persona]
    meters: Mapping[str, Mapping[str, Meter]]
    turns: int
    minutes: int | None  # None: computed

    @property
    def variants(self) -> tuple[str, ...]:
        return tuple(name for name in self.persona if name != BASE)

    @property
    def states(self) -> tuple[str, ...]:
        return (*self.meters[BASE], "turns")


@dataclass(frozen=True)
class Sheet:
    document: Document
    title: str
    intro: tuple[Block, ...]
    scenes: Mapping[str, SceneDraft]
    debrief: tuple[Block, ...]


# --- front matter -------------------------------------------------------------------------------------------------------


def frame(document: Document, report: Report) -> Frame:
    """Persona, state and turns, for every variant."""
    front = document.front
    base = _persona(schema.value(front, "persona"), report)
    if not base.name or not base.style:
        report.error(
            document.at("persona"),
            "no-persona",
            message("The scenario needs a persona with a name and a style."),
            message("Write `persona: {name: …, post: …, role: …, style: …, pressure: …}`."),
        )
    meters = _meters(schema.value(front, "state"), report)
    turns = schema.number("turns", schema.value(front, "turns"), report, 1, MAX_TURNS)
    if turns is None and "turns" not in front.values:
        report.error(
            document.front.at, "no-turns", message("The number of turns is missing."), message("Write `turns: 7`.")
        )
    personas = {BASE: base}
    states = {BASE: meters}
    variants = schema.value(front, "variants")
    if variants is not None and not isinstance(variants, Pairs):
        report.error(
            variants.at,
            "wrong-kind",
            message("`%(key)s` takes a name for each buyer and what differs.", key="variants"),
            message("Write `variants:` and under it `  analytical: {persona: {pressure: …}}`."),
        )
    elif isinstance(variants, Pairs):
        for name, node in variants.pairs:
            if name.text == base.style:
                report.error(
                    name.at,
                    "variant-is-base",
                    message("`%(name)s` is the style the scenario is written for.", name=name.text),
                    message("Delete this variant, or change `persona.style`."),
                )
            elif schema.checked_id(name.text, name.at, report):
                parts = _parts(node, report)
                personas[name.text] = _changed(replace(base, style=name.text), parts.get("persona"), report)
                states[name.text] = {**meters, **_meters(parts.get("state"), report, tuple(meters))}
    minutes = schema.number("minutes", schema.value(front, "minutes"), report, 1, 600)
    return Frame(personas, states, turns or 1, minutes)


def _parts(node: Node, report: Report) -> dict[str, Node]:
    """The two things a variant may change."""
    if isinstance(node, Scalar) and not node.text:
        return {}
    if not isinstance(node, Pairs):
        report.error(node.at, "wrong-kind", message("A variant takes `persona` and `state`."))
        return {}
    return {key.text: value for key, value in node.pairs if not schema.unknown_key(key, ("persona", "state"), report)}


def _persona(node: Node | None, report: Report) -> Persona:
    return _changed(Persona("", "", "", "", ""), node, report)


def _changed(persona: Persona, node: Node | None, report: Report) -> Persona:
    if node is None:
        return persona
    if not isinstance(node, Pairs):
        report.error(
            node.at,
            "wrong-kind",
            message("`%(key)s` takes %(parts)s.", key="persona", parts=tuple(PERSONA)),
            message("Write `persona: {name: …, post: …, role: …, style: …, pressure: …}`."),
        )
        return persona
    values = {
        key.text: schema.text(key.text, value, report)
        for key, value in node.pairs
        if not schema.unknown_key(key, PERSONA, report)
    }
    return replace(persona, **values)


def _meters(node: Node | None, report: Report, known: tuple[str, ...] | None = None) -> dict[str, Meter]:
    """`known` limits the names to those of the base."""
    if node is None:
        return {}
    example = message("Write `state: {trust: 3 of 10, margin: 28}`.")
    if not isinstance(node, Pairs):
        report.error(
            node.at, "wrong-kind", message("`%(key)s` takes a name and a start for each.", key="state"), example
        )
        return {}
    found: dict[str, Meter] = {}
    for key, value in node.pairs:
        if known is not None and schema.unknown_key(key, known, report):
            continue
        if key.text == "turns" or key.text in schema.COMPETENCIES:
            report.error(key.at, "bad-name", message("`%(name)s` has a meaning of its own.", name=key.text))
            continue
        if not schema.checked_id(key.text, key.at, report):
            continue
        raw = schema.text(key.text, value, report)
        match = _METER.fullmatch(raw)
        if match is None or (match["maximum"] is not None and int(match["start"]) > int(match["maximum"])):
            report.error(
                value.at,
                "bad-meter",
                message("`%(name)s` takes a start and, after `of`, a maximum.", name=key.text),
                message("Write `%(name)s: 3 of 10`.", name=key.text),
            )
            found[key.text] = Meter(0)
            continue
        maximum = int(match["maximum"]) if match["maximum"] is not None else None
        found[key.text] = Meter(int(match["start"]), maximum, (match["unit"] or "").strip())
    return found


# --- scenes -------------------------------------------------------------------------------------------------------------


def sheet(document: Document, frame: Frame, report: Report) -> Sheet:
    intro, sections = split(document.blocks, report, titled=False)
    scenes: dict[str, SceneDraft] = {}
    debrief: tuple[Block, ...] = ()
    for place, section in enumerate(sections):
        if section.id == DEBRIEF:
            debrief = (*section.blocks, *((section.debrief,) if section.debrief else ()))
            if place != len(sections) - 1:
                report.error(
                    section.at,
                    "debrief-not-last",
                    message("`## debrief` holds the questions for afterwards and stands last."),
                    message("Move it to the end of the file."),
                )
        else:
            scenes[section.id] = _scene(section, frame, report)
    if not scenes and document.text.lines:
        report.error(
            document.front.at,
            "no-scene",
            message("The scenario has no scene."),
            message("Begin each with a line `## my-scene`."),
        )
    title = schema.text("title", schema.value(document.front, "title"), report)
    return Sheet(document, title, intro, scenes, debrief)


def _scene(section: Section, frame: Frame, report: Report) -> SceneDraft:
    ending = _ending(section, frame, report)
    text: list[Block] = []
    choices: list[ChoiceDraft] = []
    for block in section.blocks:
        if isinstance(block, List) and (not block.ordered or any(_target(entry) for entry in block.entries)):
            choices.extend(choice for entry in block.entries if (choice := _choice(entry, frame, report)) is not None)
        else:
            text.append(block)
    if ending is not None and choices:
        report.error(
            choices[0].entry.at,
            "choice-in-ending",
            message("An ending has no choices."),
            message("Delete them, or the line `ending: …`."),
        )
    if ending is None and not choices:
        report.error(
            section.at,
            "no-choice",
            message("The scene `%(id)s` has no choice: the story stops here.", id=section.id),
            message("Write `- [What one says](#next-scene)`, or `ending: poor` in code under the heading."),
        )
    if ending is not None and section.debrief is None:
        report.warning(
            section.at,
            "no-lesson",
            message("The ending `%(id)s` draws no lesson.", id=section.id),
            message("Write a quote at the end: `> …`."),
        )
    if section.debrief is not None and ending is None:
        text.append(section.debrief)
    return SceneDraft(section, tuple(text), tuple(choices), ending)


def _target(entry: Entry) -> bool:
    return bool(entry.lines) and entry.lines[0].text.startswith("[")


def _choice(entry: Entry, frame: Frame, report: Report) -> ChoiceDraft | None:
    """The line one may say: `[text](#scene)`, then its effects."""
    lines, spans, _, _ = told(entry)
    text = "\n".join(line.text for line in lines).rstrip()
    match = re.search(r"\]\(#(?P<target>[^()\s]*)\)$", text)
    if match is None or not text.startswith("["):
        report.error(
            entry.at,
            "no-target",
            message("This choice leads nowhere."),
            message("Write it as a link to a scene: `- [What one says](#next-scene)`."),
        )
        return None
    effects = _effects(spans, frame, report)
    inner = _between(lines, 1, match.start())
    return ChoiceDraft(entry, inner, match["target"], _place(lines, match.start("target")), effects)


def _between(lines: Sequence[Line], start: int, end: int) -> tuple[Line, ...]:
    """Characters `start` to `end` of the joined lines, as lines."""
    found: list[Line] = []
    passed = 0
    for line in lines:
        low, high = max(0, start - passed), end - passed
        if high > 0 and low <= len(line.text):
            found.append(line.cropped(min(high, len(line.text))).cut(min(low, len(line.text))))
        passed += len(line.text) + 1
    return tuple(found)


def _place(lines: Sequence[Line], index: int) -> Line:
    for line in lines:
        if index <= len(line.text):
            return line.cut(index)
        index -= len(line.text) + 1
    return lines[-1]


def _effects(spans: Sequence[Span], frame: Frame, report: Report) -> dict[str, Effects]:
    """Variant -> effects; a variant's replace the plain ones."""
    found: dict[str, Effects] = {}
    for span in spans:
        named = span.prefixed(frame.variants) or _mistyped_variant(span, frame, report)
        variant, rest = named if named else (BASE, span)
        found[variant] = _added(found.get(variant, Effects()), rest, frame, report)
    found.setdefault(BASE, Effects())
    return found


def _mistyped_variant(span: Span, frame: Frame, report: Report) -> tuple[str, Span] | None:
    match = re.match(r"([a-z][a-z0-9-]*)\s*[:：]\s*", span.text)
    if match is None or match[1] in ("ending", "score"):
        return None
    report.error(
        span.at,
        "unknown-variant",
        message("There is no variant `%(name)s`.", name=match[1][:60]),
        schema.meant(match[1], frame.variants) or message("Name it under `variants:` in the front matter."),
    )
    guess = schema.nearest(match[1], frame.variants)
    rest = Span(span.text[match.end() :], span.at.cut(match.end()))
    return (guess, rest) if guess else ("?", rest)


def _added(effects: Effects, span: Span, frame: Frame, report: Report) -> Effects:
    changes = dict(effects.changes)
    shown, missed, conditions = list(effects.shown), list(effects.missed), list(effects.conditions)
    for clause in span.clauses:
        if evidence := _EVIDENCE.fullmatch(clause.text):
            code = evidence["code"].upper()
            if schema.competency(code, clause.at, report):
                (shown if evidence["sign"] in "+＋" else missed).append(code)
        elif change := _CHANGE.fullmatch(clause.text):
            if _known_state(change["name"], clause.at, frame, report):
                value = int(change["value"]) * (1 if change["sign"] in "+＋" else -1)
                changes[change["name"]] = changes.get(change["name"], 0) + value
        elif condition := _condition(clause, "if", frame, report):
            conditions.append(condition)
        elif not clause.text.startswith("if "):
            report.error(
                clause.at,
                "unknown-effect",
                message("`%(text)s` is no effect.", text=clause.text[:60]),
                message("Write `trust +2`, `C06 +`, `C06 -`, or `if need >= 4`."),
            )
    return Effects(changes, tuple(shown), tuple(missed), tuple(conditions))


def _known_state(name: str, at: Line, frame: Frame, report: Report) -> bool:
    if name in frame.states:
        return True
    report.error(
        at, "unknown-state", message("There is no state `%(name)s`.", name=name[:60]), schema.meant(name, frame.states)
    )
    return False


def _condition(clause: Span, word: str, frame: Frame, report: Report) -> Condition | None:
    """What `clause` asks for; None where it is no condition, or one that cannot be read (which is said)."""
    match = _CONDITION.fullmatch(clause.text)
    if match is None or match["word"] != word:
        if clause.text.startswith(f"{word} "):
            report.error(
                clause.at,
                "bad-condition",
                message("`%(text)s` is no condition.", text=clause.text[:60]),
                message("Write `%(word)s need >= 4`.", word=word),
            )
        return None
    if not _known_state(match["name"], clause.at, frame, report):
        return None
    return Condition(match["name"], _RELATIONS[match["relation"]], int(match["value"]))


def _ending(section: Section, frame: Frame, report: Report) -> Ending | None:
    """The ending its tag lines make of a scene; None: it is none."""
    grade: Grade | None = None
    score: int | None = None
    otherwise: str | None = None
    when: list[Condition] = []
    conditions: dict[str, tuple[Condition, ...]] = {}
    spans = [span for line in section.lines for span in line]
    for span in spans:
        named = span.prefixed(frame.variants) or _mistyped_variant(span, frame, report)
        variant, rest = named if named else (BASE, span)
        asked: list[Condition] = []
        for clause in rest.clauses:
            if match := re.fullmatch(r"ending\s*[:：]\s*(.*)", clause.text):
                grade = _grade(match[1], clause, report)
            elif match := re.fullmatch(r"score\s*[:：]\s*(.*)", clause.text):
                score = _score(match[1], clause, report)
            elif match := re.fullmatch(r"else\s+#?(\S+)", clause.text):
                otherwise = match[1]
            elif clause.text.startswith("when "):
                if condition := _condition(clause, "when", frame, report):
                    when.append(condition)
            elif clause.text.startswith("if "):
                if condition := _condition(clause, "if", frame, report):
                    asked.append(condition)
            else:
                report.error(
                    clause.at,
                    "unknown-tag",
                    message("Unknown word `%(word)s`.", word=clause.text[:60]),
                    message(
                        "Write `ending: strong`, `score: 80`, `if need >= 6`, `else undated`, or `when trust = 0`."
                    ),
                )
        if asked:
            conditions[variant] = tuple(asked)
    if not spans:
        return None
    at = spans[0].at
    if grade is None:
        if not any(clause.text.startswith("ending") for clause in section.tags):
            report.error(
                at,
                "no-ending",
                message("Only an ending has such words under its heading."),
                message("Write `ending: strong`, `ending: acceptable` or `ending: poor`."),
            )
        grade = "poor"
    if conditions and otherwise is None:
        report.error(
            at,
            "no-else",
            message(
                "The ending `%(id)s` has `if` and no `else`: where does the story go when that does not hold?",
                id=section.id,
            ),
            message("Write `else other-ending` after the condition."),
        )
        conditions = {}
    if otherwise is not None and not conditions:
        report.error(
            at,
            "else-without-if",
            message("`else` stands here without `if`."),
            message("Write a condition, or delete `else`."),
        )
    if conditions:
        conditions.setdefault(BASE, ())
    return Ending(grade, SCORES[grade] if score is None else score, conditions, otherwise, tuple(when))


def _grade(raw: str, clause: Span, report: Report) -> Grade:
    for grade in GRADES:
        if raw == grade:
            return grade
    report.error(
        clause.at,
        "unknown-grade",
        message("An ending cannot be `%(grade)s`.", grade=raw[:60]),
        schema.meant(raw, GRADES[::-1]),
    )
    return "poor"


def _score(raw: str, clause: Span, report: Report) -> int | None:
    if re.fullmatch(r"\d{1,3}", raw, re.ASCII) and int(raw) <= 100:
        return int(raw)
    report.error(
        clause.at, "bad-score", message("`score` takes a whole number from 0 to 100."), message("Write `score: 80`.")
    )
    return None


# --- checks across scenes -------------------------------------------------------------------------------------------------


def check_targets(sheet: Sheet, report: Report) -> bool:
    """Whether every target is a scene; what is none is said."""
    sound = True
    for draft in sheet.scenes.values():
        for choice in draft.choices:
            if choice.target not in sheet.scenes:
                sound = False
                report.error(
                    choice.at,
                    "unknown-scene",
                    message("There is no scene `%(id)s`.", id=choice.target[:60]),
                    schema.meant(choice.target, tuple(sheet.scenes))
                    or message("Write `## %(id)s`.", id=choice.target[:60]),
                )
        otherwise = draft.ending.otherwise if draft.ending else None
        if otherwise is not None and otherwise not in sheet.scenes:
            sound = False
            at = next((c.at for c in draft.section.tags if c.text.startswith("else")), draft.section.at)
            report.error(
                at,
                "unknown-scene",
                message("There is no scene `%(id)s`.", id=otherwise[:60]),
                schema.meant(otherwise, tuple(sheet.scenes)),
            )
    return sound


def names(document: Document, report: Report) -> dict[str, str]:
    node = schema.value(document.front, "names")
    if node is None:
        return {}
    if not isinstance(node, Pairs):
        report.error(
            node.at,
            "wrong-kind",
            message("`%(key)s` takes what a trainee reads for each state and ending.", key="names"),
            message("Write `names: {trust: Trust}`."),
        )
        return {}
    return {key.text: schema.text(key.text, value, report) for key, value in node.pairs}


def check_names(document: Document, frame: Frame, sheet: Sheet, report: Report) -> None:
    node = schema.value(document.front, "names")
    endings = [id for id, scene in sheet.scenes.items() if scene.ending is not None]
    known = [*frame.states, *endings, *frame.variants, frame.persona[BASE].style]
    have = set()
    if isinstance(node, Pairs):
        for key, _ in node.pairs:
            have.add(key.text)
            if key.text not in known:
                report.error(
                    key.at,
                    "unknown-name",
                    message("`%(name)s` is no state and no ending.", name=key.text[:60]),
                    schema.meant(key.text, known),
                )
    for name in [*frame.meters[BASE], *endings]:
        if name not in have:
            report.warning(
                document.at("names"),
                "no-name",
                message("`names` does not say what a trainee reads for `%(name)s`.", name=name),
                message("Write `%(name)s: …` under `names:`.", name=name),
            )


# --- the whole scenario ---------------------------------------------------------------------------------------------------


def _by_variant(blocks: Sequence[Block], variants: Sequence[str]) -> dict[str, tuple[Block, ...]]:
    """Variant -> blocks. Paragraphs of a variant replace the plain blocks that stand before them since the last such group."""
    groups: list[dict[str, list[Block]]] = [{BASE: []}]
    for block in blocks:
        variant = ""
        if isinstance(block, Paragraph):
            variant, rest = variant_of(block.lines[0], variants)
            if variant:
                block = Paragraph((rest, *block.lines[1:]))
        if not variant and len(groups[-1]) > 1:
            groups.append({BASE: []})
        groups[-1].setdefault(variant or BASE, []).append(block)
    used = {name for group in groups for name in group}
    return {
        name: tuple(block for group in groups for block in group.get(name, group[BASE]))
        for name in (BASE, *variants)
        if name in used
    }


def _rendered(blocks: Sequence[Block], variants: Sequence[str], rendering: Rendering) -> dict[str, str]:
    return {name: rendering.blocks(own) if own else "" for name, own in _by_variant(blocks, variants).items()}


def _built_scene(draft: SceneDraft, variants: Sequence[str], rendering: Rendering) -> Scene:
    choices = []
    for choice in draft.choices:
        _, _, feedback, _ = told(choice.entry)
        choices.append(
            Choice(
                text={BASE: rendering.lines(choice.text)},
                target=choice.target,
                effects=choice.effects,
                consequence=_rendered(feedback, variants, rendering),
            )
        )
    debrief = draft.section.debrief if draft.ending is not None else None
    return Scene(
        id=draft.section.id,
        text=_rendered(draft.text, variants, rendering),
        choices=tuple(choices),
        ending=draft.ending,
        debrief=rendering.blocks(debrief.blocks) if debrief else "",
    )


def built(siblings: Siblings, frame: Frame, sheets: Mapping[str, Sheet], language: str, script: Script) -> Scenario:
    """The scenario in the language of one of its `sheets`; a scene missing in it stands in the language it follows.

    Targets, effects and conditions are the first file's in every language.
    """
    first = siblings.first
    own, leading = sheets[language], sheets[first.language]
    rendering = Rendering(language, siblings.places, script)
    other = Rendering(first.language, siblings.places)
    scenes: dict[str, Scene] = {}
    for id, draft in leading.scenes.items():
        scene = _built_scene(draft, frame.variants, other)
        mine = own.scenes.get(id)
        if mine is not None and language != first.language:
            scene = _translated(scene, _built_scene(mine, frame.variants, rendering))
        elif mine is not None:
            scene = _built_scene(mine, frame.variants, rendering)
        scenes[id] = scene
    codes = {
        code
        for scene in scenes.values()
        for choice in scene.choices
        for effects in choice.effects.values()
        for code in (*effects.shown, *effects.missed)
    }
    said = {**names(first, first.report), **names(own.document, own.document.report)}
    debrief = own.debrief or leading.debrief
    return Scenario(
        id=siblings.id,
        language=script.tag(language),
        title=script.text(own.title),
        briefing=rendering.blocks(own.intro or leading.intro),
        persona={name: _spoken(persona, own.document, name, script) for name, persona in frame.persona.items()},
        turns=frame.turns,
        meters=frame.meters,
        names={name: script.text(text) for name, text in said.items()},
        scenes=scenes,
        debrief=rendering.blocks(debrief),
        competencies=tuple(sorted(codes)),
    )


def _translated(scene: Scene, own: Scene) -> Scene:
    """The rules of `scene` with the texts of `own`, as far as they stand at the same places."""
    choices = tuple(
        replace(choice, text=mine.text, consequence=mine.consequence)
        for choice, mine in zip(scene.choices, own.choices, strict=False)
    )
    return replace(
        scene,
        text=own.text if any(own.text.values()) else scene.text,
        choices=(*choices, *scene.choices[len(choices) :]),
        debrief=own.debrief or scene.debrief,
    )


def _spoken(persona: Persona, document: Document, variant: str, script: Script) -> Persona:
    """The persona with what a translation says itself."""
    report = document.report
    node = schema.value(document.front, "persona")
    own = _persona(node, report)
    texts = {key: getattr(own, key) for key in PERSONA_OWN if getattr(own, key)}
    variants = schema.value(document.front, "variants")
    if variant != BASE and isinstance(variants, Pairs):
        for name, value in variants.pairs:
            if name.text == variant:
                changed = _persona(_parts(value, report).get("persona"), report)
                texts.update({key: getattr(changed, key) for key in PERSONA_OWN if getattr(changed, key)})
    return replace(persona, **{key: script.text(text) for key, text in {**_texts(persona), **texts}.items()})


def _texts(persona: Persona) -> dict[str, str]:
    return {key: getattr(persona, key) for key in PERSONA_OWN}


def seconds(scenario: Scenario) -> int:
    """Reading the briefing and as many scenes as there are turns, and deciding as often."""
    scenes = [
        reading.seconds(scene.text[BASE] + " ".join(choice.text[BASE] for choice in scene.choices))
        for scene in scenario.scenes.values()
    ]
    mean = sum(scenes) // len(scenes) if scenes else 0
    return reading.seconds(scenario.briefing) + scenario.turns * (mean + reading.DECISION)
