"""A child's account can be deleted, after some days in which either parent may think better of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "account_deletion",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("guardianship_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardianship_id"], ["guardianship.id"], name=op.f("account_deletion_guardianship_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("account_deletion_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("account_deletion_pkey")),
    )
