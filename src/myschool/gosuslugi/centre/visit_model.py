"""What a parent takes along to the service centre, in this very case, and until when the visit counts."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from myschool.gosuslugi.checks.model import CheckState, RegistryCheck
from myschool.gosuslugi.family.model import READING, Guardianship, GuardianshipState, Relation
from myschool.gosuslugi.people.model import ADULT_AT
from myschool.papers.certificates import CertificateKind
from myschool.papers.dates import MOSCOW, birthday_number
from myschool.papers.matching import Field

PARENT_FIELDS = frozenset({Field.PARENT_FAMILY_NAME, Field.PARENT_GIVEN_NAME, Field.PARENT_PATRONYMIC})


class Bring(StrEnum):
    PASSPORT = "passport"
    CERTIFICATE = "certificate"
    FOREIGN_CERTIFICATE = "foreign_certificate"
    SOVIET_CERTIFICATE = "soviet_certificate"
    SNILS = "snils"
    GUARDIAN_ORDER = "guardian_order"
    TRUSTEE_ORDER = "trustee_order"
    FOSTER_CONTRACT = "foster_contract"
    ADOPTION = "adoption"
    NAME_CHANGE = "name_change"
    """The adult is called otherwise in the record of birth."""
    EARLIER_PAPERS = "earlier_papers"
    """СНИЛС or certificate stand for somebody else."""
    COURT_DECISION = "court_decision"
    """The guardianship rests."""


_CERTIFICATES = {
    CertificateKind.RUSSIAN: Bring.CERTIFICATE,
    CertificateKind.FOREIGN: Bring.FOREIGN_CERTIFICATE,
    CertificateKind.SOVIET: Bring.SOVIET_CERTIFICATE,
}
_ORDERS = {
    Relation.GUARDIAN: Bring.GUARDIAN_ORDER,
    Relation.TRUSTEE: Bring.TRUSTEE_ORDER,
    Relation.FOSTER: Bring.FOSTER_CONTRACT,
    Relation.ADOPTER: Bring.ADOPTION,
}


def what_to_bring(row: Guardianship, check: RegistryCheck | None) -> Iterator[Bring]:
    """By relation, kind of certificate, and what stood in the way."""
    yield Bring.PASSPORT
    yield _CERTIFICATES[row.card.certificate_kind]
    yield Bring.SNILS
    if row.card.relation in _ORDERS:
        yield _ORDERS[row.card.relation]
    contradicted = check is not None and check.state is CheckState.CONTRADICTED
    if contradicted and check is not None and PARENT_FIELDS & set(check.differing):
        yield Bring.NAME_CHANGE
    if row.state is GuardianshipState.REVIEW and row.card.relation.stands_in_record_of_birth:
        yield Bring.EARLIER_PAPERS
    if row.state is GuardianshipState.SUSPENDED:
        yield Bring.COURT_DECISION


def visit_until(row: Guardianship, child_under: int) -> date:
    """The last day on which the application gives what it asks for: before it closes itself, and while the child may
    have a child's account. Of a pupil whose own account is to be attached: before the pupil is of age."""
    card, due_at, limit = row.card, row.due_at, ADULT_AT if row.rights == READING else child_under
    eve = birthday_number(card.birth_date, limit) - timedelta(days=1)
    closes = (due_at.astimezone(MOSCOW) - timedelta(seconds=1)).date() if due_at else eve
    return min(eve, closes)
