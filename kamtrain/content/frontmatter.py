"""YAML with places, read one top-level key at a time, so that a fault in one key hides no other.

Every scalar stays text; `schema` types it by its key. Anchors, aliases and tags are refused, so a small file cannot
grow when it is read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from kamtrain.content.report import Report
from kamtrain.content.source import Line, Text
from kamtrain.core.message import Message, message
from kamtrain.core.problems import Edit

MAX_DEPTH = 12  # a course has five levels
MAX_KEY = 100_000  # characters under one key
LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class Marked(Protocol):
    """A place as the YAML parser gives it: the Python and the C parser each have a class of their own."""

    @property
    def index(self) -> int: ...


@dataclass(frozen=True)
class Scalar:
    text: str
    at: Line  # begins where the value begins
    length: int  # characters of the line as read; what runs over several lines: to the end of the first
    plain: bool = True


@dataclass(frozen=True)
class Items:
    items: tuple[Node, ...]
    at: Line


@dataclass(frozen=True)
class Pairs:
    pairs: tuple[tuple[Scalar, Node], ...]
    at: Line


Node = Scalar | Items | Pairs


@dataclass(frozen=True)
class Front:
    """The keys of one file with their values; `end` is the line after which the body begins."""

    values: Mapping[str, tuple[Scalar, Node]]
    body: tuple[Line, ...]
    at: Line


@dataclass
class _Open:
    """A collection under construction: children so far, and the key that waits for its value."""

    pairs: bool
    at: Line
    children: list[Node] = field(default_factory=list)


_KEY = re.compile(r"""(?P<key>"[^"]*"|'[^']*'|[^\s#\-\[\]{}"'|>&*!%@`,?:][^:]*?)\s*:(?=\s|$)""")


def split(text: Text, report: Report) -> Front:
    """The front matter between two lines of `---`, and the body after it."""
    lines = text.lines
    start = next((place for place, line in enumerate(lines) if not line.blank), len(lines))
    first = lines[start] if start < len(lines) else Line(1, 0, "")
    if start == len(lines):
        report.error(
            first,
            "empty-file",
            message("The file is empty."),
            message("Begin it with `---`, a line `id: …`, a line `title: …`, and `---`."),
        )
        return Front({}, (), first)
    if first.text.rstrip() != "---":
        report.error(
            first,
            "no-front-matter",
            message("The front matter is missing: the first line is not `---`."),
            message("Begin the file with `---`, a line `id: …`, a line `title: …`, and `---`."),
        )
        return Front({}, tuple(lines[start:]), first)
    end = next((n for n in range(start + 1, len(lines)) if lines[n].text.rstrip() in ("---", "...")), None)
    if end is None:
        report.error(
            first,
            "front-matter-open",
            message("The front matter has no end."),
            message("Put a line `---` after its last key."),
        )
        end = next((n for n in range(start + 1, len(lines)) if lines[n].blank), len(lines))
    return Front(read(lines[start + 1 : end], report), tuple(lines[end + 1 :]), first)


def read(lines: Sequence[Line], report: Report) -> dict[str, tuple[Scalar, Node]]:
    """Top-level key -> the key as written and its value. A key twice is a fault; the first one counts."""
    found: dict[str, tuple[Scalar, Node]] = {}
    for chunk in _chunks(lines, report):
        for key, value in _pairs(chunk, report):
            if key.text in found:
                report.error(
                    key.at,
                    "duplicate-key",
                    message("The key `%(key)s` stands here a second time.", key=key.text),
                    message("Keep one of the two."),
                )
            else:
                found[key.text] = (key, value)
    return found


def _chunks(lines: Sequence[Line], report: Report) -> list[list[Line]]:
    """The lines of each top-level key."""
    chunks: list[list[Line]] = []
    for line in lines:
        text = line.text
        if text[:1] in (" ", "\t", "") or text.startswith("#"):
            if chunks:
                chunks[-1].append(line)
            elif text.strip() and not text.startswith("#"):
                _no_key(line, report)
        elif _KEY.match(text):
            chunks.append([line])
        elif chunks and (text[0] in "-]}" or _unclosed(chunks[-1])):
            chunks[-1].append(line)
        else:
            _no_key(line, report)
    return chunks


