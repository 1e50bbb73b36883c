"""The dialog of a child's account takes a telephone too."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account_opening", sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("account_opening", sa.Column("phone_confirmed_at", sa.DateTime(timezone=True), nullable=True))
