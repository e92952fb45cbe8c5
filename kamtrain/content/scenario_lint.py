"""What walking a scenario shows that reading it does not: dead ends, endings nobody meets, nothing to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kamtrain.core.hindsight import worths
from kamtrain.core.message import Message, message
from kamtrain.core.scenario import (
    BASE,
    Condition,
    Effects,
    Ending,
    Found,
    Position,
    Scenario,
    for_variant,
    offered,
    reachable,
    score,
    start,
    step,
)

LIMIT = 12_000  # positions, over all buyers; a usual scenario has a thousand for each
MOST_SCENES = 200
MOST_CHOICES = 1_000
FEWEST = 3  # scenes to decide in, before a pattern in the best choices means anything
MORE_TURNS = 12  # how far a best path may overshoot its turns and still be found


@dataclass(frozen=True)
class Finding:
    """One fault. `scene` None: of the scenario as a whole; `choice` is the place of a choice in the scene."""

    code: str
    scene: str | None
    message: Message
    mend: Message
    fatal: bool = False
    choice: int | None = None


@dataclass(frozen=True)
class Walk:
    """Everything one can meet against one buyer."""

    scenario: Scenario
    variant: str
    found: tuple[Found, ...]
    whole: bool  # False: there is more than was walked, so that nothing may be said to be missing

    @property
    def name(self) -> str:
        return self.variant or self.scenario.persona[BASE].style or self.scenario.title

    @property
    def scenes(self) -> frozenset[str]:
        return frozenset(one.position.scene for one in self.found)

    @property
    def best(self) -> int:
        """Percent; -1 where no ending is met."""
        return max((score(self.scenario, one.position) or 0 for one in self.found if one.position.ended), default=-1)

    def decisions(self) -> Iterator[Found]:
        """The positions at which there is something to choose."""
        return (one for one in self.found if len(one.moves) > 1)


def findings(scenario: Scenario, limit: int = LIMIT) -> tuple[Finding, ...]:
    """Every fault. Pure; never raises; walks about `limit` positions, 0.1 ms each, and says so when there are more.

    What is broken in itself (a target that does not exist) is reported alone: a walk would only repeat it.
    """
    broken = tuple(_broken(scenario))
    if broken:
        return broken
    choices = sum(len(scene.choices) for scene in scenario.scenes.values())
    if len(scenario.scenes) > MOST_SCENES or choices > MOST_CHOICES:
        text = message(
            "The scenario is too large to be walked: more than %(scenes)s scenes or %(choices)s choices.",
            scenes=MOST_SCENES,
            choices=MOST_CHOICES,
        )
        return (Finding("too-large", None, text, message("Make several scenarios of it.")),)
    share = max(1, limit // len(scenario.variants))
    walks = tuple(_walk(scenario, variant, share) for variant in scenario.variants)
    found = [*_stops(walks)]
    if all(walk.whole for walk in walks):
        found += [*_unmet(scenario, walks), *_never_offered(scenario, walks), *_unevidenced(scenario, walks)]
        found += _out_of_reach(walks, share)
        # With turns to be won back, a story may go round in circles, and nothing is best by a plain sum.
        if not any(effects.changes.get("turns", 0) > 0 for effects in _every_effect(scenario)):
            found += [*_one_sided(walks), *_same_for_all(walks, share)]
    else:
        text = message("The scenario has more than %(limit)s positions; only these were checked.", limit=limit)
        mend = message("Give each state a maximum (`trust: 3 of 10`), or take fewer turns or states.")
        found.append(Finding("too-large", None, text, mend))
    return tuple(found)


def _walk(scenario: Scenario, variant: str, limit: int) -> Walk:
    reached = reachable(scenario, variant, limit)
    return Walk(scenario, variant, reached.found, reached.whole)


def _every_effect(scenario: Scenario) -> Iterator[Effects]:
    for scene in scenario.scenes.values():
        for choice in scene.choices:
            yield from choice.effects.values()


def _all_conditions(ending: Ending) -> Iterable[Condition]:
    yield from ending.when
    for conditions in ending.conditions.values():
        yield from conditions


def _broken(scenario: Scenario) -> Iterator[Finding]:
    """What keeps the scenario from being walked at all."""
    if not scenario.scenes:
        text = message("The scenario has no scene.")
        yield Finding("no-scene", None, text, message("Write a heading for the first scene: `## opening`."), True)
    known = {"turns", *set.intersection(*(set(meters) for meters in scenario.meters.values()))}
    for scene in scenario.scenes.values():
        used = list(_all_conditions(scene.ending)) if scene.ending else []
        names = [condition.name for condition in used]
        for place, choice in enumerate(scene.choices):
            if choice.target not in scenario.scenes:
                text = message("This choice leads to “%(target)s”, and there is no such scene.", target=choice.target)
                mend = message("Write a scene `## %(target)s`, or name one that exists.", target=choice.target)
                yield Finding("dead-target", scene.id, text, mend, True, place)
            for effects in choice.effects.values():
                names += [*effects.changes, *(condition.name for condition in effects.conditions)]
        for name in dict.fromkeys(names):
            if name not in known:
                text = message("“%(name)s” is no state of this scenario.", name=name)
                mend = message("Add it to `state:` in the front matter, or name a state that exists.")
                yield Finding("unknown-state", scene.id, text, mend, True)
        if scene.ending is None and not scene.choices:
            text = message(
                "The scene “%(scene)s” has no choice and is no ending: the story stops here.", scene=scene.id
            )
            mend = message("Write a choice, `- [What one says](#scene)`, or make it an ending: `ending: poor`.")
            yield Finding("no-choice", scene.id, text, mend, True)
        if scene.ending is not None and scene.ending.otherwise is not None:
            yield from _broken_else(scenario, scene.id, scene.ending.otherwise)


def _broken_else(scenario: Scenario, scene: str, otherwise: str) -> Iterator[Finding]:
    if otherwise not in scenario.scenes:
        text = message("`else %(target)s` leads nowhere: there is no such scene.", target=otherwise)
        mend = message("Write a scene `## %(target)s`, or name one that exists.", target=otherwise)
        yield Finding("dead-else", scene, text, mend, True)
    way = [scene]
    target: str | None = otherwise
    while target is not None and target in scenario.scenes and target not in way:
        way.append(target)
        ending = scenario.scenes[target].ending
        target = ending.otherwise if ending else None
    if target == scene:
        circle = " → ".join([*way, scene])
        text = message("The `else` of these endings go in a circle: %(circle)s.", circle=circle)
        mend = message("Let one of them be an ending without `if`, or let its `else` name a scene with choices.")
        yield Finding("else-circle", scene, text, mend, True)


def _state(scenario: Scenario, position: Position) -> tuple[str, ...]:
    """A state in the trainee's words: "Trust 3", "Margin 28"."""
    return tuple(f"{scenario.names.get(name, name)} {value}" for name, value in position.state.items())


