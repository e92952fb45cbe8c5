"""Working on accounts: opening a sheet, keeping what is typed, versions, erasing, settings.

What is typed goes to the sheet, or, where the tool says that the tools of an account share it, to the account's facts. Two
devices that change different cells are brought together; where both changed the same one, neither is lost: what was there first
stays, and the other is told so with both values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kamtrain.core.errors import Invalid, NotFound
from kamtrain.core.item import Json
from kamtrain.core.message import Message, message
from kamtrain.core.people import Scope
from kamtrain.core.sheet import LONGEST, MOST_ROWS, TICKED, Tool, fault
from kamtrain.store import workbench as store
from kamtrain.store.audit import AuditEntry
from kamtrain.store.people import managed_teams, teams_in
from kamtrain.store.workbench import AccountValue, Cell, Reader, SheetValue
from kamtrain.workbench import TOOLS

MOST_CELLS = 20_000  # of one sheet
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps no NUL; half a surrogate pair is no character
VOLUNTEERED = "volunteered"  # the column that says so, in a table with personal ones


def tool_of(id: str) -> Tool:
    """The tool. Raises `NotFound`."""
    tool = TOOLS.get(id)
    if tool is None:
        raise NotFound(message("There is no such tool."))
    return tool


def reader(session: Session, person_id: int, team: int | None, everywhere: bool = False) -> Reader:
    """`everywhere`: of an admin, who may read what anybody shares."""
    teams = (
        frozenset(id for id, _ in teams_in(session, Scope(None))) if everywhere else managed_teams(session, person_id)
    )
    return Reader(person_id, team, teams)


def checked_name(name: str) -> str:
    """The account's name. Raises `Invalid`."""
    plain = " ".join(name.split())
    if not plain:
        raise Invalid(message("Give the account a name."), "name")
    if len(plain) > 200 or UNSTORABLE.search(plain):
        raise Invalid(message("This name is too long: at most %(most)s characters.", most=200), "name")
    return plain


def open_sheet(
    session: Session,
    tool: Tool,
    person_id: int,
    account: AccountValue | None,
    title: str,
    example: str,
    cells: Mapping[str, str],
    now: datetime,
) -> int:
    """A new sheet with these cells in it, its first version kept. Facts that the account has already stay as they are."""
    id = store.add_sheet(session, person_id, account.id if account else None, tool.id, title[:200], example, now)
    facts = store.facts_of(session, account.id) if account else None
    known = store.cells_of(session, [facts])[facts] if facts is not None else {}
    own, shared = _parted(tool, cells, facts is not None)
    stamp = _stamp(now, known)
    store.put_cells(session, id, own, stamp, now)
    if facts is not None:
        # A table that the account has begun is not mixed with the example's rows.
        begun = {key.partition(".")[0] for key in known if "." in key}
        fresh = {k: v for k, v in shared.items() if k not in known and k.partition(".")[0] not in begun}
        store.put_cells(session, facts, fresh, stamp, now)
    return id


@dataclass(frozen=True)
class Filled:
    """A sheet with what stands in it: `cells` by the tool's own keys; `stamp` is the newest of them."""

    sheet: SheetValue
    tool: Tool
    cells: Mapping[str, str]
    stamp: int
    facts_id: int | None
    facts: Mapping[str, str]  # all that the account's tools share, by its own names


def filled(session: Session, sheet: SheetValue) -> Filled:
    """What stands in the sheet, with the account's facts in their places. Two queries."""
    return _filled(sheet, _known(session, tool_of(sheet.tool), sheet))


def _filled(sheet: SheetValue, known: _Known) -> Filled:
    cells = {key: cell.value for key, cell in known.cells.items()}
    facts = {name: cell.value for name, cell in known.facts.items()}
    return Filled(sheet, tool_of(sheet.tool), cells, _newest(known.cells), known.facts_id, facts)


def filled_all(session: Session, sheets: Sequence[SheetValue]) -> tuple[Filled, ...]:
    """What stands in each of them. Two queries, however many."""
    facts_ids = store.facts_of_all(session, {sheet.account.id for sheet in sheets if sheet.account})
    found = store.cells_of(session, [*(sheet.id for sheet in sheets), *facts_ids.values()])
    filled = []
    for sheet in sheets:
        facts_id = facts_ids.get(sheet.account.id) if sheet.account else None
        known = _merged(tool_of(sheet.tool), found[sheet.id], found[facts_id] if facts_id is not None else {}, facts_id)
        filled.append(_filled(sheet, known))
    return tuple(filled)


