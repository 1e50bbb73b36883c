"""Who a person of the portal is, which profile is open to whom, and what ESIA told.

PeopleError
├── UnknownPerson
├── NotConfirmedYet      a provisional account of a child looks and does nothing
└── ProfileClosed        the profile is not open to this person; `hindrance` says why
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.kit.agenda import Event
from myschool.papers.dates import age_on
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Snils

LEARNER_AGE = 14
"""From here on a pupil has a passport and signs in with his own account."""
GUARDIAN_AGE = 16
"""Parents of 16 exercise their rights themselves (Family Code of Russia, art. 62)."""
TEACHER_AGE = 18
TOLD_HOLDS_FOR = timedelta(minutes=1)
"""So long what ESIA told of a person's children gives a right: the time of one page, which asks anew before."""


class Level(StrEnum):
    """«Уровень учётной записи» at ESIA: упрощённая, стандартная, подтверждённая, ребёнка."""

    SIMPLIFIED = "simplified"
    STANDARD = "standard"
    CONFIRMED = "confirmed"
    CHILD = "child"
    PROVISIONAL = "provisional"
    """«Временная учётная запись»: a child's before the certificate is confirmed. Looks, and does nothing."""


class Sex(StrEnum):
    MALE = "M"
    FEMALE = "F"


class Profile(StrEnum):
    """«Профиль»: обучающегося, родителя, педагога; администратора is given by those who may, never chosen."""

    LEARNER = "learner"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    ADMINISTRATOR = "administrator"


CHOSEN = (Profile.LEARNER, Profile.GUARDIAN, Profile.TEACHER)


class Hindrance(StrEnum):
    """Why a profile is not open to a person."""

    NOT_CONFIRMED_YET = "not_confirmed_yet"
    LEVEL_TOO_LOW = "level_too_low"
    TOO_YOUNG_FOR_OWN_ACCOUNT = "too_young_for_own_account"
    CHILD_ACCOUNT = "child_account"
    TOO_YOUNG = "too_young"
    NEVER_CHOSEN = "never_chosen"


class PeopleError(Exception):
    pass


class UnknownPerson(PeopleError):
    pass


class NotConfirmedYet(PeopleError):
    pass


class ProfileClosed(PeopleError):
    def __init__(self, profile: Profile, hindrance: Hindrance) -> None:
        super().__init__(f"{profile}: {hindrance}")
        self.profile, self.hindrance = profile, hindrance


class ChildrenTold(Event, frozen=True, tag="people.children_told"):
    """ESIA told another set of children of this person than before; `actions.children_of` has them."""

    person_id: UUID


@dataclass(frozen=True)
class ToldPerson:
    """What ESIA told of the one who signed in. A simplified account has neither birth date nor СНИЛС.

    `awaits_until`: the last day of a provisional account, where the provider tells it.
    """

    oid: int
    name: FullName
    level: Level
    birth_date: date | None = None
    sex: Sex | None = None
    snils: Snils | None = field(default=None, repr=False)
    email: Email | None = field(default=None, repr=False)
    awaits_until: date | None = None


@dataclass(frozen=True)
class ToldChild:
    """A child as ESIA told it to a guardian. `esia_id` is the entry's number there, the same at every sign-in.

    `only_read`: the adult sees how the child fares and decides nothing: a pupil who decides himself, or a confidant.
    """

    esia_id: str
    name: FullName
    birth_date: date | None = None
    sex: Sex | None = None
    snils: Snils | None = field(default=None, repr=False)
    only_read: bool = False


@dataclass(frozen=True)
class Person:
    """«Физическое лицо». `oid` is the number of the account at ESIA and never changes."""

    id: UUID
    oid: int
    name: FullName
    level: Level
    birth_date: date | None
    sex: Sex | None
    snils: Snils | None = field(repr=False)
    updated_at: datetime

    @property
    def may_act(self) -> bool:
        """Everything but looking: profile, consent, request, launch."""
        return self.level is not Level.PROVISIONAL

    def age_on(self, day: date) -> int | None:
        return None if self.birth_date is None else age_on(self.birth_date, day)

    def is_child_on(self, day: date) -> bool:
        """Whether a guardian acts for him: a child account, or under 14."""
        age = self.age_on(day)
        return self.level in (Level.CHILD, Level.PROVISIONAL) or (age is not None and age < LEARNER_AGE)


def hindrance(profile: Profile, person: Person, today: date) -> Hindrance | None:
    """Why the person may not choose the profile today; None when he may."""
    age = person.age_on(today)
    if person.level is Level.PROVISIONAL:
        return Hindrance.NOT_CONFIRMED_YET
    if profile is Profile.ADMINISTRATOR:
        return Hindrance.NEVER_CHOSEN
    if person.level is Level.CHILD:
        return None if profile is Profile.LEARNER else Hindrance.CHILD_ACCOUNT
    if person.level is Level.SIMPLIFIED or age is None:
        return Hindrance.LEVEL_TOO_LOW
    if profile is Profile.LEARNER:
        return Hindrance.TOO_YOUNG_FOR_OWN_ACCOUNT if age < LEARNER_AGE else None
    return Hindrance.TOO_YOUNG if age < _LEAST_AGE[profile] else None


_LEAST_AGE: Mapping[Profile, int] = {Profile.GUARDIAN: GUARDIAN_AGE, Profile.TEACHER: TEACHER_AGE}
