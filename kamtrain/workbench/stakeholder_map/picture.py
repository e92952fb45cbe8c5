"""Where everything on the map stands, in units of a drawing 640 wide; pure, so that a screen and a printer draw the same.

A field of five columns (attitude −2 to +2) and five lanes (influence 5 to 1): people in the same place stand below each other, so
that names never cover each other. Right of it our owners, with a line to each of their people.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kamtrain.core.message import Message

Mark = Literal["plain", "coach", "thin", "veto"]

WIDTH, LEFT, TOP = 640, 40, 30
COLUMN, LANE_LEAST, STEP = 90, 46, 18  # of a column, of a lane, from one name to the next below it
RIGHT = LEFT + 5 * COLUMN
OWNER, OWNER_HEIGHT = 516, 24  # where the boxes of our owners begin
IN_ONE_PLACE, IN_STRIP, MOST_OWNERS = 6, 30, 8
LETTER = 7.2  # of a letter 12 high; a wide sign is as wide as it is high
ATTITUDES, INFLUENCES = range(-2, 3), range(5, 0, -1)


@dataclass(frozen=True)
class Person:
    """One of the table's rows. Figures are None where nobody rated; `owner` "" where nobody keeps the contact."""

    id: str
    name: str
    influence: int | None
    attitude: int | None
    contact: int | None
    owner: str
    mark: Mark


@dataclass(frozen=True)
class Dot:
    """A person in the field or in the strip below it. `label` is the name, cut to what fits."""

    id: str
    name: str
    label: str
    x: int
    y: int
    mark: Mark


@dataclass(frozen=True)
class Box:
    label: str
    name: str
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """From a person to one of ours; `open` where the contact is open or trusted, dashed where it is not."""

    x1: int
    y1: int
    x2: int
    y2: int
    open: bool


@dataclass(frozen=True)
class Holder:
    """A role, and who holds it: nobody is a gap."""

    role: Message
    names: tuple[str, ...]
    x: int
    y: int


@dataclass(frozen=True)
class More:
    """People for whom there is no room in one place."""

    count: int
    x: int
    y: int


@dataclass(frozen=True)
class Map:
    """Everything the drawing needs. `lane` and `column` are the size of one place of the field, from (`left`, `top`)."""

    width: int
    height: int
    left: int
    top: int
    right: int
    bottom: int
    column: int
    lane: int
    strong: int  # influence from which somebody counts as strong
    risk: int  # height of the zone of those who are strong and against us, from the top of the field
    dots: tuple[Dot, ...]
    strip: tuple[Dot, ...]  # rated in part: drag them to their place
    strip_top: int
    more: tuple[More, ...]
    owners: tuple[Box, ...]
    lines: tuple[Line, ...]
    holders: tuple[Holder, ...]
    holders_top: int
    legend_top: int
    people: int


def wide(text: str) -> float:
    """About how wide a text is, in units, at a height of 12."""
    return sum(12 if unicodedata.east_asian_width(sign) in "WF" else LETTER for sign in text)


