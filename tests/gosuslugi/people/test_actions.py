"""Accounts, contacts and levels with the database."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from myschool.gosuslugi.people import actions
from myschool.gosuslugi.people.model import (
    ContactKind,
    ContactTaken,
    Document,
    DocumentKind,
    Level,
    LevelCannotMove,
    Move,
    NothingPending,
    Particulars,
    Person,
    Sex,
    SnilsTaken,
)
from myschool.kit import journal
from myschool.kit.db import Database
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Phone, Snils

NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
OLGA = FullName("Смирнова", "Ольга", "Сергеевна")
MASHA = FullName("Смирнова", "Мария", "Андреевна")
MAIL = Email("olga@mail.example")
PHONE = Phone("9161234567")
SNILS = Snils.parse("112-233-445 95")
PAPERS = Particulars(date(1988, 5, 4), Sex.FEMALE, SNILS, "г. Тула")


async def olga(db: Database, vault: Vault) -> Person:
    return await db.run(lambda tx: actions.create(tx, vault, name=OLGA, contact=MAIL, now=NOW))


async def count(db: Database, table: str) -> int:
    async with db.transaction() as tx:
        return int((await tx.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


async def test_a_new_account_is_simplified_and_known_by_ten_digits(db: Database, vault: Vault) -> None:
    """Registration gives a level, an oid and one verified contact."""
    made = await olga(db, vault)
    async with db.transaction() as tx:
        found = await actions.signed_in(tx, vault, made.id)
        contacts = await actions.contacts_of(tx, vault, made.id)
    assert found == made
    assert found.level is Level.SIMPLIFIED
    assert len(str(found.oid)) == 10
    assert [(one.kind, one.value, one.pending) for one in contacts] == [(ContactKind.EMAIL, MAIL, None)]


async def test_a_repeated_registration_makes_no_second_person(db: Database, vault: Vault) -> None:
    """The id chosen beforehand is the key; a second press gets the same person."""
    person_id = new_id()

    async def register() -> Person:
        return await db.run(lambda tx: actions.create(tx, vault, name=OLGA, contact=MAIL, now=NOW, person_id=person_id))

    first, second = await asyncio.gather(register(), register())
    assert first.id == second.id == person_id
    assert await count(db, "person") == 1


async def test_a_verified_contact_belongs_to_one_account(db: Database, vault: Vault) -> None:
    """The second account is refused and leaves no half-made person behind."""
    await olga(db, vault)
    async with db.transaction() as tx:
        with pytest.raises(ContactTaken):
            await actions.create(tx, vault, name=MASHA, contact=Email("OLGA@mail.example"), now=NOW)
    assert await count(db, "person") == 1


async def test_eight_registrations_with_one_address_make_one_account(db: Database, vault: Vault) -> None:
    """The unique index judges the race."""

    async def register() -> bool:
        try:
            await olga(db, vault)
        except ContactTaken:
            return False
        return True

    assert sum(await asyncio.gather(*(register() for _ in range(8)))) == 1
    assert (await count(db, "person"), await count(db, "contact")) == (1, 1)


@pytest.mark.parametrize("typed", ["olga@mail.example", "OLGA@MAIL.EXAMPLE", "11223344595", "112-233-445 95"])
async def test_a_person_is_found_by_any_login(db: Database, vault: Vault, typed: str) -> None:
    """E-mail and СНИЛС in any spelling."""
    made = await olga(db, vault)
    async with db.transaction() as tx:
        await actions.prove(tx, vault, made.id, OLGA, PAPERS, [], NOW)
        found = await actions.find_by_login(tx, vault, typed)
    assert found is not None
    assert found.id == made.id


async def test_the_old_contact_works_until_the_code_is_entered(db: Database, vault: Vault) -> None:
    """A pending value signs nobody in; the verified one does, until it is replaced."""
    made, new = await olga(db, vault), Email("new@mail.example")
    async with db.transaction() as tx:
        await actions.ask_contact(tx, vault, made.id, new)
        assert await actions.find_by_login(tx, vault, new.address) is None
        assert await actions.find_by_login(tx, vault, MAIL.address) is not None
        assert (await actions.contacts_of(tx, vault, made.id))[0].pending == new
        await actions.verify_contact(tx, vault, made.id, ContactKind.EMAIL, NOW)
        assert await actions.find_by_login(tx, vault, new.address) is not None
        assert await actions.find_by_login(tx, vault, MAIL.address) is None
        with pytest.raises(NothingPending):
            await actions.verify_contact(tx, vault, made.id, ContactKind.EMAIL, NOW)


async def test_several_accounts_may_wait_for_one_contact_but_one_gets_it(db: Database, vault: Vault) -> None:
    """Nobody can block a stranger's telephone by typing it first."""
    first = await olga(db, vault)
    async with db.transaction() as tx:
        second = await actions.create(tx, vault, name=MASHA, contact=Email("m@mail.example"), now=NOW)
        for one in (first, second):
            await actions.ask_contact(tx, vault, one.id, PHONE)
        await actions.verify_contact(tx, vault, second.id, ContactKind.MOBILE, NOW)
        with pytest.raises(ContactTaken):
            await actions.verify_contact(tx, vault, first.id, ContactKind.MOBILE, NOW)
        assert await actions.taken(tx, vault, PHONE)


