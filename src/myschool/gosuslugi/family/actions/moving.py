"""A guardianship goes from state to state: saved, in its history, in the parent's journal, with a letter.

Whatever waits gets its day here, and a timer on the agenda that comes on that day: no state can be entered without.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from myschool.gosuslugi.family.actions import following, letters
from myschool.gosuslugi.family.model import (
    REMIND_BEFORE,
    WAITING_LIVES,
    Basis,
    Guardianship,
    GuardianshipDue,
    GuardianshipState,
    NotNow,
    NotYours,
    Step,
)
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people.actions import chain_of
from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

SYSTEM = "system"


async def locked(tx: Tx, vault: Vault, guardianship_id: UUID, guardian_id: UUID) -> Guardianship:
    """The guardian's own, locked. Raises NotYours, also for one that is not there."""
    found = await store.load(tx, vault, guardianship_id, for_update=True)
    if found is None or found.guardian_id != guardian_id:
        raise NotYours
    return found


async def move(
    tx: Tx, row: Guardianship, state: GuardianshipState, now: datetime, *, reason: str, actor: str, **changes: Any
) -> Guardianship:
    """`reason` is a word for the history, `changes` go into the row. Raises NotNow."""
    if not row.may_become(state):
        raise NotNow(row.id, row.state)
    life = WAITING_LIVES.get(state)
    deadline: dict[str, Any] = {"due_at": now + life if life else None, "second_look_until": None}
    moved = replace(row, state=state, since=now, **(deadline | changes))
    await store.save(tx, moved)
    await note(tx, moved, reason, now, actor=actor)
    await watch(tx, moved, now)
    await following.follow_move(tx, moved, now, actor=actor)
    return moved


async def postpone(tx: Tx, row: Guardianship, until: datetime, **changes: Any) -> Guardianship:
    """Another day for the same state; the caller notes why and sets the watch."""
    later = replace(row, due_at=until, **changes)
    await store.save(tx, later)
    return later


async def watch(tx: Tx, row: Guardianship, now: datetime) -> None:
    """Timers for the day until which the state waits, or the term runs, and reminders before it."""
    at = row.deadline
    if at is None:
        return
    once = f"family:{row.id}:{at.isoformat()}"
    await agenda.put(tx, GuardianshipDue(guardianship_id=row.id, at=at), due_at=at, key=once)
    for before in REMIND_BEFORE:
        if at - before > now:
            event = GuardianshipDue(guardianship_id=row.id, at=at, reminds=True)
            await agenda.put(tx, event, due_at=at - before, key=f"{once}:{before.days}")


async def note(tx: Tx, row: Guardianship, reason: str, now: datetime, *, actor: str, **facts: str) -> None:
    """Something happened to it without a change of state."""
    await store.add_step(tx, row.id, Step(now, row.state, reason))
    said = {"number": row.number, "state": row.state.value, "reason": reason} | facts
    if isinstance(row.basis, Basis):
        said["basis"] = row.basis.value
    await journal.write(tx, chain_of(row.guardian_id), "guardianship:moved", actor=actor, facts=said)


async def tell(tx: Tx, vault: Vault, row: Guardianship, words: tuple[str, str], *, key: str | None = None) -> None:
    subject, text = words
    await letters.write(tx, vault, row.guardian_id, subject, text, key=key)
