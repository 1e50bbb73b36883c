"""A parent entrusts some rights to another adult until a day; and the papers on which a guardianship rests.

    invited ──accept──▶ accepted          the delegated guardianship begins; it has an end of its own
       ├──decline──▶ declined
       ├──withdraw─▶ withdrawn            by who invited, or because their own guardianship is over
       └──14 days──▶ expired

The invitation goes by СНИЛС and is accepted in the own cabinet of whom it names, so nobody accepts for another. A
delegate never gets the keys of the child's account and entrusts nothing on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.gosuslugi.family.model import FamilyRefused, Right

INVITATION_LIFE = timedelta(days=14)
LONGEST_DELEGATION = timedelta(days=365)


class DelegationState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_D = DelegationState
DELEGATION_MOVES: Mapping[DelegationState, frozenset[DelegationState]] = {
    _D.INVITED: frozenset({_D.ACCEPTED, _D.DECLINED, _D.WITHDRAWN, _D.EXPIRED}),
    _D.ACCEPTED: frozenset(),
    _D.DECLINED: frozenset(),
    _D.WITHDRAWN: frozenset(),
    _D.EXPIRED: frozenset(),
}


@dataclass(frozen=True)
class Delegation:
    """«Доверенность» of the cabinet. `from_id`: the parent's guardianship; `made_id`: the delegated one, once accepted.

    `ends_at`: the first moment after the last day for which the rights are lent; `expires_at`: of the invitation.
    """

    id: UUID
    from_id: UUID
    snils_digits: str = field(repr=False)
    rights: frozenset[Right]
    ends_at: datetime
    expires_at: datetime
    state: DelegationState
    since: datetime
    made_id: UUID | None = None

    def may_become(self, state: DelegationState) -> bool:
        return state in DELEGATION_MOVES[self.state]


class EvidenceKind(StrEnum):
    """The kind of paper or decision on which a guardianship rests."""

    BIRTH_RECORD = "birth_record"
    BIRTH_CERTIFICATE = "birth_certificate"
    ADOPTION_DECISION = "adoption_decision"
    GUARDIANSHIP_ORDER = "guardianship_order"
    FOSTER_CONTRACT = "foster_contract"
    COURT_DECISION = "court_decision"
    DELEGATION = "delegation"
    APPLICANT_PASSPORT = "applicant_passport"
    CHILD_SNILS = "child_snils"
    DEATH_CERTIFICATE = "death_certificate"
    REQUEST = "request"


@dataclass(frozen=True)
class Evidence:
    """«Основание»: one paper. A СНИЛС has no date of issue. `added_by`: `system`, `clerk:<uuid>` or `person:<uuid>`."""

    guardianship_id: UUID
    kind: EvidenceKind
    number: str = field(repr=False)
    issued_on: date | None
    issued_by: str = field(repr=False)
    added_at: datetime
    added_by: str


# -- errors ------------------------------------------------------------------------------------------------------------


class NotDelegable(FamilyRefused):
    """Not a right that may be lent, none at all, or the guardian may not lend: a delegate, or not in force."""


class NotOneself(FamilyRefused):
    """The СНИЛС is the guardian's or the child's own."""


class BadTerm(FamilyRefused):
    """The end lies in the past, more than a year ahead, or after the guardian's own term."""


class InvitedAlready(FamilyRefused):
    """An invitation to this person waits, or they represent the child already."""


class InvitationOver(FamilyRefused):
    """Answered, withdrawn or out of time."""
