"""The page values of learn: the whole context of their templates."""

from __future__ import annotations

from dataclasses import dataclass

from kamtrain.core.message import Message
from kamtrain.web.steps import ModuleView, StepView, TermView


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


@dataclass(frozen=True)
class CoursePage:
    id: str
    title: str
    lang: str  # of the content, "" where it is the page's
    summary: str
    percent: int
    begun: bool
    complete: bool
    succeeded: bool | None
    score: int | None
    minutes: int
    next: StepView | None
    modules: tuple[ModuleView, ...]
    missing: tuple[Message, ...]
    recommended: tuple[str, ...]  # courses to take before, that are not in the library
    before: tuple[tuple[str, str], ...]  # (title, url) of courses to take before


@dataclass(frozen=True)
class Glossary:
    query: str
    terms: tuple[TermView, ...]
    total: int
