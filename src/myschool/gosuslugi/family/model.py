"""A child in a family, and who may act for the child.

    claimed ──check──▶ checking ──settle──▶ active ──suspend──▶ suspended ──resume──▶ active
                        ▲  │  └──▶ review ──▶ active | refused       │
                        │  ▼        ▲                                │
                      mismatch ─────┘     any but refused and ended ──end──▶ ended(reason)

Claimed: the parent says so. Mismatch: the registry says otherwise, or nothing; the parent corrects and sends again, or
brings the papers to a clerk (review). Guardians and trustees stand in no record of birth, so theirs always goes to
review. Only what is active and not past its term authorises anything.

Every state that waits has a day until which it waits (`due_at`) and somebody whose turn it is:

    claimed, mismatch   the adult, 90 days, then it closes itself            checking   the registry, as the check says
    review              the adult, who shows papers to a clerk: 90 days      suspended  `SuspendReason.decides`
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from myschool.gosuslugi.people.model import ADULT_AT, Person, Sex
from myschool.kit.agenda import Event
from myschool.papers.certificates import BirthCertificate, CertificateKind
from myschool.papers.dates import age_on, birthday_number, start_of_day
from myschool.papers.names import FullName, comparable_name
from myschool.papers.numbers import Snils
from myschool.papers.places import zone_of_address

CHILD_UNDER = 14
"""Who has reached this age gets no child's account, where the setting `child_account_under` does not say otherwise."""
DELETION_WAITS = timedelta(days=7)
"""From a parent's word to the end of a child's account; until then either parent thinks better of it."""
CITIZENSHIPS = {"RUS": "Россия"}


class Relation(StrEnum):
    """Who the adult is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    ADOPTER = "adopter"
    GUARDIAN = "guardian"
    TRUSTEE = "trustee"
    FOSTER = "foster"
    """«Приёмный родитель»: by a contract with an end date."""
    DELEGATE = "delegate"
    """«Доверенное лицо»: a parent entrusts some rights to another adult; nobody claims it of himself."""

    @property
    def stands_in_record_of_birth(self) -> bool:
        """After an adoption the record of birth names the adopter."""
        return self in (Relation.MOTHER, Relation.FATHER, Relation.ADOPTER)


class Basis(StrEnum):
    """On what a guardianship rests."""

    REGISTRY = "registry"
    SERVICE_CENTRE = "service_centre"
    COURT = "court"
    ADOPTION = "adoption"
    DELEGATED = "delegated"


class Right(StrEnum):
    SEE = "see"
    CONSENT = "consent"
    CREDENTIALS = "credentials"
    JOIN = "join"
    NOTICES = "notices"


ALL_RIGHTS = frozenset(Right)
READING = frozenset({Right.SEE, Right.NOTICES})
"""What stays with the adults of a pupil who has the account in own hands, until 18;
and what a card that is to be attached to such a pupil asks for from the beginning."""
DELEGABLE = ALL_RIGHTS - {Right.CREDENTIALS}
"""What a parent may entrust to another adult; the keys of the child's account are never lent."""


class EndReason(StrEnum):
    MAJORITY = "majority"
    REVOKED = "revoked"
    COURT = "court"
    DEATH = "death"
    SUPERSEDED = "superseded"
    NOT_MY_CHILD = "not_my_child"
    """The adult said so."""
    TERM_OVER = "term_over"
    """The end date of a foster contract, a court's order or a delegation has come."""
    NOT_PURSUED = "not_pursued"
    """Neither corrected nor shown to a clerk in time."""


TAKEN_AWAY = frozenset({EndReason.COURT, EndReason.REVOKED})
"""Others ended it; a claim of the same adult on the same child is for a clerk."""


class SuspendReason(StrEnum):
    """Why a guardianship rests."""

    DISPUTE = "dispute"
    """The parents do not agree, and a court has not spoken."""
    COURT = "court"
    PROTECTION = "protection"
    """Somebody in the family is protected from this adult, who is told only to come to the centre."""
    DOUBT = "doubt"
    """A clerk doubts the papers."""

    @property
    def rests_for(self) -> timedelta:
        """Without another date. No rest is for ever."""
        return DOUBT_LIFE if self is SuspendReason.DOUBT else REST_LIFE

    @property
    def resumes_itself(self) -> bool:
        """A doubt or a quarrel that nobody confirmed in time falls; an order or a protection waits for a clerk."""
        return self in (SuspendReason.DISPUTE, SuspendReason.DOUBT)


