"""The engine, the transaction and the column types that all aggregates share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, Table, TypeDecorator, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session

BUSY_TIMEOUT = 15_000  # milliseconds a writer waits for another one on SQLite

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment: timezone-aware UTC in Python, on every database. Naive datetimes are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant}


def table_of(mapped: type[Base]) -> Table:
    """The table of a mapped class: a statement on it is plain SQL, without the price of objects."""
    table = mapped.__table__
    assert isinstance(table, Table)
    return table


def connect(url: str) -> Engine:
    """An engine for `url`. SQLite: WAL, full sync, foreign keys; writing begins immediately (see `writing`)."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=8)
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, see `begin`
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {BUSY_TIMEOUT}",
            "cache_size = -16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads and then writes must begin IMMEDIATE, or it fails under load in spite of the timeout.
        if connection.get_execution_options().get("writing"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        # This one cannot fail, so the driver itself is asked: by SQLAlchemy it would cost as much as the query after it.
        driver: Any = connection.connection.dbapi_connection
        driver.execute("BEGIN DEFERRED")

    return engine


class Plain(Session):
    """A session on an open connection that gives it statements on tables directly, which costs half; the rest as ever."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._open = connection

    def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        # Statements on mapped classes carry what the session needs to make objects of their rows.
        if options or statement._propagate_attrs:
            return super().execute(statement, params, **options)
        return self._open.execute(statement, params)

    def scalar(self, statement: Any, params: Any = None, **options: Any) -> Any:
        if options or statement._propagate_attrs:
            return super().scalar(statement, params, **options)
        return self._open.scalar(statement, params)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for reading only: never committed."""
    with engine.connect() as connection, Plain(connection) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One write transaction: committed and synced when the block ends, rolled back when it raises."""
    with engine.connect() as connection, writing_on(connection) as session:
        yield session


@contextmanager
def writing_on(connection: Connection) -> Iterator[Session]:
    """`writing` on a connection that is in no transaction, and is closed after this one."""
    with connection.execution_options(writing=True).begin(), Plain(connection) as session:
        yield session
        session.flush()
