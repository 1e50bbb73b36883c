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
        "authorize_request",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("authorize_request_pkey")),
    )
    op.create_index("authorize_request_ends_at_idx", "authorize_request", ["ends_at"], unique=False)
    op.create_table(
        "code_redemption",
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("mnemonic", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reused_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("jti", name=op.f("code_redemption_pkey")),
    )
    op.create_index("code_redemption_expires_at_idx", "code_redemption", ["expires_at"], unique=False)
    op.create_index("code_redemption_session_idx", "code_redemption", ["session", "mnemonic"], unique=False)
    op.create_table(
        "information_system",
        sa.Column("mnemonic", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("home_url", sa.Text(), nullable=False),
        sa.Column("redirect_uris", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("logout_urls", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("org_scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("for_children", sa.Boolean(), nullable=False),
        sa.Column("demands_pkce", sa.Boolean(), nullable=False),
        sa.Column("clock_tolerance_s", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mnemonic", name=op.f("information_system_pkey")),
    )
    op.create_table(
        "one_time_code",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_left", sa.SmallInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("purpose", "subject_id", name=op.f("one_time_code_pkey")),
    )
    op.create_index("one_time_code_ends_at_idx", "one_time_code", ["ends_at"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("oid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ogrn", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("oid", name=op.f("organisation_pkey")),
        sa.UniqueConstraint("ogrn", name=op.f("organisation_ogrn_key")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("oid", sa.BigInteger(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("patronymic", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("snils_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("snils_index", sa.LargeBinary(), nullable=True),
        sa.Column("birthplace_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("citizenship", sa.String(length=3), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("level_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
        sa.UniqueConstraint("oid", name=op.f("person_oid_key")),
        sa.UniqueConstraint("snils_index", name=op.f("person_snils_index_key")),
    )
    op.create_table(
        "registry_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("claim_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("claim_index", sa.LargeBinary(), nullable=False),
        sa.Column("differing", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=100), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("registry_check_pkey")),
        sa.UniqueConstraint("subject_id", "kind", "revision", name="registry_check_revision_key"),
    )
    op.create_index("registry_check_state_idx", "registry_check", ["state", "since"], unique=False)
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mnemonic", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("access_grant_given_by_fkey")),
        sa.ForeignKeyConstraint(["mnemonic"], ["information_system.mnemonic"], name=op.f("access_grant_mnemonic_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("access_grant_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("access_grant_pkey")),
    )
    op.create_index(
        "access_grant_live_key",
        "access_grant",
        ["person_id", "mnemonic"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "child",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("card_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("snils_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("snils_index", sa.LargeBinary(), nullable=False),
        sa.Column("certificate_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("certificate_index", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("child_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("child_pkey")),
        sa.UniqueConstraint("certificate_index", name=op.f("child_certificate_index_key")),
        sa.UniqueConstraint("person_id", name=op.f("child_person_id_key")),
        sa.UniqueConstraint("snils_index", name=op.f("child_snils_index_key")),
    )
    op.create_table(
        "clerk",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("clerk_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("clerk_pkey")),
    )
    op.create_table(
        "consent_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_for", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mnemonic", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("return_path", sa.Text(), nullable=False),
        sa.Column("leads_to", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mnemonic"], ["information_system.mnemonic"], name=op.f("consent_question_mnemonic_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("consent_question_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("consent_question_pkey")),
        sa.UniqueConstraint("asked_for", "person_id", name=op.f("consent_question_asked_for_person_id_key")),
    )
    op.create_index("consent_question_ends_at_idx", "consent_question", ["ends_at"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("value_index", sa.LargeBinary(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("contact_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("contact_pkey")),
        sa.UniqueConstraint("value_index", name=op.f("contact_value_index_key")),
    )
    op.create_index("contact_person_id_idx", "contact", ["person_id"], unique=False)
    op.create_table(
        "contact_pending",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("contact_pending_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("contact_pending_pkey")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_by", sa.Text(), nullable=True),
        sa.Column("department_code", sa.String(length=6), nullable=True),
        sa.Column("act_date", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("document_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("document_pkey")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("document_person_id_kind_key")),
    )
    op.create_table(
        "identity_claim",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("draft_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snils_taken", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("identity_claim_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("identity_claim_pkey")),
    )
    op.create_table(
        "identity_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("evidence_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clerk_id"], ["person.id"], name=op.f("identity_decision_clerk_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("identity_decision_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("identity_decision_pkey")),
    )
    op.create_index("identity_decision_clerk_id_idx", "identity_decision", ["clerk_id", "decided_at"], unique=False)
    op.create_index("identity_decision_person_id_idx", "identity_decision", ["person_id"], unique=False)
    op.create_table(
        "organisation_role",
        sa.Column("organisation_oid", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("chief", sa.Boolean(), nullable=False),
        sa.Column("admin", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_oid"], ["organisation.oid"], name=op.f("organisation_role_organisation_oid_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("organisation_role_person_id_fkey")),
        sa.PrimaryKeyConstraint("organisation_oid", "person_id", name=op.f("organisation_role_pkey")),
    )
    op.create_index("organisation_role_person_id_idx", "organisation_role", ["person_id"], unique=False)
    op.create_table(
        "password",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("password_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("password_pkey")),
    )
    op.create_table(
        "provider_refusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mnemonic", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mnemonic"], ["information_system.mnemonic"], name=op.f("provider_refusal_mnemonic_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("provider_refusal_pkey")),
    )
    op.create_index("provider_refusal_mnemonic_at_idx", "provider_refusal", ["mnemonic", "at"], unique=False)
    op.create_table(
        "registry_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("evidence_index", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["registry_check.id"], name=op.f("registry_answer_check_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("registry_answer_pkey")),
        sa.UniqueConstraint("check_id", "outcome", "evidence_index", name="registry_answer_once_key"),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("sign_in_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_in_pkey")),
    )
    op.create_index("sign_in_person_id_at_idx", "sign_in", ["person_id", "at"], unique=False)
    op.create_table(
        "system_certificate",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("mnemonic", sa.Text(), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mnemonic"], ["information_system.mnemonic"], name=op.f("system_certificate_mnemonic_fkey")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("system_certificate_pkey")),
    )
    op.create_index("system_certificate_mnemonic_idx", "system_certificate", ["mnemonic"], unique=False)
    op.create_table(
        "consent_code",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["guardian_id"], ["person.id"], name=op.f("consent_code_guardian_id_fkey")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["consent_question.id"], name=op.f("consent_code_question_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "guardian_id", name=op.f("consent_code_pkey")),
    )
    op.create_table(
        "guardianship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=9), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=True),
        sa.Column("rights", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.Column("refusal", sa.String(length=20), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("snils_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("snils_index", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("guardianship_child_id_fkey")),
        sa.ForeignKeyConstraint(["guardian_id"], ["person.id"], name=op.f("guardianship_guardian_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("guardianship_pkey")),
        sa.UniqueConstraint("number", name=op.f("guardianship_number_key")),
    )
    op.create_index("guardianship_child_id_idx", "guardianship", ["child_id"], unique=False)
    op.create_index(
        "guardianship_guardian_child_key",
        "guardianship",
        ["guardian_id", "snils_index"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('ended', 'refused')"),
    )
    op.create_table(
        "account_opening",
        sa.Column("guardianship_id", sa.Uuid(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardianship_id"], ["guardianship.id"], name=op.f("account_opening_guardianship_id_fkey")
        ),
        sa.PrimaryKeyConstraint("guardianship_id", name=op.f("account_opening_pkey")),
    )
    op.create_table(
        "child_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("guardianship_id", sa.Uuid(), nullable=True),
        sa.Column("typed_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_as", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["guardian_id"], ["person.id"], name=op.f("child_draft_guardian_id_fkey")),
        sa.ForeignKeyConstraint(
            ["guardianship_id"], ["guardianship.id"], name=op.f("child_draft_guardianship_id_fkey")
        ),
        sa.ForeignKeyConstraint(["sent_as"], ["guardianship.id"], name=op.f("child_draft_sent_as_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("child_draft_pkey")),
    )
    op.create_index("child_draft_guardian_id_idx", "child_draft", ["guardian_id"], unique=False)
    op.create_table(
        "guardianship_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guardianship_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardianship_id"], ["guardianship.id"], name=op.f("guardianship_step_guardianship_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("guardianship_step_pkey")),
    )
    op.create_index(
        "guardianship_step_guardianship_id_idx", "guardianship_step", ["guardianship_id", "id"], unique=False
    )
    op.create_table(
        "paper_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guardianship_id", sa.Uuid(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("refusal", sa.String(length=20), nullable=True),
        sa.Column("papers", sa.String(length=200), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clerk_id"], ["person.id"], name=op.f("paper_decision_clerk_id_fkey")),
        sa.ForeignKeyConstraint(
            ["guardianship_id"], ["guardianship.id"], name=op.f("paper_decision_guardianship_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("paper_decision_pkey")),
    )
    op.create_index("paper_decision_guardianship_id_idx", "paper_decision", ["guardianship_id"], unique=False)


def downgrade() -> None:
    op.drop_index("paper_decision_guardianship_id_idx", table_name="paper_decision")
    op.drop_table("paper_decision")
    op.drop_index("guardianship_step_guardianship_id_idx", table_name="guardianship_step")
    op.drop_table("guardianship_step")
    op.drop_index("child_draft_guardian_id_idx", table_name="child_draft")
    op.drop_table("child_draft")
    op.drop_table("account_opening")
    op.drop_index(
        "guardianship_guardian_child_key",
        table_name="guardianship",
        postgresql_where=sa.text("state NOT IN ('ended', 'refused')"),
    )
    op.drop_index("guardianship_child_id_idx", table_name="guardianship")
    op.drop_table("guardianship")
    op.drop_table("consent_code")
    op.drop_index("system_certificate_mnemonic_idx", table_name="system_certificate")
    op.drop_table("system_certificate")
    op.drop_index("sign_in_person_id_at_idx", table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_table("registry_answer")
    op.drop_index("provider_refusal_mnemonic_at_idx", table_name="provider_refusal")
    op.drop_table("provider_refusal")
    op.drop_table("password")
    op.drop_index("organisation_role_person_id_idx", table_name="organisation_role")
    op.drop_table("organisation_role")
    op.drop_index("identity_decision_person_id_idx", table_name="identity_decision")
    op.drop_index("identity_decision_clerk_id_idx", table_name="identity_decision")
    op.drop_table("identity_decision")
    op.drop_table("identity_claim")
    op.drop_table("document")
    op.drop_table("contact_pending")
    op.drop_index("contact_person_id_idx", table_name="contact")
    op.drop_table("contact")
    op.drop_index("consent_question_ends_at_idx", table_name="consent_question")
    op.drop_table("consent_question")
    op.drop_table("clerk")
    op.drop_table("child")
    op.drop_index("access_grant_live_key", table_name="access_grant", postgresql_where=sa.text("withdrawn_at IS NULL"))
    op.drop_table("access_grant")
    op.drop_index("registry_check_state_idx", table_name="registry_check")
    op.drop_table("registry_check")
    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_index("one_time_code_ends_at_idx", table_name="one_time_code")
    op.drop_table("one_time_code")
    op.drop_table("information_system")
    op.drop_index("code_redemption_session_idx", table_name="code_redemption")
    op.drop_index("code_redemption_expires_at_idx", table_name="code_redemption")
    op.drop_table("code_redemption")
    op.drop_index("authorize_request_ends_at_idx", table_name="authorize_request")
    op.drop_table("authorize_request")
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