def cut(text: str, room: float) -> str:
    """The text, or as much of its beginning as there is room for, with an ellipsis."""
    if wide(text) <= room:
        return text
    while text and wide(text) + LETTER * 1.6 > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def drawn(
    people: Sequence[Person], holders: Sequence[tuple[Message, tuple[str, ...]]], strong: int, open_from: int
) -> Map:
    """The map of these people; `holders` are the roles with the names of who holds them."""
    places: dict[tuple[int, int], list[Person]] = {}
    unplaced: list[Person] = []
    for person in people:
        if person.influence is None or person.attitude is None:
            unplaced.append(person)
        else:
            places.setdefault((person.attitude, person.influence), []).append(person)
    crowd = max((min(len(one), IN_ONE_PLACE + 1) for one in places.values()), default=0)
    lane = max(LANE_LEAST, STEP * crowd + 12)
    bottom = TOP + 5 * lane
    dots, more = _placed(places, lane)
    strip_top = bottom + 44
    strip, after = _strip(unplaced, strip_top)
    more.extend(after)
    holders_top = strip_top + (18 + 22 * ((len(strip) + 5) // 6) if strip else 0)
    boxes = tuple(
        Holder(role, names, LEFT + 200 * (place % 3), holders_top + 30 * (place // 3))
        for place, (role, names) in enumerate(holders)
    )
    owners, lines = _lines(people, dots, bottom, open_from)
    legend_top = holders_top + 30 * ((len(boxes) + 2) // 3) + 8
    return Map(
        width=WIDTH,
        height=legend_top + 44,
        left=LEFT,
        top=TOP,
        right=RIGHT,
        bottom=bottom,
        column=COLUMN,
        lane=lane,
        strong=strong,
        risk=lane * (6 - strong),
        dots=tuple(dots),
        strip=strip,
        strip_top=strip_top,
        more=tuple(more),
        owners=owners,
        lines=lines,
        holders=boxes,
        holders_top=holders_top,
        legend_top=legend_top,
        people=len(people),
    )


def _placed(places: dict[tuple[int, int], list[Person]], lane: int) -> tuple[list[Dot], list[More]]:
    dots: list[Dot] = []
    more: list[More] = []
    for (attitude, influence), there in places.items():
        x = LEFT + COLUMN * (attitude + 2) + 13
        middle = TOP + lane * (5 - influence) + lane // 2
        seen = there[:IN_ONE_PLACE]
        lines = len(seen) + (len(there) > IN_ONE_PLACE)
        first = middle - STEP * (lines - 1) // 2
        for place, person in enumerate(seen):
            dots.append(_dot(person, x, first + STEP * place))
        if len(there) > IN_ONE_PLACE:
            more.append(More(len(there) - IN_ONE_PLACE, x - 6, first + STEP * IN_ONE_PLACE))
    return dots, more


def _dot(person: Person, x: int, y: int) -> Dot:
    return Dot(person.id, person.name, cut(person.name, COLUMN - 27), x, y, person.mark)


def _strip(people: Sequence[Person], top: int) -> tuple[tuple[Dot, ...], list[More]]:
    """Six beside each other, below a heading of one line."""
    seen = people[:IN_STRIP]
    dots = tuple(
        _dot(person, LEFT + 13 + 98 * (place % 6), top + 24 + 22 * (place // 6)) for place, person in enumerate(seen)
    )
    left_over = len(people) - len(seen)
    return dots, [More(left_over, WIDTH - 60, top + 4)] if left_over else []


def _lines(
    people: Sequence[Person], dots: Sequence[Dot], bottom: int, open_from: int
) -> tuple[tuple[Box, ...], tuple[Line, ...]]:
    """Our owners from top to bottom as their people stand, and the lines of contact; none where there is no contact."""
    where = {dot.id: dot for dot in dots}
    theirs: dict[str, list[tuple[Dot, int]]] = {}
    for person in people:
        if person.owner and person.contact and (dot := where.get(person.id)) is not None:
            theirs.setdefault(person.owner, []).append((dot, person.contact))
    most = sorted(theirs, key=lambda owner: -len(theirs[owner]))[:MOST_OWNERS]
    order = sorted(most, key=lambda owner: sum(dot.y for dot, _ in theirs[owner]) / len(theirs[owner]))
    room = (bottom - TOP) / max(len(order), 1)
    boxes, lines = [], []
    for place, owner in enumerate(order):
        y = round(TOP + room * (place + 0.5))
        boxes.append(Box(cut(owner, WIDTH - OWNER - 12), owner, OWNER, y))
        lines += [
            Line(round(dot.x + 16 + wide(dot.label)), dot.y, OWNER, y, contact >= open_from)
            for dot, contact in theirs[owner]
        ]
    return tuple(boxes), tuple(lines)
