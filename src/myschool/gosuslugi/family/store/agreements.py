"""SQL of agreements: what pupils said to parents who want their account attached."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Index, Row, String, Table, select
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.family.agreement_model import Agreement, AgreementState
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx

agreement = Table(
    "agreement",
    metadata,
    Column("guardianship_id", ForeignKey("guardianship.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Index("agreement_person_id_idx", "person_id"),
)


async def save(tx: Tx, row: Agreement) -> None:
    values = {
        "person_id": row.person_id,
        "state": row.state,
        "since": row.since,
        "due_at": row.due_at,
    }
    upsert = insert(agreement).values(guardianship_id=row.guardianship_id, **values)
    await tx.execute(upsert.on_conflict_do_update(index_elements=["guardianship_id"], set_=values))


async def load(tx: Tx, guardianship_id: UUID) -> Agreement | None:
    """Locked until the transaction ends."""
    query = select(agreement).where(agreement.c.guardianship_id == guardianship_id).with_for_update()
    row = (await tx.execute(query)).one_or_none()
    return _agreement(row) if row is not None else None


async def of_guardianships(tx: Tx, guardianship_ids: Sequence[UUID]) -> dict[UUID, Agreement]:
    if not guardianship_ids:
        return {}
    rows = await tx.execute(select(agreement).where(agreement.c.guardianship_id.in_(guardianship_ids)))
    return {row.guardianship_id: _agreement(row) for row in rows}


async def of_person(tx: Tx, person_id: UUID) -> list[Agreement]:
    """Everything that was asked of this pupil, the newest first."""
    query = select(agreement).where(agreement.c.person_id == person_id).order_by(agreement.c.since.desc())
    return [_agreement(row) for row in await tx.execute(query)]


def _agreement(row: Row[Any]) -> Agreement:
    return Agreement(row.guardianship_id, row.person_id, AgreementState(row.state), row.since, row.due_at)
