"""Appointing the people who act for a school, and checking that somebody does."""

from datetime import datetime
from uuid import UUID

from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.numbers import Ogrn, Snils
from myschool.portal.people import actions as people
from myschool.portal.people.model import Person
from myschool.portal.roll import store
from myschool.portal.roll.model import LastAdministrator, NotAdministrator, SchoolAdministrator


async def appoint(tx: Tx, vault: Vault, school: Ogrn, snils: Snils, *, by: str, now: datetime) -> bool:
    """The person of this СНИЛС becomes administrator at his next page; False when that waits already."""
    saved = await store.save_appointment(tx, vault, school, snils, by, now)
    if saved:
        await journal.write(tx, f"school:{school.digits}", "administrator:appointed", actor=by)
    return saved


async def appoint_once(tx: Tx, vault: Vault, school: Ogrn, snils: Snils, *, by: str, now: datetime) -> None:
    """As `appoint`, but nothing when the person was ever appointed to this school."""
    if not await store.was_appointed(tx, vault, school, snils):
        await appoint(tx, vault, school, snils, by=by, now=now)


async def administered_by(tx: Tx, vault: Vault, person: Person, now: datetime) -> list[SchoolAdministrator]:
    """The schools the person acts for; appointments that waited for him are taken up here."""
    if person.snils is not None:
        for school, by in await store.take_appointments(tx, vault, person.snils, now):
            await store.save_administrator(tx, school, person.id, by, now)
            await people.give_administrator(tx, person.id, now, given_by=by)
            await journal.write(tx, f"school:{school.digits}", "administrator:begun", actor=f"person:{person.id}")
    return [SchoolAdministrator(person.id, school) for school in await store.schools_of(tx, person.id)]


async def administrator_of(tx: Tx, vault: Vault, person: Person, school: Ogrn, now: datetime) -> SchoolAdministrator:
    """Raises NotAdministrator."""
    wanted = SchoolAdministrator(person.id, school)
    if wanted not in await administered_by(tx, vault, person, now):
        raise NotAdministrator
    return wanted


async def administrators_of(tx: Tx, school: Ogrn) -> list[UUID]:
    """Ids of the persons who act for the school now."""
    return await store.administrators_of(tx, school)


async def dismiss(tx: Tx, school: Ogrn, person_id: UUID, *, by: str, now: datetime) -> None:
    """Raises LastAdministrator, NotAdministrator."""
    if await store.count_for_update(tx, school) <= 1:
        raise LastAdministrator
    if not await store.end_administrator(tx, school, person_id, now):
        raise NotAdministrator
    if not await store.schools_of(tx, person_id):
        await people.take_administrator(tx, person_id, taken_by=by)
    facts = {"dismissed": str(person_id)}
    await journal.write(tx, f"school:{school.digits}", "administrator:dismissed", actor=by, facts=facts)
