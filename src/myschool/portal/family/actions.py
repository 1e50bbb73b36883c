"""Who belongs to whom, by what ESIA tells of the guardian at this moment."""

from datetime import datetime
from uuid import UUID

from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.portal.family.model import Child
from myschool.portal.people import actions as people
from myschool.portal.people.model import Person, ToldChild


async def children(tx: Tx, vault: Vault, guardian_id: UUID, now: datetime) -> list[Child]:
    """In ESIA's order; the same СНИЛС joins the told child with the person of the portal."""
    told = await people.children_of(tx, vault, guardian_id, now)
    return [Child(one, await _person_of(tx, vault, one)) for one in told]


async def _person_of(tx: Tx, vault: Vault, told: ToldChild) -> Person | None:
    if told.snils is None:
        return None
    known = await people.find_by_snils(tx, vault, told.snils)
    return max(known, key=lambda person: person.updated_at, default=None)
