"""What is planned for a CSV file: columns are recognised, cells read, and nothing is overwritten unasked."""

from __future__ import annotations

import pytest

from kamtrain.core.errors import Invalid
from kamtrain.core.imports import (
    MOST_BYTES,
    MOST_LINES,
    Existing,
    Plan,
    Reading,
    answers,
    columns_of,
    counted_in,
    customers_of,
    decoded,
    plan_customers,
    plan_import,
    read,
    recognised,
    targets_of,
)
from kamtrain.workbench import TOOLS

TARGETS = targets_of(TOOLS.values())
BEGUN = "mi0000000"
FILE = """Customer,Sales,Stage,Next visit,Contact name,Job title,Influence
Alder,"1,200",Selection,2026/12/1,Qiu,Head of maintenance,4
Alder,,,,Fang,Buyer,3
Birch,800,1 Survey,2026年12月3日,,,
"""


def reading(text: str) -> Reading:
    heads = read(text).heads
    labels = {"4 Selection": ["4 选型"]}
    return Reading(tuple(recognised(heads, TARGETS, {})), counted_in(heads), answers(TARGETS, labels))


def plan(text: str, existing: tuple[Existing, ...] = (), overwrite: tuple[str, ...] = ()) -> Plan:
    return plan_import(existing, read(text), reading(text), TARGETS, frozenset(overwrite), BEGUN)


def after(text: str, existing: tuple[Existing, ...] = (), overwrite: tuple[str, ...] = ()) -> tuple[Existing, ...]:
    """The accounts of the file as they stand after the import."""
    known = {one.name: one for one in existing}
    for place, one in enumerate(plan(text, existing, overwrite).accounts, 1):
        before = known.get(one.name)
        known[one.name] = Existing(one.id or place, one.name, {**(before.facts if before else {}), **one.cells})
    return tuple(known.values())


def test_every_fact_that_tools_share_may_be_imported_and_no_private_one() -> None:
    shared = {f.fact for tool in TOOLS.values() for f in tool.fields.values() if f.fact}

    assert shared < set(TARGETS)
    assert {"people.name", "people.post", "rivals.name"} < set(TARGETS)
    assert not {"people.family", "people.hobbies", "people.volunteered"} & set(TARGETS)


def test_it_works() -> None:
    found = plan(FILE)

    assert found.troubles == ()
    assert [(one.id, one.name) for one in found.accounts] == [(None, "Alder"), (None, "Birch")]
    assert found.accounts[0].cells == {
        "sales": "1,200",
        "stage": "selection",
        "next_visit": "2026-12-01",
        f"people.{BEGUN}0000.name": "Qiu",
        f"people.{BEGUN}0000.post": "Head of maintenance",
        f"people.{BEGUN}0000.influence": "4",
        f"people.{BEGUN}0001.name": "Fang",
        f"people.{BEGUN}0001.post": "Buyer",
        f"people.{BEGUN}0001.influence": "3",
    }
    assert found.accounts[1].cells == {"sales": "800", "stage": "survey", "next_visit": "2026-12-03"}


def test_twice_changes_nothing() -> None:
    again = plan(FILE, after(FILE))

    assert again.empty
    assert again.same == 12
    assert again.count("kept") == 0


def test_what_stands_there_is_overwritten_only_where_somebody_says_so() -> None:
    there = Existing(
        7, "alder", {"sales": "900", "stage": "survey", "people.01.name": "QIU", "people.01.influence": "2"}
    )

    careful = plan(FILE, (there,)).accounts[0]
    bold = plan(FILE, (there,), ("sales", "people.influence")).accounts[0]

    assert careful.id == 7
    assert not {"sales", "stage", "people.01.influence", "people.01.name"} & set(careful.cells)
    assert careful.cells["people.01.post"] == "Head of maintenance"
    assert {key: bold.cells[key] for key in ("sales", "people.01.influence")} == {
        "sales": "1,200",
        "people.01.influence": "4",
    }
    assert "stage" not in bold.cells


