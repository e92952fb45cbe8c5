"""Sheets in the reader's words, for the workbench and for whoever marks them: a tool's texts are gettext ids."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import url_for
from flask_babel import gettext

from kamtrain.content.library import Library
from kamtrain.core.message import Message
from kamtrain.core.sheet import (
    CONFIDENCE,
    EVIDENCE,
    MOST_ROWS,
    Example,
    Field,
    Notice,
    Output,
    Result,
    Sheet,
    Table,
    Tone,
    Tool,
    Value,
    results,
    shown,
)
from kamtrain.http import locale
from kamtrain.services.workbench import VOLUNTEERED

SPARE = 2  # empty rows below a table, for pages without script
# In rem: what a column needs for its kind, and how much of them a desk shows side by side.
WIDTHS = {"text": 9.0, "long": 12.0, "choice": 8.0, "several": 9.0, "tick": 4.0, "date": 9.5, "number": 5.5}
WIDEST = 64.0
TOOLS_HERE = Path(__file__).parents[1] / "workbench"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class InputView:
    """One control. `key` is its name in the form."""

    key: str
    label: str
    kind: str  # of core.sheet.Field
    value: str
    unit: str
    help: str
    example: str
    fallback: str  # what holds while it is empty
    choices: tuple[tuple[str, str, bool], ...]  # value, label, whether it is chosen
    fault: str
    offers: str  # id of the list of what is offered, or ""
    personal: bool
    sourced: bool
    evidence: str
    confidence: str  # A, B, C or ""


@dataclass(frozen=True)
class ComputedView:
    key: str
    label: str
    text: str
    unit: str


@dataclass(frozen=True)
class RowView:
    id: str
    name: str
    cells: tuple[InputView, ...]
    computed: tuple[ComputedView, ...]
    spare: bool  # empty, to be filled in
    standing: bool  # the table begins with it


@dataclass(frozen=True)
class TableView:
    name: str
    label: str
    help: str
    columns: tuple[tuple[str, str, str, str], ...]  # name, label, unit, help
    computed: tuple[tuple[str, str, str], ...]  # label, unit, help
    rows: tuple[RowView, ...]
    more: bool
    wide: bool  # too wide to stand as a table on a desk: its rows are cards
    shared: bool  # with the other tools of the account


@dataclass(frozen=True)
class SectionView:
    label: str
    help: str
    parts: tuple[InputView | TableView, ...]


@dataclass(frozen=True)
class FigureView:
    name: str
    label: str
    text: str  # "" where it is not known
    unit: str
    help: str


@dataclass(frozen=True)
class NoticeView:
    tone: str
    text: str
    lesson: str  # title, "" where there is none
    url: str
    at: str  # the first cell it speaks of, or ""


@dataclass(frozen=True)
class OutputsView:
    """What comes out; drawn anew with every change."""

    figures: tuple[FigureView, ...]
    verdict: str
    tone: Tone
    notices: tuple[NoticeView, ...]
    turns: tuple[str, ...]
    picture: Any
    template: str  # of the picture, "" where the tool draws nothing


def said(text: str) -> str:
    """A gettext id in the reader's language; nothing stays nothing."""
    return str(gettext(text)) if text else ""


def standing(tool: Tool) -> dict[str, str]:
    """What stands in the tables from the start, in the reader's language."""
    return {
        f"{table.name}.{id}.{column}": said(text) if table.column(column).kind in ("text", "long") else text
        for table in tool.tables.values()
        for id, texts in table.rows
        for column, text in texts.items()
    }


def example_cells(tool: Tool, example: Example) -> dict[str, str]:
    """The worked example as the reader would have typed it."""
    cells = {}
    for key, text in example.cells.items():
        field = tool.field_of(key)
        words = ("~" in key and key.endswith(EVIDENCE)) or (field is not None and field.kind in ("text", "long"))
        cells[key] = said(text) if words else text
    return cells


