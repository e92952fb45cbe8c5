"""The contract of account tools, over every member and its worked examples."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.message import Message
from kamtrain.core.sheet import (
    LONGEST,
    MOST_ROWS,
    REFERENCE,
    Example,
    Field,
    Output,
    Result,
    Sheet,
    Table,
    Tool,
    fault,
    results,
    settings_of,
    shown,
)
from kamtrain.workbench import TOOLS

PACKAGE = Path(__file__).parent.parent.parent / "kamtrain"
EXAMPLES = [(tool, example) for tool in TOOLS.values() for example in tool.examples]
every_tool = pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
every_example = pytest.mark.parametrize(("tool", "example"), EXAMPLES, ids=[f"{t.id}-{e.name}" for t, e in EXAMPLES])

NAME = re.compile(r"[a-z][a-z0-9_-]*")
typed = st.sampled_from(
    (
        *(
            "",
            " ",
            "0",
            "-1",
            "1",
            "2.5",
            "100",
            "1,200",
            "１２",
            "999999999999999",
            "-0.000001",
            "12%",
            "abc",
            "1e9",
            "NaN",
        ),
        *("yes", "no", "2026-02-30", "2026-11-22", "%(x)s", "a" * (LONGEST + 1), "1,,2"),
    )
)


def every_field(tool: Tool) -> Iterator[tuple[str, Field]]:
    yield from tool.fields.items()
    for table in tool.tables.values():
        for column in table.columns:
            yield f"{table.name}.{column.name}", column


def keys(tool: Tool, rows: int) -> list[str]:
    """Keys of every field, and of every column in the table's own rows and in `rows` more."""
    found = list(tool.fields)
    for table in tool.tables.values():
        ids = [id for id, _ in table.rows] + [f"0000000000r{place:04}" for place in range(rows)]
        found += [f"{table.name}.{id}.{column.name}" for id in ids for column in table.columns]
    return found


def check(tool: Tool, result: Result) -> None:
    """That a result speaks of this tool only, in values that a page can show."""
    assert set(result.figures) <= {output.name for output in tool.outputs}
    computed = {f"{t.name}.{output.name}" for t in tool.tables.values() for output in t.computed}
    for key, value in result.cells.items():
        table, _, rest = key.partition(".")
        assert f"{table}.{rest.partition('.')[2]}" in computed, key
        assert value is None or isinstance(value, Decimal | Message | str | bool)
    for value in result.figures.values():
        assert value is None or isinstance(value, Decimal | Message | str | bool)
        assert not isinstance(value, Decimal) or value.is_finite()
    for notice in result.notices:
        assert NAME.fullmatch(notice.code)
        assert str(notice.text)
        assert all(tool.field_of(key) is not None for key in notice.at), notice.at
    assert all(str(text) for text in result.turns)


@every_tool
def test_a_tool_brings_what_a_member_brings(tool: Tool) -> None:
    folder = PACKAGE / "workbench" / tool.id.replace("-", "_")
    assert (folder / "tool.py").is_file()
    assert (folder / "README.md").is_file()
    assert tool.name
    assert tool.summary
    assert tool.examples
    assert all(tool.rubric)
    assert len(set(tool.rubric)) == 4
    names = [*tool.fields, *tool.tables, *(output.name for output in tool.outputs)]
    assert len(names) == len(set(names)), "one name, one thing"
    for table in tool.tables.values():
        columns = [*(one.name for one in table.columns), *(output.name for output in table.computed)]
        assert len(columns) == len(set(columns))
        assert table.more or table.rows


@every_tool
def test_fields_carry_label_unit_and_range(tool: Tool) -> None:
    for place, one in [*every_field(tool), *((f"@{one.name}", one) for one in tool.settings)]:
        assert one.label, place
        if one.kind == "number":
            assert None not in (one.least, one.most), f"{place} has no range"
        if one.kind in ("choice", "several"):
            assert one.choices, place
        if one.default:
            assert fault(one, one.default) is None, place
    assert all(one.default for one in tool.settings), "a setting holds before anybody changes it"


