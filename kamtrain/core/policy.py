"""When a quiz may be begun, and when an attempt at it ends: for one person, in moments of one clock, the server's.

Authors write windows as a wall clock shows them, and they are read in the zone of whoever takes the quiz. An extension
changes them for one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from kamtrain.core.quiz import Quiz


@dataclass(frozen=True)
class Window:
    """From when to when a quiz can be taken, without a zone; None: no such bound."""

    opens: datetime | None = None
    closes: datetime | None = None


@dataclass(frozen=True)
class Extension:
    """What one person has in addition at one quiz."""

    minutes: int = 0  # of time for each attempt, where the quiz limits it
    attempts: int = 0
    closes_at: datetime | None = None  # UTC; it closes for the person then, where that is later


NONE = Extension()


@dataclass(frozen=True)
class Terms:
    """What holds for one person. Moments are UTC."""

    attempts: int | None = None  # None: as many as one likes
    wait: timedelta = timedelta()  # between the end of one attempt and the beginning of the next
    limit: timedelta | None = None  # for one attempt
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def moment(wall: datetime, zone: tzinfo, *, last: bool) -> datetime:
    """UTC of what a wall clock shows in `zone`.

    When the clocks are changed it shows a time twice, or not at all (PEP 495). `last` then takes the later of the two
    moments that could be meant, otherwise it is the earlier one: an opening is early and a closing late.
    """
    both = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return max(both) if last else min(both)


def terms(quiz: Quiz, window: Window, zone: tzinfo, extension: Extension = NONE) -> Terms:
    """`window` is the course's; what it leaves open is the quiz's own."""
    opens, closes = window.opens or quiz.opens, window.closes or quiz.closes
    closes_at = moment(closes, zone, last=True) if closes else None
    if closes_at and extension.closes_at:
        closes_at = max(closes_at, extension.closes_at)
    return Terms(
        attempts=quiz.attempts + extension.attempts if quiz.attempts is not None else None,
        wait=timedelta(minutes=quiz.wait),
        limit=timedelta(minutes=quiz.time + extension.minutes) if quiz.time is not None else None,
        opens_at=moment(opens, zone, last=False) if opens else None,
        closes_at=closes_at,
    )


@dataclass(frozen=True)
class Held:
    """Why no attempt can be begun now; `until` None: for good."""

    reason: Literal["attempts", "early", "late", "wait"]
    until: datetime | None = None


def held(terms: Terms, begun: int, last_end: datetime | None, now: datetime) -> Held | None:
    """What keeps somebody from beginning who has begun so many attempts and ended the last one then; None: nothing."""
    if terms.attempts is not None and begun >= terms.attempts:
        return Held("attempts")
    if terms.closes_at is not None and now >= terms.closes_at:
        return Held("late")
    if terms.opens_at is not None and now < terms.opens_at:
        return Held("early", terms.opens_at)
    if last_end is not None and now < last_end + terms.wait:
        return Held("wait", last_end + terms.wait)
    return None


def ends_at(terms: Terms, began: datetime) -> datetime | None:
    """When an attempt begun then is over, whatever is still open in it; None: it waits for its trainee."""
    by_limit = began + terms.limit if terms.limit is not None else None
    bounds = [bound for bound in (by_limit, terms.closes_at) if bound is not None]
    return min(bounds, default=None)
