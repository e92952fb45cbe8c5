from __future__ import annotations

import random

import pytest

from kamtrain.core.errors import Invalid
from kamtrain.core.item import Source
from kamtrain.items import TYPES
from tests.items.examples import rendered
from tests.items.sources import table

MATCHING = TYPES["matching"]


def faults(source: Source) -> list[tuple[int, str, bool]]:
    return [(fault.line, fault.code, fault.fatal) for fault in MATCHING.parse(source)[1]]


def test_every_fault_is_told_at_once_with_its_line() -> None:
    source = table("tells | dominant | so | and so", "asks |", "tells | amiable", " | amiable")
    assert faults(source) == [
        (5, "too-many-cells", True),
        (6, "no-right-side", True),
        (7, "same-left-side", True),
        (8, "idle-decoy", False),
    ]


def test_there_must_be_something_to_match() -> None:
    assert faults(Source(line=2)) == [(2, "too-few-pairs", True)]
    assert faults(table("tells | dominant", " | amiable")) == [(2, "too-few-pairs", True)]
    assert faults(table("tells | dominant", "shows | dominant")) == [(2, "one-right-side", True)]


def test_a_table_without_a_head_gets_an_empty_one() -> None:
    item, _ = MATCHING.parse(table("tells | dominant", "asks | amiable", head=""))
    assert item is not None
    assert item.head == ("", "")


def test_the_right_side_is_shuffled_even_where_options_are_not() -> None:
    item, _ = MATCHING.parse(table(*(f"left {n} | right {n}" for n in range(6))))
    orders = {MATCHING.order(item, random.Random(seed), False) for seed in range(20)}
    assert len(orders) > 15


def test_equal_right_sides_are_one_choice_and_count_alike() -> None:
    item, _ = MATCHING.parse(table("tells | dominant", "cuts off | dominant", "asks | amiable"))
    order = (1, 2, 0)
    assert MATCHING.view(item, order).rights == ("amiable", "dominant")
    response = MATCHING.read(item, order, {"a-0": ["1"], "a-1": ["1"], "a-2": ["0"]}, "a")
    assert response == [0, 0, 2]
    assert MATCHING.score(item, response).points == 1000
    assert MATCHING.score(item, [1, 1, 2]).points == 1000
    assert MATCHING.shown(item, order, [1, None, None]) == (1, None, None)


def test_what_no_page_could_have_sent_is_refused() -> None:
    item, _ = MATCHING.parse(table("tells | dominant", "asks | amiable", " | decoy"))
    for form in ({"a-2": ["0"]}, {"a-0": ["3"]}, {"a-0": ["0", "1"]}, {"a-99": [""]}):
        with pytest.raises(Invalid):
            MATCHING.read(item, (0, 1, 2), form, "a")
    assert MATCHING.read(item, (0, 1, 2), {"a-note": ["x"], "aa-9": ["0"]}, "a") is None


def test_the_review_says_what_belongs_where_and_why() -> None:
    item, _ = MATCHING.parse(
        table("tells | dominant | on tells", "asks | amiable", " | undecided | on decoys", "waits | analytical")
    )
    review = MATCHING.review(item, (), [0, 2, None])
    assert [(p.chosen, p.right, p.correct, p.feedback) for p in review.pairs] == [
        ("dominant", "dominant", True, ("on tells",)),
        ("undecided", "amiable", False, ("on decoys",)),
        (None, "analytical", False, ()),
    ]
    html = rendered(MATCHING, "review", review, "q")
    assert html.count("Your answer: right") == html.count("Your answer: wrong") == html.count("Not answered") == 1
