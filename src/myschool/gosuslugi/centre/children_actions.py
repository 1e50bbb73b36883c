"""A parent came with an application about a child: opened by its number, compared with papers, decided or proposed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from myschool.gosuslugi.centre import identity_actions as identity
from myschool.gosuslugi.centre import proposal_actions as proposals
from myschool.gosuslugi.centre.children_model import Compared, Read, agree, compare
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.centre.proposal_model import Content, Matter, Proposal, check_first
from myschool.gosuslugi.family.actions import look, papers
from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.model import Card, Guardianship, RefusalReason
from myschool.gosuslugi.family.papers_model import PaperDecision, SecondClerkNeeded, needs_second_look
from myschool.gosuslugi.people import actions as people
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW


@dataclass
class Differ(Exception):
    """What was read is not what the card says."""

    compared: list[Compared]


async def find(tx: Tx, vault: Vault, clerk: Clerk, number: str) -> Entry | None:
    """The application is opened, which its owner and the child can read in the journal."""
    row = await papers.open_application(tx, vault, number)
    if row is None:
        return None
    await proposals.note_opening(tx, vault, clerk, row)
    return await look.entry_of(tx, vault, row)


async def opened(tx: Tx, vault: Vault, guardianship_id: UUID) -> Entry | None:
    """One that the clerk opened before."""
    row = await papers.application(tx, vault, guardianship_id)
    return await look.entry_of(tx, vault, row) if row is not None else None


async def check_clerk(tx: Tx, vault: Vault, clerk: Clerk, row: Guardianship) -> None:
    """Raises OwnFamily: also for who represents the same child by another application."""
    check_first(clerk, await proposals.concerned(tx, vault, row))


async def compared_with(tx: Tx, vault: Vault, guardian_id: UUID, read: Read, card: Card) -> list[Compared]:
    person = await people.by_id(tx, vault, guardian_id)
    return compare(read, card, await identity.passport_of(tx, vault, person))


async def approve(
    tx: Tx, vault: Vault, clerk: Clerk, row: Guardianship, read: Read, note: str, now: datetime, *, child_under: int
) -> Guardianship | Proposal:
    """A decision, or where two clerks are needed a proposal. `row` as the clerk saw it.

    Raises Differ, OwnFamily, WaitsAlready, and what `family.actions.papers.decide` raises.
    """
    await check_clerk(tx, vault, clerk, row)
    compared = await compared_with(tx, vault, row.guardian_id, read, row.card)
    if not agree(compared):
        raise Differ(compared)
    until = read.order.until if read.order else None
    content = Content(list(read.papers()), note, until)
    if needs_second_look(row.card.relation):
        return await proposals.propose(tx, vault, clerk, row, Matter.PAPERS, content, now)
    ends = datetime(until.year, until.month, until.day, tzinfo=MOSCOW) + timedelta(days=1) if until else None
    decision = PaperDecision(row.id, clerk.person_id, content.kinds, note, now, seen=content.papers, until=ends)
    try:
        async with tx.begin_nested():
            return await papers.decide(tx, vault, decision, now, child_under=child_under)
    except SecondClerkNeeded:
        return await proposals.propose(tx, vault, clerk, row, Matter.PAPERS, content, now)


async def refuse(
    tx: Tx, vault: Vault, clerk: Clerk, row: Guardianship, reason: RefusalReason, note: str, now: datetime
) -> Guardianship:
    """As `approve`; what the parent mends, he brings again under a new number."""
    await check_clerk(tx, vault, clerk, row)
    decision = PaperDecision(row.id, clerk.person_id, frozenset(), note, now, reason)
    return await papers.decide(tx, vault, decision, now)
