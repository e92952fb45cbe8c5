"""A worksheet table, filled in and marked cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from kamtrain.core.item import Source
from kamtrain.core.message import message
from kamtrain.core.rubric import Criterion, Level, Levels, Rubric
from kamtrain.items import gaps, keys


@dataclass(frozen=True)
class Cell:
    pieces: tuple[str, ...]  # HTML around its gaps
    first: int  # the number of its first gap
    numeric: bool  # a number that is given: it stands at the right

    @property
    def given(self) -> bool:
        return len(self.pieces) == 1


@dataclass(frozen=True)
class Frame:
    head: tuple[str, ...]  # HTML
    labels: tuple[str, ...]  # the same as text, for cells that stand under each other on a phone
    rows: tuple[tuple[Cell, ...], ...]


class Grid(gaps.Gaps):
    name = "grid"
    shape = "table"
    rule = message(
        "Fill in each cell: each counts for an equal share of the points, and a wrong one takes nothing away."
    )
    empty = message("The table has no cell to fill in.")
    example = message("Write the answer of each in bold: `| 360 | 324 | **90.0 ± 0.1** |`")

    def frame(self, source: Source) -> tuple[Frame, tuple[str, ...], tuple[str, ...]]:
        heads = tuple(gaps.plain(head) for head in source.head)
        rows: list[tuple[Cell, ...]] = []
        labels: list[str] = []
        after: list[str] = []
        for row in source.rows:
            cells: list[Cell] = []
            name = gaps.plain(row.html[0]) if row.html and len(gaps.pieces(row.html[0])) == 1 else ""
            for column, html in enumerate(row.html):
                pieces = gaps.pieces(html)
                text = gaps.plain(html)
                cells.append(Cell(pieces, len(labels), len(pieces) == 1 and keys.number(text) is not None))
                head = heads[column] if column < len(heads) else ""
                labels.extend([", ".join(filter(None, (name, head)))] * (len(pieces) - 1))
                after.extend(pieces[1:])
            rows.append(tuple(cells))
        return Frame(source.head, heads, tuple(rows)), tuple(labels), tuple(after)

    def rubric(self, item: gaps.Item, response: gaps.Response | None) -> Rubric:
        """Cell by cell. A level without words is named by the page, in its language: not right, right."""
        if response is None:
            return ()
        rows = zip(item.labels, item.gaps, self._texts(item, response), strict=True)
        return tuple(
            Criterion(
                f"{escape(label)}: {escape(text or '–')} ({escape(key.shown[0])})", (Level("", "", 0), Level("", "", 1))
            )
            for label, key, text in rows
        )

    def levels(self, item: gaps.Item, response: gaps.Response | None) -> Levels:
        pairs = zip(item.gaps, self._texts(item, response), strict=True)
        return tuple(int(text is not None and key.accepts(text)) for key, text in pairs)


TYPE = Grid()
