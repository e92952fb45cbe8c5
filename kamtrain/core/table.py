"""What a report returns: one table that the screen, the CSV and the XLSX all render, so that they cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kamtrain.core.message import Message

Kind = Literal["text", "percent", "number", "datetime", "state", "reasons"]
Cell = str | int | datetime | Message | tuple[Message, ...] | None


@dataclass(frozen=True)
class Column:
    name: str  # stable, for filters and files
    label: str  # gettext id
    kind: Kind = "text"
    sortable: bool = False


@dataclass(frozen=True)
class Table:
    """`rows` hold one cell for each column; None is an empty cell. `next` is the key of the following page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    next: str | None = None
    previous: str | None = None