def _newest(cells: Mapping[str, Cell]) -> int:
    return max((cell.stamp for cell in cells.values()), default=0)


@dataclass(frozen=True)
class _Known:
    cells: dict[str, Cell]  # by the tool's own keys
    facts: Mapping[str, Cell]  # by the names of the account's facts
    facts_id: int | None


def _known(session: Session, tool: Tool, sheet: SheetValue) -> _Known:
    facts_id = store.facts_of(session, sheet.account.id) if sheet.account else None
    found = store.cells_of(session, [sheet.id, *([facts_id] if facts_id is not None else [])])
    return _merged(tool, found[sheet.id], found[facts_id] if facts_id is not None else {}, facts_id)


def _merged(tool: Tool, own: Mapping[str, Cell], facts: Mapping[str, Cell], facts_id: int | None) -> _Known:
    cells = {key: cell for key, cell in own.items() if tool.field_of(key) is not None}
    for name, cell in facts.items():
        cells.update(dict.fromkeys(_keys_of_fact(tool, name), cell))
    return _Known(cells, facts, facts_id)


def fact_of(tool: Tool, key: str) -> str | None:
    """The account's fact that a cell shows; None where it is the sheet's own."""
    plain, mark, side = key.partition("~")
    name, dot, rest = plain.partition(".")
    behind = mark + side
    if dot:
        table = tool.tables.get(name)
        return f"{table.fact}.{rest}{behind}" if table is not None and table.fact else None
    field = tool.fields.get(name)
    return f"{field.fact}{behind}" if field is not None and field.fact else None


def _keys_of_fact(tool: Tool, fact: str) -> tuple[str, ...]:
    """The tool's cells that show the account's fact."""
    plain, mark, side = fact.partition("~")
    name, dot, rest = plain.partition(".")
    behind = mark + side
    if dot:
        keys = [f"{table.name}.{rest}{behind}" for table in tool.tables.values() if table.fact == name]
    else:
        keys = [f"{field.name}{behind}" for field in tool.fields.values() if field.fact == name]
    return tuple(key for key in keys if tool.field_of(key) is not None)


def _parted(tool: Tool, cells: Mapping[str, str], shares: bool) -> tuple[dict[str, str], dict[str, str]]:
    """(the sheet's own cells, the account's facts by their names)."""
    own, shared = {}, {}
    for key, value in cells.items():
        fact = fact_of(tool, key) if shares else None
        if fact is None:
            own[key] = value
        else:
            shared[fact] = value
    return own, shared


@dataclass(frozen=True)
class Saved:
    """`others`: cells somebody else changed since the page was loaded, as they stand now. `both`: cells that both
    changed: what stands there, not what was sent. `refused`: why a cell was not kept."""

    stamp: int
    others: Mapping[str, str]
    both: Mapping[str, str]
    refused: Mapping[str, Message]


def save(session: Session, sheet: SheetValue, sent: Mapping[str, str], seen: int, now: datetime) -> Saved:
    """Keeps what was typed in a page that knew the sheet as it stood at `seen`. Sending it twice changes nothing."""
    tool = tool_of(sheet.tool)
    facts_id = store.facts_of(session, sheet.account.id) if sheet.account else None
    store.lock_sheets(session, [sheet.id, *([facts_id] if facts_id is not None else [])])
    known = _known(session, tool, sheet).cells
    full = _full(tool, (*known, *sent))
    refused, kept, both = {}, {}, {}
    for key, value in sent.items():
        before = known.get(key)
        if (why := _refusal(tool, sheet, known, sent, key, full)) is not None:
            refused[key] = why
        elif before is not None and before.value == value:
            continue
        elif before is not None and before.stamp > seen:
            both[key] = before.value
        elif before is not None or value or _stands(tool, key):
            kept[key] = value
    withdrawn = _withdrawn(tool, known, kept)
    kept |= withdrawn
    if len(known) + len(kept) > MOST_CELLS:
        raise Invalid(message("This sheet is full: at most %(most)s cells. Begin another one.", most=MOST_CELLS))
    stamp = _stamp(now, known)
    own, shared = _parted(tool, kept, facts_id is not None)
    store.put_cells(session, sheet.id, own, stamp, now)
    if facts_id is not None:
        store.put_cells(session, facts_id, shared, stamp, now)
    others = {
        key: cell.value for key, cell in known.items() if cell.stamp > seen and key not in kept and key not in both
    }
    others = {key: value for key, value in others.items() if sent.get(key) != value} | withdrawn
    return Saved(stamp if kept else max(_newest(known), seen), others, both, refused)


