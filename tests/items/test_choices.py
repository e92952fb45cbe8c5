"""single and multiple: what their source must hold, and what is said afterwards."""

from __future__ import annotations

import pytest

from kamtrain.core.errors import Invalid
from kamtrain.core.item import ItemType, Source
from kamtrain.items import TYPES
from tests.items.examples import rendered
from tests.items.sources import options

SINGLE, MULTIPLE = TYPES["single"], TYPES["multiple"]
both = pytest.mark.parametrize("type_", [SINGLE, MULTIPLE], ids=["single", "multiple"])


def faults(type_: ItemType, source: Source) -> list[tuple[int, str, bool]]:
    return [(fault.line, fault.code, fault.fatal) for fault in type_.parse(source)[1]]


@both
def test_every_fault_is_told_at_once_with_its_line(type_: ItemType) -> None:
    source = options("[x] yes", "[ ] yes", "maybe", "[ ] ", "[ ] no!")
    assert faults(type_, source) == [
        (4, "same-option", True),
        (5, "no-box", True),
        (6, "empty-option", True),
        (7, "no-feedback", True),
    ]


@both
def test_a_right_answer_without_feedback_is_only_a_warning(type_: ItemType) -> None:
    item, _ = type_.parse(options("[x] yes!", "[ ] no"))
    assert item is not None
    assert faults(type_, options("[x] yes!", "[ ] no")) == [(3, "no-feedback", False)]


@both
def test_a_question_has_two_to_twenty_six_answers(type_: ItemType) -> None:
    assert faults(type_, options("[x] yes"))[0][1] == "too-few-options"
    assert faults(type_, Source(line=2)) == [(2, "too-few-options", True)]
    many = [f"[ ] no {n}" for n in range(26)]
    assert faults(type_, options("[x] yes", *many)) == [(29, "too-many-options", True)]
    assert faults(type_, options("[x] yes", *many[:25])) == []


def test_a_single_answer_is_right() -> None:
    assert faults(SINGLE, options("[ ] a", "[ ] b")) == [(2, "not-one-right", True)]
    assert faults(SINGLE, options("[x] a", "[x] b", "[ ] c")) == [(2, "not-one-right", True)]


def test_of_several_answers_one_must_be_right_and_one_should_be_wrong() -> None:
    assert faults(MULTIPLE, options("[ ] a", "[ ] b")) == [(2, "none-right", True)]
    assert faults(MULTIPLE, options("[x] a", "[x] b")) == [(2, "none-wrong", False)]


@both
def test_options_keep_their_order_unless_they_are_shuffled(type_: ItemType) -> None:
    item, _ = type_.parse(options("[x] a", "[ ] b", "[ ] c"))
    view = type_.view(item, (2, 0, 1))
    assert [(o.letter, o.html) for o in view.options] == [("A", "c"), ("B", "a"), ("C", "b")]


def test_what_no_page_could_have_sent_is_refused() -> None:
    item, _ = SINGLE.parse(options("[x] a", "[ ] b"))
    for values in (["2"], ["0", "1"], ["x"], [""]):
        with pytest.raises(Invalid):
            SINGLE.read(item, (0, 1), {"a": values}, "a")
    item, _ = MULTIPLE.parse(options("[x] a", "[ ] b"))
    for values in (["2"], ["0", "0"], [""]):
        with pytest.raises(Invalid):
            MULTIPLE.read(item, (0, 1), {"a": values}, "a")


def test_every_option_has_its_feedback_and_the_page_folds_what_was_neither_chosen_nor_right() -> None:
    item, _ = SINGLE.parse(options("[ ] a", "[x] b", "[ ] c"))
    review = SINGLE.review(item, (2, 1, 0), 0)
    assert [(o.html, o.mark, o.feedback) for o in review.options] == [
        ("c", "", "on c"),
        ("b", "missed", "on b"),
        ("a", "wrong", "on a"),
    ]
    html = rendered(SINGLE, "review", review, "q")
    assert html.count("<details") == 1
    assert html.index("<details") < html.index("on c") < html.index("</details>") < html.index("on b")
    assert [o.mark for o in SINGLE.review(item, (0, 1, 2), 1).options] == ["", "right", ""]


def test_right_and_wrong_are_told_by_an_icon_and_a_word() -> None:
    item, _ = MULTIPLE.parse(options("[x] a", "[x] b", "[ ] c", "[ ] d"))
    html = rendered(MULTIPLE, "review", MULTIPLE.review(item, (0, 1, 2, 3), [0, 2]), "q")
    assert (
        html.count("Your answer: right")
        == html.count("Your answer: wrong")
        == html.count("Right answer, not chosen")
        == 1
    )
    assert html.count("icon-done") == 2
    assert html.count("icon-failed") == 1
    assert "You gave no answer." not in html
    assert "You gave no answer." in rendered(MULTIPLE, "review", MULTIPLE.review(item, (0, 1, 2, 3), None), "q")
