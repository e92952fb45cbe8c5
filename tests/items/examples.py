"""The examples that every question type brings along, and what a browser would make of its template."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jinja2

import kamtrain
from kamtrain.core.item import Class, Entry, Gap, ItemType, Json, Row, Source
from kamtrain.items import TYPES

PACKAGE = Path(kamtrain.__file__).parent


@dataclass(frozen=True)
class Case:
    response: Json | None
    points: int | None  # thousandths


@dataclass(frozen=True)
class Example:
    """`twin` asks the same with another key, other feedback and another model: nobody may see the difference."""

    type: ItemType
    name: str
    source: Source
    twin: Source
    cases: tuple[Case, ...]

    @property
    def item(self) -> Any:
        item, _ = self.type.parse(self.source)
        return item


def _entries(values: list[dict[str, Any]]) -> tuple[Entry, ...]:
    return tuple(Entry(**(entry | {"tags": tuple(entry["tags"])})) for entry in values)


def _source(value: dict[str, Any]) -> Source:
    return Source(
        entries=_entries(value.get("entries", [])),
        text=value.get("text", ""),
        gaps=tuple(Gap(**gap) for gap in value.get("gaps", ())),
        classes=tuple(Class(**(one | {"entries": _entries(one["entries"])})) for one in value.get("classes", ())),
        others=tuple(map(tuple, value.get("others", ()))),
        head=tuple(value.get("head", ())),
        rows=tuple(Row(tuple(r["cells"]), tuple(r["html"]), r["line"]) for r in value.get("rows", ())),
        tags=value.get("tags", {}),
        debrief=value.get("debrief", ""),
        line=value.get("line", 1),
    )


def examples() -> Iterator[Example]:
    for name, type_ in TYPES.items():
        for path in sorted((PACKAGE / "items" / name / "examples").glob("*.json")):
            value = json.loads(path.read_text("utf-8"))
            cases = tuple(Case(case["response"], case["points"]) for case in value["cases"])
            yield Example(type_, f"{name}/{path.stem}", _source(value["source"]), _source(value["twin"]), cases)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.FileSystemLoader(PACKAGE / "web" / "templates"),
                jinja2.PrefixLoader({"items": jinja2.FileSystemLoader(PACKAGE / "items")}),
            ]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.filters["percent"] = str  # the application's own writes it as the language does
    return environment


ENVIRONMENT = _environment()


def rendered(type_: ItemType, macro: str, *arguments: Any) -> str:
    module = ENVIRONMENT.get_template(f"items/{type_.name}/item.html").module
    return str(getattr(module, macro)(*arguments))


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self._select = self._textarea = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name") or ""
        if name:
            self.names.add(name)
        if tag == "input" and ("checked" in values or values.get("type") == "text"):
            self._send(name, values["value"] or "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in values:
            self._send(self._select, values["value"] or "")
        elif tag == "textarea":
            self._textarea, self._text = name, []

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser drops one line end behind the tag, and sends the others as CR LF.
            self._send(self._textarea, "".join(self._text).removeprefix("\n").replace("\n", "\r\n"))

    def _send(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def sent(html: str) -> dict[str, list[str]]:
    """What a browser sends for this form as it stands."""
    form = _Form()
    form.feed(html)
    return form.fields


def field_names(html: str) -> set[str]:
    form = _Form()
    form.feed(html)
    return form.names
