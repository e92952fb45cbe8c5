"""`docs/howto/add-a-tool.md`, followed to the letter: the tool it builds is found and keeps the contract."""

from __future__ import annotations

import importlib
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

import kamtrain.workbench as family
from kamtrain.core.sheet import Tool, results
from kamtrain.registry import discover
from tests.workbench import test_contract as contract

PAGE = Path(__file__).parents[2] / "docs/howto/add-a-tool.md"
FILE = re.compile(r"^ *```\w+\n *(?:# |<!-- )([\w.]+)(?: -->)?\n(.*?)^ *```$", re.M | re.S)


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tool]:
    folder = tmp_path / "visit_cost"
    folder.mkdir()
    written = {name: textwrap.dedent(text) for name, text in FILE.findall(PAGE.read_text("utf-8"))}
    assert set(written) == {"__init__.py", "README.md", "tool.py"}
    for name, text in written.items():
        (folder / name).write_text(text, "utf-8")
    monkeypatch.setattr(family, "__path__", [*family.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield discover(family, "tool")["visit_cost"].TOOL
    for name in [name for name in sys.modules if name.startswith("kamtrain.workbench.visit_cost")]:
        del sys.modules[name]


def test_the_page_builds_a_tool_that_keeps_the_contract(tool: Tool) -> None:
    assert tool.id == "visit-cost"
    contract.test_fields_carry_label_unit_and_range(tool)
    contract.test_what_stands_in_a_table_can_be_read(tool)
    contract.test_formulas_speak_of_what_is_there(tool)
    contract.test_an_empty_sheet_says_nothing_it_does_not_know(tool)
    contract.test_a_thousand_rows_are_computed_at_once(tool)
    for example in tool.examples:
        contract.test_the_worked_example_comes_out(tool, example)


def test_the_page_says_when_it_warns(tool: Tool) -> None:
    assert [one.code for one in results(tool, {"hours": "1", "travel": "900"}).notices] == ["way-costs-more"]
    assert not results(tool, {"hours": "9", "travel": "480"}).notices
