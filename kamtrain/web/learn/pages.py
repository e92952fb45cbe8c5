"""The page values of learn: the whole context of their templates."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Catalogue:
    courses: tuple[CourseCard, ...]
