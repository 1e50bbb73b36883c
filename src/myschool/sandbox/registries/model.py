"""What a register holds, how it behaves when asked, and how it compares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from myschool.papers.calendar import deadline_in_working_days
from myschool.papers.dates import MOSCOW
from myschool.papers.matching import PARENT_NAMES, Field, Finding, How, closest, compare
from myschool.sandbox.registries.wire import Claim, Compared, Evidence, Kind, NoRecord, particulars_of

PROMISED_WORKING_DAYS = 5


class Manner(StrEnum):
    """How one copy of an answer goes out. Whoever looks at the question itself always sees the plain one."""

    PLAIN = "plain"
    HALF = "half"
    """Half of its JSON."""
    WRONG_FIELD = "wrong_field"
    """A field that no register compares."""
    WRONG_REFERENCE = "wrong_reference"
    """A number that the register never gave."""
    OTHER_CHILD = "other_child"
    """Under the number of another question, where there is one."""
    CONTRARY = "contrary"
    """«Записи нет», a minute after an answer that said otherwise."""


class Fate(msgspec.Struct, frozen=True):
    """How the register behaves when asked about one document.

    The answer comes `delay` after the question, and where `working_days` is set, not before so many of them are over.
    `refusals`: how often it is out of service before it takes the question. `manners`: the copies in which it tells
    the answer. `outage`: for how long all registers fall silent once this question is taken.
    """

    delay: timedelta = timedelta(minutes=15)
    working_days: int = 0
    refusals: int = 0
    manners: tuple[Manner, ...] = (Manner.PLAIN,)
    outage: timedelta = timedelta()

    def due_at(self, asked_at: datetime) -> datetime:
        due = asked_at + self.delay
        if not self.working_days:
            return due
        return max(due, deadline_in_working_days(asked_at, self.working_days, MOSCOW))


ORDINARY = Fate()
"""The shortest time in which the real register answers."""

AT_ONCE = Fate(delay=timedelta(minutes=2))
"""Registers of passports and СНИЛС."""

ORDINARY_OF: Mapping[Kind, Fate] = {
    Kind.BIRTH_CERTIFICATE: ORDINARY,
    Kind.PASSPORT: AT_ONCE,
    Kind.SNILS: AT_ONCE,
}


class Record(msgspec.Struct, frozen=True):
    """One record of a register. `alternatives`: groups of fields of which one must agree (the mother or the father)."""

    kind: Kind
    document: dict[str, str]
    particulars: dict[Field, str | None]
    alternatives: tuple[dict[Field, str | None], ...] = ()

    def __repr__(self) -> str:
        return f"Record({self.kind}, …)"


@dataclass(frozen=True)
class Entry:
    """What a register does when asked about a document: the record it holds, if any, and its fate.

    `about` is a line of Russian for the curious developer, without numbers of papers.
    """

    kind: Kind
    document: dict[str, str]
    record: Record | None
    fate: Fate
    about: str

    def __repr__(self) -> str:
        return f"Entry({self.kind}, …)"


@dataclass(frozen=True)
class Asked:
    """A question as the register keeps it. Each of `manners` is a copy of its answer owed to `callback_url`."""

    id: UUID
    request_id: UUID
    kind: Kind
    claim: Claim
    callback_url: str | None
    accepted_at: datetime
    due_at: datetime
    manners: tuple[Manner, ...]
    answered_at: datetime | None = None
    evidence: Evidence | None = None

    @property
    def promised_by(self) -> datetime:
        return promised_by(self.accepted_at)


def promised_by(accepted_at: datetime) -> datetime:
    """The end of the fifth working day after the question, by Moscow."""
    return deadline_in_working_days(accepted_at, PROMISED_WORKING_DAYS, MOSCOW)


def filed_under(kind: Kind, document: Mapping[str, str]) -> str:
    """The text by which a record is found: the words of the document in a fixed order."""
    return "|".join([kind.value, *(f"{word}={document[word]}" for word in sorted(document))])


def filed_under_act(kind: Kind, particulars: Mapping[Field, str | None]) -> str | None:
    """The text by which a birth is found when its certificate was issued again: number and date of the act record and
    the birth date, all three and letter by letter. None where one of them is missing: nobody searches by a part."""
    known = [particulars.get(field) for field in (Field.ACT_NUMBER, Field.ACT_DATE, Field.BIRTH_DATE)]
    if kind is not Kind.BIRTH_CERTIFICATE or not all(known):
        return None
    return "|".join([kind.value, "act", *map(str, known)])


_OF_PARENT = PARENT_NAMES | {Field.PARENT_BIRTH_DATE}


def record_of(kind: Kind, claim: Claim) -> Record:
    """The record with which this very claim would be confirmed."""
    parent = {field: text for field, text in claim.particulars.items() if field in _OF_PARENT}
    own = {field: text for field, text in claim.particulars.items() if field not in _OF_PARENT}
    return Record(kind, claim.document, own, (parent,) if parent else ())


def weigh(claim: Claim, record: Record | None) -> Evidence:
    """How the claim stands to the record; of the alternatives the one that agrees best is taken."""
    if record is None:
        return NoRecord()
    claimed = particulars_of(claim.particulars)
    versions = [
        compare(claimed, particulars_of(record.particulars | alternative))
        for alternative in record.alternatives or ({},)
    ]
    findings = closest(versions)
    if record.document != claim.document:
        findings.append(Finding(Field.DOCUMENT, How.DIFFERS))
    return Compared(tuple(findings))
