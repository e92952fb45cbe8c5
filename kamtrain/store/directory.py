"""The people and teams as an admin sees them: lists and their lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select, tuple_
from sqlalchemy.orm import Session

from kamtrain.core.people import Person
from kamtrain.store.people import PERSON_COLUMNS, PersonRow, Team, TeamManager, person_from


@dataclass(frozen=True)
class PersonLine:
    """A person as the list of people shows her."""

    person: Person
    team: str | None
    active: bool
    demo: bool
    has_password: bool
    sort_key: str


PAGE = 50  # people a page

_LINE = select(
    *PERSON_COLUMNS,
    Team.name.label("team"),
    PersonRow.active,
    PersonRow.demo,
    PersonRow.sort_key,
    PersonRow.password_hash.is_not(None).label("has_password"),
).join(Team, Team.id == PersonRow.team_id, isouter=True)


def people_page(session: Session, words: str, after: tuple[str, int] | None) -> tuple[PersonLine, ...]:
    """One page, and one line more where there is a next one, of people whose name or address holds `words`.

    It begins behind `after` (sort key, id): pages go by key, so that the last is as quick as the first. One query.
    """
    query = _LINE.order_by(PersonRow.sort_key, PersonRow.id).limit(PAGE + 1)
    if words:
        query = query.where(
            PersonRow.name.icontains(words, autoescape=True) | PersonRow.email.icontains(words, autoescape=True)
        )
    if after:
        query = query.where(tuple_(PersonRow.sort_key, PersonRow.id) > tuple_(*after))
    return tuple(_line(row) for row in session.execute(query))


def person_line(session: Session, person_id: int) -> PersonLine | None:
    row = session.execute(_LINE.where(PersonRow.id == person_id)).one_or_none()
    return None if row is None else _line(row)


def _line(row: Row[*tuple[Any, ...]]) -> PersonLine:
    return PersonLine(person_from(row), row.team, row.active, row.demo, row.has_password, row.sort_key)


@dataclass(frozen=True)
class TeamLine:
    """A team in the tree of teams."""

    id: int
    name: str
    parent_id: int | None
    managers: tuple[tuple[int, str], ...]  # id, name
    members: int  # active people in the team itself


def team_lines(session: Session) -> tuple[TeamLine, ...]:
    """All teams by name, with managers and the number of members. Three queries."""
    managers: dict[int, list[tuple[int, str]]] = {}
    for team, manager, name in session.execute(
        select(TeamManager.team_id, PersonRow.id, PersonRow.name)
        .join(PersonRow, PersonRow.id == TeamManager.person_id)
        .order_by(PersonRow.sort_key, PersonRow.id)
    ):
        managers.setdefault(team, []).append((manager, name))
    members: dict[int | None, int] = {}
    for home, count in session.execute(
        select(PersonRow.team_id, func.count()).where(PersonRow.active).group_by(PersonRow.team_id)
    ):
        members[home] = count
    return tuple(
        TeamLine(team.id, team.name, team.parent_id, tuple(managers.get(team.id, ())), members.get(team.id, 0))
        for team in session.execute(select(Team.id, Team.name, Team.parent_id).order_by(Team.name))
    )


def managers_to_be(session: Session) -> tuple[tuple[int, str], ...]:
    """Id and name of everybody active with the role of manager, in order of names."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .where(PersonRow.is_manager, PersonRow.active)
        .order_by(PersonRow.sort_key, PersonRow.id)
    )
    return tuple((row.id, row.name) for row in rows)
