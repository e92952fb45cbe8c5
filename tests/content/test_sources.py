"""The rows that courses were asked to cover: each points to something, or is left out, or is to come."""

from __future__ import annotations

import pytest

from kamtrain.content import sources
from kamtrain.content.library import Parsed, parse
from kamtrain.core.catalog import Cover
from tests.content.shelf import FILES

FILE = """\
courses:
  demo: {en: Demo, zh-Hans: 演示}
  later: {en: A later one, zh-Hans: 以后的}
parts:
  - id: s0
    title: {en: Plan, zh-Hans: 计划}
    rows:
      - {id: "0.01", en: One, zh-Hans: 一, by: [one, quiz:check, scenario:visit, tool:visit-plan]}
      - {id: "0.02", en: Two, zh-Hans: 二, by: [later-1.1, quiz:later-1.1-check, course:later, course:demo]}
      - {id: "0.03", en: Three, zh-Hans: 三, left-out: true}
"""


def shelf(file: str = FILE) -> Parsed:
    return parse({**FILES, sources.PATH: file.encode()})


def errors(file: str) -> list[tuple[int, str, str]]:
    return [(p.line, p.code, str(p.mend or "")) for p in shelf(file).problems if p.path == sources.PATH]


def test_it_works() -> None:
    library = shelf().library
    assert errors(FILE) == []
    assert [row.id for part in library.sources for row in part.rows] == ["0.01", "0.02", "0.03"]
    assert library.sources[0].rows[0].by[1] == Cover("quiz", "check")
    assert library.sources[0].rows[2].left_out
    assert library.sources[0].title["zh-Hant"] == "計劃"
    assert library.title("course", "later", "zh-Hans") == "以后的"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[one, ", "[oen, ", (8, "unknown-target", "Did you mean `one`?")),
        ("quiz:check", "quiz:chekc", (8, "unknown-target", "Did you mean `check`?")),
        ("tool:visit-plan", "tool:visit-plans", (8, "unknown-target", "Did you mean `visit-plan`?")),
        ("[later-1.1, ", "[demo-1.1, ", (9, "unknown-target", "Possible: `one`")),
        ("course:later", "course:latter", (9, "unknown-target", "Possible: `demo`")),
        ("quiz:check", "quizz:check", (8, "unknown-value", "Did you mean `quiz`?")),
        (", left-out: true", "", (10, "not-covered", "Write `by: [a-lesson]` in it, or `left-out: true`.")),
        (", left-out: true", ", by: []", (10, "not-covered", "Write `by: [a-lesson]` in it, or `left-out: true`.")),
        ('"0.03"', '"0.01"', (10, "no-id", 'Write `id: "1.01"`.')),
        (", zh-Hans: 二", "", (9, "text-missing", "Write `zh-Hans: …` in it.")),
        ("left-out", "leftout", (10, "unknown-key", "Did you mean `left-out`?")),
    ],
)
def test_a_row_that_points_to_nothing_is_an_error(old: str, new: str, fault: tuple[int, str, str]) -> None:
    assert old in FILE
    assert fault in errors(FILE.replace(old, new, 1))


@pytest.mark.parametrize(
    "file", ["", "parts: 1\n", "parts: [1, {}]\n", "courses: 3\n", "parts:\n  - {id: s, rows: [x]}\n"]
)
def test_what_cannot_be_read_is_said_and_raises_nothing(file: str) -> None:
    assert errors(file)
