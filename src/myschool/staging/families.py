"""The children of the cast who have their accounts before the curtain rises: a clerk of the cast saw their papers."""

from datetime import date, datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import account, papers, sending
from myschool.gosuslugi.family.model import Card, Relation
from myschool.gosuslugi.family.papers_model import PaperDecision, papers_needed
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person, Sex
from myschool.gosuslugi.signin.passwords import Passwords
from myschool.kit.db import Database, Tx
from myschool.kit.vault import Vault
from myschool.sandbox import cast
from myschool.sandbox.cast import CastChild, Citizen, Role

NOTE = "Действующие лица песочницы"


async def play_in(db: Database, vault: Vault, day: date, now: datetime) -> None:
    """After `citizens`. Makes what is missing. `day`: on which the stage was set."""
    hashed = await Passwords(threads=1).hashed(cast.PASSWORD)

    async def settle_missing(tx: Tx) -> None:
        clerk = await _clerk(tx, vault)
        for child in cast.children(day):
            if child.has_account and await people.by_snils(tx, vault, child.snils) is None:
                await _settle(tx, vault, child, clerk, hashed, now)

    await db.run(settle_missing)


async def _clerk(tx: Tx, vault: Vault) -> UUID:
    clerk = next(one for one in cast.CAST if one.role is Role.CLERK)
    return (await _person(tx, vault, clerk)).id


async def _settle(tx: Tx, vault: Vault, child: CastChild, clerk: UUID, hashed: str, now: datetime) -> None:
    parent, relation = next((one, relation) for one in cast.CAST for key, relation in one.family if key == child.key)
    guardian = await _person(tx, vault, parent)
    row = await sending.claim(tx, vault, guardian.id, _card(child, Relation(relation)), now)
    row = await papers.decide(tx, vault, PaperDecision(row.id, clerk, papers_needed(row.card.relation), NOTE, now), now)
    assert child.email is not None
    await account.note_confirmed_email(tx, vault, row, child.email, now)
    row, settled = await account.may_open(tx, vault, row.id, guardian.id, now)
    await account.create(tx, vault, row, settled, hashed, now)


async def _person(tx: Tx, vault: Vault, one: Citizen) -> Person:
    person = await people.find_by_login(tx, vault, one.sign_in)
    assert person is not None, f"{one.key} has an account before"
    return person


def _card(child: CastChild, relation: Relation) -> Card:
    paper = child.certificate
    return Card(
        relation=relation,
        family_name=child.name.family_name,
        given_name=child.name.given_name,
        patronymic=child.name.patronymic,
        birth_date=child.birth_date,
        sex=Sex(child.sex),
        snils_digits=child.snils.digits,
        citizenship="RUS",
        address=None,
        certificate_kind=paper.kind,
        series=paper.series,
        number=paper.number,
        issued_by=paper.issued_by,
        issued_on=paper.issued_on,
        act_number=paper.act_number,
        act_date=paper.act_date,
    )