WAITING_LIFE = timedelta(days=90)
REST_LIFE = timedelta(days=90)
DOUBT_LIFE = timedelta(days=30)
REMIND_BEFORE = (timedelta(days=14), timedelta(days=1))


class RefusalReason(StrEnum):
    """Why a clerk said no."""

    PAPERS_DIFFER = "papers_differ"
    PAPERS_MISSING = "papers_missing"
    NOT_REPRESENTATIVE = "not_representative"
    OTHER = "other"


class GuardianshipState(StrEnum):
    CLAIMED = "claimed"
    CHECKING = "checking"
    MISMATCH = "mismatch"
    REVIEW = "review"
    ACTIVE = "active"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    ENDED = "ended"


_S = GuardianshipState
MOVES: Mapping[GuardianshipState, frozenset[GuardianshipState]] = {
    _S.CLAIMED: frozenset({_S.CHECKING, _S.REVIEW, _S.ENDED}),
    _S.CHECKING: frozenset({_S.ACTIVE, _S.MISMATCH, _S.REVIEW, _S.ENDED}),
    _S.MISMATCH: frozenset({_S.CHECKING, _S.REVIEW, _S.ENDED}),
    _S.REVIEW: frozenset({_S.ACTIVE, _S.REFUSED, _S.CHECKING, _S.ENDED}),
    _S.ACTIVE: frozenset({_S.SUSPENDED, _S.ENDED}),
    _S.SUSPENDED: frozenset({_S.ACTIVE, _S.ENDED}),
    _S.REFUSED: frozenset(),
    _S.ENDED: frozenset(),
}
WAITING_LIVES: Mapping[GuardianshipState, timedelta] = {
    _S.CLAIMED: WAITING_LIFE,
    _S.MISMATCH: WAITING_LIFE,
    _S.REVIEW: WAITING_LIFE,
}
"""How long a state waits for the adult; checking has the deadline of its check, suspended that of its reason."""
OVER = frozenset(state for state, moves in MOVES.items() if not moves)
CORRECTABLE = frozenset({_S.CHECKING, _S.MISMATCH, _S.REVIEW})
"""The card may be corrected and sent again."""


class Card(msgspec.Struct, frozen=True):
    """What an adult says of a child, each field as its parser normalised it."""

    relation: Relation
    family_name: str
    given_name: str
    patronymic: str | None
    birth_date: date
    sex: Sex
    snils_digits: str
    citizenship: str
    address: str | None
    certificate_kind: CertificateKind
    series: str | None
    number: str
    issued_by: str
    issued_on: date
    act_number: str | None = None
    act_date: date | None = None

    def __repr__(self) -> str:
        return "Card(…)"

    @property
    def name(self) -> FullName:
        return FullName(self.family_name, self.given_name, self.patronymic)

    @property
    def snils(self) -> Snils:
        return Snils(self.snils_digits)

    @property
    def zone(self) -> ZoneInfo:
        """By whose clocks the child lives; Moscow's when the address does not tell."""
        return zone_of_address(self.address)

    def day_at(self, now: datetime) -> date:
        """The day where the child lives."""
        return now.astimezone(self.zone).date()

    @property
    def grown_up_at(self) -> datetime:
        """The moment in which nobody represents the child any more, whether or not a worker has noticed."""
        return start_of_day(birthday_number(self.birth_date, ADULT_AT), self.zone)

    @property
    def certificate(self) -> BirthCertificate:
        return BirthCertificate(
            self.certificate_kind,
            self.series,
            self.number,
            self.issued_by,
            self.issued_on,
            self.act_number,
            self.act_date,
        )

    @property
    def certificate_key(self) -> str:
        """Under which the certificate is found; equal for the same paper."""
        return "|".join(self.certificate.key())

    def says_the_same_child(self, other: "Card") -> bool:
        """Two adults mean one child: the same СНИЛС, born on the same day, called the same.

        The surname may differ: a certificate is issued anew when it changes.
        """
        return (
            self.snils_digits == other.snils_digits
            and self.birth_date == other.birth_date
            and comparable_name(self.given_name) == comparable_name(other.given_name)
        )


