"""Which pupils of this portal are a person's children: ESIA told of the child, and the child came here too."""

from datetime import date
from uuid import UUID

from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.portal.content.model import NotYourChild
from myschool.portal.people import actions as people
from myschool.portal.people.model import Person

OF_AGE = 18


async def children_of(tx: Tx, vault: Vault, guardian_id: UUID, today: date) -> list[Person]:
    """Those under 18 whom СНИЛС and birth date make certain; who never came to the portal is not among them."""
    found: dict[UUID, Person] = {}
    for told in await people.children_of(tx, vault, guardian_id):
        if told.snils is None or told.birth_date is None:
            continue
        for one in await people.find_by_snils(tx, vault, told.snils):
            age = one.age_on(today)
            if one.id != guardian_id and one.birth_date == told.birth_date and age is not None and age < OF_AGE:
                found[one.id] = one
    return list(found.values())


async def child(tx: Tx, vault: Vault, guardian_id: UUID, child_id: UUID, today: date) -> Person:
    """Raises NotYourChild, in the same way for a stranger's child and for nobody."""
    for one in await children_of(tx, vault, guardian_id, today):
        if one.id == child_id:
            return one
    raise NotYourChild
