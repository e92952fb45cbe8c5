"""Short ways to write a scenario down, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kamtrain.core.catalog import Grade
from kamtrain.core.scenario import (
    BASE,
    SCORES,
    Choice,
    Condition,
    Effects,
    Ending,
    Meter,
    Persona,
    Relation,
    Scenario,
    Scene,
)

Scenes = Mapping[str, Ending | Sequence[Choice]]


def condition(text: str) -> Condition:
    """`condition("trust >= 4")`"""
    name, relation, value = text.split()
    relations: dict[str, Relation] = {">=": ">=", "<=": "<=", "=": "=", ">": ">", "<": "<"}
    return Condition(name, relations[relation], int(value))


def conditions(*texts: str) -> tuple[Condition, ...]:
    return tuple(condition(text) for text in texts)


def effects(*clauses: str) -> Effects:
    """`effects("trust +2", "C06 +", "C07 -", "if need >= 4")`"""
    offered = conditions(*(c.removeprefix("if ") for c in clauses if c.startswith("if ")))
    pairs = [c.split() for c in clauses if not c.startswith("if ")]
    return Effects(
        changes={name: int(value) for name, value in pairs if value not in "+-"},
        shown=tuple(name for name, value in pairs if value == "+"),
        missed=tuple(name for name, value in pairs if value == "-"),
        conditions=offered,
    )


def choice(target: str, *clauses: str, **variants: tuple[str, ...]) -> Choice:
    """`choice("facts", "trust +2", analytical=("trust -1",))`"""
    others = {variant: effects(*texts) for variant, texts in variants.items()}
    return Choice({BASE: "…"}, target, {BASE: effects(*clauses), **others}, {BASE: ""})


def ending(
    grade: Grade, *ifs: str, otherwise: str | None = None, when: tuple[str, ...] = (), **variants: tuple[str, ...]
) -> Ending:
    by_variant = {BASE: conditions(*ifs), **{variant: conditions(*texts) for variant, texts in variants.items()}}
    return Ending(grade, SCORES[grade], by_variant, otherwise, conditions(*when))


def scenario(
    scenes: Scenes,
    *,
    turns: int = 5,
    meters: Mapping[str, Meter] | None = None,
    variants: Mapping[str, Mapping[str, Meter]] | None = None,
    competencies: tuple[str, ...] = (),
) -> Scenario:
    """`scenario({"opening": [choice("end")], "end": ending("strong")})`"""
    plain = {"trust": Meter(3, 10)} if meters is None else meters
    persona = Persona("Luo", "general manager", "decider", "dominant", "")
    built = {
        name: Scene(name, {BASE: ""}, ending=what) if isinstance(what, Ending) else Scene(name, {BASE: ""}, tuple(what))
        for name, what in scenes.items()
    }
    return Scenario(
        "sc",
        "en",
        "A visit",
        "",
        {BASE: persona, **dict.fromkeys(variants or {}, persona)},
        turns,
        {BASE: plain, **(variants or {})},
        {"trust": "Trust"},
        built,
        competencies=competencies,
    )
