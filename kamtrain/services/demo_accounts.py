"""The demo company's accounts: sheets that trainees began from the worked examples, some shared, two handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kamtrain.core.sheet import Tool
from kamtrain.services import tasks
from kamtrain.services.results import Head
from kamtrain.services.workbench import open_sheet
from kamtrain.store import workbench as store
from kamtrain.workbench import TOOLS

CARD, MAP, PLAN, RECORD = "selection-scorecard", "stakeholder-map", "visit-plan", "visit-record"


@dataclass(frozen=True)
class Held:
    """An account of a trainee's. `sheets`: tool -> its worked example, or the scores of a scorecard in the order of its rows."""

    email: str
    name: str
    sheets: Mapping[str, str]
    shared: bool = True
    days: int = 5  # since it was worked on
    facts: Mapping[str, str] = field(default_factory=dict)
    people: tuple[tuple[str, str, str, str, str], ...] = ()  # name, post, influence, attitude, contact
    hand_in: str = ""  # the tool whose sheet waits for its mark


HELD = (
    Held("trainee@demo.example", "Alder", {CARD: "alder", MAP: "alder", RECORD: "alder"}, days=3),
    Held("trainee@demo.example", "Birch", {CARD: "birch"}, shared=False, days=2),
    Held("tom.hale@demo.example", "Cedar Foods", {CARD: "cedar", PLAN: "alder"}, days=19, hand_in=CARD),
    Held(
        "lea.moreau@demo.example",
        "Maple Rail",
        {CARD: "8 7 9 6 7 9 6 8 8 7 9 6 7 9 8 7 6 8", MAP: "alder-later", PLAN: "alder-tuesday"},
        days=4,
    ),
    Held(
        "chen.yulan@demo.example",
        "澜溪仪表",
        {CARD: "7 8 7 6 8 7 5 7 8 8 7 5 7 8 7 6 6 7", MAP: ""},
        days=1,
        facts={"stage": "selection", "sales": "860", "category_spend": "3200"},
        people=(
            ("周建国", "设备部经理", "4", "1", "3"),
            ("孙丽", "采购主管", "3", "0", "2"),
            ("何总", "总经理", "5", "0", "1"),
            ("吴工", "工艺工程师", "2", "2", "4"),
        ),
        hand_in=CARD,
    ),
    Held(
        "li.haoran@demo.example",
        "海岳包装",
        {CARD: "6 5 7 7 6 5 4 6 6 5 6 3 5 7 6 8 6 5", MAP: ""},
        days=8,
        facts={"stage": "analysis", "sales": "420"},
        people=(("陈志远", "生产总监", "4", "-1", "1"), ("黄晓梅", "采购经理", "4", "1", "3")),
    ),
)  # fmt: skip


def hold(session: Session, head: Head, ids: Mapping[str, int], now: datetime) -> None:
    """Gives the trainees, by address, their accounts; a sheet is handed in where a course asks for it."""
    for one in HELD:
        at, owner = now - timedelta(days=one.days, hours=2), ids[one.email]
        account = store.own_account(
            session, store.add_account(session, owner, one.name, True, one.shared, False, at), owner
        )
        _keep(session, account.id, _facts(one, at), at)
        for tool, example in one.sheets.items():
            cells = _cells(TOOLS[tool], example)
            # Days of a worked example lie in its own time; these accounts are worked on now.
            cells = {key: text for key, text in cells.items() if key not in ("last_visit", "next_visit", "stage")}
            sheet = open_sheet(session, TOOLS[tool], owner, account, "", "", cells, at)
            course = next(iter(tasks.courses_with(head.library, tool)), None)
            if tool == one.hand_in and course is not None:
                tasks.hand_in(session, head, store.own_sheet(session, sheet, owner), course, at + timedelta(hours=1))


def _facts(one: Held, at: datetime) -> dict[str, str]:
    columns = ("name", "post", "influence", "attitude", "contact")
    people = {
        f"people.{place:02}.{column}": text
        for place, person in enumerate(one.people, 1)
        for column, text in zip(columns, person, strict=True)
    }
    days = {"last_visit": at - timedelta(days=1), "next_visit": at + timedelta(days=one.days + 6)}
    visits = {fact: f"{day:%Y-%m-%d}" for fact, day in days.items() if MAP in one.sheets}
    return {"stage": "approval", **visits, **one.facts, **people}


def _keep(session: Session, account: int, facts: Mapping[str, str], at: datetime) -> None:
    store.put_cells(session, store.facts_of(session, account), facts, int(at.timestamp() * 1_000_000), at)


def _cells(tool: Tool, example: str) -> dict[str, str]:
    """Of the worked example by that name; of a scorecard's scores; of none."""
    known = {one.name: one.cells for one in tool.examples}
    if example in known:
        return dict(known[example])
    scores = {f"criteria.{place:02}.score": score for place, score in enumerate(example.split(), 1)}
    return {**{f"knockouts.{place:02}.met": "yes" for place in range(1, 4)}, **scores} if scores else {}
