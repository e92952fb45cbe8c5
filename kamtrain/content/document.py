"""One Markdown file taken apart: front matter, blocks, links; everything that can be known without other files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from kamtrain.content import frontmatter, lookalikes, schema
from kamtrain.content.blocks import Block, blocks
from kamtrain.content.frontmatter import Front
from kamtrain.content.links import CARDS, MEDIA, SAFE, SCHEMES, Link, links, runs
from kamtrain.content.markdown import MAX_MARKS, MAX_RUN
from kamtrain.content.report import Report
from kamtrain.content.source import Line, Text, decoded
from kamtrain.core.message import message
from kamtrain.core.problems import Problem

TOP: Final = Line(1, 0, "")
# The keys of all kinds of files, so that a misspelt one is understood before the kind is known.
ALL_KEYS: Final = (
    "id", "title", "kind", "follows", "minutes", "objectives", "competencies", "requires", "basis", "sources", "draw",
    "shuffle", "pass", "attempts", "wait", "counts", "time", "opens", "closes", "feedback",
    "confidence", "competency", "marking", "second", "persona", "variants", "turns", "state",
    "names", "anonymous", "scale", "you", "grades", "issues", "choices", "units", "buyers", "zone",
)  # fmt: skip


@dataclass(frozen=True)
class Document:
    path: str
    language: str
    text: Text
    front: Front
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    problems: tuple[Problem, ...]

    @property
    def report(self) -> Report:
        """A fresh report for this file."""
        return Report(self.text)

    def at(self, key: str) -> Line:
        """Where a key of the front matter stands, or where the front matter begins."""
        pair = self.front.values.get(key)
        return pair[0].at if pair else self.front.at


def opened(path: str, language: str, data: bytes) -> Document:
    """Reads `data`. Never raises: what cannot be read is a problem and leaves the document without it."""
    text, problems = decoded(path, data)
    if problems and not text.lines:
        return Document(path, language, text, Front({}, (), TOP), (), (), problems)
    text, alike = lookalikes.read(text)
    report = Report(text)
    front = frontmatter.split(text, report)
    front = replace(front, values=schema.named(front.values, ALL_KEYS, report))
    body = blocks(front.body, report)
    found = _links(body, report)
    return Document(path, language, text, front, body, found, (*problems, *alike, *report.problems))


def _links(body: tuple[Block, ...], report: Report) -> tuple[Link, ...]:
    """Every link whose target can be followed; the others are faults."""
    found: list[Link] = []
    for lines in runs(body):
        size = sum(len(line.text) + 1 for line in lines)
        if size > MAX_RUN or sum(len(re.findall(r"[\\`*_\[\]<&!]", line.text)) for line in lines) > MAX_MARKS:
            report.error(
                lines[0],
                "paragraph-too-long",
                message("This paragraph is too long to be read as Markdown (%(size)s characters).", size=size),
                message("Part it with empty lines."),
            )
            continue
        found.extend(link for link in links(lines) if _followable(link, report))
    return tuple(found)


def _followable(link: Link, report: Report) -> bool:
    target, scheme = link.target, link.scheme
    if link.spaced:
        report.error(
            link.at,
            "space-in-target",
            message("A space stands in the link target: other viewers show no link."),
            message("Rename the file without spaces, or write `-` for them."),
        )
        return False
    if not target:
        report.error(
            link.at, "empty-link", message("This link has no target."), message("Write it in the round brackets.")
        )
        return False
    if scheme in SCHEMES:
        if link.picture:
            report.error(link.at, "bad-picture", message("`%(target)s` is no picture.", target=target[:80]))
        return not link.picture
    if scheme in SAFE:
        if link.picture:
            report.error(
                link.at,
                "foreign-picture",
                message("Pictures of other sites are not shown."),
                message("Put the picture into the folder `media/` and write `![…](media/name.png)`."),
            )
        return not link.picture
    if scheme:
        report.error(
            link.at,
            "bad-link",
            message("A link may not begin with `%(scheme)s:`.", scheme=scheme[:40]),
            message("Possible: %(words)s", words=tuple(f"`{word}:`" for word in (*CARDS, "term", "https", "mailto"))),
        )
        return False
    if target.startswith("#"):
        return True
    if re.fullmatch(rf"media/[\w.-]+(?:/[\w.-]+)*\.(?:{'|'.join(MEDIA)})", target) and ".." not in target:
        return True
    report.error(
        link.at,
        "bad-link",
        message("`%(target)s` is no target a link can have here.", target=target[:80]),
        message("Write `quiz:…`, `lesson:…`, `term:…`, `media/name.png`, or an address with `https://`."),
    )
    return False
