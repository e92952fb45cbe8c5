"""Competitor, selling point and solution: the curriculum's claims and coverage, the lessons' sums, alerts and the map."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from kamtrain.core.sheet import MOST_ROWS, Result, results, shown
from kamtrain.workbench.solution_sheet.tool import MOST_NAMES, TOOL, Picture

EXAMPLE = TOOL.examples[0].cells


def worked(changed: Mapping[str, str], settings: Mapping[str, str] | None = None) -> Result:
    return results(TOOL, {**EXAMPLE, **changed}, settings)


def figures(result: Result, *names: str) -> list[str]:
    return [shown(value) if isinstance(value := result.figures[name], Decimal) else "" for name in names]


def codes(result: Result) -> set[str]:
    return {notice.code for notice in result.notices}


def claim(importance: int, ours: int, theirs: int) -> Mapping[str, str]:
    return {"claims.1.importance": str(importance), "claims.1.ours": str(ours), "claims.1.theirs": str(theirs)}


def test_the_claims_of_the_curriculum() -> None:
    result = worked({})
    assert [str(result.cells[f"claims.{n}.finding"]) for n in (1, 2, 3)] == [
        "Selling point",
        "The rival's strength",
        "Ornament",
    ]
    assert [result.cells[f"claims.{n}.lead"] for n in (1, 2, 3)] == [2, -1, 3]
    assert result.figures["points"] == 1


def test_eight_of_ten_needs_are_eighty_per_cent() -> None:
    assert figures(worked({}), "met-needs", "all-needs", "coverage") == ["8.0", "10.0", "80.0"]


@pytest.mark.parametrize(
    ("scores", "finding"),
    [  # the five claims of the lesson
        ((5, 5, 4), "Selling point"),
        ((4, 4, 2), "Selling point"),
        ((5, 4, 4), "Entry ticket"),
        ((4, 3, 4), "The rival's strength"),
        ((2, 5, 2), "Ornament"),
        ((3, 5, 1), "Ornament"),
        ((1, 1, 5), "Ornament"),
    ],
)
def test_what_a_claim_is(scores: tuple[int, int, int], finding: str) -> None:
    assert str(results(TOOL, claim(*scores)).cells["claims.1.finding"]) == finding


def test_the_lesson_s_sheet_that_first_said_no() -> None:
    """14.62 a year of value: with 16.2 more to pay 1.58 are lost, with 8.1 there remain 6.52. In 10,000 yuan."""
    values = {"1": "8.32", "2": "2.88", "3": "3.42"}
    cells = {
        f"needs.{id}.{name}": text for id, value in values.items() for name, text in (("met", "yes"), ("value", value))
    }
    cells["rival-price"] = "540"
    assert [shown(Decimal(str(results(TOOL, {**cells, "our-price": price}).figures["stays"])), 2) for price in
            ("556.2", "548.1")] == ["-1.58", "6.52"]  # fmt: skip
    assert str(results(TOOL, {**cells, "our-price": "556.2"}).verdict) == (
        "The solution costs the customer more than it brings"
    )
    assert figures(results(TOOL, {**cells, "our-price": "548.1"}), "extra-share") == ["1.5"]


def test_blanks_are_not_counted() -> None:
    assert all(value is None for value in results(TOOL, {}).figures.values())
    result = worked({"claims.1.theirs": "", "needs.9.met": "", "needs.1.value": "?"})
    assert figures(result, "points", "met-needs", "all-needs") == ["0.0", "8.0", "9.0"]
    assert figures(result, "value-in-all") == ["8.0"]
    assert "not-answered" in codes(result)


def test_nothing_is_divided_by_nothing() -> None:
    assert figures(worked({"rival-price": "0"}), "extra", "extra-share") == ["112.0", ""]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("no-point", {"claims.1.theirs": "4"}),
        ("own-taste", {"claims.2.said": "us"}),
        ("middle", {"concept": "6"}),
        ("not-confirmed", {"needs.4.confirmed": ""}),
        ("no-sum", {"needs.1.value~evidence": "", "needs.1.value~confidence": ""}),
        ("open-need", {"needs.10.owner": ""}),
        ("not-answered", {"needs.10.met": ""}),
        ("loses", {"our-price": "124"}),
        ("hangs", {"our-price": "116"}),
        ("not-comparable", {"comparable": ""}),
        ("no-upward", {"upward": ""}),
    ],
)
def test_alerts(code: str, changed: Mapping[str, str]) -> None:
    assert code not in codes(worked({}))
    assert code in codes(worked(changed))


def test_alerts_that_the_example_has() -> None:
    assert codes(worked({})) == {"their-strength", "ornament"}
    assert codes(worked({"claims.2.ours": "4", "claims.3.ours": "2"})) == set()


def test_the_cut_offs_are_settings() -> None:
    assert worked({}, {"lead": "3"}).figures["points"] == 0
    assert worked({}, {"need": "2"}).figures["points"] == 2


def test_one_point_away() -> None:
    for scores in ((5, 4, 3), (4, 5, 2), (5, 4, 4), (3, 4, 2)):
        assert results(TOOL, claim(*scores)).turns, scores
    assert not results(TOOL, claim(5, 5, 2)).turns


def test_strong_on_at_least_one_axis() -> None:
    result = worked({"rivals.3.rival-technology": "7", "rivals.3.rival-concept": "7"})
    assert [str(result.cells[f"rivals.{n}.place"]) for n in (1, 2, 3)] == ["technology", "neither", "both"]
    assert worked({"rivals.1.rival-concept": ""}).cells["rivals.1.place"] is None


def drawn(result: Result) -> Picture:
    assert isinstance(result.picture, Picture)
    return result.picture


def test_the_map_holds_fifty_rivals_in_one_place() -> None:
    many: dict[str, str] = {}
    for n in range(60):
        many |= {f"rivals.r{n:03}.rival-technology": "9", f"rivals.r{n:03}.rival-concept": "9"}
    picture = drawn(results(TOOL, many))
    assert len(picture.spots) == 50
    assert (len(picture.names), picture.more) == (MOST_NAMES, 60 - MOST_NAMES)
    assert all(50 <= spot.x <= 410 and 40 <= spot.y <= 400 for spot in picture.spots)
    assert results(TOOL, {"technology": "5"}).picture is None


def test_spots_in_the_same_place_stand_beside_each_other() -> None:
    picture = drawn(
        worked({f"rivals.{n}.{axis}": "5" for n in (1, 2, 3) for axis in ("rival-technology", "rival-concept")})
    )
    spots = [(spot.x, spot.y) for spot in picture.spots]
    assert len(set(spots)) == 3
    assert all((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 >= 18**2 for n, a in enumerate(spots) for b in spots[:n])


def test_a_thousand_needs() -> None:
    many = {f"needs.r{n:04}.met": "yes" if n % 2 else "no" for n in range(MOST_ROWS)}
    assert figures(results(TOOL, many), "coverage") == ["50.0"]