def _withdrawn(tool: Tool, known: Mapping[str, Cell], kept: Mapping[str, str]) -> dict[str, str]:
    """Private facts of rows that no longer say they were volunteered, emptied: what the tick allowed goes with it."""
    rows = tuple(
        key.removesuffix(VOLUNTEERED)
        for key, value in kept.items()
        if key.endswith(f".{VOLUNTEERED}") and value != TICKED
    )
    personal = (key for key, cell in known.items() if cell.value and key.startswith(rows))
    return {key: "" for key in personal if (field := tool.field_of(key)) is not None and field.personal}


def _stamp(now: datetime, known: Mapping[str, Cell]) -> int:
    """Later than everything that stands there, also where a clock went back."""
    return max(int(now.timestamp() * 1_000_000), _newest(known) + 1)


def _stands(tool: Tool, key: str) -> bool:
    """Whether the table begins with something in this cell, so that an empty one is a change."""
    name, _, rest = key.partition(".")
    row, _, column = rest.partition(".")
    table = tool.tables.get(name)
    return table is not None and any(id == row and column in texts for id, texts in table.rows)


def _full(tool: Tool, keys: tuple[str, ...]) -> frozenset[str]:
    """The tables that would have too many rows."""
    rows: dict[str, set[str]] = {name: set() for name in tool.tables}
    for key in keys:
        name, _, rest = key.partition(".")
        if rest and name in rows:
            rows[name].add(rest.partition(".")[0])
    return frozenset(name for name, ids in rows.items() if len(ids) > MOST_ROWS)


def _refusal(
    tool: Tool,
    sheet: SheetValue,
    known: Mapping[str, Cell],
    sent: Mapping[str, str],
    key: str,
    full: frozenset[str],
) -> Message | None:
    """Why this cell cannot be kept at all. What is only unreadable as a number is kept, and told beside its field."""
    field, value = tool.field_of(key), sent[key]
    if field is None:
        return message("This sheet has no such field. Reload the page.")
    if len(value) > LONGEST:
        return message("This is too long: at most %(most)s characters.", most=LONGEST)
    if UNSTORABLE.search(value):
        return message("It holds characters that cannot be stored. Remove them, then send it again.")
    name, _, rest = key.partition(".")
    row = rest.partition(".")[0]
    if rest and not tool.tables[name].more and row not in {id for id, _ in tool.tables[name].rows}:
        return message("This sheet has no such field. Reload the page.")
    if name in full and key not in known:
        return message("A table has at most %(most)s rows.", most=MOST_ROWS)
    if field.personal and value:
        tick = f"{name}.{row}.{VOLUNTEERED}"
        before = known[tick].value if tick in known else ""
        return _personal(sheet, not rest or sent.get(tick, before) == TICKED)
    return None


def _personal(sheet: SheetValue, volunteered: bool) -> Message | None:
    if sheet.account is None or not sheet.account.personal:
        return message("This account keeps no private facts. They can be switched on in the account.")
    if not volunteered:
        return message("Keep this only if the person told you freely: tick “volunteered” first.")
    return None


def readable_cells(filled: Filled, reader_id: int) -> dict[str, str]:
    """What `reader_id` may see of it: private facts are their owner's alone, and only while the account keeps them."""
    account = filled.sheet.account
    if filled.sheet.owner_id == reader_id and account is not None and account.personal:
        return dict(filled.cells)
    return without_personal(filled.tool, filled.cells)


def without_personal(tool: Tool, cells: Mapping[str, str]) -> dict[str, str]:
    """The cells without private facts: for files, for handing in, for everybody but the owner."""
    return {k: v for k, v in cells.items() if (field := tool.field_of(k)) is not None and not field.personal}


def keep_version(session: Session, sheet: SheetValue, note: str, now: datetime) -> int:
    """Keeps the sheet as it stands under the next number; private facts are never kept twice."""
    store.lock_sheets(session, [sheet.id])
    now_filled = filled(session, sheet)
    return store.add_version(session, sheet.id, note[:300], without_personal(now_filled.tool, now_filled.cells), now)


