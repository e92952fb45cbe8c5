"""What the account tools' pictures share: names cut to their room, and labels moved apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

WIDE, NARROW = 1.0, 0.63  # of the letter's size: a Chinese character, and a Latin letter on average


def width(text: str, size: float = 14) -> float:
    """About how wide a text is drawn, in the picture's units."""
    return sum(size * (WIDE if unicodedata.east_asian_width(sign) in "WF" else NARROW) for sign in text)


def clipped(text: str, room: float, size: float = 14) -> str:
    """The text, on one line; what does not fit into `room` units gives way to an ellipsis."""
    line = " ".join(text.split())
    if width(line, size) <= room:
        return line
    left, kept = room - width("…", size), 0
    while kept < len(line) and (left := left - width(line[kept], size)) >= 0:
        kept += 1
    return line[:kept].rstrip() + "…"


def spread(places: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Places in the same order, each as near as it can be to where it was, and none nearer to another than `gap`.

    They stay between `least` and `most`; where there is no room for that many, they stand evenly and closer.
    """
    count = len(places)
    if count > 1 and gap * (count - 1) > most - least:
        gap = (most - least) / (count - 1)
    order = sorted(range(count), key=lambda one: (places[one], one))
    found = [0.0] * count
    low = least
    for one in order:
        low = found[one] = max(places[one], low)
        low += gap
    high = most
    for one in reversed(order):
        high = found[one] = min(found[one], high)
        high -= gap
    return [round(one, 1) for one in found]
