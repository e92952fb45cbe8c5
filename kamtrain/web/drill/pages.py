"""The page values of drills. What is shown before an answer holds neither the right one nor what is said of any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kamtrain.core import drill as rules
from kamtrain.core.drill import Answer, Criterion, Said
from kamtrain.services.drills import Scene
from kamtrain.web.matrices import LevelView, MatrixView

Mark = Literal["whole", "part", "wrong"]


@dataclass(frozen=True)
class StandingView:
    """The way to the criterion: the last answers as marks, oldest first, and the numbers behind them."""

    marks: tuple[Mark, ...]
    window: int
    answered: int
    right: int
    whole: int
    needed: int  # with the right cue
    needed_right: int
    reached: bool


@dataclass(frozen=True)
class DrillPage:
    id: str
    title: str
    lang: str
    course: str  # sent with the form
    course_title: str
    course_url: str
    intro: str  # HTML
    answers: tuple[Answer, ...]
    questions: int
    minutes: int
    standing: StandingView
    done_at: datetime | None  # when the criterion was first reached
    begun: bool
    matrix: MatrixView
    sure: tuple[LevelView, ...]  # the surest first
    asks_sure: bool
    deal_url: str
    cohort_url: str  # "" for whoever may not see it


@dataclass(frozen=True)
class Compared:
    """One of the two answers side by side."""

    name: str
    profile: str  # HTML
    said: str  # HTML: of this scene; "" where it is the profile
    chosen: bool
    right: bool


@dataclass(frozen=True)
class ScenePage:
    title: str
    lang: str
    back_url: str
    number: int
    name: str
    text: str  # HTML
    say_url: str
    answers: tuple[tuple[str, str], ...]  # (id, name) while asking
    chosen: str  # name; "" while asking
    cue_question: str  # HTML
    cues: tuple[tuple[int, str], ...]  # (shown position, HTML) while asking for the cue
    asks_sure: bool
    sure: int | None  # what was said, 1..3
    verdict: Mark | None  # after the cue
    compared: tuple[Compared, ...]  # the chosen one first
    cue_compared: tuple[tuple[str, str, bool], ...]  # (HTML, HTML said of it, whether it decides)
    debrief: str
    seconds: int | None
    standing: StandingView
    deal_url: str
    course: str
    round_done: bool
    round_size: int
    reached: bool  # the criterion, with this attempt
    next_title: str
    next_url: str


def mark_of(right: bool, cue: bool) -> Mark:
    return "whole" if right and cue else "part" if right else "wrong"


def standing_view(run: Sequence[Said], criterion: Criterion) -> StandingView:
    stands = rules.standing(run, criterion)
    last = run[-criterion.window :]
    return StandingView(
        marks=tuple(mark_of(said.right, said.cue_right) for said in last),
        window=criterion.window,
        answered=stands.answered,
        right=stands.right,
        whole=stands.whole,
        needed=stands.needed,
        needed_right=stands.needed_right,
        reached=stands.reached,
    )


def compared(here: Scene) -> tuple[Compared, ...]:
    """What was chosen and what is right, once where they are the same."""
    options = here.question.parts[0].item.options
    found = []
    for place, answer in enumerate(here.drill.answers):
        chosen, right = answer.id == here.asked.chosen, answer.id == here.asked.truth
        if chosen or right:
            said = options[place].feedback
            found.append(Compared(answer.name, answer.profile, "" if said == answer.profile else said, chosen, right))
    return tuple(sorted(found, key=lambda one: not one.chosen))
