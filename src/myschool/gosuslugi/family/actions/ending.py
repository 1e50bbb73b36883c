"""A guardianship ends: from this moment it authorises nothing anywhere. For people, clerks, birthdays and timers."""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import asking, closing, life_letters, moving, withdrawing
from myschool.gosuslugi.family.model import (
    OVER,
    Child,
    EndReason,
    Guardianship,
    GuardianshipEnded,
    GuardianshipState,
    NotYours,
)
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people.actions import chain_of
from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

LOCKS_NOT = frozenset({EndReason.MAJORITY, EndReason.DEATH, EndReason.SUPERSEDED})
"""The password stays: an adult's is nobody's business, the dead misuse none, the successor may change it himself."""


async def end(
    tx: Tx, vault: Vault, guardianship_id: UUID, reason: EndReason, now: datetime, *, actor: str
) -> Guardianship:
    """Ends it, and what it lent to others; what is over stays as it is. Raises NotYours when there is none.

    In this very transaction sessions, tokens and the password go (`closing`); the guardian gets a letter, the child's
    and the guardian's journals a line, and `GuardianshipEnded` is told to the slices above.
    """
    before = await store.load(tx, vault, guardianship_id, for_update=True)
    if before is None:
        raise NotYours
    if before.state in OVER:
        return before
    await asking.withdraw(tx, before.id, now)
    row = await moving.move(
        tx, before, GuardianshipState.ENDED, now, reason=reason.value, actor=actor, end_reason=reason
    )
    child = await store.load_child(tx, vault, row.child_id, for_update=True) if row.child_id else None
    await closing.shut(tx, vault, before, child, now, locks=reason not in LOCKS_NOT, actor=actor)
    await _end_what_was_lent(tx, vault, row, now, actor)
    await _tell(tx, vault, row, child, reason, actor)
    return row


async def _end_what_was_lent(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    await withdrawing.withdraw_invitations(tx, vault, row.id, now)
    for lent in await store.delegated_from(tx, vault, row.id):
        await end(tx, vault, lent.id, EndReason.REVOKED, now, actor=actor)


async def _tell(tx: Tx, vault: Vault, row: Guardianship, child: Child | None, reason: EndReason, actor: str) -> None:
    person_id = child.person_id if child is not None else None
    if person_id is not None:
        facts = {"guardianship": str(row.id), "reason": reason.value}
        await journal.write(tx, chain_of(person_id), "guardianship:ended", actor=actor, facts=facts)
    await agenda.put(
        tx,
        GuardianshipEnded(
            guardianship_id=row.id,
            guardian_id=row.guardian_id,
            child_id=row.child_id,
            person_id=person_id,
            reason=reason,
        ),
    )
    if reason is not EndReason.DEATH:
        await moving.tell(tx, vault, row, life_letters.ended(row, reason))
