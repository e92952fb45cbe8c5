"""Cost and benefit of developing an account: the curriculum's numbers, the decision, alerts and edges."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from kamtrain.core.sheet import MOST_ROWS, Result, results, shown
from kamtrain.workbench.development_cost.tool import TOOL

EXAMPLE = TOOL.examples[0].cells


def worked(changed: Mapping[str, str], settings: Mapping[str, str] | None = None) -> Result:
    return results(TOOL, {**EXAMPLE, **changed}, settings)


def figure(result: Result, name: str, places: int = 2) -> str:
    value = result.figures[name]
    assert isinstance(value, Decimal), name
    return shown(value, places)


def codes(result: Result) -> set[str]:
    return {notice.code for notice in result.notices}


def test_the_numbers_of_the_curriculum() -> None:
    result = worked({})
    names = ("contribution", "stock-interest", "receivable-interest", "fixed", "cost", "net")
    assert [figure(result, name) for name in names] == ["306.00", "2.96", "14.79", "124.96", "139.75", "166.25"]
    assert figure(result, "return", 1) == "119.0"
    assert figure(result, "break-even", 1) == "643.7"
    assert str(result.verdict) == "Develop"
    assert codes(result) == set()


def test_the_numbers_of_the_lesson_on_planning() -> None:
    cells = {"sales": "120", "margin": "26", "risk": "10", "collection_days": "60", "rate": "6", "staff": "8"}
    assert figure(results(TOOL, cells), "break-even", 4) == "35.6925"  # 8 ÷ 22.41…%; the lesson rounds to 22.4 % first


def test_a_case_says_only_what_differs() -> None:
    result = worked({})
    assert shown(Decimal(str(result.cells["cases.1.case-net"])), 2) == "40.25"
    assert shown(Decimal(str(result.cells["cases.2.case-net"])), 2) == "166.25"
    assert shown(Decimal(str(result.cells["cases.3.case-net"])), 2) == "266.70"
    assert [str(result.cells[f"cases.{id}.case-answer"]) for id in "123"] == ["Hold", "Develop", "Develop"]


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, "Develop"),
        ({"sales": "1072"}, "Hold"),  # 643.7 ÷ 60 % is 1,072.8
        ({"sales": "1073"}, "Develop"),
        ({"sales": "600"}, "Reprice, and look again"),
        ({"sales": "600", "last-net": "-4"}, "Leave or reprice"),
        ({"sales": "600", "last-net": "0"}, "Leave or reprice"),
        ({"sales": "600", "last-net": "4"}, "Reprice, and look again"),
        ({"sales": "0"}, "Reprice, and look again"),
    ],
)
def test_what_follows(changed: Mapping[str, str], answer: str) -> None:
    assert str(worked(changed).verdict) == answer


def test_the_limit_is_a_setting() -> None:
    assert str(worked({}, {"limit": "40"}).verdict) == "Hold"


def test_every_turn_really_turns() -> None:
    """At the printed figure, a little to either side, the decision differs."""
    assert len(worked({}).turns) == 4
    for key, low, high in (("sales", "1072.5", "1073"), ("margin", "17.4", "17.6"), ("risk", "37.9", "38.1")):
        assert str(worked({key: low}).verdict) != str(worked({key: high}).verdict), key
    assert str(worked({"collection_days": "396"}).verdict) == "Develop"
    assert str(worked({"collection_days": "397"}).verdict) == "Hold"


def test_blank_costs_are_named_and_not_zero() -> None:
    result = worked({"promotion": "", "travel": "?"})
    notice = next(one for one in result.notices if one.code == "cost-open")
    assert set(notice.at) == {"promotion", "travel"}
    assert "years" in next(one for one in worked({"once": "50"}).notices if one.code == "cost-open").at
    assert figure(worked({"once": "50", "years": "5"}), "once-yearly") == "10.00"


def test_without_margin_risk_or_sales_nothing_is_said() -> None:
    for key in ("sales", "margin", "risk"):
        result = results(TOOL, {name: text for name, text in EXAMPLE.items() if name != key and "case" not in name})
        assert result.figures["net"] is None
        assert result.verdict is None
        assert result.turns == ()


def test_sales_that_cost_more_than_they_leave_never_break_even() -> None:
    result = worked({"margin": "-5"})
    assert result.figures["break-even"] is None
    assert "never" in codes(result)
    assert "never" not in codes(worked({}))


def test_alerts() -> None:
    same = {key: "" for key in EXAMPLE if key.startswith("cases.")}
    assert "one-case" in codes(worked(same))
    assert "loses" in codes(worked({"cases.1.case-sales": "400"}))
    assert "no-stop" in codes(worked({"reason": "A name that others follow"}))
    assert "no-stop" not in codes(worked({"reason": "A name", "reason-price": "40", "stop": "2027-06-30"}))
    assert "no-reason" in codes(worked({"sales": "600"}))
    assert "no-reason" not in codes(worked({"sales": "600", "reason": "A name"}))


def test_nothing_is_divided_by_nothing() -> None:
    zeros = dict.fromkeys(("sales", "margin", "risk", "stock", "stock-days", "collection_days", "rate", "staff"), "0")
    result = results(TOOL, zeros)
    assert result.figures["return"] is None
    assert result.figures["break-even-share"] is None
    full = worked({"risk": "100", "margin": "100", "rate": "0"})
    assert full.figures["break-even"] is None


def test_a_thousand_cases() -> None:
    many = {f"cases.r{place:04}.case-sales": str(place) for place in range(MOST_ROWS + 5)}
    assert sum(key.endswith(".case-net") for key in worked(many).cells) == MOST_ROWS
