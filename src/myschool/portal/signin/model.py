"""What a sign-in is made of, and how it may fail.

«Войти» ──▶ attempt kept in the browser's session ──▶ ESIA ──▶ callback: attempt taken, code redeemed, Told
                                                                  └── Failure: cancelled · level too low · stale
                                                                      · unavailable · not believed
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from myschool.esia.levels import AccountLevel
from myschool.esia.requests import SignInAttempt
from myschool.kit.agenda import Event
from myschool.portal.people.model import Level, ToldChild, ToldPerson

ATTEMPT_LIFE = timedelta(hours=2)
"""As long as ESIA keeps the request: somebody may make an account meanwhile."""
MOST_ATTEMPTS = 5
"""Tabs in which one browser may be signing in at once."""

SCOPES = (
    "openid",
    "fullname",
    "birthdate",
    "gender",
    "snils",
    "email",
    "kid_fullname",
    "kid_birthdate",
    "kid_gender",
    "kid_snils",
)


class PersonSignedIn(Event, frozen=True, tag="signin.person_signed_in"):
    person_id: UUID


class KeptAttempt(msgspec.Struct, frozen=True):
    """`wanted`: the page to which the person returns."""

    attempt: SignInAttempt
    wanted: str
    begun_at: datetime


class FamilyAccess(msgspec.Struct, frozen=True):
    """The right to ask ESIA for this person's children anew: the token of the sign-in, while it lives."""

    oid: int
    token: str
    ends_at: datetime

    def __repr__(self) -> str:
        return "FamilyAccess(…)"


@dataclass(frozen=True)
class TokenLapsed:
    """ESIA takes the token no more: it ran out, or the person signed out there."""


@dataclass(frozen=True)
class Told:
    """What ESIA told at one sign-in, every token checked. `family` is None where children are not told to us."""

    person: ToldPerson
    children: tuple[ToldChild, ...]
    family: FamilyAccess | None = field(default=None, repr=False)


class Why(StrEnum):
    CANCELLED = "cancelled"
    LEVEL_TOO_LOW = "level_too_low"
    STALE = "stale"
    UNAVAILABLE = "unavailable"
    NOT_BELIEVED = "not_believed"


@dataclass(frozen=True)
class Failure:
    """`detail` is for the log: a number of ESIA's catalogue, or a word of ours."""

    why: Why
    detail: str = ""


WHY_BY_NUMBER: Mapping[str, Why] = {
    "007004": Why.CANCELLED,
    "007055": Why.LEVEL_TOO_LOW,
    "007011": Why.STALE,
}


def failure_of(number: str | None) -> Failure:
    """Whatever else ESIA objects to is a matter between two systems, so the person cannot mend it."""
    return Failure(WHY_BY_NUMBER.get(number or "", Why.UNAVAILABLE), number or "")


def level_of(level: AccountLevel, *, has_snils: bool) -> Level:
    """ESIA's wire does not tell упрощённая from стандартная; only a standard account has a checked СНИЛС to show.

    A child's account without one is provisional: nobody has confirmed yet whose child it is.
    """
    if level is AccountLevel.CHILD:
        return Level.CHILD if has_snils else Level.PROVISIONAL
    if level is AccountLevel.CONFIRMED:
        return Level.CONFIRMED
    return Level.STANDARD if has_snils else Level.SIMPLIFIED


def kept(known: Sequence[KeptAttempt], fresh: KeptAttempt, now: datetime) -> list[KeptAttempt]:
    """The attempts to remember: the fresh one first, none out of time, not more than a few."""
    alive = [one for one in known if now - one.begun_at < ATTEMPT_LIFE]
    return [fresh, *alive][:MOST_ATTEMPTS]


@dataclass(frozen=True)
class Card:
    """What a slice puts on the main page of who is signed in: a next step, or a state worth seeing.

    `tag` says the state in words; `kind` as in ui.html: info, good, wait, bad.
    """

    title: str
    text: str
    href: str = ""
    action: str = ""
    tag: str = ""
    kind: str = ""
