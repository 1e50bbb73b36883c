"""Table `proposal`."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    Uuid,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.centre.proposal_model import Content, Matter, Proposal, ProposalState
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

CONTENT = "proposal.content"
COMMENT = "proposal.comment"

proposal = Table(
    "proposal",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("guardianship_id", ForeignKey("guardianship.id"), nullable=False),
    Column("number", String(9), nullable=False),
    Column("matter", String(30), nullable=False),
    Column("clerk_id", ForeignKey("person.id"), nullable=False),
    Column("centre", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided_by", ForeignKey("person.id")),
    Column("decided_at", DateTime(timezone=True)),
    Column("content_sealed", LargeBinary, nullable=False, info={"sealed": CONTENT}),
    Column("comment_sealed", LargeBinary, info={"sealed": COMMENT}),
    # A form pressed twice, or two clerks at once, make one proposal about one application.
    Index("proposal_waiting_key", "guardianship_id", unique=True, postgresql_where=text("state = 'waiting'")),
    Index("proposal_centre_idx", "centre", "state", "due_at"),
)


async def add(tx: Tx, vault: Vault, made: Proposal) -> bool:
    """False, and nothing is written, when another one about this application waits."""
    row = insert(proposal).values(
        id=made.id,
        guardianship_id=made.guardianship_id,
        number=made.number,
        matter=made.matter,
        clerk_id=made.clerk_id,
        centre=made.centre,
        at=made.at,
        due_at=made.due_at,
        ends_at=made.ends_at,
        state=made.state,
        content_sealed=vault.seal(msgspec.json.encode(made.content).decode(), place=CONTENT),
    )
    return (await tx.execute(row.on_conflict_do_nothing().returning(proposal.c.id))).first() is not None


async def load(tx: Tx, vault: Vault, proposal_id: UUID, *, for_update: bool = False) -> Proposal | None:
    query = select(proposal).where(proposal.c.id == proposal_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return _proposal(vault, row) if row is not None else None


async def waiting_for(tx: Tx, vault: Vault, guardianship_id: UUID) -> Proposal | None:
    c = proposal.c
    query = select(proposal).where(c.guardianship_id == guardianship_id, c.state == ProposalState.WAITING)
    row = (await tx.execute(query)).one_or_none()
    return _proposal(vault, row) if row is not None else None


async def waiting(tx: Tx, vault: Vault, centre: str) -> list[Proposal]:
    """Whose day comes first stands first."""
    c = proposal.c
    query = select(proposal).where(c.centre == centre, c.state == ProposalState.WAITING).order_by(c.due_at, c.id)
    return [_proposal(vault, row) for row in await tx.execute(query)]


async def numbers(tx: Tx, now: datetime) -> dict[str, tuple[int, int]]:
    """By centre: how many wait, how many of them too long."""
    c = proposal.c
    late = func.count().filter(c.due_at <= now)
    query = select(c.centre, func.count(), late).where(c.state == ProposalState.WAITING).group_by(c.centre)
    return {centre: (waits, too_long) for centre, waits, too_long in await tx.execute(query)}


async def close(
    tx: Tx, vault: Vault, proposal_id: UUID, state: ProposalState, by: UUID | None, comment: str, now: datetime
) -> None:
    sealed = vault.seal(comment, place=COMMENT) if comment else None
    values: dict[str, Any] = {"state": state, "decided_by": by, "decided_at": now, "comment_sealed": sealed}
    await tx.execute(update(proposal).where(proposal.c.id == proposal_id).values(values))


def _proposal(vault: Vault, row: Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        guardianship_id=row.guardianship_id,
        number=row.number,
        matter=Matter(row.matter),
        clerk_id=row.clerk_id,
        centre=row.centre,
        at=row.at,
        due_at=row.due_at,
        ends_at=row.ends_at,
        state=ProposalState(row.state),
        content=msgspec.json.decode(vault.open(row.content_sealed, place=CONTENT), type=Content),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
