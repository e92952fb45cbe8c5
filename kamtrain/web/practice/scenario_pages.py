"""The page values of scenarios: the conversation as it stands, and the debrief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from kamtrain.core import scenario as scenarios
from kamtrain.core.catalog import Grade
from kamtrain.core.scenario import Persona, for_variant
from kamtrain.services.attempts import Conversation
from kamtrain.web.talks import Gauge, Turn, gauges, turns


@dataclass(frozen=True)
class Option:
    place: int
    html: str


@dataclass(frozen=True)
class ScenePage:
    title: str
    lang: str
    back_url: str
    persona: Persona
    briefing: str
    turns: tuple[Turn, ...]  # so far
    scene: str  # HTML
    consequence: str  # HTML, of the last choice
    said: str  # HTML, the last choice
    gauges: tuple[Gauge, ...]
    options: tuple[Option, ...]
    turn: int  # 0-based, to be sent back
    scene_id: str
    choose_url: str


@dataclass(frozen=True)
class DebriefPage:
    title: str
    lang: str
    back_url: str
    course_url: str
    persona: Persona
    grade: Grade
    score: int
    ending: str  # its name
    text: str  # HTML
    lesson: str  # HTML
    gauges: tuple[Gauge, ...]
    mine: tuple[Turn, ...]
    best: tuple[Turn, ...]
    best_ending: str
    parted: int | None  # number of the turn where the paths part; None: they do not
    shown: tuple[tuple[str, int, int], ...]  # (name of the competency, times shown, times missed)
    questions: str  # HTML
    again_url: str
    variants: tuple[tuple[str, str, bool], ...]  # (variant, style, whether it is this one)
    variant: str
    next_title: str
    next_url: str


def scene_page(talk: Conversation, back_url: str) -> ScenePage:
    scenario, variant = talk.scenario, talk.attempt.variant
    scene = scenario.scenes[talk.here.scene]
    played = turns(scenario, variant, talk.choices)
    before = talk.positions[-2] if len(talk.positions) > 1 else None
    return ScenePage(
        title=scenario.title,
        lang=scenario.language,
        back_url=back_url,
        persona=for_variant(scenario.persona, variant),
        briefing=scenario.briefing,
        turns=played[:-1],
        scene=for_variant(scene.text, variant),
        consequence=played[-1].consequence if played else "",
        said=played[-1].said if played else "",
        gauges=gauges(scenario, variant, talk.here, before),
        options=tuple(
            Option(place, for_variant(scene.choices[place].text, variant))
            for place in scenarios.offered(scenario, variant, talk.here)
        ),
        turn=len(talk.choices),
        scene_id=talk.here.scene,
        choose_url=url_for("practice.choose", attempt=talk.attempt.id),
    )


def parted(mine: Sequence[int], best: Sequence[int]) -> int | None:
    """The number of the turn, from 1, at which the paths part."""
    for number, (one, other) in enumerate(zip(mine, best, strict=False), 1):
        if one != other:
            return number
    return None if len(mine) == len(best) else min(len(mine), len(best)) + 1
