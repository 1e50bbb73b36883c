"""Table `clerk`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx

clerk = Table(
    "clerk",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("centre", Text, nullable=False),
    Column("appointed_at", DateTime(timezone=True), nullable=False),
    Column("dismissed_at", DateTime(timezone=True)),
)


async def find(tx: Tx, person_id: UUID) -> Clerk | None:
    """Who works there now."""
    c = clerk.c
    query = select(c.person_id, c.centre).where(c.person_id == person_id, c.dismissed_at.is_(None))
    row = (await tx.execute(query)).one_or_none()
    return Clerk(row.person_id, row.centre) if row is not None else None


async def put(tx: Tx, appointed: Clerk, now: datetime) -> None:
    values = {"centre": appointed.centre, "appointed_at": now, "dismissed_at": None}
    row = insert(clerk).values(person_id=appointed.person_id, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=values))


async def dismiss(tx: Tx, person_id: UUID, now: datetime) -> None:
    await tx.execute(update(clerk).where(clerk.c.person_id == person_id).values(dismissed_at=now))


async def places(tx: Tx) -> list[str]:
    query = select(clerk.c.centre).where(clerk.c.dismissed_at.is_(None)).distinct().order_by(clerk.c.centre)
    return list((await tx.execute(query)).scalars())


async def colleagues(tx: Tx, at_desk: Clerk) -> list[Clerk]:
    """Others who work at the same centre now."""
    c = clerk.c
    query = select(c.person_id, c.centre).where(
        c.centre == at_desk.centre, c.person_id != at_desk.person_id, c.dismissed_at.is_(None)
    )
    return [Clerk(row.person_id, row.centre) for row in await tx.execute(query.order_by(c.person_id))]
