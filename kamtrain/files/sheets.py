"""A worksheet as XLSX: what was typed as values, what comes out as live formulas.

Every formula stands in the tool beside what computes it in Python; `tests/files/test_sheets.py` has LibreOffice recalculate
them and holds them against it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from kamtrain.core.message import Message
from kamtrain.core.sheet import REFERENCE, TICKED, Field, Output, Result, Sheet, Table, Tool, Value, fault, number

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPARE = 5  # empty rows below a table that takes more; the formulas reach over them
WIDTHS = (34, 22, 14, 14, 14, 14, 14, 14, 14, 14)  # of columns, in characters
NAME_MOST = 31  # characters of a worksheet's name, by the format
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True)
class Words:
    """What the file says besides the tool's own words, in the reader's language."""

    outputs: str
    settings: str
    evidence: str
    confidence: str
    yes: str
    no: str
    head: tuple[str, ...] = ()  # lines below the title: account, author, date


@dataclass
class _Places:
    """Where things stand, as a formula names them: "$B$7", or "$C$9:$C$20" for a column."""

    cells: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)  # "table.column:value" -> the label it shows


def xlsx(tool: Tool, sheet: Sheet, settings: Sheet, result: Result, texts: Mapping[str, str], words: Words) -> bytes:
    """The file. `tool` and `sheet` speak the reader's language; `texts` are the outputs that are words, by name."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_calc_mode("auto")
    _Writer(book, tool, sheet, settings, result, texts, words).write()
    book.close()
    return memory.getvalue()


