"""Teams: a tree of names with managers; a manager sees the team and what is below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kamtrain.core.accounts import NAME_MAX
from kamtrain.core.errors import Conflict, Invalid, NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Person
from kamtrain.store.audit import AuditEntry
from kamtrain.store.people import PersonRow, Team, TeamManager


def add_team(session: Session, actor: Person | None, name: str, parent_id: int | None, now: datetime) -> int:
    """Add a team, below another or at the top (None). Returns its id. Raises Invalid and Conflict."""
    _check(session, name, parent_id, None)
    team = Team(name=name, parent_id=parent_id)
    session.add(team)
    session.flush()  # for the id
    _audit(session, actor, "team added", name, now)
    return team.id


def edit_team(
    session: Session,
    actor: Person,
    team_id: int,
    name: str,
    parent_id: int | None,
    managers: Iterable[int],
    now: datetime,
) -> None:
    """Change a team's name, place and managers (ids of people with that role). Raises Invalid, Conflict, NotFound."""
    team = session.get(Team, team_id)
    if team is None:
        raise NotFound(message("There is no such team."))
    _check(session, name, parent_id, team_id)
    session.execute(update(Team).where(Team.id == team_id).values(name=name, parent_id=parent_id))
    set_managers(session, team_id, managers)
    _audit(session, actor, "team changed", name, now)


def set_managers(session: Session, team_id: int, managers: Iterable[int]) -> None:
    """Make these people the team's managers, and nobody else. Raises Invalid where one has not that role."""
    wanted = frozenset(managers)
    known = frozenset(session.scalars(select(PersonRow.id).where(PersonRow.id.in_(wanted), PersonRow.is_manager)))
    if wanted != known:
        raise Invalid(message("Only people with the role of manager can manage a team."), "managers")
    session.execute(delete(TeamManager).where(TeamManager.team_id == team_id))
    session.add_all(TeamManager(team_id=team_id, person_id=id) for id in sorted(wanted))


def above(parents: Mapping[int, int | None], team_id: int | None) -> list[int]:
    """A team and the teams above it, upwards. `parents` has no circle."""
    found: list[int] = []
    while team_id is not None:
        found.append(team_id)
        team_id = parents.get(team_id)
    return found


def _check(session: Session, name: str, parent_id: int | None, team_id: int | None) -> None:
    if not name or len(name) > NAME_MAX:
        raise Invalid(message("A team has a name of %(most)s characters at most.", most=NAME_MAX), "name")
    same = session.scalar(select(Team.id).where(Team.name == name))
    if same is not None and same != team_id:
        raise Conflict(message("There is a team “%(name)s” already.", name=name))
    # All of them are locked, so that two moves at once cannot make a circle together.
    parents: dict[int, int | None] = {}
    for id, parent in session.execute(select(Team.id, Team.parent_id).with_for_update()):
        parents[id] = parent
    if parent_id is not None and parent_id not in parents:
        raise Invalid(message("There is no such team (any more). Choose another one."), "parent")
    if team_id is not None and team_id in above(parents, parent_id):
        raise Invalid(message("A team cannot stand below itself."), "parent")


def _audit(session: Session, actor: Person | None, action: str, name: str, now: datetime) -> None:
    session.add(AuditEntry(at=now, actor_id=actor.id if actor else None, action=action, subject=name, detail={}))
