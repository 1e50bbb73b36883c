"""One outside system: a registry that is asked and answers later. What it says is translated there, judged elsewhere.

An adapter is one module with `open_registry(settings) -> Registry`; the setting `registry_adapter` names it. The one
for the sandbox's wire is `checks.http_registry`; docs/operating.md shows another.

ask          hands a question over under a number of ours; may be repeated
take         the next answers of our queue, some of them perhaps spoilt; what is not acknowledged comes again
acknowledge  we have kept these
look         what became of one question, for answers that got lost
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Protocol
from uuid import UUID

from myschool.gosuslugi.checks.model import Answer, CheckKind, Claim
from myschool.kit.settings import Settings

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


@dataclass(frozen=True)
class Handed:
    """One message of our queue. `answer` is None when it can not be read; `request_id` as its envelope says."""

    delivery: str
    request_id: UUID | None
    answer: Answer | None


class QuestionRefused(Exception):
    """The registry does not understand us. That is our defect, for an operator to see."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Registry(Protocol):
    async def ask(self, request_id: UUID, kind: CheckKind, claim: Claim) -> Accepted | Unreachable:
        """Hands the question over; may be repeated. Raises QuestionRefused."""
        ...

    async def take(self, limit: int) -> Sequence[Handed] | Unreachable:
        """Up to `limit` messages, the longest waiting first; ours alone for a while. Raises QuestionRefused."""
        ...

    async def acknowledge(self, deliveries: Sequence[str]) -> Unreachable | None:
        """These do not come again. Raises QuestionRefused."""
        ...

    async def look(self, reference: str) -> Answer | Pending | Unknown | Unreachable:
        """Raises Nonsense, QuestionRefused."""
        ...


def open_registry(settings: Settings) -> Registry:
    """The adapter that the settings name."""
    adapter: Registry = import_module(settings.registry_adapter).open_registry(settings)
    return adapter
