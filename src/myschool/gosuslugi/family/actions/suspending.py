"""A guardianship rests: it authorises nothing until it is resumed, and it never rests without a date.

A dispute freezes every guardianship of the child that no court confirmed; see `freeze_dispute`.
"""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import closing, ending, life_letters, moving
from myschool.gosuslugi.family.model import (
    Basis,
    Child,
    EndReason,
    Guardianship,
    GuardianshipResumed,
    GuardianshipState,
    GuardianshipSuspended,
    NotNow,
    NotYours,
    SuspendReason,
)
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people.actions import chain_of
from myschool.kit import agenda, journal
from myschool.kit.agenda import Event
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

_S = GuardianshipState


async def of_child(tx: Tx, vault: Vault, child_id: UUID) -> list[Guardianship]:
    """Of everybody who represents or represented the child, in every state, the oldest first. For clerks and timers."""
    return await store.of_child(tx, vault, child_id)


async def family_meant(tx: Tx, vault: Vault, row: Guardianship) -> tuple[UUID | None, list[Guardianship]]:
    """The child of an application and everybody's guardianships: by the card's СНИЛС while nothing is settled yet."""
    child_id = row.child_id or await store.id_with_snils(tx, vault, row.card.snils_digits)
    return child_id, await store.of_child(tx, vault, child_id) if child_id is not None else []


async def suspend(
    tx: Tx,
    vault: Vault,
    guardianship_id: UUID,
    reason: SuspendReason,
    now: datetime,
    *,
    actor: str,
    until: datetime | None = None,
) -> Guardianship:
    """Rests until `until`, or as long as the reason allows; what it lent to others rests with it.

    A second time with the same reason and date nothing happens; with others they take the place of the first. Raises
    NotYours when there is none, NotNow when it is not in force or at rest, or `until` has passed.
    """
    before = await _locked(tx, vault, guardianship_id)
    rests_until = until or (now + reason.rests_for)
    if before.state is _S.SUSPENDED and before.suspended_for is reason and until in (None, before.due_at):
        return before
    if rests_until <= now or before.state not in (_S.ACTIVE, _S.SUSPENDED):
        raise NotNow(before.id, before.state)
    if before.state is _S.SUSPENDED:
        return await prolong(tx, before, reason, rests_until, now, actor=actor)
    row = await moving.move(
        tx,
        before,
        _S.SUSPENDED,
        now,
        reason=life_letters.public_word(reason),
        actor=actor,
        due_at=rests_until,
        suspended_for=reason,
    )
    child = await _child(tx, vault, row)
    await closing.shut(tx, vault, before, child, now, locks=True, actor=actor)
    for lent in await store.delegated_from(tx, vault, row.id):
        if lent.state is _S.ACTIVE:
            await suspend(tx, vault, lent.id, reason, now, actor=actor, until=rests_until)
    person_id = child.person_id if child else None
    await _tell_above(
        tx,
        row,
        child,
        GuardianshipSuspended(
            guardianship_id=row.id,
            guardian_id=row.guardian_id,
            child_id=row.child_id,
            person_id=person_id,
            reason=reason,
        ),
        life_letters.public_word(reason),
        actor,
    )
    await moving.tell(tx, vault, row, life_letters.suspended(row, reason, rests_until))
    return row


async def prolong(
    tx: Tx, row: Guardianship, reason: SuspendReason, until: datetime, now: datetime, *, actor: str
) -> Guardianship:
    """Another reason or date for what rests already."""
    longer = await moving.postpone(tx, row, until, suspended_for=reason)
    await moving.note(tx, longer, life_letters.public_word(reason), now, actor=actor)
    await moving.watch(tx, longer, now)
    return longer


