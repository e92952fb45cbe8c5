"""The visit plan: twelve lines, kinds of questions, and its warnings."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kamtrain.core.sheet import Result, results
from kamtrain.workbench.visit_plan.tool import LINES, TOOL, words

MONDAY, TUESDAY = (example.cells for example in TOOL.examples)


def of(cells: Mapping[str, str], **settings: str) -> Result:
    return results(TOOL, cells, settings)


def codes(cells: Mapping[str, str], **settings: str) -> list[str]:
    return [notice.code for notice in of(cells, **settings).notices]


def test_on_monday_three_lines_are_open() -> None:
    result = of(MONDAY)
    assert [str(line.label) for line in result.picture if not line.done] == [
        "Fallback aim",
        "Expected objections",
        "Compliance check",
    ]
    assert str(result.verdict) == "3 of twelve lines are open. Next: Fallback aim"
    assert codes(MONDAY) == ["no-fallback", "situation"]
    assert [str(turn) for turn in result.turns] == ["Put 1 of them as another kind, and it is 28.6 %."]


def test_on_tuesday_nothing_warns() -> None:
    assert codes(TUESDAY) == []
    assert of(TUESDAY).turns == ()


def test_twelve_lines() -> None:
    assert len(LINES) == 12
    assert len({line.at for line in LINES}) == 12


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("aim-no-commitment", {"aim_tests": "seen,date"}),
        ("aim-no-commitment", {"aim_tests": ""}),
        ("aim-no-date", {"aim_tests": "customer"}),
        ("aim-long", {"aim": "word " * 21}),
        ("no-fallback", {"fallback": " "}),
        ("situation", {"questions.01.kind": "situation"}),
        ("no-implication", {f"questions.0{place}.kind": "problem" for place in (1, 6, 7)}),
        ("style-guessed", {"there.01.cues": ""}),
        ("no-reply", {"objections.02.text": "Too dear."}),
        ("gift", {"gift": "201"}),
        ("gift-unclear", {"gift": "20", "compliance": "none"}),
        ("tender", {"stage": "bidding"}),
    ],
)
def test_a_warning_goes_on(code: str, changed: Mapping[str, str]) -> None:
    assert code in codes({**TUESDAY, **changed})


def test_limits_are_settings() -> None:
    assert "situation" not in codes(MONDAY, situation="43")
    assert "aim-long" in codes(MONDAY, words="8")
    assert "gift" in codes(TUESDAY, gift="24")
    assert "gift" not in codes({**TUESDAY, "gift": "500", "compliance": "asked"})
    assert of(MONDAY, questions="8").figures["done"] == 8
    assert of(MONDAY, insights="many").figures["done"] == 9


def test_a_question_counts_once_it_is_written() -> None:
    """Kinds stand in the table from the start; they ask nothing yet."""
    result = of({})
    assert (result.figures["situation-share"], result.figures["asked-situation"]) == (None, 0)
    assert result.notices == ()
    assert result.verdict is None
    one = of({"questions.01.text": "How many lines?"})
    assert one.figures["situation-share"] == 100


def test_half_a_line_is_not_done() -> None:
    assert of({"there.01.name": "Qiu"}).figures["done"] == 0
    assert of({"there.01.name": "Qiu", "there.01.style": "stern"}).figures["done"] == 0, "none of the four"
    assert of({"objections.01.text": "Too dear."}).figures["done"] == 0
    assert of({"insights.01.text": "a", "insights.02.text": "b"}).figures["done"] == 0


def test_an_aim_that_is_all_situation_cannot_be_mended_away() -> None:
    assert [str(one) for one in of({"questions.01.text": "a"}).turns] == [
        "Put 1 of them as another kind, and it is 0.0 %."
    ]
    assert of({"questions.01.text": "a"}, situation="100").turns == ()


def test_words_of_an_aim() -> None:
    assert words("Ms Bao names the day") == 5
    assert words("包经理周五前定下日子") == 5
    assert words("Qiu 定下 trial 的日子") == 2 + 3
    assert words("") == 0
