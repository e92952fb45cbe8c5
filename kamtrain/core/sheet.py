"""Worksheets as values: what a tool asks, what somebody filled in, and what comes out.

A *tool* is a folder of `kamtrain/workbench/` that exports one `Tool`. A *sheet* is one filling in of it. Cells hold what was
typed, as text, so that nothing typed is ever lost; numbers are read from them exactly. Blank, unreadable and out of range are all
"not there" to a rule (None) and never zero; `Sheet.faults` says what was wrong with them.

A cell's key is `field`, or `table.row.column`. Whatever a key begins with, `~evidence` and `~confidence` behind it hold what a
figure rests on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Literal

from kamtrain.core.message import N_, Message, message

Kind = Literal["text", "long", "number", "choice", "several", "tick", "date"]
Tone = Literal["good", "info", "warning", "danger"]
Stage = Literal["choose", "know", "meet", "agree"]
Value = Decimal | Message | str | bool | None

LONGEST = 4_000  # characters of one cell
MOST_ROWS = 1_000  # of one table
EVIDENCE, CONFIDENCE = "~evidence", "~confidence"
CONFIDENCES: tuple[tuple[str, str], ...] = (
    ("A", N_("A · two sources")),
    ("B", N_("B · one source")),
    ("C", N_("C · a guess")),
)
ROW = re.compile(r"[0-9a-z]{1,16}")
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3}){1,4}|\d{1,15})(\.\d{1,9})?", re.ASCII)
TICKED = "1"


@dataclass(frozen=True)
class Field:
    """One thing to fill in: a field of its own, or a column of a table. Every text is a gettext id.

    `unit` is "" for a pure number. `least` and `most` are inclusive. `default` holds where nothing was typed. `fact` names
    what the tools of one account share: a figure typed in one of them is there in the others. `personal`: about a person's
    private life; it is shown only where the account keeps such facts and the row says that they were volunteered. `sourced`:
    asks for evidence and confidence. `offers`: a column whose entries are offered while one types, such as "people.name".
    """

    name: str
    label: str
    kind: Kind = "number"
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    whole: bool = False
    choices: tuple[tuple[str, str], ...] = ()  # value, label
    help: str = ""
    example: str = ""
    default: str = ""
    fact: str = ""
    personal: bool = False
    sourced: bool = False
    offers: str = ""


@dataclass(frozen=True)
class Output:
    """One thing that comes out. `formula`: the same in a spreadsheet's words, without the equals sign.

    In a formula `{revenue}` is a field's cell, `{people.influence}` a table's whole column, `{@cut}` a setting, `{=total}`
    another output, and `{criteria.group:market}` the label of a choice, quoted; in a computed column `{weight}` is the cell of
    the same row. "" where a spreadsheet cannot say it: its value is written instead.
    """

    name: str
    label: str
    unit: str = ""
    places: int = 1
    formula: str = ""
    help: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of the same columns; the first column names the row. `rows`: those that stand there from the start.

    `rows` are (row id, column -> text that stands in it until somebody writes another). `more`: rows may be added.
    `fact`: the whole table is shared by the tools of an account, under that name.
    """

    name: str
    label: str
    columns: tuple[Field, ...]
    computed: tuple[Output, ...] = ()
    rows: tuple[tuple[str, Mapping[str, str]], ...] = ()
    more: bool = True
    help: str = ""
    fact: str = ""

    def column(self, name: str) -> Field:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Section:
    label: str
    parts: tuple[Field | Table, ...]
    help: str = ""


@dataclass(frozen=True)
class Notice:
    """A warning that teaches: what was seen, and the lesson that explains it ("" where there is none)."""

    code: str
    text: Message
    tone: Tone = "warning"
    lesson: str = ""
    at: tuple[str, ...] = ()  # keys of the cells it speaks of


@dataclass(frozen=True)
class Result:
    """What came out. `figures` by output name; `cells` of computed columns by key (`table.row.output`)."""

    figures: Mapping[str, Value] = field(default_factory=dict)
    cells: Mapping[str, Value] = field(default_factory=dict)
    verdict: Message | None = None
    tone: Tone = "info"
    notices: tuple[Notice, ...] = ()
    turns: tuple[Message, ...] = ()  # which weight or figure would change the answer
    picture: Any = None  # what the macro `picture` of the tool's own tool.html draws; None: nothing to draw
    barred: bool = False  # whatever its figure says, this cannot be chosen: it has no place in a ranking


