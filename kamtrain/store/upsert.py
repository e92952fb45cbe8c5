"""INSERT … ON CONFLICT, which both databases speak and SQLAlchemy offers per dialect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Insert = postgresql.Insert | sqlite.Insert
T = TypeVar("T")


def insert(session: Session, table: Any) -> Insert:
    """An INSERT for `table` that can take `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return _insert_of(session.get_bind().dialect.name)(table)


def once(make: Callable[[Callable[[Any], Any]], T]) -> Callable[[Session], T]:
    """A statement that is written often, made once for each kind of database: `make` gets that database's `insert`."""
    made: dict[str, T] = {}

    def statement(session: Session) -> T:
        name = session.get_bind().dialect.name
        if name not in made:
            made[name] = make(_insert_of(name))
        return made[name]

    return statement


def _insert_of(dialect: str) -> Callable[[Any], Insert]:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert
