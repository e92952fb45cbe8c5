"""The single-indicator classification: the ten printed customers, each alert on and off, privacy, and the edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from kamtrain.core.sheet import Result, results, shown
from kamtrain.workbench.single_indicator.tool import EXAMPLES, TOOL

BY_PROFIT, BY_DAYS = (example.cells for example in EXAMPLES)
ROWS = [f"{place:02}" for place in range(1, 11)]


def listed(column: str, values: Sequence[str | int], **more: str) -> dict[str, str]:
    return {f"customers.{place:04}.{column}": str(value) for place, value in enumerate(values, 1)} | more


def said(result: Result, column: str, places: int = 1) -> list[str]:
    found = (result.cells[f"customers.{row}.{column}"] for row in ROWS)
    return [shown(one, places) if isinstance(one, Decimal) else str(one) for one in found]


def codes(cells: Mapping[str, str]) -> set[str]:
    return {notice.code for notice in results(TOOL, cells).notices}


def test_by_sales() -> None:
    result = results(TOOL, BY_PROFIT)
    assert said(result, "one-running") == "35.0 56.7 69.2 76.7 83.3 88.3 92.5 95.8 98.3 100.0".split()  # noqa: SIM905
    assert said(result, "one-share")[0] == "35.0"
    assert said(result, "one-class") == ["High (good)"] * 3 + ["Medium (fair)"] * 3 + ["Low (poor)"] * 4


def test_by_gross_profit_two_are_overtaken() -> None:
    result = results(TOOL, BY_PROFIT)
    assert said(result, "profit", 0) == "756 702 465 198 280 174 125 152 78 66".split()  # noqa: SIM905
    assert said(result, "two-running")[2] == "64.2"
    assert said(result, "two-rank", 0) == "1 2 3 5 4 6 8 7 9 10".split()  # noqa: SIM905
    assert [str(one) for one in result.turns] == [
        "By gross profit “E” overtakes D.",
        "By gross profit “H” overtakes G.",
    ]
    assert "differ" not in codes(BY_PROFIT)


def test_by_days_the_largest_is_among_the_poorest() -> None:
    result = results(TOOL, BY_DAYS)
    poor = [row for row, kind in zip("ABCDEFGHIJ", said(result, "two-class"), strict=True) if kind == "Low (poor)"]
    assert poor == ["A", "D", "I"]
    assert said(result, "two-class")[2] == "High (good)", "45 days are good"
    assert said(result, "two-class")[6] == "Medium (fair)", "75 days are fair"
    hidden = [notice for notice in result.notices if notice.code == "hidden"]
    assert [notice.at for notice in hidden] == [("customers.01.name",)]


def test_the_cut_offs_can_be_set() -> None:
    found = results(TOOL, BY_DAYS, {"high": "60", "medium": "80", "days-good": "60", "days-fair": "100"})
    assert found.figures["high"] == 2
    assert said(found, "two-class")[0] == "Medium (fair)"


def test_the_first_is_high_whatever_its_share_and_a_loss_is_low() -> None:
    result = results(TOOL, listed("sales", [90, 10, 0, -5]))
    kinds = [str(result.cells[f"customers.{place:04}.one-class"]) for place in (1, 2, 3, 4)]
    assert kinds == ["High (good)", "Low (poor)", "Low (poor)", "Low (poor)"]
    assert results(TOOL, listed("sales", [7])).figures["high"] == 1


def test_nothing_is_divided_by_nothing() -> None:
    for values in ([0, 0], [-3, 1]):
        result = results(TOOL, listed("sales", values))
        assert result.cells["customers.0001.one-share"] is None
        assert result.figures["high"] == 0
    empty = results(TOOL, {})
    assert (empty.verdict, empty.picture, empty.figures["sum-sales"]) == (None, None, None)


def test_a_margin_is_classed_by_cut_offs() -> None:
    result = results(TOOL, listed("margin", [30, 29, 20, 19], first="margin"))
    kinds = [str(result.cells[f"customers.{place:04}.one-class"]) for place in (1, 2, 3, 4)]
    assert kinds == ["High (good)", "Medium (fair)", "Medium (fair)", "Low (poor)"]


def test_a_further_indicator_where_less_is_better() -> None:
    cells = listed("x", [0, 2, 5], first="x", x_is="complaints", x_direction="lower", x_rule="cuts")
    result = results(TOOL, cells | {"x_good": "1", "x_fair": "3"})
    assert [result.cells[f"customers.{place:04}.one-rank"] for place in (1, 2, 3)] == [1, 2, 3]
    assert str(result.cells["customers.0003.one-class"]) == "Low (poor)"
    assert str(result.verdict) == "High by Contact: complaints, number: 0001"


def test_both_may_say_the_same() -> None:
    same = listed("sales", [5, 3], second="x", x_is="deals") | listed("x", [9, 4])
    assert str(results(TOOL, same).verdict) == "Both indicators say the same"


X = {"first": "x", "x_is": "deals"}


@pytest.mark.parametrize(
    ("code", "on", "off"),
    [
        ("hidden", BY_DAYS, BY_PROFIT),
        ("differ", BY_DAYS, BY_PROFIT),
        ("blank", listed("sales", [5]) | {"customers.9.name": "K"}, listed("sales", [5])),
        ("equals-parted", listed("sales", [1] * 10), listed("days", [1] * 10, first="days")),
        ("no-profit", listed("sales", [5]) | listed("margin", [0]), listed("sales", [5]) | listed("margin", [1])),
        ("nameless", listed("x", [5], first="x"), listed("x", [5], **X)),
        ("direction", listed("x", [5], first="x", x_is="returns"), listed("x", [5], **X)),
        ("direction", listed("x", [5], **X, x_direction="lower"), listed("x", [5], **X)),
        ("no-shares", listed("x", [5], first="x", x_is="cycle"), listed("x", [5], **X)),
        (
            "no-cut-offs",
            listed("x", [5], **X, x_rule="cuts"),
            listed("x", [5], **X, x_rule="cuts", x_good="5", x_fair="3"),
        ),
        (
            "cut-offs-crossed",
            listed("x", [5], **X, x_rule="cuts", x_good="3", x_fair="5"),
            listed("x", [5], **X, x_rule="cuts", x_good="5", x_fair="3"),
        ),
        (
            "guess",
            listed("sales", [5, 1]) | {"customers.0001.sales~confidence": "C"},
            listed("sales", [5, 1]) | {"customers.0002.sales~confidence": "C"},
        ),
        ("private", {"customers.1.private": "two children"}, {"customers.1.trait": "East"}),
        (
            "not-volunteered",
            {"customers.1.private": "two children"},
            {"customers.1.private": "two children", "customers.1.volunteered": "1"},
        ),
    ],
)
def test_each_alert_comes_and_goes(code: str, on: Mapping[str, str], off: Mapping[str, str]) -> None:
    assert code in codes(on)
    assert code not in codes(off)


def test_traits_group_customers() -> None:
    result = results(TOOL, listed("sales", [60, 30, 10]) | listed("trait", ["East", "west", "EAST"]))
    assert [result.cells[f"customers.{place:04}.trait-share"] for place in (1, 2, 3)] == [70, 30, 70]


def test_nothing_is_computed_from_a_private_fact() -> None:
    cells = listed("sales", [60, 30, 10])
    private = listed("private", ["blue", "blue", "red"]) | listed("volunteered", [1, 1, 1], private_is="colour")
    with_them = results(TOOL, cells | private)
    assert dict(with_them.cells) == dict(results(TOOL, cells).cells)
    assert {notice.code for notice in with_them.notices} == {"private"}


def test_no_formula_refers_to_a_private_column() -> None:
    table = TOOL.tables["customers"]
    assert all(table.column(name).personal for name in ("private", "volunteered"))
    assert TOOL.fields["private_is"].personal
    assert not any("private" in output.formula for output in (*table.computed, *TOOL.outputs))


def test_the_picture_takes_thirty_and_names_the_rest() -> None:
    cells = listed("sales", range(50), second="days") | listed("days", range(50))
    picture = results(TOOL, cells).picture
    assert (len(picture.slopes), picture.others) == (30, 20)
    assert sorted(slope.right for slope in picture.slopes) == sorted(slope.left for slope in picture.slopes)
    moves = [slope.move for slope in results(TOOL, BY_PROFIT).picture.slopes]
    assert moves == ["same"] * 3 + ["down", "up", "same", "down", "up", "same", "same"]
    assert results(TOOL, listed("sales", [1])).picture is None
