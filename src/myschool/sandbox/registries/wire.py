"""The registries' wire: what may be asked and what is answered. The package's docstring shows it whole."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec

from myschool.papers.matching import Field, Finding, Particular

LARGEST_BATCH = 1000
T = TypeVar("T")


class Kind(StrEnum):
    """Which register is asked, by the paper in question."""

    BIRTH_CERTIFICATE = "birth_certificate"
    PASSPORT = "passport"
    SNILS = "snils"


class Malformed(Exception):
    """A question that cannot be read; `reason` holds no value of the question."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`document` tells the record apart, `particulars` is what it is compared with; None says «there is none»."""

    document: dict[str, str]
    particulars: dict[Field, str | None]

    def __repr__(self) -> str:
        return "Claim(…)"


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of an asker, known to both sides by its `request_id`."""

    request_id: UUID
    kind: Kind
    claim: Claim
    callback_url: str | None = None

    def __repr__(self) -> str:
        return f"Question({self.request_id}, {self.kind})"


class NoRecord(msgspec.Struct, frozen=True, tag_field="type", tag="no_record"):
    """Nothing is held under this document."""


class Compared(msgspec.Struct, frozen=True, tag_field="type", tag="compared"):
    """How each field of the claim stands to the record."""

    findings: tuple[Finding, ...]


Evidence = NoRecord | Compared


class Accepted(msgspec.Struct, frozen=True):
    """The question is taken; an answer is due by `promised_by` at the latest, says the register's own rule."""

    id: UUID
    accepted_at: datetime
    promised_by: datetime


class Pending(msgspec.Struct, frozen=True, tag_field="state", tag="pending"):
    id: UUID
    request_id: UUID
    kind: Kind
    accepted_at: datetime
    promised_by: datetime


class Answered(msgspec.Struct, frozen=True, tag_field="state", tag="answered"):
    id: UUID
    request_id: UUID
    kind: Kind
    accepted_at: datetime
    promised_by: datetime
    answered_at: datetime
    evidence: Evidence


class Taking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many answers the asker takes at once."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_BATCH)] = 100


class Handed(msgspec.Struct, frozen=True):
    """One copy of an answer from the queue; `body` is its text as a push would bring it, sound or not."""

    delivery: UUID
    request_id: UUID
    body: str


class Batch(msgspec.Struct, frozen=True):
    answers: list[Handed]


class Acknowledged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The asker has kept these; they do not come again."""

    deliveries: Annotated[list[UUID], msgspec.Meta(max_length=LARGEST_BATCH)]


DOCUMENT_WORDS: Mapping[Kind, tuple[frozenset[str], frozenset[str]]] = {
    Kind.BIRTH_CERTIFICATE: (frozenset({"kind", "number"}), frozenset({"series"})),
    Kind.PASSPORT: (frozenset({"series", "number"}), frozenset()),
    Kind.SNILS: (frozenset({"snils"}), frozenset()),
}
"""For each kind the words that `document` must have and those it may have."""

_DATES = frozenset({Field.BIRTH_DATE, Field.ISSUED_ON, Field.ACT_DATE, Field.PARENT_BIRTH_DATE})
_question = msgspec.json.Decoder(Question)


def read(body: bytes, message: type[T]) -> T:
    """Raises Malformed."""
    try:
        return msgspec.json.decode(body, type=message)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from None


def read_question(body: bytes) -> Question:
    """Raises Malformed."""
    try:
        question = _question.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from None
    required, optional = DOCUMENT_WORDS[question.kind]
    if not required <= question.claim.document.keys() <= required | optional:
        raise Malformed(f"document of a {question.kind} has the words {', '.join(sorted(required | optional))}")
    if not question.claim.particulars:
        raise Malformed("particulars are empty: there is nothing to compare")
    particulars_of(question.claim.particulars)
    return question


def particulars_of(texts: Mapping[Field, str | None]) -> dict[Field, Particular]:
    """Texts of the wire as values to compare. Raises Malformed for a date that is none."""
    particulars: dict[Field, Particular] = dict(texts)
    for name in _DATES & texts.keys():
        text = texts[name]
        if text is not None:
            particulars[name] = _date(text, name)
    return particulars


def texts_of(particulars: Mapping[Field, Particular]) -> dict[Field, str | None]:
    """The reverse of `particulars_of`."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in particulars.items()}


def _date(text: str, name: Field) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(f"{name} is no ISO date") from None
