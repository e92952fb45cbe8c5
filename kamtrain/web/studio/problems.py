"""Problems as the studio lists them, in the trainer's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from kamtrain.core.problems import Problem
from kamtrain.http.locale import translate

GRAVITY = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class ProblemView:
    path: str
    url: str  # of the editor, at the line
    line: int
    column: int  # characters, from 1
    severity: str
    text: str
    mend: str  # "" where there is nothing to suggest
    fixable: bool


def problem_views(problems: Iterable[Problem]) -> tuple[ProblemView, ...]:
    """Errors first, each kind in the order of the files."""
    views = [
        ProblemView(
            path=problem.path,
            url=url_for("studio.edit", path=problem.path, line=problem.line, column=problem.column),
            line=problem.line,
            column=problem.column,
            severity=problem.severity.value,
            text=translate(problem.message),
            mend=translate(problem.mend) if problem.mend is not None else "",
            fixable=problem.fix is not None,
        )
        for problem in problems
    ]
    return tuple(sorted(views, key=lambda view: GRAVITY[view.severity]))


def counts(problems: Iterable[Problem]) -> tuple[int, int]:
    """(errors, warnings)"""
    kinds = [problem.severity.value for problem in problems]
    return kinds.count("error"), kinds.count("warning")
