"""`/healthz`, for whoever watches the server: is the program up, and does its database answer?"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from kamtrain.http import database
from kamtrain.version import VERSION

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    up = answers(database.engine())
    state = {"version": VERSION, "database": "ok" if up else "away"}
    return jsonify(state), 200 if up else 503


def answers(engine: Engine) -> bool:
    """Whether the database is there and has a schema. One query on a connection of its own."""
    # A deleted SQLite file lives on in open connections, and a new connection would make an empty one.
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
        return False
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM library_head"))
    except SQLAlchemyError:
        return False
    return True
