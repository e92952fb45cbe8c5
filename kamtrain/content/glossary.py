"""Terms that lessons explain in place, and the names of misconceptions: two small YAML files, each key an entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kamtrain.content import lookalikes, schema
from kamtrain.content.blocks import blocks
from kamtrain.content.courses import yaml_front
from kamtrain.content.frontmatter import Node, Pairs
from kamtrain.content.links import Places
from kamtrain.content.markdown import piece
from kamtrain.content.report import Report
from kamtrain.content.source import Line, Text, decoded
from kamtrain.content.traditional import html as traditional_html
from kamtrain.content.traditional import with_traditional
from kamtrain.core.catalog import Term
from kamtrain.core.message import message
from kamtrain.core.problems import Problem


@dataclass(frozen=True)
class Glossary:
    text: Text
    terms: Mapping[str, Term]
    places: Mapping[str, Line]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Misconceptions:
    text: Text
    names: Mapping[str, Mapping[str, str]]  # tag -> language -> name
    places: Mapping[str, Line]
    problems: tuple[Problem, ...]


def terms(path: str, data: bytes) -> Glossary:
    """`slug: {name: {en: …}, text: {en: …}}` for each term. Never raises."""
    text, problems = decoded(path, data)
    if problems and not text.lines:
        return Glossary(text, {}, {}, problems)
    text, alike = lookalikes.read(text, yaml=True)
    report = Report(text)
    found: dict[str, Term] = {}
    places: dict[str, Line] = {}
    for slug, (key, node) in yaml_front(text, report).values.items():
        if not schema.checked_id(slug, key.at, report):
            continue
        places[slug] = key.at
        if not isinstance(node, Pairs):
            report.error(
                node.at,
                "wrong-kind",
                message("A term takes a `name` and a `text`, each in every language."),
                message("Write `name: {en: …}` and `text: {en: …}` under it."),
            )
            continue
        values = {k.text: v for k, v in node.pairs if not schema.unknown_key(k, ("name", "text"), report)}
        name = _texts("name", values.get("name"), key.at, report)
        said = _texts("text", values.get("text"), key.at, report)
        html = {tag: _html(value, tag) for tag, value in said.items()}
        found[slug] = Term(slug, with_traditional(name), with_traditional(html, traditional_html))
    return Glossary(text, found, places, (*problems, *alike, *report.problems))


def _texts(key: str, node: Node | None, at: Line, report: Report) -> dict[str, str]:
    if node is None:
        report.error(
            at, "text-missing", message("`%(key)s` is missing.", key=key), message("Write `%(key)s: {en: …}`.", key=key)
        )
    return schema.texts(key, node, report)


def _html(value: str, language: str) -> str:
    lines = [Line(number, 0, line) for number, line in enumerate(value.split("\n"), start=1)]
    return piece(blocks(lines, Report(Text("", tuple(lines), (0,)))), language, Places())


def misconceptions(path: str, data: bytes) -> Misconceptions:
    """`tag: {en: …, zh-Hans: …}` for each tag of a wrong option. Never raises."""
    text, problems = decoded(path, data)
    if problems and not text.lines:
        return Misconceptions(text, {}, {}, problems)
    text, alike = lookalikes.read(text, yaml=True)
    report = Report(text)
    front = yaml_front(text, report)
    names = {tag: with_traditional(schema.texts(tag, node, report)) for tag, (_, node) in front.values.items()}
    places = {tag: key.at for tag, (key, _) in front.values.items()}
    return Misconceptions(text, names, places, (*problems, *alike, *report.problems))
