"""Importing what a customer system exports: the plan as `core.imports` makes it, carried out in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kamtrain.core.errors import Conflict, Invalid
from kamtrain.core.imports import (
    Existing,
    Grid,
    Plan,
    Reading,
    Target,
    customers_of,
    plan_customers,
    plan_import,
    targets_of,
)
from kamtrain.core.message import message
from kamtrain.core.sheet import Tool
from kamtrain.services.workbench import MOST_CELLS, open_sheet
from kamtrain.store import workbench as store
from kamtrain.store.workbench import OwnFacts
from kamtrain.workbench import TOOLS

TARGETS: dict[str, Target] = targets_of(TOOLS.values())
MOST_ACCOUNTS = 10_000  # of one person
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Asked:
    """The file, and what is to be done with it. `overwrite`: targets whose figures may replace others."""

    grid: Grid
    reading: Reading
    overwrite: frozenset[str] = frozenset()


def planned(session: Session, person_id: int, asked: Asked, now: datetime) -> Plan:
    """What importing would do to the person's accounts. One query."""
    return _plan(store.own_facts(session, person_id), asked, now)


def _plan(known: tuple[OwnFacts, ...], asked: Asked, now: datetime) -> Plan:
    existing = (Existing(one.id, one.name, {key: cell.value for key, cell in one.cells.items()}) for one in known)
    return plan_import(existing, asked.grid, asked.reading, TARGETS, asked.overwrite, _begun(now))


def _begun(now: datetime) -> str:
    """The time in few letters, as the ids of rows begin that somebody adds."""
    moment = int(now.timestamp() * 1000)
    return "".join(DIGITS[moment // 36**place % 36] for place in reversed(range(9)))


def apply(session: Session, person_id: int, asked: Asked, fictional: bool, now: datetime) -> Plan:
    """Carries out what is planned for the accounts as they stand now, all of it or nothing; what was done.

    Raises `Conflict` where the person would have too many accounts.
    """
    store.lock_accounts_of(session, person_id)
    known = store.own_facts(session, person_id)
    store.lock_sheets(session, [one.sheet_id for one in known])
    known = store.own_facts(session, person_id)  # as it stands behind the locks
    plan = _plan(known, asked, now)
    if len(known) + plan.new > MOST_ACCOUNTS:
        raise Conflict(message("You would have more than %(most)s accounts. Delete some first.", most=MOST_ACCOUNTS))
    by_id = {one.id: one for one in known}
    fresh = [one for one in plan.accounts if one.id is None]
    sheets = store.add_accounts(session, person_id, [one.name for one in fresh], fictional, now)
    moment = int(now.timestamp() * 1_000_000)
    cells = {sheet: (moment, one.cells) for sheet, one in zip(sheets, fresh, strict=True)}
    for one in plan.accounts:
        if one.id is not None and one.cells:
            here = by_id[one.id]
            if len(here.cells) + len(one.cells) > MOST_CELLS:
                raise Conflict(
                    message("This sheet is full: at most %(most)s cells. Begin another one.", most=MOST_CELLS)
                )
            newest = max((cell.stamp for cell in here.cells.values()), default=0)
            cells[here.sheet_id] = max(moment, newest + 1), one.cells
    store.put_many(session, cells, now)
    return plan


def import_customers(session: Session, person_id: int, tool: Tool, asked: Asked, title: str, now: datetime) -> int:
    """A new sheet of a tool about many customers, with a row for each line; its id.

    The same file again leads to the sheet it made. Raises `Invalid` where no line can be taken.
    """
    store.lock_accounts_of(session, person_id)
    table = customers_of(tool)
    cells = plan_customers(table, asked.grid, asked.reading)[0] if table is not None else {}
    if not cells:
        raise Invalid(message("No line can be imported: choose the column that holds the name."))
    mine = [sheet for sheet in store.sheets_of(session, person_id) if sheet.tool == tool.id and sheet.account is None]
    for id, there in store.cells_of(session, [sheet.id for sheet in mine]).items():
        if {key: cell.value for key, cell in there.items()} == cells:
            return id
    return open_sheet(session, tool, person_id, None, title, "", cells, now)
