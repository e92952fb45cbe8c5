"""The daily refresher: which of the practised items come back today, and what each of them is good for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from kamtrain.core.message import Message, message

SECONDS = 300  # of one refresher
MOST = 12  # items of one refresher
FULL = 1000  # the whole of an answer's points, in thousandths

T = TypeVar("T")


def within(due: Sequence[tuple[T, int]], seconds: int = SECONDS, most: int = MOST) -> tuple[T, ...]:
    """Of (item, seconds it takes), longest due first: those that fit into the time, at least one."""
    found: list[T] = []
    left = seconds
    for item, takes in due:
        if found and (takes > left or len(found) == most):
            break
        found.append(item)
        left -= takes
    return tuple(found)


@dataclass(frozen=True)
class Due:
    """Why an item is due: how the last answer was, how long ago, and how well it is probably still known."""

    share: int  # of the points, in thousandths
    ago: timedelta
    known: int  # percent, by the forgetting curve


def why(due: Due) -> Message:
    """The reason in words."""
    days = max(due.ago.days, 0)
    if due.share <= 0:
        if days < 1:
            return message("Today's answer was not right: once more, with some distance.")
        if days == 1:
            return message("Yesterday's answer was not right.")
        return message("The last answer, %(days)s days ago, was not right.", days=days)
    if due.share < FULL:
        if days <= 1:
            return message("The last answer was right in part.")
        return message("The last answer, %(days)s days ago, was right in part.", days=days)
    if days <= 1:
        return message("Right the last time; a second look soon makes it last.")
    return message(
        "Right %(days)s days ago; by now it is known with about %(percent)s %%.", days=days, percent=due.known
    )