def _stops(walks: Sequence[Walk]) -> Iterator[Finding]:
    """Positions from which the story cannot go on: out of turns once for each buyer, without choices in each scene."""
    for walk in walks:
        open_ = [one.position for one in walk.found if not one.position.ended]
        late = [here.scene for here in open_ if here.state["turns"] == 0]
        for scene in late[:1]:
            text = message(
                "Against %(buyer)s the turns can run out in “%(scene)s”, and no ending says what happens then.",
                buyer=walk.name,
                scene=scene,
            )
            mend = message("Add an ending that comes by itself: `ending: poor, when turns = 0`.")
            yield Finding("out-of-turns", None, text, mend, True)
        told: set[str] = set()
        for here in open_:
            if here.state["turns"] == 0 or here.scene in told or offered(walk.scenario, walk.variant, here):
                continue
            told.add(here.scene)
            text = message(
                "Against %(buyer)s no choice is offered in “%(scene)s” with %(state)s: the story stops.",
                buyer=walk.name,
                scene=here.scene,
                state=_state(walk.scenario, here),
            )
            yield Finding("stuck", here.scene, text, message("Give the scene one choice without `if`."), True)


def _unmet(scenario: Scenario, walks: Sequence[Walk]) -> Iterator[Finding]:
    """Scenes that nobody reaches, and endings no path meets, against any buyer."""
    reached = frozenset[str]().union(*(walk.scenes for walk in walks))
    for scene in scenario.scenes.values():
        if scene.id in reached:
            continue
        if scene.ending is None:
            text = message("Nobody reaches the scene “%(scene)s”.", scene=scene.id)
            mend = message("Let a choice lead there, `- [What one says](#%(scene)s)`, or delete it.", scene=scene.id)
            yield Finding("unreached-scene", scene.id, text, mend, True)
        elif max(walk.best for walk in walks) >= scene.ending.score:  # a better one is `_out_of_reach`'s to tell
            text = message("No path meets the ending “%(scene)s”.", scene=scene.id)
            mend = message("Loosen its conditions, let a choice lead there, or delete it.")
            yield Finding("unmet-ending", scene.id, text, mend, True)


