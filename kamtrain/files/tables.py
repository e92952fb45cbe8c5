"""A `Table` as CSV and as XLSX: the same cells as on screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path

import xlsxwriter

from kamtrain.core.message import Message
from kamtrain.core.table import Cell, Column, Table

Translate = Callable[[Message], str]
# A spreadsheet would run these (OWASP, CSV injection).
FORMULA = tuple("=+-@＝＋－＠\t\r\n")


class _Reader:
    """Cells as a file holds them: texts in the reader's language, moments in the reader's zone.

    A report says the same words in line after line, and hands out the same objects each time: each is put into words once.
    """

    def __init__(self, translate: Translate, zone: tzinfo) -> None:
        self.translate, self.zone = translate, zone
        self.codes: dict[str, str] = {}  # a state's code -> its word
        self.said: dict[int, tuple[Cell, str]] = {}  # by identity; holds the cell, so that its identity stays its own

    def plain(self, cell: Cell, column: Column) -> str | int | float | datetime | None:
        if isinstance(cell, str):
            if cell not in column.words:
                return cell
            if cell not in self.codes:
                self.codes[cell] = self.translate(Message(column.words[cell]))
            return self.codes[cell]
        if isinstance(cell, datetime):
            return cell.astimezone(self.zone).replace(tzinfo=None, microsecond=0)
        return self._words(cell) if isinstance(cell, Message | tuple) else cell

    def _words(self, cell: Message | tuple[Message, ...]) -> str:
        known = self.said.get(id(cell))
        if known is None:
            text = " ".join(map(self._words, cell)) if isinstance(cell, tuple) else self.translate(cell)
            known = self.said[id(cell)] = cell, text
        return known[1]


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(table: Table, translate: Translate, zone: tzinfo) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark, which Excel needs to read Chinese; a chunk for every hundred lines."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff".encode()
    writer.writerow([_safe(translate(Message(column.label))) for column in table.columns])
    reader = _Reader(translate, zone)
    for count, row in enumerate(table.rows, 1):
        cells = [reader.plain(cell, column) for column, cell in zip(table.columns, row, strict=True)]
        writer.writerow([_safe(cell) if isinstance(cell, str) else "" if cell is None else str(cell) for cell in cells])
        if count % 100 == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx(table: Table, translate: Translate, zone: tzinfo, title: str, path: Path) -> None:
    """Writes an XLSX file at `path`, row by row: memory stays flat. Texts are never formulas."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet(title[:31])
        head = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        numbers = {
            "percent": book.add_format({"num_format": '0" %"'}),
            "decimal": book.add_format({"num_format": "0.00"}),
        }
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, _width(column))
            sheet.write_string(0, place, translate(Message(column.label)), head)
        reader, last = _Reader(translate, zone), 0
        for last, row in enumerate(table.rows, 1):
            for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                value = reader.plain(cell, column)
                if isinstance(value, datetime):
                    sheet.write_datetime(last, place, value, moment)
                elif isinstance(value, str):
                    sheet.write_string(last, place, value[:32_767])  # the most a cell holds
                elif value is not None:
                    sheet.write_number(last, place, value, numbers.get(column.kind))
        sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _width(column: Column) -> int:
    """Of the column, in characters."""
    return {"text": 24, "reasons": 60, "datetime": 18, "state": 14, "percent": 10, "number": 10, "decimal": 10}[
        column.kind
    ]