def value_text(value: Value, places: int = 1) -> str:
    """A value as a page shows it; "" for what is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        words: str = gettext("yes") if value else gettext("no")
        return words
    if isinstance(value, Decimal):
        return shown(value, places)
    return locale.translate(value) if isinstance(value, Message) else value


def input_view(
    field: Field, key: str, cells: Mapping[str, str], faults: Mapping[str, Message], offers: str = ""
) -> InputView:
    value = cells.get(key, field.default if field.kind == "choice" else "")
    chosen = value.split(",") if field.kind == "several" else [value]
    return InputView(
        key=key,
        label=said(field.label),
        kind=field.kind,
        value=value,
        unit=said(field.unit),
        help=said(field.help),
        example=said(field.example),
        fallback=field.default,
        choices=tuple((option, said(label), option in chosen) for option, label in field.choices),
        fault=locale.translate(faults[key]) if key in faults else "",
        offers=offers,
        personal=field.personal,
        sourced=field.sourced,
        evidence=cells.get(key + EVIDENCE, ""),
        confidence=cells.get(key + CONFIDENCE, ""),
    )


def fresh_rows(count: int) -> Iterator[str]:
    """Ids for rows that nobody has begun, later than all there are."""
    began = "".join(reversed([DIGITS[int(time.time() * 1000) // 36**place % 36] for place in range(9)]))
    chance = "".join(secrets.choice(DIGITS) for _ in range(3))
    return (f"{began}{place}{chance}" for place in range(count))


def sections(
    tool: Tool, sheet: Sheet, result: Result, personal: bool, writable: bool, offers: Mapping[str, str]
) -> tuple[SectionView, ...]:
    faults = sheet.faults()

    def table_view(table: Table) -> TableView:
        columns = tuple(
            column for column in table.columns if personal or not (column.personal or column.name == VOLUNTEERED)
        )
        rows = [row.id for row in sheet.rows(table.name)]
        known = {id for id, _ in table.rows}
        order = [*(id for id, _ in table.rows if id not in rows), *rows] if known else rows
        spare = list(fresh_rows(min(SPARE, MOST_ROWS - len(rows)))) if table.more and writable else []
        return TableView(
            name=table.name,
            label=said(table.label),
            help=said(table.help),
            columns=tuple((c.name, said(c.label), said(c.unit), said(c.help)) for c in columns),
            computed=tuple((said(o.label), said(o.unit), said(o.help)) for o in table.computed),
            rows=tuple(
                RowView(
                    id=id,
                    name=sheet.cells.get(f"{table.name}.{id}.{table.columns[0].name}", ""),
                    cells=tuple(
                        input_view(c, f"{table.name}.{id}.{c.name}", sheet.cells, faults, offers.get(c.offers, ""))
                        for c in columns
                    ),
                    computed=tuple(
                        ComputedView(
                            f"{table.name}.{id}.{o.name}",
                            said(o.label),
                            value_text(result.cells.get(f"{table.name}.{id}.{o.name}"), o.places),
                            said(o.unit),
                        )
                        for o in table.computed
                    ),
                    spare=id in spare,
                    standing=id in known,
                )
                for id in [*order, *spare]
            ),
            more=table.more,
            wide=sum(WIDTHS[c.kind] for c in columns) + WIDTHS["number"] * len(table.computed) > WIDEST,
            shared=bool(table.fact),
        )

    return tuple(
        SectionView(
            said(section.label),
            said(section.help),
            tuple(
                table_view(part)
                if isinstance(part, Table)
                else input_view(part, part.name, sheet.cells, faults, offers.get(part.offers, ""))
                for part in section.parts
                if isinstance(part, Table) or personal or not part.personal
            ),
        )
        for section in tool.sections
    )


def outputs_view(tool: Tool, result: Result, library: Library | None, language: str) -> OutputsView:
    drawn = (TOOLS_HERE / tool.id.replace("-", "_") / "tool.html").is_file()
    return OutputsView(
        figures=tuple(
            _figure(output, result) for output in sorted(tool.outputs, key=lambda one: one is not tool.ranked_by)
        ),
        verdict=locale.translate(result.verdict) if result.verdict else "",
        tone=result.tone,
        notices=tuple(_notice(notice, library, language) for notice in result.notices),
        turns=tuple(locale.translate(turn) for turn in result.turns),
        picture=result.picture if drawn else None,
        template=f"tools/{tool.id.replace('-', '_')}/tool.html" if drawn else "",
    )


def _figure(output: Output, result: Result) -> FigureView:
    text = value_text(result.figures.get(output.name), output.places)
    return FigureView(output.name, said(output.label), text, said(output.unit), said(output.help))


def _notice(notice: Notice, library: Library | None, language: str) -> NoticeView:
    lesson = library.lessons.get(notice.lesson) if library is not None and notice.lesson else None
    return NoticeView(
        tone={"good": "success"}.get(notice.tone, notice.tone),
        text=locale.translate(notice.text),
        lesson=library.title("lesson", lesson.id, language) if library is not None and lesson else "",
        url=url_for("learn.lesson", course=lesson.course, lesson=lesson.id) if lesson else "",
        at=notice.at[0] if notice.at else "",
    )


@dataclass(frozen=True)
class HandedInView:
    """A sheet as it was handed in, read only."""

    account: str
    sections: tuple[SectionView, ...]
    outputs: OutputsView


def handed_in(
    tool: Tool,
    account: str,
    cells: Mapping[str, str],
    settings: Mapping[str, str],
    library: Library | None,
    language: str,
) -> HandedInView:
    sheet, result = calculated(tool, cells, settings)
    shown_sections = sections(tool, sheet, result, False, False, {})
    return HandedInView(account, shown_sections, outputs_view(tool, result, library, language))


def computed_texts(tool: Tool, result: Result) -> dict[str, str]:
    """The computed cells by key, for a page that is open."""
    places = {f"{t.name}.{o.name}": o.places for t in tool.tables.values() for o in t.computed}
    return {
        key: value_text(value, places[f"{key.partition('.')[0]}.{key.rpartition('.')[2]}"])
        for key, value in result.cells.items()
    }


def calculated(tool: Tool, cells: Mapping[str, str], settings: Mapping[str, str]) -> tuple[Sheet, Result]:
    """The sheet as the reader sees it, with what comes out."""
    whole = {**standing(tool), **cells}
    return Sheet(tool, whole), results(tool, whole, settings)


def offered(facts: Mapping[str, str], tool: Tool, sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """What fields offer while one types: `table.column` -> entries, from the account's facts and the sheet itself."""
    wanted = {f.offers for f in tool.fields.values() if f.offers}
    wanted |= {c.offers for table in tool.tables.values() for c in table.columns if c.offers}
    found: dict[str, dict[str, None]] = {name: {} for name in sorted(wanted)}
    for key, text in [*facts.items(), *sheet.cells.items()]:
        table, _, rest = key.partition(".")
        name = f"{table}.{rest.partition('.')[2]}"
        if name in found and text.strip():
            found[name][text.strip()] = None
    return {name: tuple(entries) for name, entries in found.items()}


def in_words(tool: Tool) -> Tool:
    """The tool with all its texts in the reader's language, for files."""

    def field(one: Field) -> Field:
        choices = tuple((value, said(label)) for value, label in one.choices)
        return replace(one, label=said(one.label), unit=said(one.unit), choices=choices)

    def output(one: Output) -> Output:
        return replace(one, label=said(one.label), unit=said(one.unit))

    def part(one: Field | Table) -> Field | Table:
        if isinstance(one, Field):
            return field(one)
        columns, computed = tuple(map(field, one.columns)), tuple(map(output, one.computed))
        return replace(one, label=said(one.label), columns=columns, computed=computed)

    return replace(
        tool,
        name=said(tool.name),
        sections=tuple(replace(one, label=said(one.label), parts=tuple(map(part, one.parts))) for one in tool.sections),
        outputs=tuple(map(output, tool.outputs)),
        settings=tuple(map(field, tool.settings)),
    )
