"""Drills, and what comes back in refreshers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1858a2357f29"
down_revision = "387ddcc4b826"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refreshers",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("activity_id", sa.String(length=100), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("stability", sa.Float(), nullable=False, comment="days until one in ten would have forgotten it"),
        sa.Column("difficulty", sa.Float(), nullable=False, comment="1 to 10"),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False, comment="answered last"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False, comment="of the points, in thousandths, at the last answer"),
        sa.CheckConstraint("kind in ('quiz', 'drill')", name=op.f("ck_refreshers_kind_is_known")),
        sa.CheckConstraint("share between 0 and 1000", name=op.f("ck_refreshers_share_is_one")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_refreshers_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "kind", "activity_id", "item_id", name=op.f("pk_refreshers")),
    )
    with op.batch_alter_table("refreshers", schema=None) as batch_op:
        batch_op.create_index("ix_refreshers_person_id_due_at", ["person_id", "due_at"], unique=False)

    op.create_table(
        "drill_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="0-based, in the attempt"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("drill_id", sa.String(length=100), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False, comment="whose text was shown"),
        sa.Column("item_id", sa.String(length=100), nullable=False, comment="question"),
        sa.Column("truth", sa.String(length=100), nullable=False, comment="id of the right answer"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen", sa.String(length=100), nullable=True, comment="id of the answer chosen"),
        sa.Column("milliseconds", sa.Integer(), nullable=True, comment="from asked to chosen by our clock, capped"),
        sa.Column("cue", sa.Integer(), nullable=True, comment="place of the cue in the file"),
        sa.Column("cue_right", sa.Boolean(), nullable=True),
        sa.Column(
            "answered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the cue was named: from then on it counts",
        ),
        sa.CheckConstraint(
            "answered_at is null or (chosen is not null and cue is not null)",
            name=op.f("ck_drill_answers_answered_is_whole"),
        ),
        sa.CheckConstraint(
            "milliseconds is null or milliseconds >= 0", name=op.f("ck_drill_answers_time_is_not_negative")
        ),
        sa.CheckConstraint("position >= 0", name=op.f("ck_drill_answers_position_counts")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_drill_answers_attempt_id_attempts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drill_answers_person_id_people")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_drill_answers_revision_id_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_answers")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_drill_answers_attempt_id_position")),
    )
    with op.batch_alter_table("drill_answers", schema=None) as batch_op:
        batch_op.create_index("ix_drill_answers_drill_id_person_id", ["drill_id", "person_id", "id"], unique=False)

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_attempts_kind_is_known"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_attempts_kind_is_known"), "kind in ('quiz', 'scenario', 'drill', 'refresher')"
        )


def downgrade() -> None:
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_attempts_kind_is_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_attempts_kind_is_known"), "kind in ('quiz', 'scenario')")

    op.drop_table("drill_answers")
    op.drop_table("refreshers")
