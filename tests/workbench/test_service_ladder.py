"""The service ladder: the curriculum's scores, what a zero and a blank do, alerts and the picture."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from kamtrain.core.sheet import Result, results
from kamtrain.workbench.service_ladder.tool import TOOL, Picture

EXAMPLE = TOOL.examples[0].cells
KEYS = [f"statements.{step}{letter}.score" for step in "12345" for letter in "abcd"]
FULL = dict.fromkeys(KEYS, "3")


def worked(
    changed: Mapping[str, str], base: Mapping[str, str] = EXAMPLE, settings: Mapping[str, str] | None = None
) -> Result:
    return results(TOOL, {**base, **changed}, settings)


def codes(result: Result) -> set[str]:
    return {notice.code for notice in result.notices}


def test_the_numbers_of_the_curriculum() -> None:
    result = worked({})
    steps = ("reliable", "responsive", "proactive", "customised", "partner")
    assert [result.figures[step] for step in steps] == [11, 10, 9, 10, 4]
    assert result.figures["reached"] == 2
    assert {"zero", "blocked"} <= codes(result)


def test_two_points_in_the_right_place_are_two_steps() -> None:
    """The lesson's way: 3b from 0 to 2, and step 4, which stood already, counts."""
    assert worked({"statements.3b.score": "2"}).figures["reached"] == 4


def test_eight_points_where_the_customer_rates_are_step_nothing() -> None:
    theirs = {key.replace("score", "theirs"): text for key, text in EXAMPLE.items() if key.endswith(".score")}
    result = worked({**theirs, "statements.1a.theirs": "1", "statements.1d.theirs": "1"})
    assert result.figures["their-reached"] == 0
    assert {"apart", "lower"} <= codes(result)
    assert "lower" not in codes(worked(theirs))


@pytest.mark.parametrize(
    ("scores", "reached"),
    [
        ({}, 5),
        ({"5d": "0"}, 4),
        ({"1a": "0"}, 0),
        ({"2a": "2", "2b": "2", "2c": "2", "2d": "2"}, 1),  # eight points
        ({"2a": "2", "2b": "2", "2c": "2"}, 5),  # nine
        ({"2a": "0"}, 1),  # nine, with a zero
        ({"2a": ""}, 1),  # nine, and a blank: not a zero, and not a yes
        ({"1a": ""}, None),
        ({"1a": "", "1b": "0"}, 0),  # a zero settles it
        ({"1a": "7"}, None),  # out of range is as good as blank
    ],
)
def test_the_reached_step(scores: Mapping[str, str], reached: int | None) -> None:
    changed = {f"statements.{id}.score": score for id, score in scores.items()}
    assert worked(changed, FULL).figures["reached"] == reached


def test_where_a_step_holds_from_is_a_setting() -> None:
    assert worked({}, settings={"enough": "11"}).figures["reached"] == 1


def test_alerts() -> None:
    guess = {"statements.1a.score": "3", "statements.1a.score~confidence": "C"}
    assert "guess" in codes(worked(guess))
    assert "guess" not in codes(worked({}))
    assert "no-proof" in codes(worked({}))
    assert "no-proof" not in codes(worked({f"{key}~evidence": "log" for key in KEYS}))
    assert "open" in codes(worked({"statements.2a.score": ""}, FULL))
    assert "open" not in codes(worked({}, FULL))
    assert "no-plan" in codes(worked({key: "" for key in EXAMPLE if key.startswith("gaps.")}))
    assert "no-plan" not in codes(worked({}))
    assert "gap-open" in codes(worked({"gaps.1.owner": ""}))
    assert "gap-open" not in codes(worked({}))
    assert codes(worked({}, FULL)) == {"no-proof"}


def test_a_turn_says_what_happens() -> None:
    assert any("Early warning" in str(text) for text in worked({}).turns)
    changed = worked({"statements.3b.score": "1"})
    assert changed.figures["reached"] == 4


def test_the_picture_says_every_state_in_words() -> None:
    picture = worked({"statements.5a.score": ""}).picture
    assert isinstance(picture, Picture)
    assert [rung.state.id for rung in picture.rungs] == [
        "holds", "holds", "does not hold", "does not count", "does not hold",
    ]  # fmt: skip
    assert picture.flag is not None
    nothing = worked({"statements.1a.score": "0"}).picture
    assert isinstance(nothing, Picture)
    assert nothing.flag is None


def test_an_empty_sheet_draws_nothing() -> None:
    assert results(TOOL, {}).picture is None
    assert results(TOOL, {}).figures["reached"] is None


def test_a_statement_that_is_moved_to_another_step_counts_there() -> None:
    result = worked({"statements.5d.step": "partner", "statements.5c.step": "reliable"}, FULL)
    assert result.figures["reliable"] == Decimal(15)
    assert result.figures["partner"] == Decimal(9)
