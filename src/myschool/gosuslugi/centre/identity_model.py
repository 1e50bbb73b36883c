"""A passport in the clerk's hand beside what the account holds, and what may be decided from it.

DecisionRefused
├── OwnIdentity        a clerk never confirms themselves
├── NotReady           the account is not standard: registers have not confirmed the papers
├── PapersDiffer       what was read in the passport is not what the account holds
└── FaceNotCompared    the clerk did not say that the photograph is the bearer's
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.people.model import Document, Level, Person
from myschool.papers.dates import short_date
from myschool.papers.names import FullName, comparable_name
from myschool.papers.numbers import PassportNumber


class Point(StrEnum):
    """What is compared."""

    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    PATRONYMIC = "patronymic"
    BIRTH_DATE = "birth_date"
    PASSPORT = "passport"
    ISSUED_ON = "issued_on"


@dataclass(frozen=True)
class Seen:
    """What the clerk read in the passport."""

    name: FullName
    birth_date: date = field(repr=False)
    passport: PassportNumber
    issued_on: date = field(repr=False)
    face_matches: bool


@dataclass(frozen=True)
class Compared:
    """One point, as seen and as held, in words."""

    point: Point
    seen: str = field(repr=False)
    held: str = field(repr=False)
    agrees: bool


class Outcome(StrEnum):
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a clerk sends somebody away."""

    FACE_DIFFERS = "face_differs"
    PAPERS_DIFFER = "papers_differ"
    PASSPORT_INVALID = "passport_invalid"
    OTHER = "other"


@dataclass(frozen=True)
class IdentityDecision:
    """Who decided what about whom, when, where; the evidence lies sealed beside it."""

    id: UUID
    person_id: UUID
    clerk_id: UUID
    centre: str
    decided_at: datetime
    outcome: Outcome
    reason: Reason | None = None


class DecisionRefused(Exception):
    pass


class OwnIdentity(DecisionRefused):
    pass


@dataclass
class NotReady(DecisionRefused):
    level: Level


@dataclass
class PapersDiffer(DecisionRefused):
    compared: Sequence[Compared]


class FaceNotCompared(DecisionRefused):
    pass


def compare(seen: Seen, person: Person, passport: Document | None) -> list[Compared]:
    """Names agree whatever ё, case and hyphens; everything else to the letter."""
    held_number = passport.series + passport.number if passport else ""
    held_issued = passport.issued_on if passport else None
    number = PassportNumber(passport.series, passport.number).formatted() if passport else "нет"

    def names(point: Point, one: str | None, other: str | None) -> Compared:
        same = comparable_name(one or "") == comparable_name(other or "")
        return Compared(point, one or "нет", other or "нет", same)

    def dates(point: Point, one: date, other: date | None) -> Compared:
        return Compared(point, short_date(one), short_date(other) if other else "нет", one == other)

    return [
        names(Point.FAMILY_NAME, seen.name.family_name, person.name.family_name),
        names(Point.GIVEN_NAME, seen.name.given_name, person.name.given_name),
        names(Point.PATRONYMIC, seen.name.patronymic, person.name.patronymic),
        dates(Point.BIRTH_DATE, seen.birth_date, person.birth_date),
        Compared(Point.PASSPORT, seen.passport.formatted(), number, seen.passport.digits == held_number),
        dates(Point.ISSUED_ON, seen.issued_on, held_issued),
    ]


def check_applicant(clerk: Clerk, person: Person) -> None:
    """Raises OwnIdentity, NotReady. A confirmed account passes: there is nothing left to decide."""
    if clerk.person_id == person.id:
        raise OwnIdentity
    if person.level not in (Level.STANDARD, Level.CONFIRMED):
        raise NotReady(person.level)


def check_evidence(seen: Seen, compared: Sequence[Compared]) -> None:
    """Raises PapersDiffer, FaceNotCompared."""
    if not all(one.agrees for one in compared):
        raise PapersDiffer(compared)
    if not seen.face_matches:
        raise FaceNotCompared