@dataclass(frozen=True)
class Child:
    """«Ребёнок»: settled by a register or a clerk, one for all guardians. `person_id`: the account, if there is one.

    `protected_at`: since then nobody is told who else represents the child, or that anybody does.
    """

    id: UUID
    card: Card = field(repr=False)
    person_id: UUID | None
    created_at: datetime
    protected_at: datetime | None = None


@dataclass(frozen=True)
class Guardianship:
    """«Законное представительство». `number` is said aloud at the service centre.

    `basis`, `rights` and `child_id` are set when it becomes active; `attached_at` when the child's account hangs on it.
    `due_at`: until when the present state waits; `ends_at`: the term of an active one. `suspended_for` outlives the
    suspension when it is ended out of it: who closes a card and claims anew does not slip away from a court.
    `second_look_until`: a first clerk said yes, a second one looks until then.
    `delegated_from`: whose rights a delegate has. `protected_at`: hidden from the child's other representatives.
    """

    id: UUID
    number: str
    guardian_id: UUID
    card: Card = field(repr=False)
    state: GuardianshipState
    since: datetime
    created_at: datetime
    child_id: UUID | None = None
    basis: Basis | None = None
    rights: frozenset[Right] = frozenset()
    ends_at: datetime | None = None
    end_reason: EndReason | None = None
    refusal: RefusalReason | None = None
    attached_at: datetime | None = None
    due_at: datetime | None = None
    suspended_for: SuspendReason | None = None
    delegated_from: UUID | None = None
    second_look_until: datetime | None = None
    protected_at: datetime | None = None

    @property
    def suspended_until(self) -> datetime | None:
        return self.due_at if self.state is GuardianshipState.SUSPENDED else None

    @property
    def deadline(self) -> datetime | None:
        """The day on which something happens by itself: the wait of this state, or the term, is over."""
        return self.ends_at if self.state is GuardianshipState.ACTIVE else self.due_at

    @property
    def said_by_court(self) -> bool:
        """An adoption is a court's decision too (Family Code, art. 125)."""
        return self.basis in (Basis.COURT, Basis.ADOPTION)

    def narrowed(self, person: Person | None) -> "Guardianship":
        """With the rights that are left over a pupil who has the account in own hands."""
        return replace(self, rights=self.rights & READING) if person is not None and person.in_own_hands else self

    @property
    def was_taken_away(self) -> bool:
        """Who was suspended and closed the card, or whose right was ended by others, does not get it back by a form."""
        over = self.state is GuardianshipState.ENDED
        return over and (self.suspended_for is not None or self.end_reason in TAKEN_AWAY)

    def in_force(self, now: datetime) -> bool:
        """Authorises something at this moment."""
        inside_term = self.ends_at is None or now < self.ends_at
        return self.state is GuardianshipState.ACTIVE and inside_term and now < self.card.grown_up_at

    def may(self, right: Right, now: datetime) -> bool:
        return self.in_force(now) and right in self.rights

    def may_become(self, state: GuardianshipState) -> bool:
        return state in MOVES[self.state]


@dataclass(frozen=True)
class Step:
    """One line of a guardianship's history."""

    at: datetime
    state: GuardianshipState
    reason: str


@dataclass(frozen=True)
class Draft:
    """A card that is being typed; `guardianship_id`: which one it corrects; `sent_as`: what it became once sent."""

    id: UUID
    guardian_id: UUID
    typed: dict[str, str] = field(repr=False)
    updated_at: datetime
    guardianship_id: UUID | None = None
    sent_as: UUID | None = None


@dataclass(frozen=True)
class Opening:
    """The child's account on its way: contacts that wait for their codes, or are confirmed and wait for a password.

    `phone`: ten digits; a child need not have one.
    """

    guardianship_id: UUID
    email: str = field(repr=False)
    confirmed_at: datetime | None
    phone: str | None = field(default=None, repr=False)
    phone_confirmed_at: datetime | None = None

    @property
    def ready(self) -> bool:
        """Every contact that was named is confirmed."""
        return self.confirmed_at is not None and (self.phone is None or self.phone_confirmed_at is not None)


@dataclass(frozen=True)
class Ward:
    """«Учётная запись ребёнка» in the hands of an adult who may act on it: the receipt of the check."""

    row: Guardianship
    child: Child
    person: Person


