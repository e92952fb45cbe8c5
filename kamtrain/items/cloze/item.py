"""A text with gaps."""

from __future__ import annotations

from kamtrain.core.item import Source
from kamtrain.core.message import message
from kamtrain.items import gaps

Frame = tuple[str, ...]  # HTML around the gaps, one piece more than there are gaps


class Cloze(gaps.Gaps):
    name = "cloze"
    shape = "text"
    rule = message(
        "Fill in each gap: each counts for an equal share of the points, and a wrong one takes nothing away."
    )
    empty = message("The text has no gap.")
    example = message("Write each answer in bold: `Under stress a dominant buyer **takes over**.`")

    def frame(self, source: Source) -> tuple[Frame, tuple[str, ...], tuple[str, ...]]:
        pieces = gaps.pieces(source.text)
        return pieces, ("",) * (len(pieces) - 1), pieces[1:]


TYPE = Cloze()
