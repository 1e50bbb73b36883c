"""SQL of what is under way: cards being typed, and accounts being opened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, DateTime, ForeignKey, Index, LargeBinary, Row, Table, Uuid, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.family.model import Draft, Opening
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

TYPED = "child_draft.typed"
EMAIL = "account_opening.email"
PHONE = "account_opening.phone"

child_draft = Table(
    "child_draft",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("guardian_id", ForeignKey("person.id"), nullable=False),
    Column("guardianship_id", ForeignKey("guardianship.id")),
    # Erased when the draft is sent: the card has it then.
    Column("typed_sealed", LargeBinary, info={"sealed": TYPED}),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("sent_as", ForeignKey("guardianship.id")),
    Index("child_draft_guardian_id_idx", "guardian_id"),
)

account_opening = Table(
    "account_opening",
    metadata,
    Column("guardianship_id", ForeignKey("guardianship.id"), primary_key=True),
    Column("email_sealed", LargeBinary, nullable=False, info={"sealed": EMAIL}),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("phone_sealed", LargeBinary, info={"sealed": PHONE}),
    Column("phone_confirmed_at", DateTime(timezone=True)),
)


async def add(tx: Tx, vault: Vault, draft: Draft) -> None:
    """Nothing happens when the id is there already."""
    row = {
        "id": draft.id,
        "guardian_id": draft.guardian_id,
        "guardianship_id": draft.guardianship_id,
        "typed_sealed": _sealed(vault, draft.typed),
        "updated_at": draft.updated_at,
    }
    await tx.execute(insert(child_draft).values(row).on_conflict_do_nothing())


async def save(tx: Tx, vault: Vault, draft: Draft) -> None:
    values = {"typed_sealed": _sealed(vault, draft.typed), "updated_at": draft.updated_at}
    await tx.execute(update(child_draft).where(child_draft.c.id == draft.id).values(values))


async def mark_sent(tx: Tx, draft_id: UUID, guardianship_id: UUID, now: datetime) -> None:
    values = {"sent_as": guardianship_id, "typed_sealed": None, "updated_at": now}
    await tx.execute(update(child_draft).where(child_draft.c.id == draft_id).values(values))


async def load(tx: Tx, vault: Vault, draft_id: UUID, *, for_update: bool = False) -> Draft | None:
    query = select(child_draft).where(child_draft.c.id == draft_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return _draft(vault, row) if row is not None else None


async def waiting(tx: Tx, vault: Vault, guardian_id: UUID) -> list[Draft]:
    """Not yet sent, the oldest first."""
    c = child_draft.c
    query = select(child_draft).where(c.guardian_id == guardian_id, c.sent_as.is_(None)).order_by(c.id)
    return [_draft(vault, row) for row in await tx.execute(query)]


async def drop(tx: Tx, draft_id: UUID) -> None:
    await tx.execute(delete(child_draft).where(child_draft.c.id == draft_id, child_draft.c.sent_as.is_(None)))


def _sealed(vault: Vault, typed: dict[str, str]) -> bytes:
    return vault.seal(msgspec.json.encode(typed).decode(), place=TYPED)


def _draft(vault: Vault, row: Row[Any]) -> Draft:
    typed: dict[str, str] = {}
    if row.typed_sealed is not None:
        typed = msgspec.json.decode(vault.open(row.typed_sealed, place=TYPED), type=dict[str, str])
    return Draft(row.id, row.guardian_id, typed, row.updated_at, row.guardianship_id, row.sent_as)


async def put_opening(tx: Tx, vault: Vault, opening: Opening) -> None:
    row = {
        "guardianship_id": opening.guardianship_id,
        "email_sealed": vault.seal(opening.email, place=EMAIL),
        "confirmed_at": opening.confirmed_at,
        "phone_sealed": vault.seal(opening.phone, place=PHONE) if opening.phone else None,
        "phone_confirmed_at": opening.phone_confirmed_at,
    }
    await tx.execute(
        insert(account_opening).values(row).on_conflict_do_update(index_elements=["guardianship_id"], set_=row)
    )


async def load_opening(tx: Tx, vault: Vault, guardianship_id: UUID) -> Opening | None:
    query = select(account_opening).where(account_opening.c.guardianship_id == guardianship_id)
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    return Opening(
        row.guardianship_id,
        vault.open(row.email_sealed, place=EMAIL),
        row.confirmed_at,
        vault.open(row.phone_sealed, place=PHONE) if row.phone_sealed else None,
        row.phone_confirmed_at,
    )


async def drop_opening(tx: Tx, guardianship_id: UUID) -> None:
    await tx.execute(delete(account_opening).where(account_opening.c.guardianship_id == guardianship_id))


async def drop_corrections(tx: Tx, guardianship_id: UUID) -> None:
    """What was being typed to correct this card."""
    c = child_draft.c
    await tx.execute(delete(child_draft).where(c.guardianship_id == guardianship_id, c.sent_as.is_(None)))


async def drop_under_way(tx: Tx, guardianship_ids: Sequence[UUID]) -> None:
    """Accounts being opened and corrections being typed of these cards."""
    c = child_draft.c
    await tx.execute(delete(account_opening).where(account_opening.c.guardianship_id.in_(guardianship_ids)))
    await tx.execute(delete(child_draft).where(c.guardianship_id.in_(guardianship_ids), c.sent_as.is_(None)))
