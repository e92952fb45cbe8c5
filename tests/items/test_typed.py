"""ordering, classify, numeric, short, cloze and grid: what their source must hold, and what is said afterwards."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kamtrain.core.errors import Invalid
from kamtrain.core.item import GAP, Class, Entry, Gap, ItemType, Row, Source
from kamtrain.items import TYPES
from tests.items.examples import rendered
from tests.items.sources import options

ORDERING, CLASSIFY, NUMERIC, SHORT, CLOZE, GRID = (
    TYPES[name] for name in ("ordering", "classify", "numeric", "short", "cloze", "grid")
)


def faults(type_: ItemType, source: Source) -> list[tuple[int, str, bool]]:
    return [(fault.line, fault.code, fault.fatal) for fault in type_.parse(source)[1]]


def item(type_: ItemType, source: Source) -> Any:
    found, said = type_.parse(source)
    assert found is not None, said
    return found


def steps(*texts: str) -> Source:
    entries = tuple(Entry(None, text, text, "", (), 3 + n) for n, text in enumerate(texts))
    return Source(entries=entries, line=2)


def groups(*named: tuple[str, tuple[str, ...]]) -> Source:
    return Source(
        classes=tuple(
            Class(
                name, name, tuple(Entry(None, t, t, f"on {t}", (), 10 * n + k) for k, t in enumerate(texts, 4)), 10 * n
            )
            for n, (name, texts) in enumerate(named, 1)
        ),
        line=2,
    )


def gaps(*texts: str, tags: tuple[str, ...] = (), wrong: tuple[str, ...] = ()) -> Source:
    return Source(
        text=f"<p>{' and '.join(GAP for _ in texts)}.</p>",
        gaps=tuple(Gap(text, 4) for text in texts),
        entries=options(*(f"[ ] {text}" for text in wrong)).entries,
        tags=dict.fromkeys(tags, ""),
        line=2,
    )


# --- ordering ---


def test_steps_are_at_least_three_and_none_stands_twice() -> None:
    assert faults(ORDERING, steps("a", "b")) == [(2, "step-count", True)]
    assert faults(ORDERING, steps("a", "b", " a ", "")) == [(5, "same-step", True), (6, "empty-step", True)]
    assert faults(ORDERING, steps(*map(str, range(13)))) == [(2, "step-count", True)]
    assert (3, "boxed-step", True) in faults(ORDERING, options("[x] a", "b", "c"))


def test_the_order_shown_is_never_the_right_one() -> None:
    three = item(ORDERING, steps("a", "b", "c"))
    orders = {ORDERING.order(three, random.Random(seed), False) for seed in range(60)}
    assert len(orders) == 5
    assert (0, 1, 2) not in orders


def test_one_step_out_of_line_costs_little_and_a_reversed_order_everything() -> None:
    six = item(ORDERING, steps(*"abcdef"))
    assert ORDERING.score(six, [0, 1, 2, 3, 5, 4]).points == 867
    assert ORDERING.score(six, [5, 0, 1, 2, 3, 4]).points == 333
    assert ORDERING.score(six, [5, 4, 3, 2, 1, 0]).points == 0
    assert ORDERING.score(six, [0] * 6).points == 0  # all at one place is no order


def test_what_has_a_place_stands_first_when_the_page_is_shown_again() -> None:
    four = item(ORDERING, steps(*"abcd"))
    shown = ORDERING.shown(four, (3, 2, 1, 0), [None, 0, None, 1])
    assert shown.rows == (2, 0, 1, 3)
    assert shown.places == (1, None, 0, None)
    with pytest.raises(Invalid):
        ORDERING.read(four, (3, 2, 1, 0), {"a-4": ["0"]}, "a")


# --- classify ---


def test_groups_have_names_and_statements_that_stand_once() -> None:
    assert faults(CLASSIFY, groups(("A", ("x",)))) == [(2, "group-count", True)]
    found = faults(CLASSIFY, groups(("A", ("x", "")), ("A", ()), ("", ("x",))))
    assert found == [
        (15, "empty-statement", True),
        (20, "same-group", True),
        (20, "no-statement", True),
        (30, "empty-group", True),
        (34, "same-statement", True),
    ]


def test_a_statement_left_out_is_told_apart_from_a_wrong_one() -> None:
    two = item(CLASSIFY, groups(("A", ("x", "y")), ("B", ("z",))))
    review = CLASSIFY.review(two, (2, 0, 1), [0, None, 0])
    assert [(one.html, one.chosen, one.right, one.correct) for one in review.statements] == [
        ("z", "A", "B", False),
        ("x", "A", "A", True),
        ("y", None, "A", False),
    ]
    html = rendered(CLASSIFY, "review", review, "q")
    assert html.count("Your answer: right") == html.count("Your answer: wrong") == html.count("Not answered") == 1


# --- numeric ---


def test_a_number_has_a_box_digits_and_one_unit() -> None:
    assert faults(NUMERIC, Source(line=2)) == [(2, "none-right", True)]
    assert faults(NUMERIC, options("[x] about sixty", "5")) == [(3, "no-number", True), (4, "no-box", True)]
    assert faults(NUMERIC, options("[x] 5 days", "[x] 7 weeks")) == [(2, "other-unit", True)]
    assert faults(NUMERIC, options("[x] 5 ± 1", "[ ] 5.5", "[ ] 7!")) == [
        (5, "no-feedback", True),
        (4, "slip-is-right", True),
    ]


def test_a_known_slip_gets_its_word_and_how_the_number_comes_about() -> None:
    days = item(NUMERIC, options("[x] 60.8 ± 0.1 days", "[ ] 6.1 ± 0.05", "[ ] 2190"))
    assert NUMERIC.review(days, (), "2,190 days").feedback == ("on 2190", "on 60.8 ± 0.1 days")
    assert NUMERIC.review(days, (), "6.12").feedback == ("on 6.1 ± 0.05", "on 60.8 ± 0.1 days")
    assert NUMERIC.review(days, (), "60.85").correct
    assert NUMERIC.review(days, (), "61").feedback == ("on 60.8 ± 0.1 days",)
    assert NUMERIC.doubt(days, "60.8 weeks") is not None
    assert NUMERIC.doubt(days, None) is None


def test_how_to_round_is_told_before_one_answers() -> None:
    def asked(text: str) -> str:
        number = item(NUMERIC, options(f"[x] {text}"))
        return rendered(NUMERIC, "ask", NUMERIC.view(number, ()), "", "a")

    assert "Decimal places: 1. Up to 0.1 more or less counts as right." in asked("60.8 ± 0.1 days")
    assert "Round to a whole number. Exactly the number counts." in asked("2190")
    assert "days" in asked("60.8 ± 0.1 days")


# --- short ---


def test_accepted_answers_differ_and_wrong_ones_have_feedback() -> None:
    assert faults(SHORT, options("[ ] friend")) == [(2, "none-right", True)]
    assert faults(SHORT, options("[x] coach", "[x] COACH.", "[ ] friend!", "boss")) == [
        (4, "same-answer", True),
        (5, "no-feedback", True),
        (6, "no-box", True),
    ]
    assert faults(SHORT, options("[x] coach!")) == []


def test_a_known_wrong_word_gets_its_feedback() -> None:
    word = item(SHORT, options("[x] coach", "[ ] friend"))
    assert SHORT.review(word, (), "Friend.").feedback == ("on friend",)
    assert SHORT.review(word, (), "boss").feedback == ()
    assert "Right is:" in rendered(SHORT, "review", SHORT.review(word, (), "boss"), "a")


# --- cloze and grid ---


def test_gaps_need_answers_and_wrong_ones_feedback() -> None:
    assert faults(CLOZE, Source(text="<p>None.</p>", line=2)) == [(2, "no-gap", True)]
    assert faults(GRID, Source(rows=(Row(("a",), ("a",), 5),), line=2)) == [(2, "no-gap", True)]
    assert faults(CLOZE, gaps("a", "x" * 201)) == [(4, "bad-gap", True)]
    assert faults(CLOZE, gaps("a", wrong=("b!", "B"))) == [(3, "no-feedback", True), (4, "same-answer", True)]
    assert faults(CLOZE, gaps("a", "b", tags=("bank",), wrong=("B",))) == [(3, "slip-is-right", False)]
    assert faults(CLOZE, gaps("a", tags=("bank",))) == [(2, "one-answer", True)]
    assert faults(CLOZE, gaps(*["a"] * 61)) == [(4, "too-many-gaps", True)]


def test_a_bank_offers_each_answer_once_and_it_counts_wherever_it_is_right() -> None:
    text = item(CLOZE, gaps("price", "ease", "Price", tags=("bank",), wrong=("fame",)))
    order = (3, 2, 1, 0)
    assert CLOZE.view(text, order).bank == ("fame", "ease", "price")
    response = CLOZE.read(text, order, {"a-0": ["2"], "a-1": ["1"], "a-2": ["2"]}, "a")
    assert response == [0, 1, 0]
    assert CLOZE.score(text, response).points == 1000
    assert [gap.feedback for gap in CLOZE.review(text, order, [3, None, 0]).gaps] == ["on fame", "", ""]


def test_cells_are_named_by_their_row_and_column() -> None:
    source = Source(
        head=("Indicator", "<em>Score</em>"),
        rows=(Row(("Profit", GAP), ("Profit", f"{GAP} %"), 5), Row((GAP, "5"), (GAP, "5"), 6)),
        gaps=(Gap("90.0 ± 0.1", 5), Gap("days", 6)),
        entries=options("[ ] 125").entries,
        line=2,
    )
    grid = item(GRID, source)
    assert grid.labels == ("Profit, Score", "Indicator")
    html = rendered(GRID, "ask", GRID.view(grid, ()), GRID.shown(grid, (), ["90 %", None]), "a")
    assert 'aria-label="Profit, Score"' in html
    assert "Decimal places: 1." in html
    review = GRID.review(grid, (), ["125 %", "Days"])
    assert [(gap.correct, gap.feedback) for gap in review.gaps] == [(False, "on 125"), (True, "")]
    assert GRID.doubt(grid, ["x", None]) is not None
    assert GRID.doubt(grid, [None, "x"]) is None


def test_what_an_author_or_a_trainee_writes_is_never_markup() -> None:
    text = item(CLOZE, gaps("<b>a</b>", "c"))
    evil = "\"><script>alert('x')</script>"
    for html in (
        rendered(CLOZE, "ask", CLOZE.view(text, ()), CLOZE.shown(text, (), [evil, None]), "a"),
        rendered(CLOZE, "review", CLOZE.review(text, (), [evil, None]), "a"),
    ):
        assert "<script>" not in html
        assert "<b>" not in html
