"""A pupil with an own account agrees that a parent has it attached."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("guardianship_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guardianship_id"], ["guardianship.id"], name=op.f("agreement_guardianship_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("agreement_person_id_fkey")),
        sa.PrimaryKeyConstraint("guardianship_id", name=op.f("agreement_pkey")),
    )
    op.create_index("agreement_person_id_idx", "agreement", ["person_id"], unique=False)
