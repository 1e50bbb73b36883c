"""Papers that a clerk holds in hands, what they prove, and when one clerk is not enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from myschool.gosuslugi.family.model import FamilyRefused, RefusalReason, Relation


class Paper(StrEnum):
    """What a clerk holds in hands."""

    APPLICANT_PASSPORT = "applicant_passport"
    BIRTH_CERTIFICATE = "birth_certificate"
    CHILD_SNILS = "child_snils"
    GUARDIANSHIP_ORDER = "guardianship_order"
    ADOPTION_DECISION = "adoption_decision"
    COURT_DECISION = "court_decision"
    DEATH_CERTIFICATE = "death_certificate"
    REQUEST = "request"
    """«Заявление»: written and signed at the desk."""


@dataclass(frozen=True)
class SeenPaper:
    """One paper as the clerk read it; a СНИЛС has no date and no issuer."""

    paper: Paper
    number: str = field(repr=False)
    issued_on: date | None = field(default=None, repr=False)
    issued_by: str = field(default="", repr=False)


_ALWAYS = frozenset({Paper.APPLICANT_PASSPORT, Paper.BIRTH_CERTIFICATE, Paper.CHILD_SNILS})
_BESIDES: Mapping[Relation, Paper] = {
    Relation.ADOPTER: Paper.ADOPTION_DECISION,
    Relation.GUARDIAN: Paper.GUARDIANSHIP_ORDER,
    Relation.TRUSTEE: Paper.GUARDIANSHIP_ORDER,
    Relation.FOSTER: Paper.GUARDIANSHIP_ORDER,
    Relation.DELEGATE: Paper.GUARDIANSHIP_ORDER,
}


def papers_needed(relation: Relation) -> frozenset[Paper]:
    """Without these a clerk cannot say yes."""
    return _ALWAYS | {_BESIDES[relation]} if relation in _BESIDES else _ALWAYS


def needs_second_look(relation: Relation) -> bool:
    """Who stands in no record of birth by blood is let in by two clerks, never by one."""
    return relation in _BESIDES


@dataclass(frozen=True)
class PaperDecision:
    """Who decided on what evidence. `refusal` is None for a yes; `note` is for the centre, not for the parent.

    `confirmed_by`: the second clerk, where one is needed.
    """

    guardianship_id: UUID
    clerk_id: UUID
    papers: frozenset[Paper]
    note: str = field(repr=False)
    at: datetime
    refusal: RefusalReason | None = None
    confirmed_by: UUID | None = None
    seen: Sequence[SeenPaper] = ()
    until: datetime | None = None
    """The first moment after the term that the order names."""

    @property
    def approved(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True)
class Decided:
    """Who decided last about an application, and when: the first clerk, then the second, where there were two."""

    clerks: Sequence[UUID]
    at: datetime


class SecondLookEnd(StrEnum):
    """A first yes that became no decision."""

    RETURNED = "second_look_returned"
    LAPSED = "second_look_lapsed"


@dataclass
class PapersMissing(FamilyRefused):
    """A clerk said yes without these papers."""

    papers: frozenset[Paper]


class SecondClerkNeeded(FamilyRefused):
    """A yes of one clerk is a proposal; another, neither the first nor the applicant, makes it a decision."""
