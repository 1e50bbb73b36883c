"""What is done with persons: taken in from ESIA, given to the slices above, profiles chosen and given."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW
from myschool.papers.numbers import Email, Snils
from myschool.portal.people import store
from myschool.portal.people.model import (
    TOLD_HOLDS_FOR,
    ChildrenTold,
    Level,
    NotConfirmedYet,
    Person,
    Profile,
    ProfileClosed,
    ToldChild,
    ToldPerson,
    UnknownPerson,
    hindrance,
)


async def upsert_from_esia(tx: Tx, vault: Vault, told: ToldPerson, now: datetime) -> Person:
    """The person of this oid, made or brought up to date. Two sign-ins at once make one person."""
    return await person(tx, vault, await store.save_person(tx, vault, told, now))


async def person(tx: Tx, vault: Vault, person_id: UUID) -> Person:
    """Raises UnknownPerson."""
    found = await store.load_persons(tx, vault, [person_id])
    if person_id not in found:
        raise UnknownPerson
    return found[person_id]


async def check_may_act(tx: Tx, *ids: UUID) -> None:
    """The lock of every action that does more than look. Raises NotConfirmedYet."""
    for person_id in dict.fromkeys(ids):
        if await store.level_of(tx, person_id) is Level.PROVISIONAL:
            raise NotConfirmedYet


async def persons(tx: Tx, vault: Vault, ids: Collection[UUID]) -> dict[UUID, Person]:
    """Those of the ids that are known, in one question."""
    return await store.load_persons(tx, vault, ids) if ids else {}


async def find_by_oid(tx: Tx, vault: Vault, oid: int) -> Person | None:
    return await store.find_by_oid(tx, vault, oid)


async def find_by_snils(tx: Tx, vault: Vault, snils: Snils) -> list[Person]:
    """Everybody who came with this СНИЛС: more than one when an account at ESIA was made anew."""
    return await store.find_by_snils(tx, vault, snils)


async def email_of(tx: Tx, vault: Vault, person_id: UUID) -> Email | None:
    """Where letters to this person go; None when ESIA told none."""
    return await store.email_of(tx, vault, person_id)


async def take_children(tx: Tx, vault: Vault, person_id: UUID, told: Sequence[ToldChild], now: datetime) -> None:
    """Keeps what ESIA told of the person's children, and says so upwards when it differs from what was known."""
    fresh = {child.esia_id: child for child in told}
    known = {child.esia_id: child for child in await store.children_of(tx, vault, person_id)}
    if fresh == known:
        await store.tell_again(tx, person_id, now)
        return
    await store.replace_children(tx, vault, person_id, list(fresh.values()), now)
    await agenda.put(tx, ChildrenTold(person_id=person_id))


async def children_of(tx: Tx, vault: Vault, person_id: UUID, now: datetime) -> list[ToldChild]:
    """Whom the person may represent: those of whom ESIA told just now. What was told before gives no right."""
    return await store.children_of(tx, vault, person_id, since=now - TOLD_HOLDS_FOR)


async def is_child_account(tx: Tx, person_id: UUID) -> bool:
    """As ESIA told at the last sign-in: adults hold the keys of this account."""
    return await store.level_of(tx, person_id) is Level.CHILD


async def children_named(tx: Tx, vault: Vault, person_id: UUID) -> list[ToldChild]:
    """As ESIA told them when it was last asked: whether there are any, never for a right and never to be shown."""
    return await store.children_of(tx, vault, person_id)


async def profiles_of(tx: Tx, person_id: UUID) -> list[Profile]:
    """In the order in which he got them."""
    return await store.profiles_of(tx, person_id)


async def choose_profile(tx: Tx, vault: Vault, person_id: UUID, profile: Profile, now: datetime) -> None:
    """Choosing one that he has changes nothing. Raises ProfileClosed with the hindrance."""
    chooser = await person(tx, vault, person_id)
    hindered = hindrance(profile, chooser, now.astimezone(MOSCOW).date())
    if hindered is not None:
        raise ProfileClosed(profile, hindered)
    if await store.add_profile(tx, person_id, profile, now):
        await _note(tx, person_id, "profile:chosen", f"person:{person_id}", profile)


async def give_administrator(tx: Tx, person_id: UUID, now: datetime, *, given_by: str) -> None:
    """For the slice that knows who may administrate a school. `given_by`: the actor, as in the journal.

    Raises NotConfirmedYet.
    """
    await check_may_act(tx, person_id)
    if await store.add_profile(tx, person_id, Profile.ADMINISTRATOR, now):
        await _note(tx, person_id, "profile:given", given_by, Profile.ADMINISTRATOR)


async def take_administrator(tx: Tx, person_id: UUID, *, taken_by: str) -> None:
    if await store.remove_profile(tx, person_id, Profile.ADMINISTRATOR):
        await _note(tx, person_id, "profile:taken", taken_by, Profile.ADMINISTRATOR)


async def _note(tx: Tx, person_id: UUID, tag: str, actor: str, profile: Profile) -> None:
    await journal.write(tx, f"person:{person_id}", tag, actor=actor, facts={"profile": profile})
