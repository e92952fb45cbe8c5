"""What changed between two texts."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.differences import CONTEXT, differences, words

texts = st.lists(st.sampled_from(["a", "b", "one two", "一二三", ""]), max_size=12).map("\n".join)


def test_equal_texts_do_not_differ() -> None:
    assert differences("a\nb", "a\nb") == ()


def test_a_change_stands_between_the_lines_around_it_with_their_numbers() -> None:
    before = "\n".join(f"line {number}" for number in range(1, 21))
    lines = differences(before, before.replace("line 10", "row 10"))
    assert [(line.kind, line.number) for line in lines] == [
        ("gap", 0), ("same", 8), ("same", 9), ("old", 10), ("new", 10), ("same", 11), ("same", 12), ("gap", 0),
    ]  # fmt: skip


def test_within_a_line_the_words_that_changed_are_marked() -> None:
    old, new = words("Somebody asks before", "She asks before")
    assert [(piece.text, piece.changed) for piece in old] == [("Somebody", True), (" asks before", False)]
    assert [(piece.text, piece.changed) for piece in new] == [("She", True), (" asks before", False)]


def test_chinese_is_compared_character_by_character() -> None:
    _, new = words("先看行为再贴标签", "先看行动再贴标签")
    assert [piece.text for piece in new if piece.changed] == ["动"]


def test_lines_with_little_in_common_are_shown_as_wholes() -> None:
    old, new = words("alpha beta gamma", "quite another sentence here")
    assert not any(piece.changed for piece in (*old, *new))


def test_long_texts_take_no_long_time() -> None:
    before = "\n".join(f"same {number % 7}" for number in range(20_000))
    began = time.perf_counter()
    assert differences(before, before.replace("same 3", "other 3"))
    assert differences("x " * 50_000, "y " * 50_000)
    assert time.perf_counter() - began < 5


@given(texts, texts)
def test_old_and_new_lines_are_those_of_the_texts(before: str, after: str) -> None:
    lines = differences(before, after)
    old, new = before.split("\n"), after.split("\n")
    for line in lines:
        text = "".join(piece.text for piece in line.pieces)
        if line.kind == "old":
            assert old[line.number - 1] == text
        elif line.kind != "gap":
            assert new[line.number - 1] == text
    numbers = [line.number for line in lines if line.kind in ("same", "new")]
    assert numbers == sorted(set(numbers))
    taken_out = {line.number for line in lines if line.kind == "old"}
    put_in = {line.number for line in lines if line.kind == "new"}
    kept_old = [text for number, text in enumerate(old, 1) if number not in taken_out]
    kept_new = [text for number, text in enumerate(new, 1) if number not in put_in]
    if lines:
        assert kept_old == kept_new
    assert CONTEXT == 2
