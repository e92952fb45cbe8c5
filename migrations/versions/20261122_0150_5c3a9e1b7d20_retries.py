"""Retries: conversations that begin at a chosen turn of one that was finished, and do not count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5c3a9e1b7d20"
down_revision = "481bea0f5796"
branch_labels = None
depends_on = None

OF = "scenario: the finished attempt whose first choices are replayed; it does not count; NULL: no retry"
TURN = "choices replayed; NULL: no retry"
ANY = {"uq_attempts_open": ("enrollment_id", "is not null"), "uq_attempts_open_free": ("person_id", "is null")}


def upgrade() -> None:
    # With key and check in one statement: SQLite cannot add them later but by copying the table.
    op.execute(
        "ALTER TABLE attempts ADD COLUMN retry_of INTEGER CONSTRAINT fk_attempts_retry_of_attempts REFERENCES attempts (id)"
    )
    op.execute(
        "ALTER TABLE attempts ADD COLUMN retry_turn INTEGER "
        "CONSTRAINT ck_attempts_retry_is_whole CHECK ((retry_of is null) = (retry_turn is null))"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("attempts", "retry_of", comment=OF)
        op.alter_column("attempts", "retry_turn", comment=TURN)
    where = sa.text("finished_at is null and retry_of is not null")
    op.create_index(
        "uq_attempts_open_retry",
        "attempts",
        ["retry_of", "retry_turn"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    _open(" and retry_of is null")


def downgrade() -> None:
    # Responses hang on them, and outcomes on those: a retry that was played stays as an attempt like any other.
    op.drop_index("uq_attempts_open_retry", table_name="attempts")
    _open("")
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_constraint("ck_attempts_retry_is_whole", type_="check")
        batch_op.drop_constraint("fk_attempts_retry_of_attempts", type_="foreignkey")
        batch_op.drop_column("retry_turn")
        batch_op.drop_column("retry_of")


def _open(more: str) -> None:
    """The two rules of one open attempt at a time."""
    for name, (first, course) in ANY.items():
        where = sa.text(f"finished_at is null and enrollment_id {course}{more}")
        op.drop_index(name, table_name="attempts")
        op.create_index(
            name,
            "attempts",
            [first, "kind", "activity_id", "variant"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