def _unclosed(chunk: Sequence[Line]) -> bool:
    tail = " ".join(line.text for line in chunk[:50])
    return tail.count("[") + tail.count("{") > tail.count("]") + tail.count("}")


def _no_key(line: Line, report: Report) -> None:
    report.error(
        line,
        "no-key",
        message("This line of the front matter has no key."),
        message("Write `key: value`, with a colon and a space."),
    )


def _pairs(chunk: list[Line], report: Report) -> tuple[tuple[Scalar, Node], ...]:
    text = "\n".join(line.text for line in chunk)
    if len(text) > MAX_KEY:
        report.error(
            chunk[0],
            "value-too-long",
            message("The value has more than %(limit)s characters.", limit=MAX_KEY),
            message("Move text into the body of the file."),
        )
        return ()
    starts = [0]
    for line in chunk:
        starts.append(starts[-1] + len(line.text) + 1)

    def place(mark: Marked | None) -> Line:
        index = 0 if mark is None else mark.index
        row = min(bisect_right(starts, index) - 1, len(chunk) - 1)
        return chunk[row].cut(max(0, index - starts[row]))

    try:
        root = _node(text, place, report)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _mended(chunk, place(mark), str(error.problem), report)
    except yaml.YAMLError:  # a character YAML does not allow
        report.error(chunk[0], "yaml", message("There is a control character in this value."), message("Delete it."))
        return ()
    return root.pairs if isinstance(root, Pairs) else ()


# What YAML's parsers say, libyaml's and PyYAML's own, by words of it, and what it means to who writes the file.
PROBLEMS: Mapping[str, Message] = {
    "mapping values": message("a second colon with a space stands in the value"),
    "expected ':'": message("there is no colon with a space after the key"),
    "unexpected end of stream": message("a quotation mark is not closed"),
    "',' or ']'": message("a bracket `[` is not closed, or a comma is missing"),
    "',' or '}'": message("a brace `{` is not closed, or a comma is missing"),
    "chomping": message("a value cannot begin with `|` or `>` and go on in the same line"),
    "comment or line break": message("a value cannot begin with `|` or `>` and go on in the same line"),
    "alphabetic": message("a value cannot begin with `&` or `*`"),
    "tag handle": message("a value cannot begin with `!`"),
    "'\\t'": message("there is a tab"),
    "tab character": message("there is a tab"),
    "cannot start any token": message("a value cannot begin with this character, nor with a tab"),
    "escape character": message("inside double quotes a backslash is written twice"),
    "sequence entries": message("a list begins on a line of its own"),
    "node content": message("a value is missing before this sign"),
    "expected": message("something stands after the value, or the line is indented otherwise than its neighbours"),
}


def _said(problem: str) -> Message:
    """In our words; as the parser says it where we have none."""
    return next((said for words, said in PROBLEMS.items() if words in problem), Message(problem))


def _mended(chunk: list[Line], at: Line, problem: str, report: Report) -> tuple[tuple[Scalar, Node], ...]:
    """Says what YAML cannot read; a value on one line is then read as plain text, so that it causes no second fault."""
    head = chunk[0]
    match = _KEY.match(head.text)
    rest = [line for line in chunk[1:] if not line.blank and not line.text.lstrip().startswith("#")]
    if match is None:
        report.error(at, "yaml", message("YAML cannot read this: %(problem)s.", problem=_said(problem)))
        return ()
    value = head.cut(match.end())
    value = value.cut(len(value.text) - len(value.text.lstrip()))
    raw = value.text.rstrip()
    key = Scalar(match["key"].strip("\"'"), head, len(match["key"]))
    if rest or not raw or raw[0] in "[{":
        report.broken.add(key.text)
        line = _colon_line(chunk) if "mapping values" in problem else None
        if line is not None:
            report.error(*_quoting(line, line.text.rstrip(), report))
        else:
            report.error(
                at,
                "yaml",
                message("YAML cannot read this: %(problem)s.", problem=_said(problem)),
                message("Put a value with `: `, ` #` or, inside brackets, a comma in straight quotes."),
            )
        return ()
    report.error(*_quoting(value, raw, report))
    return ((key, Scalar(bare(raw), value, len(raw))),)


