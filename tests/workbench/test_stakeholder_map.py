"""The stakeholder map: its numbers, each alert on and off, and where people stand in the picture."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

import pytest

from kamtrain.core.sheet import Result, results
from kamtrain.workbench.stakeholder_map.picture import IN_ONE_PLACE, LEFT, RIGHT, TOP, Map, cut, wide
from kamtrain.workbench.stakeholder_map.tool import ROLES, TOOL

LUO = TOOL.examples[0].cells


def people(*rows: Mapping[str, object]) -> dict[str, str]:
    return {
        f"people.{place:02}.{column}": str(value) for place, row in enumerate(rows, 1) for column, value in row.items()
    }


def codes(result: Result) -> list[str]:
    return [notice.code for notice in result.notices]


def of(cells: Mapping[str, str], **settings: str) -> Result:
    return results(TOOL, cells, settings)


def drawing(cells: Mapping[str, str]) -> Map:
    found = of(cells).picture
    assert isinstance(found, Map)
    return found


def test_rows_of_the_worked_example() -> None:
    result = of(LUO)
    pulls = [result.cells[f"people.0{place}.pull"] for place in range(1, 7)]
    reaches = [result.cells[f"people.0{place}.reach"] for place in range(1, 7)]
    assert pulls == [5, -4, 6, 0, 2, 0]
    assert reaches == [10, 4, 12, 6, 6, 0]
    assert str(result.verdict) == "Next moves: Han, Deng"


def test_the_worked_example_has_its_two_alerts_and_no_other() -> None:
    result = of(LUO)
    assert codes(result) == ["veto-risk", "little-contact"]
    assert [str(one.text.arguments["names"][0]) for one in result.notices] == ["Han", "Han"]  # type: ignore[index]
    assert result.notices[1].text.arguments["names"] == ("Han", "Deng")


def test_the_moves_are_worked_out() -> None:
    assert [str(turn) for turn in of(LUO).turns] == [
        "With Han at attitude 0, support would be 31.0 %.",
        "With Han at contact 2, coverage would be 50.0 %.",
        "With Deng at contact 2, coverage would be 54.8 %.",
        "All of this together: support 31.0 %, coverage 59.5 %.",
    ]


def test_after_the_moves_nothing_warns() -> None:
    result = of(TOOL.examples[1].cells)
    assert codes(result) == []
    assert result.tone == "good"
    assert result.turns == ()


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("unknown", {"people.06.attitude": ""}),
        ("unknown", {"people.06.contact": ""}),
        ("role-empty", {"people.05.roles": "initiator"}),
        ("single-threaded", {"people.05.contact": "2"}),
        ("no-coach", {"people.03.coach": "wants"}),
        ("style-guessed", {"people.01.cues": "2"}),
        ("style-guessed", {"people.01.cues": ""}),
        ("step", {"people.04.contact": "1"}),
        ("veto-risk", {"people.01.attitude": "-2"}),
        ("little-contact", {"people.01.contact": "1"}),
    ],
)
def test_an_alert_goes_on(code: str, changed: Mapping[str, str]) -> None:
    calm = TOOL.examples[1].cells
    assert code not in codes(of(calm))
    found = [notice for notice in of({**calm, **changed}).notices if notice.code == code]
    assert len(found) == 1
    assert found[0].lesson


def test_cut_offs_are_settings() -> None:
    assert codes(of(LUO, strong="5")) == []
    assert "single-threaded" in codes(of(LUO, open="4"))
    assert "no-coach" in codes(of(LUO, tests="3"))
    assert "style-guessed" in codes(of(LUO, cues="6"))
    assert of(LUO, thin="0").figures["thin"] == 1
    assert of(LUO, thin="nonsense").figures == of(LUO).figures


def test_a_blank_is_not_zero() -> None:
    """Who is not rated does not count, neither above nor below the line."""
    rated = {"name": "Luo", "influence": 5, "attitude": 1, "contact": 2}
    alone = of(people(rated))
    with_blank = of(people(rated, {"name": "Deng", "influence": 4}))
    for name in ("support", "coverage"):
        assert with_blank.figures[name] == alone.figures[name] == 50
    zero = of(people(rated, {"name": "Deng", "influence": 4, "attitude": 0, "contact": 0}))
    assert round(zero.figures["support"], 2) == Decimal("27.78")  # type: ignore[arg-type]


def test_out_of_range_and_nonsense_are_not_there() -> None:
    result = of(people({"name": "Luo", "influence": 6, "attitude": "+3", "contact": "many", "roles": "king"}))
    assert (result.figures["support"], result.figures["coverage"], result.figures["roles"]) == (None, None, 0)
    assert result.cells["people.01.pull"] is None


def test_an_empty_map_warns_of_nothing() -> None:
    result = of({})
    assert result.notices == ()
    assert result.verdict is None
    assert result.picture is None


def test_all_against_us_is_the_least() -> None:
    rows = [{"name": str(place), "influence": place, "attitude": -2, "contact": 0} for place in range(1, 6)]
    result = of(people(*rows))
    assert (result.figures["support"], result.figures["coverage"]) == (-100, 0)


def test_no_rule_reads_a_private_fact() -> None:
    private = {f"people.03.{column}": "two children" for column in ("family", "hobbies")}
    assert repr(of({**LUO, **private})) == repr(of(LUO))
    assert repr(of({**LUO, **private, "people.03.volunteered": "1"})) == repr(of(LUO))
    columns = {column.name: column for column in TOOL.tables["people"].columns}
    assert {name for name, column in columns.items() if column.personal} == {"family", "hobbies"}
    assert columns["volunteered"].kind == "tick"


def test_people_stand_by_attitude_and_influence() -> None:
    found = drawing(LUO)
    dots = {dot.name: dot for dot in found.dots}
    assert dots["Han"].x < dots["Wen"].x < dots["Luo"].x < dots["Qiu"].x
    assert dots["Luo"].y < dots["Han"].y == dots["Deng"].y < dots["Qiu"].y < dots["Fang"].y
    assert {name: dot.mark for name, dot in dots.items() if dot.mark != "plain"} == {
        "Han": "veto",
        "Deng": "thin",
        "Qiu": "coach",
    }
    assert [box.label for box in found.owners] == ["Mei Lin", "Zhao Kai"]
    assert sum(line.open for line in found.lines) == 2
    assert len(found.lines) == 5, "Deng has neither an owner nor a contact"
    assert all(holder.names for holder in found.holders)
    assert len(found.holders) == len(ROLES)


def test_people_in_one_place_do_not_cover_each_other() -> None:
    crowd = drawing(people(*({"name": f"P{place}", "influence": 3, "attitude": 0} for place in range(50))))
    assert len({(dot.x, dot.y) for dot in crowd.dots}) == IN_ONE_PLACE
    assert [more.count for more in crowd.more] == [50 - IN_ONE_PLACE]
    heights = sorted(dot.y for dot in crowd.dots)
    assert min(after - before for before, after in pairwise(heights)) >= 16
    lane = TOP + 2 * crowd.lane
    assert all(lane < dot.y < lane + crowd.lane for dot in crowd.dots)


def test_fifty_people_all_over_stay_within_the_field() -> None:
    rows = [
        {"name": f"Person with a long name {n}", "influence": n % 5 + 1, "attitude": n * 7 % 5 - 2, "contact": n % 5,
         "owner": f"Owner {n % 12}"}
        for n in range(50)
    ]  # fmt: skip
    found = drawing(people(*rows))
    assert len({(dot.x, dot.y) for dot in found.dots}) == len(found.dots)
    assert all(LEFT < dot.x < RIGHT and TOP < dot.y < found.bottom for dot in found.dots)
    assert all(wide(dot.label) < found.column - 24 for dot in found.dots)
    assert len(found.owners) == 8


def test_who_is_rated_in_part_waits_below() -> None:
    found = drawing(people({"name": "Luo", "influence": 5}, {"name": "Han"}, *({"name": "x"} for _ in range(40))))
    assert found.dots == ()
    assert found.strip[0].name == "Luo"
    assert [more.count for more in found.more] == [12]


def test_names_are_cut_to_what_fits() -> None:
    assert cut("Han", 60) == "Han"
    assert cut("欧阳维修主管先生", 60) == "欧阳维修…"
    assert wide(cut("Bartholomew Fitzgerald", 60)) <= 60 + 12
