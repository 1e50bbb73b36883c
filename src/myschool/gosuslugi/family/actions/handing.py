"""The account of a pupil of 14 with a passport of their own: taken over in place; what is left to the adults.

    child account ──passport and СНИЛС confirmed──▶ the same account, standard, with a second factor of its own

The person and the ESIA number stay, so the school, requests and grants of other systems stay. The adults keep the
right to see and to be told until 18. `signin` ends the sessions and writes to the pupil; `Guardianship.narrowed`
holds already while this reaction is on its way.
"""

from dataclasses import replace
from datetime import datetime

from myschool.gosuslugi.family.actions import birthday_letters, moving
from myschool.gosuslugi.family.model import OVER, READING
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import LevelRaised
from myschool.kit.db import Tx
from myschool.kit.vault import Vault


async def hand_over(tx: Tx, vault: Vault, raised: LevelRaised, now: datetime) -> None:
    """For a level raised: nothing for who is no child of anybody. Repeated, it changes nothing."""
    child = await store.child_of_person(tx, vault, raised.person_id)
    person = await people.by_id(tx, vault, raised.person_id)
    if child is None or not person.in_own_hands:
        return
    narrowed = [row for row in await store.of_child(tx, vault, child.id, for_update=True) if row.state not in OVER]
    narrowed = [row for row in narrowed if not row.rights <= READING]
    for row in narrowed:
        row = replace(row, rights=row.rights & READING)
        await store.save(tx, row)
        await moving.note(tx, row, "handed_over", now, actor=chain_of(person.id))
        await moving.tell(tx, vault, row, birthday_letters.handed_over_adult(child.card))
