"""Right answers that can be told without reading: what is said of them, and what is passed over."""

from __future__ import annotations

import pytest

from kamtrain.content.library import parse
from tests import samples

PATH = "quizzes/tells.{}.md"
SHORT, MIDDLE, LONG = "Short", "Not so short", "This one is the longest of all"


def quiz(rights: list[str], head: str = "shuffle: [options]", follows: str = "") -> bytes:
    """A question for each of `rights`, whose three answers stand in this order: short, middle, long."""
    text = f"---\nid: tells\nkind: quiz\ntitle: Tells\n{head}\n---\n".replace("\n\n", "\n")
    if follows:
        text = f"---\nid: tells\nfollows: {follows}\ntitle: Tells\n---\n"
    for number, right in enumerate(rights):
        text += f"\n## t{number}: Number {number}\n\nWhich at {number}?\n"
        for place, answer in enumerate((SHORT, MIDDLE, LONG)):
            text += f"\n- [{'x' if answer == right else ' '}] {answer}\n  > Feedback {number} {place}.\n"
    return text.encode()


def said(**files: bytes) -> list[tuple[str, str, int]]:
    more = {PATH.format(tag.replace("_", "-")): data for tag, data in files.items()}
    problems = parse({**samples.FILES, **more}).problems
    return [(one.path, one.code, one.line) for one in problems if one.code.startswith("key-")]


@pytest.mark.parametrize(
    ("rights", "head", "codes"),
    [
        ([LONG] * 4, "shuffle: [options]", ["key-longest"]),
        ([LONG] * 4 + [SHORT], "shuffle: [options]", ["key-longest"]),
        ([LONG] * 3 + [SHORT], "shuffle: [options]", []),
        ([LONG] * 3, "shuffle: [options]", []),  # chance does that
        ([MIDDLE] * 4, "shuffle: [options]", []),  # whose places nobody sees
        ([MIDDLE] * 4, "shuffle: [items]", ["key-in-one-place"]),
        ([MIDDLE] * 4, "", ["key-in-one-place"]),
        ([MIDDLE] * 3 + [SHORT], "", []),
        ([LONG] * 5, "", ["key-in-one-place", "key-longest"]),
    ],
)
def test_a_pattern_in_the_keys_is_said(rights: list[str], head: str, codes: list[str]) -> None:
    assert sorted(code for _, code, _ in said(en=quiz(rights, head))) == codes


def test_each_language_has_its_own_lengths() -> None:
    """What is longest in a translation is said there; a place is that of all of them."""
    other = quiz([LONG] * 4, follows="en").replace(LONG.encode(), b"Brief")
    assert said(en=quiz([LONG] * 4), zh_Hans=other) == [(PATH.format("en"), "key-longest", 1)]
    assert said(en=quiz([SHORT] * 4), zh_Hans=quiz([SHORT] * 4, follows="en").replace(b"Short", b"S" * 50)) == [
        (PATH.format("zh-Hans"), "key-longest", 1)
    ]
