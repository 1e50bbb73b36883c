"""A confirmed check keeps in which fields the record differs, where it does not matter."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registry_check", sa.Column("forgiven", sa.String(length=400), server_default="", nullable=False))
