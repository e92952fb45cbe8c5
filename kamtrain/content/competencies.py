"""What people learn to do, in four levels: `courses/competencies.yaml`, and whether courses teach what they ask for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kamtrain.content import lookalikes, schema
from kamtrain.content.courses import yaml_front
from kamtrain.content.document import Document
from kamtrain.content.frontmatter import Node, Pairs, Scalar
from kamtrain.content.report import Report
from kamtrain.content.source import Line, Text, decoded
from kamtrain.content.traditional import with_traditional
from kamtrain.core.catalog import LEVELS, Competency
from kamtrain.core.message import Message, message
from kamtrain.core.problems import Problem

PATH = "courses/competencies.yaml"
CODE = re.compile(r"C\d\d")
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_CODED = re.compile(r"(?<![A-Za-z0-9.-])C\d\d(?![A-Za-z0-9.-])")


@dataclass(frozen=True)
class Competencies:
    text: Text
    known: Mapping[str, Competency]
    places: Mapping[str, Line]
    problems: tuple[Problem, ...]


NONE = Competencies(Text(PATH, (), (0,)), {}, {}, ())


def read(path: str, data: bytes) -> Competencies:
    """`C01: {name: {en: …}, levels: [{en: …}, …]}` for each competency. Never raises."""
    text, problems = decoded(path, data)
    if problems and not text.lines:
        return Competencies(text, {}, {}, problems)
    text, alike = lookalikes.read(text, yaml=True)
    report = Report(text)
    found: dict[str, Competency] = {}
    places: dict[str, Line] = {}
    for code, (key, node) in yaml_front(text, report).values.items():
        if not schema.competency(code, key.at, report):
            continue
        places[code] = key.at
        if not isinstance(node, Pairs):
            report.error(
                node.at,
                "wrong-kind",
                message("A competency takes a `name` and `levels`, each in every language."),
                message("Write `name: {en: …}` and `levels:` with four entries under it."),
            )
            continue
        values = {k.text: v for k, v in node.pairs if not schema.unknown_key(k, ("name", "levels"), report)}
        levels = schema.items("levels", values.get("levels"), report)
        if len(levels) != LEVELS:
            report.error(
                values["levels"].at if "levels" in values else key.at,
                "levels",
                message("A competency has %(want)s levels, and here are %(have)s.", want=LEVELS, have=len(levels)),
                message("Write one sentence for each: aware, guided, independent, coaches others."),
            )
            continue
        texts = (_texts("levels", level, level.at, report) for level in levels)
        found[code] = Competency(code, _texts("name", values.get("name"), key.at, report), tuple(texts))
    return Competencies(text, found, places, (*problems, *alike, *report.problems))


def _texts(key: str, node: Node | None, at: Line, report: Report) -> Mapping[str, str]:
    """The text in each language; those of the interface that nobody derives must be there."""
    found = schema.texts(key, node, report)
    for tag in ("en", "zh-Hans"):
        if not found.get(tag):
            report.error(
                node.at if node is not None else at,
                "text-missing",
                message("`%(key)s` has no text in `%(tag)s`.", key=key, tag=tag),
                message("Write `%(tag)s: …` in it.", tag=tag),
            )
    return with_traditional(found)


def codes(document: Document, kind: str) -> Iterator[tuple[str, Line]]:
    """The competencies that a file names, with their places: in its front matter, and in words for the program."""
    for key in ("competencies", "competency"):
        node = schema.value(document.front, key)
        if node is not None:
            silent = Report(document.text)
            listed = (node,) if isinstance(node, Scalar) else schema.items(key, node, silent)
            yield from ((schema.text(key, item, silent), item.at) for item in listed)
    if kind == "lesson":
        return  # code is code there
    for line in document.text.lines:
        for span in _SPAN.finditer(line.text):
            for match in _CODED.finditer(span[1]):
                yield match[0], Line(line.number, line.start + span.start(1) + match.start(), match[0])


def check(code: str, at: Line, able: Competencies, report: Report) -> None:
    """Says that a code is not in the file, where it is not."""
    if code in able.places or not CODE.fullmatch(code):
        return
    close = difflib.get_close_matches(code, tuple(able.known), 1, 0.6)
    mend: Message = message("Write it into `%(path)s`, with a name and four levels.", path=PATH)
    if close:
        name = able.known[close[0]].name.get("en", "")
        mend = message("Did you mean `%(guess)s` (%(name)s)?", guess=close[0], name=name)
    report.error(
        at, "unknown-competency", message("`%(word)s` is no competency in `%(path)s`.", word=code, path=PATH), mend
    )
