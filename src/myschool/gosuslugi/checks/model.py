"""A question to a registry and what may become of it.

    draft ──send──▶ sent ──accept──▶ checking ──decide──▶ confirmed | contradicted(fields) | not_found
                     │ ▲                │ ▲
                     └─┴─ unavailable ──┴─┘          while the registry does not answer at all; we go on trying
    sent, checking, unavailable ──5 working days──▶ overdue ──30 days──▶ expired
    every state that waits ──a corrected question──▶ superseded

An answer counts in any state that waits. What is decided, expired or superseded stays so.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from myschool.kit.agenda import Event
from myschool.papers import matching
from myschool.papers.calendar import deadline_in_days, deadline_in_working_days
from myschool.papers.certificates import BirthCertificate
from myschool.papers.dates import MOSCOW
from myschool.papers.matching import Field, Finding, How, Particular
from myschool.papers.names import FullName
from myschool.papers.numbers import DepartmentCode, PassportNumber, Snils

PROMISED_WORKING_DAYS = 5
HARD_END_DAYS = 30


class CheckKind(StrEnum):
    """What is asked about. The values are the words of the registries' wire."""

    BIRTH_CERTIFICATE = "birth_certificate"
    PASSPORT = "passport"
    SNILS = "snils"


class CheckState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    CHECKING = "checking"
    UNAVAILABLE = "unavailable"
    OVERDUE = "overdue"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


_S = CheckState
DECIDED = frozenset({_S.CONFIRMED, _S.CONTRADICTED, _S.NOT_FOUND})
WAITING = frozenset({_S.SENT, _S.CHECKING, _S.UNAVAILABLE, _S.OVERDUE})
"""An answer is awaited."""
OPEN = WAITING | {_S.DRAFT}
"""Not yet at an end."""

MOVES: Mapping[CheckState, frozenset[CheckState]] = {
    _S.DRAFT: frozenset({_S.SENT, _S.SUPERSEDED}),
    # Straight to expired: when the worker slept for a month, either timer may go off first.
    _S.SENT: DECIDED | {_S.CHECKING, _S.UNAVAILABLE, _S.OVERDUE, _S.EXPIRED, _S.SUPERSEDED},
    _S.CHECKING: DECIDED | {_S.UNAVAILABLE, _S.OVERDUE, _S.EXPIRED, _S.SUPERSEDED},
    _S.UNAVAILABLE: DECIDED | {_S.CHECKING, _S.OVERDUE, _S.EXPIRED, _S.SUPERSEDED},
    _S.OVERDUE: DECIDED | {_S.EXPIRED, _S.SUPERSEDED},
    _S.CONFIRMED: frozenset(),
    _S.CONTRADICTED: frozenset(),
    _S.NOT_FOUND: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.SUPERSEDED: frozenset(),
}


