"""The screen that ranks the sheets of one tool: whom to choose, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from kamtrain.core.errors import NotFound
from kamtrain.core.message import message
from kamtrain.core.ranking import Ranked, ranked
from kamtrain.core.sheet import Tool, shown
from kamtrain.http import database, locale
from kamtrain.services import workbench as service
from kamtrain.services.workbench import Filled
from kamtrain.store import workbench as store
from kamtrain.web import sheets


@dataclass(frozen=True)
class RankLine:
    place: int | None
    account: str
    owner: str  # "" where it is one's own
    figure: str  # "" where it is not known
    behind: str  # by how much it is below the first; "" for the first
    verdict: str
    tone: str
    url: str
    changed_at: Any


@dataclass(frozen=True)
class RankingPage:
    tool_name: str
    tool_url: str
    figure: str  # by what it is ranked
    unit: str
    lines: tuple[RankLine, ...]


def ranking_page(tool: Tool) -> RankingPage:
    """Of one's own sheets and those that are shared with one. Raises `NotFound` for a tool about many customers."""
    if tool.about != "account":
        raise NotFound(message("A sheet of this tool holds many customers: it ranks them itself."))
    with database.reading() as session:
        reader = service.reader(session, g.person.id, g.person.team)
        there = service.filled_all(session, store.readable_sheets(session, reader, tool.id))
        settings = store.settings_of(session, tool.id)
    by = tool.ranked_by
    lines = ranked(
        tool,
        ((one, sheets.calculated(tool, service.readable_cells(one, g.person.id), settings)[1]) for one in there),
    )
    return RankingPage(
        sheets.said(tool.name),
        url_for("workbench.tool", tool=tool.id),
        sheets.said(by.label),
        sheets.said(by.unit),
        tuple(_line(line, lines[0], by.places) for line in lines),
    )


def _line(line: Ranked[Filled], first: Ranked[Filled], places: int) -> RankLine:
    sheet, result = line.one.sheet, line.result
    behind = line.place is not None and first.value is not None and line.value is not None and line.place > 1
    return RankLine(
        line.place,
        sheet.account.name if sheet.account else sheet.title,
        "" if sheet.owner_id == g.person.id else sheet.owner,
        sheets.value_text(line.value, places),
        f"−{shown(first.value - line.value, places)}" if behind and first.value is not None and line.value else "",
        locale.translate(result.verdict) if result.verdict else "",
        {"good": "success"}.get(result.tone, result.tone),
        url_for("workbench.sheet", id=sheet.id),
        sheet.changed_at,
    )
