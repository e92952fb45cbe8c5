"""How many statements one operation sends, counted in a run of its own inside this process."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine, event

from bench.client import ENCODINGS, Reply, Sent, Ticket, body_of
from bench.journeys import Facts, Journey


class Inside:
    """The application itself, asked as the wire's client asks it."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client(use_cookies=False)

    def send(
        self, method: str, path: str, cookie: str = "", form: Sent | None = None, encodings: str = ENCODINGS
    ) -> Reply:
        headers = {
            "Accept": "text/html",
            "Accept-Encoding": encodings,
            "Cookie": cookie,
            "Sec-Fetch-Site": "same-origin",
        }
        data, about = body_of(form)
        headers |= about
        answer = self._client.open(path, method=method, headers=headers, data=data, base_url="http://127.0.0.1")
        head = f"HTTP/1.1 {answer.status}\r\n" + "\r\n".join(f"{k}: {v}" for k, v in answer.headers.items())
        body = answer.get_data()
        return Reply(answer.status_code, head, body, len(head) + len(body))


def counted(app: Flask, engine: Engine, journey: Journey, tickets: list[Ticket], facts: Facts) -> tuple[int, int]:
    """(reads, writes) of the journey's second walk; the first one fills what a process keeps."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement.lstrip().split(None, 1)[0].upper())

    inside = Inside(app)
    journey.walk(inside, tickets[0], facts)
    event.listen(engine, "before_cursor_execute", note)
    try:
        journey.walk(inside, tickets[1], facts)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    reads = sum(word in ("SELECT", "WITH") for word in seen)
    writes = sum(word in ("INSERT", "UPDATE", "DELETE") for word in seen)
    return reads, writes
