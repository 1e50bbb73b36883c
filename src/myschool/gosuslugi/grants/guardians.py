"""Who permits for whom, as `family` knows it: only a guardianship in force, with the right to consent, counts.

For a provisional account permits who opened it, while it lives: what it gives is what that adult typed.
"""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import look, provisional
from myschool.gosuslugi.family.model import Right
from myschool.gosuslugi.grants.model import Guardian
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.kit.db import Tx
from myschool.kit.vault import Vault


async def of_child(tx: Tx, vault: Vault, child_id: UUID, now: datetime) -> list[Guardian]:
    """Those to whom the account is attached; who attached it first stands first."""
    found = await look.guardians_of(tx, vault, child_id, now)
    ids = list(dict.fromkeys(one.guardian_id for one in found if one.may(Right.CONSENT, now)))
    if not ids and (living := await provisional.living_of_person(tx, child_id, now)) is not None:
        ids = [living.account.guardian_id]
    persons = await people.by_ids(tx, vault, ids)
    return [Guardian(one, persons[one].name.given_name) for one in ids if one in persons]


async def children_of(tx: Tx, vault: Vault, guardian_id: UUID, now: datetime) -> list[Person]:
    """Children with an account that hangs on this guardian."""
    kids = await look.kids_of(tx, vault, guardian_id, now, having=frozenset({Right.CONSENT}))
    settled = [kid.person for kid in kids if kid.person is not None and kid.guardianship.may(Right.CONSENT, now)]
    living = await provisional.living_of_guardian(tx, guardian_id, now)
    opened = await people.by_ids(tx, vault, [one.account.person_id for one in living])
    return settled + [opened[one.account.person_id] for one in living]


async def is_guardian(tx: Tx, vault: Vault, guardian_id: UUID, child_id: UUID, now: datetime) -> bool:
    if await look.may(tx, vault, guardian_id, child_id, Right.CONSENT, now):
        return True
    living = await provisional.living_of_person(tx, child_id, now)
    return living is not None and living.account.guardian_id == guardian_id
