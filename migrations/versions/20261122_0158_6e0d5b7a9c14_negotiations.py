"""Negotiations: attempts of one kind more, whose moves are responses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6e0d5b7a9c14"
down_revision = "5c2f9b7d1e44"
branch_labels = None
depends_on = None

KNOWN = "kind in ('quiz', 'scenario', 'drill', 'refresher', 'task')"
KNOWN_NOW = "kind in ('quiz', 'scenario', 'drill', 'refresher', 'task', 'negotiation')"

# (table, column, type, nullable, what was said of it, what is said now)
SAID: tuple[tuple[str, str, sa.types.TypeEngine[object], bool, str, str], ...] = (
    (
        "attempts",
        "variant",
        sa.String(length=40),
        False,
        "scenario: against which buyer; '' the one it is written for",
        "scenario, negotiation: against which buyer; '' the one it is written for",
    ),
    (
        "attempts",
        "draw",
        sa.JSON(),
        False,
        "quiz: core.quiz.stored; scenario: []",
        "quiz: core.quiz.stored; negotiation: [seed]; scenario: []",
    ),
    (
        "attempts",
        "ending",
        sa.String(length=80),
        True,
        "scenario: the scene it ended in",
        "scenario: the scene it ended in; negotiation: how",
    ),
    (
        "attempts",
        "grade",
        sa.String(length=10),
        True,
        "scenario: of that ending",
        "scenario, negotiation: of that ending",
    ),
    (
        "responses",
        "item_id",
        sa.String(length=80),
        False,
        "question, or scene in which the choice was made",
        "question, scene in which the choice was made, or act",
    ),
    (
        "responses",
        "response",
        sa.JSON(),
        False,
        "quiz: one entry for each part; scenario: place of the choice",
        "quiz: one entry for each part; scenario: place of the choice; negotiation: the move",
    ),
)


def _say(*, before: bool) -> None:
    for table in ("attempts", "responses"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, column, kind, nullable, old, new in SAID:
                if name == table:
                    batch_op.alter_column(
                        column,
                        existing_type=kind,
                        existing_nullable=nullable,
                        existing_comment=new if before else old,
                        comment=old if before else new,
                    )


def upgrade() -> None:
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_attempts_kind_is_known"), type_="check")
        batch_op.alter_column(
            "kind", existing_type=sa.String(length=10), type_=sa.String(length=20), existing_nullable=False
        )
        batch_op.create_check_constraint(op.f("ck_attempts_kind_is_known"), KNOWN_NOW)
    _say(before=False)


def downgrade() -> None:
    _say(before=True)
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_attempts_kind_is_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_attempts_kind_is_known"), KNOWN)
        batch_op.alter_column(
            "kind", existing_type=sa.String(length=20), type_=sa.String(length=10), existing_nullable=False
        )
