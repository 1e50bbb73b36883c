"""Consent given and withdrawn, and a registration completed with it."""

from datetime import date, datetime
from uuid import UUID

from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW
from myschool.portal.consents import store
from myschool.portal.consents.model import (
    VERSION,
    Consent,
    ConsentGiven,
    ConsentMissing,
    ConsentWithdrawn,
    NotYoursToGive,
    UnknownConsent,
    consents_himself,
)
from myschool.portal.people import actions as people
from myschool.portal.people.model import Person, Profile


async def standing(tx: Tx, person_id: UUID) -> Consent | None:
    return (await store.standing(tx, [person_id])).get(person_id)


async def complete(tx: Tx, vault: Vault, person: Person, profile: Profile, *, agreed: bool, now: datetime) -> None:
    """The end of a registration: consent first, then the profile. Sent twice it changes nothing.

    Raises ConsentMissing, ProfileClosed. A child under 14 needs no consent to look; a parent gives it for acting.
    """
    asked = await must_agree(tx, person, now)
    if asked and not agreed:
        raise ConsentMissing
    await people.choose_profile(tx, vault, person.id, profile, now)
    if asked:
        await _give(tx, person.id, person.id, now)


async def must_agree(tx: Tx, person: Person, now: datetime) -> bool:
    """Whether the person himself still has to consent: not a child, and none stands."""
    return consents_himself(person, _today(now)) and await standing(tx, person.id) is None


async def give(tx: Tx, vault: Vault, giver_id: UUID, person_id: UUID, now: datetime) -> None:
    """For oneself, or for one's child under 14. Given twice it changes nothing. Raises NotYoursToGive."""
    if not await may_decide(tx, vault, giver_id, person_id, now):
        raise NotYoursToGive
    await _give(tx, person_id, giver_id, now)


async def withdraw(tx: Tx, vault: Vault, by: UUID, person_id: UUID, now: datetime) -> None:
    """Raises UnknownConsent, for another's too."""
    if not await may_decide(tx, vault, by, person_id, now) or not await store.end(tx, person_id, by, now):
        raise UnknownConsent
    await _note(tx, person_id, "consent:withdrawn", by)
    await agenda.put(tx, ConsentWithdrawn(person_id=person_id))


async def children_known(tx: Tx, vault: Vault, parent_id: UUID, now: datetime) -> list[Person]:
    """Children for whom this parent decides: ESIA tells so now, they are under 14, and they came here themselves."""
    today, found = _today(now), []
    for child in await people.children_of(tx, vault, parent_id, now):
        if child.snils is None or child.only_read:
            continue
        same = [one for one in await people.find_by_snils(tx, vault, child.snils) if one.birth_date == child.birth_date]
        found += [one for one in same if one.id != parent_id and one.is_child_on(today)]
    return found


async def may_decide(tx: Tx, vault: Vault, decider_id: UUID, person_id: UUID, now: datetime) -> bool:
    """For oneself from 14 on; before that a parent of whom ESIA told so."""
    if decider_id == person_id:
        return consents_himself(await people.person(tx, vault, person_id), _today(now))
    return any(child.id == person_id for child in await children_known(tx, vault, decider_id, now))


async def _give(tx: Tx, person_id: UUID, given_by: UUID, now: datetime) -> None:
    await people.check_may_act(tx, person_id, given_by)
    if await store.add(tx, Consent(new_id(), person_id, given_by, VERSION, now)):
        await _note(tx, person_id, "consent:given", given_by)
        await agenda.put(tx, ConsentGiven(person_id=person_id))


async def _note(tx: Tx, person_id: UUID, tag: str, by: UUID) -> None:
    await journal.write(tx, f"person:{person_id}", tag, actor=f"person:{by}", facts={"version": VERSION})


def _today(now: datetime) -> date:
    return now.astimezone(MOSCOW).date()
