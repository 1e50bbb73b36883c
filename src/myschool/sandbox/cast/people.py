"""Who the cast are: «действующие лица», citizens that exist in the sandbox only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from myschool.papers.certificates import BirthCertificate
from myschool.papers.names import FullName
from myschool.papers.numbers import DepartmentCode, Email, Ogrn, PassportNumber, Phone, Snils
from myschool.sandbox.registries.model import ORDINARY, Fate

PASSWORD = "Pesochnica-2026"  # noqa: S105 - the cast's common password, printed by the demo itself


class Role(StrEnum):
    """What a citizen does in the story."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    PUPIL = "pupil"
    CHILD = "child"
    NEWCOMER = "newcomer"
    """Has no account yet."""
    TEACHER = "teacher"
    SCHOOL_HEAD = "school_head"
    SCHOOL_ADMINISTRATOR = "school_administrator"
    COORDINATOR = "coordinator"
    CLERK = "clerk"
    OPERATOR = "operator"
    """Of the portal."""
    GOSUSLUGI_OPERATOR = "gosuslugi_operator"


class AccountLevel(StrEnum):
    """The account a citizen has when the curtain rises; the values are the house's own words."""

    NONE = "none"
    SIMPLIFIED = "simplified"
    STANDARD = "standard"
    CONFIRMED = "confirmed"
    CHILD = "child"


class Sex(StrEnum):
    MALE = "M"
    FEMALE = "F"


class Relation(StrEnum):
    """Who the adult is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    ADOPTER = "adopter"
    GUARDIAN = "guardian"
    TRUSTEE = "trustee"


@dataclass(frozen=True)
class Passport:
    number: PassportNumber
    issued_on: date
    issued_by: str
    department: DepartmentCode


@dataclass(frozen=True)
class CastChild:
    """A child of the cast, as the papers at home have it; what ЕГР ЗАГС holds may differ."""

    key: str
    name: FullName
    birth_date: date
    sex: Sex
    snils: Snils
    certificate: BirthCertificate
    birthplace: str
    recorded_name: FullName | None
    """As the register writes the child; None: the register does not know the certificate."""
    recorded_parents: tuple[FullName, ...]
    fate: str
    """One sentence of Russian: what will happen."""
    answers: Fate = ORDINARY
    email: Email | None = None
    has_account: bool = False
    """The child's account exists when the curtain rises and is attached to the first parent who names the child."""
    passport: Passport | None = None
    """Of a child who will be fourteen."""


@dataclass(frozen=True)
class Citizen:
    """One of the cast. `family` names the children by key, with the relation."""

    key: str
    role: Role
    name: FullName
    birth_date: date
    sex: Sex
    snils: Snils
    phone: Phone
    email: Email
    level: AccountLevel
    fate: str
    """One sentence of Russian: who this is and what will happen."""
    passport: Passport | None = None
    birthplace: str = "г. Красноярск"
    citizenship: str = "RUS"
    family: tuple[tuple[str, Relation], ...] = ()
    school: Ogrn | None = None
    """Where the citizen works or leads; of a pupil, where he wants to join."""
    school_class: str = ""
    password: str = PASSWORD

    @property
    def sign_in(self) -> str:
        """What to type into «Телефон / Email / СНИЛС»."""
        return self.email.formatted()
