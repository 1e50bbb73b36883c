"""A parent came with an application about a child: opened by its number, compared with papers, decided."""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.family.actions import look, papers
from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.model import Guardianship, Paper, PaperDecision, RefusalReason
from myschool.gosuslugi.people import actions as people
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault


async def find(tx: Tx, vault: Vault, clerk: Clerk, number: str) -> Entry | None:
    """The application is opened, which its owner can read in the journal."""
    row = await papers.open_application(tx, vault, number)
    if row is None:
        return None
    facts = {"centre": clerk.centre, "number": row.number}
    chain = people.chain_of(row.guardian_id)
    await journal.write(tx, chain, "application:opened_by_clerk", actor=clerk.actor, facts=facts)
    return await look.entry_of(tx, vault, row)


async def opened(tx: Tx, vault: Vault, guardianship_id: UUID) -> Entry | None:
    """One that the clerk opened before."""
    row = await papers.application(tx, vault, guardianship_id)
    return await look.entry_of(tx, vault, row) if row is not None else None


async def approve(
    tx: Tx,
    vault: Vault,
    clerk: Clerk,
    guardianship_id: UUID,
    seen: frozenset[Paper],
    note: str,
    now: datetime,
    *,
    child_under: int,
) -> Guardianship:
    """Raises what `family.actions.papers.decide` raises."""
    decision = PaperDecision(guardianship_id, clerk.person_id, seen, note, now)
    return await papers.decide(tx, vault, decision, now, child_under=child_under)


async def refuse(
    tx: Tx, vault: Vault, clerk: Clerk, guardianship_id: UUID, reason: RefusalReason, note: str, now: datetime
) -> Guardianship:
    """As `approve`."""
    decision = PaperDecision(guardianship_id, clerk.person_id, frozenset(), note, now, reason)
    return await papers.decide(tx, vault, decision, now)
