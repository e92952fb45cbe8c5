"""Worksheets: reading what was typed, exactly, and two sheets beside each other."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core import sheet_compare
from kamtrain.core.sheet import (
    Field,
    Output,
    Result,
    Section,
    Sheet,
    Table,
    Tool,
    fault,
    number,
    ratio,
    settings_of,
    share,
    shown,
    total,
)

TOOL = Tool(
    id="try",
    name="Try",
    summary="",
    sections=(
        Section(
            "One",
            (
                Field("sales", "Sales", unit="万元", least=Decimal(0), most=Decimal(1000)),
                Field("days", "Days", least=Decimal(1), most=Decimal(366), whole=True, default="365"),
                Field("kind", "Kind", "choice", choices=(("a", "A"), ("b", "B"))),
                Field("roles", "Roles", "several", choices=(("a", "A"), ("b", "B"))),
                Field("due", "Due", "date"),
                Table(
                    "rows",
                    "Rows",
                    (
                        Field("name", "Name", "text"),
                        Field("score", "Score", least=Decimal(0), most=Decimal(10), sourced=True),
                    ),
                    rows=(("01", {"name": "first"}),),
                ),
            ),
        ),
    ),
    outputs=(Output("sum", "Sum"),),
    compute=lambda sheet, _settings: Result({"sum": total(row.number("score") for row in sheet.rows("rows"))}),
    examples=(),
    rubric=("1", "2", "3", "4"),
    settings=(Field("cut", "Cut", least=Decimal(0), most=Decimal(100), default="70"),),
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12.5", "12.5"),
        (" 1,200 ", "1200"),
        ("１２．５", "12.5"),
        ("−3", "-3"),
        ("+4", "4"),
        ("12 %", "12"),
        ("60 万元", "60"),
        ("1 200", "1200"),
        ("0.1", "0.1"),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, read: str) -> None:
    assert number(typed, "万元") == Decimal(read)


@pytest.mark.parametrize(
    "typed", ["", "12,5", "1e9", "NaN", "Infinity", "twelve", "1.2.3", "12,34,567", "--1", "9" * 16]
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert number(typed) is None


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("68.45", 1, "68.5"),
        ("-0.04", 1, "0.0"),
        ("1293.65", 1, "1,293.7"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0", 0, "0"),
    ],
)
def test_display_rounds_half_up_and_nothing_else_rounds(value: str, places: int, text: str) -> None:
    assert shown(Decimal(value), places) == text


def test_blank_is_not_there_and_never_zero() -> None:
    assert total([None, None]) is None
    assert total([None, Decimal(0)]) == 0
    assert ratio(Decimal(1), None) is None
    assert ratio(Decimal(1), Decimal(0)) is None
    assert share(Decimal(1), Decimal(4)) == 25


def test_a_sheet_reads_by_kind_and_says_what_it_could_not_read() -> None:
    sheet = Sheet(
        TOOL, {"sales": "1001", "days": "", "kind": "z", "roles": "b,a", "due": "2026-02-30", "rows.01.score": "x"}
    )

    assert sheet.number("sales") is None
    assert sheet.number("days") == 365
    assert sheet.choice("kind") == ""
    assert sheet.several("roles") == ("a", "b")
    assert sheet.day("due") is None
    assert set(sheet.faults()) == {"sales", "kind", "due", "rows.01.score"}


def test_rows_stand_in_the_order_they_were_begun_and_are_there_once_they_hold_something() -> None:
    cells = {"rows.0000000002a.name": "later", "rows.0000000001z.name": "sooner", "rows.0000000003z.name": "  "}

    assert [row.name for row in Sheet(TOOL, cells).rows("rows")] == ["first", "sooner", "later"]
    assert [row.id for row in Sheet(TOOL, {"rows.01.name": ""}).rows("rows")] == []


@pytest.mark.parametrize(
    "key",
    [
        "nothing",
        "rows",
        "rows.01",
        "rows.01.",
        "rows.01.sum",
        "rows.A.name",
        "rows.01.name~evidence",
        "rows.01.score~x",
    ],
)
def test_a_key_of_nothing_is_known_as_such(key: str) -> None:
    assert TOOL.field_of(key) is None


def test_evidence_belongs_to_what_asks_for_it() -> None:
    assert TOOL.field_of("rows.01.score~evidence") is TOOL.tables["rows"].column("score")


@given(st.text(max_size=30))
def test_nothing_typed_is_refused_by_an_exception(typed: str) -> None:
    for field in [*TOOL.fields.values(), *TOOL.tables["rows"].columns]:
        fault(field, typed)
    Sheet(TOOL, {"sales": typed, "rows.01.score": typed, "due": typed}).faults()


def test_settings_fall_back_to_the_tools_own() -> None:
    assert settings_of(TOOL, {}).number("cut") == 70
    assert settings_of(TOOL, {"cut": "55"}).number("cut") == 55
    assert settings_of(TOOL, {"cut": ""}).number("cut") == 70


def test_two_sheets_differ_where_they_differ() -> None:
    left = Sheet(
        TOOL, {"sales": "10", "rows.01.score": "4", "rows.0000000001a.name": "Luo", "rows.0000000001a.score": "3"}
    )
    right = Sheet(
        TOOL, {"sales": "10", "rows.01.score": "6", "rows.0000000009z.name": "luo", "rows.0000000009z.score": "3"}
    )

    found = sheet_compare.cells(TOOL, left, right)

    assert [(one.row, one.label, one.change) for one in found] == [("first", "Score", 2), ("Luo", "Name", None)]
    assert sheet_compare.agreement(TOOL, left.cells, right.cells) == (1, 2)


def test_outputs_of_two_sheets_stand_beside_each_other() -> None:
    left, right = Result({"sum": Decimal(4)}), Result({"sum": Decimal(6)})

    assert sheet_compare.outputs(TOOL, left, right) == ((TOOL.outputs[0], Decimal(4), Decimal(6), Decimal(2)),)
    assert sheet_compare.outputs(TOOL, left, Result())[0][3] is None
