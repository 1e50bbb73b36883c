"""What can be done with people and their accounts. Every action works inside the caller's transaction.

`vault` opens what is sealed. `actor` says who did it, for the journal: `person:<uuid>`, `clerk:<uuid>`, `system`.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.people import store
from myschool.gosuslugi.people.model import (
    Contact,
    ContactKind,
    ContactsFixed,
    ContactTaken,
    ContactValue,
    Document,
    EsiaAccount,
    Level,
    LevelRaised,
    Move,
    NoSuchPerson,
    NothingPending,
    Particulars,
    Person,
    SnilsTaken,
    already_moved,
    kind_of,
    login_candidates,
    moved,
)
from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Snils

OID_FIRST, OID_LAST = 1_000_000_000, 9_999_999_999
OID_ATTEMPTS = 20


def chain_of(person_id: UUID) -> str:
    """The journal that this person reads."""
    return f"person:{person_id}"


# -- look up -----------------------------------------------------------------------------------------------------------


async def by_id(tx: Tx, vault: Vault, person_id: UUID) -> Person:
    """Raises NoSuchPerson."""
    found = await store.find(tx, vault, person_id)
    if found is None:
        raise NoSuchPerson(person_id)
    return found


signed_in = by_id


async def by_ids(tx: Tx, vault: Vault, person_ids: Sequence[UUID]) -> dict[UUID, Person]:
    """Those of them that exist."""
    return await store.find_many(tx, vault, person_ids) if person_ids else {}


async def by_oid(tx: Tx, vault: Vault, oid: int) -> Person | None:
    return await store.find_by_oid(tx, vault, oid)


async def by_snils(tx: Tx, vault: Vault, snils: Snils) -> Person | None:
    return await store.find_by_snils(tx, vault, snils)


async def find_by_login(tx: Tx, vault: Vault, text: str) -> Person | None:
    """Whoever has this telephone, e-mail or СНИЛС, in any spelling. Only verified contacts count."""
    for candidate in login_candidates(text):
        if isinstance(candidate, Snils):
            found = await store.find_by_snils(tx, vault, candidate)
        else:
            found = await store.find_by_contact(tx, vault, candidate)
        if found is not None:
            return found
    return None


# -- accounts ----------------------------------------------------------------------------------------------------------


async def create(
    tx: Tx, vault: Vault, *, name: FullName, contact: ContactValue, now: datetime, person_id: UUID | None = None
) -> Person:
    """A simplified account with one verified contact. Raises ContactTaken; then nothing was written.

    A `person_id` chosen beforehand makes a repetition harmless: it gives the person made the first time.
    """
    person_id = person_id or new_id()
    if made := await store.find(tx, vault, person_id):
        return made
    async with tx.begin_nested():
        created = await _add(tx, vault, Person(person_id, name, _account(Level.SIMPLIFIED, now), now))
        await _claim(tx, vault, created.id, contact, now)
    chain = chain_of(created.id)
    await journal.write(tx, chain, "account:created", actor=chain, facts={"level": Level.SIMPLIFIED})
    return created


async def create_child_account(
    tx: Tx,
    vault: Vault,
    *,
    name: FullName,
    particulars: Particulars,
    contacts: Sequence[ContactValue],
    documents: Iterable[Document],
    actor: str,
    now: datetime,
    person_id: UUID | None = None,
    level: Level = Level.CHILD,
) -> Person:
    """The account of a child, with contacts that were verified before. Who may make it is decided above.

    `level` PROVISIONAL: what a parent says and nobody has confirmed; then without СНИЛС and documents.

    Raises SnilsTaken or ContactTaken; then nothing was written. `person_id` as in `create`.
    """
    person_id = person_id or new_id()
    if made := await store.find(tx, vault, person_id):
        return made
    child = Person(
        id=person_id,
        name=name,
        account=_account(level, now),
        updated_at=now,
        birth_date=particulars.birth_date,
        sex=particulars.sex,
        snils=particulars.snils,
        birthplace=particulars.birthplace,
        citizenship=particulars.citizenship,
    )
    async with tx.begin_nested():
        child = await _add(tx, vault, child)
        for value in contacts:
            await _claim(tx, vault, child.id, value, now)
        for paper in documents:
            await store.put_document(tx, vault, child.id, paper)
    await journal.write(tx, chain_of(child.id), "account:created", actor=actor, facts={"level": level})
    return child


async def prove(
    tx: Tx,
    vault: Vault,
    person_id: UUID,
    name: FullName,
    particulars: Particulars,
    documents: Iterable[Document],
    now: datetime,
) -> None:
    """Writes what registers or a clerk confirmed. Raises SnilsTaken; then nothing was written."""
    await store.set_particulars(tx, vault, person_id, particulars, now)
    await store.set_name(tx, person_id, name, now)
    for paper in documents:
        await store.put_document(tx, vault, person_id, paper)


async def live_in(tx: Tx, person_id: UUID, region: str | None) -> None:
    """By whose clocks the person's birthdays begin; what is known already stays."""
    if region is not None:
        await store.set_region(tx, person_id, region)


