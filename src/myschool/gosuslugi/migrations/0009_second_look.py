"""Two clerks for guardians and courts, papers without a date."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guardianship_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=9), nullable=False),
        sa.Column("matter", sa.String(length=30), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("comment_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["clerk_id"], ["person.id"], name=op.f("proposal_clerk_id_fkey")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("proposal_decided_by_fkey")),
        sa.ForeignKeyConstraint(["guardianship_id"], ["guardianship.id"], name=op.f("proposal_guardianship_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("proposal_pkey")),
    )
    op.create_index(
        "proposal_waiting_key",
        "proposal",
        ["guardianship_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("proposal_centre_idx", "proposal", ["centre", "state", "due_at"])
    op.add_column("guardianship", sa.Column("second_look_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("paper_decision", sa.Column("confirmed_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("paper_decision_confirmed_by_fkey"), "paper_decision", "person", ["confirmed_by"], ["id"]
    )
    op.alter_column("guardianship_evidence", "issued_on", nullable=True)


def downgrade() -> None:
    op.drop_constraint(op.f("paper_decision_confirmed_by_fkey"), "paper_decision", type_="foreignkey")
    op.drop_column("paper_decision", "confirmed_by")
    op.drop_column("guardianship", "second_look_until")
    op.drop_table("proposal")
