"""The schema: bring a database to the newest migration, and say whether models and migrations agree."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from kamtrain.settings import ROOT
from kamtrain.store.metadata import metadata

logger = logging.getLogger(__name__)

FOLDER = ROOT / "migrations"
LOCK = 7_202_611  # of PostgreSQL's advisory locks: two servers that start at once migrate one after the other


def migrate(engine: Engine) -> None:
    """Bring the database to the newest schema, in one transaction; where it is there already, nothing happens."""
    with _migrating(engine) as connection:
        before = current(connection)
        command.upgrade(_config(connection), "head")
        after = current(connection)
    if before != after:
        logger.info("the schema was migrated", extra={"before": before, "after": after})


def is_newest(engine: Engine) -> bool:
    """Whether the database is at the newest schema."""
    with engine.connect() as connection:
        return current(connection) == ScriptDirectory.from_config(_config()).get_current_head()


def current(connection: Connection) -> str | None:
    """The migration the database stands at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(engine: Engine) -> list[Any]:
    """What the models have and the database has not, or the other way round, as Alembic tells it; [] when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata()))


def new_migration(engine: Engine, slug: str) -> None:
    """Write a migration from what the models have and the database has not. Read it before you keep it."""
    with engine.connect() as connection:
        command.revision(_config(connection), message=slug, autogenerate=True)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """A connection in one write transaction that no other migration can enter."""
    with engine.connect().execution_options(writing=True) as connection:
        if engine.dialect.name == "sqlite":
            # A table that is rebuilt is dropped for a moment; what points to it is checked at the end instead.
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise RuntimeError(f"the migration would leave rows that point to nothing: {broken[:5]}")
            finally:
                raw.execute("PRAGMA foreign_keys = ON")
            return
        with connection.begin():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            # Rather a migration that fails than an application that waits behind it.
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
            connection.exec_driver_sql("SET LOCAL statement_timeout = '10min'")
            yield connection


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(rev)s_%%(slug)s"
    )
    config.set_main_option("timezone", "UTC")
    config.attributes["connection"] = connection
    return config
