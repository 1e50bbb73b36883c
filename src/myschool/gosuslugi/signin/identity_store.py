"""Table `identity_claim`: what a citizen said of the own papers; what was sent stays as it was sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.signin.identity_model import Said
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

DRAFT = "identity_claim.draft"
SENT = "identity_claim.sent"

identity_claim = Table(
    "identity_claim",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("draft_sealed", LargeBinary, nullable=False, info={"sealed": DRAFT}),
    Column("sent_sealed", LargeBinary, info={"sealed": SENT}),
    Column("sent_at", DateTime(timezone=True)),
    Column("snils_taken", Boolean, nullable=False),
)


@dataclass(frozen=True)
class Claim:
    draft: Said
    sent: Said | None
    sent_at: datetime | None
    snils_taken: bool


async def find(tx: Tx, vault: Vault, person_id: UUID, *, for_update: bool = False) -> Claim | None:
    query = select(identity_claim).where(identity_claim.c.person_id == person_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    if row is None:
        return None
    sent = _open(vault, row.sent_sealed, SENT) if row.sent_sealed is not None else None
    return Claim(_open(vault, row.draft_sealed, DRAFT), sent, row.sent_at, row.snils_taken)


async def save_draft(tx: Tx, vault: Vault, person_id: UUID, draft: Said) -> None:
    sealed = _seal(vault, draft, DRAFT)
    row = insert(identity_claim).values(person_id=person_id, draft_sealed=sealed, snils_taken=False)
    await tx.execute(row.on_conflict_do_update(index_elements=["person_id"], set_={"draft_sealed": sealed}))


async def mark_sent(tx: Tx, vault: Vault, person_id: UUID, sent: Said, now: datetime) -> None:
    values = {"sent_sealed": _seal(vault, sent, SENT), "sent_at": now, "snils_taken": False}
    await tx.execute(update(identity_claim).where(identity_claim.c.person_id == person_id).values(values))


async def mark_snils_taken(tx: Tx, person_id: UUID) -> None:
    await tx.execute(update(identity_claim).where(identity_claim.c.person_id == person_id).values(snils_taken=True))


def _seal(vault: Vault, said: Said, place: str) -> bytes:
    return vault.seal(msgspec.json.encode(said).decode(), place=place)


def _open(vault: Vault, sealed: bytes, place: str) -> Said:
    return msgspec.json.decode(vault.open(sealed, place=place), type=Said)
