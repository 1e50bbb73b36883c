"""The cast's accounts at Госуслуги, at the level their part asks for."""

import asyncio
from datetime import datetime

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.operating import actions as operating
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Document, DocumentKind, Move, Particulars, Sex
from myschool.gosuslugi.signin.actions import secrets
from myschool.gosuslugi.signin.passwords import Passwords
from myschool.kit.db import Database, Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.sandbox import cast
from myschool.sandbox.cast import AccountLevel, Citizen, Role

MOVES = {
    AccountLevel.SIMPLIFIED: [],
    AccountLevel.STANDARD: [Move.PROVE_PAPERS],
    AccountLevel.CONFIRMED: [Move.PROVE_PAPERS, Move.CONFIRM_IDENTITY],
}
ACTOR = "system"
CENTRE = "Центр обслуживания № 1"


async def play_in(db: Database, vault: Vault, now: datetime) -> None:
    """Makes the accounts that are missing; everybody of the cast has the same password, hashed once each."""
    passwords = Passwords()

    async def missing(tx: Tx) -> list[Citizen]:
        wanted = [one for one in cast.CAST if one.level in MOVES]
        return [one for one in wanted if await people.find_by_login(tx, vault, one.sign_in) is None]

    absent = await db.run(missing)
    hashes = await asyncio.gather(*(passwords.hashed(one.password) for one in absent))
    for one, hashed in zip(absent, hashes, strict=True):
        await db.run(lambda tx, one=one, hashed=hashed: _make(tx, vault, one, hashed, now))  # type: ignore[misc]
    await db.run(lambda tx: _appoint_clerks(tx, vault, now))
    await db.run(lambda tx: _appoint_operators(tx, vault, now))


async def _appoint_clerks(tx: Tx, vault: Vault, now: datetime) -> None:
    for one in cast.CAST:
        person = await people.by_snils(tx, vault, one.snils) if one.role is Role.CLERK else None
        if person is not None and not await centre.is_clerk(tx, person):
            await centre.appoint(tx, person.id, CENTRE, actor=ACTOR, now=now)


async def _appoint_operators(tx: Tx, vault: Vault, now: datetime) -> None:
    for one in cast.CAST:
        person = await people.by_snils(tx, vault, one.snils) if one.role is Role.GOSUSLUGI_OPERATOR else None
        if person is not None:
            await operating.appoint_once(tx, person.id, by=ACTOR, now=now)


async def _make(tx: Tx, vault: Vault, one: Citizen, hashed: str, now: datetime) -> None:
    person = await people.create(tx, vault, name=one.name, contact=one.email, now=now)
    await people.add_verified_contact(tx, vault, person.id, one.phone, now)
    await secrets.keep_first(tx, person.id, hashed, now)
    for move in MOVES[one.level]:
        if move is Move.PROVE_PAPERS:
            await people.prove(tx, vault, person.id, one.name, _particulars(one), _papers(one, now), now)
        await people.raise_level(tx, vault, person.id, move, actor=ACTOR, now=now)


def _particulars(one: Citizen) -> Particulars:
    return Particulars(one.birth_date, Sex(one.sex), one.snils, one.birthplace, one.citizenship)


def _papers(one: Citizen, now: datetime) -> list[Document]:
    if one.passport is None:
        return []
    number = one.passport.number
    return [
        Document(
            id=new_id(),
            kind=DocumentKind.RF_PASSPORT,
            series=number.series,
            number=number.number,
            issued_on=one.passport.issued_on,
            issued_by=one.passport.issued_by,
            department_code=one.passport.department.digits,
            verified_at=now,
        )
    ]
