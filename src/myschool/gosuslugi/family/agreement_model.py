"""A pupil with an own account agrees that a parent has it attached, or not. The parent then reads and gets notices.

asked ──agree───▶ agreed ──withdraw──▶ withdrawn ─┐
  ├──refuse──▶ refused ───────────────────────────┤ the parent asks again, a month later at the earliest
  └──14 days──▶ expired ──────────────────────────┴──▶ asked       after silence at once
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.gosuslugi.family.model import FamilyRefused
from myschool.kit.agenda import Event

AGREEMENT_LIFE = timedelta(days=14)
AGREEMENT_REMINDER = timedelta(days=3)
"""Before the end."""
ASK_AGAIN_AFTER = timedelta(days=30)


class AgreementState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


_A = AgreementState
AGREEMENT_MOVES: Mapping[AgreementState, frozenset[AgreementState]] = {
    _A.ASKED: frozenset({_A.AGREED, _A.REFUSED, _A.EXPIRED}),
    _A.AGREED: frozenset({_A.WITHDRAWN}),
    _A.REFUSED: frozenset({_A.ASKED}),
    _A.EXPIRED: frozenset({_A.ASKED}),
    _A.WITHDRAWN: frozenset({_A.ASKED}),
}


@dataclass(frozen=True)
class Agreement:
    """«Согласие ученика», one a guardianship. `since`: of the present state; `due_at`: the end of waiting."""

    guardianship_id: UUID
    person_id: UUID
    state: AgreementState
    since: datetime
    due_at: datetime

    def may_become(self, state: AgreementState) -> bool:
        return state in AGREEMENT_MOVES[self.state]

    @property
    def may_be_asked_at(self) -> datetime:
        """The moment from which the parent may ask again; silence is no refusal."""
        return self.since if self.state is AgreementState.EXPIRED else self.since + ASK_AGAIN_AFTER


class AgreementDue(Event, frozen=True, tag="family.agreement_due"):
    """Nobody answered until this moment; or, where it reminds, soon it is over."""

    guardianship_id: UUID
    at: datetime
    reminds: bool = False


@dataclass
class AgreementRefused(FamilyRefused):
    """The agreement is not in a state that allows this, or it is too early to ask again."""

    state: AgreementState
