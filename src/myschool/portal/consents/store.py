"""Table of consents. A person has one that stands: the partial unique index judges."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Index, Table, Text, Uuid, select, text, update
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.portal.consents.model import Consent
from myschool.portal.tables import metadata

consent = Table(
    "consent",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("given_by", Uuid, ForeignKey("person.id"), nullable=False),
    Column("version", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", Uuid),
    Index("consent_standing_key", "person_id", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
)


async def add(tx: Tx, given: Consent) -> bool:
    """False when one stands already."""
    fresh = insert(consent).values(
        id=given.id,
        person_id=given.person_id,
        given_by=given.given_by,
        version=given.version,
        given_at=given.given_at,
    )
    return (await tx.execute(fresh.on_conflict_do_nothing().returning(consent.c.id))).first() is not None


async def standing(tx: Tx, person_ids: Collection[UUID]) -> dict[UUID, Consent]:
    c = consent.c
    query = select(c.id, c.person_id, c.given_by, c.version, c.given_at)
    rows = await tx.execute(query.where(c.person_id.in_(person_ids), c.withdrawn_at.is_(None)))
    return {row.person_id: Consent(*row) for row in rows}


async def end(tx: Tx, person_id: UUID, by: UUID, now: datetime) -> bool:
    c = consent.c
    ended = update(consent).where(c.person_id == person_id, c.withdrawn_at.is_(None))
    return (await tx.execute(ended.values(withdrawn_at=now, withdrawn_by=by).returning(c.id))).first() is not None
