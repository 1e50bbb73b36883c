"""Tables `house_operator` and `operating_numbers`."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.operating.numbers import Numbers
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx

house_operator = Table(
    "house_operator",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("appointed_at", DateTime(timezone=True), nullable=False),
    Column("dismissed_at", DateTime(timezone=True)),
)

# One row: counting a million checks takes longer than a page may, so the page shows what was counted last.
operating_numbers = Table(
    "operating_numbers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
)
THE_ROW = 1

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Numbers)


async def appoint(tx: Tx, person_id: UUID, now: datetime) -> bool:
    """False when this person was ever appointed, also when dismissed since."""
    row = insert(house_operator).values(person_id=person_id, appointed_at=now, dismissed_at=None)
    fresh = row.on_conflict_do_nothing().returning(house_operator.c.person_id)
    return (await tx.execute(fresh)).one_or_none() is not None


async def dismiss(tx: Tx, person_id: UUID, now: datetime) -> bool:
    """False when there was no such operator."""
    c = house_operator.c
    held = (c.person_id == person_id) & c.dismissed_at.is_(None)
    return (await tx.execute(update(house_operator).where(held).values(dismissed_at=now))).rowcount > 0


async def is_operator(tx: Tx, person_id: UUID) -> bool:
    c = house_operator.c
    query = select(c.person_id).where(c.person_id == person_id, c.dismissed_at.is_(None))
    return (await tx.execute(query)).one_or_none() is not None


async def keep(tx: Tx, numbers: Numbers) -> None:
    content = _encoder.encode(numbers).decode()
    row = insert(operating_numbers).values(id=THE_ROW, content=content)
    await tx.execute(row.on_conflict_do_update(index_elements=["id"], set_={"content": content}))


async def kept(tx: Tx) -> Numbers | None:
    content = (await tx.execute(select(operating_numbers.c.content))).scalar_one_or_none()
    return _decoder.decode(content) if content is not None else None
