"""A registry that does as it is told, for tests: same Protocol, same contract suite as the sandbox's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from myschool.gosuslugi.checks.gateway import Accepted, Handed, Pending, QuestionRefused, Unknown, Unreachable
from myschool.gosuslugi.checks.model import Answer, CheckKind, Claim, Compared, Evidence, NoRecord
from myschool.kit import clock
from myschool.papers.matching import Field, Finding, How

LEASE = timedelta(minutes=1)


@dataclass
class Message:
    """What lies in the queue of the asker; `answer` is None when it was spoilt on its way."""

    request_id: UUID
    answer: Answer | None
    free_at: datetime


@dataclass
class FakeRegistry:
    """Keeps every question it took; `away` makes it silent; `decide` gives its answer to one of them."""

    away: bool = False
    wait: timedelta | None = None
    """What it asks for while it is away."""
    taken: dict[UUID, tuple[CheckKind, Claim]] = field(default_factory=dict)
    said: dict[str, Evidence] = field(default_factory=dict)
    queue: dict[str, Message] = field(default_factory=dict)
    asked: int = 0
    calls: int = 0
    looks: int = 0

    async def ask(self, request_id: UUID, kind: CheckKind, claim: Claim) -> Accepted | Unreachable:
        self.asked += 1
        if gone := self._gone():
            return gone
        if self.taken.setdefault(request_id, (kind, claim)) != (kind, claim):
            raise QuestionRefused(409)
        return Accepted(reference_of(request_id))

    async def take(self, limit: int) -> Sequence[Handed] | Unreachable:
        if gone := self._gone():
            return gone
        now = clock.now()
        free = [name for name, message in self.queue.items() if message.free_at <= now][:limit]
        for name in free:
            self.queue[name].free_at = now + LEASE
        return [Handed(name, self.queue[name].request_id, self.queue[name].answer) for name in free]

    async def acknowledge(self, deliveries: Sequence[str]) -> Unreachable | None:
        if gone := self._gone():
            return gone
        for name in deliveries:
            self.queue.pop(name, None)
        return None

    async def look(self, reference: str) -> Answer | Pending | Unknown | Unreachable:
        self.looks += 1
        if gone := self._gone():
            return gone
        request_id = next((known for known in self.taken if reference_of(known) == reference), None)
        if request_id is None:
            return Unknown()
        if reference not in self.said:
            return Pending()
        return Answer(request_id, reference, self.said[reference])

    def _gone(self) -> Unreachable | None:
        self.calls += 1
        return Unreachable("away", self.wait) if self.away else None

    def decide(self, request_id: UUID, evidence: Evidence) -> Answer:
        """The answer, to be pushed by the test or looked at; it does not lie in the queue."""
        self.said[reference_of(request_id)] = evidence
        return Answer(request_id, reference_of(request_id), evidence)

    def tell(self, answer: Answer, *, spoilt: bool = False) -> str:
        """Puts it into the queue."""
        name = f"D-{len(self.queue)}-{self.calls}-{answer.request_id.hex[-6:]}"
        self.queue[name] = Message(answer.request_id, None if spoilt else answer, clock.now())
        return name


def reference_of(request_id: UUID) -> str:
    return f"R-{request_id.hex[-12:]}"


def agreeing(claim: Claim, **otherwise: How) -> Compared:
    """Every field of the claim agrees but those named."""
    how = {Field(name): value for name, value in otherwise.items()}
    return Compared(tuple(Finding(name, how.get(name, How.EQUAL)) for name in Field if name in claim.particulars))


NOTHING = NoRecord()
