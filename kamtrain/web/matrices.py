"""A confusion matrix as practice and insight show it: counts and shades, shares with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kamtrain.core.drill import Drill, Matrix, Share

LEVELS = 4  # shades of a cell, beside none
FEW = 5  # of fewer no share is said


@dataclass(frozen=True)
class ShareView:
    """`percent` None: too few to say. `low` and `high`: the interval of 95 percent."""

    count: int
    total: int
    percent: int | None
    low: int
    high: int


@dataclass(frozen=True)
class CellView:
    count: int
    level: int  # of shade, 0 to `LEVELS`: its share of the row
    right: bool


@dataclass(frozen=True)
class RowView:
    name: str
    cells: tuple[CellView, ...]
    total: int
    seen: ShareView
    cue: ShareView


@dataclass(frozen=True)
class MatrixView:
    lang: str  # of the answers' names
    names: tuple[str, ...]
    rows: tuple[RowView, ...]  # by the true answer
    said: tuple[int, ...]  # by the answer chosen
    bias: tuple[int, ...]  # said less true
    total: int
    right: ShareView
    confused: tuple[tuple[str, str, int], ...]  # (true, taken for, times), the most frequent first

    @property
    def empty(self) -> bool:
        return not self.total


MOST_CONFUSED = 3


def share(of: Share) -> ShareView:
    low, high = of.interval
    percent = None if of.total < FEW else round(100 * of.count / of.total)
    return ShareView(of.count, of.total, percent, round(100 * low), round(100 * high))


@dataclass(frozen=True)
class LevelView:
    """The answers of one level of confidence, and the share of them that was right."""

    confidence: int  # 1..3
    share: ShareView

    @property
    def wrong(self) -> int:
        return self.share.total - self.share.count


def levels(certain: Mapping[int, tuple[int, int]]) -> tuple[LevelView, ...]:
    """`certain`: confidence -> answers, right ones. The surest first."""
    return tuple(
        LevelView(confidence, share(Share(right, answers)))
        for confidence, (answers, right) in sorted(certain.items(), reverse=True)
    )


def view(drill: Drill, matrix: Matrix) -> MatrixView:
    names: Mapping[str, str] = {answer.id: answer.name for answer in drill.answers}
    rows = []
    for truth in matrix.answers:
        total = matrix.asked(truth)
        cells = tuple(
            CellView(count, -(-LEVELS * count // total) if total else 0, truth == chosen)
            for chosen in matrix.answers
            for count in (matrix.count(truth, chosen),)
        )
        rows.append(RowView(names[truth], cells, total, share(matrix.sensitivity(truth)), share(matrix.cue(truth))))
    return MatrixView(
        lang=drill.language,
        names=tuple(names[answer] for answer in matrix.answers),
        rows=tuple(rows),
        said=tuple(matrix.said(answer) for answer in matrix.answers),
        bias=tuple(matrix.bias(answer) for answer in matrix.answers),
        total=matrix.total,
        right=share(matrix.right),
        confused=tuple((names[t], names[c], times) for t, c, times in matrix.confused()[:MOST_CONFUSED]),
    )
