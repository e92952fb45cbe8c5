"""Marks that people give: what each reading says, which one counts, and what becomes of it when the rubric changes.

A mark is an outcome among others: rows are added and never changed, and from the rows alone `replay` tells what stands.
The first reading counts until a third one or the decision of an appeal replaces it; a second one is there to compare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, NamedTuple, get_args

from kamtrain.core.errors import Invalid
from kamtrain.core.item import POINT, Json, Outcome
from kamtrain.core.message import message
from kamtrain.core.rubric import Level, Levels, Rubric

Kind = Literal["first", "second", "third", "appeal", "also"]  # also: kept beside, and counts for nothing
KINDS: tuple[Kind, ...] = get_args(Kind)
State = Literal["open", "second", "third", "appeal", "scored", "done"]  # scored: by the program; a trainer may look
STATES: tuple[State, ...] = get_args(State)
WAITING: tuple[State, ...] = ("open", "second", "third", "appeal")  # somebody is to read it
FAR = 2  # levels between two readings of one criterion at which a third one is asked for
LONGEST = 2_000  # characters of a comment

RESCORED = "rescored"  # a row of the program's: the rubric has changed

ByPart = Mapping[str, Levels]  # key of a part -> its levels


@dataclass(frozen=True)
class Part:
    """One rubric of a work, and what the program says by it."""

    key: str
    title: str  # HTML; "" where the work has one rubric
    criteria: Rubric
    start: tuple[int | None, ...]  # levels chosen beforehand, by the program or before the rubric changed


@dataclass(frozen=True)
class Work:
    """Something handed in that a trainer marks, whatever made it: all that queue, marking and appeals know of it."""

    id: int  # of its response
    kind: str  # of its attempt; services.works.KINDS has the function that makes it
    template: str  # draws `answer`, with what it was asked and the model answer
    title: str
    activity: str  # its title
    language: str  # BCP 47 tag of those texts
    parts: tuple[Part, ...]
    answer: Any  # what its template draws; holds nothing that names the trainee
    outcome: Callable[[ByPart], Outcome]  # from levels to points; raises Invalid for levels that are not in the rubric
    passing: int | None = None  # percent of its attempt
    anonymous: bool = False  # the trainee's name is not shown before it is marked
    rubric: int = 0  # revision that the parts are of


class Row(NamedTuple):
    """One outcome of a response, as it is stored."""

    id: int
    by_id: int | None
    detail: Json
    at: datetime


@dataclass(frozen=True)
class Reading:
    """One trainer's mark."""

    id: int  # of its row
    kind: Kind
    by_id: int
    at: datetime
    levels: ByPart
    comments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key of a part -> one for each criterion
    overall: str = ""
    rubric: int = 0


def stored(
    kind: Kind, levels: ByPart, comments: Mapping[str, Sequence[str]], overall: str, rubric: int
) -> dict[str, Any]:
    """The detail of a mark's row; `replay` reads it."""
    return {
        "reading": kind,
        "rubric": rubric,
        "levels": {key: list(chosen) for key, chosen in levels.items()},
        "comments": {key: list(said) for key, said in comments.items()},
        "overall": overall,
    }


def rescored(rubric: int, readings: Mapping[Kind, ByPart], start: Mapping[str, Sequence[int | None]]) -> dict[str, Any]:
    """The detail of the program's row after a change of the rubric.

    `readings` holds the levels that each reading has by the new one; without any, it is to be marked anew, beginning
    from the levels in `start` that stay.
    """
    return {
        "reading": RESCORED,
        "rubric": rubric,
        "readings": {kind: {key: list(chosen) for key, chosen in by.items()} for kind, by in readings.items()},
        "start": {key: list(chosen) for key, chosen in start.items()},
    }


def all_readings(rows: Iterable[Row]) -> tuple[Reading, ...]:
    """Every mark that was ever given, oldest first, with the levels it was given with."""
    return tuple(
        Reading(
            id=row.id,
            kind=row.detail["reading"],
            by_id=row.by_id,
            at=row.at,
            levels={key: tuple(chosen) for key, chosen in row.detail["levels"].items()},
            comments={key: tuple(said) for key, said in row.detail["comments"].items()},
            overall=row.detail["overall"],
            rubric=row.detail["rubric"],
        )
        for row in rows
        if row.by_id is not None and row.detail and row.detail.get("reading") in KINDS
    )


def replay(rows: Sequence[Row]) -> dict[Kind, Reading]:
    """What stands, by its kind: of each the latest, by the rubric as it is now. Pure: the same rows, the same answer."""
    given = {reading.id: reading for reading in all_readings(rows)}
    standing: dict[Kind, Reading] = {}
    for row in rows:
        if row.id in given:
            standing[given[row.id].kind] = given[row.id]
        elif row.detail and row.detail.get("reading") == RESCORED:
            standing = {
                kind: _moved(standing[kind], by, row.detail["rubric"])
                for kind, by in row.detail["readings"].items()
                if kind in standing
            }
    return standing


