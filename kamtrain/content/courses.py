"""course.yaml: modules, their steps in order, and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

from kamtrain.content import frontmatter, lookalikes, schema
from kamtrain.content.frontmatter import Front, Node, Pairs, Scalar
from kamtrain.content.report import Report
from kamtrain.content.source import Line, Text, decoded
from kamtrain.content.traditional import with_traditional
from kamtrain.core.catalog import CompleteRule, Course, Grade, Module, Step, StepKind, SucceedRule
from kamtrain.core.message import message
from kamtrain.core.problems import Problem

KEYS = (
    "id", "title", "summary", "languages", "competencies", "requires", "authors", "pretest", "posttest", "modules",
    "complete", "succeed",
)  # fmt: skip
MODULE_KEYS = ("id", "title", "after", "steps")
KINDS: tuple[StepKind, ...] = get_args(StepKind)
STEP_KEYS = (*KINDS, "optional", "reach", "replay", "pass", "cues", "level", "opens", "closes")
COMPLETE: Mapping[str, str] = {
    "lessons": "read", "activities": "done", "pretest": "done", "posttest": "done", "survey": "done",
}  # fmt: skip
GRADES: tuple[Grade, ...] = get_args(Grade)

# Which rules a step of each kind may have.
RULES: Mapping[str, tuple[str, ...]] = {
    "lesson": (),
    "quiz": ("pass", "opens", "closes"),
    "scenario": ("reach", "replay"),
    "drill": ("pass", "cues"),
    "negotiation": ("reach", "replay"),
    "survey": (),
    "tool": ("level",),
}


@dataclass(frozen=True)
class CourseFile:
    """A course and the places of what it names, for the checks that need the whole library."""

    path: str
    text: Text
    course: Course
    steps: tuple[tuple[Step, Line], ...]
    tests: Mapping[str, Line]  # pretest and posttest -> place
    requires: Mapping[str, Line]
    competencies: Mapping[str, Line]
    whole: bool  # False: some of it could not be read, so that nothing may be said to be missing
    problems: tuple[Problem, ...]

    @property
    def report(self) -> Report:
        return Report(self.text)


def read(path: str, data: bytes) -> CourseFile:
    """The course in `data`; never raises."""
    folder = path.split("/")[-2] if "/" in path else "course"
    text, problems = decoded(path, data)
    empty = Course(folder, {}, (), ())
    if problems and not text.lines:
        return CourseFile(path, text, empty, (), {}, {}, {}, False, problems)
    text, alike = lookalikes.read(text, yaml=True)
    report = Report(text)
    front = yaml_front(text, report)
    front = replace(front, values=schema.named(front.values, KEYS, report))
    course, steps = _course(front, folder, report)
    tests = {
        key: front.values[key][1].at for key in ("pretest", "posttest") if key in front.values and getattr(course, key)
    }
    requires = dict(schema.words("requires", schema.value(front, "requires"), Report(text)))
    competencies = dict(schema.words("competencies", schema.value(front, "competencies"), Report(text)))
    whole = not report.broken
    found = (*problems, *alike, *report.problems)
    return CourseFile(path, text, course, steps, tests, requires, competencies, whole, found)


def yaml_front(text: Text, report: Report) -> Front:
    """A file that is YAML from its first line to its last."""
    lines = [line for line in text.lines if line.text.rstrip() not in ("---", "...")]
    at = next((line for line in lines if not line.blank), Line(1, 0, ""))
    if all(line.blank for line in lines):
        report.error(at, "empty-file", message("The file is empty."), message("Begin it with `id: …`."))
        return Front({}, (), at)
    return Front(frontmatter.read(lines, report), (), at)


def _course(front: Front, folder: str, report: Report) -> tuple[Course, tuple[tuple[Step, Line], ...]]:
    def value(key: str) -> Node | None:
        return schema.value(front, key)

    id = schema.identity("id", value("id"), report)
    if not id:
        report.error(front.at, "no-id", message("The id is missing."), message("Write `id: %(id)s`.", id=folder))
    title = schema.texts("title", value("title"), report)
    if "title" not in front.values:
        report.error(
            front.at, "no-title", message("The title is missing."), message("Write `title: {en: …, zh-Hans: …}`.")
        )
    languages = tuple(
        tag for tag, at in schema.words("languages", value("languages"), report) if schema.language(tag, at, report)
    )
    if not languages:
        report.error(
            front.at,
            "no-languages",
            message("The course names no language."),
            message("Write `languages: [en, zh-Hans]`; the first is the one the others follow."),
        )
    _each_language(title, languages, "title", front.values.get("title"), report)
    steps: list[tuple[Step, Line]] = []
    modules: list[Module] = []
    node = value("modules")
    for item in schema.items("modules", node, report):
        module = _module(item, languages, steps, report)
        if module is None:
            continue
        if any(module.id == known.id for known in modules):
            report.error(
                item.at,
                "duplicate-id",
                message("There is a module `%(id)s` already.", id=module.id),
                message("Give this one another id."),
            )
        else:
            modules.append(module)
    if node is None and "modules" not in report.broken:
        report.error(
            front.at, "no-modules", message("The course has no modules."), message("Write `modules:` and a list.")
        )
    _check_after(modules, node, report)
    course = Course(
        id=id or folder,
        title=with_traditional(title),
        languages=languages,
        modules=tuple(modules),
        summary=with_traditional(schema.texts("summary", value("summary"), report)),
        competencies=schema.competencies("competencies", value("competencies"), report),
        requires=tuple(word for word, at in schema.words("requires", value("requires"), report)),
        authors=_authors(value("authors"), report),
        pretest=schema.identity("pretest", value("pretest"), report) or None,
        posttest=schema.identity("posttest", value("posttest"), report) or None,
        complete=_complete(value("complete"), report),
        succeed=_succeed(value("succeed"), report),
    )
    if course.complete.posttest and course.posttest is None:
        report.error(
            front.values["complete"][1].at,
            "no-posttest",
            message("`complete` asks for a posttest, and the course has none."),
            message("Write `posttest: …`, or delete it here."),
        )
    if course.complete.pretest and course.pretest is None:
        report.error(
            front.values["complete"][1].at,
            "no-pretest",
            message("`complete` asks for a pretest, and the course has none."),
            message("Write `pretest: …`, or delete it here."),
        )
    return course, tuple(steps)


def _each_language(
    texts: Mapping[str, str], languages: tuple[str, ...], key: str, pair: tuple[Scalar, Node] | None, report: Report
) -> None:
    for tag in languages:
        if pair is not None and tag not in texts:
            say = report.error if tag == languages[0] else report.warning
            say(
                pair[1].at,
                "text-missing",
                message("`%(key)s` has no text in `%(tag)s`.", key=key, tag=tag),
                message("Write `%(tag)s: …` in it.", tag=tag),
            )


def _authors(node: Node | None, report: Report) -> tuple[str, ...]:
    found = []
    for word, at in schema.words("authors", node, report):
        if "@" in word and " " not in word:
            found.append(word.lower())
        else:
            report.error(at, "bad-address", message("`%(word)s` is no mail address.", word=word[:60]))
    return tuple(found)


def _module(item: Node, languages: tuple[str, ...], steps: list[tuple[Step, Line]], report: Report) -> Module | None:
    if not isinstance(item, Pairs):
        report.error(
            item.at,
            "wrong-kind",
            message("A module takes `id`, `title` and `steps`."),
            message("Write `- id: my-module` and under it `title:` and `steps:`."),
        )
        return None
    values = {key.text: (key, value) for key, value in item.pairs if not schema.unknown_key(key, MODULE_KEYS, report)}

    def value(key: str) -> Node | None:
        return values[key][1] if key in values else None

    id = schema.identity("id", value("id"), report)
    if not id:
        report.error(
            item.at, "no-id", message("The id of this module is missing."), message("Write `- id: my-module`.")
        )
        return None
    title = schema.texts("title", value("title"), report)
    if "title" not in values:
        report.error(
            item.at, "no-title", message("The module `%(id)s` has no title.", id=id), message("Write `title: {en: …}`.")
        )
    _each_language(title, languages, "title", values.get("title"), report)
    own: list[Step] = []
    for node in schema.items("steps", value("steps"), report):
        step = _step(node, report)
        if step is None:
            continue
        if any((step.kind, step.id) == (known.kind, known.id) for known, _ in steps):
            report.error(
                node.at,
                "duplicate-step",
                message("`%(kind)s: %(id)s` is a step of this course already.", kind=step.kind, id=step.id),
                message("Delete one of the two."),
            )
            continue
        own.append(step)
        steps.append((step, node.at))
    if not own:
        report.warning(item.at, "no-steps", message("The module `%(id)s` has no steps.", id=id))
    return Module(
        id,
        with_traditional(title),
        tuple(own),
        tuple(word for word, _ in schema.words("after", value("after"), report)),
    )


def _step(node: Node, report: Report) -> Step | None:
    if not isinstance(node, Pairs):
        report.error(
            node.at,
            "wrong-kind",
            message("A step takes its kind and an id."),
            message("Write `- lesson: my-lesson`, `- quiz: my-quiz`, or `- {scenario: my-scenario, reach: strong}`."),
        )
        return None
    values = {key.text: (key, value) for key, value in node.pairs if not schema.unknown_key(key, STEP_KEYS, report)}
    kinds = [kind for kind in KINDS if kind in values]
    if len(kinds) != 1:
        report.error(
            node.at,
            "step-kind",
            message("A step is one of: %(kinds)s.", kinds=KINDS),
            message("Write `- lesson: my-lesson`, each step in an entry of its own."),
        )
        return None
    kind = kinds[0]
    id = schema.identity(kind, values[kind][1], report)
    if not id:
        report.error(
            node.at, "no-id", message("The id of this step is missing."), message("Write `- %(kind)s: …`.", kind=kind)
        )
        return None
    step = Step(kind, id)
    for name, (key, value) in values.items():
        if name == kind:
            continue
        if name == "optional":
            step = replace(step, optional=schema.flag(name, value, report))
        elif name not in RULES[kind]:
            report.error(
                key.at,
                "other-rule",
                message("`%(key)s` has no meaning for a step of kind `%(kind)s`.", key=name, kind=kind),
                message("Delete it."),
            )
        elif name == "reach":
            reach = schema.one_of(name, value, GRADES, report, "acceptable")
            step = replace(step, reach=next(grade for grade in GRADES if grade == reach))
        elif name == "replay":
            step = replace(step, replay=schema.identity(name, value, report) or None)
        elif name == "level":
            step = replace(step, level=schema.number(name, value, report, 1, 4))
        elif name == "opens":
            step = replace(step, opens=schema.wall(name, value, report))
        elif name == "closes":
            step = replace(step, closes=schema.wall(name, value, report, end=True))
        elif name == "cues":
            step = replace(step, cues=schema.number(name, value, report, 1, 100))
        else:
            step = replace(step, passing=schema.number(name, value, report, 1, 100))
    if "closes" in values:
        schema.in_order(step.opens, step.closes, values["closes"][1].at, report)
    return step


def _check_after(modules: list[Module], node: Node | None, report: Report) -> None:
    """`after` names modules of this course, and no module comes after itself."""
    at = node.at if node is not None else Line(1, 0, "")
    known = {module.id: module for module in modules}
    for module in modules:
        for name in module.after:
            if name not in known:
                report.error(
                    at,
                    "unknown-module",
                    message(
                        "The module `%(id)s` stands after `%(name)s`, which is no module.", id=module.id, name=name[:60]
                    ),
                    schema.meant(name, tuple(known)),
                )
    for module in modules:
        seen: set[str] = set()
        waiting = [name for name in module.after if name in known]
        while waiting:
            name = waiting.pop()
            if name == module.id:
                report.error(
                    at,
                    "module-circle",
                    message("The module `%(id)s` stands after itself.", id=module.id),
                    message("Delete one of the `after:` in the circle."),
                )
                break
            if name not in seen:
                seen.add(name)
                waiting.extend(after for after in known[name].after if after in known)


def _rule(node: Node | None, key: str, known: tuple[str, ...], report: Report) -> dict[str, Node]:
    if node is None:
        return {}
    if not isinstance(node, Pairs):
        report.error(
            node.at,
            "wrong-kind",
            message("`%(key)s` takes a rule for each of: %(known)s.", key=key, known=tuple(known)),
        )
        return {}
    return {k.text: value for k, value in node.pairs if not schema.unknown_key(k, known, report)}


def _complete(node: Node | None, report: Report) -> CompleteRule:
    """Rules that are named hold; without the key, lessons and activities do."""
    if node is None:
        return CompleteRule()
    rules = _rule(node, "complete", ("lessons", "activities", "pretest", "posttest", "survey"), report)
    for name, word in COMPLETE.items():
        if name in rules:
            schema.one_of(name, rules[name], (word,), report)
    if "survey" in rules:
        report.note(rules["survey"].at, "kind-to-come", message("Surveys cannot be asked yet: this rule is left out."))
    return CompleteRule("lessons" in rules, "activities" in rules, "posttest" in rules, "pretest" in rules)


def _succeed(node: Node | None, report: Report) -> SucceedRule:
    if node is None:
        return SucceedRule()
    rules = _rule(node, "succeed", ("activities", "posttest", "each-competency"), report)
    if "activities" in rules:
        schema.one_of("activities", rules["activities"], ("passed",), report)
    posttest = schema.number("posttest", rules.get("posttest"), report, 1, 100)
    if "each-competency" in rules:
        schema.number("each-competency", rules["each-competency"], report, 1, 100)
        report.note(
            rules["each-competency"].at,
            "rule-to-come",
            message("A mark for each competency is not computed yet: this rule is left out."),
        )
    return SucceedRule("activities" in rules, posttest)
