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


def _plain(cell: Cell, column: Column, translate: Translate, zone: tzinfo) -> str | int | datetime | None:
    """A cell as a file holds it: text, a number, or a moment in the reader's zone."""
    if isinstance(cell, str) and cell in column.words:
        return translate(Message(column.words[cell]))
    if isinstance(cell, Message):
        return translate(cell)
    if isinstance(cell, tuple):
        return " ".join(translate(part) for part in cell)
    if isinstance(cell, datetime):
        return cell.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return cell


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(table: Table, translate: Translate, zone: tzinfo) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark, which Excel needs to read Chinese; a chunk for every hundred lines."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff".encode()
    writer.writerow([_safe(translate(Message(column.label))) for column in table.columns])
    for count, row in enumerate(table.rows, 1):
        cells = (_plain(cell, column, translate, zone) for column, cell in zip(table.columns, row, strict=True))
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
        percent = book.add_format({"num_format": '0" %"'})
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, _width(column))
            sheet.write_string(0, place, translate(Message(column.label)), head)
        last = 0
        for last, row in enumerate(table.rows, 1):
            for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                value = _plain(cell, column, translate, zone)
                if isinstance(value, datetime):
                    sheet.write_datetime(last, place, value, moment)
                elif isinstance(value, str):
                    sheet.write_string(last, place, value[:32_767])  # the most a cell holds
                elif value is not None:
                    sheet.write_number(last, place, value, percent if column.kind == "percent" else None)
        sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _width(column: Column) -> int:
    """Of the column, in characters."""
    return {"text": 24, "reasons": 60, "datetime": 18, "state": 14, "percent": 10, "number": 10}[column.kind]
