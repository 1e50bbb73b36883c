"""A provisional account follows its guardianship: bears what a corrected card says, and ends with it.

Apart from `provisional`, so that `moving` closes it in the very transaction in which the guardianship is over.
"""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.model import Card, ChildAccountDeleted, Guardianship, GuardianshipState
from myschool.gosuslugi.family.provisional_model import Outcome, ProvisionalClosed, ProvisionalDue
from myschool.gosuslugi.family.store import provisional as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Particulars
from myschool.gosuslugi.signin.actions import secrets
from myschool.kit import agenda
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.kit.web import sessions

_OUTCOMES = {
    GuardianshipState.REFUSED: Outcome.REFUSED,
    GuardianshipState.ENDED: Outcome.ENDED,
    GuardianshipState.SUSPENDED: Outcome.ENDED,
}


async def follow_move(tx: Tx, row: Guardianship, now: datetime, *, actor: str) -> None:
    """Over or at rest: closed at once. In force: settled at once by who knows the child, else by the worker."""
    if row.state in _OUTCOMES:
        await close(tx, row.id, _OUTCOMES[row.state], now, actor=actor)
    elif row.state is GuardianshipState.ACTIVE and await store.living(tx, row.id):
        await agenda.put(tx, ProvisionalDue(guardianship_id=row.id))


async def close_ended(tx: Tx, guardianship_id: UUID, now: datetime, *, actor: str) -> None:
    """As `follow_move` of one that ended."""
    await close(tx, guardianship_id, Outcome.ENDED, now, actor=actor)


async def follow_card(tx: Tx, vault: Vault, row: Guardianship, now: datetime) -> None:
    """The card was corrected: the account bears what it says now."""
    living = await store.living(tx, row.id)
    if living is not None:
        await people.restate(tx, vault, living.person_id, row.card.name, claimed(row.card), now)


async def close(tx: Tx, guardianship_id: UUID, outcome: Outcome, now: datetime, *, actor: str) -> bool:
    """E-mail free, password gone, sessions over. False when none lived. Tells `ProvisionalClosed`.

    Whoever calls has locked the guardianship.
    """
    person_id = await store.close(tx, guardianship_id, outcome, now)
    if person_id is None:
        return False
    await sessions.end_all(tx, person_id, now)
    await secrets.erase(tx, person_id)
    await people.close(tx, person_id, actor=actor, now=now)
    await agenda.put(tx, ChildAccountDeleted(person_id=person_id))
    await agenda.put(tx, ProvisionalClosed(guardianship_id=guardianship_id, outcome=outcome))
    return True


def claimed(card: Card) -> Particulars:
    """What the parent says, without the number that would reserve it."""
    return Particulars(birth_date=card.birth_date, sex=card.sex, snils=None, citizenship=card.citizenship)
