"""Conversations as values, and how one walks through them.

Where a trainee stands is computed from the choices stored, never stored beside them: `walk` is the whole truth.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeVar

from kamtrain.core.catalog import Grade

T = TypeVar("T")
BASE = ""  # the variant a scenario is written for: `persona.style`
Relation = Literal[">=", "<=", "=", ">", "<"]
HOLDS: Mapping[Relation, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
GRADES: tuple[Grade, ...] = ("poor", "acceptable", "strong")  # from low to high
SCORES: Mapping[Grade, int] = {"strong": 100, "acceptable": 60, "poor": 0}
Mood = Literal["tense", "reserved", "at ease"]
MOODS: tuple[Mood, ...] = ("tense", "reserved", "at ease")  # from little trust to much
LIMIT = 20_000  # positions of one walk; a usual scenario has about a thousand


@dataclass(frozen=True)
class Condition:
    name: str
    relation: Relation
    value: int

    def holds(self, state: Mapping[str, int]) -> bool:
        return HOLDS[self.relation](state[self.name], self.value)


@dataclass(frozen=True)
class Effects:
    """What a choice does, for one variant."""

    changes: Mapping[str, int] = field(default_factory=dict)  # state name -> change
    shown: tuple[str, ...] = ()  # competencies evidenced: `C06 +`
    missed: tuple[str, ...] = ()  # counter-evidence: `C06 -`
    conditions: tuple[Condition, ...] = ()  # offered only while all of them hold


@dataclass(frozen=True)
class Choice:
    """A line one may say. Mappings go from variant to what differs; `BASE` is always there."""

    text: Mapping[str, str]  # HTML
    target: str
    effects: Mapping[str, Effects]
    consequence: Mapping[str, str]  # HTML, "" where nothing is said


@dataclass(frozen=True)
class Ending:
    grade: Grade
    score: int  # percent
    conditions: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)  # by variant, with `BASE`
    otherwise: str | None = None  # the scene where the story goes when a condition does not hold
    when: tuple[Condition, ...] = ()  # ends the story by itself


@dataclass(frozen=True)
class Scene:
    id: str
    text: Mapping[str, str]  # variant -> HTML, with `BASE`
    choices: tuple[Choice, ...] = ()
    ending: Ending | None = None
    debrief: str = ""  # HTML; for an ending, its lesson


@dataclass(frozen=True)
class Meter:
    """A number of the state. It never falls below 0; `maximum` None means no upper bound."""

    start: int
    maximum: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class Persona:
    name: str
    post: str
    role: str
    style: str
    pressure: str


@dataclass(frozen=True)
class Scenario:
    """One scenario in one language. `scenes` keeps the file's order; the first one is where it begins."""

    id: str
    language: str
    title: str
    briefing: str  # HTML
    persona: Mapping[str, Persona]  # by variant, with `BASE`
    turns: int
    meters: Mapping[str, Mapping[str, Meter]]  # variant -> name -> meter, with `BASE`
    names: Mapping[str, str]  # what a trainee reads for states and endings
    scenes: Mapping[str, Scene]
    debrief: str = ""  # HTML: the questions for afterwards
    competencies: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        return next(iter(self.scenes))

    @cached_property
    def sudden(self) -> tuple[tuple[str, tuple[Condition, ...]], ...]:
        """The endings that come by themselves, in the file's order, and what makes them come."""
        return tuple((s.id, s.ending.when) for s in self.scenes.values() if s.ending is not None and s.ending.when)

    @property
    def variants(self) -> tuple[str, ...]:
        """All ways to play it, `BASE` first."""
        return tuple(self.persona)


def for_variant(values: Mapping[str, T], variant: str) -> T:
    """The value written for `variant`, or the plain one."""
    return values[variant] if variant in values else values[BASE]


@dataclass(frozen=True)
class Position:
    """Where one stands. `state` holds the meters and `turns`, the turns left."""

    scene: str
    state: Mapping[str, int]
    ended: bool = False


class Impossible(ValueError):
    """A choice that is not offered at this position."""


def start(scenario: Scenario, variant: str = BASE) -> Position:
    state = {name: meter.start for name, meter in for_variant(scenario.meters, variant).items()}
    return Position(scenario.first, state | {"turns": scenario.turns})


def offered(scenario: Scenario, variant: str, position: Position) -> tuple[int, ...]:
    """The places of the choices open at `position`."""
    if position.ended:
        return ()
    return tuple(
        place
        for place, choice in enumerate(scenario.scenes[position.scene].choices)
        if _may_be_said(choice, variant, position)
    )


def _may_be_said(choice: Choice, variant: str, position: Position) -> bool:
    return all(c.holds(position.state) for c in for_variant(choice.effects, variant).conditions)


def _conditions(ending: Ending, variant: str) -> tuple[Condition, ...]:
    return for_variant(ending.conditions, variant) if ending.conditions else ()


def _resolved(scenario: Scenario, variant: str, target: str, state: Mapping[str, int]) -> str:
    """The scene really entered: an ending whose condition does not hold passes on to its `else`.

    Stops at a circle of `else`, which the checker reports as an error.
    """
    seen = set()
    while target not in seen:
        seen.add(target)
        ending = scenario.scenes[target].ending
        if ending is None or ending.otherwise is None or all(c.holds(state) for c in _conditions(ending, variant)):
            return target
        target = ending.otherwise
    return target


