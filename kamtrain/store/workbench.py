"""Accounts, sheets and their cells, versions, and the settings of tools.

A cell is a row, so that two devices that change different cells never overwrite each other. What the tools of an account share
stands in one more sheet of the account, whose tool is "" (`FACTS`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from kamtrain.core.errors import NotFound
from kamtrain.core.message import message
from kamtrain.store.attempts import Attempt
from kamtrain.store.base import Base, table_of
from kamtrain.store.learning import Enrollment
from kamtrain.store.people import PersonRow
from kamtrain.store.upsert import once

FACTS = ""  # the tool of the sheet that holds what an account's tools share


class Account(Base):
    """A customer a rep works on: fictional in training, or real."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(200))
    fictional: Mapped[bool] = mapped_column(Boolean)
    shared: Mapped[bool] = mapped_column(Boolean, comment="read by the owner's team and its managers")
    personal: Mapped[bool] = mapped_column(Boolean, comment="keeps private facts that were volunteered")
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_accounts_owner_id_name", "owner_id", "name"),)


class SheetRow(Base):
    """One filling in of a tool."""

    __tablename__ = "sheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), comment="NULL: about many customers")
    tool: Mapped[str] = mapped_column(String(40), comment="'' : what the account's tools share")
    title: Mapped[str] = mapped_column(String(200))
    example: Mapped[str] = mapped_column(String(40), comment="the worked example it was opened with, or ''")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("tool <> '' or account_id is not null", name="facts_have_an_account"),
        Index("ix_sheets_owner_id_changed_at", "owner_id", "changed_at"),
        Index("ix_sheets_account_id", "account_id"),
        Index(
            "uq_sheets_facts",
            "account_id",
            unique=True,
            sqlite_where=text("tool = ''"),
            postgresql_where=text("tool = ''"),
        ),
    )


class SheetCell(Base):
    """What stands in one cell, as typed. `stamp` grows with every write to the sheet."""

    __tablename__ = "sheet_cells"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    stamp: Mapped[int] = mapped_column(BigInteger, comment="microseconds, never going back within a sheet")


class SheetVersion(Base):
    """The whole sheet as it stood when somebody kept it; never changed, but for a person's private facts erased."""

    __tablename__ = "sheet_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"))
    number: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(String(300))
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("sheet_id", "number"), CheckConstraint("number >= 1", name="number_counts"))


class ToolSetting(Base):
    """What a trainer set for everybody in place of a tool's own cut-off; who did stands in the audit."""

    __tablename__ = "tool_settings"

    tool: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(40))


@dataclass(frozen=True)
class Cell:
    value: str
    stamp: int


@dataclass(frozen=True)
class AccountValue:
    id: int
    owner_id: int
    owner: str  # name
    name: str
    fictional: bool
    shared: bool
    personal: bool


@dataclass(frozen=True)
class SheetValue:
    """One sheet with the account it belongs to, if any."""

    id: int
    owner_id: int
    owner: str  # name
    tool: str
    title: str
    example: str
    created_at: datetime
    changed_at: datetime
    account: AccountValue | None


_accounts, _sheets, _cells = table_of(Account).c, table_of(SheetRow).c, table_of(SheetCell).c
_versions, _settings, _people = table_of(SheetVersion).c, table_of(ToolSetting).c, table_of(PersonRow).c

