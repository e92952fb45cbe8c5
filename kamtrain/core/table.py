"""What a report returns: one table that the screen, the CSV and the XLSX all render, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kamtrain.core.message import Message

Kind = Literal["text", "percent", "number", "decimal", "datetime", "state", "reasons"]  # decimal: two places
Cell = str | int | float | datetime | Message | tuple[Message, ...] | None
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    name: str  # stable, for filters and files
    label: str  # gettext id
    kind: Kind = "text"
    sortable: bool = False
    words: Mapping[str, str] = field(default_factory=dict)  # of a state: the gettext id of each code in its cells


@dataclass(frozen=True)
class Table:
    """`rows` hold one cell for each column; None is an empty cell. `next` and `previous` are keys of pages.

    For a file `rows` is an iterator that can be read once.
    """

    columns: tuple[Column, ...]
    rows: Iterable[Row]
    next: str | None = None
    previous: str | None = None
