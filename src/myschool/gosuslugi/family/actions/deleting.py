"""A child's account is deleted: a parent asks, some days pass in which either parent may stop it, then it is no more.

asked ──DELETION_WAITS──▶ deleted
  └── cancel (either parent) · the asking guardianship no longer allows it · the pupil has a passport ──▶ dropped
"""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import letters, look, moving
from myschool.gosuslugi.family.actions.overseeing import told
from myschool.gosuslugi.family.model import (
    DELETION_WAITS,
    ChildAccountDeleted,
    Deletion,
    DeletionDue,
    Guardianship,
    Right,
    Ward,
)
from myschool.gosuslugi.family.store import deletions
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level
from myschool.gosuslugi.signin.actions import secrets
from myschool.kit import agenda
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.kit.web import sessions


async def ask(tx: Tx, vault: Vault, ward: Ward, now: datetime) -> Deletion:
    """Pressed again, or by the other parent too, it is the one that waits already."""
    fresh = Deletion(ward.person.id, ward.row.id, now, now + DELETION_WAITS)
    if not await deletions.add(tx, fresh):
        return await deletions.find(tx, ward.person.id) or fresh
    await agenda.put(tx, DeletionDue(person_id=ward.person.id), due_at=fresh.due_at, key=fresh.key)
    await told(tx, vault, ward, "deletion_asked", now)
    return fresh


async def cancel(tx: Tx, vault: Vault, ward: Ward, now: datetime) -> bool:
    """By any guardian who may act on the account. False when nothing waited."""
    waiting = await deletions.find(tx, ward.person.id)
    if waiting is None:
        return False
    await _drop(tx, waiting)
    await told(tx, vault, ward, "deletion_cancelled", now)
    return True


async def waiting_for(tx: Tx, person_id: UUID) -> Deletion | None:
    return await deletions.find(tx, person_id)


async def carry_out(tx: Tx, vault: Vault, person_id: UUID, now: datetime) -> bool:
    """The timer went off. What authorises the deletion is looked at again: it must hold at this moment."""
    waiting = await deletions.find(tx, person_id)
    if waiting is None or now < waiting.due_at:
        return False
    asking = await store.load(tx, vault, waiting.guardianship_id, for_update=True)
    person = (await people.by_ids(tx, vault, [person_id])).get(person_id)
    rows = await look.guardians_of(tx, vault, person_id, now)
    lawful = asking is not None and asking.may(Right.CREDENTIALS, now) and asking.id in {row.id for row in rows}
    if asking is None or person is None or person.level is not Level.CHILD or not lawful:
        await _drop(tx, waiting)
        await _tell(tx, vault, rows, "deletion_stopped", now)
        return False
    await _delete(tx, vault, asking, person_id, now)
    await _tell(tx, vault, rows, "account_deleted", now)
    return True


async def _delete(tx: Tx, vault: Vault, asking: Guardianship, person_id: UUID, now: datetime) -> None:
    assert asking.child_id is not None
    child = await store.load_child(tx, vault, asking.child_id, for_update=True)
    await deletions.drop(tx, person_id)
    await deletions.detach_all(tx, child)
    await sessions.end_all(tx, person_id, now)
    await secrets.erase(tx, person_id)
    await people.close(tx, person_id, actor=people.chain_of(asking.guardian_id), now=now)
    await agenda.put(tx, ChildAccountDeleted(person_id=person_id), key=f"family:deleted:{person_id}")


async def _drop(tx: Tx, waiting: Deletion) -> None:
    await agenda.withdraw(tx, waiting.key)
    await deletions.drop(tx, waiting.person_id)


async def _tell(tx: Tx, vault: Vault, rows: list[Guardianship], reason: str, now: datetime) -> None:
    for row in rows:
        known = await store.load(tx, vault, row.id) or row
        await moving.note(tx, known, reason, now, actor=moving.SYSTEM)
        await moving.tell(tx, vault, known, letters.account_touched(known, reason, by_reader=False))