async def resume(
    tx: Tx, vault: Vault, guardianship_id: UUID, now: datetime, *, actor: str, by_court: bool = False
) -> Guardianship:
    """In force again, with what it had lent. One whose term is over meanwhile ends. In force already: nothing happens.

    `by_court`: a court's decision was shown. It is the basis from now on, so that no later dispute freezes it.

    Raises NotYours when there is none, NotNow when it neither rests nor is in force, or the lender's own still rests.
    """
    before = await _locked(tx, vault, guardianship_id)
    if before.state is _S.ACTIVE:
        return before
    if before.state is not _S.SUSPENDED or not await lender_in_force(tx, vault, before, now):
        raise NotNow(before.id, before.state)
    if before.ends_at is not None and before.ends_at <= now:
        return await ending.end(tx, vault, before.id, EndReason.TERM_OVER, now, actor=actor)
    spoken = by_court and before.basis in (Basis.REGISTRY, Basis.SERVICE_CENTRE)
    basis = Basis.COURT if spoken else before.basis
    row = await moving.move(tx, before, _S.ACTIVE, now, reason="resumed", actor=actor, suspended_for=None, basis=basis)
    child = await _child(tx, vault, row)
    for lent in await store.delegated_from(tx, vault, row.id):
        if lent.state is _S.SUSPENDED and lent.suspended_for is before.suspended_for:
            await resume(tx, vault, lent.id, now, actor=actor)
    told = GuardianshipResumed(
        guardianship_id=row.id,
        guardian_id=row.guardian_id,
        child_id=row.child_id,
        person_id=child.person_id if child else None,
    )
    await _tell_above(tx, row, child, told, "resumed", actor)
    await moving.tell(tx, vault, row, life_letters.resumed(row))
    return row


async def lender_in_force(tx: Tx, vault: Vault, row: Guardianship, now: datetime) -> bool:
    """What was lent is worth nothing while the lender's own rests. True for what nobody lent."""
    if row.delegated_from is None:
        return True
    lender = await store.load(tx, vault, row.delegated_from)
    return lender is not None and lender.in_force(now)


async def freeze_dispute(tx: Tx, vault: Vault, child_id: UUID, now: datetime, *, actor: str) -> list[Guardianship]:
    """The adults quarrel about the child: every guardianship in force that no court confirmed rests for 90 days.

    They are suspended, not left with SEE: what rests authorises nothing anywhere, without exception, so no place has to
    know a third kind of guardianship; a court's decision or an adoption stands. Within the 90 days a court's decision
    is shown to a clerk, or all resume by themselves. While the freeze lasts no machine confirms a new adult for this
    child. Frozen before: nothing more happens. See decision 0017.
    """
    frozen = []
    for row in await store.of_child(tx, vault, child_id, for_update=True):
        if row.in_force(now) and not row.said_by_court and row.delegated_from is None:
            frozen.append(await suspend(tx, vault, row.id, SuspendReason.DISPUTE, now, actor=actor))
    return frozen


async def end_dispute(tx: Tx, vault: Vault, child_id: UUID, now: datetime, *, actor: str) -> list[Guardianship]:
    """The adults agreed and said so in writing: whoever rests for the quarrel alone is in force again."""
    back = []
    for row in await store.of_child(tx, vault, child_id, for_update=True):
        quarrels = row.state is _S.SUSPENDED and row.suspended_for is SuspendReason.DISPUTE
        if quarrels and row.delegated_from is None:
            back.append(await resume(tx, vault, row.id, now, actor=actor))
    return back


async def _locked(tx: Tx, vault: Vault, guardianship_id: UUID) -> Guardianship:
    found = await store.load(tx, vault, guardianship_id, for_update=True)
    if found is None:
        raise NotYours
    return found


async def _child(tx: Tx, vault: Vault, row: Guardianship) -> Child | None:
    return await store.load_child(tx, vault, row.child_id, for_update=True) if row.child_id else None


async def _tell_above(tx: Tx, row: Guardianship, child: Child | None, event: Event, word: str, actor: str) -> None:
    if child is not None and child.person_id is not None:
        facts = {"guardianship": str(row.id), "reason": word}
        await journal.write(tx, chain_of(child.person_id), f"guardianship:{row.state}", actor=actor, facts=facts)
    await agenda.put(tx, event)
