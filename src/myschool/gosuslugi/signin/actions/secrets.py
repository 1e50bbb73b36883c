"""The password of an account: kept as a hash, and told of when it changes. Hashing is `signin.passwords`."""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin import letters, store
from myschool.gosuslugi.signin.model import HANDED_LIFE
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.letters import send
from myschool.kit.vault import Vault

OPENS_NOTHING = f"$argon2id$v=19$m=19456,t=2,p=1${'A' * 22}${'A' * 43}"
"""A well-formed hash of nothing that anybody could type: 32 zero bytes."""


async def keep_first(tx: Tx, person_id: UUID, hashed: str, now: datetime) -> None:
    """The password of an account that has just been made."""
    await store.set_password(tx, person_id, hashed, now)


async def hand(tx: Tx, person_id: UUID, hashed: str, now: datetime, *, actor: str) -> datetime:
    """A first password, given on a paper: until the day returned it opens the page on which another one is chosen.

    The one before opens nothing any more, a locked account is open again.
    """
    until = now + HANDED_LIFE
    await store.set_password(tx, person_id, hashed, now, handed_until=until)
    await store.unlock_password(tx, person_id)
    await journal.write(tx, people.chain_of(person_id), "password:handed_on_paper", actor=actor)
    return until


async def handed_until(tx: Tx, person_id: UUID) -> datetime | None:
    """Set while the password is one from a paper; None once the person has an own one."""
    return await store.password_handed_until(tx, person_id)


async def change(
    tx: Tx, vault: Vault, person: Person, hashed: str, *, actor: str, recover_url: str, now: datetime
) -> None:
    """The person gets a letter, which says so when an adult did it. The caller ends the sessions that must end.

    A locked child's account opens by what another sets who may, never by the child's own recovery: the mailbox may be
    known to the one against whom it was locked. Who has the account in own hands has nobody else to ask.
    """
    by_adult = actor != people.chain_of(person.id)
    await store.set_password(tx, person.id, hashed, now)
    if by_adult or person.in_own_hands:
        await store.unlock_password(tx, person.id)
    await journal.write(tx, people.chain_of(person.id), "password:changed", actor=actor)
    for contact in await people.contacts_of(tx, vault, person.id):
        if contact.value is not None:
            name = person.name.given_name
            message = letters.password_changed(contact.value, name, recover_url, by_adult=by_adult)
            await send(tx, vault, message)


async def lock(tx: Tx, person_id: UUID, now: datetime, *, actor: str) -> None:
    """The password opens nothing until a new one is set (by whom: `change`): who knew it may know it still."""
    if await store.lock_password(tx, person_id, now):
        await journal.write(tx, people.chain_of(person_id), "password:locked", actor=actor)


async def reopen(tx: Tx, person_id: UUID, now: datetime, *, actor: str) -> bool:
    """The lock goes and the known password with it: the person sets a new one by the own recovery, and only so.

    For a clerk who sees the person. False when nothing is locked.
    """
    if not await locked(tx, person_id):
        return False
    await store.set_password(tx, person_id, OPENS_NOTHING, now)
    await store.unlock_password(tx, person_id)
    await journal.write(tx, people.chain_of(person_id), "password:reopened", actor=actor)
    return True


async def locked(tx: Tx, person_id: UUID) -> bool:
    return await store.password_locked_at(tx, person_id) is not None


async def erase(tx: Tx, person_id: UUID) -> None:
    """With the history of sign-ins; the account is being deleted."""
    await store.erase(tx, person_id)


async def still_opens(tx: Tx, person_id: UUID, typed_at: datetime) -> bool:
    """Whether the password that was right at `typed_at` is right now: neither locked nor changed since."""
    set_at = await store.password_set_at(tx, person_id)
    return set_at is not None and set_at <= typed_at and not await locked(tx, person_id)


async def hash_of(tx: Tx, person_id: UUID) -> str | None:
    """To compare with, outside the transaction. None for an account without a password."""
    return await store.find_hash(tx, person_id)


async def set_at(tx: Tx, person_id: UUID) -> datetime | None:
    return await store.password_set_at(tx, person_id)


async def facts_about(tx: Tx, vault: Vault, person: Person) -> list[str]:
    """What the person's password must not be: names, contacts, СНИЛС."""
    contacts = await people.contacts_of(tx, vault, person.id)
    known = [one.value.formatted() for one in contacts if one.value is not None]
    snils = [person.snils.digits] if person.snils else []
    return [person.name.family_name, person.name.given_name, person.name.patronymic or "", *known, *snils]