def _never_offered(scenario: Scenario, walks: Sequence[Walk]) -> Iterator[Finding]:
    taken = {(one.position.scene, place) for walk in walks for one in walk.found for place, _ in one.moves}
    visited = frozenset[str]().union(*(walk.scenes for walk in walks))
    for scene in scenario.scenes.values():
        for place in range(len(scene.choices)):
            if scene.id in visited and scene.ending is None and (scene.id, place) not in taken:
                number = place + 1
                text = message(
                    "Choice %(number)s of “%(scene)s” is never offered: its `if` holds on no path.",
                    number=number,
                    scene=scene.id,
                )
                yield Finding("never-offered", scene.id, text, message("Loosen its `if`, or delete it."), False, place)


def _unevidenced(scenario: Scenario, walks: Sequence[Walk]) -> Iterator[Finding]:
    """Competencies that the scenario speaks of, and of which no path gives evidence."""
    every = list(_every_effect(scenario))
    named = dict.fromkeys([*scenario.competencies, *(code for e in every for code in (*e.shown, *e.missed))])
    evidenced = {
        code
        for walk in walks
        for one in walk.found
        for place, _ in one.moves
        for effects in (for_variant(scenario.scenes[one.position.scene].choices[place].effects, walk.variant),)
        for code in (*effects.shown, *effects.missed)
    }
    for code in named:
        if code not in evidenced:
            text = message("No path gives evidence of %(competency)s.", competency=code)
            mend = message("Let a good choice end in `%(competency)s +`.", competency=code)
            yield Finding("never-evidenced", None, text, mend)


def _out_of_reach(walks: Sequence[Walk], limit: int) -> Iterator[Finding]:
    """Buyers against whom the best ending of the file cannot be reached: too few turns, or no way at all."""
    scenario = walks[0].scenario
    endings = {scene.id: scene.ending.score for scene in scenario.scenes.values() if scene.ending}
    if not endings:
        text = message("The scenario has no ending.")
        yield Finding("no-ending", None, text, message("Make a scene an ending: `ending: strong`."), True)
        return
    scene = max(endings, key=endings.__getitem__)
    for walk in walks:
        if walk.best >= endings[scene]:
            continue
        longer = _walk(replace(scenario, turns=scenario.turns + MORE_TURNS), walk.variant, limit).found
        ends = [one for one in longer if one.position.ended and score(scenario, one.position) == endings[scene]]
        if ends:
            need = min(one.depth for one in ends)
            text = message(
                "Against %(buyer)s the best ending takes %(need)s turns, and there are %(turns)s.",
                buyer=walk.name,
                need=need,
                turns=scenario.turns,
            )
            mend = message("Write `turns: %(need)s`, or shorten the way.", need=need)
            yield Finding("too-few-turns", scene, text, mend, True)
        else:
            text = message("Against %(buyer)s no path meets the best ending.", buyer=walk.name)
            mend = message("Loosen its conditions, or give the choices that suit this buyer more effect.")
            yield Finding("best-unmet", scene, text, mend, True)


