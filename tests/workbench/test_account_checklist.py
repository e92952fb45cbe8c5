"""The account checklist: its six ratios, what they ask, and how far the facts carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from kamtrain.core.sheet import Result, results
from kamtrain.workbench.account_checklist.tool import LINES, TOOL, _months_before

ALDER = TOOL.examples[0].cells
FIGURES = {
    "current_assets": "4800",
    "current_liabilities": "3200",
    "total_assets": "10000",
    "revenue": "12000",
    "net_profit": "720",
    "receivables": "2000",
    "cogs": "9000",
    "inventory": "1350",
}


def of(cells: Mapping[str, str], **settings: str) -> Result:
    return results(TOOL, cells, settings)


def codes(cells: Mapping[str, str], **settings: str) -> list[str]:
    return [notice.code for notice in of(cells, **settings).notices if notice.code != "part-empty"]


def test_inventory_days_are_exact() -> None:
    assert of(FIGURES).figures["inventory-days"] == Decimal("54.75")
    assert of(FIGURES).figures["current-ratio"] == Decimal("1.5")


def test_the_days_of_the_period_default_to_a_year() -> None:
    assert of({**FIGURES, "days": ""}).figures["inventory-days"] == Decimal("54.75")
    assert of({**FIGURES, "days": "0"}).figures["inventory-days"] == Decimal("54.75"), "out of range: not there"
    assert of({**FIGURES, "days": "90"}).figures["inventory-days"] == Decimal("13.5")


@pytest.mark.parametrize("name", FIGURES)
def test_a_blank_leaves_its_ratios_blank_and_the_others_stand(name: str) -> None:
    whole, without = of(FIGURES).figures, of({**FIGURES, name: ""}).figures
    gone = {key for key in whole if key != "complete" and whole[key] != without[key]}
    assert gone
    assert all(without[key] is None for key in gone)
    assert without["collection" if name != "receivables" and name != "revenue" else "inventory-days"] is not None


@pytest.mark.parametrize("name", ["current_liabilities", "total_assets", "revenue", "cogs"])
def test_nothing_is_divided_by_nothing(name: str) -> None:
    assert None in of({**FIGURES, name: "0"}).figures.values()


def test_a_loss_is_negative() -> None:
    figures = of({**FIGURES, "net_profit": "-600"}).figures
    assert (figures["net-margin"], figures["return-on-assets"]) == (-5, -6)


@pytest.mark.parametrize(
    ("liabilities", "band", "tone"),
    [
        ("3200", "comfortable", "good"),
        ("3201", "watch", "info"),
        ("4800", "watch", "info"),
        ("4801", "tight", "warning"),
    ],
)
def test_bands_of_the_current_ratio(liabilities: str, band: str, tone: str) -> None:
    result = of({**FIGURES, "current_liabilities": liabilities})
    assert result.verdict is not None
    assert str(result.verdict.arguments["band"]) == band
    assert result.tone == tone
    assert ("tight" in codes({**FIGURES, "current_liabilities": liabilities})) == (band == "tight")


def test_bands_are_settings() -> None:
    result = of(FIGURES, comfortable="2", tight="1.6")
    assert result.verdict is not None
    assert str(result.verdict.arguments["band"]) == "tight"


def test_which_figure_turns_the_band() -> None:
    assert [str(turn) for turn in of(FIGURES).turns] == [
        "With 4,320 for “Current assets” the current ratio is 1.35: watch.",
        "With 3,520 for “Current liabilities” the current ratio is 1.36: watch.",
    ]
    assert of({**FIGURES, "current_assets": "9000"}).turns == ()


@pytest.mark.parametrize(
    ("code", "on", "off"),
    [
        ("wrong-assets", {"current_assets": "10001"}, {"current_assets": "10000"}),
        ("wrong-stock", {"inventory": "10001"}, {"inventory": "10000"}),
        ("wrong-profit", {"net_profit": "12001"}, {"net_profit": "12000"}),
        ("financed", {"supplier_days": "45"}, {"supplier_days": "120"}),
        ("guessed-figures", {"revenue~confidence": "C"}, {"revenue~confidence": "B"}),
        (
            "pays-us-late",
            {"collection_days": "90", "supplier_days": "45"},
            {"collection_days": "45", "supplier_days": "45"},
        ),
        ("item-fallen", {"items.1.before": "10", "items.1.now": "7"}, {"items.1.before": "10", "items.1.now": "7.1"}),
        ("one-buyer", {"buyers.1.share": "50"}, {"buyers.1.share": "49.9"}),
        (
            "shares-competitors",
            {"competitors.1.share": "60", "competitors.2.share": "41"},
            {"competitors.1.share": "60", "competitors.2.share": "40"},
        ),
        ("one-family", {"facts.1.fact": "x", "facts.1.families": "self"}, {"facts.1.families": "self"}),
        (
            "one-family",
            {"facts.1.fact": "x"},
            {"facts.1.fact": "x", "facts.1.families": "self,inside"},
        ),
        (
            "guess",
            {"facts.1.fact": "x", "facts.1.grade": "C", "facts.1.hangs": "price"},
            {"facts.1.fact": "x", "facts.1.grade": "B", "facts.1.hangs": "price"},
        ),
        (
            "old",
            {"checked": "2026-11-20", "facts.1.fact": "x", "facts.1.day": "2026-05-19"},
            {"checked": "2026-11-20", "facts.1.fact": "x", "facts.1.day": "2026-05-20"},
        ),
    ],
)
def test_an_alert_goes_on_and_off(code: str, on: Mapping[str, str], off: Mapping[str, str]) -> None:
    assert code in codes({**FIGURES, **on})
    assert code not in codes({**FIGURES, **off})


def test_an_empty_sheet_does_not_complain() -> None:
    result = of({})
    assert result.notices == ()
    assert result.figures["complete"] == 0


def test_a_part_without_anything_is_named_once_one_has_begun() -> None:
    missing = [one for one in of(FIGURES).notices if one.code == "part-empty"]
    assert len(missing) == 6
    assert [one.code for one in of(ALDER).notices] == ["financed", "item-fallen", "guess", "old", "part-empty"]


def test_the_whole_checklist_is_a_hundred_percent() -> None:
    rest = {f"factors.0{place}.effect": "x" for place in (1, 2, 3)} | {"competitors.1.name": "Birch Drives"}
    assert of({**ALDER, **rest}).figures["complete"] == 100
    assert LINES == 21


def test_twelve_facts_as_in_the_lesson() -> None:
    cells = {"checked": "2026-11-20"}
    for place, grade in enumerate("AAAAABBBBCCC"):
        cells[f"facts.f{place:02}.fact"] = f"fact {place}"
        cells[f"facts.f{place:02}.grade"] = grade
        cells[f"facts.f{place:02}.day"] = "2026-02-01" if place > 8 else "2026-09-01"
    figures = of(cells).figures
    assert round(figures["two-sources"], 1) == Decimal("41.7")  # type: ignore[arg-type]
    assert figures["old"] == 25


def test_an_undated_fact_is_not_called_old() -> None:
    cells = {"checked": "2026-11-20", "facts.1.fact": "x", "facts.2.fact": "y", "facts.2.day": "2026-01-01"}
    assert of(cells).figures["old"] == 100
    assert of({"facts.1.fact": "x", "facts.1.day": "2026-01-01"}).figures["old"] is None, "up to which day?"


def test_six_months_before() -> None:
    assert _months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert _months_before(date(2026, 1, 15), 6) == date(2025, 7, 15)
    assert _months_before(date(1, 2, 1), 6) == date.min


def test_the_trend_needs_six_months() -> None:
    six = {f"months.{n}.sales": value for n, value in enumerate(["42", "40", "44", "31", "29", "27"], 1)}
    assert round(of(six).figures["trend"], 2) == Decimal("-30.95")  # type: ignore[arg-type]
    assert of({**six, "months.6.sales": ""}).figures["trend"] is None
    assert of(dict.fromkeys(six, "0")).figures["trend"] is None
    more = {**six, "months.7.sales": "27"}
    assert round(of(more).figures["trend"], 2) == Decimal("-27.83")  # type: ignore[arg-type]


def test_a_new_item_has_no_change_in_percent() -> None:
    result = of({"items.1.before": "0", "items.1.now": "7", "items.2.before": "4"})
    assert (result.cells["items.1.change"], result.cells["items.2.change"]) == (None, None)


def test_nothing_private_is_asked_for() -> None:
    assert not any(column.personal for table in TOOL.tables.values() for column in table.columns)
