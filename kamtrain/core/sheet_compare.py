"""Two sheets of one tool beside each other: two raters, two dates, or one's own and the expert's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kamtrain.core.sheet import Field, Output, Result, Row, Sheet, Tool, Value, number


@dataclass(frozen=True)
class Difference:
    """One cell or output in both. `place`: labels from the table down to the cell, gettext ids but for a row's name."""

    table: str  # label of the table, "" for a field of its own
    row: str  # what the row is called, as typed
    label: str
    left: str
    right: str
    change: Decimal | None  # right less left, where both are numbers
    field: Field | None  # None: an output


def cells(tool: Tool, left: Sheet, right: Sheet) -> tuple[Difference, ...]:
    """Every cell that differs, in the order of the sheet. Rows are matched by id, else by what they are called."""
    return tuple(one for one in _cells(tool, left, right) if one.left != one.right)


def _cells(tool: Tool, left: Sheet, right: Sheet) -> Iterator[Difference]:
    for field in tool.fields.values():
        yield _difference("", "", field, left.text(field.name), right.text(field.name))
    for table in tool.tables.values():
        for one, other in _pairs(left.rows(table.name), right.rows(table.name)):
            name = (one or other).name if one or other else ""  # type: ignore[union-attr]
            for column in table.columns:
                there = one.text(column.name) if one else ""
                here = other.text(column.name) if other else ""
                yield _difference(table.label, name, column, there, here)


def _difference(table: str, row: str, field: Field, left: str, right: str) -> Difference:
    change = None
    if field.kind == "number":
        one, other = number(left, field.unit), number(right, field.unit)
        change = None if one is None or other is None else other - one
    return Difference(table, row, field.label, left, right, change, field)


def _pairs(left: tuple[Row, ...], right: tuple[Row, ...]) -> Iterator[tuple[Row | None, Row | None]]:
    by_id = {row.id: row for row in right}
    by_name = {row.name.casefold(): row for row in right}
    used: set[str] = set()
    for row in left:
        other = by_id.get(row.id) or by_name.get(row.name.casefold())
        if other is not None and other.id in used:
            other = None
        if other is not None:
            used.add(other.id)
        yield row, other
    for row in right:
        if row.id not in used:
            yield None, row


def outputs(tool: Tool, left: Result, right: Result) -> tuple[tuple[Output, Value, Value, Decimal | None], ...]:
    """Every output of both: (output, left, right, right less left)."""
    return tuple(
        (output, one := left.figures.get(output.name), other := right.figures.get(output.name), _change(one, other))
        for output in tool.outputs
    )


def _change(left: Value, right: Value) -> Decimal | None:
    return right - left if isinstance(left, Decimal) and isinstance(right, Decimal) else None


def agreement(tool: Tool, left: Mapping[str, str], right: Mapping[str, str]) -> tuple[int, int]:
    """(number cells that are the same in both, number cells that both have): how far two raters agree."""
    same = both = 0
    for key in sorted(set(left) & set(right)):
        field = tool.field_of(key)
        if field is None or field.kind != "number" or "~" in key:
            continue
        one, other = number(left[key], field.unit), number(right[key], field.unit)
        if one is not None and other is not None:
            both += 1
            same += one == other
    return same, both
