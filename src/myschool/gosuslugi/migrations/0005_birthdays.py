"""Birthdays of children: when the next one is due, which are settled, and the region by whose clocks they begin."""

import sqlalchemy as sa
from alembic import op

from myschool.kit import clock

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("region", sa.String(length=2), nullable=True))
    op.add_column("child", sa.Column("birthday_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "child_birthday_at_idx",
        "child",
        ["birthday_at"],
        unique=False,
        postgresql_where=sa.text("birthday_at IS NOT NULL"),
    )
    op.create_table(
        "child_birthday",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("milestone", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("child_birthday_child_id_fkey")),
        sa.PrimaryKeyConstraint("child_id", "milestone", name=op.f("child_birthday_pkey")),
    )
    # Birth dates are sealed here: the worker looks at every child that is there and plans it.
    op.get_bind().execute(sa.text("UPDATE child SET birthday_at = :now"), {"now": clock.now()})


def downgrade() -> None:
    op.drop_table("child_birthday")
    op.drop_index("child_birthday_at_idx", table_name="child")
    op.drop_column("child", "birthday_at")
    op.drop_column("person", "region")
