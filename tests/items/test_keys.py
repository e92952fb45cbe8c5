"""What is typed against what is accepted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.errors import Invalid
from kamtrain.items import keys

typing = st.text(max_size=30) | st.text("0123456789０１９.,，、 '’-−+±/％%天 days", max_size=15)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("60.8", Fraction("60.8"), ""),
        ("６０．８", Fraction("60.8"), ""),
        ("60.8 天", Fraction("60.8"), "天"),
        ("60.8days", Fraction("60.8"), "days"),
        ("12,000", Fraction(12000), ""),
        ("12，000.5", Fraction("12000.5"), ""),
        ("1,2000", Fraction(12000), ""),  # four by four, as Chinese counts
        ("12 000", Fraction(12000), ""),
        ("12\u00a0000", Fraction(12000), ""),
        ("12'000", Fraction(12000), ""),
        ("60,8", Fraction("60.8"), ""),
        ("−5", Fraction(-5), ""),
        ("- 5", Fraction(-5), ""),
        ("+.5", Fraction("0.5"), ""),
        ("35 ％", Fraction(35), "%"),
        ("35.", Fraction(35), ""),
    ],
)
def test_a_number_is_read_however_it_is_typed(text: str, value: Fraction, unit: str) -> None:
    assert keys.typed(text) == (value, unit)


@pytest.mark.parametrize("text", ["", " ", "about 60", "60-61", "1,23,4", "1.2.3", "--5", "60 5", "六十", "±5", "0x1f"])
def test_what_is_no_number_is_none(text: str) -> None:
    read = keys.typed(text)
    assert read is None or read[1]  # what follows would have to be the unit


@pytest.mark.parametrize(
    ("text", "shown", "tolerance", "places"),
    [
        ("60.8 ± 0.1 days", "60.8 days", Fraction("0.1"), 1),
        ("60.8 +- 0.1 days", "60.8 days", Fraction("0.1"), 1),
        ("60.80 +/- 0.1", "60.80", Fraction("0.1"), 2),
        ("2,190", "2,190", Fraction(0), 0),
        ("2 190 元", "2 190 元", Fraction(0), 0),
        ("−3.5 ± 0.5 ％", "-3.5 %", Fraction("0.5"), 1),
    ],
)
def test_a_number_as_an_author_writes_it(text: str, shown: str, tolerance: Fraction, places: int) -> None:
    number = keys.number(text)
    assert number is not None
    assert (number.shown, number.tolerance, number.places) == (shown, tolerance, places)


@pytest.mark.parametrize("text", ["", "约六十天", "60,8", "60.8 ± ", "1:2", "80/20", "2-3", "12.5.3", "x" * 300])
def test_what_an_author_may_not_write_as_a_number(text: str) -> None:
    assert keys.number(text) is None


def test_the_tolerance_counts_exactly_at_its_ends() -> None:
    number = keys.number("60.8 ± 0.1 days")
    assert number is not None
    assert [keys.hit(number, text) for text in ("60.7", "60.9", "60.70", "60.69", "60.901", None)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    exact = keys.number("0.3")
    assert exact is not None
    assert keys.hit(exact, "0.3")
    assert not keys.hit(exact, "0.30000000000000001")


def test_another_unit_is_asked_again_and_never_guessed() -> None:
    number = keys.number("60.8 ± 0.1 days")
    assert number is not None
    assert keys.doubt(number, "60.8 DAYS.") is None
    assert "another unit" in str(keys.doubt(number, "60.8 months"))
    assert "cannot be read" in str(keys.doubt(number, "about sixty"))
    assert not keys.hit(number, "60.8 months")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("coach", " “Ｃｏａｃｈ。” "),
        ("Straße", "STRASSE"),
        ("key account", "Key  Account!"),
        ("大客户", "大 客户"),
        ("e\u0301clat", "éclat"),
        ("USP 分析", "usp分析"),
        ("ﾃｽﾄ", "テスト"),
    ],
)
def test_what_does_not_count_is_folded(one: str, other: str) -> None:
    assert keys.folded(one) == keys.folded(other)


def test_scripts_match_only_where_it_is_said_so() -> None:
    assert keys.folded("內線") != keys.folded("内线")
    assert keys.folded("內线", True) == keys.folded("内線", True) == "内线"


def test_words_that_differ_stay_different() -> None:
    assert len({keys.folded(text) for text in ("coach", "coaching", "co-ach", "co ach", "10²", "102", "½", "1/2")}) == 8


@given(text=typing)
def test_folding_twice_changes_nothing(text: str) -> None:
    for script in (False, True):
        assert keys.folded(keys.folded(text, script), script) == keys.folded(text, script)


@given(text=typing, other=typing, script=st.booleans())
def test_nothing_that_is_typed_raises(text: str, other: str, script: bool) -> None:
    key = keys.gap_key(other, [text], script, text)
    assert key.accepts(text) in (True, False)
    key.doubt(text)
    for shown in key.shown:
        assert key.accepts(shown), shown
    number = keys.number(other)
    if number is not None:
        assert keys.hit(number, number.text)
        assert number.accepts(number.value)
        assert not number.accepts(number.value + number.tolerance + 1)


@pytest.mark.parametrize("text", ["x" * 201, "\x00", "a\x1fb", "\ud800"])
def test_what_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        keys.line({"a": [text]}, "a")


@pytest.mark.parametrize(
    ("text", "numeric", "shown"),
    [
        ("35.0 ± 0.1", True, ("35.0",)),
        ("90 / 90.5", True, ("90", "90.5")),
        ("80/20", False, ("80/20",)),
        ("3 年", False, ("3 年",)),
        ("4P", False, ("4P",)),
        ("withdraws / asks for more", False, ("withdraws", "asks for more")),
        ("退缩 ／ 要更多资料", False, ("退缩", "要更多资料")),
    ],
)
def test_a_gap_is_numeric_where_it_reads_as_a_number(text: str, numeric: bool, shown: tuple[str, ...]) -> None:
    key = keys.gap_key(text)
    assert (key.numeric is not None, key.shown) == (numeric, shown)


def test_a_unit_behind_the_gap_may_be_typed_along() -> None:
    key = keys.gap_key("35.0 ± 0.1", after="% of the year")
    assert [key.accepts(text) for text in ("35", "35 %", "35％", "35 days")] == [True, True, True, False]
    assert key.doubt("35 days") is not None
    assert key.doubt("35%") is None
