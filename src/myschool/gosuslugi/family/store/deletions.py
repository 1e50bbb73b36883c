"""SQL of children's accounts that wait to be deleted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Row, Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.family.model import Child, Deletion
from myschool.gosuslugi.family.store.guardianships import child, guardianship
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx

account_deletion = Table(
    "account_deletion",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("guardianship_id", ForeignKey("guardianship.id"), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
)


async def add(tx: Tx, row: Deletion) -> bool:
    """False, and nothing is written, when one waits already."""
    values = {
        "person_id": row.person_id,
        "guardianship_id": row.guardianship_id,
        "asked_at": row.asked_at,
        "due_at": row.due_at,
    }
    added = insert(account_deletion).values(values).on_conflict_do_nothing().returning(account_deletion.c.person_id)
    return (await tx.execute(added)).first() is not None


async def find(tx: Tx, person_id: UUID) -> Deletion | None:
    """Locked until the transaction ends."""
    query = select(account_deletion).where(account_deletion.c.person_id == person_id).with_for_update()
    row = (await tx.execute(query)).one_or_none()
    return _deletion(row) if row is not None else None


async def of_persons(tx: Tx, person_ids: Sequence[UUID]) -> dict[UUID, Deletion]:
    if not person_ids:
        return {}
    rows = await tx.execute(select(account_deletion).where(account_deletion.c.person_id.in_(person_ids)))
    return {row.person_id: _deletion(row) for row in rows}


async def drop(tx: Tx, person_id: UUID) -> None:
    await tx.execute(delete(account_deletion).where(account_deletion.c.person_id == person_id))


async def detach_all(tx: Tx, settled: Child) -> None:
    """The child has no account any more, and nobody has it attached."""
    await tx.execute(update(guardianship).where(guardianship.c.child_id == settled.id).values(attached_at=None))
    await tx.execute(update(child).where(child.c.id == settled.id).values(person_id=None))


def _deletion(row: Row[Any]) -> Deletion:
    return Deletion(row.person_id, row.guardianship_id, row.asked_at, row.due_at)