@dataclass(frozen=True)
class Deletion:
    """A child's account that will be deleted; `guardianship_id`: whose word it is."""

    person_id: UUID
    guardianship_id: UUID
    asked_at: datetime
    due_at: datetime

    @property
    def key(self) -> str:
        """Of its timer; another one when it is asked for anew."""
        return f"family:deletion:{self.person_id}:{self.asked_at.isoformat()}"


class DeletionDue(Event, frozen=True, tag="family.deletion_due"):
    """The waiting time of a deletion is over."""

    person_id: UUID


class ChildAccountDeleted(Event, frozen=True, tag="family.account_deleted"):
    """A child's account is no more."""

    person_id: UUID


def may_be_attached(born_on: date, today: date) -> bool:
    """To the parent's account, with the pupil's agreement: a pupil who is no adult yet."""
    return age_on(born_on, today) < ADULT_AT


def is_too_old(born_on: date, today: date, child_under: int) -> bool:
    """For a child's account. `child_under`: the setting `child_account_under`; `today`: where the child lives."""
    return age_on(born_on, today) >= child_under


# -- events: identifiers and words of the domain only ------------------------------------------------------------------


class GuardianshipEnded(Event, frozen=True, tag="family.guardianship_ended"):
    """It authorises nothing from now on. `person_id`: the child's account, where there is one."""

    guardianship_id: UUID
    guardian_id: UUID
    child_id: UUID | None
    person_id: UUID | None
    reason: EndReason


class GuardianshipSuspended(Event, frozen=True, tag="family.guardianship_suspended"):
    """It authorises nothing until it is resumed."""

    guardianship_id: UUID
    guardian_id: UUID
    child_id: UUID | None
    person_id: UUID | None
    reason: SuspendReason


class GuardianshipResumed(Event, frozen=True, tag="family.guardianship_resumed"):
    guardianship_id: UUID
    guardian_id: UUID
    child_id: UUID | None
    person_id: UUID | None


class GuardianshipDue(Event, frozen=True, tag="family.guardianship_due"):
    """The day to which a state or a term ran has come; `reminds`: it is near. Another day by now: nothing happens."""

    guardianship_id: UUID
    at: datetime
    reminds: bool = False


class DelegationDue(Event, frozen=True, tag="family.delegation_due"):
    """An invitation that nobody answered runs out."""

    delegation_id: UUID


# -- errors ------------------------------------------------------------------------------------------------------------


class FamilyRefused(Exception):
    """
    FamilyRefused
    ├── NotYours              no such card, draft or application for this person
    ├── AccountNotConfirmed   the parent's account is not confirmed
    ├── TooOld                the child has reached the age from which nobody gets a child's account
    ├── AddedAlready          this parent has a card with this СНИЛС; `guardianship_id`
    ├── NotNow                the guardianship is not in a state that allows this
    ├── OwnApplication        a clerk never decides about the own family
    ├── PapersMissing         a clerk said yes without these papers (`papers_model`)
    ├── SecondClerkNeeded     one clerk alone said yes (`papers_model`)
    ├── EmailTaken            another account has verified this e-mail
    ├── PhoneTaken            another account has verified this telephone
    ├── RightMissing          the guardianship does not give this right, or no longer; `right`
    ├── OwnAccount            the pupil answers for the account, with a passport; no parent changes it
    └── NeedsClerk            the child's СНИЛС or certificate contradicts what is known; a clerk must look
    """


class NotYours(FamilyRefused):
    pass


class AccountNotConfirmed(FamilyRefused):
    pass


@dataclass
class TooOld(FamilyRefused):
    born_on: date = field(repr=False)


@dataclass
class AddedAlready(FamilyRefused):
    guardianship_id: UUID


@dataclass
class NotNow(FamilyRefused):
    guardianship_id: UUID
    state: GuardianshipState


class OwnApplication(FamilyRefused):
    pass


class EmailTaken(FamilyRefused):
    pass


class PhoneTaken(FamilyRefused):
    pass


@dataclass
class RightMissing(FamilyRefused):
    right: Right


class OwnAccount(FamilyRefused):
    pass


@dataclass
class NeedsClerk(FamilyRefused):
    guardianship_id: UUID
