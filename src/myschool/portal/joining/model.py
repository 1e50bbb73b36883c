"""Requests to join a school: what may follow what, who may decide, until when.

                     ┌──────────────── answered ─────────────────┐
                     ▼                                           │
    submitted ──opened──▶ in_review ──asked──▶ needs_information ┤
        │  │                │    │                     │         │
        │  └─approved───────┤    │                     └─────────┴─▶ withdrawn
        │                   ▼    ▼
        └─declined───▶ approved, declined          (submitted, in_review and needs_information may be withdrawn)

A request past its deadline stays where it is and goes up: to the school again, then to the municipality.

JoiningError
├── UnknownRequest
├── NotAllowed              the state does not allow this move
├── RequestAlreadyDecided   somebody was quicker: by whom and when
└── CannotJoin              this school takes no pupils through the portal
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.kit.agenda import Event
from myschool.kit.ids import readable_code
from myschool.papers.calendar import add_working_days
from myschool.papers.dates import MOSCOW, end_of_day
from myschool.papers.numbers import Ogrn
from myschool.portal.roll.model import AcademicYear, SchoolClass

WORKING_DAYS_TO_DECIDE = 3


class RequestState(StrEnum):
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    NEEDS_INFORMATION = "needs_information"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_S = RequestState
OPEN = frozenset({_S.SUBMITTED, _S.IN_REVIEW, _S.NEEDS_INFORMATION})
MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    _S.SUBMITTED: frozenset({_S.IN_REVIEW, _S.APPROVED, _S.DECLINED, _S.NEEDS_INFORMATION, _S.WITHDRAWN}),
    _S.IN_REVIEW: frozenset({_S.APPROVED, _S.DECLINED, _S.NEEDS_INFORMATION, _S.WITHDRAWN}),
    _S.NEEDS_INFORMATION: frozenset({_S.SUBMITTED, _S.APPROVED, _S.DECLINED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset(),
    _S.DECLINED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}


class MembershipState(StrEnum):
    ACTIVE = "active"
    TRANSFERRED = "transferred"
    LEFT = "left"
    GRADUATED = "graduated"


class Reason(StrEnum):
    """Why a school declines. `OTHER` needs a comment."""

    NOT_OUR_PUPIL = "not_our_pupil"
    WRONG_CLASS = "wrong_class"
    PERSON_DIFFERS = "person_differs"
    DUPLICATE = "duplicate"
    WRONG_SCHOOL = "wrong_school"
    WRONG_PROFILE = "wrong_profile"
    NO_AUTHORITY = "no_authority"
    OTHER = "other"


class JoiningError(Exception):
    pass


class UnknownRequest(JoiningError):
    pass


class NotAllowed(JoiningError):
    def __init__(self, now: RequestState, wanted: RequestState) -> None:
        super().__init__(f"{now} → {wanted}")
        self.now, self.wanted = now, wanted


class RequestAlreadyDecided(JoiningError):
    def __init__(self, request: "JoinRequest") -> None:
        super().__init__(request.number)
        self.request = request


class CannotJoin(JoiningError):
    def __init__(self, school: Ogrn) -> None:
        super().__init__(school.digits)
        self.school = school


class RequestSubmitted(Event, frozen=True, tag="joining.request_submitted"):
    request_id: UUID


class RequestApproved(Event, frozen=True, tag="joining.request_approved"):
    request_id: UUID
    person_id: UUID


class RequestDeclined(Event, frozen=True, tag="joining.request_declined"):
    request_id: UUID


class InformationAsked(Event, frozen=True, tag="joining.information_asked"):
    request_id: UUID


class MembershipEnded(Event, frozen=True, tag="joining.membership_ended"):
    person_id: UUID
    membership_id: UUID


class RequestDue(Event, frozen=True, tag="joining.request_due"):
    """The deadline of a request has come; `deadline` tells whether it is still the one meant."""

    request_id: UUID
    deadline: datetime


class RequestPassedOn(Event, frozen=True, tag="joining.request_passed_on"):
    """The school was merged; the request waits at its successor until `deadline`."""

    request_id: UUID
    deadline: datetime


class RequestStranded(Event, frozen=True, tag="joining.request_stranded"):
    """The school is no more and nobody stands in its place; the request was withdrawn."""

    request_id: UUID


@dataclass(frozen=True)
class Wish:
    """What a pupil asks for."""

    school: Ogrn
    school_class: SchoolClass
    year: AcademicYear


@dataclass(frozen=True)
class Decision:
    """«Решение»: who decided what and when; `reason` and `comment` go to the family."""

    state: RequestState
    by: UUID
    at: datetime
    reason: Reason | None = None
    comment: str = field(default="", repr=False)


@dataclass(frozen=True)
class JoinRequest:
    """«Заявка на присоединение». `number` is what people read aloud; `filed_by` the pupil himself or a guardian."""

    id: UUID
    number: str
    person_id: UUID
    filed_by: UUID
    wish: Wish
    state: RequestState
    submitted_at: datetime
    deadline: datetime
    opened_by: UUID | None = None
    opened_at: datetime | None = None
    decision: Decision | None = None
    question: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def check_move(self, wanted: RequestState) -> None:
        """Raises RequestAlreadyDecided or NotAllowed."""
        if wanted in MOVES[self.state]:
            return
        if self.decision is not None:
            raise RequestAlreadyDecided(self)
        raise NotAllowed(self.state, wanted)


@dataclass(frozen=True)
class Submitted:
    """`is_new` is False when an open request of this person to this school was there already."""

    request: JoinRequest
    is_new: bool


@dataclass(frozen=True)
class Membership:
    """«Принадлежность к школе»."""

    id: UUID
    person_id: UUID
    school: Ogrn
    school_class: SchoolClass
    year: AcademicYear
    state: MembershipState
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Draft:
    """What a pupil has chosen so far; kept on the server until he sends it."""

    region_code: str = ""
    school: Ogrn | None = None
    school_class: SchoolClass | None = None


def new_number(today: date) -> str:
    """`26-4DFG-7QRS`: the year and eight characters that are not mistaken for one another."""
    return f"{today:%y}-{readable_code(4)}-{readable_code(4)}"


def deadline_from(now: datetime) -> datetime:
    """The last second of the third working day after this one, so that the date people read is that day's."""
    last_day = add_working_days(now.astimezone(MOSCOW).date(), WORKING_DAYS_TO_DECIDE)
    return end_of_day(last_day, MOSCOW) - timedelta(seconds=1)
