"""What one clerk proposes and another one decides: guardians, courts, life and death.

    waiting ──confirm──▶ confirmed
       ├─────return────▶ returned
       └─────lapse─────▶ lapsed        nobody looked within five working days

Within two working days another clerk of the same centre looks: never the first one, never anybody of the family. A day
before, the colleagues are reminded; on the day it stands in the operator's numbers; after five days it lapses, the
first clerk, and for papers the family, is told and may come to any centre. So nothing waits without end.

ProposalRefused
├── WaitsAlready      another proposal about this application waits for a second clerk
├── AlreadyDecided    confirmed, returned or lapsed by now
├── SameClerk         nobody confirms the own proposal
├── OtherCentre       the second clerk works elsewhere
└── OwnFamily         the clerk, or a clerk's child, is one of those whom it concerns
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.family.papers_model import Paper, SeenPaper
from myschool.kit.agenda import Event
from myschool.papers.calendar import deadline_in_working_days
from myschool.papers.dates import MOSCOW

LOOK_WITHIN = 2
REMIND_AFTER = 1
ENDS_AFTER = 5
"""Working days."""


class Matter(StrEnum):
    """What is proposed."""

    PAPERS = "papers"
    """The applicant represents the child: a guardian, a trustee, an adopter."""
    COURT_SUSPENDS = "court_suspends"
    COURT_RESTORES = "court_restores"
    COURT_ENDS = "court_ends"
    ORDER_REVOKED = "order_revoked"
    GUARDIAN_DIED = "guardian_died"
    CHILD_DIED = "child_died"
    ADOPTED = "adopted"
    """The applicant adopted the child: the former parents' guardianships are over."""
    DISPUTE = "dispute"
    AGREED = "agreed"
    """The dispute is over: the adults signed it together."""
    LET_IN = "let_in"
    """The child stands at the desk, and no adult may open the child's locked account."""
    PROTECT = "protect"
    UNPROTECT = "unprotect"


PAPER_OF: Mapping[Matter, Paper] = {
    Matter.COURT_SUSPENDS: Paper.COURT_DECISION,
    Matter.COURT_RESTORES: Paper.COURT_DECISION,
    Matter.COURT_ENDS: Paper.COURT_DECISION,
    Matter.ORDER_REVOKED: Paper.GUARDIANSHIP_ORDER,
    Matter.GUARDIAN_DIED: Paper.DEATH_CERTIFICATE,
    Matter.CHILD_DIED: Paper.DEATH_CERTIFICATE,
    Matter.ADOPTED: Paper.ADOPTION_DECISION,
    Matter.DISPUTE: Paper.REQUEST,
    Matter.AGREED: Paper.REQUEST,
    Matter.LET_IN: Paper.REQUEST,
    Matter.PROTECT: Paper.REQUEST,
    Matter.UNPROTECT: Paper.REQUEST,
}
"""On what each rests."""
REPRESENTATION = tuple(PAPER_OF)


class ProposalState(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    LAPSED = "lapsed"


class Content(msgspec.Struct, frozen=True):
    """What the first clerk read and wrote; sealed at rest."""

    papers: list[SeenPaper]
    note: str = ""
    until: date | None = None

    def __repr__(self) -> str:
        return "Content(…)"

    @property
    def kinds(self) -> frozenset[Paper]:
        return frozenset(one.paper for one in self.papers)


@dataclass(frozen=True)
class Proposal:
    """«Ждёт второго сотрудника»."""

    id: UUID
    guardianship_id: UUID
    number: str
    matter: Matter
    clerk_id: UUID
    centre: str
    at: datetime
    due_at: datetime
    ends_at: datetime
    state: ProposalState
    content: Content = field(repr=False)
    decided_by: UUID | None = None
    decided_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        return self.state is ProposalState.WAITING and self.due_at <= now


class ProposalDue(Event, frozen=True, tag="centre.proposal_due"):
    """Time to remind, to raise the alarm, or to close. Decided by now: nothing happens."""

    proposal_id: UUID


class ProposalRefused(Exception):
    pass


class WaitsAlready(ProposalRefused):
    pass


@dataclass
class AlreadyDecided(ProposalRefused):
    state: ProposalState


class SameClerk(ProposalRefused):
    pass


class OtherCentre(ProposalRefused):
    pass


class OwnFamily(ProposalRefused):
    pass


def days_of(at: datetime) -> tuple[datetime, datetime, datetime]:
    """When to remind, until when to look, when it lapses."""
    remind, due, ends = (deadline_in_working_days(at, days, MOSCOW) for days in (REMIND_AFTER, LOOK_WITHIN, ENDS_AFTER))
    return remind, due, ends


def check_first(clerk: Clerk, concerned: Collection[UUID]) -> None:
    """Raises OwnFamily. `concerned`: everybody whom it concerns."""
    if clerk.person_id in concerned:
        raise OwnFamily


def check_second(clerk: Clerk, proposal: Proposal, concerned: Collection[UUID]) -> None:
    """Raises AlreadyDecided, SameClerk, OtherCentre, OwnFamily."""
    if proposal.state is not ProposalState.WAITING:
        raise AlreadyDecided(proposal.state)
    if clerk.person_id == proposal.clerk_id:
        raise SameClerk
    if clerk.centre != proposal.centre:
        raise OtherCentre
    check_first(clerk, concerned)


def first_paper(papers: Sequence[SeenPaper], kind: Paper) -> SeenPaper | None:
    return next((one for one in papers if one.paper is kind), None)
