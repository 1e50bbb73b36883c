"""The foundation of the registers' own schema; what they had in the sandbox's comes along."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The registers were tables of the sandbox before. In another database than the sandbox's nothing is found, and the
# register begins with what the cast gives it; open questions it does not know are asked again by whoever asked.
FETCHED = (
    (
        "INSERT INTO registry_entry SELECT id, kind, document_sealed, document_index, record_sealed, fate, about"
        " FROM sandbox.registry_entry"
    ),
    (
        "INSERT INTO registry_question SELECT id, request_id, kind, claim_sealed, callback_url, accepted_at, due_at,"
        " CASE WHEN pushes > 1 THEN 'plain plain' ELSE 'plain' END, answered_at, evidence"
        " FROM sandbox.registry_question"
    ),
    "INSERT INTO registry_refusal SELECT request_id, count FROM sandbox.registry_refusal",
    "INSERT INTO agenda_item SELECT * FROM sandbox.agenda_item WHERE kind = 'registries.answer_due'",
    # A push that was owed waits in the asker's queue now.
    (
        "INSERT INTO registry_delivery SELECT id, (payload::json->>'question_id')::uuid, 'plain', due_at, 0"
        " FROM sandbox.agenda_item WHERE kind = 'registries.push_due'"
    ),
    "INSERT INTO agenda_key SELECT * FROM sandbox.agenda_key WHERE key LIKE 'registries:%'",
)


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
        "registry_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("document_index", sa.LargeBinary(), nullable=False),
        sa.Column("record_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("registry_entry_pkey")),
        sa.UniqueConstraint("document_index", name=op.f("registry_entry_document_index_key")),
    )
    op.create_table(
        "registry_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("claim_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("callback_url", sa.Text(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("manners", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("registry_question_pkey")),
        sa.UniqueConstraint("request_id", name=op.f("registry_question_request_id_key")),
    )
    op.create_index(
        "registry_question_waiting_idx",
        "registry_question",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "registry_refusal",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("registry_refusal_pkey")),
    )
    op.create_table(
        "registry_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("manner", sa.Text(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["registry_question.id"], name=op.f("registry_delivery_question_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("registry_delivery_pkey")),
    )
    op.create_index("registry_delivery_free_idx", "registry_delivery", ["free_at"], unique=False)
    op.create_table(
        "registry_condition",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("away_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("per_minute", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("registry_condition_pkey")),
    )
    found = op.get_bind().execute(sa.text("SELECT to_regclass('sandbox.registry_question')")).scalar()
    if found is not None:
        for statement in FETCHED:
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("registry_condition")
    op.drop_index("registry_delivery_free_idx", table_name="registry_delivery")
    op.drop_table("registry_delivery")
    op.drop_table("registry_refusal")
    op.drop_index(
        "registry_question_waiting_idx", table_name="registry_question", postgresql_where=sa.text("answered_at IS NULL")
    )
    op.drop_table("registry_question")
    op.drop_table("registry_entry")
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
