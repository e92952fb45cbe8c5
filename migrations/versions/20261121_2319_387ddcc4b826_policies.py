"""Quiz policies: when an attempt ends and its window closes, how sure an answer was, and personal extensions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "387ddcc4b826"
down_revision = "7a1c0de20261"
branch_labels = None
depends_on = None

OPEN = sa.text("finished_at is null and ends_at is not null")
SURE = "1 guessed, 2 fairly sure, 3 sure; NULL: not said"


def upgrade() -> None:
    op.create_table(
        "extensions",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.String(length=80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False, comment="more time for each attempt"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="more attempts"),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True, comment="NULL: it closes as for everybody"),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes between 0 and 1440", name=op.f("ck_extensions_minutes_in_range")),
        sa.CheckConstraint("attempts between 0 and 100", name=op.f("ck_extensions_attempts_in_range")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_extensions_by_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_extensions_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "quiz_id", name=op.f("pk_extensions")),
    )
    op.create_index("ix_extensions_at", "extensions", ["at"], unique=False)
    op.add_column(
        "attempts",
        sa.Column(
            "ends_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="quiz: then it is over, saved answers count; NULL: never",
        ),
    )
    op.add_column(
        "attempts",
        sa.Column(
            "closes_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="quiz: its window, for this person; NULL: none",
        ),
    )
    op.create_index("ix_attempts_ends_at", "attempts", ["ends_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    for table in ("drafts", "responses"):
        # With its check in one statement: SQLite cannot add a check later but by copying the table.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN confidence INTEGER "
            f"CONSTRAINT ck_{table}_confidence_is_a_level CHECK (confidence between 1 and 3)"
        )
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column(table, "confidence", comment=SURE)


def downgrade() -> None:
    for table in ("responses", "drafts"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(f"ck_{table}_confidence_is_a_level")
            batch_op.drop_column("confidence")
    op.drop_index("ix_attempts_ends_at", table_name="attempts")
    op.drop_column("attempts", "closes_at")
    op.drop_column("attempts", "ends_at")
    op.drop_table("extensions")