_OWNER = and_(_people.id == _accounts.owner_id)
_ACCOUNT = (
    _accounts.id,
    _accounts.owner_id,
    _people.name.label("owner"),
    _accounts.name,
    _accounts.fictional,
    _accounts.shared,
    _accounts.personal,
)
_FROM_ACCOUNTS = table_of(Account).join(table_of(PersonRow), _OWNER)
# A reader: the owner; where the account is shared also the owner's team, and whoever manages it.
_READABLE = or_(
    _accounts.owner_id == bindparam("reader"),
    and_(
        _accounts.shared,
        or_(_people.team_id == bindparam("team"), _people.team_id.in_(bindparam("teams", expanding=True))),
    ),
)
_ACCOUNT_READABLE = select(*_ACCOUNT).select_from(_FROM_ACCOUNTS).where(_accounts.id == bindparam("id"), _READABLE)
_ACCOUNT_OWN = (
    select(*_ACCOUNT)
    .select_from(_FROM_ACCOUNTS)
    .where(_accounts.id == bindparam("id"), _accounts.owner_id == bindparam("reader"))
)
_ACCOUNTS_READABLE = (
    select(*_ACCOUNT).select_from(_FROM_ACCOUNTS).where(_READABLE).order_by(_accounts.name, _accounts.id)
)

