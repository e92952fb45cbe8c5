"""The industry matrix: the printed matrix with its two faults, each alert on and off, and the edges."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

import pytest

from kamtrain.core.sheet import results
from kamtrain.workbench.industry_matrix.tool import EXAMPLES, ORDER, TOOL

OWN, FIXED = (example.cells for example in EXAMPLES)


def matrix(*rows: str, **more: str) -> dict[str, str]:
    """A row is its eight scores in the order of the matrix; a "." is left blank."""
    cells = dict(more)
    for place, scores in enumerate(rows, 1):
        cells |= {f"industries.{place:04}.{n}": s for n, s in zip(ORDER, scores.split(), strict=True) if s != "."}
    return cells


def codes(cells: Mapping[str, str]) -> set[str]:
    return {notice.code for notice in results(TOOL, cells).notices}


LOW, HIGH = "1 1 1 -9 -9 1 1 1", "9 9 9 -1 -1 9 9 9"
MIDDLE = "5 5 9 -5 -5 5 1 5"  # awareness far from relationship


def test_the_printed_matrix_added_up_again() -> None:
    result = results(TOOL, OWN)
    assert [result.cells[f"industries.{place:02}.total"] for place in range(1, 5)] == [42, 44, 32, 28]
    assert [result.cells[f"industries.{place:02}.difference"] for place in range(1, 5)] == [0, 2, 0, 0]
    assert [result.cells[f"industries.{place:02}.rank"] for place in range(1, 5)] == [2, 1, 3, 4]
    assert [result.cells[f"industries.{place:02}.star"] for place in range(1, 5)] == ["★", "★", None, None]
    assert {"printed-differs", "star-breaks-rule"} <= codes(OWN)
    assert "foreign-average" not in codes(OWN)


def test_with_the_printed_cut_off_education_passes_and_finance_does_not() -> None:
    result = results(TOOL, FIXED)
    assert [result.cells[f"industries.{place:02}.star"] for place in range(1, 5)] == ["★", "★", "★", None]
    breaking = [notice for notice in result.notices if notice.code == "star-breaks-rule"]
    assert [notice.at for notice in breaking] == [("industries.04.starred",)]
    assert "foreign-average" in codes(FIXED)


def test_the_fixed_total_can_be_set() -> None:
    assert results(TOOL, FIXED, {"fixed": "43"}).figures["selected"] == 1
    assert results(TOOL, FIXED, {"fixed": "nonsense"}).figures["cut"] is None


def test_the_three_trades_of_the_lesson() -> None:
    result = results(TOOL, matrix("7 5 7 -5 -3 7 7 5", "7 9 5 -3 -3 5 3 5", "9 3 7 -9 -7 9 3 5"))
    assert [result.cells[f"industries.{place:04}.total"] for place in (1, 2, 3)] == [30, 28, 20]
    assert result.figures["average"] == 26
    assert result.figures["selected"] == 2


def test_a_blank_is_no_score_of_nothing() -> None:
    result = results(TOOL, matrix(HIGH, "9 9 9 . -1 9 9 9"))
    assert result.cells["industries.0002.total"] is None
    assert result.cells["industries.0002.star"] is None
    assert result.figures["counted"] == 1
    assert result.figures["average"] == 52
    assert "incomplete" in {notice.code for notice in result.notices}


def test_equal_totals_share_a_place() -> None:
    result = results(TOOL, matrix(HIGH, HIGH, LOW))
    assert [result.cells[f"industries.{place:04}.rank"] for place in (1, 2, 3)] == [1, 1, 3]


def test_a_wrong_sign_is_named_as_such() -> None:
    cells = matrix("9 9 9 3 -1 9 9 -9")
    signs = [notice for notice in results(TOOL, cells).notices if notice.code == "sign"]
    assert [notice.at[0] for notice in signs] == ["industries.0001.competition", "industries.0001.policy"]
    assert "with a minus" in str(signs[0].text)
    assert "without a minus" in str(signs[1].text)
    assert "sign" not in codes(matrix(HIGH, "12 9 9 -1 -1 9 9 9"))


@pytest.mark.parametrize(
    ("code", "on", "off"),
    [
        ("nothing-to-compare", matrix(MIDDLE), matrix(MIDDLE, HIGH)),
        ("nothing-to-compare", matrix(MIDDLE), matrix(MIDDLE, cutoff="fixed")),
        ("counted-twice", matrix(HIGH, LOW, HIGH), matrix(HIGH, LOW, MIDDLE)),
        ("counted-twice", matrix(HIGH, LOW, HIGH), matrix(HIGH, LOW)),
        ("incomplete", matrix("9 . . . . . . ."), {"industries.0001.name": "Steel"}),
    ],
)
def test_each_alert_comes_and_goes(code: str, on: Mapping[str, str], off: Mapping[str, str]) -> None:
    assert code in codes(on)
    assert code not in codes(off)


def test_it_says_what_would_turn_the_selection() -> None:
    close = matrix("9 5 5 -5 -5 5 5 5", "5 5 5 -5 -5 5 5 7")
    said = [str(one) for one in results(TOOL, close).turns]
    assert any(one.startswith("Without “Market capacity”") for one in said)
    near = results(TOOL, {**FIXED, "industries.04.name": "Finance"}).turns
    assert [str(one) for one in near] == ["Two points more in one score, and “Finance” is in."]


def test_nobody_reaches_a_cut_off_that_is_too_high() -> None:
    result = results(TOOL, matrix(LOW, cutoff="fixed"))
    assert str(result.verdict) == "No industry reaches the cut-off"
    assert result.picture.line is not None


def test_an_empty_matrix_draws_nothing() -> None:
    result = results(TOOL, {})
    assert (result.verdict, result.picture, result.figures["average"]) == (None, None, None)
    assert result.figures["counted"] == 0


def test_fifty_industries_find_room_in_the_picture() -> None:
    picture = results(TOOL, matrix(*[HIGH] * 50)).picture
    assert len(picture.dots) == 40
    assert picture.others == 10
    heights = [dot.label_y for dot in picture.dots]
    assert min(b - a for a, b in pairwise(heights)) >= 16
    assert max(heights) < picture.bottom


def test_a_long_selection_is_counted() -> None:
    assert str(results(TOOL, matrix(*[HIGH] * 9, LOW)).verdict) == "Selected: 9 industries"
    assert results(TOOL, matrix(HIGH, LOW)).figures["average"] == Decimal("20")