def test_the_same_figure_written_otherwise_is_the_same() -> None:
    assert plan("Customer,Sales\nAlder,1200.0\n", (Existing(1, "Alder", {"sales": "1,200"}),)).empty


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_chinese_files_are_read_as_spreadsheets_save_them(coding: str, mark: str) -> None:
    text = "客户名称,预计销售额（元）,采购阶段,姓名,职务,影响力\r\n阿尔德,12000000,4 选型,邱,设备主管,4\r\n".replace(
        ",", mark
    )

    found = plan(decoded(text.encode(coding)))

    assert found.troubles == ()
    assert found.accounts[0].name == "阿尔德"
    assert found.accounts[0].cells["sales"] == "1200"  # of 10,000 yuan
    assert found.accounts[0].cells["stage"] == "selection"
    assert found.accounts[0].cells[f"people.{BEGUN}0000.post"] == "设备主管"


def test_each_bad_cell_and_line_is_named_and_the_rest_is_taken() -> None:
    text = (
        "Customer,Sales,Stage,Next visit,Contact name,Influence\n"
        "Alder,lots,Selection,soon,Qiu,9\n"
        ",100,,,,\n"
        "\n"
        'Alder,100,Waiting,2026-02-30,"",4\n'
        "Alder,200,,,,\n"
    )

    found = plan(text)

    assert [(one.line, one.column) for one in found.troubles] == [
        (2, "Sales"),
        (2, "Next visit"),
        (2, "Influence"),
        (3, ""),
        (5, "Stage"),
        (5, "Next visit"),
        (5, "Influence"),
        (6, "Sales"),
    ]
    assert "Line 5 says otherwise" in str(found.troubles[-1].text)
    assert found.accounts[0].cells == {"sales": "100", "stage": "selection", f"people.{BEGUN}0000.name": "Qiu"}


def test_two_accounts_of_one_name_are_not_guessed_between() -> None:
    found = plan("Customer,Sales\nAlder,5\n", (Existing(1, "Alder", {}), Existing(2, " ALDER", {})))

    assert found.accounts == ()
    assert "several accounts" in str(found.troubles[0].text)


def test_formulas_are_text_and_numbers_they_are_none() -> None:
    found = plan("Customer,Sales,Contact name\n=cmd|' /C calc'!A1,=1+1,'=HYPERLINK(1)\n")

    assert found.accounts[0].name == "=cmd|' /C calc'!A1"
    assert found.accounts[0].cells == {f"people.{BEGUN}0000.name": "=HYPERLINK(1)"}
    assert [one.column for one in found.troubles] == ["Sales"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"Customer\n",
        b"Customer\nAl\x00der\n",
        b"PK\x03\x04\x00\x00",
        b"\xff\xfe\x00",
        b"\xff\xff\xff\xff",
        b"Customer\n" + b"x" * 200_000,
        b'Customer\n"open' + b"\n" * 200_000,
        b"Customer\n" + b"a\n" * (MOST_LINES + 1),
        b"," * 5_000 + b"\n" + b"1" + b"," * 5_000,
        b"x" * (MOST_BYTES + 1),
    ],
)
def test_hostile_files_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read(decoded(data))


def test_a_huge_cell_is_left_out_alone() -> None:
    found = plan(f"Customer,Contact name,Job title\nAlder,Qiu,{'x' * 5_000}\n{'y' * 300},Fang,Buyer\n")

    assert [(one.line, one.column) for one in found.troubles] == [(2, "Job title"), (3, "")]
    assert [one.name for one in found.accounts] == ["Alder"]


def test_a_line_with_too_many_cells_is_told() -> None:
    found = plan("Customer,Sales\nAlder,1,200\n")

    assert "quotation marks" in str(found.troubles[0].text)


@pytest.mark.parametrize("tool", ["single-indicator", "value-pyramid", "concentration"])
def test_a_file_of_customers_fills_a_sheet_about_many(tool: str) -> None:
    table = customers_of(TOOLS[tool])
    assert table is not None
    targets = columns_of(table)
    second = next(key for key in targets if key in ("sales", "value", "amount"))
    grid = read(f"客户名称,{second}\n甲,120\n,5\n乙,x\n")
    columns = tuple(recognised(grid.heads, targets, {}))

    cells, troubles = plan_customers(table, grid, Reading(columns))

    name = table.columns[0].name
    prefix = table.name
    assert cells == {f"{prefix}.0001.{name}": "甲", f"{prefix}.0001.{second}": "120", f"{prefix}.0002.{name}": "乙"}
    assert [one.line for one in troubles] == [3, 4]
