"""Every sealed column gets the newest key, while the house reads and writes."""

import asyncio

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, insert, select, update

from myschool.kit import rotation
from myschool.kit.db import Database
from myschool.kit.rotation import WrongDeclaration
from myschool.kit.schema import metadata as kit_metadata
from myschool.kit.vault import Vault, VaultKey
from tests.conftest import MakeDb

SNILS, MAIL = "person.snils", "person.mail"

house = MetaData()
person = Table(
    "person",
    house,
    Column("region", Text, primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("snils_sealed", LargeBinary, info={"sealed": SNILS}),
    Column("snils_index", LargeBinary, unique=True, info={"index_of": "snils_sealed", "place": SNILS}),
    Column("mail_sealed", LargeBinary, info={"sealed": MAIL}),
    Column("mail_index", LargeBinary, info={"index_of": "mail_sealed", "place": MAIL, "normal": str.lower}),
)
OLD, NEW = VaultKey.fresh(), VaultKey.fresh()
before, after = Vault([OLD]), Vault([NEW, OLD])
COUNT = 50


def row(vault: Vault, n: int) -> dict[str, object]:
    snils, mail = f"{n:011}", f"Anna{n}@Example.ru"
    return {
        "region": "77" if n % 2 else "50",
        "id": n,
        "snils_sealed": vault.seal(snils, place=SNILS) if n % 5 else None,
        "snils_index": vault.index(snils, place=SNILS) if n % 5 else None,
        "mail_sealed": vault.seal(mail, place=MAIL),
        "mail_index": vault.index(mail.lower(), place=MAIL),
    }


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    db = await make_db(house)
    async with db.transaction() as tx:
        await tx.execute(insert(person), [row(before, n) for n in range(COUNT)])
    return db


async def find(db: Database, vault: Vault, n: int) -> str:
    async with db.transaction() as tx:
        query = select(person.c.mail_sealed).where(
            person.c.mail_index.in_(vault.indexes(f"anna{n}@example.ru", place=MAIL))
        )
        return vault.open((await tx.execute(query)).scalar_one(), place=MAIL)


async def test_everything_gets_the_newest_key(db: Database) -> None:
    """After a rotation the newest key alone opens and finds every value."""
    assert await rotation.left(db, house, after) == COUNT + COUNT * 4 // 5
    result = await rotation.reseal(db, house, after, batch=7)
    assert (result.done, result.not_opened) == (COUNT + COUNT * 4 // 5, [])
    assert await rotation.left(db, house, after) == 0
    newest = Vault([NEW])
    async with db.transaction() as tx:
        rows = (await tx.execute(select(person).order_by(person.c.id))).all()
    for n, found in enumerate(rows):
        assert newest.open(found.mail_sealed, place=MAIL) == f"Anna{n}@Example.ru"
        assert found.mail_index == newest.index(f"anna{n}@example.ru", place=MAIL)
        if n % 5:
            assert newest.open(found.snils_sealed, place=SNILS) == f"{n:011}"
            assert found.snils_index == newest.index(f"{n:011}", place=SNILS)
        else:
            assert found.snils_sealed is None
    assert (await rotation.reseal(db, house, after)).done == 0


async def test_found_all_the_time(db: Database) -> None:
    """While the rotation walks, everybody is found and opened at every moment."""
    walking = asyncio.create_task(rotation.reseal(db, house, after, batch=3))
    looks = 0
    while not walking.done():
        n = looks % COUNT
        assert await find(db, after, n) == f"Anna{n}@Example.ru"
        looks += 1
    assert walking.result().done > 0
    assert looks > 5


async def test_what_the_house_writes_meanwhile_stays(db: Database) -> None:
    """A value changed between reading and resealing is not overwritten with the old one."""
    newer = before.seal("new@example.ru", place=MAIL)
    walk = rotation.sealed_columns(house)
    [mail] = [sealed for sealed in walk if sealed.place == MAIL]
    async with db.transaction() as tx:
        rows = (await tx.execute(select(person.c.region, person.c.id, person.c.mail_sealed).limit(1))).all()
        changes, _ = rotation._changes(mail, after, rows)
    same_row = (person.c.region == rows[0].region) & (person.c.id == rows[0].id)
    async with db.transaction() as tx:
        await tx.execute(update(person).where(same_row).values(mail_sealed=newer))
    async with db.transaction() as tx:
        await tx.execute(rotation._update(mail), changes)
    async with db.transaction() as tx:
        assert (await tx.execute(select(person.c.mail_sealed).where(same_row))).scalar_one() == newer
    await rotation.reseal(db, house, after)
    async with db.transaction() as tx:
        sealed = (await tx.execute(select(person.c.mail_sealed).where(same_row))).scalar_one()
    assert Vault([NEW]).open(sealed, place=MAIL) == "new@example.ru"


async def test_two_rotations_at_once(db: Database) -> None:
    """Two commands at once, or one begun again half-way, do no harm to each other."""
    await asyncio.gather(*(rotation.reseal(db, house, after, batch=4) for _ in range(3)))
    assert await rotation.left(db, house, after) == 0


async def test_unopened_is_named(db: Database) -> None:
    """A value that no key opens stops nothing, is left as it is, and is named by its row."""
    stranger = Vault([VaultKey.fresh()]).seal("x", place=MAIL)
    async with db.transaction() as tx:
        await tx.execute(update(person).where(person.c.id == 3).values(mail_sealed=stranger))
    result = await rotation.reseal(db, house, after, batch=7)
    assert result.not_opened == [("person", "mail_sealed", ("77", 3))]
    assert await rotation.left(db, house, after) == 1


def test_wrong_declarations() -> None:
    """An index of nothing, and a sealed column that rows can not be named by, are refused."""
    for wrong in (
        [Column("id", Integer, primary_key=True), Column("i", LargeBinary, info={"index_of": "s", "place": "p"})],
        [Column("s", LargeBinary, info={"sealed": "p"})],
    ):
        metadata = MetaData()
        Table("wrong", metadata, *wrong)
        with pytest.raises(WrongDeclaration):
            rotation.sealed_columns(metadata)


def test_the_ground_declares_its_own() -> None:
    """Letters and signing keys are among what a rotation walks."""
    places = {sealed.place for sealed in rotation.sealed_columns(kit_metadata)}
    assert places >= {"letter.sealed", "signing_key.private"}
