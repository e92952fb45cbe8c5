"""Models and migrations say the same, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, inspect

from kamtrain.services import schema
from kamtrain.store.base import connect
from kamtrain.store.metadata import metadata


def test_models_and_migrations_agree(engine: Engine) -> None:
    schema.migrate(engine)

    assert schema.differences(engine) == []
    assert schema.is_newest(engine)


def test_every_check_of_the_models_is_in_the_database(engine: Engine) -> None:
    """Alembic compares no CHECK constraints, so that a forgotten one would go unnoticed."""
    schema.migrate(engine)
    database = inspect(engine)
    for table in metadata().sorted_tables:
        wanted = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {check["name"] for check in database.get_check_constraints(table.name)} == wanted, table.name


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    schema.migrate(engine)
    schema.migrate(engine)

    assert schema.differences(engine) == []


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(schema.FOLDER)).get_heads()) == 1


def test_migrations_import_nothing_of_ours() -> None:
    for path in (schema.FOLDER / "versions").glob("*.py"):
        assert "kamtrain" not in path.read_text(encoding="utf-8"), path.name


def test_servers_that_start_at_once_migrate_one_after_the_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    engines = [connect(url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(schema.migrate, engines))

    assert schema.is_newest(engines[0])
    for engine in engines:
        engine.dispose()
