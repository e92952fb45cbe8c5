"""Drawings: an author's SVG read with a strict list of what may stand in it, and written anew for a page's language.

A page gets no byte of the file: what is on the list becomes a tree of values, and the page's elements are written from that.
What is not on the list is a fault with its place, and then the picture is shown as a file, in which nothing can run.
Colours are words (`class="ink"`), so that light, dark and print each give their own; `docs/authoring.md` lists all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from xml.sax import ContentHandler, SAXParseException  # nosec B406 # the names alone: defusedxml does the reading
from xml.sax.xmlreader import AttributesImpl, Locator  # nosec B406

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString

from kamtrain.content import schema
from kamtrain.content.report import Report
from kamtrain.content.script import Script
from kamtrain.content.source import Line, Text, decoded
from kamtrain.core.message import message
from kamtrain.core.problems import Problem

MAX_SIZE = 60_000  # bytes; a drawing of seven boxes with their texts has 5,000
MAX_ELEMENTS = 800
MAX_DEPTH = 12
NARROW = 400  # units of a drawing that is as wide as a phone
SMALLEST = 14  # of text, in such units
NAMESPACE = "http://www.w3.org/2000/svg"

ELEMENTS = (
    "svg", "g", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "switch",
)  # fmt: skip
SPOKEN = ("title", "desc")  # the lesson's own words stand for them
FILLS = ("ink", "muted", "panel", "accent", "on-accent", "good", "warn", "bad", "line", "accent-line")
STROKES = ("line", "accent-line", "good", "warn", "bad")
CLASSES = tuple(dict.fromkeys((*FILLS, *STROKES)))

_NUMBER = r"[-+]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})"
_LENGTH = re.compile(rf"{_NUMBER}(?:em|px|%)?")
_NUMBERS = re.compile(r"[-+\d.,\seE]+")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,20}")
_BOX = re.compile(rf"\s*{_NUMBER}(?:[\s,]+{_NUMBER}){{3}}\s*")
_LETTERS = re.compile(r"[a-z-]{2,20}")
_LENGTHS = ("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "dx", "dy")
_WORDS = (
    "text-anchor", "dominant-baseline", "stroke-linecap", "stroke-linejoin", "font-style", "fill-rule"
)  # fmt: skip
ATTRIBUTES = {
    **dict.fromkeys(_LENGTHS, _LENGTH),
    **dict.fromkeys(_WORDS, _LETTERS),
    "points": _NUMBERS,
    "d": re.compile(r"[MmLlHhVvCcSsQqTtAaZz\d\s.,+eE-]+"),
    "transform": re.compile(r"(?:(?:translate|rotate|scale|matrix|skewX|skewY)\([-+\d.,\seE]+\)[\s,]*)+"),
    "fill": _COLOUR,
    "stroke": _COLOUR,
    "stroke-width": _LENGTH,
    "stroke-dasharray": re.compile(r"none|[\d.,\s]+"),
    "opacity": _LENGTH,
    "fill-opacity": _LENGTH,
    "stroke-opacity": _LENGTH,
    "font-size": _LENGTH,
    "font-weight": re.compile(r"[1-9]00|normal|bold"),
}
# What drawing programs write everywhere and a page does not need: left out without a word.
LEFT_OUT = ("id", "version", "role", "aria-label", "aria-labelledby", "font-family", "xml:space", "preserveAspectRatio")
_NAMED = re.compile(r"[\u3400-\u9fff]|[^\W\d_]*[a-z][^\W\d_]*[^\W\d_]|[^\W\d_][^\W\d_]*[a-z]")


@dataclass(frozen=True)
class Node:
    tag: str
    at: Line
    attributes: tuple[tuple[str, str], ...] = ()  # as they are written out
    languages: tuple[str, ...] = ()  # of a text inside a switch; () for the one that all others share
    children: tuple[Node | str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    text: Text
    root: Node | None  # None: something in it may not be, and it is shown as a file
    problems: tuple[Problem, ...]


@dataclass
class _Open:
    """An element whose end has not come."""

    node: Node
    children: list[Node | str] = field(default_factory=list)


class _Reader(ContentHandler):
    """Makes the tree, and reports everything that is not on the list."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.ignored = 0  # depth inside an element that may not be
        self.count = 0
        self.sound = True
        self.where: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802
        self.where = locator

    def at(self) -> Line:
        assert self.where is not None
        return Line(max(self.where.getLineNumber() or 1, 1), max(self.where.getColumnNumber() or 0, 0), "")

    def fault(self, code: str, said: object, mend: object = None) -> None:
        self.sound = False
        self.report.error(self.at(), code, said, mend)  # type: ignore[arg-type]

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self.count += 1
        if self.ignored or not self._welcome(name):
            self.ignored += 1
            return
        self.stack.append(_Open(self._node(name, attrs)))

    def _welcome(self, name: str) -> bool:
        if self.count == MAX_ELEMENTS + 1 or len(self.stack) == MAX_DEPTH:
            self.fault(
                "drawing-too-large",
                message(
                    "A drawing has at most %(elements)s elements, %(depth)s deep.",
                    elements=MAX_ELEMENTS,
                    depth=MAX_DEPTH,
                ),
                message("Draw it simpler, or save it as PNG."),
            )
        if self.count > MAX_ELEMENTS or len(self.stack) >= MAX_DEPTH:
            return False
        if name not in ELEMENTS:
            self.fault(
                "drawing-element",
                message("`<%(name)s>` may not stand in a drawing.", name=name[:40]),
                message("Possible: %(words)s", words=tuple(f"`{word}`" for word in ELEMENTS)),
            )
            return False
        if (name == "svg") != (not self.stack):
            self.fault(
                "drawing-element",
                message("A drawing is one `<svg>`, and everything else stands in it."),
                message('Begin it with `<svg xmlns="%(namespace)s" viewBox="0 0 400 300">`.', namespace=NAMESPACE),
            )
            return False
        return True

    def _node(self, name: str, attrs: AttributesImpl) -> Node:
        found: dict[str, str] = {}
        languages: tuple[str, ...] = ()
        for key, raw in attrs.items():
            value = " ".join(str(raw).split())
            if key == "xmlns" and name == "svg" and value == NAMESPACE:
                continue
            if key in LEFT_OUT or (name == "svg" and key in ("width", "height")):
                continue
            if key == "systemLanguage":
                languages = self._languages(value)
            elif key == "class":
                self._classes(value, found)
            elif key == "viewBox" and name == "svg" and _BOX.fullmatch(value):
                found[key] = value
            elif key not in ATTRIBUTES:
                self.fault(
                    "drawing-attribute",
                    message("`%(name)s` may not stand in a drawing.", name=key[:40]),
                    message("Write colours as `class`: %(words)s", words=CLASSES) if key == "style" else None,
                )
            elif ATTRIBUTES[key].fullmatch(value) is None:
                self.fault("drawing-value", message("`%(name)s` cannot be `%(value)s`.", name=key, value=value[:60]))
            else:
                found[key] = value
        if name == "svg":
            self._check_box(found)
        return Node(name, self.at(), tuple(found.items()), languages)

    def _languages(self, value: str) -> tuple[str, ...]:
        if not self.stack or self.stack[-1].node.tag != "switch":
            self.fault(
                "drawing-switch",
                message("`systemLanguage` stands outside of a `<switch>`."),
                message("Put the texts of all languages into one `<switch>`."),
            )
        tags = tuple(tag.strip() for tag in value.split(",") if tag.strip())
        for tag in tags:
            if not schema.language(tag, self.at(), self.report):
                self.sound = False
        return tags

    def _classes(self, value: str, found: dict[str, str]) -> None:
        known = [word for word in value.split(" ") if word in CLASSES]
        for word in value.split(" "):
            if word not in CLASSES:
                self.fault(
                    "drawing-class",
                    message("There is no colour `%(word)s`.", word=word[:40]),
                    schema.meant(word, CLASSES),
                )
        if known:
            found["class"] = " ".join(dict.fromkeys(known))

    def _check_box(self, found: dict[str, str]) -> None:
        numbers = [float(part) for part in re.split(r"[\s,]+", found.get("viewBox", "").strip()) if part]
        if len(numbers) != 4 or numbers[2] <= 0 or numbers[3] <= 0:
            self.fault(
                "drawing-box",
                message("A drawing says how wide and high it is."),
                message('Write `viewBox="0 0 400 300"` in `<svg>`.'),
            )

    def endElement(self, name: str) -> None:  # noqa: N802
        if self.ignored:
            self.ignored -= 1
            return
        done = self.stack.pop()
        node = Node(done.node.tag, done.node.at, done.node.attributes, done.node.languages, tuple(done.children))
        if node.tag == "switch":
            self._check_switch(node)
        if self.stack:
            self.stack[-1].children.append(node)
        else:
            self.root = node

    def _check_switch(self, node: Node) -> None:
        choices = [child for child in node.children if isinstance(child, Node)]
        if not choices or choices[-1].languages or any(not child.languages for child in choices[:-1]):
            self.sound = False
            self.report.error(
                node.at,
                "drawing-switch",
                message("The last text of a `<switch>`, and only that one, stands without `systemLanguage`."),
                message('Write `<switch><text systemLanguage="zh-Hans" …>…</text><text …>…</text></switch>`.'),
            )

    def characters(self, content: str) -> None:
        # Elsewhere text shows nowhere; in titles it is not shown.
        if not self.ignored and self.stack and self.stack[-1].node.tag in ("text", "tspan"):
            self.stack[-1].children.append(content)

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802
        self.fault(
            "drawing-element",
            message("`<?%(name)s …?>` may not stand in a drawing.", name=target[:40]),
            message("Delete it."),
        )


