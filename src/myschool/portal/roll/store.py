"""Who administers which school, and appointments that wait for their person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Index, LargeBinary, Table, Text, Uuid, func, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.numbers import Ogrn, Snils
from myschool.portal.tables import metadata

PLACE = "appointment.snils"

administrator = Table(
    "administrator",
    metadata,
    Column("school", Text, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("appointed_by", Text, nullable=False),
    Column("appointed_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Index("administrator_person_id_idx", "person_id"),
)

appointment = Table(
    "appointment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("school", Text, nullable=False),
    Column("snils_sealed", LargeBinary, nullable=False, info={"sealed": PLACE}),
    Column("snils_index", LargeBinary, nullable=False, info={"index_of": "snils_sealed", "place": PLACE}),
    Column("appointed_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("taken_at", DateTime(timezone=True)),
    Index("appointment_snils_index_idx", "snils_index"),
    Index("appointment_waiting_key", "school", "snils_index", unique=True, postgresql_where="taken_at IS NULL"),
)


async def save_appointment(tx: Tx, vault: Vault, school: Ogrn, snils: Snils, by: str, now: datetime) -> bool:
    """False when the same appointment waits already."""
    row = {
        "id": new_id(),
        "school": school.digits,
        "snils_sealed": vault.seal(snils.digits, place=PLACE),
        "snils_index": vault.index(snils.digits, place=PLACE),
        "appointed_by": by,
        "created_at": now,
    }
    saved = insert(appointment).values(row).on_conflict_do_nothing().returning(appointment.c.id)
    return (await tx.execute(saved)).one_or_none() is not None


async def was_appointed(tx: Tx, vault: Vault, school: Ogrn, snils: Snils) -> bool:
    c = appointment.c
    indexes = vault.indexes(snils.digits, place=PLACE)
    query = select(c.id).where(c.school == school.digits, c.snils_index.in_(indexes)).limit(1)
    return (await tx.execute(query)).one_or_none() is not None


async def take_appointments(tx: Tx, vault: Vault, snils: Snils, now: datetime) -> Sequence[tuple[Ogrn, str]]:
    """Marks what waits for this СНИЛС as taken: school and who appointed."""
    c = appointment.c
    waiting = c.snils_index.in_(vault.indexes(snils.digits, place=PLACE)) & c.taken_at.is_(None)
    rows = await tx.execute(update(appointment).where(waiting).values(taken_at=now).returning(c.school, c.appointed_by))
    return [(Ogrn.parse(row.school), row.appointed_by) for row in rows]


async def save_administrator(tx: Tx, school: Ogrn, person_id: UUID, by: str, now: datetime) -> None:
    row = {"school": school.digits, "person_id": person_id, "appointed_by": by, "appointed_at": now, "ended_at": None}
    await tx.execute(
        insert(administrator).values(row).on_conflict_do_update(index_elements=["school", "person_id"], set_=row)
    )


async def end_administrator(tx: Tx, school: Ogrn, person_id: UUID, now: datetime) -> bool:
    c = administrator.c
    held = (c.school == school.digits) & (c.person_id == person_id) & c.ended_at.is_(None)
    return (await tx.execute(update(administrator).where(held).values(ended_at=now))).rowcount == 1


async def schools_of(tx: Tx, person_id: UUID) -> list[Ogrn]:
    c = administrator.c
    query = select(c.school).where(c.person_id == person_id, c.ended_at.is_(None)).order_by(c.school)
    return [Ogrn.parse(row.school) for row in await tx.execute(query)]


async def administrators_of(tx: Tx, school: Ogrn) -> list[UUID]:
    c = administrator.c
    query = select(c.person_id).where(c.school == school.digits, c.ended_at.is_(None)).order_by(c.appointed_at)
    return list((await tx.execute(query)).scalars())


async def count_for_update(tx: Tx, school: Ogrn) -> int:
    """How many administrators the school has; their rows stay locked until the transaction ends."""
    c = administrator.c
    locked = select(c.person_id).where(c.school == school.digits, c.ended_at.is_(None)).with_for_update()
    return (await tx.execute(select(func.count()).select_from(locked.subquery()))).scalar_one()
