"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7a1c0de20261"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of data, hexadecimal"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.CheckConstraint("size >= 0", name=op.f("ck_blobs_size_is_not_negative")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_teams_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["teams.id"], name=op.f("fk_teams_parent_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teams_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="lower case"),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=400),
            nullable=False,
            comment="the name in its script's own order: pinyin for Chinese",
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=True, comment="Argon2id; NULL: not chosen yet"),
        sa.Column("is_trainee", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_trainer", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_manager", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=20), server_default="en", nullable=False, comment="BCP 47 tag"),
        sa.Column("time_zone", sa.String(length=60), server_default="UTC", nullable=False, comment="IANA name"),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "demo", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="signs in from loopback only"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_people_name_is_given")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_people_email_is_lower_case")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_people_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index("ix_people_sort_key_id", ["sort_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_team_id"), ["team_id"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="NULL: the system or somebody unknown"),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_audit_actor_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "enrollments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("origin in ('self', 'assignment')", name=op.f("ck_enrollments_origin_is_known")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_enrollments_number_counts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_enrollments_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollments")),
        sa.UniqueConstraint("person_id", "course_id", "number", name=op.f("uq_enrollments_person_id_course_id_number")),
    )
    op.create_table(
        "one_time_links",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False, comment="SHA-256"),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose = 'first-admin' or person_id is not null", name=op.f("ck_one_time_links_links_belong_to_people")
        ),
        sa.CheckConstraint(
            "purpose in ('password', 'invitation', 'first-admin')", name=op.f("ck_one_time_links_purpose_is_known")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_one_time_links_person_id_people")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_links")),
    )
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_links_person_id"), ["person_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), nullable=False, comment="not before; moves on with each failure"
        ),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True, comment="of the last try"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_unsent",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("sent_at is null"),
            postgresql_where=sa.text("sent_at is null"),
        )

    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("manifest", sa.JSON(), nullable=False, comment="path -> sha256"),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("origin in ('bundle', 'disk', 'studio')", name=op.f("ck_revisions_origin_is_known")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_revisions_author_id_people")),
        sa.ForeignKeyConstraint(["parent_id"], ["revisions.id"], name=op.f("fk_revisions_parent_id_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False, comment="SHA-256"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="to the hour: a read must not write"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id_people")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_person_id"), ["person_id"], unique=False)

    op.create_table(
        "team_managers",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_team_managers_person_id_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_managers_team_id_teams")),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_team_managers")),
    )
    with op.batch_alter_table("team_managers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_managers_person_id"), ["person_id"], unique=False)

    op.create_table(
        "working_copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="counts the saves, so that a stale one is noticed"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_working_copies_version_counts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_working_copies_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_copies")),
        sa.UniqueConstraint("person_id", "path", name=op.f("uq_working_copies_person_id_path")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=True, comment="NULL: free practice"),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("activity_id", sa.String(length=80), nullable=False),
        sa.Column(
            "variant",
            sa.String(length=40),
            nullable=False,
            comment="scenario: against which buyer; '' the one it is written for",
        ),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="per enrollment (or person), activity and variant, from 1"
        ),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("draw", sa.JSON(), nullable=False, comment="quiz: core.quiz.stored; scenario: []"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True, comment="percent; NULL: open, or waits for a mark"),
        sa.Column("waiting", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("ending", sa.String(length=80), nullable=True, comment="scenario: the scene it ended in"),
        sa.Column("grade", sa.String(length=10), nullable=True, comment="scenario: of that ending"),
        sa.CheckConstraint(
            "grade is null or grade in ('strong', 'acceptable', 'poor')", name=op.f("ck_attempts_grade_is_known")
        ),
        sa.CheckConstraint("kind in ('quiz', 'scenario')", name=op.f("ck_attempts_kind_is_known")),
        sa.CheckConstraint(
            "finished_at is not null or (score is null and ending is null)", name=op.f("ck_attempts_open_has_no_result")
        ),
        sa.CheckConstraint("score is null or score between 0 and 100", name=op.f("ck_attempts_score_is_percent")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_attempts_enrollment_id_enrollments")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attempts_person_id_people")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_attempts_revision_id_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint(
            "enrollment_id",
            "kind",
            "activity_id",
            "variant",
            "number",
            name=op.f("uq_attempts_enrollment_id_kind_activity_id_variant_number"),
        ),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_attempts_open",
            ["enrollment_id", "kind", "activity_id", "variant"],
            unique=True,
            sqlite_where=sa.text("finished_at is null and enrollment_id is not null"),
            postgresql_where=sa.text("finished_at is null and enrollment_id is not null"),
        )
        batch_op.create_index(
            "uq_attempts_open_free",
            ["person_id", "kind", "activity_id", "variant"],
            unique=True,
            sqlite_where=sa.text("finished_at is null and enrollment_id is null"),
            postgresql_where=sa.text("finished_at is null and enrollment_id is null"),
        )

    op.create_table(
        "lessons_read",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="last time"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_lessons_read_enrollment_id_enrollments")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "lesson_id", name=op.f("pk_lessons_read")),
    )
    op.create_table(
        "library_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "bundle_id",
            sa.Integer(),
            nullable=True,
            comment="the last bundle published; a newer one is published only while it is the head",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_library_head_one_head")),
        sa.ForeignKeyConstraint(["bundle_id"], ["revisions.id"], name=op.f("fk_library_head_bundle_id_revisions")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_library_head_revision_id_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_head")),
    )
    op.create_table(
        "summaries",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=80), nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False, comment="the person's latest enrollment in the course"),
        sa.Column("required", sa.Integer(), nullable=False, comment="steps"),
        sa.Column("done", sa.Integer(), nullable=False, comment="steps"),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed", sa.Boolean(), nullable=False, comment="complete, everything marked, and below the mark"),
        sa.Column("score", sa.Integer(), nullable=True, comment="percent"),
        sa.Column("missing", sa.JSON(), nullable=False, comment="codes of core.progress.Missing"),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False, comment="whose rules were applied"),
        sa.CheckConstraint("done <= required", name=op.f("ck_summaries_done_within_required")),
        sa.CheckConstraint("percent between 0 and 100", name=op.f("ck_summaries_percent_is_one")),
        sa.CheckConstraint("score is null or score between 0 and 100", name=op.f("ck_summaries_score_is_percent")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_summaries_enrollment_id_enrollments")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_summaries_person_id_people")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_summaries_revision_id_revisions")),
        sa.PrimaryKeyConstraint("enrollment_id", name=op.f("pk_summaries")),
    )
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_summaries_course_id_last_activity_at", ["course_id", "last_activity_at", "enrollment_id"], unique=False
        )
        batch_op.create_index(
            "ix_summaries_person_id_course_id_latest", ["person_id", "course_id", "latest"], unique=False
        )

    op.create_table(
        "drafts",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="0-based, in the draw"),
        sa.Column("response", sa.JSON(), nullable=False, comment="one entry for each part, null where unanswered"),
        sa.Column("sequence", sa.BigInteger(), nullable=False, comment="the browser's clock in milliseconds, or above"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_drafts_attempt_id_attempts")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_drafts")),
    )
    op.create_table(
        "responses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="0-based: in the draw, or on the path"),
        sa.Column(
            "item_id", sa.String(length=80), nullable=False, comment="question, or scene in which the choice was made"
        ),
        sa.Column(
            "response",
            sa.JSON(),
            nullable=False,
            comment="quiz: one entry for each part; scenario: place of the choice",
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_responses_position_counts")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_responses_attempt_id_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_responses_attempt_id_position")),
    )
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("possible", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True, comment="NULL: the program"),
        sa.Column(
            "detail",
            sa.JSON(),
            nullable=False,
            comment="the marker's levels by part and criterion; {} where the program marked",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points is null or points between 0 and possible", name=op.f("ck_outcomes_points_in_range")),
        sa.CheckConstraint("possible > 0", name=op.f("ck_outcomes_something_is_possible")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_outcomes_by_id_people")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_outcomes_response_id_responses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcomes_response_id"), ["response_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcomes_response_id"))

    op.drop_table("outcomes")
    op.drop_table("responses")
    op.drop_table("drafts")
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.drop_index("ix_summaries_person_id_course_id_latest")
        batch_op.drop_index("ix_summaries_course_id_last_activity_at")

    op.drop_table("summaries")
    op.drop_table("library_head")
    op.drop_table("lessons_read")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempts_open_free",
            sqlite_where=sa.text("finished_at is null and enrollment_id is null"),
            postgresql_where=sa.text("finished_at is null and enrollment_id is null"),
        )
        batch_op.drop_index(
            "uq_attempts_open",
            sqlite_where=sa.text("finished_at is null and enrollment_id is not null"),
            postgresql_where=sa.text("finished_at is null and enrollment_id is not null"),
        )
        batch_op.drop_index(batch_op.f("ix_attempts_person_id"))

    op.drop_table("attempts")
    op.drop_table("working_copies")
    with op.batch_alter_table("team_managers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_managers_person_id"))

    op.drop_table("team_managers")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_person_id"))

    op.drop_table("sign_ins")
    op.drop_table("revisions")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_unsent", sqlite_where=sa.text("sent_at is null"), postgresql_where=sa.text("sent_at is null")
        )

    op.drop_table("outbox")
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_links_person_id"))

    op.drop_table("one_time_links")
    op.drop_table("enrollments")
    op.drop_table("audit")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_team_id"))
        batch_op.drop_index("ix_people_sort_key_id")

    op.drop_table("people")
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_teams_parent_id"))

    op.drop_table("teams")
    op.drop_table("blobs")
