"""Faults in somebody's file, as data: where, what, and how to mend it. All are reported, never only the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kamtrain.core.message import Message


class Severity(StrEnum):
    """`error` stops publishing; `warning` is shown and does not; `note` tells what a later version will do."""

    error = "error"
    warning = "warning"
    note = "note"


@dataclass(frozen=True)
class Edit:
    """Replace the characters `start` to `end` (offsets into the file as it stands) by `text`."""

    start: int  # characters
    end: int  # characters
    text: str


@dataclass(frozen=True)
class Problem:
    """One fault. `line` and `column` count from 1 in the file as it stands; `mend` says what to write instead.

    `fix` is set where a program can mend it (`flask content mend`, the studio's *mend all*).
    """

    path: str
    line: int
    column: int
    severity: Severity
    code: str  # stable, for tests and filters: "unknown-key"
    message: Message
    mend: Message | None = None
    fix: Edit | None = None

    @property
    def fatal(self) -> bool:
        return self.severity is Severity.error


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By place; at one place the graver one first."""
    graveness = {Severity.error: 0, Severity.warning: 1, Severity.note: 2}
    return tuple(sorted(problems, key=lambda p: (p.path, p.line, p.column, graveness[p.severity], p.code)))
