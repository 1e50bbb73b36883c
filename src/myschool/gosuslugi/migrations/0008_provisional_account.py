"""Provisional accounts of children, while the register decides."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provisional_account",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("guardianship_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardianship_id"],
            ["guardianship.id"],
            name=op.f("provisional_account_guardianship_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("provisional_account_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("provisional_account_pkey")),
    )
    op.create_index(
        "provisional_account_living_key",
        "provisional_account",
        ["guardianship_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
