"""The disk's own rate: how many one-row transactions a second are synced when nothing else is in the way."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import psycopg

SECONDS = 1.0


def commits(folder: Path, database: str) -> float:
    """Bare one-row commits a second, one after another: SQLite (WAL, full sync) in `folder`, or that PostgreSQL server."""
    if database.startswith("sqlite"):
        return _sqlite(folder / "bare.db")
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bare (value integer)")
        count, end = 0, time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            connection.execute("INSERT INTO bare VALUES (1)")
            count += 1
        connection.execute("DROP TABLE bare")
    return count / SECONDS


def _sqlite(path: Path) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS bare (value integer)")
    count, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        connection.execute("INSERT INTO bare VALUES (1)")
        count += 1
    connection.close()
    return count / SECONDS
