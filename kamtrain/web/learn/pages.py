"""The page values of learn: the whole context of their templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kamtrain.core.message import Message
from kamtrain.web.steps import StepView


@dataclass(frozen=True)
class CourseCard:
    id: str
    title: str
    url: str
    summary: str
    state: str
    percent: int | None  # None: not begun
    lessons: int
    minutes: int
    next: StepView | None  # what to go on with


@dataclass(frozen=True)
class Start:
    name: str
    resume: CourseCard | None  # the course worked at last that is not complete
    others: tuple[CourseCard, ...]  # begun
    fresh: tuple[CourseCard, ...]  # not begun
    trains: bool
    manages: bool
    due: bool  # whether a practised item has come back


@dataclass(frozen=True)
class Catalogue:
    courses: tuple[CourseCard, ...]


@dataclass(frozen=True)
class DueView:
    """One item that comes back today."""

    title: str
    lang: str
    activity: str  # its title
    why: Message
    use: Message | None  # what mastering it unlocks


@dataclass(frozen=True)
class RefresherPage:
    due: tuple[DueView, ...]
    minutes: int
    begin_url: str
    open_url: str  # the one under way; "" where there is none
    next_at: datetime | None  # when something is due, where nothing is today