async def test_a_level_rises_once_and_is_told_once(db: Database, vault: Vault) -> None:
    """A repetition is no second event; the journal has one entry."""
    made = await olga(db, vault)
    async with db.transaction() as tx:
        await actions.prove(tx, vault, made.id, OLGA, PAPERS, [], NOW)
        assert await actions.raise_level(tx, vault, made.id, Move.PROVE_PAPERS, actor="system", now=NOW)
        assert not await actions.raise_level(tx, vault, made.id, Move.PROVE_PAPERS, actor="system", now=NOW)
        entries = await journal.read(tx, actions.chain_of(made.id))
    assert [entry.tag for entry in entries] == ["account:level_raised", "account:created"]
    assert await count(db, "agenda_item WHERE kind = 'people.level_raised'") == 1


async def test_a_simplified_account_is_not_confirmed_past_the_registers(db: Database, vault: Vault) -> None:
    """The table of moves is the lock."""
    made = await olga(db, vault)
    async with db.transaction() as tx:
        with pytest.raises(LevelCannotMove):
            await actions.raise_level(tx, vault, made.id, Move.CONFIRM_IDENTITY, actor="clerk:1", now=NOW)
        assert (await actions.by_id(tx, vault, made.id)).level is Level.SIMPLIFIED


async def test_a_snils_belongs_to_one_account(db: Database, vault: Vault) -> None:
    """The second is refused and the transaction goes on."""
    first = await olga(db, vault)
    async with db.transaction() as tx:
        second = await actions.create(tx, vault, name=MASHA, contact=Email("m@mail.example"), now=NOW)
        await actions.prove(tx, vault, first.id, OLGA, PAPERS, [], NOW)
        with pytest.raises(SnilsTaken):
            await actions.prove(tx, vault, second.id, OLGA, PAPERS, [], NOW)
        assert (await actions.by_id(tx, vault, second.id)).snils is None


async def test_a_child_account_is_made_whole_or_not_at_all(db: Database, vault: Vault) -> None:
    """СНИЛС, e-mail and certificate are there together; a taken e-mail leaves nothing."""
    await olga(db, vault)
    papers = Particulars(date(2016, 12, 2), Sex.FEMALE, SNILS)
    certificate = Document(new_id(), DocumentKind.RF_BRTH_CERT, "II-БО", "123456", date(2016, 12, 9), "ЗАГС")

    async def make(mail: Email) -> Person:
        async with db.transaction() as tx:
            return await actions.create_child_account(
                tx,
                vault,
                name=MASHA,
                particulars=papers,
                contacts=[mail],
                documents=[certificate],
                actor="person:x",
                now=NOW,
            )

    with pytest.raises(ContactTaken):
        await make(MAIL)
    assert await count(db, "person") == 1
    child = await make(Email("masha@mail.example"))
    assert (child.level, child.snils) == (Level.CHILD, SNILS)
    async with db.transaction() as tx:
        assert await actions.documents_of(tx, vault, child.id) == [certificate]
    with pytest.raises(SnilsTaken):
        await make(Email("masha2@mail.example"))


async def test_nothing_that_identifies_lies_open(db: Database, vault: Vault) -> None:
    """СНИЛС, passport and contacts are sealed in the tables and hidden in `repr`."""
    made = await olga(db, vault)
    passport = Document(new_id(), DocumentKind.RF_PASSPORT, "4508", "123456", date(2010, 1, 1), "ОВД", "770001")
    async with db.transaction() as tx:
        await actions.prove(tx, vault, made.id, OLGA, PAPERS, [passport], NOW)
        await actions.ask_contact(tx, vault, made.id, PHONE)
        rows = ""
        for table in ("person", "contact", "contact_pending", "document"):
            rows += str((await tx.execute(text(f"SELECT t::text FROM {table} t"))).all())
        shown = repr(await actions.by_id(tx, vault, made.id)) + repr(passport)
    for secret in (SNILS.digits, "123456", MAIL.address, PHONE.digits, "Тула"):
        assert secret not in rows
        assert secret.encode().hex() not in rows
        assert secret not in shown
    assert "Смирнова" not in shown