@dataclass(frozen=True)
class Example:
    """A worked example. `cells` as they would be typed (texts are gettext ids), `figures` as they must be shown."""

    name: str
    title: str
    cells: Mapping[str, str]
    figures: Mapping[str, str] = field(default_factory=dict)
    account: str = ""  # of which account it is; "" for a sheet about many
    brief: str = ""  # the case in a few sentences


@dataclass(frozen=True)
class Tool:
    """One account tool. Every text is a gettext id; `compute` is pure and gets the sheet and the settings as a sheet."""

    id: str
    name: str
    summary: str
    sections: tuple[Section, ...]
    outputs: tuple[Output, ...]
    compute: Callable[[Sheet, Sheet], Result]
    examples: tuple[Example, ...]
    rubric: tuple[str, str, str, str]  # how one can tell level 1, 2, 3, 4
    settings: tuple[Field, ...] = ()  # bands and cut-offs a trainer may change; each has a default
    stage: Stage = "choose"  # of the work with an account: where the workbench lists it
    minutes: int = 20  # to fill in, for one of average pace
    about: Literal["account", "many"] = "account"  # one account, or many customers side by side
    lessons: tuple[str, ...] = ()  # that teach it
    competencies: tuple[str, ...] = ()
    headline: str = ""  # the output by which sheets are ranked; "": the first

    @property
    def ranked_by(self) -> Output:
        return next((one for one in self.outputs if one.name == self.headline), self.outputs[0])

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        return {part.name: part for section in self.sections for part in section.parts if isinstance(part, Field)}

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        return {part.name: part for section in self.sections for part in section.parts if isinstance(part, Table)}

    def field_of(self, key: str) -> Field | None:
        """The field or column behind a cell's key; None where the tool has no such cell."""
        plain, _, side = key.partition("~")
        name, *rest = plain.split(".")
        if not rest:
            found = self.fields.get(name)
        elif len(rest) == 2 and name in self.tables and ROW.fullmatch(rest[0]):
            found = next((one for one in self.tables[name].columns if one.name == rest[1]), None)
        else:
            return None
        return found if found is None or not side or (found.sourced and f"~{side}" in (EVIDENCE, CONFIDENCE)) else None


def number(text: str, unit: str = "") -> Decimal | None:
    """The number somebody typed, exactly; None where it is none. Full-width digits, thousands and the unit are understood."""
    folded = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    for tail in (unit, "%"):
        if tail and folded.endswith(tail):
            folded = folded[: -len(tail)].rstrip()
    folded = folded.replace(" ", "")
    return Decimal(folded.replace(",", "")) if _NUMBER.fullmatch(folded) else None


def shown(value: Decimal, places: int = 1) -> str:
    """For display only: rounded half up, with thousands parted: `1,293.7`. Zero has no sign."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):,}"


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """`part` ÷ `whole`; None where either is missing or the whole is nothing."""
    return None if part is None or whole is None or whole == 0 else part / whole


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is there; None where nothing is."""
    there = [value for value in values if value is not None]
    return sum(there, Decimal()) if there else None


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """`part` of `whole` in percent."""
    found = ratio(part, whole)
    return None if found is None else 100 * found


REFERENCE = re.compile(r"\{([@=]?[a-z0-9_.-]+(?::[A-Za-z0-9_-]+)?)\}")  # what stands in a formula


class Cells:
    """Reads the cells below one prefix: a sheet's own, or a row's."""

    def __init__(self, cells: Mapping[str, str], fields: Mapping[str, Field], prefix: str = "") -> None:
        self._cells, self._fields, self._prefix = cells, fields, prefix

    def text(self, name: str) -> str:
        """What was typed, without spaces around it; the default where nothing was ever typed."""
        written = self._cells.get(self._prefix + name)
        return (self._fields[name].default if written is None else written).strip()

    def number(self, name: str) -> Decimal | None:
        """The number, where there is one within its range."""
        one = self._fields[name]
        value = number(self.text(name) or one.default, one.unit)
        return value if value is not None and _within(one, value) else None

    def choice(self, name: str) -> str:
        """The chosen value; "" where none of the choices was chosen."""
        value = self.text(name)
        return value if value in dict(self._fields[name].choices) else ""

    def several(self, name: str) -> tuple[str, ...]:
        """The chosen values, in the order of the choices."""
        values = self.text(name).split(",")
        return tuple(value for value, _ in self._fields[name].choices if value in values)

    def tick(self, name: str) -> bool:
        return self.text(name) == TICKED

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None

    def evidence(self, name: str) -> str:
        return self._cells.get(f"{self._prefix}{name}{EVIDENCE}", "").strip()

    def confidence(self, name: str) -> str:
        """A, B, C, or "" where nothing was said."""
        value = self._cells.get(f"{self._prefix}{name}{CONFIDENCE}", "")
        return value if value in dict(CONFIDENCES) else ""


