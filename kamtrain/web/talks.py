"""A conversation as practice and the studio show it: its gauges, and the turns played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kamtrain.core import scenario as scenarios
from kamtrain.core.scenario import Position, Scenario, for_variant


@dataclass(frozen=True)
class Gauge:
    name: str
    value: int
    maximum: int | None
    unit: str
    change: int | None  # by the last choice; None where it did not change


@dataclass(frozen=True)
class Turn:
    """One turn that was played: what the buyer said, what one said, and what followed."""

    number: int
    scene: str  # HTML
    said: str  # HTML
    consequence: str  # HTML
    changes: tuple[tuple[str, int], ...]  # (name, change) of what one sees


def gauges(scenario: Scenario, variant: str, position: Position, before: Position | None) -> tuple[Gauge, ...]:
    """The meters, then the turns left. A change is shown where the last choice made one."""
    found = []
    for name, meter in for_variant(scenario.meters, variant).items():
        value = position.state[name]
        change = value - before.state[name] if before else 0
        found.append(Gauge(scenario.names.get(name, name), value, meter.maximum, meter.unit, change or None))
    turns = scenario.names.get("turns", "")
    found.append(Gauge(turns, position.state["turns"], scenario.turns, "", None))
    return tuple(found)


def turns(scenario: Scenario, variant: str, choices: Sequence[int]) -> tuple[Turn, ...]:
    positions = scenarios.walk(scenario, variant, choices)
    meters = for_variant(scenario.meters, variant)
    played = []
    for number, (place, before, after) in enumerate(zip(choices, positions, positions[1:], strict=False), 1):
        scene = scenario.scenes[before.scene]
        choice = scene.choices[place]
        changes = ((name, after.state[name] - before.state[name]) for name in meters)
        played.append(
            Turn(
                number=number,
                scene=for_variant(scene.text, variant),
                said=for_variant(choice.text, variant),
                consequence=for_variant(choice.consequence, variant),
                changes=tuple((scenario.names.get(name, name), change) for name, change in changes if change),
            )
        )
    return tuple(played)
