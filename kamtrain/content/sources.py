"""What the courses were asked to cover, row by row, and where each is covered: `courses/sources.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kamtrain.content import lookalikes, schema
from kamtrain.content.courses import yaml_front
from kamtrain.content.frontmatter import Node, Pairs
from kamtrain.content.report import Report
from kamtrain.content.source import Line, Text, decoded
from kamtrain.content.traditional import with_traditional
from kamtrain.core.catalog import Cover, SourcePart, SourceRow, Texts
from kamtrain.core.message import message
from kamtrain.core.problems import Problem
from kamtrain.workbench import TOOLS

PATH = "courses/sources.yaml"
KINDS = ("lesson", "quiz", "scenario", "drill", "negotiation", "tool", "course")
LANGUAGES = ("en", "zh-Hans")
ROW_KEYS = ("id", *LANGUAGES, "zh-Hant", "by", "left-out")


@dataclass(frozen=True)
class Sources:
    text: Text
    parts: tuple[SourcePart, ...]
    planned: Mapping[str, Texts]  # every course of the curriculum, with its title
    places: Mapping[tuple[str, Cover], Line]  # row and what covers it -> place
    problems: tuple[Problem, ...]


NONE = Sources(Text(PATH, (), (0,)), (), {}, {}, ())


def read(path: str, data: bytes) -> Sources:
    """`courses:` with their titles, and `parts:` with their rows. Never raises."""
    text, problems = decoded(path, data)
    if problems and not text.lines:
        return Sources(text, (), {}, {}, problems)
    text, alike = lookalikes.read(text, yaml=True)
    report = Report(text)
    front = schema.named(yaml_front(text, report).values, ("courses", "parts"), report)
    planned = _planned(front["courses"][1] if "courses" in front else None, report)
    places: dict[tuple[str, Cover], Line] = {}
    rows: set[str] = set()
    parts = []
    for node in schema.items("parts", front["parts"][1] if "parts" in front else None, report):
        values = _values(node, ("id", "title", "rows"), report)
        id = schema.identity("id", values.get("id"), report)
        title = with_traditional(schema.texts("title", values.get("title"), report))
        found = (_row(row, rows, places, report) for row in schema.items("rows", values.get("rows"), report))
        parts.append(SourcePart(id, title, tuple(row for row in found if row is not None)))
    return Sources(text, tuple(parts), planned, places, (*problems, *alike, *report.problems))


def _planned(node: Node | None, report: Report) -> dict[str, Texts]:
    if node is None:
        return {}
    if not isinstance(node, Pairs):
        report.error(node.at, "wrong-kind", message("`courses` takes a title for each course."))
        return {}
    return {
        key.text: with_traditional(schema.texts(key.text, value, report))
        for key, value in node.pairs
        if schema.checked_id(key.text, key.at, report)
    }


def _values(node: Node, known: Collection[str], report: Report) -> dict[str, Node]:
    if not isinstance(node, Pairs):
        report.error(
            node.at,
            "wrong-kind",
            message("Here stands an entry with the keys %(words)s.", words=tuple(f"`{word}`" for word in known)),
        )
        return {}
    return {key.text: value for key, value in node.pairs if not schema.unknown_key(key, known, report)}


def _row(node: Node, known: set[str], places: dict[tuple[str, Cover], Line], report: Report) -> SourceRow | None:
    values = _values(node, ROW_KEYS, report)
    id = schema.text("id", values.get("id"), report)
    if not values:
        return None
    if not id or id in known:
        report.error(node.at, "no-id", message("Each row has an id of its own."), message('Write `id: "1.01"`.'))
        return None
    known.add(id)
    texts = {tag: schema.text(tag, values.get(tag), report) for tag in (*LANGUAGES, "zh-Hant") if tag in values}
    for tag in LANGUAGES:
        if not texts.get(tag):
            report.error(
                node.at,
                "text-missing",
                message("`%(key)s` has no text in `%(tag)s`.", key=id, tag=tag),
                message("Write `%(tag)s: …` in it.", tag=tag),
            )
    by = []
    for word, at in schema.words("by", values.get("by"), report):
        kind, colon, rest = word.partition(":")
        cover = Cover(kind, rest) if colon else Cover("lesson", word)
        if cover.kind not in KINDS:
            report.error(
                at,
                "unknown-value",
                message("`%(key)s` cannot be `%(value)s`.", key="by", value=word),
                schema.meant(kind, KINDS),
            )
            continue
        by.append(cover)
        places[id, cover] = at
    left_out = schema.flag("left-out", values.get("left-out"), report)
    if not by and not left_out:
        report.error(
            node.at,
            "not-covered",
            message("The row `%(id)s` points to nothing.", id=id),
            message("Write `by: [a-lesson]` in it, or `left-out: true`."),
        )
    return SourceRow(id, with_traditional(texts), tuple(by), left_out)


def check(sources: Sources, known: Mapping[str, Collection[str]], report: Report) -> None:
    """Says which rows point to something that is not there. `known`: kind -> the ids of it.

    What belongs to a course that is planned and not in the library yet, and the tools, are to come.
    """
    for (row, cover), at in sources.places.items():
        ids = tuple(TOOLS) if cover.kind == "tool" else tuple(known.get(cover.kind, ()))
        if cover.id in ids or to_come(sources.planned, cover, known["course"]):
            continue
        report.error(
            at,
            "unknown-target",
            message("Row `%(row)s`: there is no %(kind)s `%(id)s`.", row=row, kind=cover.kind, id=cover.id[:60]),
            schema.meant(cover.id, ids),
        )


def to_come(planned: Mapping[str, Texts], cover: Cover, courses: Collection[str]) -> bool:
    """Whether it belongs to a planned course that the library has not yet; ids begin with their course's."""
    course = cover.id if cover.kind == "course" else cover.id.partition("-")[0]
    return cover.kind in ("lesson", "quiz", "course") and course in planned and course not in courses
