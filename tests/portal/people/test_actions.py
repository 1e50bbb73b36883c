"""What ESIA told becomes persons, once, however often it is told."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from myschool.kit.agenda import agenda_item
from myschool.kit.db import Database
from myschool.kit.vault import Vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Snils
from myschool.portal.people import actions, store
from myschool.portal.people.model import (
    Hindrance,
    Level,
    Person,
    Profile,
    ProfileClosed,
    Sex,
    ToldChild,
    ToldPerson,
)

NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
OLGA = ToldPerson(
    1_000_000_001,
    FullName("Смирнова", "Ольга", "Сергеевна"),
    Level.CONFIRMED,
    date(1988, 3, 17),
    Sex.FEMALE,
    Snils("00000060006"),
)
ALYONA = ToldChild("77", FullName("Смирнова", "Алёна"), date(2017, 5, 14), Sex.FEMALE, Snils("00000060107"))


async def came(db: Database, vault: Vault, told: ToldPerson = OLGA) -> Person:
    return await db.run(lambda tx: actions.upsert_from_esia(tx, vault, told, NOW))


async def tell(db: Database, vault: Vault, person: Person, *children: ToldChild) -> None:
    await db.run(lambda tx: actions.take_children(tx, vault, person.id, children, NOW))


async def events(db: Database) -> int:
    query = select(func.count()).where(agenda_item.c.kind == "people.children_told")
    return await db.run(lambda tx: _one(tx, query))


async def _one(tx, query) -> int:
    return (await tx.execute(query)).scalar_one()


async def test_a_person_is_made_once_and_kept_up_to_date(db: Database, vault: Vault) -> None:
    """The second sign-in brings a new name under the same id."""
    first = await came(db, vault)
    second = await came(db, vault, replace(OLGA, name=FullName("Петрова", "Ольга", "Сергеевна")))
    assert second.id == first.id
    assert second.name.family_name == "Петрова"
    assert second.snils == OLGA.snils


async def test_two_sign_ins_at_once_make_one_person(db: Database, vault: Vault) -> None:
    """Two tabs that come back from ESIA together."""
    persons = await asyncio.gather(*(came(db, vault) for _ in range(8)))
    assert len({person.id for person in persons}) == 1


async def test_a_person_is_found_by_snils_without_its_standing_in_the_open(db: Database, vault: Vault) -> None:
    """The column holds sealed bytes; the index finds them."""
    person = await came(db, vault)
    found = await db.run(lambda tx: actions.find_by_snils(tx, vault, Snils("00000060006")))
    assert [one.id for one in found] == [person.id]
    raw = await db.run(lambda tx: _raw(tx))
    assert b"00000060006" not in raw


async def _raw(tx) -> bytes:
    row = (await tx.execute(select(store.person.c.snils_sealed, store.person.c.snils_index))).one()
    return bytes(row[0]) + bytes(row[1])


async def test_children_are_told_upwards_when_they_differ(db: Database, vault: Vault) -> None:
    """The same children again say nothing; one more, and one less, are news."""
    person = await came(db, vault)
    await tell(db, vault, person, ALYONA)
    await tell(db, vault, person, ALYONA)
    assert await events(db) == 1
    assert await db.run(lambda tx: actions.children_of(tx, vault, person.id, NOW)) == [ALYONA]
    await tell(db, vault, person)
    assert await events(db) == 2
    assert await db.run(lambda tx: actions.children_of(tx, vault, person.id, NOW)) == []


async def test_what_was_told_before_gives_no_right(db: Database, vault: Vault) -> None:
    """A minute later ESIA has to tell again; the names may still be shown."""
    person = await came(db, vault)
    await tell(db, vault, person, ALYONA)
    later = NOW + timedelta(seconds=61)
    assert await db.run(lambda tx: actions.children_of(tx, vault, person.id, later)) == []
    assert await db.run(lambda tx: actions.children_named(tx, vault, person.id)) == [ALYONA]
    await db.run(lambda tx: actions.take_children(tx, vault, person.id, [ALYONA], later))
    assert await db.run(lambda tx: actions.children_of(tx, vault, person.id, later)) == [ALYONA]


async def test_a_profile_is_chosen_once(db: Database, vault: Vault) -> None:
    """Pressing twice leaves one profile and one line in the journal."""
    person = await came(db, vault)
    for _ in range(2):
        await db.run(lambda tx: actions.choose_profile(tx, vault, person.id, Profile.GUARDIAN, NOW))
    assert await db.run(lambda tx: actions.profiles_of(tx, person.id)) == [Profile.GUARDIAN]
    lines = text("SELECT count(*) FROM journal_entry WHERE tag = 'profile:chosen'")
    assert await db.run(lambda tx: _one(tx, lines)) == 1


async def test_a_closed_profile_is_not_chosen(db: Database, vault: Vault) -> None:
    """The administrator's profile is given by those who may, and nobody chooses it."""
    person = await came(db, vault)
    with pytest.raises(ProfileClosed) as closed:
        await db.run(lambda tx: actions.choose_profile(tx, vault, person.id, Profile.ADMINISTRATOR, NOW))
    assert closed.value.hindrance is Hindrance.NEVER_CHOSEN
    await db.run(lambda tx: actions.give_administrator(tx, person.id, NOW, given_by="system"))
    assert await db.run(lambda tx: actions.profiles_of(tx, person.id)) == [Profile.ADMINISTRATOR]
