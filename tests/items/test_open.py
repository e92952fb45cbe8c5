from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.errors import Invalid
from kamtrain.core.item import POINT, SelfMarked, Source
from kamtrain.items import TYPES
from kamtrain.items.open.item import LONGEST, self_mark, word_count
from tests.items.examples import rendered, sent
from tests.items.sources import table

OPEN = TYPES["open"]
assert isinstance(OPEN, SelfMarked)
HEAD = "Criterion | 1 Incomplete | 2 Basic | 4 Sound"
CUES = "Cues | titles | fewer than three | three each"
CONCLUSION = "Conclusion | none | a label | a label that follows"


def item(*rows: str, words: str | None = None, head: str = HEAD) -> Any:
    value, faults = OPEN.parse(table(*(rows or (CUES, CONCLUSION)), head=head, words=words))
    assert faults == ()
    return value


def faults(source: Source) -> list[tuple[int, str, bool]]:
    return [(fault.line, fault.code, fault.fatal) for fault in OPEN.parse(source)[1]]


def test_every_fault_is_told_at_once_with_its_line() -> None:
    source = table(
        "Cues | titles | ", "Conclusion | none", head="Criterion | Incomplete | 2 Basic", words="many", debrief=""
    )
    assert faults(source) == [
        (2, "word-range", True),
        (2, "level-without-points", True),
        (5, "rubric-cell", True),
        (6, "rubric-cell", True),
        (2, "no-model-answer", True),
    ]


def test_a_rubric_has_criteria_and_levels_worth_something() -> None:
    assert faults(table(head="")) == [(2, "no-rubric", True), (2, "no-criterion", True)]
    assert faults(table("Cues | no | none", head="Criterion | 0 No | 0 None")) == [(2, "no-rubric", True)]
    assert faults(table("Cues | no | yes", head="Criterion | 1 No | 1 Yes")) == [(2, "same-level", True)]


@pytest.mark.parametrize("words", ["200-60", "0-0", "60", "-60", "60-", "123456-1234567", ""])
def test_a_range_of_words_goes_from_few_to_many(words: str) -> None:
    assert faults(table(CUES, head=HEAD, words=words)) == [(2, "word-range", True)]


def test_the_points_stand_first_in_a_level_whatever_marks_it_up() -> None:
    assert [
        level.points for level in item(CUES, head="Criterion | <b>1</b> No | <em>20 Yes</em> | 3").criteria[0].levels
    ] == [1, 20, 3]


def test_a_text_that_cannot_be_stored_or_is_too_long_is_refused() -> None:
    value = item()
    assert OPEN.read(value, (), {"a": ["x" * LONGEST]}, "a") == "x" * LONGEST
    for text in ("x" * (LONGEST + 1), "a\x00b", "a\ud800b"):
        with pytest.raises(Invalid) as refusal:
            OPEN.read(value, (), {"a": [text]}, "a")
        assert refusal.value.field == "a"
    with pytest.raises(Invalid):
        OPEN.read(value, (), {"a": ["one", "two"]}, "a")


def test_spaces_alone_are_no_answer() -> None:
    assert OPEN.read(item(), (), {"a": [" \r\n\t"]}, "a") is None


def test_line_ends_of_every_browser_become_the_same() -> None:
    assert OPEN.read(item(), (), {"a": ["a\r\nb\rc\nd"]}, "a") == "a\nb\nc\nd"


@given(st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"])).filter(str.strip))
def test_a_text_comes_back_from_the_page_as_it_was_written(text: str) -> None:
    value = item()
    html = rendered(OPEN, "ask", OPEN.view(value, ()), OPEN.shown(value, (), text), "a")
    assert OPEN.read(value, (), sent(html), "a") == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("don't stop", 2),
        ("well-known", 1),
        ("占35%的", 3),
        ("ABC公司", 3),
        ("他打断了我两次。", 7),
        ("a_b — 12,5", 4),
    ],
)
def test_words_are_counted_and_chinese_characters_one_by_one(text: str, words: int) -> None:
    assert word_count(text) == words


def test_a_length_outside_the_bounds_is_a_hint_and_no_refusal() -> None:
    value = item(words="2-3")
    hints = [OPEN.shown(value, (), text).hint for text in (None, "one", "one two", "one two three four")]
    assert [hint and str(hint) for hint in hints] == [
        None,
        "That is short: about 2 to 3 words are expected.",
        None,
        "That is long: about 2 to 3 words are expected.",
    ]
    assert OPEN.read(value, (), {"a": ["one"]}, "a") == "one"
    html = rendered(OPEN, "ask", OPEN.view(value, ()), OPEN.shown(value, (), "one"), "a")
    assert "About 2 to 3 words." in html
    assert "That is short" in html
    assert "That is short" in rendered(OPEN, "review", OPEN.review(value, (), "one"), "a")


def test_what_somebody_wrote_is_shown_as_text() -> None:
    html = rendered(OPEN, "review", OPEN.review(item(), (), "<script>alert(1)</script>"), "a")
    assert "<script>" not in html


def test_it_waits_for_a_mark_unless_nothing_was_written() -> None:
    assert OPEN.score(item(), "text").points is None
    assert OPEN.score(item(), None).points == 0


def test_a_mark_is_the_share_of_the_points_of_the_highest_levels() -> None:
    value = item()
    assert [self_mark(value, levels).points for levels in ([2, 2], [0, 0], [2, 1], [0, 1])] == [1000, 250, 750, 375]
    assert self_mark(item(CUES, head="Criterion | 1 a | 2 b | 3 c"), [1]).points == 667


@given(st.lists(st.integers(0, 2), min_size=2, max_size=2), st.integers(0, 1))
def test_a_higher_level_never_gives_fewer_points(levels: list[int], place: int) -> None:
    value = item()
    higher = [min(2, level + 1) if n == place else level for n, level in enumerate(levels)]
    low, high = self_mark(value, levels), self_mark(value, higher)
    assert low.points is not None
    assert high.points is not None
    assert 0 <= low.points <= high.points <= high.possible == POINT


@pytest.mark.parametrize("levels", [[], [1], [1, 1, 1], [1, 3], [-1, 1]])
def test_a_mark_names_one_level_of_the_rubric_for_each_criterion(levels: list[int]) -> None:
    with pytest.raises(Invalid):
        self_mark(item(), levels)


def test_the_form_of_marking_sends_the_levels_chosen() -> None:
    assert isinstance(OPEN, SelfMarked)
    value = item()
    review = OPEN.review(value, (), "text")
    assert OPEN.read_levels(value, sent(rendered(OPEN, "mark", review, (2, 0), "m")), "m") == (2, 0)
    for form in (sent(rendered(OPEN, "mark", review, (), "m")), {"m-0": ["1"]}, {"m-0": ["1"], "m-1": ["3"]}):
        with pytest.raises(Invalid):
            OPEN.read_levels(value, form, "m")


def test_the_rubric_can_be_shown_without_a_form() -> None:
    html = rendered(OPEN, "rubric", OPEN.review(item(), (), None), "m", None)
    assert "three each" in html
    assert "<input" not in html
