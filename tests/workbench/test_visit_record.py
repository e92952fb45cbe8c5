"""The visit record: the balance of commitments, advance or continuation, and what is overdue."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kamtrain.core.sheet import Result, results
from kamtrain.workbench.visit_record.tool import TOOL

ALDER = TOOL.examples[0].cells


def of(cells: Mapping[str, str], **settings: str) -> Result:
    return results(TOOL, cells, settings)


def codes(cells: Mapping[str, str], **settings: str) -> list[str]:
    return [notice.code for notice in of(cells, **settings).notices]


def commitments(*rows: tuple[str, str]) -> dict[str, str]:
    """Cells of commitments: (side, due)."""
    return {
        f"commitments.{place:02}.{column}": text
        for place, row in enumerate(rows, 1)
        for column, text in zip(("side", "due"), row, strict=True)
    }


def test_the_worked_example_warns_of_nothing() -> None:
    assert codes(ALDER) == []
    assert of(ALDER).turns == ()
    assert {str(value) for value in of(ALDER).cells.values()} == {"not done yet"}


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([("customer", "2026-10-14")], "Advance"),
        ([("customer", "")], "Open"),
        ([("customer", "soon")], "Open"),
        ([("ours", "2026-10-14")], "Continuation"),
        ([("customer", ""), ("customer", "2026-10-14"), ("ours", "")], "Advance"),
    ],
)
def test_advance_is_an_act_with_a_day(rows: list[tuple[str, str]], verdict: str) -> None:
    assert str(of(commitments(*rows)).verdict).startswith(verdict)


def test_a_visit_that_was_scored_without_any_commitment_is_a_continuation() -> None:
    assert str(of({"score": "0"}).verdict).startswith("Continuation")
    assert of({}).verdict is None
    assert of({}).notices == ()


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("continuation", {"commitments.01.side": "ours", "commitments.02.side": "ours"}),
        ("no-day", {"commitments.01.due": ""}),
        ("no-side", {"commitments.06.what": "A drawing"}),
        ("moved-without-act", {"commitments.01.due": "", "commitments.02.due": ""}),
        ("moved-back", {"stage": "survey"}),
        ("no-fact", {"said.03.reading": "They like us"}),
        ("no-cause", {"objections.01.text": "Too dear."}),
        ("late", {"within": ""}),
        ("no-next-step", {"next_step": ""}),
        ("overdue-ours", {"status": "2026-10-14"}),
        ("overdue-theirs", {"status": "2026-10-15"}),
    ],
)
def test_a_warning_goes_on(code: str, changed: Mapping[str, str]) -> None:
    assert code in codes({**ALDER, **changed})


def test_overdue_is_what_was_due_before_the_day() -> None:
    figures = of({**ALDER, "status": "2026-10-15"}).figures
    assert (figures["overdue"], figures["open"]) == (2, 5), "due on the day itself is not late"
    done = of({**ALDER, "status": "2026-12-01", "commitments.04.done": "1"})
    assert (done.figures["overdue"], done.figures["open"]) == (4, 4)
    assert [str(done.cells[f"commitments.0{place}.state"]) for place in range(1, 6)] == [
        "overdue",
        "overdue",
        "overdue",
        "done",
        "overdue",
    ]


def test_below_a_fifth_somebody_asks_who_wants_it() -> None:
    four = commitments(("customer", "2026-10-14"), *[("ours", "2026-10-14")] * 4)
    assert of(four).figures["balance"] == 20
    assert "balance" not in codes(four)
    five = commitments(("customer", "2026-10-14"), *[("ours", "2026-10-14")] * 5)
    assert "balance" in codes(five)
    assert "balance" not in codes(five, least="10")
    assert "balance" not in codes(five, least="nonsense"), "no limit that can be read, no warning"


def test_a_thing_that_is_nobodys_is_not_counted() -> None:
    result = of({"commitments.01.what": "A drawing"})
    assert (result.figures["all"], result.figures["balance"]) == (0, None)
    assert result.cells["commitments.01.state"] is None


def test_what_one_act_would_change() -> None:
    assert [str(one) for one in of(commitments(("ours", ""), ("ours", ""), ("ours", ""))).turns] == [
        "One act of the customer with a day would make it an advance, with a balance of 25.0 %."
    ]
    assert [str(one) for one in of({**ALDER, "commitments.01.due": ""}).turns] == [
        "The advance hangs on one act alone: Half an hour with the shift head."
    ]
    assert len(of(commitments(("customer", ""))).turns) == 1


def test_the_step_moves_both_ways() -> None:
    assert of({"stage_before": "decision", "stage": "survey"}).figures["moved"] == -6
    assert of({"stage": "survey"}).figures["moved"] is None
