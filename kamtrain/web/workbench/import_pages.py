"""The screens of importing a CSV file: which column goes where, what it would do, and doing it.

Nothing is kept between the two pages: the file's text goes along in the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for

from kamtrain.core.account_facts import MONEY
from kamtrain.core.errors import Invalid
from kamtrain.core.imports import (
    MOST_LINES,
    Change,
    Grid,
    Money,
    Plan,
    Reading,
    Target,
    Trouble,
    answers,
    columns_of,
    counted_in,
    customers_of,
    decoded,
    plan_customers,
    read,
    recognised,
)
from kamtrain.core.language import INTERFACE
from kamtrain.core.message import N_, Message, message
from kamtrain.core.sheet import Tool
from kamtrain.http import database, locale
from kamtrain.services import importing
from kamtrain.services.importing import TARGETS, Asked
from kamtrain.web.sheets import said
from kamtrain.web.workbench.pages import cell_text
from kamtrain.workbench import TOOLS

ACCOUNTS = "accounts"
MOST_SHOWN = 100  # accounts, and lines that are wrong
MOST_SAMPLE = 60  # characters
SAMPLE = """Customer,Sales,Stage,Next visit,Contact name,Job title,Influence
Alder,1200,Selection,2026-12-01,Qiu,Head of maintenance,4
Alder,,,,Fang,Buyer,3
Birch,800,Survey,,,,"""


@dataclass(frozen=True)
class ImportPage:
    kinds: tuple[tuple[str, str], ...]
    kind: str
    text: str
    error: str
    most: int  # lines
    sample: str  # of a file


@dataclass(frozen=True)
class ColumnView:
    place: int
    head: str
    sample: str
    to: str
    over: bool
    may_over: bool


@dataclass(frozen=True)
class ChangeView:
    label: str
    who: str
    before: str
    after: str
    state: str


@dataclass(frozen=True)
class AccountView:
    name: str
    new: bool
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True)
class PreviewPage:
    kind: str
    tool_name: str  # "" for accounts
    text: str
    lines: int
    columns: tuple[ColumnView, ...]
    options: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # group, its (target, label)
    money: str
    has_money: bool
    fictional: bool
    troubles: tuple[tuple[int, str, str], ...]  # line, column, why
    more_troubles: int
    accounts: tuple[AccountView, ...]
    more_accounts: int
    counts: Mapping[str, int]
    ready: bool  # whether there is anything to import


def _kinds() -> tuple[tuple[str, str], ...]:
    many = ((one.id, locale.translate(_of_tool(one))) for one in TOOLS.values() if customers_of(one) is not None)
    return (ACCOUNTS, said(N_("Accounts, their figures and people"))), *many


def _of_tool(tool: Tool) -> Message:
    return message("A new sheet: %(tool)s", tool=Message(tool.name))


def form_page(kind: str, error: str = "") -> ImportPage:
    return ImportPage(_kinds(), kind, request.form.get("text", ""), error, MOST_LINES, SAMPLE)


@dataclass(frozen=True)
class _Sent:
    """The form as it was sent."""

    tool: Tool | None  # None: into accounts
    text: str
    targets: Mapping[str, Target]
    asked: Asked


def _sent() -> _Sent:
    """Raises `Invalid` for a file that cannot be read."""
    form, file = request.form, request.files.get("file")
    data = b""
    if file is not None:
        data = file.read()
        file.close()  # a large one lies on the disk
    text = decoded(data) if data else form.get("text", "")
    tool = TOOLS.get(form.get("kind", ""))
    table = customers_of(tool) if tool is not None else None
    targets = columns_of(table) if table is not None else TARGETS
    grid = read(text)
    columns = _columns(grid, targets)
    money: Money = counted_in(grid.heads)
    if "money" in form:
        money = "one" if form["money"] == "one" else "ten-thousand"
    choices = {label for target in targets.values() for _, label in target.field.choices}
    reading = Reading(columns, money, answers(targets, _in_all_languages({label: label for label in choices})))
    over = frozenset(key for place, key in enumerate(columns) if key and f"over-{place}" in form)
    return _Sent(tool if table is not None else None, text, targets, Asked(grid, reading, over))


def _columns(grid: Grid, targets: Mapping[str, Target]) -> tuple[str, ...]:
    """Where each column goes: as the form says, else as its head is recognised. Raises `Invalid`."""
    if not any(f"to-{place}" in request.form for place in range(len(grid.heads))):
        return tuple(recognised(grid.heads, targets, _in_all_languages({k: t.label for k, t in targets.items()})))
    chosen = [request.form.get(f"to-{place}", "") for place in range(len(grid.heads))]
    columns = [key if key in targets else "" for key in chosen]
    for key in filter(None, columns):
        if columns.count(key) > 1:
            label = Message(targets[key].label)
            raise Invalid(message("Two columns go to “%(label)s”. Choose another place for one of them.", label=label))
    return tuple(columns)


def _in_all_languages(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """What each text is called in every language of the interface."""
    found: dict[str, list[str]] = {key: [] for key in texts}
    for tag in INTERFACE:
        with locale.speaking(tag):
            for key, text in texts.items():
                found[key].append(said(text))
    return found


def preview_page(now: datetime) -> PreviewPage:
    """Raises `Invalid`."""
    sent = _sent()
    grid, reading = sent.asked.grid, sent.asked.reading
    accounts: tuple[AccountView, ...] = ()
    counts: dict[str, int] = {}
    troubles: tuple[Trouble, ...]
    if sent.tool is not None and (table := customers_of(sent.tool)) is not None:
        cells, troubles = plan_customers(table, grid, reading)
        ready, counts = bool(cells), {"rows": len({key.split(".")[1] for key in cells})}
    else:
        with database.reading() as session:
            plan = importing.planned(session, g.person.id, sent.asked, now)
        troubles, ready, counts = plan.troubles, not plan.empty, _counts(plan)
        accounts = tuple(
            AccountView(one.name, one.id is None, tuple(_change(change, sent.targets) for change in one.changes))
            for one in plan.accounts
            if one.id is None or one.changes
        )
    return PreviewPage(
        kind=sent.tool.id if sent.tool else ACCOUNTS,
        tool_name=said(sent.tool.name) if sent.tool else "",
        text=sent.text,
        lines=len(grid.rows),
        columns=tuple(_column(place, head, sent) for place, head in enumerate(grid.heads)),
        options=_options(sent.targets),
        money=reading.money,
        has_money=any(key and sent.targets[key].field.unit == MONEY for key in reading.columns),
        fictional="fictional" in request.form,
        troubles=tuple((one.line, one.column, locale.translate(one.text)) for one in troubles[:MOST_SHOWN]),
        more_troubles=max(len(troubles) - MOST_SHOWN, 0),
        accounts=accounts[:MOST_SHOWN],
        more_accounts=max(len(accounts) - MOST_SHOWN, 0),
        counts=counts,
        ready=ready,
    )


def _counts(plan: Plan) -> dict[str, int]:
    return {
        "accounts": plan.new,
        "new": plan.count("new"),
        "changed": plan.count("changed"),
        "kept": plan.count("kept"),
        "same": plan.same,
    }


def _column(place: int, head: str, sent: _Sent) -> ColumnView:
    key = sent.asked.reading.columns[place]
    sample = next((cells[place] for _, cells in sent.asked.grid.rows if place < len(cells) and cells[place]), "")
    may = sent.tool is None and bool(key) and key != "account" and not key.endswith(".name")
    short = sample[:MOST_SAMPLE] + ("…" if len(sample) > MOST_SAMPLE else "")
    return ColumnView(place, head, short, key, key in sent.asked.overwrite, may)


def _options(targets: Mapping[str, Target]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, target in targets.items():
        groups.setdefault(target.table, []).append((key, said(target.label)))
    return tuple((said(table), tuple(entries)) for table, entries in groups.items())


def _change(change: Change, targets: Mapping[str, Target]) -> ChangeView:
    target = targets[change.target]
    before, after = cell_text(target.field, change.before), cell_text(target.field, change.after)
    return ChangeView(said(target.label), change.who, before, after, change.state)


def applied(now: datetime) -> tuple[str, Message]:
    """Imports; where to go on, and what to say. Raises `Invalid`."""
    sent = _sent()
    with database.writing() as session:
        if sent.tool is not None:
            title = _title(request.form.get("title", ""), now)
            sheet = importing.import_customers(session, g.person.id, sent.tool, sent.asked, title, now)
            return url_for("workbench.sheet", id=sheet), message("Imported.")
        plan = importing.apply(session, g.person.id, sent.asked, "fictional" in request.form, now)
    done = message(
        "Imported: %(accounts)s new accounts, %(cells)s figures and texts.",
        accounts=plan.new,
        cells=plan.count("new") + plan.count("changed"),
    )
    return url_for("workbench.home"), done


def _title(text: str, now: datetime) -> str:
    plain = " ".join(text.replace("\0", "").split())[:200]
    return plain or f"{said(N_('Imported'))} {now:%Y-%m-%d}"