def test_the_same_fact_is_the_same_everywhere() -> None:
    found: dict[str, tuple[object, ...]] = {}
    for tool in TOOLS.values():
        for place, one in every_field(tool):
            if one.fact:
                shape = (one.kind, one.unit, one.least, one.most, one.whole, one.choices)
                assert found.setdefault(one.fact, shape) == shape, f"{tool.id} {place}: see core/account_facts.py"


@every_tool
def test_what_stands_in_a_table_can_be_read(tool: Tool) -> None:
    assert not Sheet(tool, {}).faults()


@every_tool
def test_formulas_speak_of_what_is_there(tool: Tool) -> None:
    columns = {key for key, _ in every_field(tool)}
    columns |= {f"{table.name}.{output.name}" for table in tool.tables.values() for output in table.computed}
    known = {*tool.fields, *columns, *(f"@{one.name}" for one in tool.settings), *(f"={o.name}" for o in tool.outputs)}

    def there(outputs: tuple[Output, ...], own: Table | None) -> None:
        for output in outputs:
            assert not set("{}") & set(REFERENCE.sub("", output.formula)), f"{output.name}: a reference is misspelt"
            for name in REFERENCE.findall(output.formula):
                plain, _, value = name.partition(":")
                mine = own is not None and plain in {*(c.name for c in own.columns), *(o.name for o in own.computed)}
                assert plain in known or mine, f"{output.name}: {name}"
                if value:
                    found = dict(every_field(tool))[plain]
                    assert value in dict(found.choices)

    there(tool.outputs, None)
    for table in tool.tables.values():
        there(table.computed, table)


@every_example
def test_the_worked_example_comes_out(tool: Tool, example: Example) -> None:
    for key, text in example.cells.items():
        one = tool.field_of(key)
        assert one is not None, key
        assert "~" in key or not text or fault(one, text) is None, key
    result = results(tool, example.cells)
    check(tool, result)
    outputs = {output.name: output for output in tool.outputs}
    assert example.figures
    for name, expected in example.figures.items():
        assert said(result, outputs, name) == expected, name


def said(result: Result, outputs: Mapping[str, Output], name: str) -> str:
    value = result.verdict if name == "verdict" else result.figures.get(name)
    return shown(value, outputs[name].places) if isinstance(value, Decimal) else "" if value is None else str(value)


@every_tool
def test_an_empty_sheet_says_nothing_it_does_not_know(tool: Tool) -> None:
    result = results(tool, {})
    check(tool, result)
    blank = dict.fromkeys(keys(tool, 1), "")
    check(tool, results(tool, blank))


@every_tool
@given(data=st.data())
def test_nothing_typed_brings_it_down_and_it_is_pure(tool: Tool, data: st.DataObject) -> None:
    cells = data.draw(st.dictionaries(st.sampled_from(keys(tool, 3)), typed, max_size=30))
    example = data.draw(st.sampled_from([{}, *(dict(one.cells) for one in tool.examples)]))
    changed = {**example, **cells}
    before = dict(changed)
    result = results(tool, changed)
    check(tool, result)
    assert changed == before
    assert repr(results(tool, dict(reversed(changed.items())))) == repr(result), "order and time change nothing"
    Sheet(tool, changed).faults()


@every_tool
@given(data=st.data())
def test_settings_change_bands_and_bring_nothing_down(tool: Tool, data: st.DataObject) -> None:
    changed = data.draw(st.fixed_dictionaries({}, optional={one.name: typed for one in tool.settings}))
    check(tool, results(tool, tool.examples[0].cells, changed))
    assert not settings_of(tool, {}).faults()


@every_tool
def test_a_thousand_rows_are_computed_at_once(tool: Tool) -> None:
    cells = dict(tool.examples[0].cells)
    for table in tool.tables.values():
        if table.more:
            for place in range(MOST_ROWS):
                for column in table.columns:
                    text = str(column.least or 1) if column.kind == "number" else f"{column.label} {place}"
                    text = column.choices[0][0] if column.choices else text
                    cells[f"{table.name}.0000000000r{place:04}.{column.name}"] = text
    began = time.process_time()
    check(tool, results(tool, cells))
    assert time.process_time() - began < 2.0  # a second for a sheet of ten tables on a slow machine
