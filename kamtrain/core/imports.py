"""What a customer system exports, as CSV, planned cell by cell before anything is written.

A line of the file is a customer, or a person at one: its columns go to the account's facts and to the tables its tools share,
which are found in the tools themselves. Nothing here writes; `plan_import` says what would be new, changed or stay, and what
cannot be read and why. Planning the file again after it was applied finds nothing left to do.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from kamtrain.core.account_facts import MONEY
from kamtrain.core.errors import Invalid
from kamtrain.core.message import N_, Message, message
from kamtrain.core.sheet import LONGEST, MOST_ROWS, TICKED, Field, Table, Tool, fault, number

MOST_BYTES = 2_000_000
MOST_LINES, MOST_COLUMNS = 2_000, 100
NAME_MOST = 200  # characters of an account's name
ACCOUNT = "account"
VOLUNTEERED = "volunteered"  # the column by which private facts are kept: never from a file
Money = Literal["ten-thousand", "one"]  # what amounts are counted in: 10,000 yuan, or yuan

# What customer systems call such columns, where it is not what our fields are called.
USUAL: Mapping[str, tuple[str, ...]] = {
    ACCOUNT: ("account name", "account", "customer", "customer name", "company", "company name", "客户", "客户名称", "公司",
              "公司名称", "企业名称", "客戶", "客戶名稱", "公司名稱", "企業名稱"),
    "sales": ("sales", "expected sales", "annual sales", "销售额", "预计销售额", "年销售额", "銷售額", "預計銷售額"),
    "baseline_sales": ("last year sales", "last years sales", "sales last year", "去年销售额", "上年销售额", "去年銷售額"),
    "category_spend": ("category spend", "spend", "annual spend", "采购额", "年采购额", "品类采购额", "採購額", "年採購額"),
    "revenue": ("revenue", "annual revenue", "turnover", "营业收入", "营业额", "營業收入", "營業額"),
    "net_profit": ("net profit", "profit", "净利润", "利润", "淨利潤", "利潤"),
    "margin": ("margin", "gross margin", "毛利率", "毛利"),
    "collection_days": ("collection days", "days to pay", "payment days", "dso", "回款天数", "账期", "回款天數", "帳期"),
    "stage": ("stage", "buying stage", "sales stage", "阶段", "采购阶段", "销售阶段", "階段", "採購階段", "銷售階段"),
    "last_visit": ("last visit", "last activity", "last contacted", "上次拜访", "最近拜访", "上次拜訪", "最近拜訪"),
    "next_visit": ("next visit", "next activity", "下次拜访", "下次拜訪"),
    "people.name": ("contact name", "person", "person name", "full name", "name", "姓名", "联系人", "联系人姓名",
                    "聯繫人", "聯絡人"),
    "people.post": ("post", "title", "job title", "position", "职务", "职位", "職務", "職位"),
    "people.department": ("department", "部门", "部門"),
    "people.roles": ("role", "roles", "角色", "采购角色", "採購角色"),
    "people.influence": ("influence", "影响力", "影響力"),
    "people.attitude": ("attitude", "态度", "態度"),
    "people.contact": ("contact", "contact level", "relationship", "接触程度", "接触", "接觸程度", "接觸"),
    "people.owner": ("owner", "account owner", "our owner", "负责人", "客户负责人", "負責人"),
    "people.last": ("last contact", "last contact date", "上次联系", "最近联系", "上次聯繫"),
    "people.level": ("level", "级别", "層級", "层级"),
}  # fmt: skip
YES, NO = ("1", "yes", "y", "true", "x", "是", "有"), ("0", "no", "n", "false", "否", "无", "無")
YUAN = ("yuan", "cny", "rmb", "元", "人民币", "人民幣", "¥", "￥")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?([ T].*)?", re.ASCII | re.DOTALL)
_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")


@dataclass(frozen=True)
class Target:
    """Where a column may go. `key`: "account", a fact ("sales"), or a shared table's column ("people.post")."""

    key: str
    label: str  # gettext id
    table: str  # gettext id of the table's label; "" for the account's own
    field: Field