@dataclass(frozen=True)
class Snapshot:
    """A sheet as it was handed in."""

    account: str  # what it is about
    cells: Mapping[str, str]


def stored_snapshot(sheet: SheetValue, cells: Mapping[str, str]) -> Json:
    """The response of a task; `snapshot_of` reads it."""
    return [{"account": sheet.account.name if sheet.account else sheet.title, "cells": dict(cells)}]


def snapshot_of(response: Json) -> Snapshot:
    return Snapshot(response[0]["account"], response[0]["cells"])


def erase_row(session: Session, sheet: SheetValue, table: str, row: str, now: datetime) -> None:
    """Erases a row for good, of a person for instance: here, in the account's facts and in every version."""
    tool = tool_of(sheet.tool)
    if table not in tool.tables:
        raise NotFound(message("There is no such row."))
    shared = tool.tables[table].fact
    below = f"{shared or table}.{row}."
    holder = store.facts_of(session, sheet.account.id) if shared and sheet.account else sheet.id
    store.lock_sheets(session, [sheet.id, holder])
    known = store.cells_of(session, [holder])[holder]
    standing = {id for id, _ in tool.tables[table].rows}
    if row in standing and not shared:
        # What stands in the table from the start comes back unless it is emptied.
        emptied = {f"{table}.{row}.{column.name}": "" for column in tool.tables[table].columns}
        store.put_cells(session, sheet.id, emptied, _stamp(now, known), now)
    else:
        store.drop_cells(session, holder, [key for key in known if key.startswith(below)])
    sheets = store.sheets_of_account(session, sheet.account.id) if shared and sheet.account else (sheet,)
    for one in sheets:
        names = [t.name for t in tool_of(one.tool).tables.values() if (t.fact == shared if shared else t.name == table)]
        for version in store.versions_of(session, one.id):
            left = {k: v for k, v in version.cells.items() if not any(k.startswith(f"{n}.{row}.") for n in names)}
            if len(left) < len(version.cells):
                store.rewrite_version(session, version.id, left)


def erase_personal(session: Session, account: AccountValue) -> None:
    """Erases the private facts of everybody in the account, when it stops keeping them."""
    facts = store.facts_of(session, account.id)
    sheets = store.sheets_of_account(session, account.id)
    store.lock_sheets(session, [facts, *(sheet.id for sheet in sheets)])
    known = store.cells_of(session, [facts, *(sheet.id for sheet in sheets)])
    private = [fact for fact in known[facts] if any(_is_personal(tool, fact) for tool in TOOLS.values())]
    store.drop_cells(session, facts, private)
    for sheet in sheets:
        fields = {key: tool_of(sheet.tool).field_of(key) for key in known[sheet.id]}
        own = [key for key, field in fields.items() if field is not None and field.personal]
        store.drop_cells(session, sheet.id, own)


def _is_personal(tool: Tool, fact: str) -> bool:
    return any(field.personal for key in _keys_of_fact(tool, fact) if (field := tool.field_of(key)) is not None)


def copy_sheet(session: Session, from_: Filled, person_id: int, now: datetime) -> int:
    """A sheet of one's own with what stands in another that one may read, but for private facts.

    Another's account becomes an account of one's own by the same name.
    """
    account = from_.sheet.account
    if account is not None and account.owner_id != person_id:
        id = store.add_account(session, person_id, account.name, account.fictional, False, False, now)
        account = store.own_account(session, id, person_id)
    cells = without_personal(from_.tool, from_.cells)
    return open_sheet(session, from_.tool, person_id, account, from_.sheet.title, "", cells, now)


def changed_settings(tool: Tool, sent: Mapping[str, str]) -> dict[str, str]:
    """What differs from the tool's own values. Raises `Invalid` for what cannot be read."""
    changed = {}
    for field in tool.settings:
        value = sent.get(field.name, "").strip()
        if value and (why := fault(field, value)) is not None:
            raise Invalid(why, field.name)
        if value and value != field.default:
            changed[field.name] = value[:40]
    return changed


def set_settings(session: Session, tool: Tool, sent: Mapping[str, str], by_id: int, now: datetime) -> None:
    """The tool's bands and cut-offs for everybody from now on."""
    changed = changed_settings(tool, sent)
    store.set_settings(session, tool.id, changed)
    session.add(AuditEntry(at=now, actor_id=by_id, action="tool.settings", subject=tool.id, detail=changed))
