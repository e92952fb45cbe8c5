"""The negotiation sheet: the curriculum's zone, steps and trades, both sides of the table, alerts and the picture."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

import pytest

from kamtrain.core.sheet import Result, results, shown
from kamtrain.workbench.negotiation_sheet.tool import DRAWN, TOOL, Picture

EXAMPLE = TOOL.examples[0].cells


def worked(changed: Mapping[str, str], settings: Mapping[str, str] | None = None) -> Result:
    return results(TOOL, {**EXAMPLE, **changed}, settings)


def figures(result: Result, *names: str) -> list[str]:
    return [said(result.figures[name]) for name in names]


def said(value: object) -> str:
    return shown(value) if isinstance(value, Decimal) else "" if value is None else str(value)


def codes(result: Result) -> set[str]:
    return {notice.code for notice in result.notices}


def test_the_zone_of_the_curriculum() -> None:
    assert figures(worked({}), "low", "high", "width", "middle") == ["820.0", "880.0", "60.0", "850.0"]


def test_the_steps_of_the_curriculum() -> None:
    result = worked({})
    assert [said(result.cells[f"steps.0{n}.price"]) for n in (1, 2, 3, 4)] == ["915.0", "890.0", "876.0", "870.0"]
    assert [said(result.cells[f"steps.0{n}.inside"]) for n in (1, 2, 3, 4)] == ["not yet", "not yet", "yes", "yes"]
    assert figures(result, "shrinking", "used", "first-inside") == ["yes", "64.3", "876.0"]
    assert figures(result, "our-surplus", "their-surplus") == ["50.0", "10.0"]


def test_the_trades_of_the_curriculum() -> None:
    result = worked({})
    assert said(result.cells["issues.07.ratio"]) == "3.6"
    assert said(result.cells["issues.08.ratio"]) == "2.5"
    assert (result.cells["issues.07.rank"], result.cells["issues.08.rank"]) == (1, 2)
    assert figures(result, "credit-cost", "best") == ["6.4", "3.6"]


def test_the_packages_of_the_lesson() -> None:
    """Twenty forklifts: 188, 194 and 210 with costs of 152, 158 and 174 leave 36 each."""
    prices = {"01": ("188", "152"), "02": ("194", "158"), "03": ("210", "174")}
    changed: dict[str, str] = {}
    for id, (price, cost) in prices.items():
        changed |= {f"packages.{id}.package-price": price, f"packages.{id}.package-cost": cost}
    result = worked(changed)
    assert [said(result.cells[f"packages.{id}.left"]) for id in prices] == ["36.0"] * 3
    assert figures(result, "apart") == ["0.0"]
    assert "packages-apart" in codes(worked({**changed, "packages.03.package-cost": "176"}))


def test_the_buyer_sees_the_same_talk_from_the_other_side() -> None:
    cells = {
        "side": "buyer",
        "opening": "780",
        "reservation": "880",
        "their-opening": "960",
        "their-reservation": "820",
        "steps.01.size": "45",
        "steps.02.size": "25",
    }
    result = results(TOOL, cells)
    assert figures(result, "low", "high", "width") == ["820.0", "880.0", "60.0"]
    assert [said(result.cells[f"steps.0{n}.price"]) for n in (1, 2)] == ["825.0", "850.0"]
    assert figures(result, "used", "our-surplus", "their-surplus") == ["70.0", "30.0", "30.0"]


def test_without_a_zone_there_is_a_gap_and_no_width() -> None:
    result = worked({"their-reservation": "800"})
    assert figures(result, "width", "middle", "first-inside") == ["", "", ""]
    assert str(result.verdict) == "No zone on the price: the limits lie 20 apart"
    assert "no-zone" in codes(result)
    single = worked({"their-reservation": "820"})
    assert figures(single, "width", "middle") == ["0.0", "820.0"]


def test_the_lesson_s_two_issues_make_a_zone_of_eleven() -> None:
    """Limits 820 and 800; warranty and engineer cost 17 and are worth 48: 837 against 848."""
    assert figures(worked({"reservation": "837", "their-reservation": "848"}), "width") == ["11.0"]


def test_a_price_can_be_looked_at_apart_from_the_steps() -> None:
    assert figures(worked({"look": "850"}), "our-surplus", "their-surplus") == ["30.0", "30.0"]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("no-zone", {"their-reservation": "800"}),
        ("no-alternative", {"alternative": " "}),
        ("limit-worse", {"alternative-worth": "850"}),
        ("order", {"target": "990"}),
        ("guess", {"their-reservation~confidence": "C"}),
        ("not-shrinking", {"steps.04.size": "14"}),
        ("nothing-back", {"steps.02.back": ""}),
        ("past-limit", {"steps.01.size": "100"}),
        ("many-steps", {"steps.05.size": "2", "steps.05.back": "a date"}),
        ("poor-trade", {"issues.07.worth": "4"}),
        ("no-source", {"issues.08.worth~confidence": ""}),
        ("packages-apart", {"packages.01.package-price": "880"}),
        ("role-empty", {"team.03.who": ""}),
        ("ethics-open", {"ethics": "true,real"}),
    ],
)
def test_alerts(code: str, changed: Mapping[str, str]) -> None:
    assert code not in codes(worked({}))
    assert code in codes(worked(changed))


def test_alerts_that_the_example_has() -> None:
    assert codes(worked({})) == {"target-beyond", "too-early"}
    assert codes(worked({"target": "870", "opening": "880", "steps.01.size": "10", "steps.02.size": "7",
                         "steps.03.size": "3", "steps.04.size": "1"})) == set()  # fmt: skip


def test_blanks_are_not_zero() -> None:
    assert all(value is None for value in results(TOOL, {}).figures.values())
    result = worked({"steps.02.size": "", "opening": ""})
    assert figures(result, "given", "price-at", "used") == ["65.0", "", ""]
    assert worked({"issues.07.cost": "0"}).cells["issues.07.ratio"] is None
    assert worked({"opening": "820"}).figures["used"] is None  # no room at all


def drawn(result: Result) -> Picture:
    assert isinstance(result.picture, Picture)
    return result.picture


def test_the_picture_puts_every_price_on_one_line() -> None:
    picture = drawn(worked({}))
    by_value = {mark.value: mark.x for mark in (*picture.ours, *picture.theirs)}
    assert by_value["780"] == 50.0
    assert by_value["960"] == 590.0
    assert by_value["820"] == 170.0
    assert picture.band is not None
    assert picture.band.width == 180.0
    assert [stair.inside for stair in picture.stairs] == [False, False, True, True]


def test_labels_of_the_same_price_stand_side_by_side() -> None:
    picture = drawn(worked({"opening": "820", "target": "820"}))
    places = sorted(mark.label_x for mark in picture.ours)
    assert all(after - before >= 100 for before, after in pairwise(places))


def test_the_picture_of_one_price_and_of_fifty_steps() -> None:
    assert results(TOOL, {"opening": "5"}).picture is None
    assert drawn(results(TOOL, {"opening": "5", "target": "5"})).ours[0].x == 320.0
    many = {f"steps.r{n:03}.size": "1" for n in range(50)}
    picture = drawn(worked(many))
    assert (len(picture.stairs), picture.more) == (DRAWN, 54 - DRAWN)
