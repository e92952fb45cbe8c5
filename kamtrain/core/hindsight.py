"""A conversation looked at from its end: what could still be reached at each turn, what each choice cost, and the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kamtrain.core.catalog import Grade
from kamtrain.core.scenario import (
    BASE,
    GRADES,
    LIMIT,
    Found,
    Key,
    Position,
    Scenario,
    for_variant,
    key_of,
    reachable,
    score,
    start,
    step,
    walk,
)

Worth = tuple[int, int, int]  # score in percent, competencies shown less missed on the way, choices it takes (negative)
LOST: Worth = (-1, 0, 0)  # no ending lies ahead


@dataclass(frozen=True)
class Outlook:
    """What can still be made of one position."""

    worth: Worth
    choices: Mapping[int, Worth]  # of each choice offered; none at an end

    @property
    def best(self) -> int | None:
        """The choice that makes most of it, the first of several; None where no ending lies ahead, or this is one."""
        if self.worth == LOST or not self.choices:
            return None
        return max(self.choices, key=lambda place: (self.choices[place], -place))


@dataclass(frozen=True)
class Prospects:
    """The outlook of every position one can reach against one buyer. `whole` False: there are more than were walked."""

    outlooks: Mapping[Key, Outlook]
    whole: bool

    def at(self, position: Position) -> Outlook | None:
        """None where nothing certain can be said."""
        return self.outlooks.get(key_of(position)) if self.whole else None


def prospects(scenario: Scenario, variant: str = BASE, limit: int = LIMIT) -> Prospects:
    """A walk through the whole scenario and back: about 50 ms for a usual one, so keep the answer."""
    reached = reachable(scenario, variant, limit)
    values, summed = worths(scenario, variant, reached.found)
    outlooks = {}
    for one, worth in zip(reached.found, values, strict=True):
        choices = {place: _behind(scenario, variant, one, place, values[after], summed) for place, after in one.moves}
        outlooks[key_of(one.position)] = Outlook(worth, choices)
    return Prospects(outlooks, reached.whole)


def worths(scenario: Scenario, variant: str, found: Sequence[Found]) -> tuple[list[Worth], bool]:
    """The worth of each position, and whether evidence is summed up in it.

    Where turns can be won back a story may go round in circles, and gather evidence without end: then only the score
    counts, and how soon it comes.
    """
    turns = [one.position.state["turns"] for one in found]
    ends = {n: (score(scenario, one.position) or 0, 0, 0) for n, one in enumerate(found) if one.position.ended}
    values = [ends.get(number, LOST) for number in range(len(found))]
    if all(turns[after] < turns[number] for number, one in enumerate(found) for _, after in one.moves):
        # All positions behind one have fewer turns, and have been valued before it.
        for number in sorted(range(len(found)), key=turns.__getitem__):
            one = found[number]
            if one.moves:
                ahead = (_behind(scenario, variant, one, place, values[after], True) for place, after in one.moves)
                values[number] = max(ahead)
        return values, True
    before: list[list[int]] = [[] for _ in found]
    for number, one in enumerate(found):
        for _, after in one.moves:
            before[after].append(number)
    for percent in sorted({worth[0] for worth in ends.values()}, reverse=True):
        layer, choices = [number for number, worth in ends.items() if worth[0] == percent], 0
        while layer:
            choices -= 1
            layer = list(dict.fromkeys(b for number in layer for b in before[number] if values[b] == LOST))
            for number in layer:
                values[number] = (percent, 0, choices)
    return values, False


def _behind(scenario: Scenario, variant: str, one: Found, place: int, after: Worth, summed: bool) -> Worth:
    """What a choice is worth that leads to what is worth `after`."""
    if after == LOST:
        return LOST
    effects = for_variant(scenario.scenes[one.position.scene].choices[place].effects, variant)
    return after[0], after[1] + (len(effects.shown) - len(effects.missed) if summed else 0), after[2] - 1


def best_path(scenario: Scenario, variant: str = BASE, known: Prospects | None = None) -> tuple[int, ...]:
    """The path the debrief lays beside one's own: highest score, then most evidence, then fewest choices.

    () where no ending is met.
    """
    known = known or prospects(scenario, variant)
    here, places = start(scenario, variant), list[int]()
    while (place := known.outlooks[key_of(here)].best) is not None:
        places.append(place)
        here = step(scenario, variant, here, place)
    return tuple(places)


# --- what each choice cost ---


@dataclass(frozen=True)
class Cost:
    """What one choice gave away, against the best one open at that moment. Nothing here is ever negative but `changes`."""

    before: int  # percent: the best score still within reach
    after: int  # the same, once it was said
    closed: Grade | None  # the grade of the best ending that was within reach, where it is so no longer
    left: Grade | None  # the grade of the best ending within reach afterwards; None: none
    evidence: int  # competencies less shown (or more missed), where the score within reach stayed
    changes: tuple[tuple[str, int], ...] = ()  # state by state, own less best; without turns; () where this is the best

    @property
    def points(self) -> int:
        """Percent of the score within reach."""
        return self.before - self.after

    @property
    def nothing(self) -> bool:
        return not self.points and not self.evidence


def costs(scenario: Scenario, variant: str, places: Sequence[int], known: Prospects) -> tuple[Cost | None, ...]:
    """What each choice on a path cost; None where nothing certain can be said."""
    positions = walk(scenario, variant, places)
    return tuple(
        _cost(scenario, variant, before, after, place, known)
        for place, before, after in zip(places, positions, positions[1:], strict=False)
    )


def _cost(
    scenario: Scenario, variant: str, before: Position, after: Position, place: int, known: Prospects
) -> Cost | None:
    outlook, then = known.at(before), known.at(after)
    if outlook is None or then is None or place not in outlook.choices:
        return None
    mine = outlook.choices[place]
    had, has = max(0, outlook.worth[0]), max(0, mine[0])
    evidence = outlook.worth[1] - mine[1] if outlook.worth[0] == mine[0] else 0
    grade_before, grade_after = _grade(scenario, outlook.worth), _grade(scenario, then.worth)
    best = outlook.best
    changes: tuple[tuple[str, int], ...] = ()
    if best is not None and (had > has or evidence):
        there = step(scenario, variant, before, best).state
        differences = ((name, after.state[name] - there[name]) for name in for_variant(scenario.meters, variant))
        changes = tuple((name, change) for name, change in differences if change)
    return Cost(had, has, grade_before if grade_before != grade_after else None, grade_after, evidence, changes)


def _grade(scenario: Scenario, worth: Worth) -> Grade | None:
    """The best grade an ending with that score has."""
    if worth == LOST:
        return None
    endings = (scene.ending for scene in scenario.scenes.values())
    grades = (one.grade for one in endings if one is not None and one.score == worth[0])
    return max(grades, key=GRADES.index, default=None)


# --- the graph ---


@dataclass(frozen=True)
class Node:
    """One scene. `mine`, `best`: at which turns, from 1, the path stood there; an ending comes after the last one."""

    scene: str
    layer: int  # from the top
    place: int  # from the left, in its layer
    ending: bool
    mine: tuple[int, ...]
    best: tuple[int, ...]


@dataclass(frozen=True)
class Edge:
    start: str
    end: str
    mine: bool
    best: bool


@dataclass(frozen=True)
class Graph:
    """Every scene once, endings in the last layer; the ways between them that choices name, or a path took."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def layers(self) -> int:
        return 1 + max(node.layer for node in self.nodes)

    @property
    def widest(self) -> int:
        """Nodes in the layer that has most."""
        return 1 + max(node.place for node in self.nodes)


