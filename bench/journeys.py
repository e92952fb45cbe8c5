"""What people do, as requests. Each walk is one operation; a reply that is not the expected one ends it with `Refused`."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from bench.client import Browser, Packet, Reply, Ticket

PASSWORD = "nine slow herons"
LESSON = "/learn/ppl/ppl-1.3"  # 1,500 words
SHEET, CELL = "stakeholder-map", "people.01.influence"
QUIZ = "bench-ten"  # made from the style drill, see bench/company.py
TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
COOKIE = re.compile(r"(?im)^set-cookie: (kamtrain=[^;]+)")

Facts = dict[str, str]  # addresses and cookies that the run found out: "manager", "late", …


class Refused(Exception):
    """An answer that is not the expected one."""


@dataclass(frozen=True)
class Goal:
    """`rate`: least operations a second as a share of the floor's. `cpu`: most CPU, in multiples of the floor's."""

    rate: float | None = None
    cpu: float | None = None


@dataclass(frozen=True)
class Journey:
    name: str
    walk: Callable[[Browser, Ticket, Facts], None]
    goal: Goal = Goal()
    writes: bool = False  # held against the disk's own rate
    consumes: bool = False  # uses up what was prepared for a ticket


def expect(reply: Reply, status: int, what: str) -> Reply:
    if reply.status != status:
        raise Refused(f"{what}: {reply.status} instead of {status}; {reply.header('Location')} {reply.body[:120]!r}")
    return reply


def _get(browser: Browser, path: str, cookie: str) -> Reply:
    return expect(browser.send("GET", path, cookie), 200, f"GET {path}")


def _text(reply: Reply) -> bytes:
    if reply.header("Content-Encoding") == "gzip":
        return zlib.decompress(reply.body, 31)
    return reply.body


def _onward(reply: Reply) -> str:
    return reply.header("Location").partition("#")[0]


def hello(browser: Browser, _ticket: Ticket, _facts: Facts) -> None:
    _get(browser, "/", "")


def log_in(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    page = expect(browser.send("GET", "/sign-in", encodings="gzip"), 200, "sign-in")
    cookie, token = COOKIE.search(page.headers), TOKEN.search(_text(page))
    if cookie is None or token is None:
        raise Refused("the sign-in page has no form token")
    form = {"email": ticket.email, "password": PASSWORD, "csrf_token": token[1].decode(), "next": "/"}
    entered = expect(browser.send("POST", "/sign-in", cookie[1], form), 302, "signing in")
    signed_in = COOKIE.search(entered.headers)
    if signed_in is None:
        raise Refused("signing in gave no cookie")
    _get(browser, "/", signed_in[1])


def start(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    _get(browser, "/", ticket.cookie)


def course(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    _get(browser, "/learn/ppl", ticket.cookie)


def lesson(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    _get(browser, LESSON, ticket.cookie)


def mark_done(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    expect(browser.send("POST", f"{LESSON}/done", ticket.cookie, {"csrf_token": ticket.token}), 303, "done")


def read_lesson(browser: Browser, ticket: Ticket, facts: Facts) -> None:
    lesson(browser, ticket, facts)
    mark_done(browser, ticket, facts)


def autosave(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    now = time.time_ns() // 100_000
    form = {"part-0": str(now % 4), "part-1": "0", "sequence": str(now), "csrf_token": ticket.token}
    path = f"/practice/attempts/{ticket.quiz}/questions/{now % 10 + 1}/draft"
    expect(browser.send("PUT", path, ticket.cookie, form), 200, "autosave")


def sheet(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    _get(browser, f"/workbench/sheets/{ticket.sheet}", ticket.cookie)


def sheet_cell(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    """One figure typed into a sheet, and everything that comes out of it."""
    changed = {"seen": str(10**17), "cells": {CELL: str(1 + time.time_ns() // 1000 % 5)}}
    path = f"/workbench/sheets/{ticket.sheet}/cells"
    expect(browser.send("PUT", path, ticket.cookie, Packet(json.dumps(changed), ticket.token)), 200, "a cell")


def finish_quiz(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    path = f"/practice/attempts/{ticket.quiz}/finish"
    reply = expect(browser.send("POST", path, ticket.cookie, {"csrf_token": ticket.token}), 303, "finish")
    if not reply.header("Location").endswith("/result"):
        raise Refused(f"finishing led to {reply.header('Location')}")


def whole_quiz(browser: Browser, ticket: Ticket, _facts: Facts) -> None:
    """Free practice, from the first page to the result: 25 requests."""
    cookie, form = ticket.cookie, {"csrf_token": ticket.token}
    _get(browser, f"/practice/quiz/{QUIZ}", cookie)
    attempt = _onward(expect(browser.send("POST", f"/practice/quiz/{QUIZ}/begin", cookie, form), 303, "begin"))
    page = _onward(expect(browser.send("GET", attempt, cookie), 302, "the attempt"))
    _get(browser, page, cookie)
    for number in range(1, 11):
        answered = browser.send(
            "POST", f"{attempt}/questions/{number}", cookie, {**form, "part-0": str(number % 4), "part-1": "0"}
        )
        page = _onward(expect(answered, 303, "an answer"))
        _get(browser, page, cookie)
    result = _onward(expect(browser.send("POST", f"{attempt}/finish", cookie, form), 303, "finish"))
    _get(browser, result, cookie)


def choose(browser: Browser, ticket: Ticket, facts: Facts) -> None:
    """One line said, and the page after it."""
    form = {"csrf_token": ticket.token, "turn": "0", "scene": facts["scene"], "place": "0"}
    attempt = f"/practice/attempts/{ticket.scenario}"
    expect(browser.send("POST", f"{attempt}/choose", ticket.cookie, form), 303, "choose")
    _get(browser, attempt, ticket.cookie)


def report(browser: Browser, _ticket: Ticket, facts: Facts) -> None:
    _get(browser, "/insight/completion", facts["manager"])


def late_report(browser: Browser, _ticket: Ticket, facts: Facts) -> None:
    _get(browser, facts["late"], facts["manager"])


def report_by_activity(browser: Browser, _ticket: Ticket, facts: Facts) -> None:
    _get(browser, "/insight/completion?sort=activity&order=down", facts["manager"])


def csv(browser: Browser, _ticket: Ticket, facts: Facts) -> None:
    _get(browser, "/insight/completion.csv", facts["manager"])


def xlsx(browser: Browser, _ticket: Ticket, facts: Facts) -> None:
    _get(browser, "/insight/completion.xlsx", facts["manager"])


def preview(browser: Browser, _ticket: Ticket, facts: Facts) -> None:
    form = {
        "csrf_token": facts["trainer_token"],
        "version": "0",
        "text": facts["text"] + f"\n\nSaid at {time.time_ns()}.\n",
    }
    expect(browser.send("POST", facts["preview"], facts["trainer"], form), 200, "preview")


REPORT = Goal(rate=0.14)

FLOOR = Journey("floor", hello)
JOURNEYS = (
    Journey("log in (page, post, home)", log_in, Goal(rate=0.014), writes=True),
    Journey("start page", start),
    Journey("course home", course),
    Journey("lesson, repeat view", lesson, Goal(rate=0.25)),
    Journey("mark a lesson as done", mark_done, writes=True),
    Journey("lesson + mark as done", read_lesson, Goal(cpu=6), writes=True),
    Journey("answer autosave", autosave, Goal(cpu=4), writes=True),
    Journey("sheet, with its worked example", sheet),
    Journey("sheet, one figure typed", sheet_cell, writes=True),
    Journey("quiz finish, ten questions", finish_quiz, Goal(cpu=6), writes=True, consumes=True),
    Journey("quiz of ten, whole (25 requests)", whole_quiz),
    Journey("scenario choice and next scene", choose, consumes=True),
    Journey("completion report, first page", report, REPORT),
    Journey("completion report, late page", late_report, REPORT),
    Journey("completion report, by last activity", report_by_activity, REPORT),
)
FILES = (Journey("completion report as CSV", csv), Journey("completion report as XLSX", xlsx))
STUDIO = Journey("studio preview, 1,500 words", preview)
BY_NAME = {journey.name: journey for journey in (FLOOR, *JOURNEYS, *FILES, STUDIO)}
