"""Guardianship for life: deadlines, rest, delegation, evidence, protection; a password that must be renewed."""

import json
from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from myschool.kit import clock

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING_LIFE = timedelta(days=90)


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("snils_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("snils_index", sa.LargeBinary(), nullable=False),
        sa.Column("rights", sa.String(length=100), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["guardianship.id"], name=op.f("delegation_from_id_fkey")),
        sa.ForeignKeyConstraint(["made_id"], ["guardianship.id"], name=op.f("delegation_made_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("delegation_pkey")),
    )
    op.create_index(
        "delegation_from_snils_key",
        "delegation",
        ["from_id", "snils_index"],
        unique=True,
        postgresql_where=sa.text("state = 'invited'"),
    )
    op.create_index(
        "delegation_snils_idx",
        "delegation",
        ["snils_index"],
        unique=False,
        postgresql_where=sa.text("state = 'invited'"),
    )
    op.create_table(
        "guardianship_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guardianship_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardianship_id"], ["guardianship.id"], name=op.f("guardianship_evidence_guardianship_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("guardianship_evidence_pkey")),
    )
    op.create_index("guardianship_evidence_guardianship_id_idx", "guardianship_evidence", ["guardianship_id"])
    op.add_column("child", sa.Column("protected_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("guardianship", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("guardianship", sa.Column("suspended_for", sa.String(length=20), nullable=True))
    op.add_column("guardianship", sa.Column("delegated_from", sa.Uuid(), nullable=True))
    op.add_column("guardianship", sa.Column("protected_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("guardianship_delegated_from_fkey"), "guardianship", "guardianship", ["delegated_from"], ["id"]
    )
    op.create_index(
        "guardianship_delegated_from_idx",
        "guardianship",
        ["delegated_from"],
        unique=False,
        postgresql_where=sa.text("delegated_from IS NOT NULL"),
    )
    op.add_column("password", sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True))
    _give_deadlines()


def _give_deadlines() -> None:
    """What waited without a day until which gets one, and the timer that watches it."""
    now = clock.now()
    due = now + WAITING_LIFE
    connection = op.get_bind()
    waiting = connection.execute(
        sa.text(
            "UPDATE guardianship SET due_at = :due WHERE state IN ('claimed', 'mismatch', 'review', 'suspended') "
            "RETURNING id"
        ),
        {"due": due},
    )
    for row in waiting.all():
        payload = {"event": "family.guardianship_due", "guardianship_id": str(row.id), "at": due.isoformat()}
        connection.execute(
            sa.text(
                "INSERT INTO agenda_item (id, kind, payload, due_at, free_at, created_at) "
                "VALUES (:id, 'family.guardianship_due', :payload, :due, :due, :now)"
            ),
            {"id": uuid4(), "payload": json.dumps(payload), "due": due, "now": now},
        )


def downgrade() -> None:
    op.drop_column("password", "locked_at")
    op.drop_index("guardianship_delegated_from_idx", table_name="guardianship")
    op.drop_constraint(op.f("guardianship_delegated_from_fkey"), "guardianship", type_="foreignkey")
    for column in ("protected_at", "delegated_from", "suspended_for", "due_at"):
        op.drop_column("guardianship", column)
    op.drop_column("child", "protected_at")
    op.drop_table("guardianship_evidence")
    op.drop_table("delegation")
