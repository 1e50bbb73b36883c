"""The foundation: every table this house begins with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("trace", sa.Text(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("agenda_item_pkey")),
        sa.UniqueConstraint("key", name=op.f("agenda_item_key_key")),
    )
    op.create_index(
        "agenda_item_dead_idx", "agenda_item", ["failed_at"], unique=False, postgresql_where=sa.text("state = 'dead'")
    )
    op.create_index(
        "agenda_item_free_idx", "agenda_item", ["free_at"], unique=False, postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "agenda_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("agenda_key_pkey")),
    )
    op.create_index(
        "agenda_key_done_idx", "agenda_key", ["done_at"], unique=False, postgresql_where=sa.text("done_at IS NOT NULL")
    )
    op.create_table(
        "journal_entry",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("journal_entry_pkey")),
    )
    op.create_table(
        "journal_head",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("journal_head_pkey")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("letter_pkey")),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("private_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_jwk", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("signing_key_pkey")),
    )
    op.create_index(
        "signing_key_use_state_key",
        "signing_key",
        ["use", "state"],
        unique=True,
        postgresql_where=sa.text("state IN ('current', 'next')"),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("throttle_pkey")),
    )
    op.create_index("throttle_ends_at_idx", "throttle", ["ends_at"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("contents", sa.LargeBinary(), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("web_session_pkey")),
    )
    op.create_index("web_session_ends_at_idx", "web_session", ["ends_at"], unique=False)
    op.create_index("web_session_person_id_idx", "web_session", ["person_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("snils_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("snils_index", sa.LargeBinary(), nullable=False),
        sa.Column("appointed_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("appointment_pkey")),
    )
    op.create_index("appointment_snils_index_idx", "appointment", ["snils_index"], unique=False)
    op.create_index(
        "appointment_waiting_key",
        "appointment",
        ["school", "snils_index"],
        unique=True,
        postgresql_where="taken_at IS NULL",
    )
    op.create_table(
        "learning_platform",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("subjects", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_grade", sa.SmallInteger(), nullable=False),
        sa.Column("last_grade", sa.SmallInteger(), nullable=False),
        sa.Column("free_until", sa.Date(), nullable=True),
        sa.Column("claims", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("redirect_uris", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("initiate_login_uri", sa.Text(), nullable=True),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("learning_platform_pkey")),
        sa.UniqueConstraint("client_id", name=op.f("learning_platform_client_id_key")),
        sa.UniqueConstraint("slug", name=op.f("learning_platform_slug_key")),
    )
    op.create_table(
        "missing_school",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settlement", sa.Text(), nullable=False),
        sa.Column("region_code", sa.String(length=2), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("school", sa.String(length=13), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("missing_school_pkey")),
        sa.UniqueConstraint("number", name=op.f("missing_school_number_key")),
        sa.UniqueConstraint("once", name=op.f("missing_school_once_key")),
    )
    op.create_index("missing_school_answered_at_idx", "missing_school", ["answered_at"], unique=False)
    op.create_index(
        "missing_school_open_idx", "missing_school", ["created_at"], unique=False, postgresql_where="state = 'open'"
    )
    op.create_table(
        "oidc_secret",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("oidc_secret_pkey")),
    )
    op.create_table(
        "operator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("snils_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("snils_index", sa.LargeBinary(), nullable=False),
        sa.Column("appointed_by", sa.Text(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("operator_pkey")),
        sa.UniqueConstraint("snils_index", name=op.f("operator_snils_index_key")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("oid", sa.BigInteger(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("patronymic", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("snils_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("snils_index", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
        sa.UniqueConstraint("oid", name=op.f("person_oid_key")),
    )
    op.create_index("person_snils_index_idx", "person", ["snils_index"], unique=False)
    op.create_table(
        "school",
        sa.Column("ogrn", sa.String(length=13), nullable=False),
        sa.Column("inn", sa.String(length=12), nullable=True),
        sa.Column("kpp", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("other_names", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region_code", sa.String(length=2), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("settlement", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("successor", sa.String(length=13), nullable=True),
        sa.Column("is_connected", sa.Boolean(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ogrn", name=op.f("school_pkey")),
    )
    op.create_index("school_inn_idx", "school", ["inn"], unique=False)
    op.create_index("school_region_idx", "school", ["region_code", "municipality"], unique=False)
    op.create_index("school_version_idx", "school", ["version"], unique=False)
    op.create_table(
        "school_directory",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("image_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("school_directory_pkey")),
    )
    op.create_table(
        "school_history",
        sa.Column("ogrn", sa.String(length=13), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("ogrn", "version", name=op.f("school_history_pkey")),
    )
    op.create_index("school_history_import_idx", "school_history", ["import_id"], unique=False)
    op.create_table(
        "school_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("school_import_pkey")),
    )
    op.create_index("school_import_register_idx", "school_import", ["register", "version"], unique=False)
    op.create_table(
        "school_index_part",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("version", "part", name=op.f("school_index_part_pkey")),
    )
    op.create_table(
        "administrator",
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("appointed_by", sa.Text(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("administrator_person_id_fkey")),
        sa.PrimaryKeyConstraint("school", "person_id", name=op.f("administrator_pkey")),
    )
    op.create_index("administrator_person_id_idx", "administrator", ["person_id"], unique=False)
    op.create_table(
        "code_redemption",
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("code_redemption_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["learning_platform.id"], name=op.f("code_redemption_platform_id_fkey")
        ),
        sa.PrimaryKeyConstraint("jti", name=op.f("code_redemption_pkey")),
    )
    op.create_index("code_redemption_expires_at_idx", "code_redemption", ["expires_at"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("consent_given_by_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("consent_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("consent_pkey")),
    )
    op.create_index(
        "consent_standing_key", "consent", ["person_id"], unique=True, postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.create_table(
        "entitlement",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("agreed", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("activated_by", sa.Uuid(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("entitlement_person_id_fkey")),
        sa.ForeignKeyConstraint(["platform_id"], ["learning_platform.id"], name=op.f("entitlement_platform_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", "platform_id", name=op.f("entitlement_pkey")),
    )
    op.create_table(
        "esia_child",
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("esia_id", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("patronymic", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("snils_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guardian_id"], ["person.id"], name=op.f("esia_child_guardian_id_fkey")),
        sa.PrimaryKeyConstraint("guardian_id", "esia_id", name=op.f("esia_child_pkey")),
    )
    op.create_table(
        "join_draft",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("join_draft_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("join_draft_pkey")),
    )
    op.create_table(
        "join_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("join_request_filed_by_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("join_request_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("join_request_pkey")),
        sa.UniqueConstraint("number", name=op.f("join_request_number_key")),
        sa.UniqueConstraint("once", name=op.f("join_request_once_key")),
    )
    op.create_index("join_request_decided_idx", "join_request", ["school", "decided_at"], unique=False)
    op.create_index("join_request_filed_by_idx", "join_request", ["filed_by", "submitted_at"], unique=False)
    op.create_index(
        "join_request_open_key",
        "join_request",
        ["person_id", "school"],
        unique=True,
        postgresql_where="state IN ('submitted', 'in_review', 'needs_information')",
    )
    op.create_index("join_request_person_id_idx", "join_request", ["person_id", "submitted_at"], unique=False)
    op.create_index(
        "join_request_queue_idx",
        "join_request",
        ["school", "submitted_at"],
        unique=False,
        postgresql_where="state IN ('submitted', 'in_review', 'needs_information')",
    )
    op.create_table(
        "launch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("launch_person_id_fkey")),
        sa.ForeignKeyConstraint(["platform_id"], ["learning_platform.id"], name=op.f("launch_platform_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("launch_pkey")),
    )
    op.create_index(
        "launch_under_way_idx",
        "launch",
        ["person_id", "platform_id"],
        unique=False,
        postgresql_where="arrived_at IS NULL",
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("claims", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("ledger_entry_person_id_fkey")),
        sa.ForeignKeyConstraint(["platform_id"], ["learning_platform.id"], name=op.f("ledger_entry_platform_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("ledger_entry_pkey")),
    )
    op.create_index("ledger_entry_person_id_idx", "ledger_entry", ["person_id", "at"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("membership_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("membership_pkey")),
    )
    op.create_index(
        "membership_active_key", "membership", ["person_id"], unique=True, postgresql_where="state = 'active'"
    )
    op.create_index(
        "membership_school_idx",
        "membership",
        ["school", "grade", "letter"],
        unique=False,
        postgresql_where="state = 'active'",
    )
    op.create_table(
        "profile",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("profile_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", "profile", name=op.f("profile_pkey")),
    )


def downgrade() -> None:
    op.drop_table("profile")
    op.drop_index("membership_school_idx", table_name="membership", postgresql_where="state = 'active'")
    op.drop_index("membership_active_key", table_name="membership", postgresql_where="state = 'active'")
    op.drop_table("membership")
    op.drop_index("ledger_entry_person_id_idx", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index("launch_under_way_idx", table_name="launch", postgresql_where="arrived_at IS NULL")
    op.drop_table("launch")
    op.drop_index(
        "join_request_queue_idx",
        table_name="join_request",
        postgresql_where="state IN ('submitted', 'in_review', 'needs_information')",
    )
    op.drop_index("join_request_person_id_idx", table_name="join_request")
    op.drop_index(
        "join_request_open_key",
        table_name="join_request",
        postgresql_where="state IN ('submitted', 'in_review', 'needs_information')",
    )
    op.drop_index("join_request_filed_by_idx", table_name="join_request")
    op.drop_index("join_request_decided_idx", table_name="join_request")
    op.drop_table("join_request")
    op.drop_table("join_draft")
    op.drop_table("esia_child")
    op.drop_table("entitlement")
    op.drop_index("consent_standing_key", table_name="consent", postgresql_where=sa.text("withdrawn_at IS NULL"))
    op.drop_table("consent")
    op.drop_index("code_redemption_expires_at_idx", table_name="code_redemption")
    op.drop_table("code_redemption")
    op.drop_index("administrator_person_id_idx", table_name="administrator")
    op.drop_table("administrator")
    op.drop_table("school_index_part")
    op.drop_index("school_import_register_idx", table_name="school_import")
    op.drop_table("school_import")
    op.drop_index("school_history_import_idx", table_name="school_history")
    op.drop_table("school_history")
    op.drop_table("school_directory")
    op.drop_index("school_version_idx", table_name="school")
    op.drop_index("school_region_idx", table_name="school")
    op.drop_index("school_inn_idx", table_name="school")
    op.drop_table("school")
    op.drop_index("person_snils_index_idx", table_name="person")
    op.drop_table("person")
    op.drop_table("operator")
    op.drop_table("oidc_secret")
    op.drop_index("missing_school_open_idx", table_name="missing_school", postgresql_where="state = 'open'")
    op.drop_index("missing_school_answered_at_idx", table_name="missing_school")
    op.drop_table("missing_school")
    op.drop_table("learning_platform")
    op.drop_index("appointment_waiting_key", table_name="appointment", postgresql_where="taken_at IS NULL")
    op.drop_index("appointment_snils_index_idx", table_name="appointment")
    op.drop_table("appointment")
    op.drop_index("web_session_person_id_idx", table_name="web_session")
    op.drop_index("web_session_ends_at_idx", table_name="web_session")
    op.drop_table("web_session")
    op.drop_index("throttle_ends_at_idx", table_name="throttle")
    op.drop_table("throttle")
    op.drop_index(
        "signing_key_use_state_key", table_name="signing_key", postgresql_where=sa.text("state IN ('current', 'next')")
    )
    op.drop_table("signing_key")
    op.drop_table("letter")
    op.drop_table("journal_head")
    op.drop_table("journal_entry")
    op.drop_index("agenda_key_done_idx", table_name="agenda_key", postgresql_where=sa.text("done_at IS NOT NULL"))
    op.drop_table("agenda_key")
    op.drop_index("agenda_item_free_idx", table_name="agenda_item", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index("agenda_item_dead_idx", table_name="agenda_item", postgresql_where=sa.text("state = 'dead'"))
    op.drop_table("agenda_item")
