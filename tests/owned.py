"""Whose things stand behind an address: one case for each route whose row in the table of permissions names an owner.

Whoever writes such a route adds a case: `make` puts one thing of its owner into the database and returns its address.
`tests/test_permissions.py` then asks for it as everybody whose role may come in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask

from kamtrain.http.database import engine
from kamtrain.services.attempts import begin
from kamtrain.services.drills import deal
from kamtrain.services.tasks import hand_in
from kamtrain.services.workbench import open_sheet
from kamtrain.store import workbench as store
from kamtrain.store.base import writing
from kamtrain.workbench import TOOLS
from tests import marked
from tests.bargained import WITH_TABLE
from tests.cast import Cast, email_of
from tests.drilled import WITH_DRILL
from tests.samples import FILES, WITH_TASK, published


@dataclass(frozen=True)
class Owned:
    """`finds`: the names of the cast who find it; everybody else whose role may come in gets `refused`."""

    endpoint: str
    method: str
    make: Callable[[Flask, Cast], str]
    finds: frozenset[str]
    refused: int = 404
    form: Mapping[str, str] = field(default_factory=dict)


def attempt_at(
    kind: str, activity: str, rest: str = "", files: Mapping[str, bytes] = FILES
) -> Callable[[Flask, Cast], str]:
    """An attempt the trainee has just begun, and its address."""

    def make(app: Flask, cast: Cast) -> str:
        now = datetime.now(UTC)
        with app.app_context():
            head = published(engine(), dict(files))
            with writing(engine()) as session:
                attempt = begin(session, head, cast["trainee"], kind, activity, None, "", random.Random(1), now)
        return f"/practice/attempts/{attempt}{rest}"

    return make


def bargaining_at(rest: str) -> Callable[[Flask, Cast], str]:
    """A negotiation that the trainee has just begun, and its address."""
    return attempt_at("negotiation", "haggle", rest, WITH_TABLE)


def asked_in_drill(app: Flask, cast: Cast) -> str:
    """A question of a drill that the trainee was just asked, and its address."""
    now = datetime.now(UTC)
    with app.app_context():
        head = published(engine(), WITH_DRILL)
        with writing(engine()) as session:
            asked = deal(session, head, cast["trainee"], "tell", None, now)
    return f"/practice/attempts/{asked.attempt_id}/drill/1"


def authored_at(prefix: str) -> Callable[[Flask, Cast], str]:
    """A lesson of a course that names the trainer as its author, and its address in the studio."""

    def make(app: Flask, cast: Cast) -> str:
        course = FILES["courses/try/course.yaml"] + f"authors: [{email_of('trainer')}]\n".encode()
        with app.app_context():
            published(engine(), FILES | {"courses/try/course.yaml": course})
        return f"{prefix}/courses/try/try-1.1.en.md"

    return make


def of_account(rest: str = "", kind: str = "accounts") -> Callable[[Flask, Cast], str]:
    """An account of the trainee's with a sheet, shared with nobody, and the address of one of both."""

    def make(app: Flask, cast: Cast) -> str:
        now = datetime.now(UTC)
        tool = TOOLS["selection-scorecard"]
        with app.app_context(), writing(engine()) as session:
            id = store.add_account(session, cast["trainee"], "Alder", True, False, False, now)
            account = store.own_account(session, id, cast["trainee"])
            sheet = open_sheet(session, tool, cast["trainee"], account, "", "", {}, now)
        return f"/workbench/{kind}/{id if kind == 'accounts' else sheet}{rest}"

    return make


def work_at(rest: str) -> Callable[[Flask, Cast], str]:
    """An answer of the trainee's that waits for its mark, in a course that names the trainer as its author."""

    def make(app: Flask, cast: Cast) -> str:
        with app.app_context():
            head = published(engine(), marked.files(authors=["trainer"]))
            attempt = marked.handed_in(engine(), head, cast["trainee"])
            return f"/marking/{marked.work_of(engine(), attempt)}{rest}"

    return make


def marked_attempt(rest: str) -> Callable[[Flask, Cast], str]:
    """An attempt of the trainee's whose answer is marked."""

    def make(app: Flask, cast: Cast) -> str:
        with app.app_context():
            head = published(engine(), marked.files())
            attempt = marked.handed_in(engine(), head, cast["trainee"])
            marked.mark(engine(), head, marked.person(cast, "trainer"), marked.work_of(engine(), attempt), (2, 3))
        return f"/practice/attempts/{attempt}{rest}"

    return make


