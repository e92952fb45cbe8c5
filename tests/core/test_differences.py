from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.differences import CONTEXT, LONG_LINE, LONGEST, differences, words

texts = st.lists(
    st.sampled_from(["", "a", "b", "one two three", "one two four", "甲乙丙丁", "甲乙丙戊"]), max_size=14
).map("\n".join)


def told(before: str, after: str) -> list[tuple[str, int, str]]:
    return [(one.kind, one.number, "".join(piece.text for piece in one.pieces)) for one in differences(before, after)]


def test_equal_texts_do_not_differ() -> None:
    assert differences("a\nb", "a\nb") == ()


def test_a_changed_line_stands_with_the_lines_around_it_and_gaps_for_the_rest() -> None:
    before = "\n".join("abcdefgh")
    assert told(before, before.replace("d", "D")) == [
        ("gap", 0, ""),
        ("same", 2, "b"),
        ("same", 3, "c"),
        ("old", 4, "d"),
        ("new", 4, "D"),
        ("same", 5, "e"),
        ("same", 6, "f"),
        ("gap", 0, ""),
    ]


def test_an_added_and_a_deleted_line_have_their_numbers() -> None:
    assert told("a\nb", "a\nx\nb") == [("same", 1, "a"), ("new", 2, "x"), ("same", 3, "b")]
    assert told("a\nx\nb", "a\nb") == [("same", 1, "a"), ("old", 2, "x"), ("same", 2, "b")]


def test_within_a_line_only_the_words_that_changed_are_marked() -> None:
    gone, come = words("Ten minutes, then I go.", "Nine minutes, then I go.")
    assert [piece.text for piece in gone if piece.changed] == ["Ten"]
    assert [piece.text for piece in come if piece.changed] == ["Nine"]
    gone, come = words("他打断了我两次。", "他打断了我三次。")
    assert ([p.text for p in gone if p.changed], [p.text for p in come if p.changed]) == (["两"], ["三"])


def test_a_word_more_is_marked_on_its_side_alone() -> None:
    gone, come = words("a c d e", "a b c d e")
    assert not any(piece.changed for piece in gone)
    assert "".join(piece.text for piece in come if piece.changed).strip() == "b"
    gone, come = words("a b c d e", "a c d e")
    assert "".join(piece.text for piece in gone if piece.changed).strip() == "b"
    assert not any(piece.changed for piece in come)


def test_lines_with_little_in_common_or_very_long_ones_are_marked_as_wholes() -> None:
    assert [len(side) for side in words("abc", "xyz")] == [1, 1]
    long = "a " * LONG_LINE
    assert [len(side) for side in words(long, long + "b")] == [1, 1]


def test_very_long_texts_are_shown_whole_and_soon() -> None:
    begun = time.process_time()
    found = told("\n".join(f"a{n}" for n in range(LONGEST + 1)), "\n".join(f"b{n}" for n in range(LONGEST + 1)))
    assert time.process_time() - begun < 5  # seconds
    assert len(found) == 2 * (LONGEST + 1)


@given(texts, texts)
def test_what_is_told_is_true_of_both_texts_and_leaves_no_change_out(before: str, after: str) -> None:
    old, new = before.split("\n"), after.split("\n")
    found = told(before, after)
    assert (not found) == (before == after)
    for kind, number, text in found:
        if kind != "gap":
            assert (old if kind == "old" else new)[number - 1] == text
    gone = {number for kind, number, _ in found if kind == "old"}
    come = {number for kind, number, _ in found if kind == "new"}
    assert [line for n, line in enumerate(old, 1) if n not in gone] == [
        line for n, line in enumerate(new, 1) if n not in come
    ]
    numbers = [number for kind, number, _ in found if kind in ("same", "new")]
    assert numbers == sorted(set(numbers))
    assert CONTEXT > 0
