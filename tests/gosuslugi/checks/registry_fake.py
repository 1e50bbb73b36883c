"""A registry that does as it is told, for tests: same Protocol, same contract suite as the sandbox's."""

from dataclasses import dataclass, field
from uuid import UUID

from myschool.gosuslugi.checks.gateway import Accepted, Pending, QuestionRefused, Unknown, Unreachable
from myschool.gosuslugi.checks.model import Answer, CheckKind, Claim, Compared, Evidence, NoRecord
from myschool.papers.matching import Field, Finding, How


@dataclass
class FakeRegistry:
    """Keeps every question it took; `away` makes it silent; `decide` gives its answer to one of them."""

    away: bool = False
    taken: dict[UUID, tuple[CheckKind, Claim]] = field(default_factory=dict)
    said: dict[str, Evidence] = field(default_factory=dict)
    asked: int = 0

    async def ask(self, request_id: UUID, kind: CheckKind, claim: Claim) -> Accepted | Unreachable:
        self.asked += 1
        if self.away:
            return Unreachable("away")
        if self.taken.setdefault(request_id, (kind, claim)) != (kind, claim):
            raise QuestionRefused(409)
        return Accepted(reference_of(request_id))

    async def look(self, reference: str) -> Answer | Pending | Unknown | Unreachable:
        if self.away:
            return Unreachable("away")
        request_id = next((known for known in self.taken if reference_of(known) == reference), None)
        if request_id is None:
            return Unknown()
        if reference not in self.said:
            return Pending()
        return Answer(request_id, reference, self.said[reference])

    def decide(self, request_id: UUID, evidence: Evidence) -> Answer:
        self.said[reference_of(request_id)] = evidence
        return Answer(request_id, reference_of(request_id), evidence)


def reference_of(request_id: UUID) -> str:
    return f"R-{request_id.hex[-12:]}"


def agreeing(claim: Claim, **otherwise: How) -> Compared:
    """Every field of the claim agrees but those named."""
    how = {Field(name): value for name, value in otherwise.items()}
    return Compared(tuple(Finding(name, how.get(name, How.EQUAL)) for name in Field if name in claim.particulars))


NOTHING = NoRecord()
