"""One outside system: a registry that is asked and answers later. What it says is translated here, judged elsewhere.

POST {registry}/requests        {request_id, kind, claim, callback_url} → 202 {id, …}; repeated, it is the same request
GET  {registry}/requests/{id}   → {state: pending, …} | {state: answered, id, request_id, evidence}
POST {callback_url}             as GET when answered, signed as `kit.shared_key` says
evidence                        {type: no_record} | {type: compared, findings: [{field, how}]}
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol
from uuid import UUID

import httpx
import msgspec

from myschool.gosuslugi.checks.model import Answer, CheckKind, Claim, Evidence, Nonsense

LONGEST_REFERENCE = 100


@dataclass(frozen=True)
class Accepted:
    """The registry has the question; `reference` is its own number for it."""

    reference: str


@dataclass(frozen=True)
class Pending:
    """It has the question and no answer yet."""


@dataclass(frozen=True)
class Unknown:
    """It does not know this reference: it lost the question."""


@dataclass(frozen=True)
class Unreachable:
    """Nobody answered, or the registry said that it can not answer now. `reason` is for operators."""

    reason: str
    wait: timedelta | None = None
    """What the registry asked for itself."""


class QuestionRefused(Exception):
    """The registry does not understand our question. That is our defect, for an operator to see."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Registry(Protocol):
    async def ask(self, request_id: UUID, kind: CheckKind, claim: Claim) -> Accepted | Unreachable:
        """Hands the question over; may be repeated. Raises QuestionRefused."""
        ...

    async def look(self, reference: str) -> Answer | Pending | Unknown | Unreachable:
        """Raises Nonsense."""
        ...


@dataclass(frozen=True)
class HttpRegistry:
    url: str
    callback: str
    client: httpx.AsyncClient = field(repr=False)

    async def ask(self, request_id: UUID, kind: CheckKind, claim: Claim) -> Accepted | Unreachable:
        question = Question(request_id, kind, claim, self.callback)
        try:
            reply = await self.client.post(
                f"{self.url}/requests",
                content=msgspec.json.encode(question),
                headers={"Content-Type": "application/json"},
            )
        except httpx.TransportError as error:
            return Unreachable(type(error).__name__)
        if away := _away(reply):
            return away
        if reply.status_code not in (200, 202):
            raise QuestionRefused(reply.status_code)
        try:
            return Accepted(msgspec.json.decode(reply.content, type=Receipt).id)
        except msgspec.DecodeError:
            return Unreachable("receipt_not_understood")

    async def look(self, reference: str) -> Answer | Pending | Unknown | Unreachable:
        try:
            reply = await self.client.get(f"{self.url}/requests/{reference}")
        except httpx.TransportError as error:
            return Unreachable(type(error).__name__)
        if away := _away(reply):
            return away
        if reply.status_code == 404:
            return Unknown()
        if reply.status_code != 200:
            raise QuestionRefused(reply.status_code)
        return _standing(reply.content)


def _away(reply: httpx.Response) -> Unreachable | None:
    if reply.status_code != 429 and reply.status_code < 500:
        return None
    asked = reply.headers.get("Retry-After", "")
    return Unreachable(f"status_{reply.status_code}", timedelta(seconds=int(asked)) if asked.isdecimal() else None)


# -- the wire ----------------------------------------------------------------------------------------------------------


class Question(msgspec.Struct, frozen=True):
    request_id: UUID
    kind: CheckKind
    claim: Claim
    callback_url: str

    def __repr__(self) -> str:
        return "Question(…)"


class Receipt(msgspec.Struct, frozen=True):
    id: str

    def __post_init__(self) -> None:
        if not 0 < len(self.id) <= LONGEST_REFERENCE:
            raise ValueError("a reference has 1 to 100 characters")


class Standing(Receipt, frozen=True):
    request_id: UUID
    state: Literal["pending", "answered"]
    evidence: Evidence | None = None


def read_answer(body: bytes) -> Answer:
    """A pushed answer. Raises Nonsense."""
    said = _standing(body)
    if isinstance(said, Pending):
        raise Nonsense
    return said


def _standing(body: bytes) -> Answer | Pending:
    try:
        standing = msgspec.json.decode(body, type=Standing)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Nonsense from error
    if standing.state == "pending":
        return Pending()
    if standing.evidence is None:
        raise Nonsense
    return Answer(standing.request_id, standing.id, standing.evidence)
