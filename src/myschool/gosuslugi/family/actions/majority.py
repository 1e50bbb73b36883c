"""Pupils come of age: what `ending.end` does for one guardianship, for those of many children of one day at once.

All representatives of such a child go together, delegates too, so nobody is left whose rights, password or permissions
would have to be looked after: an adult's password is nobody's business (`ending.LOCKS_NOT`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import asking, ending, following, moving
from myschool.gosuslugi.family.model import (
    Basis,
    Child,
    EndReason,
    Guardianship,
    GuardianshipEnded,
    GuardianshipState,
    Right,
)
from myschool.gosuslugi.family.store import delegations, drafts, provisional
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Level, Person
from myschool.gosuslugi.signin.actions import codes
from myschool.gosuslugi.signin.model import Purpose
from myschool.kit import agenda_many, journal_many
from myschool.kit.db import Tx
from myschool.kit.journal_many import Line
from myschool.kit.vault import Vault
from myschool.kit.web import sessions

REASON = EndReason.MAJORITY


async def end_all(
    tx: Tx,
    vault: Vault,
    rows: Sequence[Guardianship],
    children: Mapping[UUID, Child],
    persons: Mapping[UUID, Person],
    now: datetime,
) -> None:
    """`rows`: locked, and not over. The letters are the caller's."""
    if not rows:
        return
    ids = [row.id for row in rows]
    for guardianship_id in await asking.still_asked(tx, ids):
        await asking.withdraw(tx, guardianship_id, now)
    await store.end_all(tx, ids, REASON, now)
    for guardianship_id in await provisional.living_among(tx, ids):
        await following.close_ended(tx, guardianship_id, now, actor=moving.SYSTEM)
    await codes.forget_all(tx, Purpose.CHILD_EMAIL, ids)
    await drafts.drop_under_way(tx, ids)
    accounts = {row.id: children[row.child_id].person_id for row in rows if row.child_id and row.child_id in children}
    await sessions.end_all_of(tx, _shut(rows, accounts, persons))
    await delegations.withdraw_all(tx, ids, now)
    await journal_many.write(tx, [line for row in rows for line in _lines(row, accounts.get(row.id))])
    await agenda_many.put_all(tx, [_event(row, accounts.get(row.id)) for row in rows])
    for lent in await store.lent_out_of(tx, ids):  # of a child that is no more among these
        await ending.end(tx, vault, lent, EndReason.REVOKED, now, actor=moving.SYSTEM)


def _shut(
    rows: Sequence[Guardianship], accounts: Mapping[UUID, UUID | None], persons: Mapping[UUID, Person]
) -> list[UUID]:
    """Whose sessions an adult with the keys may have: as in `closing.shut`."""
    found = {accounts.get(row.id) for row in rows if row.attached_at is not None and Right.CREDENTIALS in row.rights}
    children = [persons[one] for one in found if one is not None and one in persons]
    return sorted(one.id for one in children if one.level is Level.CHILD)


def _lines(row: Guardianship, account: UUID | None) -> list[Line]:
    """In the guardian's journal as `moving.note` writes it, and in the pupil's."""
    facts = {"number": row.number, "state": GuardianshipState.ENDED.value, "reason": REASON.value}
    if isinstance(row.basis, Basis):
        facts["basis"] = row.basis.value
    lines = [Line(chain_of(row.guardian_id), "guardianship:moved", moving.SYSTEM, facts)]
    if account is not None:
        told = {"guardianship": str(row.id), "reason": REASON.value}
        lines.append(Line(chain_of(account), "guardianship:ended", moving.SYSTEM, told))
    return lines


def _event(row: Guardianship, account: UUID | None) -> GuardianshipEnded:
    return GuardianshipEnded(
        guardianship_id=row.id,
        guardian_id=row.guardian_id,
        child_id=row.child_id,
        person_id=account,
        reason=REASON,
    )
