"""Learning platforms, the right to use one, and what it takes.

                      conditions hold        «Получить доступ»
    unavailable(why) ◀──────────────▶ available ──────────────▶ active(until) ◀────────────────┐
                                          ▲                      │  │  │  │                    │
                    a new offer, new data │     conditions lapse │  │  │  │ launch did not end │ launch ended
                                          │                      ▼  │  │  ▼                    │ well
                                          │             suspended(why) │  platform_error ──────┘
                                          │              hold again ─▶ active
                                          └──── expired ◀───────────┘  │
                                    active ◀──── withdrawn ◀───────────┘   (the family gives and takes back)

What is stored is the last thing that was known; `settled` brings it up to date, and nothing is ever decided without.

ContentError
├── UnknownPlatform
├── AccessClosed           the conditions do not hold; `access` says why
├── GuardianActivates      a child under 14: the parent does it
├── NotActive              a launch without an active entitlement; `entitlement` says what it is
├── NotYourChild
└── NotAllowed             the state does not allow this move
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from myschool.kit.agenda import Event
from myschool.oidc.registration import RegisteredClient
from myschool.portal.joining.model import Membership, MembershipState
from myschool.portal.roll.model import AcademicYear

LAUNCH_WITHIN = timedelta(minutes=10)
"""A platform that has not come for the pupil by then has lost him."""


PairwiseSubject = NewType("PairwiseSubject", str)
"""«Псевдоним для платформы»: two platforms cannot match their pupils by it."""


class Claim(StrEnum):
    """What a platform may ask to be told of a pupil. E-mail and phone are not among them, so none can be asked."""

    ROLE = "role"
    GRADE = "grade"
    SCHOOL = "school"
    NAME = "name"


CLAIM_NAMES: Mapping[str, frozenset[str]] = {
    Claim.ROLE: frozenset({"role"}),
    Claim.GRADE: frozenset({"grade"}),
    Claim.SCHOOL: frozenset({"school_name", "school_ogrn"}),
    Claim.NAME: frozenset({"given_name", "family_name"}),
}
"""Scope → claims on the wire."""


@dataclass(frozen=True, kw_only=True)
class LearningPlatform:
    """«Образовательная платформа». Without `client` it stands in the catalogue and is not connected yet.

    `claims` is what it declared to need; `client.sector` is the host for which its pseudonyms are made.
    """

    id: UUID
    slug: str
    name: str
    about: str
    subjects: tuple[str, ...]
    first_grade: int
    last_grade: int
    free_until: date | None
    claims: frozenset[Claim]
    contact: str
    client: RegisteredClient | None = field(default=None, repr=False)

    def takes(self, grade: int) -> bool:
        return self.first_grade <= grade <= self.last_grade


class Why(StrEnum):
    """Why a platform is closed to a pupil. Each has its own way on, in `pages.words`."""

    NOT_CONNECTED = "not_connected"
    OFFER_ENDED = "offer_ended"
    NOT_CONFIRMED = "not_confirmed"
    NO_SCHOOL = "no_school"
    YEAR_OVER = "year_over"
    WRONG_GRADE = "wrong_grade"
    NO_CONSENT = "no_consent"


ENDINGS = frozenset({Why.OFFER_ENDED, Why.YEAR_OVER})
"""These do not pass: what was active has expired, and is asked for anew."""


@dataclass(frozen=True)
class Pupil:
    """What decides about access. `consented`: the consent to the portal stands; `is_child`: a guardian acts for him.

    `confirmed` False: a provisional account, whose child it is nobody has confirmed yet.
    """

    person_id: UUID
    membership: Membership | None
    consented: bool
    is_child: bool
    confirmed: bool = True


@dataclass(frozen=True)
class Access:
    """`why` None: open, until the end of the day `until`."""

    why: Why | None
    until: date | None = None

    @property
    def is_open(self) -> bool:
        return self.why is None


def end_of_year(year: AcademicYear) -> date:
    return date(year.begins + 1, 8, 31)


@dataclass(frozen=True)
class _Asked:
    platform: LearningPlatform
    pupil: Pupil
    today: date

    @property
    def year_ends(self) -> date:
        assert self.pupil.membership is not None
        return end_of_year(self.pupil.membership.year)


def _ended(asked: _Asked) -> bool:
    return asked.platform.free_until is not None and asked.platform.free_until < asked.today


def _no_school(asked: _Asked) -> bool:
    membership = asked.pupil.membership
    return membership is None or membership.state is not MembershipState.ACTIVE


def _wrong_grade(asked: _Asked) -> bool:
    assert asked.pupil.membership is not None
    return not asked.platform.takes(asked.pupil.membership.school_class.grade)


# The first that holds is what the family is told: nobody is sent to school for an offer that has ended.
CLOSED: tuple[tuple[Why, Callable[[_Asked], bool]], ...] = (
    (Why.NOT_CONNECTED, lambda asked: asked.platform.client is None),
    (Why.OFFER_ENDED, _ended),
    (Why.NOT_CONFIRMED, lambda asked: not asked.pupil.confirmed),
    (Why.NO_SCHOOL, _no_school),
    (Why.YEAR_OVER, lambda asked: asked.year_ends < asked.today),
    (Why.WRONG_GRADE, _wrong_grade),
    (Why.NO_CONSENT, lambda asked: not asked.pupil.consented),
)


def evaluate(platform: LearningPlatform, pupil: Pupil, today: date) -> Access:
    """Whether the pupil may use the platform today, until when, or why not."""
    asked = _Asked(platform, pupil, today)
    for why, holds in CLOSED:
        if holds(asked):
            return Access(why)
    return Access(None, min(asked.year_ends, platform.free_until or date.max))


class EntitlementState(StrEnum):
    UNAVAILABLE = "unavailable"
    AVAILABLE = "available"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    PLATFORM_ERROR = "platform_error"


_S = EntitlementState
MOVES: Mapping[EntitlementState, frozenset[EntitlementState]] = {
    _S.UNAVAILABLE: frozenset({_S.AVAILABLE}),
    _S.AVAILABLE: frozenset({_S.UNAVAILABLE, _S.ACTIVE}),
    _S.ACTIVE: frozenset({_S.SUSPENDED, _S.EXPIRED, _S.WITHDRAWN, _S.PLATFORM_ERROR, _S.AVAILABLE}),
    _S.SUSPENDED: frozenset({_S.ACTIVE, _S.EXPIRED, _S.WITHDRAWN, _S.AVAILABLE}),
    _S.EXPIRED: frozenset({_S.AVAILABLE}),
    _S.WITHDRAWN: frozenset({_S.ACTIVE}),
    _S.PLATFORM_ERROR: frozenset({_S.ACTIVE, _S.SUSPENDED, _S.EXPIRED, _S.WITHDRAWN, _S.AVAILABLE}),
}
GIVEN = frozenset({_S.ACTIVE, _S.SUSPENDED, _S.PLATFORM_ERROR})
"""The family has agreed, and has not taken it back."""
LAUNCHING = frozenset({_S.ACTIVE, _S.PLATFORM_ERROR})


@dataclass(frozen=True)
class Entitlement:
    """«Право доступа» of a pupil to a platform. `agreed`: what the family agreed to send; `why` as in Access."""

    person_id: UUID
    platform_id: UUID
    state: EntitlementState = _S.UNAVAILABLE
    why: Why | None = None
    until: date | None = None
    agreed: frozenset[Claim] = frozenset()
    activated_by: UUID | None = None
    activated_at: datetime | None = None

    def moved(self, state: EntitlementState, *, why: Why | None = None, until: date | None = None) -> "Entitlement":
        """Raises NotAllowed."""
        if state is not self.state and state not in MOVES[self.state]:
            raise NotAllowed(self.state, state)
        return replace(self, state=state, why=why, until=until)


def settled(held: Entitlement, platform: LearningPlatform, access: Access, today: date) -> Entitlement:
    """What the entitlement is today, now that access is as it is. Settling twice changes nothing."""
    state = held.state
    ran_out = held.until is not None and held.until < today
    if state in GIVEN and ran_out:
        state, held = _S.EXPIRED, held.moved(_S.EXPIRED, why=held.why, until=held.until)
    if access.why is not None:
        return _closed(held, access.why)
    if state in GIVEN and not platform.claims <= held.agreed:
        return held.moved(_S.AVAILABLE)  # it now wants to know more: the family is asked anew
    opened = {_S.UNAVAILABLE: _S.AVAILABLE, _S.SUSPENDED: _S.ACTIVE, _S.EXPIRED: _S.AVAILABLE}.get(state, state)
    return held.moved(opened, until=access.until if opened in LAUNCHING else None)


def _closed(held: Entitlement, why: Why) -> Entitlement:
    if held.state in (_S.UNAVAILABLE, _S.AVAILABLE):
        return held.moved(_S.UNAVAILABLE, why=why)
    if held.state in GIVEN:
        return held.moved(_S.EXPIRED if why in ENDINGS else _S.SUSPENDED, why=why, until=held.until)
    return held.moved(held.state, why=why, until=held.until)


def activated(
    held: Entitlement, platform: LearningPlatform, pupil: Pupil, by: UUID, now: datetime, today: date
) -> Entitlement:
    """Active, with what was agreed and by whom; pressing again changes nothing.

    Raises AccessClosed, GuardianActivates.
    """
    access = evaluate(platform, pupil, today)
    if not access.is_open:
        raise AccessClosed(access)
    if pupil.is_child and by == pupil.person_id:
        raise GuardianActivates
    held = settled(held, platform, access, today)
    if held.state in LAUNCHING:
        return held
    given = held.moved(_S.ACTIVE, until=access.until)
    return replace(given, agreed=platform.claims, activated_by=by, activated_at=now)


@dataclass(frozen=True)
class Launch:
    """«Переход на платформу»: begun here, arrived when the platform has come for the pupil's data."""

    id: UUID
    person_id: UUID
    platform_id: UUID
    begun_at: datetime
    arrived_at: datetime | None = None


