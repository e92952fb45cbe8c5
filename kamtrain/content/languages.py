"""Sibling files held against each other: what must be equal, what is missing, what is out of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kamtrain.content import quizzes, scenarios
from kamtrain.content.siblings import Siblings
from kamtrain.core.problems import Problem


def compare_lessons(siblings: Siblings) -> None: ...


def compare_quizzes(siblings: Siblings, sheets: Mapping[str, quizzes.Sheet]) -> None: ...


def compare_scenarios(siblings: Siblings, frame: scenarios.Frame, sheets: Mapping[str, scenarios.Sheet]) -> None: ...


def stale(locks: Mapping[str, bytes], siblings: Sequence[Siblings]) -> list[Problem]:
    return []