class Verdict(StrEnum):
    """What we hold true after weighing the evidence. That a registry is silent is a state, no verdict."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"

    @property
    def state(self) -> CheckState:
        return CheckState(self.value)


# -- the question ------------------------------------------------------------------------------------------------------


class Claim(msgspec.Struct, frozen=True):
    """What a person says: `document` is what the registry files it under, `particulars` what it is compared with.

    Texts as the papers' parsers normalised them, dates in ISO form; None means «there is none» (a patronymic).
    """

    document: dict[str, str]
    particulars: dict[Field, str | None]

    def __repr__(self) -> str:
        return "Claim(…)"

    def canonical(self) -> str:
        """Equal for equal claims, whatever the order of their fields."""
        return msgspec.json.encode(self, order="sorted").decode()


def birth_claim(
    certificate: BirthCertificate,
    child: FullName,
    born_on: date,
    sex: str,
    parent: FullName | None,
    parent_born_on: date | None = None,
) -> Claim:
    """`sex` is M or F. The parent is the adult who adds the child, None for an adult whom no record of birth names.

    The parent's birth date tells a mother with a new surname from a woman of her name.
    """
    series = {"series": certificate.series} if certificate.series else {}
    act = {Field.ACT_NUMBER: certificate.act_number} if certificate.act_number else {}
    act_date = {Field.ACT_DATE: certificate.act_date} if certificate.act_date else {}
    return Claim(
        {"kind": certificate.kind.value, "number": certificate.number, **series},
        _as_text(
            matching.particulars_of_name(child)
            | {Field.BIRTH_DATE: born_on, Field.SEX: sex, Field.ISSUED_ON: certificate.issued_on}
            | act
            | act_date
            | (matching.particulars_of_parent(parent, parent_born_on) if parent else {})
        ),
    )


def passport_claim(
    number: PassportNumber, issued_on: date, department: DepartmentCode, name: FullName, born_on: date
) -> Claim:
    return Claim(
        {"series": number.series, "number": number.number},
        _as_text(
            matching.particulars_of_name(name)
            | {Field.BIRTH_DATE: born_on, Field.ISSUED_ON: issued_on, Field.DEPARTMENT_CODE: department.digits}
        ),
    )


def snils_claim(snils: Snils, name: FullName, born_on: date, sex: str) -> Claim:
    """`sex` is M or F."""
    return Claim(
        {"snils": snils.digits},
        _as_text(matching.particulars_of_name(name) | {Field.BIRTH_DATE: born_on, Field.SEX: sex}),
    )


def _as_text(particulars: Mapping[Field, Particular]) -> dict[Field, str | None]:
    return {field: value.isoformat() if isinstance(value, date) else value for field, value in particulars.items()}


# -- the answer: evidence, and apart from it the verdict ---------------------------------------------------------------


class NoRecord(msgspec.Struct, frozen=True, tag="no_record"):
    """The registry holds nothing under this document."""


class Compared(msgspec.Struct, frozen=True, tag="compared"):
    """The registry holds a record and says, field by field, how it stands to the claim; never what it holds."""

    findings: tuple[Finding, ...]


Evidence = NoRecord | Compared


@dataclass(frozen=True)
class Answer:
    """What a registry said to one question. `reference` is the number that it gave the question when it took it."""

    request_id: UUID
    reference: str
    evidence: Evidence


@dataclass(frozen=True)
class Weighed:
    """A verdict; when contradicted, the fields that differ; when confirmed, those where it does not matter."""

    verdict: Verdict
    differing: tuple[Field, ...] = ()
    forgiven: tuple[Field, ...] = ()


MUST_BE_COMPARED = frozenset({Field.FAMILY_NAME, Field.GIVEN_NAME, Field.BIRTH_DATE})
"""Without these nobody is recognised: an answer that leaves one out says nothing."""

MUST_NAME_THE_PARENT = frozenset({Field.PARENT_FAMILY_NAME, Field.PARENT_GIVEN_NAME})
"""Where the claim names a parent, a record that does not is no ground for a parent's rights."""


def weigh(claim: Claim, evidence: Evidence) -> Weighed:
    """The verdict on what was said. Raises Nonsense when it answers something else than was asked."""
    if isinstance(evidence, NoRecord):
        return Weighed(Verdict.NOT_FOUND)
    fields = [finding.field for finding in evidence.findings]
    asked = claim.particulars.keys() | {Field.DOCUMENT}
    if len(set(fields)) != len(fields) or not asked >= set(fields) >= MUST_BE_COMPARED:
        raise Nonsense
    said = [*evidence.findings, *_found_under(claim, fields)]
    said += [Finding(field, How.DIFFERS) for field in MUST_NAME_THE_PARENT & claim.particulars.keys() - set(fields)]
    verdict = matching.verdict(said)
    if isinstance(verdict, matching.Contradicted):
        return Weighed(Verdict.CONTRADICTED, verdict.fields)
    return Weighed(Verdict.CONFIRMED, forgiven=tuple(finding.field for finding in verdict.forgiven))


def _found_under(claim: Claim, said: Collection[Field]) -> list[Finding]:
    """That there is a record under the number is evidence too. A registry that found it otherwise says so itself."""
    if Field.DOCUMENT in said:
        return []
    return [Finding(Field.SNILS if "snils" in claim.document else Field.DOCUMENT, How.EQUAL)]


# -- the check ---------------------------------------------------------------------------------------------------------


class Actor(StrEnum):
    """Who acts next in a waiting state."""

    PERSON = "person"
    WE = "we"
    REGISTRY = "registry"


@dataclass(frozen=True)
class Waiting:
    """The four answers a waiting person looks for. `follows` is the state at `until` if nothing happens before."""

    since: datetime
    until: datetime | None
    follows: CheckState | None
    who: Actor


