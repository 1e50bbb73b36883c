"""The person's children on the wire, as `family` knows them: every child the person may see at this moment."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from myschool.esia.records import ChildRecord, DocumentRecord, Verified, collection
from myschool.esia.timestamps import write_date
from myschool.gosuslugi.family.actions import look, provisional
from myschool.gosuslugi.family.model import Card
from myschool.gosuslugi.people.model import Level, Person
from myschool.gosuslugi.provider.model import wire_id
from myschool.gosuslugi.provider.records import ROOT
from myschool.kit.db import Tx
from myschool.kit.vault import Vault


async def waits_until(tx: Tx, person: Person, now: datetime) -> datetime | None:
    """From when a provisional account is no more; None for every other."""
    if person.level is not Level.PROVISIONAL:
        return None
    living = await provisional.living_of_person(tx, person.id, now)
    return living.until if living is not None else now


async def children_of(tx: Tx, vault: Vault, person_id: UUID, now: datetime) -> Sequence[ChildRecord]:
    """The record's number is the child's own, the same for every guardian; who may only read is told so."""
    kids = await look.kids_of(tx, vault, person_id, now)
    return [_record(kid.child.card, wire_id(kid.child.id), represented=kid.is_represented) for kid in kids]


def _record(card: Card, number: int, *, represented: bool) -> ChildRecord:
    paper = DocumentRecord(
        state_facts=ROOT,
        id=number,
        type=card.certificate_kind.value,
        vrf_stu=Verified.VERIFIED,
        series=card.series or UNSET,
        number=card.number,
        issue_date=write_date(card.issued_on),
        issued_by=card.issued_by,
        act_no=card.act_number or UNSET,
        act_date=write_date(card.act_date) if card.act_date else UNSET,
    )
    return ChildRecord(
        state_facts=ROOT,
        id=number,
        first_name=card.given_name,
        middle_name=card.patronymic or UNSET,
        last_name=card.family_name,
        birth_date=write_date(card.birth_date),
        gender=card.sex.value,
        snils=card.snils.formatted(),
        documents=collection([paper]),
        only_reads=UNSET if represented else True,
    )