class _Writer:
    def __init__(
        self,
        book: Any,
        tool: Tool,
        sheet: Sheet,
        settings: Sheet,
        result: Result,
        texts: Mapping[str, str],
        words: Words,
    ) -> None:
        self.tool, self.sheet, self.settings, self.result = tool, sheet, settings, result
        self.texts, self.words = texts, words
        self.page = book.add_worksheet(tool.name.translate(FORBIDDEN).strip()[:NAME_MOST])
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.heading = book.add_format({"bold": True, "font_size": 12, "top": 1, "top_color": "#75888e"})
        self.head = book.add_format({"bold": True, "bg_color": "#e9eff0", "text_wrap": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.bold = book.add_format({"bold": True})
        self.formats = {
            places: book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
            for places in range(7)
        }
        self.row = 0
        self.places = _Places()
        self.later: list[tuple[int, int, Output, Table | None, int, Value]] = []  # formulas, once all places are known

    def write(self) -> None:
        for column, width in enumerate(WIDTHS):
            self.page.set_column(column, column, width)
        self.page.write_string(0, 0, self.tool.name, self.title)
        for place, line in enumerate(self.words.head, 1):
            self.page.write_string(place, 0, line)
        self.row = len(self.words.head) + 2
        for section in self.tool.sections:
            self._line(section.label)
            for part in section.parts:
                if isinstance(part, Table):
                    self._table(part)
                else:
                    self._field(part, self.sheet, part.name)
            self.row += 1
        if self.tool.settings:
            self._line(self.words.settings)
            for one in self.tool.settings:
                self._field(one, self.settings, f"@{one.name}")
            self.row += 1
        self._line(self.words.outputs)
        for output in self.tool.outputs:
            self.page.write_string(self.row, 0, output.label, self.bold)
            self.page.write_string(self.row, 2, output.unit)
            self.places.cells[f"={output.name}"] = f"$B${self.row + 1}"
            self.later.append((self.row, 1, output, None, self.row, self.result.figures.get(output.name)))
            self.row += 1
        for row, column, output, table, at, value in self.later:
            self._formula(row, column, output, table, at, value)
        self.page.freeze_panes(1, 0)
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)

    def _line(self, text: str) -> None:
        for column in range(6):
            self.page.write_blank(self.row, column, None, self.heading)
        self.page.write_string(self.row, 0, text, self.heading)
        self.row += 1

    def _field(self, one: Field, sheet: Sheet, name: str) -> None:
        if one.personal:
            return
        self.page.write_string(self.row, 0, one.label, self.wrapped)
        text = sheet.text(one.name)
        self._value(self.row, 1, one, text or one.default if one.kind == "number" else text)
        self.page.write_string(self.row, 2, one.unit)
        self.places.cells[name] = f"$B${self.row + 1}"
        self._labels(name, one)
        if one.sourced:
            self.page.write_string(self.row, 3, sheet.evidence(one.name))
            self.page.write_string(self.row, 4, sheet.confidence(one.name))
        self.row += 1

    def _labels(self, name: str, one: Field) -> None:
        for value, label in one.choices:
            self.places.labels[f"{name}:{value}"] = label

    def _table(self, table: Table) -> None:
        columns = [column for column in table.columns if not column.personal]
        self.page.write_string(self.row, 0, table.label, self.bold)
        self.row += 1
        heads = [*((c.name, c.label, c.unit) for c in columns), *((o.name, o.label, o.unit) for o in table.computed)]
        sourced = [column for column in columns if column.sourced]
        for place, (_, label, unit) in enumerate(heads):
            self.page.write_string(self.row, place, f"{label} ({unit})" if unit else label, self.head)
        for place, column in enumerate(sourced):
            for side, word in enumerate((self.words.evidence, self.words.confidence)):
                at = len(heads) + 2 * place + side
                self.page.write_string(self.row, at, f"{word}: {column.label}", self.head)
        self.row += 1
        first = self.row
        rows = self.sheet.rows(table.name)
        for row in rows:
            for place, column in enumerate(columns):
                self._value(self.row, place, column, row.text(column.name))
            for place, output in enumerate(table.computed, len(columns)):
                value = self.result.cells.get(f"{table.name}.{row.id}.{output.name}")
                self.later.append((self.row, place, output, table, self.row, value))
            for place, column in enumerate(sourced):
                self.page.write_string(self.row, len(heads) + 2 * place, row.evidence(column.name))
                self.page.write_string(self.row, len(heads) + 2 * place + 1, row.confidence(column.name))
            self.row += 1
        for _ in range(SPARE if table.more else 0 if rows else 1):
            for place, output in enumerate(table.computed, len(columns)):
                self.later.append((self.row, place, output, table, self.row, None))
            self.row += 1
        for place, (name, _, _) in enumerate(heads):
            letter = xl_col_to_name(place)
            self.places.cells[f"{table.name}.{name}"] = f"${letter}${first + 1}:${letter}${self.row}"
        for place, column in enumerate(columns):
            self._labels(f"{table.name}.{column.name}", column)
            self._offer(first, place, self.row - 1, place, column)
        self.row += 1

    def _offer(self, first: int, left: int, last: int, right: int, one: Field) -> None:
        """What may be typed there, so that the file asks for the same as the page."""
        if one.kind == "choice" and sum(len(label) + 1 for _, label in one.choices) < 255:
            source = [label for _, label in one.choices]
            self.page.data_validation(
                first, left, last, right, {"validate": "list", "source": source, "ignore_blank": True}
            )
        elif one.kind == "number" and one.least is not None and one.most is not None:
            kind = "integer" if one.whole else "decimal"
            bounds = {"validate": kind, "criteria": "between", "minimum": float(one.least), "maximum": float(one.most)}
            self.page.data_validation(first, left, last, right, bounds)

    def _value(self, row: int, column: int, one: Field, text: str) -> None:
        """A value; what cannot be read stands in a note, so that the formulas see an empty cell as the page does."""
        if not text:
            return
        if fault(one, text) is not None:
            self.page.write_comment(row, column, text[:1_000])
            return
        match one.kind:
            case "number":
                self.page.write_number(row, column, float(number(text, one.unit) or 0))
            case "date":
                self.page.write_datetime(row, column, datetime.fromisoformat(text.strip()), self.date)
            case "tick":
                if text == TICKED:
                    self.page.write_boolean(row, column, True)
            case "choice" | "several":
                chosen = text.strip().split(",")
                labels = [label for value, label in one.choices if value in chosen]
                self.page.write_string(row, column, ", ".join(labels))
            case _:
                self.page.write_string(row, column, text, self.wrapped)

    def _formula(self, row: int, column: int, output: Output, table: Table | None, at: int, value: Value) -> None:
        cached: Any = self._cached(output, value)
        form = self.formats[output.places]
        if output.formula:
            self.page.write_formula(row, column, "=" + self._resolved(output.formula, table, at), form, cached)
        elif isinstance(cached, float):
            self.page.write_number(row, column, cached, form)
        elif cached != "":
            self.page.write_string(row, column, str(cached), self.wrapped)

    def _cached(self, output: Output, value: Value) -> float | str | bool:
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, bool):
            return self.words.yes if value else self.words.no
        if isinstance(value, Message):
            return self.texts.get(output.name, str(value))
        return value or ""

    def _resolved(self, formula: str, table: Table | None, row: int) -> str:
        """The formula with addresses in the places of its names."""

        def address(name: str) -> str:
            if ":" in name:
                full = name if name in self.places.labels or table is None else f"{table.name}.{name}"
                label = self.places.labels[full].replace('"', '""')
                return f'"{label}"'
            if table is not None and (own := self.places.cells.get(f"{table.name}.{name}")):
                return f"{own.split('$')[1]}{row + 1}"
            return self.places.cells[name]

        return REFERENCE.sub(lambda found: address(found[1]), formula)
