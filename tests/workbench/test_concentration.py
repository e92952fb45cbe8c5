"""The concentration check: the printed numbers, each alert on and off, and the edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from kamtrain.core.sheet import Result, results, shown
from kamtrain.workbench.concentration.tool import EXAMPLES, TOOL

SECTORS, LANXI = (example.cells for example in EXAMPLES)


def parts(values: Sequence[str], **more: str) -> dict[str, str]:
    return {f"parts.{place:04}.amount": value for place, value in enumerate(values, 1)} | more


def figure(result: Result, name: str, places: int = 1) -> str:
    value = result.figures[name]
    return "" if value is None else shown(value, places) if isinstance(value, Decimal) else str(value)


def codes(cells: Mapping[str, str], settings: Mapping[str, str] | None = None) -> set[str]:
    return {notice.code for notice in results(TOOL, cells, settings).notices}


def test_the_printed_shares_of_eleven_sectors() -> None:
    result = results(TOOL, SECTORS)
    assert result.figures["sum"] == Decimal("100.0")
    assert figure(result, "squares", 2) == "1,293.74"
    assert figure(result, "effective", 2) == "7.73"
    assert result.figures["single-share"] == Decimal("19.350")
    assert figure(result, "single-amount", 2) == "495.36"
    assert result.cells["parts.08.rank"] == 1
    assert {n.code for n in result.notices} == {"no-limit", "one-name"}


def test_the_loss_test_of_the_lesson() -> None:
    cells = parts(["315", "195", "195", "195"], entered="amounts", gross_profit="900", fixed_costs="620", limit="30")
    result = results(TOOL, cells)
    assert [figure(result, name) for name in ("profit", "after", "red-line")] == ["280.0", "-35.0", "31.1"]
    assert [figure(result, name) for name in ("grow", "grow-share")] == ["150.0", "25.6"]
    at_25 = results(TOOL, cells | {"limit": "25"})
    assert figure(at_25, "grow") == "360.0"


def test_ten_equal_customers_and_a_single_one() -> None:
    ten = results(TOOL, parts(["10"] * 10))
    assert (ten.figures["squares"], ten.figures["effective"]) == (1000, 10)
    one = results(TOOL, parts(["100"]))
    assert (one.figures["squares"], one.figures["effective"], one.figures["top-five"]) == (10_000, 1, 100)


def test_equal_shares_take_their_places_in_the_order_of_the_table() -> None:
    result = results(TOOL, parts(["20", "30", "20", "30"]))
    assert [result.cells[f"parts.{place:04}.rank"] for place in range(1, 5)] == [3, 1, 4, 2]


@pytest.mark.parametrize(
    ("code", "on", "off"),
    [
        ("sum", parts(["50", "49.8"]), parts(["50", "49.9"])),
        ("sum", parts(["50"]), parts(["50"], entered="amounts")),
        ("no-limit", parts(["100"]), parts(["100"], limit="30")),
        ("over-limit", parts(["31", "69"], limit="60"), parts(["50", "50"], limit="50")),
        ("no-reason", parts(["100"], limit="30"), parts(["100"], limit="30", reason="B to J grow")),
        (
            "loss",
            parts(["35", "65"], gross_profit="100", fixed_costs="36"),
            parts(["35", "65"], gross_profit="100", fixed_costs="35"),
        ),
        (
            "limit-above-line",
            parts(["35", "65"], gross_profit="100", fixed_costs="70", limit="31"),
            parts(["35", "65"], gross_profit="100", fixed_costs="70", limit="30"),
        ),
        ("few", parts(["25"] * 4), parts(["20"] * 5)),
        ("behind-the-sector", parts(["60", "40"], level="sectors"), parts(["60", "40"])),
        ("one-name", {**SECTORS, "parts.08.within": "90"}, {**SECTORS, "parts.08.within": "49"}),
        (
            "sales-shares",
            parts(["50", "50"], measure="sales", gross_profit="100"),
            parts(["50", "50"], measure="profit", gross_profit="100"),
        ),
    ],
)
def test_each_alert_comes_and_goes(code: str, on: Mapping[str, str], off: Mapping[str, str]) -> None:
    assert code in codes(on)
    assert code not in codes(off)


def test_settings_move_the_cut_offs() -> None:
    assert "sum" not in codes(parts(["50", "49"]), {"tolerance": "1"})
    assert "few" in codes(parts(["10"] * 10), {"few": "11"})


def test_nothing_is_divided_by_nothing() -> None:
    zeros = results(TOOL, parts(["0", "0"], entered="amounts", gross_profit="0", fixed_costs="0", limit="0"))
    assert zeros.figures["largest"] is None
    assert zeros.figures["red-line"] is None
    assert zeros.verdict is None
    assert zeros.picture is None
    nought = results(TOOL, parts(["0"], gross_profit="10", limit="0"))
    assert nought.figures["effective"] is None
    assert nought.figures["grow"] is None


def test_blank_rows_and_unknown_insides_count_for_nothing() -> None:
    result = results(TOOL, parts(["60", "", "abc", "-5", "40"], level="sectors", gross_profit="100", fixed_costs="10"))
    assert result.figures["sum"] == 100
    assert result.figures["single-share"] is None
    assert result.figures["leaves"] == 60, "the largest sector, as long as no name is known"
    assert result.cells["parts.0003.share"] is None


def test_what_the_largest_earns_goes_before_its_share() -> None:
    result = results(TOOL, parts(["35", "65"], gross_profit="900", fixed_costs="620", largest_profit="200"))
    assert (result.figures["leaves"], result.figures["after"]) == (200, 80)
    assert "80.0" in str(result.turns[0])


def test_it_says_what_would_turn_the_answer() -> None:
    assert "160.0" in str(results(TOOL, LANXI).turns[0])
    no_profit = results(TOOL, parts(["100"], gross_profit="10", fixed_costs="20"))
    assert "no profit today" in str(no_profit.turns[0])


def test_within_the_limit_above_it_and_unmeasured() -> None:
    assert str(results(TOOL, parts(["20"] * 5, limit="25")).verdict) == "Within the limit"
    assert str(results(TOOL, parts(["30", "70"], limit="25")).verdict) == "Above the limit"


def test_the_picture_takes_fifty_names_and_long_ones() -> None:
    cells = parts(["2"] * 50) | {"parts.0001.name": "兰溪" * 40, "parts.0002.name": "x" * 300}
    picture = results(TOOL, cells).picture
    assert len(picture.bars) == 20
    assert picture.others == 30
    assert picture.squares == ()
    assert all(len(bar.name) < 25 for bar in picture.bars)
    assert results(TOOL, SECTORS).picture.bars[0].inner < results(TOOL, SECTORS).picture.bars[0].length
    assert sum(square.filled > 0 for square in results(TOOL, SECTORS).picture.squares) == 8
