"""A portal with two schools, a pupil and two administrators."""

import gzip
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from myschool.kit.db import Database
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Ogrn, Snils
from myschool.portal.joining import store as joining_store
from myschool.portal.joining.model import Wish
from myschool.portal.people import actions as people
from myschool.portal.people.model import Level, Person, Profile, Sex, ToldPerson
from myschool.portal.roll import actions as roll
from myschool.portal.roll.model import AcademicYear, SchoolAdministrator, SchoolClass
from myschool.portal.schools import actions as schools
from myschool.portal.schools.data import SHIPPED
from myschool.portal.tables import metadata
from tests.conftest import MakeDb

assert joining_store.join_request.metadata is metadata

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
SCHOOL, OTHER = Ogrn("1022402060328"), Ogrn("1022402060890")
NO_CLASSES = Ogrn("1020100510836")


@dataclass
class Portal:
    """Persons by their part; `wish` asks for the first school, 8Б."""

    db: Database
    vault: Vault
    pupil: Person
    stranger: Person
    elena: SchoolAdministrator
    galina: SchoolAdministrator
    foreign: SchoolAdministrator

    def wish(self, school: Ogrn = SCHOOL, grade: int = 8, letter: str = "Б") -> Wish:
        return Wish(school, SchoolClass(grade, letter), AcademicYear(2026))


def told(oid: int, given: str, family: str, snils: str, birth: date = date(2012, 4, 5)) -> ToldPerson:
    address = Email(f"person{oid}@pochta.example")
    return ToldPerson(oid, FullName(family, given), Level.CONFIRMED, birth, Sex.FEMALE, Snils(snils), address)


async def came(db: Database, vault: Vault, one: ToldPerson) -> Person:
    return await db.run(lambda tx: people.upsert_from_esia(tx, vault, one, NOW))


@pytest.fixture
def vault() -> Vault:
    return Vault([VaultKey.fresh()])


@pytest.fixture
async def portal(make_db: MakeDb, vault: Vault, tmp_path: Path) -> Portal:
    db = await make_db(ground, metadata)
    await schools.bring_in(db, _three_schools(tmp_path), schools.Options(register="test"))
    pupil = await came(db, vault, told(1, "Вера", "Ученикова", "00000060001"))
    await db.run(lambda tx: people.choose_profile(tx, vault, pupil.id, Profile.LEARNER, NOW))
    stranger = await came(db, vault, told(2, "Антон", "Чужих", "00000060002"))
    appointed = [
        await administrator(db, vault, told(3, "Елена", "Первая", "00000060003", date(1980, 1, 1)), SCHOOL),
        await administrator(db, vault, told(4, "Галина", "Вторая", "00000060004", date(1980, 1, 1)), SCHOOL),
        await administrator(db, vault, told(5, "Пётр", "Третий", "00000060005", date(1980, 1, 1)), OTHER),
    ]
    return Portal(db, vault, pupil, stranger, *appointed)


def _three_schools(folder: Path) -> Path:
    """Two schools and a house of creativity out of the shipped register."""
    with gzip.open(SHIPPED, "rt") as register:
        header, *rows = register
    wanted = tuple(one.digits for one in (SCHOOL, OTHER, NO_CLASSES))
    path = folder / "schools.csv"
    path.write_text(header + "".join(row for row in rows if row.startswith(wanted)))
    return path


async def administrator(db: Database, vault: Vault, one: ToldPerson, school: Ogrn) -> SchoolAdministrator:
    person = await came(db, vault, one)
    assert one.snils is not None
    snils = one.snils
    await db.run(lambda tx: roll.appoint(tx, vault, school, snils, by="system", now=NOW))
    return await db.run(lambda tx: roll.administrator_of(tx, vault, person, school, NOW))