class Row(Cells):
    """One row of a table."""

    def __init__(self, cells: Mapping[str, str], table: Table, id: str) -> None:
        super().__init__(cells, {one.name: one for one in table.columns}, f"{table.name}.{id}.")
        self.id = id
        self._table = table

    def key(self, column: str) -> str:
        return f"{self._prefix}{column}"

    @property
    def name(self) -> str:
        """What the first column calls it; else its id."""
        return self.text(self._table.columns[0].name) or self.id


class Sheet(Cells):
    """One filling in: `cells` by key. Rows that a table begins with are there unless somebody wrote something else."""

    def __init__(self, tool: Tool, cells: Mapping[str, str]) -> None:
        standing = {
            f"{table.name}.{id}.{column}": text
            for table in tool.tables.values()
            for id, texts in table.rows
            for column, text in texts.items()
        }
        super().__init__({**standing, **cells}, tool.fields)
        self.tool = tool
        self.cells: Mapping[str, str] = self._cells

    def rows(self, table: str) -> tuple[Row, ...]:
        """Rows with anything in them, in the order they were begun."""
        return self._rows.get(table, ())

    @cached_property
    def _rows(self) -> Mapping[str, tuple[Row, ...]]:
        ids: dict[str, set[str]] = {name: set() for name in self.tool.tables}
        for key, text in self.cells.items():
            name, dot, rest = key.partition(".")
            if dot and text.strip() and name in ids and self.tool.field_of(key) is not None:
                ids[name].add(rest.partition(".")[0])
        return {
            name: tuple(Row(self.cells, self.tool.tables[name], id) for id in sorted(found, key=row_order)[:MOST_ROWS])
            for name, found in ids.items()
        }

    def faults(self) -> dict[str, Message]:
        """What cannot be read, by key: why, and how to mend it."""
        found = {}
        for key, text in self.cells.items():
            one = self.tool.field_of(key)
            if one is not None and text.strip() and "~" not in key and (why := fault(one, text)) is not None:
                found[key] = why
        return found


def row_order(id: str) -> tuple[int, str]:
    """Rows a table begins with have short ids; later ones begin with the time they were begun at."""
    return len(id), id


def _within(one: Field, value: Decimal) -> bool:
    return (
        (one.least is None or value >= one.least)
        and (one.most is None or value <= one.most)
        and (not one.whole or value == value.to_integral_value())
    )


def fault(one: Field, text: str) -> Message | None:
    """Why the text cannot be read as this field; None where it can."""
    if len(text) > LONGEST:
        return message("This is too long: at most %(most)s characters.", most=LONGEST)
    match one.kind:
        case "number":
            value = number(text, one.unit)
            if value is None:
                return message("This is no number. Write it in digits, decimals after a point: 12.5")
            if not _within(one, value):
                return _out_of_range(one)
        case "choice" if text.strip() not in dict(one.choices):
            return message("Choose one of the answers.")
        case "several" if set(text.strip().split(",")) - set(dict(one.choices)):
            return message("Choose one of the answers.")
        case "date":
            try:
                date.fromisoformat(text.strip())
            except ValueError:
                return message("This is no date. Write year, month and day: 2026-11-22")
    return None


def _out_of_range(one: Field) -> Message:
    least, most = (None if edge is None else f"{edge:f}" for edge in (one.least, one.most))
    if one.whole and least is not None and most is not None:
        return message("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
    if least is not None and most is not None:
        return message("Write a number from %(least)s to %(most)s.", least=least, most=most)
    if least is not None:
        return message("Write a number of %(least)s or more.", least=least)
    if most is not None:
        return message("Write a number of %(most)s or less.", most=most)
    return message("Write a whole number.")


def settings_of(tool: Tool, changed: Mapping[str, str]) -> Sheet:
    """The tool's settings as a sheet: what a trainer changed, else the defaults."""
    asked = Tool(
        id=tool.id,
        name=tool.name,
        summary="",
        sections=(Section("", tool.settings),),
        outputs=(),
        compute=lambda _sheet, _settings: Result(),
        examples=(),
        rubric=("", "", "", ""),
    )
    return Sheet(asked, changed)


def results(tool: Tool, cells: Mapping[str, str], settings: Mapping[str, str] | None = None) -> Result:
    """What comes out of the cells: the one way pages, files and tests ask."""
    return tool.compute(Sheet(tool, cells), settings_of(tool, settings or {}))
