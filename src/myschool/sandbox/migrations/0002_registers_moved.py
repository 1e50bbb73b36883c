"""The registers have a schema of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The registers' first revision has fetched what stood here."""
    op.execute("DELETE FROM agenda_item WHERE kind LIKE 'registries.%'")
    op.execute("DELETE FROM agenda_key WHERE key LIKE 'registries:%'")
    op.drop_table("registry_refusal")
    op.drop_index(
        "registry_question_waiting_idx", table_name="registry_question", postgresql_where=sa.text("answered_at IS NULL")
    )
    op.drop_table("registry_question")
    op.drop_table("registry_entry")


def downgrade() -> None:
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
        sa.Column("pushes", sa.Integer(), nullable=False),
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
