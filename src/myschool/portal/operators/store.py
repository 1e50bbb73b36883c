"""Who was appointed operator."""

from datetime import datetime

from sqlalchemy import Column, DateTime, LargeBinary, Table, Text, Uuid, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.numbers import Snils
from myschool.portal.tables import metadata

PLACE = "operator.snils"

operator = Table(
    "operator",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("snils_sealed", LargeBinary, nullable=False, info={"sealed": PLACE}),
    Column("snils_index", LargeBinary, nullable=False, unique=True, info={"index_of": "snils_sealed", "place": PLACE}),
    Column("appointed_by", Text, nullable=False),
    Column("appointed_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)


async def save(tx: Tx, vault: Vault, snils: Snils, by: str, now: datetime) -> bool:
    """False when this СНИЛС was appointed before."""
    row = {
        "id": new_id(),
        "snils_sealed": vault.seal(snils.digits, place=PLACE),
        "snils_index": vault.index(snils.digits, place=PLACE),
        "appointed_by": by,
        "appointed_at": now,
        "ended_at": None,
    }
    saved = insert(operator).values(row).on_conflict_do_nothing().returning(operator.c.id)
    return (await tx.execute(saved)).one_or_none() is not None


async def is_operator(tx: Tx, vault: Vault, snils: Snils) -> bool:
    c = operator.c
    query = select(c.id).where(c.snils_index.in_(vault.indexes(snils.digits, place=PLACE)), c.ended_at.is_(None))
    return (await tx.execute(query.limit(1))).one_or_none() is not None


async def end(tx: Tx, vault: Vault, snils: Snils, now: datetime) -> bool:
    """False when he was none."""
    c = operator.c
    held = c.snils_index.in_(vault.indexes(snils.digits, place=PLACE)) & c.ended_at.is_(None)
    return (await tx.execute(update(operator).where(held).values(ended_at=now))).rowcount > 0
