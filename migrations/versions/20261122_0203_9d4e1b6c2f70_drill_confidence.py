"""Drill confidence: how sure somebody is of an answer in a drill."""

from __future__ import annotations

from alembic import op

revision = "9d4e1b6c2f70"
down_revision = "6e0d5b7a9c14"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With its check in one statement: SQLite cannot add that later but by copying the table.
    op.execute(
        "ALTER TABLE drill_answers ADD COLUMN confidence INTEGER "
        "CONSTRAINT ck_drill_answers_confidence_is_a_level CHECK (confidence between 1 and 3)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("drill_answers", "confidence", comment="1 guessed, 2 fairly sure, 3 sure; NULL: not said")


def downgrade() -> None:
    with op.batch_alter_table("drill_answers") as batch_op:
        batch_op.drop_constraint("ck_drill_answers_confidence_is_a_level", type_="check")
        batch_op.drop_column("confidence")