def task_of(rest: str = "", kind: str = "tasks") -> Callable[[Flask, Cast], str]:
    """A sheet of the trainee's in a course that asks for it: the sheet's address, or, handed in, the task's."""

    def make(app: Flask, cast: Cast) -> str:
        now = datetime.now(UTC)
        tool = TOOLS["selection-scorecard"]
        with app.app_context():
            head = published(engine(), WITH_TASK)
            with writing(engine()) as session:
                id = open_sheet(session, tool, cast["trainee"], None, "", "", {"criteria.01.score": "9"}, now)
                sheet = store.own_sheet(session, id, cast["trainee"])
                if kind == "tasks":
                    id = hand_in(session, head, sheet, "try", now)
        return f"/workbench/{kind}/{id}{rest}"

    return make


TRAINEE = frozenset({"trainee"})  # nobody answers for somebody else, not even an admin
AUTHORS = frozenset({"trainer", "admin"})

CASES: list[Owned] = [
    Owned("practice.attempt", "GET", attempt_at("quiz", "check"), TRAINEE),
    Owned("practice.question", "GET", attempt_at("quiz", "check", "/questions/1"), TRAINEE),
    Owned("practice.draft", "PUT", attempt_at("quiz", "check", "/questions/1/draft"), TRAINEE),
    Owned("practice.answer", "POST", attempt_at("quiz", "check", "/questions/1"), TRAINEE),
    Owned("practice.finish", "POST", attempt_at("quiz", "check", "/finish"), TRAINEE),
    Owned("practice.self_mark", "POST", attempt_at("quiz", "check", "/questions/1/mark"), TRAINEE),
    Owned("practice.appeal", "POST", marked_attempt("/questions/1/appeal"), TRAINEE, form={"reason": "I saw three."}),
    Owned("marking.work", "GET", work_at(""), AUTHORS),
    Owned("marking.mark", "POST", work_at("/mark"), AUTHORS),
    Owned("practice.result", "GET", attempt_at("quiz", "check", "/result"), TRAINEE),
    Owned("drill.scene", "GET", asked_in_drill, TRAINEE),
    Owned("drill.say", "POST", asked_in_drill, TRAINEE, form={"answer": "calm"}),
    Owned("negotiation.show", "GET", bargaining_at("/table"), TRAINEE),
    Owned("negotiation.make", "POST", bargaining_at("/table"), TRAINEE, form={"turn": "0", "act": "pause"}),
    Owned("negotiation.debrief", "GET", bargaining_at("/table/debrief"), TRAINEE),
    Owned(
        "practice.choose",
        "POST",
        attempt_at("scenario", "talk", "/choose"),
        TRAINEE,
        form={"turn": "0", "place": "0", "scene": "start"},
    ),
    Owned("workbench.account", "GET", of_account(), TRAINEE),
    Owned("workbench.change_account", "POST", of_account(), TRAINEE, form={"name": "Alder"}),
    Owned("workbench.delete_account", "POST", of_account("/delete"), TRAINEE),
    Owned("workbench.sheet", "GET", of_account(kind="sheets"), TRAINEE),
    Owned("workbench.save", "POST", of_account(kind="sheets"), TRAINEE, form={"seen": "0"}),
    Owned("workbench.cells", "PUT", of_account("/cells", "sheets"), TRAINEE),
    Owned("workbench.keep_version", "POST", of_account("/versions", "sheets"), TRAINEE),
    Owned(
        "workbench.erase", "POST", of_account("/erase", "sheets"), TRAINEE, form={"erased": "criteria.01", "seen": "0"}
    ),
    Owned("workbench.delete_sheet", "POST", of_account("/delete", "sheets"), TRAINEE),
    Owned("workbench.copy", "POST", of_account("/copy", "sheets"), TRAINEE),
    Owned("workbench.spreadsheet", "GET", of_account("/sheet.xlsx", "sheets"), TRAINEE),
    Owned("workbench.document", "GET", of_account("/sheet.pdf", "sheets"), TRAINEE),
    Owned("workbench.compare", "GET", of_account("/compare", "sheets"), TRAINEE),
    Owned("workbench.hand_in", "POST", task_of("/hand-in", "sheets"), TRAINEE, form={"course": "try"}),
    Owned("workbench.task", "GET", task_of(), TRAINEE),
    Owned("practice.retry", "POST", attempt_at("scenario", "talk", "/retry"), TRAINEE, form={"turn": "1"}),
    *(
        # One may know of the course of others, and read it: so it is 403 and not 404.
        Owned(endpoint, "POST", authored_at(prefix), AUTHORS, 403, {"text": "# Mine now\n", "version": "0"})
        for endpoint, prefix in (("studio.save", "/studio/edit"), ("studio.mend", "/studio/mend"))
    ),
]
