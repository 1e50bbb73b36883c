"""A first password that was handed over on a paper is changed until a day."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("password", sa.Column("handed_until", sa.DateTime(timezone=True), nullable=True))
