"""Whose platforms a person sees and for whom a person decides: the children of the family, while they are children."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW
from myschool.portal.content.model import NotYourChild
from myschool.portal.family import actions as family
from myschool.portal.people.model import Person

OF_AGE = 18


@dataclass(frozen=True)
class Ward:
    """A child of the family who is a pupil here. `only_read`: the adult decides nothing."""

    person: Person
    only_read: bool


async def children_of(tx: Tx, vault: Vault, guardian_id: UUID, now: datetime) -> list[Person]:
    """Those under 18 whose СНИЛС and birth date both agree; a child who never came to the portal is not among them."""
    return [one.person for one in await _wards(tx, vault, guardian_id, now)]


async def ward(tx: Tx, vault: Vault, guardian_id: UUID, child_id: UUID, now: datetime) -> Ward:
    """To look. Raises NotYourChild, in the same way for a stranger's child and for nobody."""
    for one in await _wards(tx, vault, guardian_id, now):
        if one.person.id == child_id:
            return one
    raise NotYourChild


async def check_may_decide(tx: Tx, vault: Vault, guardian_id: UUID, child_id: UUID, now: datetime) -> None:
    """Raises NotYourChild for who may only read, too."""
    if (await ward(tx, vault, guardian_id, child_id, now)).only_read:
        raise NotYourChild


async def _wards(tx: Tx, vault: Vault, guardian_id: UUID, now: datetime) -> list[Ward]:
    today, found = now.astimezone(MOSCOW).date(), dict[UUID, Ward]()
    for child in await family.children(tx, vault, guardian_id, now):
        one = child.person
        if one is None or one.id == guardian_id or one.birth_date != child.told.birth_date:
            continue
        age = one.age_on(today)
        if age is not None and age < OF_AGE:
            found[one.id] = Ward(one, child.told.only_read)
    return list(found.values())
