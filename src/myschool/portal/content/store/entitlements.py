"""What pupils hold: entitlements, launches, and the ledger of who received what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, Date, DateTime, ForeignKey, Index, Row, Table, Text, Uuid, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.portal.content.model import (
    Channel,
    Claim,
    Entitlement,
    EntitlementState,
    Launch,
    LedgerEntry,
    Why,
)
from myschool.portal.tables import metadata

entitlement = Table(
    "entitlement",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("platform_id", Uuid, ForeignKey("learning_platform.id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("why", Text),
    Column("until", Date),
    Column("agreed", ARRAY(Text), nullable=False),
    Column("activated_by", Uuid),
    Column("activated_at", DateTime(timezone=True)),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

launch = Table(
    "launch",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("platform_id", Uuid, ForeignKey("learning_platform.id"), nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("arrived_at", DateTime(timezone=True)),
    Index("launch_under_way_idx", "person_id", "platform_id", postgresql_where="arrived_at IS NULL"),
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("platform_id", Uuid, ForeignKey("learning_platform.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("channel", Text, nullable=False),
    Column("claims", ARRAY(Text), nullable=False),
    Index("ledger_entry_person_id_idx", "person_id", "at"),
)


# -- entitlements ------------------------------------------------------------------------------------------------------


async def held_by(tx: Tx, person_id: UUID, *, for_update: bool = False) -> dict[UUID, Entitlement]:
    """By platform. Rows are locked in the order of their key, so two who settle the same pupil follow each other."""
    query = select(entitlement).where(entitlement.c.person_id == person_id).order_by(entitlement.c.platform_id)
    rows = await tx.execute(query.with_for_update() if for_update else query)
    return {row.platform_id: _entitlement(row) for row in rows}


async def held(tx: Tx, person_id: UUID, platform_id: UUID) -> Entitlement:
    """What is stored, or a fresh one that is unavailable."""
    c = entitlement.c
    query = select(entitlement).where(c.person_id == person_id, c.platform_id == platform_id)
    row = (await tx.execute(query)).one_or_none()
    return Entitlement(person_id, platform_id) if row is None else _entitlement(row)


async def hold_for_update(tx: Tx, person_id: UUID, platform_id: UUID, now: datetime) -> Entitlement:
    """The row, made when there was none, locked until the transaction ends."""
    await add_missing(tx, person_id, [platform_id], now)
    c = entitlement.c
    query = select(entitlement).where(c.person_id == person_id, c.platform_id == platform_id)
    return _entitlement((await tx.execute(query.with_for_update())).one())


async def add_missing(tx: Tx, person_id: UUID, platform_ids: Iterable[UUID], now: datetime) -> None:
    rows = [
        {"person_id": person_id, "platform_id": one, "state": EntitlementState.UNAVAILABLE, "agreed": []}
        for one in sorted(platform_ids)
    ]
    if rows:
        fresh = insert(entitlement).values([{**row, "changed_at": now} for row in rows])
        await tx.execute(fresh.on_conflict_do_nothing())


async def save_entitlement(tx: Tx, changed: Entitlement, now: datetime) -> None:
    c = entitlement.c
    row = update(entitlement).where(c.person_id == changed.person_id, c.platform_id == changed.platform_id)
    await tx.execute(
        row.values(
            state=changed.state,
            why=changed.why,
            until=changed.until,
            agreed=sorted(changed.agreed),
            activated_by=changed.activated_by,
            activated_at=changed.activated_at,
            changed_at=now,
        )
    )


def _entitlement(row: Row[Any]) -> Entitlement:
    return Entitlement(
        row.person_id,
        row.platform_id,
        EntitlementState(row.state),
        Why(row.why) if row.why else None,
        row.until,
        frozenset(Claim(word) for word in row.agreed),
        row.activated_by,
        row.activated_at,
    )


# -- launches ----------------------------------------------------------------------------------------------------------


async def add_launch(tx: Tx, begun: Launch) -> None:
    await tx.execute(
        insert(launch).values(
            id=begun.id, person_id=begun.person_id, platform_id=begun.platform_id, begun_at=begun.begun_at
        )
    )


async def load_launch(tx: Tx, launch_id: UUID) -> Launch | None:
    row = (await tx.execute(select(launch).where(launch.c.id == launch_id))).one_or_none()
    return None if row is None else Launch(*row)


async def arrive(tx: Tx, person_id: UUID, platform_id: UUID, now: datetime) -> None:
    """Every launch of the pupil that was under way has arrived."""
    c = launch.c
    under_way = (c.person_id == person_id) & (c.platform_id == platform_id) & c.arrived_at.is_(None)
    await tx.execute(update(launch).where(under_way).values(arrived_at=now))


# -- the ledger --------------------------------------------------------------------------------------------------------


async def add_entry(tx: Tx, entry: LedgerEntry) -> None:
    await tx.execute(
        insert(ledger_entry).values(
            id=entry.id,
            person_id=entry.person_id,
            platform_id=entry.platform_id,
            at=entry.at,
            channel=entry.channel,
            claims=sorted(entry.claims),
        )
    )


async def entries_of(tx: Tx, person_id: UUID, *, limit: int, offset: int) -> list[LedgerEntry]:
    """Newest first."""
    c = ledger_entry.c
    query = select(ledger_entry).where(c.person_id == person_id).order_by(c.at.desc(), c.id.desc())
    rows = await tx.execute(query.limit(limit).offset(offset))
    return [
        LedgerEntry(
            row.id,
            row.person_id,
            row.platform_id,
            row.at,
            Channel(row.channel),
            frozenset(Claim(word) for word in row.claims),
        )
        for row in rows
    ]
