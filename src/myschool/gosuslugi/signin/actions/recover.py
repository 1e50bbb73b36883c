"""A new password by a code. The page answers the same whether the account exists or not."""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind, ContactValue, Person, login_candidates
from myschool.gosuslugi.signin.actions import codes, secrets
from myschool.gosuslugi.signin.model import Judged, Matter, Purpose, Sending
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.kit.web import sessions


async def send_code(tx: Tx, vault: Vault, attempt_id: UUID, login: str, now: datetime) -> tuple[Sending, UUID | None]:
    """The code goes to the contact that was typed; for a СНИЛС to the mailbox, else to the telephone."""
    matter = Matter(Purpose.RECOVER, attempt_id)
    person = await people.find_by_login(tx, vault, login)
    to = await _address(tx, vault, person, login) if person is not None else None
    if person is None or to is None:
        return await codes.send_to_nobody(tx, vault, matter, login.strip(), now), None
    return await codes.send(tx, vault, matter, to, now), person.id


async def enter_code(tx: Tx, vault: Vault, attempt_id: UUID, digits: str, now: datetime) -> Judged:
    return await codes.enter(tx, vault, Matter(Purpose.RECOVER, attempt_id), digits, now)


async def finish(tx: Tx, vault: Vault, person: Person, hashed: str, *, recover_url: str, now: datetime) -> None:
    """The new password holds and every session of the person is over."""
    actor = people.chain_of(person.id)
    await secrets.change(tx, vault, person, hashed, actor=actor, recover_url=recover_url, now=now)
    await sessions.end_all(tx, person.id, now)


async def _address(tx: Tx, vault: Vault, person: Person, login: str) -> ContactValue | None:
    contacts = {one.kind: one.value for one in await people.contacts_of(tx, vault, person.id) if one.value}
    meant = login_candidates(login)
    typed = next((value for value in contacts.values() if value in meant), None)
    return typed or contacts.get(ContactKind.EMAIL) or contacts.get(ContactKind.MOBILE)
