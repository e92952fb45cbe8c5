"""The page values of scenarios: the conversation as it stands, and the debrief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from kamtrain.content.library import Library
from kamtrain.core import hindsight
from kamtrain.core import scenario as scenarios
from kamtrain.core.catalog import Grade
from kamtrain.core.hindsight import Cost, Prospects
from kamtrain.core.message import N_, Message, message
from kamtrain.core.scenario import Mood, Persona, Scenario, for_variant
from kamtrain.services.attempts import Conversation
from kamtrain.store.attempts import AttemptValue
from kamtrain.web.practice.graphs import GraphView
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
    mood: Mood | None  # None: nothing to tell it by
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
    retry: Retry | None


@dataclass(frozen=True)
class Retry:
    """That this attempt is a retry: from which turn, counted from 1, of which attempt."""

    turn: int
    origin_url: str


@dataclass(frozen=True)
class CostView:
    """What a choice cost, in words. `kind`: "none", "some" or "closed"."""

    kind: str
    words: Message
    changes: tuple[tuple[str, int], ...]  # (name, own less best)


@dataclass(frozen=True)
class Said:
    """One turn of one's own path, and what it cost."""

    turn: Turn
    cost: CostView | None  # None: nothing certain can be said
    retry_turn: int | None  # sent with "try from here"; None where one cannot


@dataclass(frozen=True)
class Buyer:
    """One way to play the case, with what has been played of it."""

    variant: str
    style: str
    pressure: str
    current: bool
    played: int  # attempts finished, without retries
    best: AttemptValue | None  # of them


@dataclass(frozen=True)
class Evidence:
    """What the choices say of one competency."""

    name: str
    url: str
    kind: str  # "shown", "missed", "mixed" or "silent"
    words: tuple[Message, ...]


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
    graph: GraphView
    mine: tuple[Said, ...]
    best: tuple[Turn, ...]
    best_ending: str
    parted: int | None  # number of the turn where the paths part; None: they do not
    evidence: tuple[Evidence, ...]
    questions: str  # HTML
    again_url: str
    retry_url: str  # "" where the scenario is no longer published
    retry: Retry | None
    buyers: tuple[Buyer, ...]
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
        mood=scenarios.mood(scenario, variant, talk.here),
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
        retry=retry_of(talk.attempt),
    )


def retry_of(attempt: AttemptValue) -> Retry | None:
    if attempt.retry_of is None or attempt.retry_turn is None:
        return None
    return Retry(attempt.retry_turn + 1, url_for("practice.result", attempt=attempt.retry_of))


def said(talk: Conversation, known: Prospects) -> tuple[Said, ...]:
    """One's own path turn by turn. From the first turn one plays it again: that is no retry."""
    scenario, variant = talk.scenario, talk.attempt.variant
    costs = hindsight.costs(scenario, variant, talk.choices, known)
    return tuple(
        Said(turn, cost_view(scenario, cost) if cost else None, turn.number - 1 or None)
        for turn, cost in zip(turns(scenario, variant, talk.choices), costs, strict=True)
    )


CLOSED: Mapping[tuple[Grade | None, Grade | None], Message] = {
    ("strong", "acceptable"): message("Closed the way to a strong ending; an acceptable one was still within reach."),
    ("strong", "poor"): message("Closed the way to a strong ending; only a poor one was left."),
    ("acceptable", "poor"): message("Closed the way to an acceptable ending; only a poor one was left."),
}


def cost_view(scenario: Scenario, cost: Cost) -> CostView:
    changes = tuple((scenario.names.get(name, name), change) for name, change in cost.changes)
    if cost.nothing:
        return CostView("none", message("Nothing lost: no line here was better."), ())
    if (cost.closed, cost.left) in CLOSED:
        return CostView("closed", CLOSED[cost.closed, cost.left], changes)
    if cost.points:
        words = message(
            "The best score within reach fell from %(before)s to %(after)s percent.",
            before=cost.before,
            after=cost.after,
        )
        return CostView("some", words, changes)
    return CostView("some", message("The best ending stayed within reach; another line here shows more."), changes)


def buyers(scenario: Scenario, variant: str, known: Sequence[AttemptValue]) -> tuple[Buyer, ...]:
    """`known`: the person's attempts at the scenario where this one was."""
    found = []
    for one in scenario.variants:
        persona = for_variant(scenario.persona, one)
        finished = [a for a in known if a.variant == one and a.finished_at and a.retry_of is None]
        best = max(finished, key=lambda a: (a.score or 0, a.number), default=None)
        found.append(Buyer(one, persona.style, persona.pressure, one == variant, len(finished), best))
    return tuple(found)


SHOWN, MISSED = N_("shown at turn %(turns)s"), N_("missed at turn %(turns)s")
SILENT = message("nothing you said speaks for or against it")


def evidence(library: Library, talk: Conversation, language: str) -> tuple[Evidence, ...]:
    """What the choices say of each competency the scenario speaks of, those they say nothing of last."""
    scenario, variant = talk.scenario, talk.attempt.variant
    shown: dict[str, list[int]] = {code: [] for code in scenario.competencies}
    missed: dict[str, list[int]] = {code: [] for code in scenario.competencies}
    for turn, (here, place) in enumerate(zip(talk.positions, talk.choices, strict=False), 1):
        effects = for_variant(scenario.scenes[here.scene].choices[place].effects, variant)
        for codes, turns_of in ((effects.shown, shown), (effects.missed, missed)):
            for code in codes:
                turns_of[code].append(turn)
    order = sorted(shown, key=lambda code: (not (shown[code] or missed[code]), code))
    found = []
    for code in order:
        words = [
            message(told, turns=tuple(str(turn) for turn in dict.fromkeys(turns_of[code])))
            for told, turns_of in ((SHOWN, shown), (MISSED, missed))
            if turns_of[code]
        ]
        kind = "mixed" if len(words) > 1 else "shown" if shown[code] else "missed" if missed[code] else "silent"
        url = url_for("learn.competencies", _anchor=code.lower()) if code in library.competencies else ""
        found.append(Evidence(library.competency(code, language), url, kind, tuple(words) or (SILENT,)))
    return tuple(found)


def parted(mine: Sequence[int], best: Sequence[int]) -> int | None:
    """The number of the turn, from 1, at which the paths part."""
    for number, (one, other) in enumerate(zip(mine, best, strict=False), 1):
        if one != other:
            return number
    return None if len(mine) == len(best) else min(len(mine), len(best)) + 1
