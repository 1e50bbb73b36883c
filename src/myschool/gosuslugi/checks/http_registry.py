"""The adapter for registries that speak JSON over HTTP, as the sandbox's do.

POST {registry}/requests        {request_id, kind, claim, callback_url} → 202 {id, …}; repeated, it is the same request
POST {registry}/answers/take    {limit} → {answers: [{delivery, request_id, body}]}, signed; `body` is the answer's text
POST {registry}/answers/ack     {deliveries}, signed
GET  {registry}/requests/{id}   → {state: pending, …} | {state: answered, id, request_id, evidence}
POST {callback_url}             as GET when answered; signed, as `kit.shared_key` says, with the key both sides hold
evidence                        {type: no_record} | {type: compared, findings: [{field, how}]}
429, 503                        come again after Retry-After
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal
from uuid import UUID

import httpx
import msgspec

from myschool.gosuslugi.checks.gateway import (
    LONGEST_REFERENCE,
    Accepted,
    Handed,
    Pending,
    QuestionRefused,
    Unknown,
    Unreachable,
)
from myschool.gosuslugi.checks.model import Answer, CheckKind, Claim, Evidence, Nonsense
from myschool.kit import clock, shared_key
from myschool.kit.settings import Settings
from myschool.kit.shared_key import SharedKey

CALLBACK_PATH = "/registry/answers"
KEY_FILE = "registry.key"
LONGEST_WAIT = timedelta(days=1)


def open_registry(settings: Settings) -> "HttpRegistry":
    return HttpRegistry(
        settings.registry_url,
        settings.gosuslugi_url + CALLBACK_PATH,
        shared_key.load(settings.home / KEY_FILE),
        httpx.AsyncClient(timeout=20),
    )


@dataclass
class HttpRegistry:
    url: str
    callback: str
    key: SharedKey = field(repr=False)
    client: httpx.AsyncClient = field(repr=False)
    _quiet_until: datetime | None = None
    """When the registry asked us to come again; nobody of this process calls before."""

    async def ask(self, request_id: UUID, kind: CheckKind, claim: Claim) -> Accepted | Unreachable:
        reply = await self._call("POST", "/requests", Question(request_id, kind, claim, self.callback))
        if isinstance(reply, Unreachable):
            return reply
        if reply.status_code not in (200, 202):
            raise QuestionRefused(reply.status_code)
        try:
            return Accepted(msgspec.json.decode(reply.content, type=Receipt).id)
        except msgspec.DecodeError:
            return Unreachable("receipt_not_understood")

    async def take(self, limit: int) -> Sequence[Handed] | Unreachable:
        reply = await self._call("POST", "/answers/take", {"limit": limit}, signed=True)
        if isinstance(reply, Unreachable):
            return reply
        if reply.status_code != 200:
            raise QuestionRefused(reply.status_code)
        try:
            return [_handed(one) for one in msgspec.json.decode(reply.content, type=Batch).answers]
        except msgspec.DecodeError:
            return Unreachable("batch_not_understood")

    async def acknowledge(self, deliveries: Sequence[str]) -> Unreachable | None:
        reply = await self._call("POST", "/answers/ack", {"deliveries": deliveries}, signed=True)
        if isinstance(reply, Unreachable):
            return reply
        if reply.status_code != 200:
            raise QuestionRefused(reply.status_code)
        return None

    async def look(self, reference: str) -> Answer | Pending | Unknown | Unreachable:
        reply = await self._call("GET", f"/requests/{reference}")
        if isinstance(reply, Unreachable):
            return reply
        if reply.status_code == 404:
            return Unknown()
        if reply.status_code != 200:
            raise QuestionRefused(reply.status_code)
        return _standing(reply.content)

    async def _call(
        self, method: str, path: str, said: object = None, *, signed: bool = False
    ) -> httpx.Response | Unreachable:
        now = clock.now()
        if self._quiet_until is not None and now < self._quiet_until:
            return Unreachable("told_to_wait", self._quiet_until - now)
        body = b"" if said is None else msgspec.json.encode(said)
        headers = {"Content-Type": "application/json"} if body else {}
        if signed:
            headers[shared_key.HEADER] = self.key.signature(body, now)
        try:
            reply = await self.client.request(method, self.url + path, content=body, headers=headers)
        except httpx.TransportError as error:
            return Unreachable(type(error).__name__)
        away = _away(reply, now)
        # Too many calls are about all of us; «not now» may be about this question only.
        if away is not None and away.wait is not None and reply.status_code == 429:
            self._quiet_until = now + away.wait
        return away or reply


def _away(reply: httpx.Response, now: datetime) -> Unreachable | None:
    if reply.status_code != 429 and reply.status_code < 500:
        return None
    return Unreachable(f"status_{reply.status_code}", _wait(reply.headers.get("Retry-After", ""), now))


def _wait(asked: str, now: datetime) -> timedelta | None:
    """Retry-After in seconds or as a date (RFC 9110, 10.2.3); nobody is obeyed for longer than a day."""
    if asked.isdecimal() and len(asked) < 10:
        return min(timedelta(seconds=int(asked)), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(asked)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return min(max(at - now, timedelta()), LONGEST_WAIT)


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


class Message(msgspec.Struct, frozen=True):
    delivery: str
    request_id: UUID
    body: str


class Batch(msgspec.Struct, frozen=True):
    answers: list[Message]


_standings = msgspec.json.Decoder(Standing)


def read_answer(body: bytes | str) -> Answer:
    """A pushed answer, or one of the queue. Raises Nonsense."""
    said = _standing(body)
    if isinstance(said, Pending):
        raise Nonsense
    return said


def _handed(message: Message) -> Handed:
    try:
        return Handed(message.delivery, message.request_id, read_answer(message.body))
    except Nonsense:
        return Handed(message.delivery, message.request_id, None)


def _standing(body: bytes | str) -> Answer | Pending:
    try:
        standing = _standings.decode(body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Nonsense from error
    if standing.state == "pending":
        return Pending()
    if standing.evidence is None:
        raise Nonsense
    return Answer(standing.request_id, standing.id, standing.evidence)
