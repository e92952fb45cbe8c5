"""The joint business plan: the curriculum's numbers, alerts, the board and the radar."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from kamtrain.core.sheet import MOST_ROWS, Result, results, shown
from kamtrain.workbench.joint_plan.tool import CARDS, TOOL, Picture

EXAMPLE = TOOL.examples[0].cells


def worked(changed: Mapping[str, str], settings: Mapping[str, str] | None = None) -> Result:
    return results(TOOL, {**EXAMPLE, **changed}, settings)


def figures(result: Result, *names: str) -> list[str]:
    return [shown(value) if isinstance(value := result.figures[name], Decimal) else "" for name in names]


def codes(result: Result) -> set[str]:
    return {notice.code for notice in result.notices}


def drawn(result: Result) -> Picture:
    assert isinstance(result.picture, Picture)
    return result.picture


def test_the_numbers_of_the_curriculum() -> None:
    result = worked({})
    assert figures(result, "gains", "growth", "profit", "investment", "net", "roi") == [
        "180.0", "15.0", "50.4", "20.0", "30.4", "152.0",
    ]  # fmt: skip
    assert figures(result, "wallet-now", "wallet-next", "balance") == ["30.0", "32.9", "37.5"]
    assert codes(result) == {"weak-part"}


def test_the_shares_of_the_lesson_on_planning() -> None:
    cells = {"baseline_sales": "60", "category_spend": "400", "spend-next": "440", "initiatives.1.gain": "30"}
    assert figures(results(TOOL, cells), "wallet-now", "wallet-next") == ["15.0", "20.5"]


def test_blank_is_not_counted_and_named() -> None:
    result = worked({"initiatives.2.gain": "", "initiatives.3.our-money": "?"})
    assert figures(result, "gains", "investment") == ["120.0", "16.0"]
    assert set(next(one for one in result.notices if one.code == "blank").at) == {
        "initiatives.2.gain",
        "initiatives.3.our-money",
    }
    empty = results(TOOL, {})
    assert all(value is None for value in empty.figures.values())
    assert empty.picture is None


def test_nothing_is_divided_by_nothing() -> None:
    zero = {f"initiatives.{id}.{name}": "0" for id in "123" for name in ("our-money", "their-money", "gain")}
    result = worked({**zero, "baseline_sales": "0", "category_spend": "0", "spend-next": "0"})
    assert figures(result, "growth", "roi", "wallet-now", "wallet-next", "balance") == [""] * 5
    assert str(result.verdict) == "The plan does not pay in this year"


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("one-sided", {"initiatives.1.theirs": ""}),
        ("loose", {"initiatives.1.kpi": ""}),
        ("dates", {"initiatives.1.due": "2026-12-31"}),
        ("blank", {"initiatives.1.gain": ""}),
        ("balance", {f"initiatives.{id}.their-money": "0" for id in "123"}),
        ("no-exit", {"exit": ""}),
        ("no-condition", {"initiatives.1.stage": "replicate", "replication": ""}),
        ("no-vision", {"vision": " "}),
        ("wallet-over", {"category_spend": "1000"}),
        ("losing", {"spend-next": "4700"}),
    ],
)
def test_alerts(code: str, changed: Mapping[str, str]) -> None:
    assert code not in codes(worked({}))
    assert code in codes(worked(changed))


def test_a_part_at_two_is_where_the_plan_fails() -> None:
    fine = {f"parts.{place}.level": "3" for place in range(1, 9)}
    assert codes(worked(fine)) == set()
    assert "weak-part" in codes(worked({**fine, "parts.4.level": "1"}))


def test_the_least_share_of_theirs_is_a_setting() -> None:
    assert "balance" in codes(worked({}, {"balance": "40"}))


def test_a_turn_names_the_initiative_everything_hangs_on() -> None:
    result = worked({"initiatives.1.our-money": "39"})
    assert any("Remote diagnosis" in str(text) for text in result.turns)
    assert not any("Remote diagnosis" in str(text) for text in worked({}).turns)


def test_the_board_holds_what_it_can_and_counts_the_rest() -> None:
    board = drawn(worked({f"initiatives.r{n:03}.initiative": f"Idea {n}" for n in range(50)})).board
    assert board is not None
    first = board.columns[0]
    assert (first.count, len(first.cards), first.more) == (51, CARDS, 51 - CARDS)
    assert all(card.y + 60 <= board.height for column in board.columns for card in column.cards)
    assert board.columns[2].gain == "+90"


def test_the_radar_has_a_shape_only_when_every_part_is_rated() -> None:
    whole = drawn(worked({})).radar
    assert whole is not None
    assert whole.shape
    part = drawn(worked({"parts.2.level": ""})).radar
    assert part is not None
    assert part.shape == ""
    assert part.spokes[1].point is None
    assert part.spokes[0].point == (320.0, 88.0)  # 4 of 5, upwards


def test_a_thousand_initiatives() -> None:
    many = {f"initiatives.r{n:04}.gain": "1" for n in range(MOST_ROWS)}
    assert figures(results(TOOL, many), "gains") == ["1,000.0"]


def test_a_card_breaks_its_name_between_words_or_anywhere() -> None:
    names = {
        "initiatives.1.initiative": "Remote diagnosis on line 3",
        "initiatives.2.initiative": "一二三四五六七八九十一二三四五六七八九十",
        "initiatives.3.initiative": "Short",
    }
    board = drawn(worked(names)).board
    assert board is not None
    by_stage = [column.cards[0].name for column in board.columns if column.cards]
    assert by_stage == [("Short",), ("一二三四五六七", "八九十一二三四…"), ("Remote", "diagnosis o…")]
