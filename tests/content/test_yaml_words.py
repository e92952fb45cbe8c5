"""What YAML cannot read is said in words that help."""

from __future__ import annotations

import pytest

from kamtrain.content import library


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("steps: [1, 2", "a bracket `[` is not closed, or a comma is missing"),
        ("title: {en: x", "a brace `{` is not closed, or a comma is missing"),
        (
            "title:\n  en: 1\n zh: 2",
            "something stands after the value, or the line is indented otherwise than its neighbours",
        ),
        ("steps: [}", "a value is missing before this sign"),
    ],
)
def test_the_parsers_words_become_ours(written: str, said: str) -> None:
    found = library.parse({"courses/yaml/course.yaml": f"{written}\n".encode()})
    assert f"YAML cannot read this: {said}." in [str(problem.message) for problem in found.problems]