@dataclass(frozen=True)
class RegistryCheck:
    """«Проверка сведений». `id` is the number of the request on the wire; each correction is a new revision and check.

    `since`: when it came into its state. `due_at` and `ends_at` are set when sent, `reference` when accepted.
    """

    id: UUID
    kind: CheckKind
    subject_id: UUID
    revision: int
    state: CheckState
    differing: tuple[Field, ...]
    created_at: datetime
    since: datetime
    sent_at: datetime | None = None
    due_at: datetime | None = None
    ends_at: datetime | None = None
    reference: str | None = None
    forgiven: tuple[Field, ...] = ()
    """Confirmed all the same: where the record differs, and it does not matter."""
    tries: int = 0
    """Times we turned to the registry since it last answered us."""

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def verdict(self) -> Verdict | None:
        return Verdict(self.state.value) if self.state in DECIDED else None

    def may_become(self, state: CheckState) -> bool:
        return state in MOVES[self.state]

    @property
    def waiting(self) -> Waiting | None:
        """None when there is nothing to wait for."""
        if self.state is CheckState.DRAFT:
            return Waiting(self.since, None, None, Actor.PERSON)
        if self.state not in WAITING:
            return None
        if self.state is CheckState.OVERDUE:
            return Waiting(self.since, self.ends_at, CheckState.EXPIRED, Actor.REGISTRY)
        who = Actor.WE if self.state is CheckState.UNAVAILABLE else Actor.REGISTRY
        return Waiting(self.since, self.due_at, CheckState.OVERDUE, who)


def due_at(sent_at: datetime) -> datetime:
    """The end of the fifth working day after the question, by Moscow."""
    return deadline_in_working_days(sent_at, PROMISED_WORKING_DAYS, MOSCOW)


def ends_at(sent_at: datetime) -> datetime:
    """The end of the thirtieth day after the question, by Moscow: from then on no answer counts."""
    return deadline_in_days(sent_at, HARD_END_DAYS, MOSCOW)


# -- events and errors -------------------------------------------------------------------------------------------------


class CheckSending(Event, frozen=True, kw_only=True, tag="checks.sending"):
    """The question is due to be handed to the registry. `attempt` counts from 1."""

    check_id: UUID
    attempt: int


class CheckLook(Event, frozen=True, kw_only=True, tag="checks.polling"):
    """The answer may have been lost or spoilt on its way: it is time to look at the question itself, once."""

    check_id: UUID


class QueueTurn(Event, frozen=True, kw_only=True, tag="checks.queue"):
    """It is time to take what waits in our queue at the registry. One item for ever."""


class CheckOnceMore(Event, frozen=True, kw_only=True, tag="checks.once_more"):
    """An operator wants the registry asked out of turn. The regular turns go on beside it."""

    check_id: UUID


class CheckDeadline(Event, frozen=True, kw_only=True, tag="checks.deadline"):
    """The time for an answer is over: the check becomes `state` (overdue or expired) unless it is decided."""

    check_id: UUID
    state: CheckState


class CheckDecided(Event, frozen=True, kw_only=True, tag="checks.decided"):
    """A registry's answer was weighed. Put once for a check."""

    check_id: UUID
    kind: CheckKind
    subject_id: UUID
    verdict: Verdict


class CheckMoved(Event, frozen=True, kw_only=True, tag="checks.moved"):
    """A check waits in another state than before: checking, unavailable, overdue; or it expired."""

    check_id: UUID
    kind: CheckKind
    subject_id: UUID
    state: CheckState


class CheckRefused(Exception):
    """
    CheckRefused
    ├── NoSuchCheck
    ├── MoveRefused     the check is not in a state that allows this
    └── Nonsense        the answer does not answer the question
    """


class NoSuchCheck(CheckRefused):
    def __init__(self, check_id: UUID) -> None:
        super().__init__(str(check_id))
        self.check_id = check_id


class MoveRefused(CheckRefused):
    def __init__(self, check_id: UUID, state: CheckState, to: CheckState) -> None:
        super().__init__(f"{check_id}: {state} → {to}")
        self.check_id, self.state, self.to = check_id, state, to


class Nonsense(CheckRefused):
    """Nothing of the answer is repeated here."""
