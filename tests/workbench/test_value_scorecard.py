"""The value scorecard: every printed score, each alert on and off, directions, caps and gauges."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from kamtrain.core.sheet import results, shown
from kamtrain.workbench.value_scorecard.tool import EXAMPLES, TOOL

ALDER = EXAMPLES[0].cells


def row(target: str, actual: str, place: str = "03", **more: str) -> dict[str, str]:
    """Figures for one of the standing rows: 03 is sales (more is better), 08 complaints (less is better)."""
    return {f"indicators.{place}.{name}": text for name, text in {"target": target, "actual": actual, **more}.items()}


def score(cells: Mapping[str, str], place: str = "03", settings: Mapping[str, str] | None = None) -> Decimal | None:
    value = results(TOOL, cells, settings).cells[f"indicators.{place}.score"]
    assert value is None or isinstance(value, Decimal)
    return value


def codes(cells: Mapping[str, str], settings: Mapping[str, str] | None = None) -> list[str]:
    return [notice.code for notice in results(TOOL, cells, settings).notices]


def test_each_score_of_the_worked_example() -> None:
    cells = results(TOOL, ALDER).cells
    found = [cells[f"indicators.{place:02}.score"] for place in range(1, 9)]
    assert [shown(one) for one in found if isinstance(one, Decimal)] == [
        "90.0", "80.0", "90.0", "85.7", "120.0", "100.0", "90.0", "66.7",
    ]  # fmt: skip
    assert cells["indicators.05.reached"] == 125


def test_the_worked_example_flags_the_service_box_and_the_capped_growth() -> None:
    notices = {notice.code: notice for notice in results(TOOL, ALDER).notices}
    assert set(notices) == {"weak-box", "capped"}
    assert notices["weak-box"].at == ("indicators.08.actual",), "complaints are the lowest"
    assert notices["weak-box"].lesson == "svc-1.2"


@pytest.mark.parametrize(
    ("target", "actual", "place", "expected"),
    [
        ("100", "130", "03", 120),
        ("100", "-5", "03", 0),
        ("0", "5", "03", None),
        ("100", "", "03", None),
        ("2", "0", "08", 120),
        ("0", "0", "08", 100),
        ("0", "3", "08", 0),
        ("2", "4", "08", 50),
        ("2", "1", "08", 120),
    ],
)
def test_scores_at_their_edges(target: str, actual: str, place: str, expected: int | None) -> None:
    assert score(row(target, actual, place), place) == expected


def test_the_cap_can_be_set() -> None:
    assert score(row("100", "160"), settings={"cap": "150"}) == 150


@pytest.mark.parametrize(
    ("current", "potential", "expected"),
    [
        ("80", "80", "Key account"),
        ("80", "79", "Maintenance account"),
        ("79", "80", "Key-development account"),
        ("79", "79", "Opportunistic account"),
    ],
)
def test_the_four_classes(current: str, potential: str, expected: str) -> None:
    cells = {
        **row("100", current, "01"),
        **row("100", current, "03"),
        **row("100", potential, "05"),
        **row("100", potential, "07"),
    }
    assert str(results(TOOL, cells).verdict) == expected


def test_half_a_picture_has_no_class() -> None:
    result = results(TOOL, row("100", "90"))
    assert (result.figures["sales"], result.figures["current"], result.verdict) == (90, None, None)
    assert "box-empty" in {notice.code for notice in result.notices}
    assert "box-empty" not in codes(ALDER)


def test_a_blank_indicator_neither_helps_nor_harms() -> None:
    without = {key: text for key, text in ALDER.items() if not key.startswith("indicators.02")}
    assert results(TOOL, without).figures["financial"] == 90


def test_weights_of_nothing_give_no_index() -> None:
    assert results(TOOL, row("100", "90", weight="0")).figures["sales"] is None


@pytest.mark.parametrize(
    ("code", "on", "off"),
    [
        ("weak-box", row("100", "79"), row("100", "80")),
        ("weights", row("100", "90", weight="60"), row("100", "90")),
        ("no-direction", row("100", "90", direction=""), row("100", "90")),
        ("no-target", row("0", "90"), row("0", "0", "08")),
        ("capped", row("100", "121"), row("100", "120")),
        ("guess", row("100", "90") | {"indicators.03.actual~confidence": "C"}, row("100", "90")),
        ("no-strategy", row("100", "90"), row("100", "90") | {"strategy": "the second plant"}),
        (
            "fuel-high",
            {"baseline_sales": "100", "margin": "20", "cost_to_serve": "7.1"},
            {"baseline_sales": "100", "margin": "20", "cost_to_serve": "7"},
        ),
    ],
)
def test_each_alert_comes_and_goes(code: str, on: Mapping[str, str], off: Mapping[str, str]) -> None:
    assert code in codes(on)
    assert code not in codes(off)


def test_each_box_has_a_lesson_of_its_own() -> None:
    weak = {key: text for place in ("01", "03", "05", "07") for key, text in row("100", "50", place).items()}
    lessons = [notice.lesson for notice in results(TOOL, weak).notices if notice.code == "weak-box"]
    assert lessons == ["svc-3.3", "fnd-1.2", "fnd-1.3", "svc-1.2"]


@pytest.mark.parametrize(("sales", "margin"), [("0", "20"), ("100", "0"), ("100", "-5"), ("", "20")])
def test_fuel_divides_by_no_profit(sales: str, margin: str) -> None:
    cells = {"baseline_sales": sales, "margin": margin, "cost_to_serve": "5"}
    assert results(TOOL, cells).figures["fuel"] is None


def test_it_says_what_would_turn_the_class() -> None:
    said = [str(one) for one in results(TOOL, ALDER).turns]
    assert said == ["With cut-offs ten higher: Key-development account."]
    below = {key: text for place in ("01", "03", "05", "07") for key, text in row("100", "79", place).items()}
    assert "If “Gross profit” reached its target: Maintenance account." in [
        str(one) for one in results(TOOL, below).turns
    ]


def test_the_gauges_read_in_words() -> None:
    picture = results(TOOL, ALDER).picture
    assert [(gauge.reading, str(gauge.word)) for gauge in picture.gauges] == [
        ("88.7", "on course"),
        ("110.0", "on course"),
        ("25.0 %", "watch it"),
    ]
    empty = results(TOOL, {"baseline_sales": "100", "margin": "20", "cost_to_serve": "90"}).picture
    assert [gauge.needle is None for gauge in empty.gauges] == [True, True, False]
    assert [str(gauge.word) for gauge in empty.gauges] == ["no figure yet", "no figure yet", "high"]
    low = results(TOOL, {"baseline_sales": "100", "margin": "20", "cost_to_serve": "1"}).picture
    assert str(low.gauges[2].word) == "low"
    assert str(results(TOOL, row("100", "50")).picture.gauges[0].word) == "below the line"


def test_an_empty_scorecard_draws_nothing() -> None:
    assert results(TOOL, {}).picture is None