def read(path: str, data: bytes) -> Drawing:
    """The drawing in `data`; never raises."""
    text, problems = decoded(path, data)
    report = Report(text)
    if len(data) > MAX_SIZE:
        report.error(
            Line(1, 0, ""),
            "drawing-too-large",
            message("The file has %(size)s bytes; a drawing may have %(limit)s.", size=len(data), limit=MAX_SIZE),
            message("Draw it simpler, or save it as PNG."),
        )
        problems = ()
    if report.problems or (problems and not text.lines):
        return Drawing(text, None, (*problems, *report.problems))
    reader = _Reader(report)
    try:
        parseString(data, reader, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except SAXParseException as error:
        reader.sound = False
        report.error(
            Line(error.getLineNumber() or 1, error.getColumnNumber() or 0, ""),
            "drawing-broken",
            message("This is no XML: %(reason)s.", reason=error.getMessage()),
            message("Save the drawing anew as plain SVG."),
        )
    except (DefusedXmlException, ValueError, LookupError):
        reader.fault(
            "drawing-element",
            message("A document type or an entity may not stand in a drawing."),
            message("Delete it, and write the text itself."),
        )
    if reader.root is not None and reader.sound:
        _check_colours(reader.root, report, (), ())
        _check_sizes(reader.root, report)
    return Drawing(text, reader.root if reader.sound else None, (*problems, *report.problems))


# --- what is no fault, and yet not right ------------------------------------------------------------------------------------


def _check_colours(node: Node, report: Report, fills: Sequence[str], strokes: Sequence[str]) -> None:
    """A colour that no class gives is the same in light and dark."""
    own = dict(node.attributes)
    classes = own.get("class", "").split()
    fills = [*fills, *(name for name in classes if name in FILLS)]
    strokes = [*strokes, *(name for name in classes if name in STROKES)]
    for key, given in (("fill", fills), ("stroke", strokes)):
        if own.get(key, "none") not in ("none", "currentColor") and not given:
            report.warning(
                node.at,
                "drawing-colour",
                message("This `%(key)s` has a colour of its own: dark pages and paper cannot change it.", key=key),
                message("Write a `class` beside it: %(words)s", words=FILLS if key == "fill" else STROKES),
            )
    for child in node.children:
        if isinstance(child, Node):
            _check_colours(child, report, fills, strokes)


def _check_sizes(root: Node, report: Report) -> None:
    width = float(re.split(r"[\s,]+", dict(root.attributes)["viewBox"].strip())[2])
    for node in _nodes(root):
        size = re.match(_NUMBER, dict(node.attributes).get("font-size", ""))
        if size is not None and float(size[0]) * NARROW / width < SMALLEST - 0.05:
            report.warning(
                node.at,
                "drawing-small-text",
                message("On a phone this text is too small to read."),
                message(
                    "Write `font-size` as %(size)s or more, and a `viewBox` that is %(width)s wide.",
                    size=SMALLEST,
                    width=NARROW,
                ),
            )


def untranslated(drawing: Drawing, languages: Sequence[str]) -> tuple[Problem, ...]:
    """Texts that readers of `languages` see in the language all others follow."""
    report = Report(drawing.text)
    if drawing.root is not None:
        _check_translated(drawing.root, languages, report)
    return tuple(report.problems)


def _check_translated(node: Node, languages: Sequence[str], report: Report) -> None:
    if node.tag in SPOKEN:
        return
    if node.tag == "switch":
        said = {tag for child in node.children if isinstance(child, Node) for tag in child.languages}
        words = any(_NAMED.search(text) for text in _texts(node))
        for tag in languages:
            if words and tag not in said:
                report.warning(
                    node.at,
                    "drawing-untranslated",
                    message("This text is not written in `%(tag)s`.", tag=tag),
                    message('Write `<text systemLanguage="%(tag)s" …>…</text>` before the last one.', tag=tag),
                )
        return
    if languages and node.tag == "text" and any(_NAMED.search(text) for text in _texts(node)):
        report.warning(
            node.at,
            "drawing-untranslated",
            message("This text is the same in every language."),
            message('Write `<switch><text systemLanguage="zh-Hans" …>…</text><text …>…</text></switch>`.'),
        )
        return
    for child in node.children:
        if isinstance(child, Node):
            _check_translated(child, languages, report)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        if isinstance(child, Node):
            yield from _nodes(child)


def _texts(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, Node):
            yield from _texts(child)
        else:
            yield child


# --- writing ------------------------------------------------------------------------------------------------------------------


def figure(root: Node, alt: str, caption: str, language: str, script: Script) -> str:
    """The drawing as a figure for readers of `language`, its name `alt`; both texts are plain and still as written."""
    box = dict(root.attributes)["viewBox"]
    name = escape(script.text(alt), quote=True)
    inner = "".join(_written(child, language, script) for child in root.children if isinstance(child, Node))
    given = {key: value for key, value in root.attributes if key not in ("viewBox", "class")}
    given = {"font-size": str(SMALLEST), "stroke-width": "1.5", **given, "fill": "currentColor"}
    shape = "".join(f' {key}="{escape(value, quote=True)}"' for key, value in given.items() if key != "stroke")
    below = f"<figcaption>{escape(script.text(caption), quote=False)}</figcaption>" if caption else ""
    drawn = f'<svg viewBox="{escape(box, quote=True)}"{shape} role="img" aria-label="{name}">{inner}</svg>'
    return f'<figure class="drawing">{drawn}{below}</figure>'


def _written(node: Node, language: str, script: Script) -> str:
    if node.tag in SPOKEN:
        return ""
    if node.tag == "switch":
        child, spoken = _chosen(node, language, script)
        return _written(child, language, spoken)
    parts = [_written(c, language, script) if isinstance(c, Node) else "" for c in node.children]
    if node.tag in ("text", "tspan"):
        parts = [
            _written(c, language, script) if isinstance(c, Node) else escape(_spoken(script.text, c), quote=False)
            for c in node.children
        ]
    attributes = "".join(f' {key}="{escape(value, quote=True)}"' for key, value in _shown(node))
    return f"<{node.tag}{attributes}>{''.join(parts)}</{node.tag}>"


def _spoken(convert: Callable[[str], str], text: str) -> str:
    return convert(re.sub(r"\s+", " ", text))


def _shown(node: Node) -> Iterator[tuple[str, str]]:
    """The attributes as they go into a page, the names of the classes made ours.

    A colour stays where a class beside it takes its place; elsewhere it would win over what is inherited from a class.
    """
    classes = dict(node.attributes).get("class", "").split()
    given = {"fill": FILLS, "stroke": STROKES}
    for key, value in node.attributes:
        if key == "class":
            yield key, " ".join(f"drawing-{word}" for word in classes)
        elif key not in given or value in ("none", "currentColor") or any(word in given[key] for word in classes):
            yield key, value


def _chosen(node: Node, language: str, script: Script) -> tuple[Node, Script]:
    """The text of a switch for `language`, and how it is written: one in the script itself is written as it stands."""
    choices = [child for child in node.children if isinstance(child, Node)]
    own = script.tag(language)
    for tag, spoken in ((own, Script()), (language, script)):
        for child in choices:
            if tag in child.languages:
                return child, spoken
    return choices[-1], script
