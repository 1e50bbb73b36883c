"""The birth certificate as it stands in the child's account."""

from datetime import datetime

from myschool.gosuslugi.family.model import Child, Guardianship
from myschool.gosuslugi.people.model import Document, DocumentKind, Particulars
from myschool.kit.ids import new_id


def certificate_of(child: Child, row: Guardianship, now: datetime) -> Document:
    card = child.card
    return Document(
        id=new_id(),
        kind=DocumentKind(card.certificate_kind.value),
        series=card.series or "",
        number=card.number,
        issued_on=card.issued_on,
        issued_by=card.issued_by,
        act_number=card.act_number,
        act_date=card.act_date,
        verified_at=row.since if row.basis else now,
    )


def particulars_of(child: Child) -> Particulars:
    card = child.card
    return Particulars(birth_date=card.birth_date, sex=card.sex, snils=card.snils, citizenship=card.citizenship)
