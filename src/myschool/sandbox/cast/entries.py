"""What the state's registers know about the cast."""

from collections.abc import Iterator
from datetime import date

from myschool.sandbox.cast.children import CHILDREN
from myschool.sandbox.cast.citizens import FAMILIES, OFFICIALS
from myschool.sandbox.cast.eve import on_the_eve
from myschool.sandbox.cast.people import CastChild, Citizen
from myschool.sandbox.registries.model import AT_ONCE, Entry, Record
from myschool.sandbox.registries.records import (
    birth_record,
    certificate_document,
    passport_record,
    snils_record,
)
from myschool.sandbox.registries.wire import Kind


def registry_entries(day: date | None = None) -> list[Entry]:
    """Births of the children, passports of the grown-ups, СНИЛС of everybody.

    `day`: on which the stage was set; without one the child on the eve of fourteen does not play.
    """
    children = CHILDREN if day is None else (*CHILDREN, on_the_eve(day))
    found = [entry for child in children for entry in _of_child(child)]
    return found + [entry for citizen in FAMILIES + OFFICIALS for entry in _of_citizen(citizen)]


def _of_child(child: CastChild) -> Iterator[Entry]:
    record: Record | None = None
    if child.recorded_name is not None:
        record = birth_record(
            child.certificate, child.recorded_name, child.birth_date, child.sex.value, child.recorded_parents
        )
    who = child.name.given_and_family
    document = certificate_document(child.certificate)
    yield Entry(Kind.BIRTH_CERTIFICATE, document, record, child.answers, f"{who}. {child.fate}")
    # A child's number is given out by the record of birth, where there is one: both registers spell the name alike.
    insured = snils_record(child.snils, child.recorded_name or child.name, child.birth_date, child.sex.value)
    yield Entry(Kind.SNILS, insured.document, insured, AT_ONCE, who)
    yield from _passport_of(child)


def _of_citizen(citizen: Citizen) -> Iterator[Entry]:
    who, born_on, sex = citizen.name.given_and_family, citizen.birth_date, citizen.sex.value
    insured = snils_record(citizen.snils, citizen.name, born_on, sex)
    yield Entry(Kind.SNILS, insured.document, insured, AT_ONCE, who)
    yield from _passport_of(citizen)


def _passport_of(one: CastChild | Citizen) -> Iterator[Entry]:
    if (paper := one.passport) is not None:
        held = passport_record(paper.number, paper.issued_on, paper.department, one.name, one.birth_date, one.sex.value)
        yield Entry(Kind.PASSPORT, held.document, held, AT_ONCE, one.name.given_and_family)