@dataclass(frozen=True)
class Grid:
    """A file as it was read: `rows` are (line number, cells), as many cells as there are heads or fewer."""

    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Trouble:
    """What is left out, and why; `column` is its head, "" where the whole line is."""

    line: int
    column: str
    text: Message


def decoded(data: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8, UTF-16 with its mark, or GB18030. Raises `Invalid`."""
    if len(data) > MOST_BYTES:
        raise Invalid(message("This file is too large: at most %(most)s MB.", most=MOST_BYTES // 1_000_000), "file")
    for mark, coding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, (coding,))
    if b"\0" in data:
        raise Invalid(message("This is no CSV file. In the spreadsheet, choose “Save as … CSV UTF-8”."), "file")
    return _decoded(data, ("utf-8", "gb18030"))


def _decoded(data: bytes, codings: tuple[str, ...]) -> str:
    for coding in codings:
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Invalid(message("The file's characters cannot be read. Save it as “CSV UTF-8” and send it again."), "file")


def read(text: str) -> Grid:
    """The first line as heads, then the lines with anything in them. Raises `Invalid`."""
    if len(text) > MOST_BYTES:
        raise Invalid(message("This file is too large: at most %(most)s MB.", most=MOST_BYTES // 1_000_000), "file")
    if UNSTORABLE.search(text):
        raise Invalid(message("It holds characters that cannot be stored. Remove them, then send it again."), "file")
    plain = text.removeprefix("\ufeff").lstrip("\r\n")
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=_delimiter(plain))
    heads: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for cells in reader:
            began, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not heads:
                heads = tuple(" ".join(cell.split())[:120] for cell in cells)
            else:
                rows.append((began, tuple(map(_bare, cells))))
    except csv.Error:
        text_ = message("Line %(line)s cannot be read: is a quotation mark open, or a cell far too long?", line=line)
        raise Invalid(text_, "file") from None
    if not heads or not rows:
        raise Invalid(message("There is nothing to import: a line of column names, then a line for each."), "file")
    if len(rows) > MOST_LINES or len(heads) > MOST_COLUMNS:
        limits = {"lines": MOST_LINES, "columns": MOST_COLUMNS}
        raise Invalid(
            message("At most %(lines)s lines and %(columns)s columns: part the file, or leave columns out.", **limits),
            "file",
        )
    return Grid(heads, tuple(rows))


def _delimiter(text: str) -> str:
    """Of comma, semicolon and tab, the one that stands most often in the first line, outside quotation marks."""
    first = re.sub(r'"[^"]*"', "", text[:20_000]).partition("\n")[0]
    return max(",;\t", key=first.count)


def _bare(cell: str) -> str:
    """Without the apostrophe by which a file of ours keeps a spreadsheet from running a text."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if re.match(r"'[=+\-@＝＋－＠\t]", text) else text


def targets_of(tools: Iterable[Tool]) -> dict[str, Target]:
    """What the tools of an account share, by key; private facts stay out."""
    found = {ACCOUNT: Target(ACCOUNT, N_("Customer"), "", Field("name", N_("Customer"), "text"))}
    tables: dict[str, Target] = {}
    for tool in tools:
        for one in tool.fields.values():
            if one.fact and not one.personal:
                found.setdefault(one.fact, Target(one.fact, one.label, "", one))
        for table in tool.tables.values():
            if table.fact:
                for target in _columns(table, f"{table.fact}."):
                    tables.setdefault(target.key, target)
    return found | tables


def columns_of(table: Table) -> dict[str, Target]:
    """What a line of the table asks, by the column's name."""
    return {target.key: target for target in _columns(table, "")}


def _columns(table: Table, prefix: str) -> Iterator[Target]:
    for one in table.columns:
        if not one.personal and one.name != VOLUNTEERED:
            yield Target(prefix + one.name, one.label, table.label if prefix else "", one)


def customers_of(tool: Tool) -> Table | None:
    """The table of a tool about many customers that a file of customers fills: the first one that takes more rows."""
    tables = (table for table in tool.tables.values() if table.more and not table.fact)
    return next(tables, None) if tool.about == "many" else None


def folded(text: str) -> str:
    """A head or an answer as it is compared: without case, spaces, signs and what stands in brackets."""
    plain = unicodedata.normalize("NFKC", _BRACKETS.sub("", text)).casefold()
    return "".join(c for c in plain if c.isalnum())


def recognised(heads: Sequence[str], targets: Mapping[str, Target], labels: Mapping[str, Iterable[str]]) -> list[str]:
    """The target of each head, "" where none is known; each target once. `labels`: how each is called, in every language."""
    known: dict[str, str] = {}
    for key, target in targets.items():
        for name in (*labels.get(key, ()), target.label, key, *USUAL.get(key, ())):
            known.setdefault(folded(name), key)
    if ACCOUNT not in targets:
        # In a list of customers the name is the customer's.
        first = next(iter(targets))
        for name in (*USUAL[ACCOUNT], "name", "姓名", "名称", "名稱"):
            known.setdefault(folded(name), first)
        for name, words in USUAL.items():
            column = {"collection_days": "days"}.get(name, name)
            if column in targets:
                for word in words:
                    known.setdefault(folded(word), column)
    found: list[str] = []
    for head in heads:
        key = known.get(folded(head), "")
        found.append(key if key not in found else "")
    return found


def counted_in(heads: Sequence[str]) -> Money:
    """What the heads say amounts are counted in: yuan where one says so in brackets."""
    units = [unit.strip().casefold() for head in heads for unit in _BRACKETS.findall(head)]
    return "one" if any(unit in YUAN for unit in units) else "ten-thousand"


@dataclass(frozen=True)
class Reading:
    """How the cells of a file are read. `labels`: what each answer of a choice is called, in every language."""

    columns: tuple[str, ...]  # a target's key for each head, or ""
    money: Money = "ten-thousand"
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # target -> folded label -> value

    def value(self, target: Target, text: str) -> str | Message:
        """What would be kept of a cell; a Message where it cannot be read."""
        one = target.field
        if len(text) > LONGEST:
            return message("This is too long: at most %(most)s characters.", most=LONGEST)
        match one.kind:
            case "number":
                text = self._number(one, text)
            case "date":
                text = _day(text)
            case "tick":
                plain = text.casefold()
                if plain not in (*YES, *NO):
                    return message("Write yes or no.")
                return TICKED if plain in YES else ""
            case "choice":
                text = self._answer(target, text)
            case "several":
                parts = [self._answer(target, part) for part in re.split(r"[,;/|、，；]", text) if part.strip()]
                text = ",".join(value for value, _ in one.choices if value in parts) if _all(one, parts) else text
            case "text":
                text = " ".join(text.split())
        return fault(one, text) or text

    def _number(self, one: Field, text: str) -> str:
        if one.unit != MONEY:
            return text
        plain = re.sub(r"[¥￥$]|(rmb|cny)\s*", "", text, flags=re.IGNORECASE).strip()
        value = number(plain)
        if value is None or self.money == "ten-thousand":
            return plain
        return f"{(value / Decimal(10_000)).quantize(Decimal('0.000001')).normalize():f}"

    def _answer(self, target: Target, text: str) -> str:
        values = {folded(value): value for value, _ in target.field.choices}
        plain = folded(text)
        return values.get(plain) or self.labels.get(target.key, {}).get(plain) or text


def _all(one: Field, parts: Iterable[str]) -> bool:
    return all(part in dict(one.choices) for part in parts)


def _day(text: str) -> str:
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        return text
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return text


def answers(targets: Mapping[str, Target], labels: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """`Reading.labels`. `labels`: an answer's gettext id -> how it is called in every language."""
    found: dict[str, dict[str, str]] = {}
    for key, target in targets.items():
        for value, label in target.field.choices:
            for name in (label, *labels.get(label, ())):
                words = found.setdefault(key, {})
                words.setdefault(folded(name), value)
                words.setdefault(folded(name).lstrip("0123456789"), value)
    return found


@dataclass(frozen=True)
class Existing:
    """An account as it stands. `facts`: by the names its tools share them under ("sales", "people.01.post")."""

    id: int
    name: str
    facts: Mapping[str, str]


State = Literal["new", "changed", "kept"]


@dataclass(frozen=True)
class Change:
    """One cell that is not what stands there. "kept": another figure stands, and nobody allowed to overwrite it."""

    line: int
    fact: str
    target: str
    who: str  # the row's name in a shared table, or ""
    before: str
    after: str
    state: State


@dataclass(frozen=True)
class AccountPlan:
    """`id` None: a new account."""

    id: int | None
    name: str
    changes: tuple[Change, ...]
    same: int  # cells that stand there already

    @property
    def cells(self) -> dict[str, str]:
        """What is to be written."""
        return {change.fact: change.after for change in self.changes if change.state != "kept"}


@dataclass(frozen=True)
class Plan:
    accounts: tuple[AccountPlan, ...]  # in the order of the file
    troubles: tuple[Trouble, ...]

    def count(self, state: State) -> int:
        return sum(change.state == state for account in self.accounts for change in account.changes)

    @property
    def new(self) -> int:
        return sum(account.id is None for account in self.accounts)

    @property
    def same(self) -> int:
        return sum(account.same for account in self.accounts)

    @property
    def empty(self) -> bool:
        """Whether applying it would change nothing."""
        return not self.new and not any(account.cells for account in self.accounts)


def same_name(text: str) -> str:
    """A name as it is compared: spaces made single, width and case put aside."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _alike(one: Field, text: str, other: str) -> bool:
    """Whether both say the same: numbers by value, since 1,200 is 1200."""
    if text == other or one.kind != "number":
        return text == other
    value = number(text, one.unit)
    return value is not None and value == number(other, one.unit)


class _Draft:
    """One account while the file is read."""

    def __init__(self, name: str, known: Existing | None, begun: str) -> None:
        self.name, self.known, self.begun = name, known, begun
        self.facts: Mapping[str, str] = known.facts if known else {}
        self.sent: dict[str, tuple[int, str]] = {}  # fact -> the line it came from, its text
        self.changes: list[Change] = []
        self.same = 0
        self.rows: dict[str, dict[str, str]] = {}  # table -> a row's name -> its id
        for fact, text in self.facts.items():
            table, dot, rest = fact.partition(".")
            if dot and rest.endswith(".name") and text.strip():
                self.rows.setdefault(table, {}).setdefault(same_name(text), rest.partition(".")[0])

    def row(self, table: str, name: str) -> str | None:
        """The id of the row by that name, begun where there is none; None where the table is full."""
        rows = self.rows.setdefault(table, {})
        plain = same_name(name)
        if plain not in rows:
            if len(rows) >= MOST_ROWS:
                return None
            rows[plain] = f"{self.begun}{len(rows):04}"
        return rows[plain]

    def put(self, line: int, fact: str, target: Target, who: str, text: str, over: bool) -> int | None:
        """Notes a cell; the line it was said otherwise in before, where it was."""
        if fact in self.sent:
            before, said = self.sent[fact]
            return None if _alike(target.field, said, text) else before
        self.sent[fact] = line, text
        there = self.facts.get(fact, "")
        if _alike(target.field, there.strip(), text):
            self.same += 1
        else:
            state: State = "new" if not there.strip() else "changed" if over else "kept"
            self.changes.append(Change(line, fact, target.key, who, there, text, state))
        return None


def plan_import(
    existing: Iterable[Existing],
    grid: Grid,
    reading: Reading,
    targets: Mapping[str, Target],
    overwrite: frozenset[str],
    begun: str,
) -> Plan:
    """What importing the file would do. `overwrite`: the targets whose figures may replace others; `begun`: what the ids of
    new rows begin with, so that they come after those that are there."""
    known: dict[str, list[Existing]] = {}
    for account in existing:
        known.setdefault(same_name(account.name), []).append(account)
    drafts: dict[str, _Draft] = {}
    troubles: list[Trouble] = []
    for line, cells in grid.rows:
        texts, wrong = _read_line(grid, line, cells, reading, targets)
        name = texts.pop(ACCOUNT, "")
        why = _no_account(name, known)
        if why is not None:
            troubles.append(Trouble(line, "", why))
            continue
        troubles += wrong
        plain = same_name(name)
        if plain not in drafts:
            here = known.get(plain)
            drafts[plain] = _Draft(here[0].name if here else name, here[0] if here else None, begun)
        troubles += _take(drafts[plain], line, texts, (grid, reading, targets), overwrite)
    accounts = tuple(
        AccountPlan(one.known.id if one.known else None, one.name, tuple(one.changes), one.same)
        for one in drafts.values()
    )
    return Plan(accounts, tuple(troubles))


def _no_account(name: str, known: Mapping[str, list[Existing]]) -> Message | None:
    if not name:
        return message("No account is named. Write its name into the line.")
    if len(name) > NAME_MOST:
        return message("This name is too long: at most %(most)s characters.", most=NAME_MOST)
    if len(known.get(same_name(name), ())) > 1:
        return message("You have several accounts called “%(name)s”. Rename one of them first.", name=name)
    return None


def _read_line(
    grid: Grid, line: int, cells: Sequence[str], reading: Reading, targets: Mapping[str, Target]
) -> tuple[dict[str, str], list[Trouble]]:
    """What the line says by target, and what of it cannot be read."""
    texts, wrong = {}, []
    for place, (key, text) in enumerate(zip(reading.columns, cells, strict=False)):
        if not key or not text:
            continue
        value = reading.value(targets[key], text)
        if isinstance(value, Message):
            wrong.append(Trouble(line, grid.heads[place], value))
        elif value:
            texts[key] = value
    if len(cells) > len(grid.heads) and any(cells[len(grid.heads) :]):
        text_ = message("The line has more cells than there are columns. Put texts with commas into quotation marks.")
        wrong.append(Trouble(line, "", text_))
    return texts, wrong


def _take(
    draft: _Draft,
    line: int,
    texts: Mapping[str, str],
    file: tuple[Grid, Reading, Mapping[str, Target]],
    overwrite: frozenset[str],
) -> Iterator[Trouble]:
    grid, reading, targets = file
    heads = dict(zip(reading.columns, grid.heads, strict=True))
    nameless: set[str] = set()
    for key, text in texts.items():
        table, dot, column = key.partition(".")
        fact, who = key, ""
        if dot:
            who = texts.get(f"{table}.name", "")
            if not who:
                if table not in nameless:
                    nameless.add(table)
                    yield Trouble(
                        line, heads[key], message("Nobody is named. Write a name, or leave these cells empty.")
                    )
                continue
            row = draft.row(table, who)
            if row is None:
                yield Trouble(line, heads[key], message("A table has at most %(most)s rows.", most=MOST_ROWS))
                return
            fact = f"{table}.{row}.{column}"
        # Names differ in case or width at most: what stands there stays.
        over = key in overwrite and column != "name"
        if column == "name" and fact in draft.facts:
            draft.same += fact not in draft.sent
            draft.sent.setdefault(fact, (line, text))
            continue
        before = (
            None if column == "name" and fact in draft.sent else draft.put(line, fact, targets[key], who, text, over)
        )
        if before is not None:
            said = message("Line %(line)s says otherwise, and holds. Make both lines agree.", line=before)
            yield Trouble(line, heads[key], said)


def plan_customers(table: Table, grid: Grid, reading: Reading) -> tuple[dict[str, str], tuple[Trouble, ...]]:
    """The cells of a new sheet with a row for each line, and what is left out."""
    targets = columns_of(table)
    cells: dict[str, str] = {}
    troubles: list[Trouble] = []
    first = table.columns[0].name
    heads = dict(zip(reading.columns, grid.heads, strict=True))
    rows = 0
    for line, sent in grid.rows:
        texts, wrong = _read_line(grid, line, sent, reading, targets)
        if not texts.get(first):
            troubles.append(Trouble(line, heads.get(first, ""), message("No customer is named. Write a name.")))
            continue
        if rows == MOST_ROWS:
            troubles.append(Trouble(line, "", message("A table has at most %(most)s rows.", most=MOST_ROWS)))
            break
        troubles += wrong
        rows += 1
        cells |= {f"{table.name}.{rows:04}.{column}": text for column, text in texts.items()}
    return cells, tuple(troubles)
