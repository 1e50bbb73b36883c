"""Sign-in: login and password, then a code, then a session.

    knock ─▶ compare (argon2, outside the transaction) ─▶ answer_password ─▶ answer_code ─▶ session

An unknown login is compared too, with a hash that fits no password, and answered in the same words.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind, Person
from myschool.gosuslugi.signin import letters, store
from myschool.gosuslugi.signin.actions import codes
from myschool.gosuslugi.signin.model import (
    LOGIN_ADDRESS,
    LOGIN_ANYWHERE,
    LOGIN_HERE,
    LOGIN_PASSWORD,
    CodeAddress,
    Judged,
    Matter,
    Outcome,
    Purpose,
    Sending,
    SignInRecord,
)
from myschool.gosuslugi.signin.passwords import Compared
from myschool.kit import throttle
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.letters import send
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email

AddressOf = Callable[[Tx, Vault, Person], Awaitable[CodeAddress | None]]
"""Where the second factor of a person goes. `family` knows more than this slice: a small child's goes to a parent."""

HISTORY = 20


@dataclass(frozen=True)
class Knock:
    """Somebody wants in. `person_id` and `known` are None for a login nobody has."""

    key: str
    person_id: UUID | None
    known: str | None = field(repr=False)


async def own_address(tx: Tx, vault: Vault, person: Person) -> CodeAddress | None:
    """The telephone if one is verified, else the mailbox."""
    contacts = {one.kind: one.value for one in await people.contacts_of(tx, vault, person.id) if one.value}
    to = contacts.get(ContactKind.MOBILE) or contacts.get(ContactKind.EMAIL)
    return CodeAddress(to) if to is not None else None


async def knock(tx: Tx, vault: Vault, login: str, password: str, address: str, now: datetime) -> Knock | None:
    """None when there were too many tries; the counts stay, so the transaction must commit."""
    person = await people.find_by_login(tx, vault, login)
    # An account is one, whichever of its logins is typed; an unknown login counts as if it were one.
    key = vault.index(str(person.id) if person else login.strip().casefold(), place="throttle.login").hex()
    guessed = vault.index(password, place="throttle.password").hex()
    counted = [
        await codes.allowed(tx, LOGIN_HERE, f"{key}:{address}", now),
        await codes.allowed(tx, LOGIN_ANYWHERE, key, now),
        await codes.allowed(tx, LOGIN_ADDRESS, address, now),
        await codes.allowed(tx, LOGIN_PASSWORD, guessed, now),
    ]
    if not all(counted):
        return None
    # Asked for an unknown login too: the same statements take the same time.
    known = await store.find_hash(tx, person.id if person else new_id())
    return Knock(key, person.id if person else None, known)


async def answer_password(
    tx: Tx, vault: Vault, knocked: Knock, compared: Compared, address: str, device: str, now: datetime
) -> Person | None:
    """Who it is when the password was right; None otherwise, which the owner of the account will read."""
    if knocked.person_id is None:
        await store.records(tx, new_id(), limit=1)  # one statement here, as one is written below
        return None
    if not compared.matches:
        await store.add_record(tx, knocked.person_id, SignInRecord(now, Outcome.WRONG_PASSWORD, device))
        return None
    if compared.renewed is not None and knocked.known is not None:
        await store.replace_hash(tx, knocked.person_id, knocked.known, compared.renewed)
    await throttle.forgive(tx, f"{LOGIN_HERE.name}:{knocked.key}:{address}")
    return await people.by_id(tx, vault, knocked.person_id)


async def send_code(tx: Tx, vault: Vault, attempt_id: UUID, address: CodeAddress, now: datetime) -> Sending:
    return await codes.send(tx, vault, Matter(Purpose.SIGN_IN, attempt_id), address.to, now)


async def answer_code(
    tx: Tx, vault: Vault, attempt_id: UUID, person_id: UUID, digits: str, device: str, now: datetime
) -> Judged:
    judged = await codes.enter(tx, vault, Matter(Purpose.SIGN_IN, attempt_id), digits, now)
    if not judged.right:
        await store.add_record(tx, person_id, SignInRecord(now, Outcome.WRONG_CODE, device))
    return judged


async def record_entry(tx: Tx, vault: Vault, person: Person, device: str, *, security_url: str, now: datetime) -> None:
    """Into the history; a device that the account has not seen before is told to its owner."""
    before = await store.known_devices(tx, person.id)
    await store.add_record(tx, person.id, SignInRecord(now, Outcome.PASSED, device))
    if before and device not in before:
        for contact in await people.contacts_of(tx, vault, person.id):
            if isinstance(contact.value, Email):
                await send(tx, vault, letters.new_device(contact.value, person.name.given_name, device, security_url))


async def history(tx: Tx, person_id: UUID) -> list[SignInRecord]:
    """The newest first."""
    return await store.records(tx, person_id, limit=HISTORY)