def _moved(reading: Reading, levels: Mapping[str, Sequence[int]], rubric: int) -> Reading:
    return Reading(
        reading.id,
        reading.kind,
        reading.by_id,
        reading.at,
        {key: tuple(chosen) for key, chosen in levels.items()},
        reading.comments,
        reading.overall,
        rubric,
    )


def start_of(rows: Sequence[Row]) -> dict[str, tuple[int | None, ...]]:
    """The levels to begin from, where the rubric has changed since the last mark."""
    for row in reversed(rows):
        if row.by_id is None and row.detail and row.detail.get("reading") == RESCORED:
            return {key: tuple(chosen) for key, chosen in row.detail["start"].items()}
    return {}


def counting(readings: Mapping[Kind, Reading]) -> Reading | None:
    """The reading that counts; None: none does yet."""
    return readings.get("appeal") or readings.get("third") or readings.get("first")


def apart(one: ByPart, other: ByPart) -> int:
    """The most levels that two readings lie apart at a criterion."""
    return max(
        (abs(a - b) for key, chosen in one.items() for a, b in zip(chosen, other.get(key, chosen), strict=False)),
        default=0,
    )


def state_after(readings: Mapping[Kind, Reading], *, second: bool) -> State:
    """What a work waits for after a mark. `second`: it was drawn to be read twice."""
    if "appeal" in readings or "third" in readings:
        return "done"
    first, other = readings.get("first"), readings.get("second")
    if first is None:
        return "open"
    if other is None:
        return "second" if second else "done"
    return "third" if apart(first.levels, other.levels) >= FAR else "done"


def kind_for(state: State, readings: Mapping[Kind, Reading], by_id: int, *, late: bool) -> Kind:
    """What a mark by this person is now. `late`: somebody else's came in since she opened the work.

    Nothing is lost: a mark that comes too late to be asked for is kept beside the others.
    """
    if "appeal" in readings:
        return "also"
    if state == "appeal":
        return "appeal"
    for kind in ("third", "second", "first"):
        known = readings.get(kind)
        if known is not None and known.by_id == by_id:
            return known.kind
    if state in ("open", "scored"):
        return "first"
    if state in ("second", "third"):
        return state
    if late:
        return "also" if "second" in readings else "second"
    return "third"


def is_drawn(response_id: int, share: int) -> bool:
    """Whether a second trainer reads it, too; `share` in percent. The same response is always drawn alike."""
    number = int.from_bytes(sha256(f"second reading {response_id}".encode()).digest()[:8], "big")
    return number * 100 < share * 2**64


def outcome(rubric: Rubric, levels: Sequence[int]) -> Outcome:
    """Points reached ÷ points of the highest levels, rounded half up to a thousandth. Raises `Invalid`."""
    if len(levels) != len(rubric):
        raise Invalid(message("Choose a level for each criterion."))
    reached = most = 0
    for criterion, level in zip(rubric, levels, strict=True):
        if not 0 <= level < len(criterion.levels):
            raise Invalid(message("This level is not in the rubric. Load the page again and mark once more."))
        reached += criterion.levels[level].points
        most += criterion.most
    return Outcome((2 * POINT * reached + most) // (2 * most), POINT)


# --- when the rubric changes ---


def carried(old: Rubric, new: Rubric, levels: Sequence[int | None]) -> tuple[int | None, ...]:
    """The levels by the new rubric, None where a criterion is to be marked anew.

    A criterion is the same where its name is, or where all of its levels are described as before. Of as many levels as
    before one stays at its place; of more or fewer, it stays where it is described as before.
    """
    found: list[int | None] = []
    for criterion in new:
        same = [place for place, one in enumerate(old) if _plain(one.html) == _plain(criterion.html)]
        same += [place for place, one in enumerate(old) if _anchors(one.levels) == _anchors(criterion.levels)]
        level = levels[same[0]] if same else None
        if level is None:
            found.append(None)
            continue
        before = old[same[0]].levels
        if len(before) == len(criterion.levels):
            found.append(level)
            continue
        anchors = _anchors(criterion.levels)
        wanted = _anchors(before)[level]
        found.append(anchors.index(wanted) if wanted in anchors else None)
    return tuple(found)


def _anchors(levels: Iterable[Level]) -> tuple[str, ...]:
    return tuple(_plain(level.html) for level in levels)


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def same_rubric(old: Rubric, new: Rubric) -> bool:
    """Whether marks by the one count the same by the other; its words may have been mended."""
    if [_points(one.levels) for one in old] != [_points(one.levels) for one in new]:
        return False
    return all(
        _plain(a.html) == _plain(b.html) or _anchors(a.levels) == _anchors(b.levels)
        for a, b in zip(old, new, strict=True)
    )


def _points(levels: Iterable[Level]) -> list[int]:
    return [level.points for level in levels]
