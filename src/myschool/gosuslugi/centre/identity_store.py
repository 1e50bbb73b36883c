"""Table `identity_decision`."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, DateTime, ForeignKey, Index, LargeBinary, Row, Table, Text, Uuid, insert, select

from myschool.gosuslugi.centre.identity_model import IdentityDecision, Outcome, Reason
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

EVIDENCE = "identity_decision.evidence"

identity_decision = Table(
    "identity_decision",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("clerk_id", ForeignKey("person.id"), nullable=False),
    Column("centre", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    # What the clerk read and ticked, word for word.
    Column("evidence_sealed", LargeBinary, nullable=False, info={"sealed": EVIDENCE}),
    Index("identity_decision_person_id_idx", "person_id"),
    Index("identity_decision_clerk_id_idx", "clerk_id", "decided_at"),
)


async def add(tx: Tx, vault: Vault, decision: IdentityDecision, evidence: dict[str, str]) -> None:
    await tx.execute(
        insert(identity_decision).values(
            id=decision.id,
            person_id=decision.person_id,
            clerk_id=decision.clerk_id,
            centre=decision.centre,
            decided_at=decision.decided_at,
            outcome=decision.outcome,
            reason=decision.reason,
            evidence_sealed=vault.seal(msgspec.json.encode(evidence).decode(), place=EVIDENCE),
        )
    )


async def evidence_of(tx: Tx, vault: Vault, decision_id: UUID) -> dict[str, str]:
    c = identity_decision.c
    sealed = (await tx.execute(select(c.evidence_sealed).where(c.id == decision_id))).scalar_one()
    return msgspec.json.decode(vault.open(sealed, place=EVIDENCE), type=dict[str, str])


async def of_person(tx: Tx, person_id: UUID) -> list[IdentityDecision]:
    """The newest first."""
    c = identity_decision.c
    rows = await tx.execute(_select().where(c.person_id == person_id).order_by(c.decided_at.desc()))
    return [_decision(row) for row in rows]


async def of_clerk(tx: Tx, clerk_id: UUID, *, limit: int) -> list[IdentityDecision]:
    """The newest first."""
    c = identity_decision.c
    rows = await tx.execute(_select().where(c.clerk_id == clerk_id).order_by(c.decided_at.desc()).limit(limit))
    return [_decision(row) for row in rows]


def _select() -> Any:
    c = identity_decision.c
    return select(c.id, c.person_id, c.clerk_id, c.centre, c.decided_at, c.outcome, c.reason)


def _decision(row: Row[Any]) -> IdentityDecision:
    reason = Reason(row.reason) if row.reason else None
    outcome = Outcome(row.outcome)
    return IdentityDecision(row.id, row.person_id, row.clerk_id, row.centre, row.decided_at, outcome, reason)
