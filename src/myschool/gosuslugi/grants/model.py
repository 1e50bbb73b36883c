"""Information systems, what they were granted, and the question that a person answers.

    question:  asked ──grant──▶ granted
                 └────refuse──▶ refused          an answer is final; the system asks anew

GrantsError
├── UnknownSystem
├── UnknownQuestion      none of this id, or of another person
├── UnknownGrant         none of this id that the person may withdraw
├── AlreadyAnswered      `answer` is the one that stands
├── GuardianDecides      the person is a child: an adult's permission is needed
├── NotTheGuardian       an adult who is not the child's guardian
├── NobodyToAsk          a child whose account has no guardian, or none who can be reached
└── WrongCode            `tries_left` may be 0: then a new one is to be sent
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.esia import systems
from myschool.esia.scopes import SCOPES, Scope, ScopeGroup, grouped
from myschool.gosuslugi.people.model import ADULT_AT, PASSPORT_AT, Level, Person
from myschool.kit.agenda import Event
from myschool.papers.dates import age_on

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_AGAIN_AFTER = timedelta(minutes=1)
QUESTION_LIFE = timedelta(hours=2)
GRANTED_FOR = timedelta(days=365)


class GrantsError(Exception):
    pass


class UnknownSystem(GrantsError):
    pass


class UnknownQuestion(GrantsError):
    pass


class UnknownGrant(GrantsError):
    pass


class Answer(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class AlreadyAnswered(GrantsError):
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


class GuardianDecides(GrantsError):
    pass


class NotTheGuardian(GrantsError):
    pass


class NobodyToAsk(GrantsError):
    pass


class TooManyCodes(GrantsError):
    """The guardians of this child were written to as often as may be for now."""


class WrongCode(GrantsError):
    def __init__(self, tries_left: int) -> None:
        super().__init__(str(tries_left))
        self.tries_left = tries_left


class GrantWithdrawn(Event, frozen=True, tag="grants.withdrawn"):
    """From now on the system gets nothing more of this person."""

    person_id: UUID
    mnemonic: str


@dataclass(frozen=True)
class Reason:
    """What the system said of one datum when it was registered: why it asks, and who will see it."""

    why: str
    seen_by: str


@dataclass(frozen=True)
class InformationSystem:
    """«Информационная система». `wire` is what the protocol knows of it; the rest is for people to read.

    `home_url`: where a person starts anew. `logout_urls`: where he may be led after signing out, to the letter.
    """

    name: str
    operator: str
    home_url: str
    wire: systems.InformationSystem
    reasons: Mapping[str, Reason]
    logout_urls: frozenset[str]
    for_children: bool = False

    @property
    def mnemonic(self) -> str:
        return self.wire.mnemonic

    def reason(self, scope: str) -> Reason:
        told = self.reasons.get(scope)
        return told or Reason("Чтобы сервис работал", f"Сотрудники сервиса «{self.name}»")


@dataclass(frozen=True)
class Grant:
    """«Предоставление прав доступа». `given_by` is the person, or the guardian of a child."""

    id: UUID
    person_id: UUID
    mnemonic: str
    scopes: frozenset[str]
    given_by: UUID
    begun_at: datetime
    given_at: datetime
    until: datetime


@dataclass(frozen=True)
class Question:
    """A system's request for data, put to one person. `return_path` is where the answer is awaited, in this house."""

    id: UUID
    person_id: UUID
    mnemonic: str
    scopes: tuple[str, ...]
    return_path: str
    leads_to: str = field(repr=False)
    answer: Answer
    ends_at: datetime


@dataclass(frozen=True)
class Guardian:
    """An adult who may permit for the child, as the page names him."""

    person_id: UUID
    given_name: str


def guardian_decides(person: Person, today: date) -> bool:
    """Whether somebody else permits for this person: a child account, or under 14 (152-ФЗ, art. 9 p. 6)."""
    young = person.birth_date is not None and age_on(person.birth_date, today) < PASSPORT_AT
    return person.level in (Level.CHILD, Level.PROVISIONAL) or young


KNOWN_OF_PROVISIONAL = frozenset({"openid", "fullname", "birthdate", "gender", "email"})


def applicable(scopes: Sequence[str], person: Person, today: date) -> tuple[str, ...]:
    """Of the asked scopes those that make sense for the person: nobody under 18 is asked for data of own children.

    A provisional account gives only what it has: no СНИЛС, no document.
    """
    if person.level is Level.PROVISIONAL:
        return tuple(scope for scope in scopes if scope in KNOWN_OF_PROVISIONAL)
    adult = person.birth_date is None or age_on(person.birth_date, today) >= ADULT_AT
    if adult and person.level is not Level.CHILD:
        return tuple(scopes)
    return tuple(scope for scope in scopes if SCOPES[scope].group is not ScopeGroup.CHILDREN)


@dataclass(frozen=True)
class Row:
    """One line of the page: a datum, why it is asked, who will see it."""

    words: str
    why: str
    seen_by: str


def rows(system: InformationSystem, scopes: Sequence[str]) -> list[tuple[str, list[Row]]]:
    """The page's tables: heading and lines, nothing left out that asks for data."""
    return [(group.value, [_row(system, scope) for scope in members]) for group, members in grouped(scopes)]


def _row(system: InformationSystem, scope: Scope) -> Row:
    reason = system.reason(scope.name)
    return Row(scope.words, reason.why, reason.seen_by)


_WITHHELD = (
    ("Паспорт и другие документы", {"id_doc", "foreign_passport_doc", "drivers_licence_doc", "residence_doc"}),
    ("Номер телефона", {"mobile", "contacts"}),
    ("Электронная почта", {"email", "contacts"}),
    ("Адреса", {"addresses"}),
    ("СНИЛС", {"snils"}),
    ("ИНН", {"inn"}),
    ("Полис ОМС", {"medical_doc", "kid_medical_doc"}),
    ("Сведения о детях", {name for name, scope in SCOPES.items() if scope.group is ScopeGroup.CHILDREN}),
)


def withheld(scopes: Sequence[str]) -> list[str]:
    """What the system does not get, in words; the password comes first, since people fear for it most."""
    return ["Пароль и коды для входа", *(words for words, opening in _WITHHELD if opening.isdisjoint(scopes))]