async def live_in_many(tx: Tx, regions: Mapping[UUID, str]) -> None:
    """As `live_in`, for many at once."""
    if regions:
        await store.set_regions(tx, regions)


async def restate(
    tx: Tx, vault: Vault, person_id: UUID, name: FullName, particulars: Particulars, now: datetime
) -> None:
    """What a parent says anew of a provisional account; nothing is proved by it, no СНИЛС is set."""
    await store.set_particulars(tx, vault, person_id, replace(particulars, snils=None), now)
    await store.set_name(tx, person_id, name, now)


async def raise_level(tx: Tx, vault: Vault, person_id: UUID, move: Move, *, actor: str, now: datetime) -> bool:
    """False when the account was there already. Raises NoSuchPerson, LevelCannotMove. Tells `LevelRaised`."""
    found = await store.find(tx, vault, person_id, for_update=True)
    if found is None:
        raise NoSuchPerson(person_id)
    if already_moved(found.level, move):
        return False
    level = moved(found.level, move)
    await store.set_level(tx, person_id, level, now)
    await journal.write(tx, chain_of(person_id), "account:level_raised", actor=actor, facts={"level": level})
    await agenda.put(tx, LevelRaised(person_id=person_id, level=level))
    return True


async def close(tx: Tx, person_id: UUID, *, actor: str, now: datetime) -> None:
    """The account is deleted: nobody finds it any more, and its contacts and СНИЛС are free. The journal stays.

    Who may do it is decided above, and sessions, password and grants are ended there.
    """
    await store.close(tx, person_id, now)
    await journal.write(tx, chain_of(person_id), "account:deleted", actor=actor)


async def was_closed(tx: Tx, person_id: UUID) -> bool:
    """An account of this id was deleted, so that the id is used up."""
    return await store.was_closed(tx, person_id)


def _account(level: Level, now: datetime) -> EsiaAccount:
    return EsiaAccount(_random_oid(), level, level_since=now, created_at=now)


def _random_oid() -> int:
    return OID_FIRST + secrets.randbelow(OID_LAST - OID_FIRST + 1)


async def _add(tx: Tx, vault: Vault, made: Person) -> Person:
    """Raises SnilsTaken. Repeats with another oid where chance met an old one."""
    for _ in range(OID_ATTEMPTS):
        if await store.add(tx, vault, made):
            return made
        if made.snils is not None and await store.find_by_snils(tx, vault, made.snils):
            raise SnilsTaken
        if same := await store.find(tx, vault, made.id):
            return same
        made = replace(made, account=replace(made.account, oid=_random_oid()))
    raise AssertionError("oids are nine thousand million; twenty in a row are never taken")


# -- contacts and documents --------------------------------------------------------------------------------------------


async def contacts_of(tx: Tx, vault: Vault, person_id: UUID) -> list[Contact]:
    """At most one of each kind, e-mail first."""
    return await store.contacts(tx, vault, person_id)


async def taken(tx: Tx, vault: Vault, value: ContactValue) -> bool:
    """An account has verified this contact."""
    return await store.is_verified(tx, vault, value)


async def contacts_of_many(tx: Tx, vault: Vault, person_ids: Sequence[UUID]) -> dict[UUID, list[ContactValue]]:
    """What each has verified, the e-mail first."""
    return await store.mailboxes(tx, vault, person_ids) if person_ids else {}


async def ask_contact(tx: Tx, vault: Vault, person_id: UUID, value: ContactValue) -> None:
    """The value waits for its code; until then the old one works. Raises ContactsFixed."""
    if await store.level_of(tx, person_id) is Level.PROVISIONAL:
        raise ContactsFixed
    await store.put_pending(tx, vault, person_id, value)


async def verify_contact(
    tx: Tx, vault: Vault, person_id: UUID, kind: ContactKind, now: datetime, *, actor: str | None = None
) -> ContactValue:
    """The waiting value is the person's from now on. `actor`: where another than the person entered the code.

    Raises NothingPending, ContactTaken.
    """
    value = await store.take_pending(tx, vault, person_id, kind)
    if value is None:
        raise NothingPending(kind)
    await _claim(tx, vault, person_id, value, now)
    await journal.write(
        tx, chain_of(person_id), "contact:verified", actor=actor or chain_of(person_id), facts={"kind": str(kind)}
    )
    return value


async def drop_pending_contact(tx: Tx, vault: Vault, person_id: UUID, kind: ContactKind) -> None:
    await store.take_pending(tx, vault, person_id, kind)


async def documents_of(tx: Tx, vault: Vault, person_id: UUID) -> list[Document]:
    """At most one of each kind."""
    return await store.documents(tx, vault, person_id)


async def add_verified_contact(tx: Tx, vault: Vault, person_id: UUID, value: ContactValue, now: datetime) -> None:
    """A contact that was proved elsewhere (a parent's child, the sandbox's cast). Raises ContactTaken."""
    await _claim(tx, vault, person_id, value, now)


async def _claim(tx: Tx, vault: Vault, person_id: UUID, value: ContactValue, now: datetime) -> None:
    if not await store.add_contact(tx, vault, person_id, value, now):
        raise ContactTaken(kind_of(value))
