"""What a citizen says of passport and СНИЛС, and how far the registers are with it.

draft ──submit──▶ checking ──both confirmed──▶ proved        the account becomes стандартная
                    │ ▲
                    ▼ └──corrected──
                  refused     one register contradicts or knows nothing, or another account has this СНИЛС
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import msgspec

from myschool.gosuslugi.checks.model import CheckState, RegistryCheck
from myschool.gosuslugi.people.model import PASSPORT_AT, Document, DocumentKind, Level, Particulars, Person, Sex
from myschool.kit.ids import new_id
from myschool.papers.dates import birthday_number
from myschool.papers.errors import DateTooEarly, DateTooLate
from myschool.papers.names import FullName
from myschool.papers.numbers import DepartmentCode, PassportNumber, Snils

OLDEST_YEARS = 130


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was typed so far, normalised; an empty text is not told yet. Dates in ISO form."""

    family_name: str
    given_name: str
    patronymic: str = ""
    passport: str = ""
    issued_on: str = ""
    issued_by: str = ""
    department_code: str = ""
    birthplace: str = ""
    birth_date: str = ""
    sex: str = ""
    snils: str = ""

    def __repr__(self) -> str:
        return "Said(…)"

    @property
    def has_passport(self) -> bool:
        return bool(self.passport and self.issued_on and self.issued_by and self.department_code and self.birthplace)

    @property
    def has_person(self) -> bool:
        return bool(self.birth_date and self.sex and self.snils)

    @property
    def complete(self) -> bool:
        return self.has_passport and self.has_person

    @property
    def name(self) -> FullName:
        return FullName(self.family_name, self.given_name, self.patronymic or None)


@dataclass(frozen=True)
class Papers:
    """A complete `Said` as values."""

    name: FullName
    birth_date: date
    sex: Sex
    snils: Snils
    birthplace: str
    passport: PassportNumber
    issued_on: date
    issued_by: str
    department: DepartmentCode

    def particulars(self) -> Particulars:
        return Particulars(self.birth_date, self.sex, self.snils, self.birthplace)


def papers(said: Said) -> Papers:
    """Raises Incomplete."""
    if not said.complete:
        raise Incomplete
    return Papers(
        name=said.name,
        birth_date=date.fromisoformat(said.birth_date),
        sex=Sex(said.sex),
        snils=Snils(said.snils),
        birthplace=said.birthplace,
        passport=PassportNumber(said.passport[:4], said.passport[4:]),
        issued_on=date.fromisoformat(said.issued_on),
        issued_by=said.issued_by,
        department=DepartmentCode(said.department_code),
    )


class Stage(StrEnum):
    DRAFT = "draft"
    CHECKING = "checking"
    REFUSED = "refused"
    PROVED = "proved"


ENDED_BADLY = frozenset({CheckState.CONTRADICTED, CheckState.NOT_FOUND, CheckState.EXPIRED, CheckState.SUPERSEDED})


def stage(checks: Sequence[RegistryCheck], *, snils_taken: bool) -> Stage:
    """Of a claim, by its checks (passport and СНИЛС; none before it was sent)."""
    if not checks:
        return Stage.DRAFT
    if snils_taken or any(check.state in ENDED_BADLY for check in checks):
        return Stage.REFUSED
    if all(check.state is CheckState.CONFIRMED for check in checks):
        return Stage.PROVED
    return Stage.CHECKING


class IdentityRefused(Exception):
    """
    IdentityRefused
    ├── Incomplete          something is not told yet
    ├── UnderChecking       it cannot be changed while a register looks at it
    ├── AlreadyProved       the account is standard or higher
    ├── TooYoung            the child has no passport before 14; `from_day`
    └── AnotherPerson       the papers are not those of the child whose account it is
    """


class Incomplete(IdentityRefused):
    pass


class UnderChecking(IdentityRefused):
    pass


class AlreadyProved(IdentityRefused):
    pass


@dataclass
class TooYoung(IdentityRefused):
    from_day: date = field(repr=False)


class AnotherPerson(IdentityRefused):
    pass


def check_old_enough(person: Person, now: datetime) -> None:
    """By the clocks where the child lives. Raises TooYoung."""
    day = person.passport_day
    if day is not None and person.day_at(now) < day:
        raise TooYoung(day)


def check_same_person(person: Person, said: Said) -> None:
    """A child's account is taken over by nobody but the child: birth date and СНИЛС are those of the account.

    Names may have changed with the passport; the register judges them. Raises AnotherPerson.
    """
    if person.level is not Level.CHILD:
        return
    known = (person.birth_date.isoformat() if person.birth_date else "", person.snils.digits if person.snils else "")
    if known != (said.birth_date, said.snils):
        raise AnotherPerson


def check_birth_date(born: date, today: date) -> None:
    """Raises DateTooEarly, DateTooLate."""
    if born > today:
        raise DateTooLate(today)
    earliest = birthday_number(today, -OLDEST_YEARS)
    if born < earliest:
        raise DateTooEarly(earliest)


def check_issue_date(issued_on: date, *, born: date | None, today: date) -> None:
    """A passport is given at 14. Raises DateTooEarly, DateTooLate."""
    if issued_on > today:
        raise DateTooLate(today)
    if born is not None and issued_on < birthday_number(born, PASSPORT_AT):
        raise DateTooEarly(birthday_number(born, PASSPORT_AT))


def documents(said: Papers, verified_at: datetime) -> list[Document]:
    """The passport as the account will hold it."""
    return [
        Document(
            id=new_id(),
            kind=DocumentKind.RF_PASSPORT,
            series=said.passport.series,
            number=said.passport.number,
            issued_on=said.issued_on,
            issued_by=said.issued_by,
            department_code=said.department.digits,
            verified_at=verified_at,
        )
    ]
