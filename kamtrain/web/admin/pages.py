"""What the pages of admin show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kamtrain.core.language import INTERFACE, OWN_NAMES
from kamtrain.core.message import N_
from kamtrain.core.people import Role
from kamtrain.http.forms import Errors
from kamtrain.store.directory import PersonLine, TeamLine
from kamtrain.web.zones import time_zones

ROLE_NAMES = {
    Role.trainee: N_("Trainee"),
    Role.trainer: N_("Trainer"),
    Role.manager: N_("Manager"),
    Role.admin: N_("Administrator"),
}


@dataclass(frozen=True)
class Branch:
    """A team at its place in the tree. `label` has a dash for each team above it."""

    team: TeamLine
    depth: int

    @property
    def label(self) -> str:
        return "– " * self.depth + self.team.name


def tree(teams: Sequence[TeamLine], parent_id: int | None = None, depth: int = 0) -> tuple[Branch, ...]:
    """The teams as a tree read from top to bottom; each level keeps its order."""
    branches: list[Branch] = []
    for team in teams:
        if team.parent_id == parent_id:
            branches += [Branch(team, depth), *tree(teams, team.id, depth + 1)]
    return tuple(branches)


def team_options(branches: Sequence[Branch], none: str) -> tuple[tuple[str, str], ...]:
    """For a select: "" for no team, said as `none`."""
    return (("", none), *((str(branch.team.id), branch.label) for branch in branches))


@dataclass(frozen=True)
class PeoplePage:
    """`next_url`: "" on the last page."""

    words: str
    lines: tuple[PersonLine, ...]
    next_url: str

    def roles(self, line: PersonLine) -> tuple[str, ...]:
        """The names of her roles, to be translated."""
        return tuple(name for role, name in ROLE_NAMES.items() if role in line.person.roles)


@dataclass(frozen=True)
class PersonPage:
    """Adding a person (`id` None) or editing one."""

    id: int | None
    email: str
    name: str
    roles: frozenset[str]
    team: str
    language: str
    time_zone: str
    teams: tuple[tuple[str, str], ...]
    active: bool = True
    has_password: bool = False
    errors: Errors = field(default_factory=Errors)

    @property
    def role_names(self) -> tuple[tuple[str, str], ...]:
        return tuple((role.value, name) for role, name in ROLE_NAMES.items())

    @property
    def may_be_invited(self) -> bool:
        return self.id is not None and self.active

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        return tuple((tag, OWN_NAMES[tag]) for tag in INTERFACE)

    @property
    def time_zones(self) -> tuple[tuple[str, str], ...]:
        return time_zones()


@dataclass(frozen=True)
class InvitedPage:
    """The link is shown here and nowhere else. `mailed`: it is also on its way by mail."""

    id: int
    name: str
    url: str
    mailed: bool


@dataclass(frozen=True)
class TeamsPage:
    branches: tuple[Branch, ...]
    options: tuple[tuple[str, str], ...]
    name: str = ""
    parent: str = ""
    errors: Errors = field(default_factory=Errors)


@dataclass(frozen=True)
class TeamPage:
    """`managers`: everybody who has that role; `chosen`: the ids of those who manage this team."""

    id: int
    name: str
    parent: str
    options: tuple[tuple[str, str], ...]
    managers: tuple[tuple[int, str], ...]
    chosen: frozenset[int]
    errors: Errors = field(default_factory=Errors)
