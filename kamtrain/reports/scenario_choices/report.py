"""Choices in a scenario: every trainee's first finished conversation against a buyer, counted scene by scene."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from kamtrain.content.library import Library, parse
from kamtrain.core.errors import NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Scope
from kamtrain.core.scenario import Scenario, Scene
from kamtrain.reports import unchanged
from kamtrain.store import library as store
from kamtrain.store.attempts import Attempt, Response
from kamtrain.store.base import table_of
from kamtrain.store.people import PersonRow

_people, _attempts, _responses = table_of(PersonRow).c, table_of(Attempt).c, table_of(Response).c

FEWEST = 5  # people, below which nothing is said


@dataclass(frozen=True)
class SceneLine:
    """One scene. `people` came to it; `chosen` says how many of them chose each line at least once."""

    scene: Scene
    people: int  # 0 where there were fewer than FEWEST
    chosen: tuple[int, ...]  # by place; () where there were too few


@dataclass(frozen=True)
class Choices:
    scenario: Scenario
    variant: str
    people: int  # whose first finished conversation against this buyer is looked at
    endings: tuple[tuple[Scene, int], ...]  # in the file's order; () where there were too few
    scenes: tuple[SceneLine, ...]


def scenarios(session: Session, scope: Scope, library: Library) -> dict[str, int]:
    """Scenario -> trainees who have come to an end of it, for those in the library. One statement."""
    rows = session.execute(
        select(_attempts.activity_id, func.count(_attempts.person_id.distinct()))
        .join_from(table_of(Attempt), table_of(PersonRow), _people.id == _attempts.person_id)
        .where(*_counted(scope))
        .group_by(_attempts.activity_id)
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {id: found[id] for id in library.scenarios if id in found}


def choices(
    session: Session, scope: Scope, revision_id: int, library: Library, id: str, variant: str, language: str
) -> Choices:
    """The choices in one scenario as it is in `library`, that of the revision. Raises `NotFound`.

    One statement for the choices, and three for the texts they were made in.
    """
    if id not in library.scenarios or variant not in library.scenario(id, language).variants:
        raise NotFound(message("There is no such scenario."))
    scenario = library.scenario(id, language)
    first = (
        select(func.min(_attempts.id).label("id"))
        .join_from(table_of(Attempt), table_of(PersonRow), _people.id == _attempts.person_id)
        .where(*_counted(scope), _attempts.activity_id == id, _attempts.variant == variant)
        .group_by(_attempts.person_id)
        .cte("first")
    )
    played = table_of(Attempt).join(first, first.c.id == _attempts.id)
    said = played.join(table_of(Response), _responses.attempt_id == _attempts.id)
    times, place = func.count(_responses.attempt_id.distinct()), cast(_responses.response, Text)
    rows = session.execute(
        union_all(
            select(literal("end"), _attempts.revision_id, _attempts.ending, literal(""), func.count())
            .select_from(played)
            .group_by(_attempts.revision_id, _attempts.ending),
            select(literal("scene"), _attempts.revision_id, _responses.item_id, literal(""), times)
            .select_from(said)
            .group_by(_attempts.revision_id, _responses.item_id),
            select(literal("choice"), _attempts.revision_id, _responses.item_id, place, times)
            .select_from(said)
            .group_by(_attempts.revision_id, _responses.item_id, place),
        )
    ).all()
    same = _same(session, {revision_id, *(row[1] for row in rows)}, revision_id, library, id)
    ends, came, chosen = Counter[str](), Counter[str](), Counter[tuple[str, int]]()
    for what, revision, scene, text, count in rows:
        if what == "end":
            ends[scene] += count
        elif scene in same[revision] and what == "scene":
            came[scene] += count
        elif scene in same[revision]:
            chosen[scene, json.loads(text)] += count
    people = sum(ends.values())
    told = people >= FEWEST
    lines = [_line(scene, came[scene.id], chosen) for scene in scenario.scenes.values() if scene.ending is None]
    endings = [(scene, ends[scene.id]) for scene in scenario.scenes.values() if scene.ending is not None]
    return Choices(scenario, variant, people, tuple(endings) if told else (), tuple(lines) if told else ())


def _counted(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Trainees only, and no retries: whoever knows how it went on chooses otherwise."""
    where = (
        _attempts.kind == "scenario",
        _attempts.finished_at.is_not(None),
        _attempts.retry_of.is_(None),
        _people.is_trainee.is_(True),
    )
    return where if scope.teams is None else (*where, _people.team_id.in_(sorted(scope.teams)))


def _line(scene: Scene, people: int, chosen: Mapping[tuple[str, int], int]) -> SceneLine:
    if people < FEWEST:
        return SceneLine(scene, 0, ())
    return SceneLine(scene, people, tuple(chosen[scene.id, place] for place in range(len(scene.choices))))


def _same(session: Session, wanted: set[int], now: int, library: Library, id: str) -> dict[int, frozenset[str]]:
    """For each revision the scenes that stood in it as they stand in revision `now`, in every language both have.

    The scenario's own files alone are parsed, and equal ones once.
    """
    files = {library.path("scenario", id, language) for language in library.scenarios[id]}
    paths = sorted(path for path in files if path is not None)
    found = unchanged.manifests(session, wanted)
    hashes = {one: tuple((path, known[path]) for path in paths if path in known) for one, known in found.items()}
    data = store.blobs(session, {sha256 for one in hashes.values() for _, sha256 in one})
    alone = {
        one: parse({path: data[sha256] for path, sha256 in one}).library.scenarios.get(id, {})
        for one in set(hashes.values())
    }
    stayed = {one: _unchanged(alone[hashes[now]], talks) for one, talks in alone.items()}
    return {revision: stayed[one] for revision, one in hashes.items()}


def _unchanged(now: Mapping[str, Scenario], then: Mapping[str, Scenario]) -> frozenset[str]:
    kept = [
        {scene for scene, value in now[language].scenes.items() if then[language].scenes.get(scene) == value}
        for language in now.keys() & then.keys()
    ]
    return frozenset(set.intersection(*kept)) if kept else frozenset()
