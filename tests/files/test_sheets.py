"""Sheets as XLSX: LibreOffice recalculates every formula and gets what the page shows."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kamtrain.core.message import Message
from kamtrain.core.sheet import Field, Output, Result, Sheet, Tool, Value, fault, results, settings_of
from kamtrain.files.sheets import Words, xlsx
from kamtrain.workbench import TOOLS

WORDS = Words("What comes out", "Bands", "Evidence", "Confidence", "yes", "no", ("Alder", "2026-11-22"))
REQUIRED = "KAMTRAIN_TEST_BROWSER_REQUIRED"  # set by .ci/run: there a skip is a failure
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
CASES = 3  # of blanks and nonsense for each tool


@dataclass(frozen=True)
class Case:
    name: str
    tool: Tool
    cells: Mapping[str, str]
    settings: Mapping[str, str]

    @property
    def result(self) -> Result:
        return results(self.tool, self.cells, self.settings)


def cases() -> Iterator[Case]:
    """Every worked example, the empty sheet, and examples with blanks, nonsense, zeros and other settings."""
    for tool in TOOLS.values():
        yield Case(f"{tool.id}-empty", tool, {}, {})
        for example in tool.examples:
            yield Case(f"{tool.id}-{example.name}", tool, example.cells, {})
        rng = random.Random(tool.id)
        for place in range(CASES):
            cells = dict(tool.examples[0].cells)
            for key in rng.sample(sorted(cells), max(1, len(cells) // 4)):
                cells[key] = rng.choice(["", "", "abc", "0", "-1", "7", cells[key]])
            settings = {one.name: one.default for one in tool.settings if rng.random() < 0.5}
            yield Case(f"{tool.id}-odd{place}", tool, cells, settings)


ALL = {case.name: case for case in cases()}


def written(case: Case) -> bytes:
    """The file with absurd values beside its formulas, so that only a recalculation can be right."""
    result = case.result
    wrong: dict[str, Value] = dict.fromkeys(result.figures, Decimal(-987654))
    kept = {name: value for name, value in result.figures.items() if not formula_of(case.tool, name)}
    absurd = Result({**wrong, **kept}, dict(result.cells))
    return xlsx(case.tool, Sheet(case.tool, case.cells), settings_of(case.tool, case.settings), absurd, {}, WORDS)


def formula_of(tool: Tool, name: str) -> str:
    return next(output.formula for output in tool.outputs if output.name == name)


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All cases, opened and saved by LibreOffice in one start."""
    if SOFFICE is None:
        if os.environ.get(REQUIRED):
            pytest.fail("LibreOffice is missing: apt-get install libreoffice-calc-nogui")
        pytest.skip("LibreOffice is missing: apt-get install libreoffice-calc-nogui")
    folder = tmp_path_factory.mktemp("sheets")
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS)
    for case in ALL.values():
        (folder / f"{case.name}.xlsx").write_bytes(written(case))
    out = folder / "out"
    files = sorted(str(path) for path in folder.glob("*.xlsx"))
    home = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [SOFFICE, home, "--headless", "--convert-to", "xlsx", "--outdir", str(out), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return out


def outputs(path: Path, tool: Tool) -> dict[str, Any]:
    """Label of an output -> what stands beside it."""
    page = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    lines = [[cell.value for cell in row] for row in page.iter_rows()]
    start = max(place for place, line in enumerate(lines) if line[0] == WORDS.outputs)
    return {output.name: line[1] for output, line in zip(tool.outputs, lines[start + 1 :], strict=False)}


def same(output: Output, value: Value, found: Any) -> bool:
    if isinstance(value, Decimal):
        return isinstance(found, int | float) and abs(Decimal(str(found)) - value) <= abs(value) * Decimal(
            "1e-9"
        ) + Decimal("1e-9")
    if isinstance(value, bool):
        return bool(found in (value, WORDS.yes if value else WORDS.no))
    return (found or "") == ("" if value is None else str(value) if isinstance(value, Message) else value)


@pytest.mark.parametrize("name", ALL)
def test_libreoffice_gets_what_the_page_shows(recalculated: Path, name: str) -> None:
    case = ALL[name]
    found = outputs(recalculated / f"{name}.xlsx", case.tool)
    wrong = {
        output.name: (str(case.result.figures.get(output.name)), found[output.name], output.formula)
        for output in case.tool.outputs
        if not same(output, case.result.figures.get(output.name), found[output.name])
    }
    assert not wrong


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_most_that_comes_out_is_a_formula(tool: Tool) -> None:
    numbers = [
        o for o in tool.outputs if isinstance(results(tool, tool.examples[0].cells).figures.get(o.name), Decimal)
    ]
    assert sum(bool(output.formula) for output in numbers) * 2 >= len(numbers)


def test_what_was_typed_is_never_run_and_private_facts_are_in_no_file(tmp_path: Path) -> None:
    tool = TOOLS["stakeholder-map"]
    private = next(column for column in tool.tables["people"].columns if column.personal)
    row = "people.0000000000r1."
    cells = {f"{row}name": "=1+1", f"{row}{private.name}": "two children", f"{row}influence": "lots"}
    path = tmp_path / "map.xlsx"
    path.write_bytes(xlsx(tool, Sheet(tool, cells), settings_of(tool, {}), results(tool, cells), {}, WORDS))

    page = openpyxl.load_workbook(path).worksheets[0]
    found = [cell for row_ in page.iter_rows() for cell in row_]

    assert [cell.data_type for cell in found if cell.value == "=1+1"] == ["s"]
    assert not any("two children" in str(cell.value) for cell in found)
    assert [cell.comment.text for cell in found if cell.comment] == ["lots"]


def test_a_field_that_cannot_be_read_counts_as_empty() -> None:
    assert fault(Field("x", "X", least=Decimal(0), most=Decimal(1)), "2") is not None