def graph(scenario: Scenario, variant: str, mine: Sequence[int], best: Sequence[int]) -> Graph:
    """The scenario as layers of scenes, by the fewest choices from the start, with both paths in it."""
    ways = {name: _scenes(scenario, variant, places) for name, places in (("mine", mine), ("best", best))}
    steps = {name: set(pairwise(scenes)) for name, scenes in ways.items()}
    named = [
        (scene.id, target)
        for scene in scenario.scenes.values()
        for choice in scene.choices
        for target in _targets(scenario, choice.target)
    ]
    pairs = list(dict.fromkeys([*named, *sorted(steps["mine"]), *sorted(steps["best"])]))
    rows = _rows(scenario, pairs)
    nodes = tuple(
        Node(
            scene,
            layer,
            place,
            scenario.scenes[scene].ending is not None,
            tuple(turn for turn, one in enumerate(ways["mine"], 1) if one == scene),
            tuple(turn for turn, one in enumerate(ways["best"], 1) if one == scene),
        )
        for layer, row in enumerate(rows)
        for place, scene in enumerate(row)
    )
    edges = tuple(Edge(*pair, pair in steps["mine"], pair in steps["best"]) for pair in pairs)
    return Graph(nodes, edges)


def _targets(scenario: Scenario, target: str) -> list[str]:
    """Where a choice may lead: its target, and where the story goes from an ending whose condition does not hold."""
    found: list[str] = []
    following: str | None = target
    while following is not None and following not in found:
        found.append(following)
        ending = scenario.scenes[following].ending
        following = ending.otherwise if ending is not None else None
    return found


def _scenes(scenario: Scenario, variant: str, places: Sequence[int]) -> list[str]:
    return [position.scene for position in walk(scenario, variant, places)]


def _rows(scenario: Scenario, pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The scenes of each layer from left to right: near to where one comes from, so that few ways cross."""
    depth = {scenario.first: 0}
    for here in (order := [scenario.first]):  # which grows while it is read: breadth first
        for begin, end in pairs:
            if begin == here and end not in depth:
                depth[end] = depth[here] + 1
                order.append(end)
    told = [id for id, scene in scenario.scenes.items() if scene.ending is None]
    last = max((depth[id] for id in told if id in depth), default=0)
    rows = [[id for id in told if depth.get(id, last) == layer] for layer in range(last + 1)]
    ends = [id for id, scene in scenario.scenes.items() if scene.ending is not None]
    rows = [row for row in [*rows, ends] if row]
    at: dict[str, float] = {}
    for row in rows:
        from_ = {id: [at[b] for b, e in pairs if e == id and b in at] for id in row}
        row.sort(key=lambda id: sum(from_[id]) / len(from_[id]) if from_[id] else len(row) / 2)
        at |= {id: place - (len(row) - 1) / 2 for place, id in enumerate(row)}
    return rows