class Channel(StrEnum):
    """How data went to a platform."""

    SIGN_IN = "sign_in"
    USERINFO = "userinfo"


@dataclass(frozen=True)
class LedgerEntry:
    """Who received what and when; the kinds of data, never the data."""

    id: UUID
    person_id: UUID
    platform_id: UUID
    at: datetime
    channel: Channel
    claims: frozenset[Claim]


@dataclass(frozen=True)
class Redemption:
    """A code that was redeemed once. `jti` is also the name of the access token that it brought."""

    jti: str
    person_id: UUID
    platform_id: UUID
    redeemed_at: datetime
    expires_at: datetime
    reused_at: datetime | None = None


class LaunchDue(Event, frozen=True, tag="content.launch_due"):
    """By now the platform should have come for the pupil."""

    launch_id: UUID


class ContentError(Exception):
    pass


class UnknownPlatform(ContentError):
    pass


class GuardianActivates(ContentError):
    pass


class NotYourChild(ContentError):
    pass


class AccessClosed(ContentError):
    def __init__(self, access: Access) -> None:
        super().__init__(access.why)
        self.access = access


class NotActive(ContentError):
    def __init__(self, entitlement: Entitlement) -> None:
        super().__init__(entitlement.state)
        self.entitlement = entitlement


class NotAllowed(ContentError):
    def __init__(self, now: EntitlementState, wanted: EntitlementState) -> None:
        super().__init__(f"{now} → {wanted}")
        self.now, self.wanted = now, wanted
