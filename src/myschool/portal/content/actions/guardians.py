"""Which pupils of this portal a person may decide for: the children of the family, while they are children."""

from datetime import datetime
from uuid import UUID

from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW
from myschool.portal.content.model import NotYourChild
from myschool.portal.family import actions as family
from myschool.portal.people.model import Person

OF_AGE = 18


async def children_of(tx: Tx, vault: Vault, guardian_id: UUID, now: datetime) -> list[Person]:
    """Those under 18 whose СНИЛС and birth date both agree; a child who never came to the portal is not among them."""
    today, found = now.astimezone(MOSCOW).date(), dict[UUID, Person]()
    for child in await family.children(tx, vault, guardian_id, now):
        one = child.person
        if one is None or one.id == guardian_id or one.birth_date != child.told.birth_date:
            continue
        age = one.age_on(today)
        if age is not None and age < OF_AGE:
            found[one.id] = one
    return list(found.values())


async def child(tx: Tx, vault: Vault, guardian_id: UUID, child_id: UUID, now: datetime) -> Person:
    """Raises NotYourChild, in the same way for a stranger's child and for nobody."""
    for one in await children_of(tx, vault, guardian_id, now):
        if one.id == child_id:
            return one
    raise NotYourChild
