"""What a clerk types at the desk: papers that say what the card says, unless told otherwise."""

from datetime import date

from myschool.gosuslugi.family.model import Card
from myschool.gosuslugi.family.papers_model import needs_second_look
from myschool.gosuslugi.people.model import Person


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def order_fields(**otherwise: str) -> dict[str, str]:
    said = {
        "order_number": "17-оп",
        "order_by": "Орган опеки города Песочного",
        **day("order_issued", date(2026, 9, 1)),
    }
    return said | otherwise


def papers_of(applicant: Person, card: Card, **otherwise: str) -> dict[str, str]:
    """Every field of the form, as read in the originals."""
    assert applicant.snils is not None
    said = {
        "passport": f"0026 {applicant.snils.digits[-6:]}",
        "passport_by": "ОВД города Песочного",
        "face": "1",
        "family_name": card.family_name,
        "given_name": card.given_name,
        "patronymic": card.patronymic or "",
        "series": card.series or "",
        "number": card.number,
        "issued_by": card.issued_by,
        "snils": card.snils.formatted(),
        **day("passport_issued", date(2008, 4, 2)),
        **day("birth", card.birth_date),
        **day("issued", card.issued_on),
    }
    return said | (order_fields() if needs_second_look(card.relation) else {}) | otherwise
