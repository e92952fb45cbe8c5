"""Who needs help before the next live session, why, and who of the others could give it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kamtrain.core.message import Message, message

STILL = timedelta(days=14)  # without a step: by then most have not stopped to think but stopped
TWICE = 2  # times
TITLES = 2  # said of those, so that the page stays one
SURE = 5  # sure answers; of fewer no share is said
WRONG = 40  # percent of them
MOST = 2  # people that one is asked to help


@dataclass(frozen=True)
class Trainee:
    """Where one trainee stands in the course."""

    id: int
    name: str
    team: int | None
    percent: int
    complete: bool
    passed: bool
    score: int | None  # percent
    active_at: datetime
    due_at: datetime | None = None
    failed: tuple[str, ...] = ()  # titles of what was tried `TWICE` or more, and never reached
    sure: int = 0  # answers said to be sure
    wrong: int = 0  # of those, with less than half of their points


@dataclass(frozen=True)
class Need:
    """One who needs help. `helper` None: nobody has passed yet, or all have enough to do."""

    trainee: Trainee
    reasons: tuple[Message, ...]  # the gravest first
    helper: Trainee | None


def needs(trainees: Sequence[Trainee], now: datetime) -> tuple[Need, ...]:
    """Those in most need first; `trainees` in the order of their names."""
    found = [(one, told) for one in trainees if (told := _reasons(one, now))]
    found.sort(key=lambda pair: -sum(weight for weight, _ in pair[1]))
    in_need = {one.id for one, _ in found}
    able = [one for one in trainees if one.passed and one.id not in in_need]
    asked: Counter[int] = Counter()
    return tuple(
        Need(one, tuple(said for _, said in sorted(told, key=lambda pair: -pair[0])), _helper(one, able, asked))
        for one, told in found
    )


def _reasons(one: Trainee, now: datetime) -> list[tuple[int, Message]]:
    """(weight, reason)."""
    told = []
    late = (now - one.due_at).days if one.due_at is not None and not one.complete else -1
    if late == 0:
        told.append((8, message("due today")))
    elif late > 0:
        told.append((8, message("overdue, in days: %(days)s", days=late)))
    if one.failed:
        titles, more = one.failed[:TITLES], len(one.failed) - TITLES
        said = message("tried twice or more, and not reached: %(titles)s", titles=titles)
        if more > 0:
            said = message(
                "tried twice or more, and not reached: %(titles)s, and %(more)s more", titles=titles, more=more
            )
        told.append((3 + min(len(one.failed), 4), said))
    if one.sure >= SURE and 100 * one.wrong >= WRONG * one.sure:
        told.append((2, message("sure and wrong: %(wrong)s of %(sure)s sure answers", wrong=one.wrong, sure=one.sure)))
    if not one.complete and now - one.active_at >= STILL:
        days = (now - one.active_at).days
        told.append((1, message("stuck at %(percent)s %%: nothing for %(days)s days", percent=one.percent, days=days)))
    return told


def _helper(one: Trainee, able: Sequence[Trainee], asked: Counter[int]) -> Trainee | None:
    """Of the same team where there is somebody, of those the one asked least, then with the best score."""
    free = [other for other in able if asked[other.id] < MOST]
    if not free:
        return None
    best = min(free, key=lambda other: (other.team != one.team, asked[other.id], -(other.score or 0)))
    asked[best.id] += 1
    return best
