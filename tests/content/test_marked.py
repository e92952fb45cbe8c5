"""Who marks a quiz, as its author writes it."""

from __future__ import annotations

import pytest

from kamtrain.content.library import parse
from tests import marked

LINE = "marking: trainer\n"


def problems(front: str) -> list[str]:
    parsed = parse(marked.files(marked.ESSAY.replace(LINE, front)))
    return [problem.code for problem in parsed.problems if problem.path == marked.PATH]


def test_it_is_read() -> None:
    quiz = parse(marked.files(marked.second(20))).library.quiz("essay", "en")

    assert (quiz.marking, quiz.second, quiz.anonymous) == ("trainer", 20, False)
    assert problems(f"{LINE}second: 100 %\nanonymous: true\n") == []
    assert problems("marking: self\n") == problems("") == []


@pytest.mark.parametrize(
    ("front", "codes"),
    [
        ("marking: teacher\n", ["unknown-value"]),
        (f"{LINE}second: 20\n", ["not-a-share"]),
        (f"{LINE}second: 0%\n", ["not-a-share"]),
        (f"{LINE}second: 101%\n", ["not-a-share"]),
        (f"{LINE}second: [20%]\n", ["not-a-share"]),
        (f"{LINE}anonymous: perhaps\n", ["not-a-flag"]),
        ("second: 20%\n", ["no-trainer"]),
        ("marking: self\nanonymous: true\n", ["no-trainer"]),
        ("评分: trainer\n", ["unknown-key"]),
    ],
)
def test_what_cannot_be_is_said(front: str, codes: list[str]) -> None:
    assert problems(front) == codes
