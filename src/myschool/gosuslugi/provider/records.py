"""What we know of a person, as ESIA's wire has it. How much of it a system sees, `esia.records.visible_…` decides."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import UNSET

from myschool.esia.records import (
    ContactRecord,
    DocumentRecord,
    OrganisationRecord,
    PersonRecord,
    Verified,
)
from myschool.esia.timestamps import write_date
from myschool.gosuslugi.people.model import (
    Contact,
    ContactValue,
    Document,
    DocumentKind,
    Level,
    Person,
)
from myschool.gosuslugi.provider.model import Organisation, wire_id
from myschool.papers.dates import MOSCOW
from myschool.papers.numbers import Email

ROOT = ["Identifiable"]
SECOND = timedelta(seconds=1)
IDENTITY_PAPERS = (DocumentKind.RF_PASSPORT, DocumentKind.FID_DOC)


def person_record(person: Person, documents: Sequence[Document], waits_until: datetime | None = None) -> PersonRecord:
    """`waits_until`: of a provisional account, the moment from which it is no more."""
    paper = next((document for document in documents if document.kind in IDENTITY_PAPERS), None)
    return PersonRecord(
        state_facts=["EntityRoot"],
        first_name=person.name.given_name,
        last_name=person.name.family_name,
        middle_name=person.name.patronymic or UNSET,
        birth_date=write_date(person.birth_date) if person.birth_date else UNSET,
        birth_place=person.birthplace or UNSET,
        gender=person.sex.value if person.sex else UNSET,
        trusted=person.level is Level.CONFIRMED,
        citizenship=person.citizenship or UNSET,
        snils=person.snils.formatted() if person.snils else UNSET,
        updated_on=int(person.updated_at.timestamp()),
        status="REGISTERED",
        verifying=person.level is Level.PROVISIONAL,
        verifying_until=write_date((waits_until - SECOND).astimezone(MOSCOW).date()) if waits_until else UNSET,
        r_id_doc=wire_id(paper.id) if paper else UNSET,
        contains_up_cfm_code=False,
    )


def contact_records(contacts: Iterable[Contact]) -> list[ContactRecord]:
    """Verified values only: one that waits for its code is nobody's yet."""
    return [
        ContactRecord(
            state_facts=ROOT,
            id=wire_id(contact.id),
            type=contact.kind.value,
            vrf_stu=Verified.VERIFIED,
            value=_contact_text(contact.value),
        )
        for contact in contacts
        if contact.value is not None and contact.id is not None
    ]


def _contact_text(value: ContactValue) -> str:
    return value.formatted() if isinstance(value, Email) else value.wire()


def document_records(documents: Iterable[Document]) -> list[DocumentRecord]:
    return [
        DocumentRecord(
            state_facts=ROOT,
            id=wire_id(document.id),
            type=document.kind.value,
            vrf_stu=Verified.VERIFIED if document.verified_at else Verified.NOT_VERIFIED,
            series=document.series or UNSET,
            number=document.number,
            issue_date=write_date(document.issued_on) if document.issued_on else UNSET,
            issue_id=document.department_code or UNSET,
            issued_by=document.issued_by or UNSET,
            act_no=document.act_number or UNSET,
            act_date=write_date(document.act_date) if document.act_date else UNSET,
        )
        for document in documents
    ]


def organisation_records(roles: Iterable[Organisation], person: Person) -> list[OrganisationRecord]:
    return [
        OrganisationRecord(
            state_facts=ROOT,
            oid=role.oid,
            prn_oid=person.oid,
            full_name=role.full_name,
            short_name=role.short_name,
            ogrn=role.ogrn,
            type="LEGAL",
            chief=role.chief,
            admin=role.admin,
            active=True,
        )
        for role in roles
    ]
