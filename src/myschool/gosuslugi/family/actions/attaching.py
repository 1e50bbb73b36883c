"""An account that is there is attached to a guardian («Привязать»), or a guardian says «Это не мой ребёнок»."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import ending, letters, moving
from myschool.gosuslugi.family.agreement_model import AgreementState
from myschool.gosuslugi.family.model import Child, EndReason, Guardianship, NotNow
from myschool.gosuslugi.family.store import agreements
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Level, Person
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.places import region_in


async def attach(
    tx: Tx,
    vault: Vault,
    row: Guardianship,
    child: Child,
    now: datetime,
    *,
    words: tuple[str, str] | None = None,
    actor: str | None = None,
) -> Guardianship:
    """Both locked. Pressed again, nothing more happens. `actor`: a clerk who did it for the guardian.

    Raises NotNow, also for a pupil who did not agree.
    """
    if child.person_id is None or row.child_id != child.id or not row.in_force(now):
        raise NotNow(row.id, row.state)
    if row.attached_at is not None:
        return row
    owner = await people.by_id(tx, vault, child.person_id)
    if owner.level is not Level.CHILD and not await _agreed(tx, row, owner):
        raise NotNow(row.id, row.state)
    attached = replace(row.narrowed(owner), attached_at=now)
    await store.save(tx, attached)
    await people.live_in(tx, owner.id, region_in(child.card.address))
    by = actor or chain_of(row.guardian_id)
    await moving.note(tx, attached, "attached", now, actor=by)
    await journal.write(tx, chain_of(child.person_id), "guardianship:attached", actor=by)
    await moving.tell(tx, vault, attached, words or letters.attached(attached))
    return attached


async def _agreed(tx: Tx, row: Guardianship, pupil: Person) -> bool:
    """The owner of an own account has said yes to this very guardian; silence is none."""
    said = await agreements.load(tx, row.id)
    return said is not None and said.person_id == pupil.id and said.state is AgreementState.AGREED


async def not_my_child(tx: Tx, vault: Vault, guardianship_id: UUID, guardian_id: UUID, now: datetime) -> Guardianship:
    """Ends this link and no other, from any state; the child's account stays. Pressed again, nothing more happens.

    Raises NotYours.
    """
    row = await moving.locked(tx, vault, guardianship_id, guardian_id)
    return await ending.end(tx, vault, row.id, EndReason.NOT_MY_CHILD, now, actor=chain_of(guardian_id))
