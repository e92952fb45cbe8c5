"""The contract of question types, over every member and its examples."""

from __future__ import annotations

import random
from collections import Counter
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.errors import Invalid
from kamtrain.core.item import GAP, POINT, Class, Entry, Gap, ItemType, Row, SelfMarked, Source
from kamtrain.items import TYPES
from tests.items.examples import PACKAGE, Example, examples, field_names, rendered, sent

EXAMPLES = tuple(examples())
every_type = pytest.mark.parametrize("type_", TYPES.values(), ids=TYPES)
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])

texts = st.sampled_from(["", " ", "a", "b", "dominant", "1 Basic", "２", "<b>x</b>", "{{ x }}", "%(x)s"]) | st.text(
    max_size=8
)
lines = st.integers(1, 99)
entries = st.builds(
    Entry,
    checked=st.none() | st.booleans(),
    text=texts,
    html=texts,
    feedback=texts,
    tags=st.lists(texts, max_size=2).map(tuple),
    line=lines,
)
cells = st.lists(texts | st.just(GAP), max_size=5).map(tuple)
sources = st.builds(
    Source,
    entries=st.lists(entries, max_size=30).map(tuple),
    head=cells,
    rows=st.lists(st.builds(Row, cells=cells, html=cells, line=lines), max_size=6).map(tuple),
    text=st.lists(texts | st.just(GAP), max_size=6).map("".join),
    gaps=st.lists(
        st.builds(Gap, text=texts | st.sampled_from(["a / b", "1 ± 0.1", "9 / x", " / "]), line=lines), max_size=4
    ).map(tuple),
    classes=st.lists(
        st.builds(Class, html=texts, text=texts, entries=st.lists(entries, max_size=3).map(tuple), line=lines),
        max_size=4,
    ).map(tuple),
    others=st.lists(cells, max_size=2).map(tuple),
    tags=st.dictionaries(st.sampled_from(["words", "bank", "any-script"]), texts | st.just("60-200")),
    debrief=texts,
    line=lines,
)


def orders(example: Example) -> list[tuple[int, ...]]:
    """Every order in which the example may be shown."""
    one = example.type.order(example.item, random.Random(1), True)
    return list(permutations(sorted(one)))


def ask(type_: ItemType, item: Any, order: tuple[int, ...], response: Any) -> str:
    return rendered(type_, "ask", type_.view(item, order), type_.shown(item, order, response), "a")


@every_type
def test_it_is_named_as_its_folder_and_brings_what_a_member_brings(type_: ItemType) -> None:
    assert TYPES[type_.name] is type_
    folder = PACKAGE / "items" / type_.name
    assert (folder / "README.md").is_file()
    assert [example for example in EXAMPLES if example.type is type_]


@every_type
@given(source=sources)
def test_parsing_never_raises_and_says_why_there_is_no_item(type_: ItemType, source: Source) -> None:
    item, faults = type_.parse(source)
    assert (item is None) == any(fault.fatal for fault in faults)
    for fault in faults:
        assert str(fault.message)
        assert fault.mend is not None, fault.code
        assert str(fault.mend)
        assert fault.line >= 1
    if item is not None:
        order = type_.order(item, random.Random(0), True)
        assert rendered(type_, "ask", type_.view(item, order), type_.shown(item, order, None), "a")
        assert rendered(type_, "review", type_.review(item, order, None), "a")
        assert type_.score(item, None).points == 0


@every_example
def test_every_example_is_read_without_a_fault(example: Example) -> None:
    for source in (example.source, example.twin):
        item, faults = example.type.parse(source)
        assert faults == ()
        assert item is not None


@every_example
def test_every_example_scores_as_it_says(example: Example) -> None:
    assert any(case.response is None for case in example.cases)
    for case in example.cases:
        outcome = example.type.score(example.item, case.response)
        assert (outcome.points, outcome.possible) == (case.points, POINT)


@every_example
def test_an_order_is_a_permutation_that_the_seed_alone_decides(example: Example) -> None:
    for shuffle in (False, True):
        order = example.type.order(example.item, random.Random(7), shuffle)
        assert order == example.type.order(example.item, random.Random(7), shuffle)
        assert sorted(order) == list(range(len(order)))


@every_example
def test_the_page_filled_again_sends_the_same_response_under_any_order(example: Example) -> None:
    for order in orders(example):
        for case in example.cases:
            form = sent(ask(example.type, example.item, order, case.response))
            assert example.type.read(example.item, order, form, "a") == case.response


@every_example
def test_nothing_tells_right_from_wrong_before_the_answer(example: Example) -> None:
    """Over all orders, an item and its twin with another key make the very same pages, equally often."""
    twin, _ = example.type.parse(example.twin)
    assert example.item != twin
    assert Counter(ask(example.type, example.item, order, None) for order in orders(example)) == Counter(
        ask(example.type, twin, order, None) for order in orders(example)
    )
    views = [Counter(repr(example.type.view(i, order)) for order in orders(example)) for i in (example.item, twin)]
    assert views[0] == views[1]


@every_example
def test_the_review_renders_for_every_case(example: Example) -> None:
    for order in orders(example)[:6]:
        for case in example.cases:
            html = rendered(example.type, "review", example.type.review(example.item, order, case.response), "a")
            assert "style=" not in html
            assert "onclick" not in html
            assert not field_names(html)


@every_example
def test_an_author_looks_over_everything_a_trainee_may_be_told(example: Example) -> None:
    order = orders(example)[-1]
    html = rendered(example.type, "review", example.type.proof(example.item, order), "a")
    grouped = [entry for one in example.source.classes for entry in one.entries]
    for said in [entry.feedback for entry in (*example.source.entries, *grouped)]:
        assert said in html
    assert not field_names(html)


@every_example
@given(data=st.data())
def test_whatever_a_form_holds_is_refused_or_read_back(example: Example, data: st.DataObject) -> None:
    item = example.item
    order = data.draw(st.permutations(sorted(example.type.order(item, random.Random(1), True))).map(tuple))
    known = sorted(field_names(ask(example.type, item, order, None)))
    values = st.lists(
        st.sampled_from(["0", "1", "2", "3", "4", "9", "", "-1", "01", "１", "x", "1e0", "６０．８", "\x00", "\ud800"])
        | st.text(max_size=12)
        | st.just("9" * 300),
        max_size=4,
    )
    form = data.draw(st.dictionaries(st.sampled_from([*known, "a-7", "b", "csrf_token"]), values))
    try:
        response = example.type.read(item, order, form, "a")
    except Invalid:
        return
    outcome = example.type.score(item, response)
    assert outcome == example.type.score(item, response)
    example.type.doubt(item, response)
    assert rendered(example.type, "review", example.type.review(item, order, response), "a")
    assert outcome.possible == POINT
    assert outcome.points is None or 0 <= outcome.points <= outcome.possible
    again = sent(ask(example.type, item, order, response))
    assert example.type.read(item, order, again, "a") == response


@every_type
def test_how_it_is_scored_is_told_in_words_where_it_is_not_plain(type_: ItemType) -> None:
    assert type_.rule is None or str(type_.rule).endswith(".")
    if isinstance(type_, SelfMarked):
        assert type_.rule is not None
