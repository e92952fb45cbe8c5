"""Courses and lessons as values: what trainers write, parsed. Never rows, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Texts = Mapping[str, str]  # language tag -> text
StepKind = Literal["lesson", "quiz", "scenario", "drill", "negotiation", "survey", "tool"]
Basis = Literal["source", "practice", "reading"]
Grade = Literal["strong", "acceptable", "poor"]

# Activities that this version can be asked to do; steps of the other kinds are announced and left out.
PLAYABLE: frozenset[str] = frozenset({"lesson", "quiz", "scenario", "drill", "negotiation", "tool"})
PLAYED: frozenset[str] = frozenset({"scenario", "negotiation"})  # against a buyer, to an end that has a grade


@dataclass(frozen=True)
class Step:
    """A required or optional piece of a module. The rules that do not belong to its kind keep their defaults."""

    kind: StepKind
    id: str
    optional: bool = False
    reach: Grade = "acceptable"  # scenario, negotiation: succeeded with this ending or a better one
    replay: str | None = None  # scenario, negotiation: then once more against this variant
    passing: int | None = None  # quiz, drill: percent, where the course asks another mark than the activity
    cues: int | None = None  # drill: percent with the right cue
    level: int | None = None  # tool: rubric level 1..4
    opens: datetime | None = None  # quiz: as a wall clock shows it, in the zone of who takes it
    closes: datetime | None = None


@dataclass(frozen=True)
class Module:
    id: str
    title: Texts
    steps: tuple[Step, ...]
    after: tuple[str, ...] = ()  # modules that come before this one


@dataclass(frozen=True)
class CompleteRule:
    """What "went through" takes."""

    lessons: bool = True
    activities: bool = True
    posttest: bool = False
    pretest: bool = False


@dataclass(frozen=True)
class SucceedRule:
    """What "reached the mark" takes."""

    activities: bool = True
    posttest: int | None = None  # percent


@dataclass(frozen=True)
class Course:
    id: str
    title: Texts
    languages: tuple[str, ...]  # the first is the one the others follow
    modules: tuple[Module, ...]
    summary: Texts = field(default_factory=dict)
    competencies: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()  # courses; one that is not in the library is a recommendation
    authors: tuple[str, ...] = ()  # addresses of trainers; empty: it belongs to all trainers
    pretest: str | None = None
    posttest: str | None = None
    complete: CompleteRule = CompleteRule()
    succeed: SucceedRule = SucceedRule()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order, those included that this version cannot play."""
        return tuple(step for module in self.modules for step in module.steps)

    @property
    def playable(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.kind in PLAYABLE)

    @property
    def lesson_ids(self) -> tuple[str, ...]:
        return tuple(step.id for step in self.steps if step.kind == "lesson")


@dataclass(frozen=True)
class Html:
    """A piece of a lesson: clean HTML. `language` differs from the page's where the text is missing in it."""

    html: str
    language: str


@dataclass(frozen=True)
class Card:
    """A link that stood alone in its paragraph: shown as a card with the trainee's state."""

    kind: str  # quiz, drill, scenario, negotiation, survey, tool, lesson
    id: str
    text: str
    language: str


Block = Html | Card


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str  # from the followed language, so that it is the same in every language
    text: str


@dataclass(frozen=True)
class LessonText:
    """One lesson in one language, rendered."""

    language: str
    title: str
    objectives: tuple[str, ...]
    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]
    terms: tuple[str, ...]  # slugs of the glossary explained in place
    words: int  # words, or Chinese characters
    minutes: int  # to read


@dataclass(frozen=True)
class Lesson:
    id: str
    course: str  # the folder's course
    texts: Mapping[str, LessonText]
    competencies: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    basis: Basis = "practice"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    slug: str
    name: Texts
    html: Texts


LEVELS = 4  # of each competency: aware, guided, independent, coaches others


@dataclass(frozen=True)
class Competency:
    code: str  # C01 …
    name: Texts
    levels: tuple[Texts, ...]  # how one can tell that somebody is there, from level 1 to level 4


@dataclass(frozen=True)
class Cover:
    """What covers a row of the sources."""

    kind: str  # lesson, quiz, scenario, drill, negotiation, tool, course
    id: str


@dataclass(frozen=True)
class SourceRow:
    id: str
    text: Texts
    by: tuple[Cover, ...]
    left_out: bool = False  # it is no training content


@dataclass(frozen=True)
class SourcePart:
    id: str
    title: Texts
    rows: tuple[SourceRow, ...]
