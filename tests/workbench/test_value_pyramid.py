"""The value pyramid: the worked counts, Hunan's ratio, each alert on and off, and the edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from kamtrain.core.sheet import results, shown
from kamtrain.workbench.value_pyramid.tool import EXAMPLES, TOOL

CASE, FEW = (example.cells for example in EXAMPLES)


def pyramid(values: Sequence[str | int], **more: str) -> dict[str, str]:
    return {f"customers.{place:04}.value": str(value) for place, value in enumerate(values, 1)} | more


def codes(cells: Mapping[str, str], settings: Mapping[str, str] | None = None) -> set[str]:
    return {notice.code for notice in results(TOOL, cells, settings).notices}


def counts(count: int, settings: Mapping[str, str] | None = None) -> list[int]:
    figures = results(TOOL, pyramid(range(1, count + 1)), settings).figures
    return [int(str(figures[name])) for name in ("platinum", "gold", "silver", "standard")]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (25, [1, 4, 8, 12]),
        (1, [1, 0, 0, 0]),
        (2, [1, 0, 0, 1]),
        (3, [1, 0, 1, 1]),
        (13, [1, 2, 4, 6]),
        (100, [4, 16, 30, 50]),
        (1000, [40, 160, 300, 500]),
    ],
)
def test_the_tiers_are_counted_cumulatively_and_half_goes_up(count: int, expected: list[int]) -> None:
    assert counts(count) == expected


def test_an_empty_pyramid_has_nobody() -> None:
    result = results(TOOL, {})
    assert result.figures["platinum"] == 0
    assert (result.verdict, result.picture, result.figures["worth"]) == (None, None, None)


def test_other_cut_offs() -> None:
    assert counts(10, {"platinum": "10", "gold": "30", "silver": "60"}) == [1, 2, 3, 4]
    assert counts(10, {"platinum": "50", "gold": "20", "silver": "10"}) == [5, 0, 0, 5]
    assert "cut-offs-fall" in codes({}, {"platinum": "50"})
    assert "cut-offs-fall" not in codes({})


def test_the_few_of_the_source_and_of_the_lesson() -> None:
    value = results(TOOL, FEW).figures["few-worth"]
    assert isinstance(value, Decimal)
    assert shown(value, 1) == "31.6"
    mao = results(TOOL, {"few_customers": "5", "few_result": "60"}).figures["few-worth"]
    assert isinstance(mao, Decimal)
    assert shown(mao) == "28.5"
    for customers, result in (("0", "50"), ("100", "50"), ("5", "100"), ("", "50")):
        assert results(TOOL, {"few_customers": customers, "few_result": result}).figures["few-worth"] is None


def test_the_worked_example_tier_by_tier() -> None:
    result = results(TOOL, CASE)
    assert str(result.cells["customers.05.tier"]) == "Gold"
    assert [result.cells[f"customers.{row}.move"] for row in ("01", "05", "08", "26")] == ["=", "↑", "↑", None]
    assert result.cells["customers.26.tier"] is None, "not in the programme"
    assert result.cells["tiers.01.all-visits"] == 24
    assert result.figures["visits-in-all"] == 24 + 4 * 12 + 8 * 6 + 12 * 2
    assert result.figures["cost-in-all"] == 60 + 80 + 48 + 12
    share = result.cells["tiers.01.cost-share"]
    assert isinstance(share, Decimal)
    assert shown(share) == "7.9"
    parts = [result.cells[f"tiers.{row}.value-share"] for row in ("01", "02", "03", "04")]
    assert shown(sum((part for part in parts if isinstance(part, Decimal)), Decimal())) == "100.0"
    assert {"moved-up"} == {notice.code for notice in result.notices}


def test_one_platinum_customer_in_others() -> None:
    result = results(TOOL, pyramid([60, 20, 20]))
    assert result.figures["worth"] == 3
    assert results(TOOL, pyramid([5])).figures["worth"] is None
    assert results(TOOL, pyramid([5, 0, 0])).figures["worth"] is None


RICH = pyramid(range(100, 125))


@pytest.mark.parametrize(
    ("code", "on", "off"),
    [
        ("few-candidates", pyramid(range(1, 13)), pyramid(range(1, 14))),
        ("no-value", {"customers.1.name": "A"}, {"customers.1.name": "A", "customers.1.candidate": "no"}),
        ("line-through-equals", pyramid([9, 9]), pyramid([9, 8])),
        ("earns-nothing", pyramid([0, -1]), pyramid([1, -1])),
        ("over-cap", RICH | {"tiers.01.cost": "32"}, RICH | {"tiers.01.cost": "31"}),
        ("over-cap", RICH | {"tiers.01.cost": "32"}, RICH | {"tiers.01.cost": "32", "measure": "index"}),
        (
            "upside-down",
            {"tiers.01.visits": "3", "tiers.02.visits": "4"},
            {"tiers.01.visits": "4", "tiers.02.visits": "4"},
        ),
        ("upside-down", {"tiers.02.hours": "8", "tiers.03.hours": "4"}, {"tiers.02.hours": "4", "tiers.03.hours": "8"}),
        (
            "moved-up",
            pyramid([9, 8]) | {"customers.0001.before": "gold"},
            pyramid([9, 8]) | {"customers.0001.before": "platinum"},
        ),
        (
            "moved-down",
            pyramid([9, 8]) | {"customers.0002.before": "gold"},
            pyramid([9, 8]) | {"customers.0002.before": "standard"},
        ),
        (
            "no-rule",
            pyramid([9, 8]) | {"customers.0002.before": "gold"},
            pyramid([9, 8], rule="each January") | {"customers.0002.before": "gold"},
        ),
        (
            "left-out",
            {"customers.1.before": "gold", "customers.1.candidate": "no"},
            pyramid([9]) | {"customers.0001.before": "gold"},
        ),
    ],
)
def test_each_alert_comes_and_goes(code: str, on: Mapping[str, str], off: Mapping[str, str]) -> None:
    assert code in codes(on)
    assert code not in codes(off)


def test_it_says_who_stands_next_below_each_line() -> None:
    said = [str(one) for one in results(TOOL, CASE).turns]
    assert said[0] == "“B” is Platinum with 54.0 more value than now."
    assert len(said) == 3


def test_zeros_and_losses_divide_nothing() -> None:
    result = results(TOOL, pyramid([0, 0, -3]) | {"tiers.01.cost": "5"})
    assert result.cells["tiers.01.value-share"] is None
    assert result.cells["tiers.01.cost-share"] is None


def test_a_row_of_tiers_without_a_tier_says_nothing() -> None:
    result = results(TOOL, pyramid([3, 2]) | {"tiers.01.tier": "nonsense", "tiers.01.visits": "5"})
    assert result.cells["tiers.01.count"] is None
    assert result.cells["tiers.01.all-visits"] is None


def test_the_picture_cuts_long_names_and_many() -> None:
    cells = pyramid(range(1000)) | {"customers.0999.name": "很长的客户名称" * 30}
    picture = results(TOOL, cells).picture
    assert len(picture.bands) == 4
    assert all(len(band.names) < 60 for band in picture.bands)
    many = results(TOOL, {f"customers.{place:04}.name": "x" for place in range(30)})
    assert "…" in str(next(notice.text for notice in many.notices if notice.code == "no-value"))
