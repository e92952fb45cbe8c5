"""Who somebody is, and whom they may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    trainee = "trainee"
    trainer = "trainer"
    manager = "manager"
    admin = "admin"


@dataclass(frozen=True)
class Person:
    """The person who is signed in, as the request needs her: loaded once, with one query."""

    id: int
    email: str
    name: str
    roles: frozenset[Role]
    language: str  # of the interface and, where offered, the content
    time_zone: str  # IANA name
    team: int | None

    def has(self, *roles: Role) -> bool:
        return bool(self.roles.intersection(roles))


@dataclass(frozen=True)
class Scope:
    """Whose records one may see. Required by every report, so that none can forget who is looking.

    `teams` None means everybody (admins and trainers); otherwise the manager's own teams and those below them.
    """

    teams: frozenset[int] | None

    def covers(self, team: int | None) -> bool:
        return self.teams is None or (team is not None and team in self.teams)
