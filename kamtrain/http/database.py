"""One engine for each application and one session for each request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from kamtrain.store import base


def install(app: Flask, url: str) -> None:
    """Make the engine; it connects when it is first asked."""
    app.extensions["kamtrain.engine"] = base.connect(url)
    app.teardown_appcontext(_close)


def connection() -> Connection:
    """The request's connection, for reading Core statements where even a session would be too much."""
    if "connection" not in g:
        g.connection = engine().connect()
    connection: Connection = g.connection
    return connection


def engine() -> Engine:
    """The engine of the application at work."""
    engine: Engine = current_app.extensions["kamtrain.engine"]
    return engine


@contextmanager
def reading() -> Iterator[Session]:
    """The request's session, for reading: opened by whoever asks first, closed when the request ends.

    Within `writing` it is the writing session, so that a query sees what was just written.
    """
    if "session" not in g:
        g.session = base.Plain(connection())
    yield g.session


@contextmanager
def writing() -> Iterator[Session]:
    """The request's one write transaction: committed and synced when the block ends, rolled back when it raises.

    What was read before is given up first, so that nothing is decided on it; a second one in a request is refused.
    """
    if g.get("has_written"):
        raise RuntimeError("a request has one write transaction at most; put both writes into one block")
    g.has_written = True
    if (session := g.pop("session", None)) is not None:
        session.close()
    connection().rollback()
    try:
        with base.writing_on(connection()) as session:
            g.session = session
            yield session
    finally:
        _close()


def _close(_error: BaseException | None = None) -> None:
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()
    connection: Connection | None = g.pop("connection", None)
    if connection is not None:
        connection.close()
