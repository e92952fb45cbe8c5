"""A table as a file: what somebody is called never becomes a formula in the spreadsheet of somebody else."""

from __future__ import annotations

from datetime import UTC

import pytest

from kamtrain.core.table import Column, Table
from kamtrain.files import tables

COLUMNS = (Column("name", "Trainee"),)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠a", "\t=1", "\r=1", "\n=1"])
def test_a_name_is_text_and_no_formula(name: str) -> None:
    lines = b"".join(tables.csv_lines(Table(COLUMNS, [(name,)]), lambda message: message.id, UTC)).decode()

    assert f"'{name}" in lines


@pytest.mark.parametrize("name", ["王芳", "Anne-Marie = Anna", "3M"])
def test_other_names_stay_as_they_are(name: str) -> None:
    lines = b"".join(tables.csv_lines(Table(COLUMNS, [(name,)]), lambda message: message.id, UTC)).decode()

    assert lines.splitlines()[1] == name
