"""Protection: nobody is told who else represents the child, or that anybody does. A clerk sets and lifts it.

It suspends every other guardianship of the child, a court's too: who is protected does not wait for papers. Those
adults read only that they are asked to come to the centre.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import suspending
from myschool.gosuslugi.family.model import Guardianship, GuardianshipState, NotYours, SuspendReason
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people.actions import chain_of
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault


async def protect(tx: Tx, vault: Vault, guardianship_id: UUID, now: datetime, *, actor: str) -> Guardianship:
    """This guardian, with the child, from all others who represent it. Again: nothing more. Raises NotYours."""
    row, child_id = await _settled(tx, vault, guardianship_id)
    if row.protected_at is None:
        row = replace(row, protected_at=now)
        await store.save(tx, row)
        await journal.write(tx, chain_of(row.guardian_id), "guardianship:protected", actor=actor)
    await store.set_protected(tx, child_id, now)
    for other in await store.of_child(tx, vault, child_id, for_update=True):
        apart = other.id != row.id and other.delegated_from != row.id and other.guardian_id != row.guardian_id
        if (
            apart
            and other.state in (GuardianshipState.ACTIVE, GuardianshipState.SUSPENDED)
            and other.delegated_from is None
        ):
            await suspending.suspend(tx, vault, other.id, SuspendReason.PROTECTION, now, actor=actor)
    return row


async def unprotect(tx: Tx, vault: Vault, guardianship_id: UUID, now: datetime, *, actor: str) -> Guardianship:
    """Who was suspended is resumed by a clerk one by one. Raises NotYours."""
    row, child_id = await _settled(tx, vault, guardianship_id)
    if row.protected_at is None:
        return row
    row = replace(row, protected_at=None)
    await store.save(tx, row)
    known = await store.of_child(tx, vault, child_id)
    if not any(one.protected_at for one in known if one.id != row.id):
        await store.set_protected(tx, child_id, None)
    await journal.write(tx, chain_of(row.guardian_id), "guardianship:unprotected", actor=actor)
    return row


async def _settled(tx: Tx, vault: Vault, guardianship_id: UUID) -> tuple[Guardianship, UUID]:
    """Locked, with the child about whom it is. Raises NotYours."""
    row = await store.load(tx, vault, guardianship_id, for_update=True)
    if row is None or row.child_id is None:
        raise NotYours
    return row, row.child_id
