"""The day has come to which a state waited or a term ran; or it is near, and the adult is reminded.

Late or twice, the timer does no harm: another day or another state by now, and nothing happens.
"""

from datetime import datetime

from myschool.gosuslugi.family.actions import ending, life_letters, moving, suspending
from myschool.gosuslugi.family.model import (
    EndReason,
    Guardianship,
    GuardianshipDue,
    GuardianshipState,
    SuspendReason,
)
from myschool.gosuslugi.family.store import guardianships as store
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

_S = GuardianshipState


async def due(tx: Tx, vault: Vault, event: GuardianshipDue, now: datetime) -> None:
    row = await store.load(tx, vault, event.guardianship_id, for_update=True)
    if row is None or row.deadline != event.at:
        return
    if event.reminds:
        await _remind(tx, vault, row, event.at, now)
    elif row.state is _S.ACTIVE:
        await ending.end(tx, vault, row.id, EndReason.TERM_OVER, now, actor=moving.SYSTEM)
    elif row.state is _S.SUSPENDED:
        await _rested(tx, vault, row, now)
    else:
        await ending.end(tx, vault, row.id, EndReason.NOT_PURSUED, now, actor=moving.SYSTEM)


async def _remind(tx: Tx, vault: Vault, row: Guardianship, at: datetime, now: datetime) -> None:
    if now >= at:
        return  # the worker was down over the day itself; what follows is told by that timer
    await moving.tell(tx, vault, row, life_letters.reminder(row, at))


async def _rested(tx: Tx, vault: Vault, row: Guardianship, now: datetime) -> None:
    itself = row.suspended_for is None or row.suspended_for.resumes_itself
    if itself and await suspending.lender_in_force(tx, vault, row, now):
        await suspending.resume(tx, vault, row.id, now, actor=moving.SYSTEM)
        return
    until = now + (row.suspended_for or SuspendReason.DOUBT).rests_for
    longer = await moving.postpone(tx, row, until)
    await moving.note(tx, longer, "prolonged", now, actor=moving.SYSTEM)
    await moving.watch(tx, longer, now)
    await moving.tell(tx, vault, longer, life_letters.rests_on(longer, until))
