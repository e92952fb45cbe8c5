"""translations.lock: from which text each piece of a translation was made, so that a change of that text is noticed.

One line a piece: its key, the fingerprint of the text it was made from, and its own. Written by the program; a piece whose
source changed while it did not is out of date until it changes, too, or is confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from kamtrain.content.blocks import Heading
from kamtrain.content.document import Document
from kamtrain.content.lessons import anchors, paired, parts
from kamtrain.content.siblings import Siblings
from kamtrain.content.source import Line, Text, decoded
from kamtrain.core.message import message
from kamtrain.core.problems import Problem, Severity

HEAD = "# Written by `flask content lock`: from which text each piece of a translation was made.\n"
_FILE = re.compile(r"(?P<name>[^\s:]+):$")
_PIECE = re.compile(r"  (?P<key>\S+): (?P<source>[0-9a-f]{16}) (?P<own>[0-9a-f]{16})$")

Made = Mapping[str, tuple[str, str]]  # key of a piece -> fingerprints of its source and of itself


@dataclass(frozen=True)
class Piece:
    key: str
    source: str  # text
    own: str  # text
    at: Line  # in the translation
    source_line: int


def fingerprint(text: str) -> str:
    """Spaces and line ends do not count: wrapping a paragraph anew changes nothing."""
    return sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def pieces(siblings: Siblings, translation: Document, lesson: bool) -> Iterator[Piece]:
    """What can be out of date in a translation: the title, and each block (lesson), question or scene."""
    first = siblings.first
    for key in ("title", "objectives"):
        if key in first.front.values and key in translation.front.values:
            there, here = first.front.values[key][0].at, translation.front.values[key][0].at
            yield Piece(key, _key_text(first, there), _key_text(translation, here), here, there.number)
    yield from _blocks(first, translation) if lesson else _sections(first, translation)


def _key_text(document: Document, key: Line) -> str:
    """The lines of a key of the front matter."""
    lines = document.text.lines
    end = key.number
    while end < len(lines) and lines[end].text[:1] in (" ", "\t", "-") and lines[end].text.rstrip() != "---":
        end += 1
    return "\n".join(line.text for line in lines[key.number - 1 : end])


def _blocks(first: Document, translation: Document) -> Iterator[Piece]:
    leading, own = parts(first.blocks), parts(translation.blocks)
    for anchor, there, here in zip(["", *anchors(first)], leading, own, strict=False):
        if there.heading is not None and here.heading is not None:
            yield Piece(
                anchor, there.heading.text.text, here.heading.text.text, here.heading.text, there.heading.at.number
            )
        starts = [_starts(document) for document in (first, translation)]
        for place, (left, right) in enumerate(paired(there.blocks, here.blocks), start=1):
            if left is not None and right is not None:
                texts = [_until(d, b.at, s) for d, b, s in ((first, left, starts[0]), (translation, right, starts[1]))]
                yield Piece(f"{anchor}/{place}", texts[0], texts[1], right.at, left.at.number)


def _starts(document: Document) -> list[int]:
    return [block.at.number for block in document.blocks]


def _until(document: Document, at: Line, starts: Sequence[int]) -> str:
    """The lines from a block to the next one."""
    lines = document.text.lines
    end = next((start for start in starts if start > at.number), len(lines) + 1)
    return "\n".join(line.text for line in lines[at.number - 1 : end - 1])


def _sections(first: Document, translation: Document) -> Iterator[Piece]:
    there, here = _by_heading(first), _by_heading(translation)
    for key, (line, text) in there.items():
        if key in here:
            at, own = here[key]
            yield Piece(key, text, own, at, line.number)


def _by_heading(document: Document) -> dict[str, tuple[Line, str]]:
    """Id of a question or scene -> its place and text; "intro" for what stands before the first."""
    found: dict[str, tuple[Line, str]] = {}
    headings = [block for block in document.blocks if isinstance(block, Heading) and block.level <= 2]
    starts = [heading.at.number for heading in headings]
    if document.blocks and (not headings or document.blocks[0] is not headings[0]):
        found["intro"] = (document.blocks[0].at, _until(document, document.blocks[0].at, starts))
    for heading in headings:
        id = re.split(r"[\s:：]", heading.text.text.strip(), maxsplit=1)[0]
        if id:
            found.setdefault(id, (heading.text, _until(document, heading.at, starts)))
    return found


def read(path: str, data: bytes) -> tuple[dict[str, Made], tuple[Problem, ...]]:
    """File name -> what its pieces were made from. A lock that cannot be read is a warning, and as if it were not there."""
    text, problems = decoded(path, data)
    found: dict[str, dict[str, tuple[str, str]]] = {}
    name = ""
    for line in text.lines:
        if line.blank or line.text.startswith("#"):
            continue
        if match := _FILE.fullmatch(line.text):
            name = match["name"]
            found[name] = {}
        elif (match := _PIECE.fullmatch(line.text)) and name:
            found[name][match["key"]] = (match["source"], match["own"])
        else:
            return {}, (_unreadable(text, line),)
    return dict(found), problems


def _unreadable(text: Text, line: Line) -> Problem:
    return Problem(
        text.path,
        line.number,
        1,
        Severity.warning,
        "bad-lock",
        message("This line was not written by the program; the whole file is passed over."),
        message("Write it anew: `flask content lock`."),
    )


def stale(made: Mapping[str, Made], siblings: Siblings, lesson: bool) -> list[Problem]:
    """Pieces of translations whose source has changed since, while they have not."""
    problems: list[Problem] = []
    for document in siblings.translations:
        known = made.get(document.path.rpartition("/")[2])
        if not known:
            continue
        report = document.report
        for piece in pieces(siblings, document, lesson):
            source, own = known.get(piece.key, ("", ""))
            if source and source != fingerprint(piece.source) and own == fingerprint(piece.own):
                report.warning(
                    piece.at,
                    "out-of-date",
                    message(
                        "The text this was translated from has changed (`%(path)s`, line %(line)s).",
                        path=siblings.first.path,
                        line=piece.source_line,
                    ),
                    message(
                        "Bring it up to date; if it is still right, confirm it: `flask content lock --confirm %(path)s`.",
                        path=document.path,
                    ),
                )
        problems.extend(report.problems)
    return problems


def written(
    made: Mapping[str, Made], siblings: Sequence[tuple[Siblings, bool]], confirmed: Collection[str] = ()
) -> bytes:
    """The lock of one folder as it should be now; pieces out of date stay so, but in files that are `confirmed` (paths)."""
    text = [HEAD]
    for one, lesson in siblings:
        for document in one.translations:
            name = document.path.rpartition("/")[2]
            known = made.get(name, {})
            text.append(f"{name}:\n")
            for piece in pieces(one, document, lesson):
                now = (fingerprint(piece.source), fingerprint(piece.own))
                before = known.get(piece.key)
                late = before is not None and before[0] != now[0] and before[1] == now[1]
                kept = before if late and before is not None and document.path not in confirmed else now
                text.append(f"  {piece.key}: {kept[0]} {kept[1]}\n")
    return "".join(text).encode() if len(text) > 1 else b""