def _values(walk: Walk) -> list[tuple[int, int]]:
    """For each position the best one can still make of it: score in percent, then evidence shown less missed."""
    values, _ = worths(walk.scenario, walk.variant, walk.found)
    return [value[:2] for value in values]


def _worth(walk: Walk, one: Found, place: int, after: tuple[int, int]) -> tuple[int, int]:
    effects = for_variant(walk.scenario.scenes[one.position.scene].choices[place].effects, walk.variant)
    return after[0], after[1] + len(effects.shown) - len(effects.missed)


def _best_choices(walk: Walk) -> Mapping[str, frozenset[int]]:
    """Scene -> the choices that are best there whatever came before; empty where it depends."""
    values = _values(walk)
    best: dict[str, frozenset[int]] = {}
    for one in walk.decisions():
        worths = {place: _worth(walk, one, place, values[after]) for place, after in one.moves}
        top = max(worths.values())
        # Where all comes to the same there is nothing to choose, and the scene says nothing.
        if min(worths.values()) == top:
            continue
        places = frozenset(place for place, worth in worths.items() if worth == top)
        best[one.position.scene] = best.get(one.position.scene, places) & places
    return best


def _one_sided(walks: Sequence[Walk]) -> Iterator[Finding]:
    """Stories in which one need not listen: always the same letter, or always the same line whatever came before."""
    for walk in walks:
        best = _best_choices(walk)
        if len(best) < FEWEST:
            continue
        for place in sorted(frozenset.intersection(*best.values())):
            text = message(
                "Against %(buyer)s choice %(number)s is the best one in every scene.", buyer=walk.name, number=place + 1
            )
            mend = message("Change the order of the choices, so that the best one stands now here and now there.")
            yield Finding("same-place", None, text, mend)
        if all(best.values()):
            text = message(
                "Against %(buyer)s each scene has a choice that is best whatever came before: no state matters.",
                buyer=walk.name,
            )
            mend = message("Let a choice pay off only after another one: `if need >= 4`, or a condition at an ending.")
            yield Finding("state-idle", None, text, mend)


def _same_for_all(walks: Sequence[Walk], limit: int) -> Iterator[Finding]:
    """Variants against which every winning path of the base wins too: whoever won once has nothing to adapt."""
    base = walks[0]
    for walk in walks[1:]:
        if walk.best == base.best > 0 and _all_win(base, walk, limit):
            text = message(
                "Against %(buyer)s the same paths win as before: there is nothing to adapt.", buyer=walk.name
            )
            mend = message("Give choices other effects against this buyer: `%(buyer)s: trust -1`.", buyer=walk.variant)
            yield Finding("same-variant", None, text, mend)


def _all_win(base: Walk, other: Walk, limit: int) -> bool:
    """Whether each path to the best ending against one buyer is also one to the best against the other."""
    scenario = base.scenario
    hopes = [value for value, _ in _values(base)]
    pairs = [(0, start(scenario, other.variant))]
    seen = set()
    for number, there in pairs:  # which grows while it is read
        if len(pairs) > limit:
            return False  # nobody knows
        one = base.found[number]
        if one.position.ended and not (there.ended and score(scenario, there) == other.best):
            return False
        for place, after in one.moves:
            if hopes[after] < base.best:
                continue
            if not there.ended and place not in offered(scenario, other.variant, there):
                return False
            then = there if there.ended else step(scenario, other.variant, there, place)
            key = (after, then.scene, tuple(then.state.values()))
            if key not in seen:
                seen.add(key)
                pairs.append((after, then))
    return True