_SHEET = (
    _sheets.id,
    _sheets.owner_id,
    _people.name.label("owner"),
    _sheets.tool,
    _sheets.title,
    _sheets.example,
    _sheets.created_at,
    _sheets.changed_at,
    _accounts.id,
    _accounts.name,
    _accounts.fictional,
    _accounts.shared,
    _accounts.personal,
)
_FROM_SHEETS = (
    table_of(SheetRow)
    .join(table_of(PersonRow), _people.id == _sheets.owner_id)
    .join(table_of(Account), _accounts.id == _sheets.account_id, isouter=True)
)
_SHEET_READABLE = or_(
    _sheets.owner_id == bindparam("reader"),
    and_(
        func.coalesce(_accounts.shared, false()),
        or_(_people.team_id == bindparam("team"), _people.team_id.in_(bindparam("teams", expanding=True))),
    ),
)
_A_SHEET = select(*_SHEET).select_from(_FROM_SHEETS).where(_sheets.id == bindparam("id"), _sheets.tool != FACTS)
_READ_SHEET = _A_SHEET.where(_SHEET_READABLE)
_OWN_SHEET = _A_SHEET.where(_sheets.owner_id == bindparam("reader"))
_SHEETS = (
    select(*_SHEET)
    .select_from(_FROM_SHEETS)
    .where(_sheets.tool != FACTS)
    .order_by(_sheets.changed_at.desc(), _sheets.id.desc())
)
_SHEETS_OF = _SHEETS.where(_sheets.owner_id == bindparam("reader"))
_SHEETS_OF_TOOL = _SHEETS.where(_sheets.tool == bindparam("tool"), _SHEET_READABLE).limit(200)
_SHEETS_OF_ACCOUNT = _SHEETS.where(_sheets.account_id == bindparam("account"))
_FACTS = select(_sheets.id).where(_sheets.account_id == bindparam("account"), _sheets.tool == FACTS)
_LOCK = (
    select(_sheets.id).where(_sheets.id.in_(bindparam("ids", expanding=True))).order_by(_sheets.id).with_for_update()
)
_CELLS = select(_cells.sheet_id, _cells.key, _cells.value, _cells.stamp).where(
    _cells.sheet_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class Reader:
    """Who looks: own things, and what is shared in the own team and in the teams one manages."""

    id: int
    team: int | None
    manages: frozenset[int] = frozenset()

    @property
    def values(self) -> dict[str, Any]:
        return {"reader": self.id, "team": self.team, "teams": list(self.manages)}


def _account(row: Any) -> AccountValue:
    return AccountValue(*tuple(row))


def _sheet(row: Any) -> SheetValue:
    id, owner_id, owner, tool, title, example, created, changed, account, name, fictional, shared, personal = row
    of = None if account is None else AccountValue(account, owner_id, owner, name, fictional, shared, personal)
    return SheetValue(id, owner_id, owner, tool, title, example, created, changed, of)


def read_account(session: Session, id: int, reader: Reader) -> AccountValue:
    """An account one may read. Raises `NotFound`."""
    return _one_account(session.execute(_ACCOUNT_READABLE, {"id": id, **reader.values}).one_or_none())


def own_account(session: Session, id: int, person_id: int) -> AccountValue:
    """The person's own account. Raises `NotFound`."""
    return _one_account(session.execute(_ACCOUNT_OWN, {"id": id, "reader": person_id}).one_or_none())


def _one_account(row: Any) -> AccountValue:
    if row is None:
        raise NotFound(message("There is no such account."))
    return _account(row)


def readable_accounts(session: Session, reader: Reader) -> tuple[AccountValue, ...]:
    """One's own accounts and those that are shared with one, by name."""
    return tuple(map(_account, session.execute(_ACCOUNTS_READABLE, reader.values)))


def add_account(
    session: Session, owner_id: int, name: str, fictional: bool, shared: bool, personal: bool, now: datetime
) -> int:
    """A new account with its sheet of shared facts; its id."""
    values = {
        "owner_id": owner_id,
        "name": name,
        "fictional": fictional,
        "shared": shared,
        "personal": personal,
        "created_at": now,
    }
    id = int(session.execute(insert(table_of(Account)).returning(_accounts.id), values).scalar_one())
    add_sheet(session, owner_id, id, FACTS, "", "", now)
    return id


_OWN_FACTS = (
    select(_accounts.id, _accounts.name, _sheets.id.label("sheet"), _cells.key, _cells.value, _cells.stamp)
    .select_from(table_of(Account))
    .join(table_of(SheetRow), and_(_sheets.account_id == _accounts.id, _sheets.tool == FACTS))
    .join(table_of(SheetCell), _cells.sheet_id == _sheets.id, isouter=True)
    .where(_accounts.owner_id == bindparam("owner"))
    .order_by(_accounts.id)
)


@dataclass(frozen=True)
class OwnFacts:
    """One of a person's accounts with what its tools share."""

    id: int
    name: str
    sheet_id: int  # that holds the facts
    cells: Mapping[str, Cell]


def own_facts(session: Session, owner_id: int) -> tuple[OwnFacts, ...]:
    """All accounts of the person with what their tools share, the oldest first. One query."""
    found: dict[int, tuple[str, int, dict[str, Cell]]] = {}
    for id, name, sheet, key, value, stamp in session.execute(_OWN_FACTS, {"owner": owner_id}):
        _name, _sheet_id, cells = found.setdefault(id, (name, sheet, {}))
        if key is not None:
            cells[key] = Cell(value, stamp)
    return tuple(OwnFacts(id, name, sheet, cells) for id, (name, sheet, cells) in found.items())


def lock_accounts_of(session: Session, owner_id: int) -> None:
    """Whoever adds accounts for the person at the same time waits until the transaction ends."""
    session.execute(select(_people.id).where(_people.id == owner_id).with_for_update()).one()


def add_accounts(
    session: Session, owner_id: int, names: Sequence[str], fictional: bool, now: datetime
) -> tuple[int, ...]:
    """New accounts, shared with nobody; the ids of the sheets that hold their facts, in the order of the names."""
    if not names:
        return ()
    common = {"owner_id": owner_id, "created_at": now}
    accounts = session.execute(
        insert(table_of(Account)).returning(_accounts.id, sort_by_parameter_order=True),
        [{**common, "name": name, "fictional": fictional, "shared": False, "personal": False} for name in names],
    ).scalars()
    sheets = session.execute(
        insert(table_of(SheetRow)).returning(_sheets.id, sort_by_parameter_order=True),
        [{**common, "account_id": id, "tool": FACTS, "title": "", "example": "", "changed_at": now} for id in accounts],
    ).scalars()
    return tuple(sheets)


def put_many(session: Session, cells: Mapping[int, tuple[int, Mapping[str, str]]], now: datetime) -> None:
    """Writes the cells of several sheets, by id: (stamp, cells)."""
    rows: list[dict[str, Any]] = [
        {"sheet_id": sheet, "key": key, "value": value, "stamp": stamp}
        for sheet, (stamp, texts) in cells.items()
        for key, value in texts.items()
    ]
    if rows:
        session.execute(_put(session), rows)
        changed = sorted({row["sheet_id"] for row in rows})
        session.execute(update(table_of(SheetRow)).where(_sheets.id.in_(changed)).values(changed_at=now))


def change_account(session: Session, id: int, name: str, fictional: bool, shared: bool, personal: bool) -> None:
    values = {"name": name, "fictional": fictional, "shared": shared, "personal": personal}
    session.execute(update(table_of(Account)).where(_accounts.id == id).values(**values))


def read_sheet(session: Session, id: int, reader: Reader) -> SheetValue:
    """A sheet one may read. Raises `NotFound`."""
    return _one_sheet(session.execute(_READ_SHEET, {"id": id, **reader.values}).one_or_none())


def own_sheet(session: Session, id: int, person_id: int) -> SheetValue:
    """The person's own sheet. Raises `NotFound`."""
    return _one_sheet(session.execute(_OWN_SHEET, {"id": id, "reader": person_id}).one_or_none())


def _one_sheet(row: Any) -> SheetValue:
    if row is None:
        raise NotFound(message("There is no such sheet."))
    return _sheet(row)


def sheets_of(session: Session, person_id: int) -> tuple[SheetValue, ...]:
    """The person's sheets, the one changed last first."""
    return tuple(map(_sheet, session.execute(_SHEETS_OF, {"reader": person_id})))


def readable_sheets(session: Session, reader: Reader, tool: str) -> tuple[SheetValue, ...]:
    """Sheets of the tool that one may read, one's own included; the one changed last first."""
    return tuple(map(_sheet, session.execute(_SHEETS_OF_TOOL, {"tool": tool, **reader.values})))


def sheets_of_account(session: Session, account_id: int) -> tuple[SheetValue, ...]:
    """The account's sheets, the one changed last first. The caller has asked for the account."""
    return tuple(map(_sheet, session.execute(_SHEETS_OF_ACCOUNT, {"account": account_id})))


def add_sheet(
    session: Session, owner_id: int, account_id: int | None, tool: str, title: str, example: str, now: datetime
) -> int:
    values = {"owner_id": owner_id, "account_id": account_id, "tool": tool, "title": title, "example": example,
              "created_at": now, "changed_at": now}  # fmt: skip
    return int(session.execute(insert(table_of(SheetRow)).returning(_sheets.id), values).scalar_one())


def facts_of(session: Session, account_id: int) -> int:
    """The id of the sheet that holds what the account's tools share."""
    return int(session.execute(_FACTS, {"account": account_id}).scalar_one())


def facts_of_all(session: Session, accounts: Iterable[int]) -> dict[int, int]:
    """`facts_of` for several accounts, by account. One query."""
    query = select(_sheets.account_id, _sheets.id).where(_sheets.tool == FACTS, _sheets.account_id.in_(list(accounts)))
    return {row.account_id: row.id for row in session.execute(query)}


def lock_sheets(session: Session, ids: Iterable[int]) -> None:
    """Other writers of these sheets wait until the transaction ends (PostgreSQL; SQLite has one writer)."""
    session.execute(_LOCK, {"ids": sorted(ids)}).all()


def cells_of(session: Session, ids: Iterable[int]) -> dict[int, dict[str, Cell]]:
    """Sheet id -> key -> what stands there. One query."""
    wanted = list(ids)
    found: dict[int, dict[str, Cell]] = {id: {} for id in wanted}
    for sheet, key, value, stamp in session.execute(_CELLS, {"ids": wanted}):
        found[sheet][key] = Cell(value, stamp)
    return found


@once
def _put(insert: Callable[[Any], Any]) -> Any:
    new = insert(SheetCell.__table__)
    return new.on_conflict_do_update(
        index_elements=["sheet_id", "key"], set_={"value": new.excluded.value, "stamp": new.excluded.stamp}
    )


def put_cells(session: Session, sheet_id: int, cells: Mapping[str, str], stamp: int, now: datetime) -> None:
    """Writes these cells; the sheet was changed now."""
    if not cells:
        return
    rows = [{"sheet_id": sheet_id, "key": key, "value": value, "stamp": stamp} for key, value in cells.items()]
    session.execute(_put(session), rows)
    session.execute(update(table_of(SheetRow)).where(_sheets.id == sheet_id).values(changed_at=now))


def drop_sheet(session: Session, id: int) -> None:
    for table, column in ((SheetCell, _cells.sheet_id), (SheetVersion, _versions.sheet_id), (SheetRow, _sheets.id)):
        session.execute(delete(table_of(table)).where(column == id))


def drop_account(session: Session, id: int) -> None:
    """The account with all its sheets."""
    for sheet in session.execute(select(_sheets.id).where(_sheets.account_id == id)).scalars().all():
        drop_sheet(session, sheet)
    session.execute(delete(table_of(Account)).where(_accounts.id == id))


@dataclass(frozen=True)
class VersionValue:
    id: int
    number: int
    note: str
    at: datetime
    cells: Mapping[str, str]


def versions_of(session: Session, sheet_id: int) -> tuple[VersionValue, ...]:
    """Newest first."""
    rows = session.execute(
        select(_versions.id, _versions.number, _versions.note, _versions.at, _versions.cells)
        .where(_versions.sheet_id == sheet_id)
        .order_by(_versions.number.desc())
    )
    return tuple(VersionValue(*tuple(row)) for row in rows)


def add_version(session: Session, sheet_id: int, note: str, cells: Mapping[str, str], now: datetime) -> int:
    """Keeps the sheet as it stands; its number. The sheet is locked by the caller."""
    last = session.execute(select(func.max(_versions.number)).where(_versions.sheet_id == sheet_id)).scalar()
    number = (last or 0) + 1
    values = {"sheet_id": sheet_id, "number": number, "note": note, "cells": dict(cells), "at": now}
    session.execute(insert(table_of(SheetVersion)), values)
    return number


def rewrite_version(session: Session, id: int, cells: Mapping[str, str]) -> None:
    """For erasing a person's facts only."""
    session.execute(update(table_of(SheetVersion)).where(_versions.id == id).values(cells=dict(cells)))


def drop_cells(session: Session, sheet_id: int, keys: Iterable[str]) -> None:
    session.execute(delete(table_of(SheetCell)).where(_cells.sheet_id == sheet_id, _cells.key.in_(list(keys))))


def settings_of(session: Session, tool: str) -> dict[str, str]:
    """What was set in place of the tool's own values."""
    rows = session.execute(select(_settings.name, _settings.value).where(_settings.tool == tool))
    return {row.name: row.value for row in rows}


def set_settings(session: Session, tool: str, values: Mapping[str, str]) -> None:
    """The tool's settings from now on; what is not in `values` goes back to the tool's own."""
    session.execute(delete(table_of(ToolSetting)).where(_settings.tool == tool))
    if values:
        rows = [{"tool": tool, "name": name, "value": value} for name, value in values.items()]
        session.execute(insert(table_of(ToolSetting)), rows)


_attempts, _enrollments = table_of(Attempt).c, table_of(Enrollment).c


def tasks_of(session: Session, person_id: int, kind: str, tool: str) -> Sequence[Any]:
    """Rows (id, course_id, number, draw, finished_at, waiting, score) of what the person handed in, newest first."""
    query = (
        select(
            _attempts.id,
            _enrollments.course_id,
            _attempts.number,
            _attempts.draw,
            _attempts.finished_at,
            _attempts.waiting,
            _attempts.score,
        )
        .join_from(table_of(Attempt), table_of(Enrollment), _enrollments.id == _attempts.enrollment_id)
        .where(_attempts.person_id == person_id, _attempts.kind == kind, _attempts.activity_id == tool)
        .order_by(_attempts.id.desc())
    )
    return session.execute(query).all()