def step(scenario: Scenario, variant: str, position: Position, place: int) -> Position:
    """The position after choice number `place` of the scene.

    Effects, then limits, then `when` endings in the file's order, then the target with its `else`. A choice that leads
    to an ending on the last turn reaches it, so a `when` on the turns gives way to an ending. Raises `Impossible`.
    """
    choices = () if position.ended else scenario.scenes[position.scene].choices
    if not 0 <= place < len(choices) or not _may_be_said(choices[place], variant, position):
        raise Impossible(place)
    choice = choices[place]
    effects = for_variant(choice.effects, variant)
    meters = for_variant(scenario.meters, variant)
    state = dict(position.state)
    for name, change in effects.changes.items():
        state[name] += change
    state["turns"] -= 1
    for name, meter in meters.items():
        high = state[name] if meter.maximum is None else meter.maximum
        state[name] = max(0, min(state[name], high))
    state["turns"] = max(0, state["turns"])
    target = _resolved(scenario, variant, choice.target, state)
    reached = scenario.scenes[target].ending is not None
    for scene, conditions in scenario.sudden:
        if reached and any(c.name == "turns" for c in conditions):
            continue
        if all(c.holds(state) for c in conditions):
            return Position(scene, state, ended=True)
    return Position(target, state, ended=reached)


def walk(scenario: Scenario, variant: str, places: Sequence[int]) -> tuple[Position, ...]:
    """Every position on the way, the start first: one more than there are choices. Raises `Impossible`."""
    positions = [start(scenario, variant)]
    for place in places:
        positions.append(step(scenario, variant, positions[-1], place))
    return tuple(positions)


def grade(scenario: Scenario, position: Position) -> Grade | None:
    """The grade of the ending reached; None before the end."""
    ending = scenario.scenes[position.scene].ending if position.ended else None
    return ending.grade if ending else None


def score(scenario: Scenario, position: Position) -> int | None:
    """Percent; None before the end."""
    ending = scenario.scenes[position.scene].ending if position.ended else None
    return ending.score if ending else None


def mood(scenario: Scenario, variant: str, position: Position) -> Mood | None:
    """How the buyer looks: by thirds of the state `trust`; None where a scenario has none with a maximum."""
    meter = for_variant(scenario.meters, variant).get("trust")
    if meter is None or not meter.maximum:
        return None
    return MOODS[min(2, 3 * position.state["trust"] // meter.maximum)]


def reaches(have: Grade | None, wanted: Grade) -> bool:
    return have is not None and GRADES.index(have) >= GRADES.index(wanted)


def evidence(scenario: Scenario, variant: str, places: Sequence[int]) -> dict[str, tuple[int, int]]:
    """Competency -> (times shown, times missed) on the path."""
    tally: dict[str, tuple[int, int]] = {}
    for position, place in zip(walk(scenario, variant, places), places, strict=False):
        effects = for_variant(scenario.scenes[position.scene].choices[place].effects, variant)
        for code in effects.shown:
            plus, minus = tally.get(code, (0, 0))
            tally[code] = (plus + 1, minus)
        for code in effects.missed:
            plus, minus = tally.get(code, (0, 0))
            tally[code] = (plus, minus + 1)
    return tally


@dataclass(frozen=True)
class Found:
    """A position that can be reached, and where one may go from it: numbers are places in `Reached.found`."""

    position: Position
    depth: int  # choices made on a shortest way
    moves: tuple[tuple[int, int], ...] = ()  # (choice, number of the position it leads to)


@dataclass(frozen=True)
class Reached:
    """What a walk through a whole scenario met, the start first. `whole` False: there is more than was walked."""

    found: tuple[Found, ...]
    whole: bool


def reachable(scenario: Scenario, variant: str = BASE, limit: int = LIMIT) -> Reached:
    """Every reachable position, each once, in the order of the fewest choices.

    Stops at `limit` positions, or eight times as many choices. Nothing follows a position without turns.
    """
    found = [Found(start(scenario, variant), 0)]
    numbers = {key_of(found[0].position): 0}
    tried = 0
    for number, here in enumerate(found):  # which grows while it is read: breadth first
        if here.position.ended or here.position.state["turns"] == 0:
            continue
        tried += len(scenario.scenes[here.position.scene].choices)
        if len(found) > limit or tried > 8 * limit:
            return Reached(tuple(found), whole=False)
        moves = []
        for place in offered(scenario, variant, here.position):
            after = step(scenario, variant, here.position, place)
            known = numbers.setdefault(key_of(after), len(found))
            if known == len(found):
                found.append(Found(after, here.depth + 1))
            moves.append((place, known))
        found[number] = replace(here, moves=tuple(moves))
    return Reached(tuple(found), whole=True)


Key = tuple[str, bool, tuple[int, ...]]


def key_of(position: Position) -> Key:
    """What tells positions of one scenario apart: every state of it holds the same names in the same order."""
    return position.scene, position.ended, tuple(position.state.values())
