"""An account for somebody who has none: the address is proved by a code before anything is kept of the person.

The page never tells whether an address is known: its owner learns it from the letter.
"""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin import letters
from myschool.gosuslugi.signin.actions import codes, secrets
from myschool.gosuslugi.signin.model import Judged, Matter, Purpose, Sending
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Email


async def send_code(
    tx: Tx, vault: Vault, draft_id: UUID, email: Email, *, origin: str, anew: bool, now: datetime
) -> Sending:
    matter = Matter(Purpose.REGISTER, draft_id)
    if await people.taken(tx, vault, email):
        message = letters.already_registered(email, f"{origin}/login", f"{origin}/recover")
        return await codes.send_instead(tx, vault, matter, email, message, now, anew=anew)
    return await codes.send(tx, vault, matter, email, now, anew=anew)


async def enter_code(tx: Tx, vault: Vault, draft_id: UUID, digits: str, now: datetime) -> Judged:
    return await codes.enter(tx, vault, Matter(Purpose.REGISTER, draft_id), digits, now)


async def finish(
    tx: Tx, vault: Vault, draft_id: UUID, name: FullName, email: Email, hashed: str, now: datetime
) -> Person:
    """Simplified account with this password. A repetition gives the same person. Raises ContactTaken."""
    person = await people.create(tx, vault, name=name, contact=email, now=now, person_id=draft_id)
    if await secrets.hash_of(tx, person.id) is None:
        await secrets.keep_first(tx, person.id, hashed, now)
    return person


async def was_finished(tx: Tx, vault: Vault, draft_id: UUID) -> bool:
    return draft_id in await people.by_ids(tx, vault, [draft_id])
