"""SQL of invitations to represent a child, and of the papers on which guardianships rest."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    Uuid,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.family.delegation_model import Delegation, DelegationState, Evidence, EvidenceKind
from myschool.gosuslugi.family.model import Right
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault

SNILS = "delegation.snils"
EVIDENCE_NUMBER = "guardianship_evidence.number"
EVIDENCE_ISSUER = "guardianship_evidence.issued_by"

delegation = Table(
    "delegation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("from_id", ForeignKey("guardianship.id"), nullable=False),
    Column("snils_sealed", LargeBinary, nullable=False, info={"sealed": SNILS}),
    Column("snils_index", LargeBinary, nullable=False, info={"index_of": "snils_sealed", "place": SNILS}),
    Column("rights", String(100), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("state", String(20), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("made_id", ForeignKey("guardianship.id")),
    # A button pressed twice makes one invitation.
    Index(
        "delegation_from_snils_key",
        "from_id",
        "snils_index",
        unique=True,
        postgresql_where=text("state = 'invited'"),
    ),
    Index("delegation_snils_idx", "snils_index", postgresql_where=text("state = 'invited'")),
)

guardianship_evidence = Table(
    "guardianship_evidence",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("guardianship_id", ForeignKey("guardianship.id"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("number_sealed", LargeBinary, nullable=False, info={"sealed": EVIDENCE_NUMBER}),
    Column("issued_on", Date),
    Column("issued_by_sealed", LargeBinary, nullable=False, info={"sealed": EVIDENCE_ISSUER}),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", Text, nullable=False),
    Index("guardianship_evidence_guardianship_id_idx", "guardianship_id"),
)


# -- invitations -------------------------------------------------------------------------------------------------------


async def add(tx: Tx, vault: Vault, row: Delegation) -> bool:
    """False, and nothing is written, when an invitation from this guardianship to this СНИЛС waits."""
    values = {
        "id": row.id,
        "from_id": row.from_id,
        "snils_sealed": vault.seal(row.snils_digits, place=SNILS),
        "snils_index": vault.index(row.snils_digits, place=SNILS),
        "rights": " ".join(sorted(row.rights)),
        "ends_at": row.ends_at,
        "expires_at": row.expires_at,
        "state": row.state,
        "since": row.since,
    }
    added = insert(delegation).values(values).on_conflict_do_nothing().returning(delegation.c.id)
    return (await tx.execute(added)).first() is not None


async def save(tx: Tx, row: Delegation) -> None:
    values = {"state": row.state, "since": row.since, "made_id": row.made_id}
    await tx.execute(update(delegation).where(delegation.c.id == row.id).values(values))


async def withdraw_all(tx: Tx, guardianship_ids: Sequence[UUID], now: datetime) -> None:
    """The invitations of these guardianships that wait for an answer are taken back."""
    waiting = update(delegation).where(
        delegation.c.from_id.in_(guardianship_ids), delegation.c.state == DelegationState.INVITED
    )
    await tx.execute(waiting.values(state=DelegationState.WITHDRAWN, since=now))


async def load(tx: Tx, vault: Vault, delegation_id: UUID, *, for_update: bool = False) -> Delegation | None:
    query = select(delegation).where(delegation.c.id == delegation_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return _delegation(vault, row) if row is not None else None


async def of_guardianship(tx: Tx, vault: Vault, guardianship_id: UUID) -> list[Delegation]:
    """All that were ever sent, the newest first."""
    c = delegation.c
    rows = await tx.execute(select(delegation).where(c.from_id == guardianship_id).order_by(c.id.desc()))
    return [_delegation(vault, row) for row in rows]


async def waiting_for(tx: Tx, vault: Vault, snils_digits: str) -> list[Delegation]:
    """Invitations that this person may answer, the oldest first."""
    c = delegation.c
    query = select(delegation).where(
        c.snils_index.in_(vault.indexes(snils_digits, place=SNILS)), c.state == DelegationState.INVITED
    )
    return [_delegation(vault, row) for row in await tx.execute(query.order_by(c.id))]


def _delegation(vault: Vault, row: Row[Any]) -> Delegation:
    return Delegation(
        id=row.id,
        from_id=row.from_id,
        snils_digits=vault.open(row.snils_sealed, place=SNILS),
        rights=frozenset(Right(word) for word in row.rights.split()),
        ends_at=row.ends_at,
        expires_at=row.expires_at,
        state=DelegationState(row.state),
        since=row.since,
        made_id=row.made_id,
    )


# -- evidence ----------------------------------------------------------------------------------------------------------


async def add_evidence(tx: Tx, vault: Vault, evidence: Evidence) -> None:
    await tx.execute(
        insert(guardianship_evidence).values(
            id=new_id(),
            guardianship_id=evidence.guardianship_id,
            kind=evidence.kind,
            number_sealed=vault.seal(evidence.number, place=EVIDENCE_NUMBER),
            issued_on=evidence.issued_on,
            issued_by_sealed=vault.seal(evidence.issued_by, place=EVIDENCE_ISSUER),
            added_at=evidence.added_at,
            added_by=evidence.added_by,
        )
    )


async def evidence_of(tx: Tx, vault: Vault, guardianship_id: UUID) -> list[Evidence]:
    """The oldest first."""
    c = guardianship_evidence.c
    query = select(guardianship_evidence).where(c.guardianship_id == guardianship_id).order_by(c.id)
    return [_evidence(vault, row) for row in await tx.execute(query)]


def _evidence(vault: Vault, row: Row[Any]) -> Evidence:
    return Evidence(
        guardianship_id=row.guardianship_id,
        kind=EvidenceKind(row.kind),
        number=vault.open(row.number_sealed, place=EVIDENCE_NUMBER),
        issued_on=row.issued_on,
        issued_by=vault.open(row.issued_by_sealed, place=EVIDENCE_ISSUER),
        added_at=row.added_at,
        added_by=row.added_by,
    )
