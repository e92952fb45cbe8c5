"""How Alembic runs a migration: on the connection it is given (kamtrain/services/schema.py), for every table."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from kamtrain.store.base import Instant
from kamtrain.store.metadata import metadata


def render(kind: str, item: Any, _autogenerate: AutogenContext) -> str | Literal[False]:
    """A migration imports nothing of ours, or it would change with what it describes."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),
    render_item=render,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
