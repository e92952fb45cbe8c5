"""Marking: works in the trainers' queue, appeals, and attempts that hand in a task."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5c2f9b7d1e44"
down_revision = "5c3a9e1b7d20"
branch_labels = None
depends_on = None

DUE = sa.text("due_revision_id is not null")
BEFORE = "the marker's levels by part and criterion; {} where the program marked"
AFTER = "levels by part and criterion; a trainer's mark: core.marking.stored; {} where the program marked"


def upgrade() -> None:
    op.create_table(
        "works",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="who answered"),
        sa.Column(
            "course_id", sa.String(length=80), nullable=True, comment="whose trainers mark it; NULL: all trainers"
        ),
        sa.Column("activity_id", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "since",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it came into this state: the queue's order",
        ),
        sa.Column("second", sa.Boolean(), nullable=False, comment="drawn to be read by a second trainer"),
        sa.Column("first_by_id", sa.Integer(), nullable=True, comment="NULL: not marked yet"),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("counts_by_id", sa.Integer(), nullable=True, comment="whose mark counts"),
        sa.Column("revision_id", sa.Integer(), nullable=False, comment="whose rubric its marks are by"),
        sa.Column(
            "due_revision_id",
            sa.Integer(),
            nullable=True,
            comment="its rubric was changed there, and it is not scored by that yet; NULL: it is",
        ),
        sa.CheckConstraint(
            "first_by_id <> person_id and second_by_id <> person_id", name=op.f("ck_works_nobody_marks_the_own")
        ),
        sa.CheckConstraint(
            "second_by_id is null or first_by_id is not null", name=op.f("ck_works_second_follows_first")
        ),
        sa.CheckConstraint(
            "state in ('open', 'second', 'third', 'appeal', 'scored', 'done')", name=op.f("ck_works_state_is_known")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_works_attempt_id_attempts")),
        sa.ForeignKeyConstraint(["counts_by_id"], ["people.id"], name=op.f("fk_works_counts_by_id_people")),
        sa.ForeignKeyConstraint(["due_revision_id"], ["revisions.id"], name=op.f("fk_works_due_revision_id_revisions")),
        sa.ForeignKeyConstraint(["first_by_id"], ["people.id"], name=op.f("fk_works_first_by_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_works_person_id_people")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_works_response_id_responses")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_works_revision_id_revisions")),
        sa.ForeignKeyConstraint(["second_by_id"], ["people.id"], name=op.f("fk_works_second_by_id_people")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_works")),
    )
    op.create_index("ix_works_attempt_id", "works", ["attempt_id"])
    op.create_index("ix_works_state_since", "works", ["state", "since", "response_id"])
    op.create_index("ix_works_activity_id_item_id", "works", ["activity_id", "item_id"])
    op.create_index("ix_works_due", "works", ["due_revision_id"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_table(
        "appeals",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("against_id", sa.Integer(), nullable=True, comment="whose mark; NULL: the program's"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=True, comment="why it was decided so"),
        sa.Column("changed", sa.Boolean(), nullable=True, comment="whether the points changed"),
        sa.CheckConstraint(
            "(decided_at is null) = (by_id is null) and (decided_at is null) = (answer is null)",
            name=op.f("ck_appeals_decided_is_whole"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_appeals_reason_is_given")),
        sa.ForeignKeyConstraint(["against_id"], ["people.id"], name=op.f("fk_appeals_against_id_people")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_appeals_by_id_people")),
        sa.ForeignKeyConstraint(["response_id"], ["works.response_id"], name=op.f("fk_appeals_response_id_works")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_appeals")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("outcomes", "detail", comment=AFTER)
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_attempts_kind_is_known"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_attempts_kind_is_known"), "kind in ('quiz', 'scenario', 'drill', 'refresher', 'task')"
        )


def downgrade() -> None:
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_attempts_kind_is_known"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_attempts_kind_is_known"), "kind in ('quiz', 'scenario', 'drill', 'refresher')"
        )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("outcomes", "detail", comment=BEFORE)
    op.drop_table("appeals")
    op.drop_table("works")
