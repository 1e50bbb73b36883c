"""A birth is found by its act record too. Records held before are filed so when they are entered again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registry_entry", sa.Column("act_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("registry_entry", sa.Column("act_index", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_registry_entry_act_index"), "registry_entry", ["act_index"])
