"""What the pages of the workbench show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for

from kamtrain.core import sheet_compare
from kamtrain.core.sheet import (
    TICKED,
    Field,
    Result,
    Sheet,
    Tool,
    shown,
)
from kamtrain.store.workbench import AccountValue, SheetValue, VersionValue
from kamtrain.web.marks import MarkView
from kamtrain.web.sheets import HandedInView, InputView, OutputsView, SectionView, said, value_text


@dataclass(frozen=True)
class TaskView:
    """What was handed in, or may be."""

    course: str  # title
    number: int
    handed_in_at: Any
    waiting: bool
    level: int | None
    result_url: str


@dataclass(frozen=True)
class SheetPage:
    title: str
    tool: str
    tool_name: str
    summary: str
    tool_url: str
    account: AccountValue | None
    account_url: str
    owner: str  # "" where it is one's own
    writable: bool
    stamp: int
    sections: tuple[SectionView, ...]
    offers: tuple[tuple[str, tuple[str, ...]], ...]  # id of a list, what it offers
    outputs: OutputsView
    changed_at: Any
    versions: tuple[VersionValue, ...]
    both: tuple[tuple[str, str, str], ...]  # label, what stands there, what was sent: changed on two devices
    refused: tuple[tuple[str, str], ...]  # label, why it was not kept
    urls: Mapping[str, str]
    rubric: tuple[str, ...]
    confidences: tuple[tuple[str, str], ...]
    courses: tuple[tuple[str, str], ...]  # id, title of those that ask for such a sheet
    tasks: tuple[TaskView, ...]


@dataclass(frozen=True)
class TaskPage:
    title: str
    account: str
    course: str
    course_url: str
    number: int
    handed_in_at: Any
    waiting: bool
    level: int | None
    sheet_url: str
    sheet: HandedInView
    mark: MarkView | None
    evidence: tuple[tuple[str, str], ...]  # (competency, url) that the mark speaks for
    rubric: tuple[str, ...]
    expert_url: str


@dataclass(frozen=True)
class ToolLine:
    id: str
    name: str
    summary: str
    url: str
    sheets: int  # one's own


@dataclass(frozen=True)
class SheetLine:
    id: int
    title: str
    tool_name: str
    account: str
    owner: str
    url: str
    changed_at: Any


@dataclass(frozen=True)
class AccountLine:
    account: AccountValue
    url: str
    mine: bool
    sheets: int


@dataclass(frozen=True)
class HomePage:
    accounts: tuple[AccountLine, ...]
    sheets: tuple[SheetLine, ...]
    stages: tuple[tuple[str, tuple[ToolLine, ...]], ...]  # label, its tools
    name: str = ""
    error: str = ""


@dataclass(frozen=True)
class ToolPage:
    id: str
    name: str
    summary: str
    about_many: bool
    examples: tuple[tuple[str, str, str], ...]  # name, title, brief
    lessons: tuple[tuple[str, str], ...]  # title, url
    rubric: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]  # id, name of one's own, the new one first; () where there is none
    chosen: str  # id of the account asked for
    sheets: tuple[SheetLine, ...]
    open_url: str
    settings_url: str  # "" for who may not
    course: str
    ranking_url: str  # "" for a tool about many customers


@dataclass(frozen=True)
class AccountPage:
    account: AccountValue
    mine: bool
    sheets: tuple[SheetLine, ...]
    tools: tuple[ToolLine, ...]
    url: str
    delete_url: str
    error: str = ""


@dataclass(frozen=True)
class SettingsPage:
    tool_name: str
    tool_url: str
    fields: tuple[InputView, ...]
    url: str


def beside(sheet: SheetValue, reader_id: int) -> str:
    """What another sheet is called in a list of sheets of the same tool."""
    parts = (sheet.account.name if sheet.account else sheet.title, "" if sheet.owner_id == reader_id else sheet.owner)
    return " · ".join(filter(None, parts)) or f"{sheet.changed_at:%Y-%m-%d}"


@dataclass(frozen=True)
class DifferenceView:
    place: str  # table and row, "" for a field of its own
    label: str
    left: str
    right: str
    change: str


@dataclass(frozen=True)
class ComparePage:
    """Two sheets of a tool, or a sheet and what it was, or the expert's."""

    title: str
    account: str
    back_url: str
    left: str
    right: str
    choices: tuple[tuple[str, str], ...]  # value, label of what one may compare with
    chosen: str
    outputs: tuple[DifferenceView, ...]
    cells: tuple[DifferenceView, ...]
    same: int  # number cells that are the same in both
    both: int  # number cells that both have


def differences(tool: Tool, left: Sheet, right: Sheet) -> tuple[DifferenceView, ...]:
    return tuple(
        DifferenceView(
            " · ".join(filter(None, (said(one.table), one.row))),
            said(one.label),
            cell_text(one.field, one.left),
            cell_text(one.field, one.right),
            _signed(one.change, 6),
        )
        for one in sheet_compare.cells(tool, left, right)
    )


def output_differences(tool: Tool, left: Result, right: Result) -> tuple[DifferenceView, ...]:
    return tuple(
        DifferenceView(
            "",
            said(output.label),
            value_text(one, output.places),
            value_text(other, output.places),
            _signed(change, output.places),
        )
        for output, one, other, change in sheet_compare.outputs(tool, left, right)
    )


def cell_text(field: Field | None, text: str) -> str:
    """What stands in a cell, in the reader's words."""
    if field is None or field.kind not in ("choice", "several", "tick"):
        return text
    if field.kind == "tick":
        return value_text(text == TICKED)
    return ", ".join(said(label) for value, label in field.choices if value in text.split(","))


def _signed(change: Decimal | None, places: int) -> str:
    if change is None or change == 0:
        return ""
    text = shown(abs(change), places)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"+{text}" if change > 0 else f"−{text}"


def sheet_line(sheet: SheetValue, tool: Tool, reader_id: int) -> SheetLine:
    return SheetLine(
        sheet.id,
        sheet.title or said(tool.name),
        said(tool.name),
        sheet.account.name if sheet.account else "",
        "" if sheet.owner_id == reader_id else sheet.owner,
        url_for("workbench.sheet", id=sheet.id),
        sheet.changed_at,
    )
