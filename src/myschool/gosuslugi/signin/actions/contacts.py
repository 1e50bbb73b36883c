"""E-mail and telephone of an account: a new value waits for its code, the old one works until then."""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind, ContactTaken, ContactValue, NothingPending, Person, kind_of
from myschool.gosuslugi.signin import letters
from myschool.gosuslugi.signin.actions import codes
from myschool.gosuslugi.signin.model import (
    CONTACTS_A_DAY,
    CONTACTS_AN_HOUR,
    Entered,
    Judged,
    Matter,
    Purpose,
    Sending,
)
from myschool.kit.db import Tx
from myschool.kit.letters import send
from myschool.kit.vault import Vault

PURPOSE = {ContactKind.EMAIL: Purpose.EMAIL, ContactKind.MOBILE: Purpose.MOBILE}


async def may_ask(tx: Tx, by: UUID, now: datetime) -> bool:
    """Whether this person may learn once more if a contact is free; counted before the answer is given.

    The count stays only if the transaction commits: answer, do not raise.
    """
    hour = await codes.allowed(tx, CONTACTS_AN_HOUR, str(by), now)
    day = await codes.allowed(tx, CONTACTS_A_DAY, str(by), now)
    return hour and day


async def ask(
    tx: Tx, vault: Vault, person: Person, value: ContactValue, now: datetime, *, by: UUID | None = None
) -> Sending:
    """A code goes to the new address. `by`: who types it, where that is not the person. Raises ContactTaken."""
    kind = kind_of(value)
    waiting = await pending(tx, vault, person, kind)
    if waiting != value and not await may_ask(tx, by or person.id, now):
        return Sending.TOO_MANY
    if await people.taken(tx, vault, value):
        raise ContactTaken(kind)
    await people.ask_contact(tx, vault, person.id, value)
    return await codes.send(tx, vault, Matter(PURPOSE[kind], person.id), value, now, anew=waiting != value)


async def pending(tx: Tx, vault: Vault, person: Person, kind: ContactKind) -> ContactValue | None:
    return next((one.pending for one in await people.contacts_of(tx, vault, person.id) if one.kind is kind), None)


async def current(tx: Tx, vault: Vault, person: Person, kind: ContactKind) -> ContactValue | None:
    return next((one.value for one in await people.contacts_of(tx, vault, person.id) if one.kind is kind), None)


async def enter_code(
    tx: Tx,
    vault: Vault,
    person: Person,
    kind: ContactKind,
    digits: str,
    *,
    recover_url: str,
    now: datetime,
    by: UUID | None = None,
) -> Judged:
    """The right code makes the waiting value the person's; the old address is told. Raises ContactTaken.

    `by`: who entered it, where that is not the person.
    """
    judged = await codes.enter(tx, vault, Matter(PURPOSE[kind], person.id), digits, now)
    if not judged.right:
        return judged
    old = await current(tx, vault, person, kind)
    try:
        await people.verify_contact(tx, vault, person.id, kind, now, actor=people.chain_of(by or person.id))
    except NothingPending:
        return Judged(Entered.ABSENT)
    if old is not None:
        by_adult = by is not None and by != person.id
        await send(tx, vault, letters.contact_changed(old, person.name.given_name, recover_url, by_adult=by_adult))
    return judged


async def drop(tx: Tx, vault: Vault, person: Person, kind: ContactKind) -> None:
    """The person thinks better of it."""
    await people.drop_pending_contact(tx, vault, person.id, kind)
    await codes.forget(tx, Matter(PURPOSE[kind], person.id))