def _colon_line(chunk: list[Line]) -> Line | None:
    """The value on the first line of a list or map that holds a second `: `."""
    for line in chunk[1:]:
        match = re.match(r"\s*(?:- +)?(?:[\w.-]+: +)?", line.text)
        value = line.cut(match.end() if match else 0)
        if ": " in value.text and value.text[:1] not in "\"'[{":
            return value
    return None


def bare(raw: str) -> str:
    """A value without the quotes around it, straight or curly."""
    if len(raw) > 1 and (raw[0], raw[-1]) in {("“", "”"), ("‘", "’"), ('"', '"'), ("'", "'"), ("「", "」")}:
        return raw[1:-1]
    return raw


def quoted(raw: str) -> str:
    """`raw` as a YAML value in straight quotes."""
    text = bare(raw).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _quoting(at: Line, raw: str, report: Report) -> tuple[Line, str, Message, Message, Edit]:
    curly = raw[:1] in "“”‘’「"
    said = (
        message("Curly quotes do not quote in YAML.")
        if curly
        else message("YAML takes this value apart: it holds a character that means something to it.")
    )
    mend = message("Put the value in straight quotes: %(value)s", value=f"`{quoted(raw)}`")
    return at, "unquoted", said, mend, report.edit(at, len(raw), quoted(raw))


def _node(text: str, place: Callable[[Marked | None], Line], report: Report) -> Node | None:
    """The value of `text`. Built from events instead of by `compose`, which recurses and so falls to deep nesting."""
    stack: list[_Open] = []
    root: Node | None = None
    for event in yaml.parse(text, Loader=LOADER):
        done: Node
        if isinstance(event, yaml.AliasEvent):
            at = place(event.start_mark)
            report.error(at, "alias", message("Aliases (`*name`) are not read."), message("Write the value out."))
            done = Scalar("", at, 0)
        elif isinstance(event, yaml.ScalarEvent):
            at = place(event.start_mark)
            _plain(event, at, report)
            length = _length(event, at)
            done = Scalar(event.value, at, length, event.style is None)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            at = place(event.start_mark)
            _plain(event, at, report)
            if len(stack) >= MAX_DEPTH:
                report.error(at, "too-deep", message("This is nested too deeply."), message("Write it flatter."))
                return None
            stack.append(_Open(isinstance(event, yaml.MappingStartEvent), at))
            continue
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            done = _closed(stack.pop(), report)
        else:
            continue
        if stack:
            stack[-1].children.append(done)
        else:
            root = done
    return root


def _length(event: yaml.ScalarEvent, at: Line) -> int:
    if event.start_mark is None or event.end_mark is None:
        return 0
    return min(event.end_mark.index - event.start_mark.index, len(at.text))


def _plain(event: yaml.NodeEvent, at: Line, report: Report) -> None:
    if event.anchor is not None:
        report.error(
            at, "anchor", message("Anchors (`&name`) are not read."), message("Put the value in straight quotes.")
        )
    if getattr(event, "tag", None) is not None:
        report.error(at, "tag", message("Tags (`!name`) are not read."), message("Put the value in straight quotes."))


def _closed(opened: _Open, report: Report) -> Node:
    if not opened.pairs:
        return Items(tuple(opened.children), opened.at)
    pairs: dict[str, tuple[Scalar, Node]] = {}
    for key, value in zip(opened.children[::2], opened.children[1::2], strict=False):
        if not isinstance(key, Scalar):
            report.error(key.at, "no-key", message("A key must be a word."))
        elif key.text in pairs:
            report.error(
                key.at,
                "duplicate-key",
                message("The key `%(key)s` stands here a second time.", key=key.text),
                message("Keep one of the two."),
            )
        else:
            pairs[key.text] = (key, value)
    return Pairs(tuple(pairs.values()), opened.at)
