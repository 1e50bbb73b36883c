"""A house with a registry that does as it is told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from myschool.gosuslugi.checks import actions, answers, store
from myschool.gosuslugi.checks.answers import Outcome
from myschool.gosuslugi.checks.model import (
    Answer,
    CheckDecided,
    CheckKind,
    CheckMoved,
    Claim,
    RegistryCheck,
    birth_claim,
)
from myschool.gosuslugi.checks.taking import begin, reactions
from myschool.gosuslugi.tables import metadata
from myschool.kit import clock
from myschool.kit.agenda import Work
from myschool.kit.agenda_worker import Worker
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database
from myschool.kit.ids import new_id
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.papers.certificates import BirthCertificate, CertificateKind
from myschool.papers.names import FullName
from tests.gosuslugi.checks.registry_fake import FakeRegistry

KIND = CheckKind.BIRTH_CERTIFICATE


@dataclass
class Desk:
    """Asks, lets the worker work, hands answers in, and keeps what was told upwards."""

    db: Database
    vault: Vault
    registry: FakeRegistry
    clock: StoppedClock
    decided: list[CheckDecided]
    moved: list[CheckMoved]

    async def ask(self, claim: Claim, subject: UUID) -> RegistryCheck:
        return await self.db.run(lambda tx: actions.ask(tx, self.vault, KIND, subject, claim, clock.now()))

    async def take(self, answer: Answer) -> Outcome:
        return await self.db.run(lambda tx: answers.record(tx, self.vault, answer, clock.now()))

    async def look(self, check: RegistryCheck) -> RegistryCheck:
        return await self.db.run(lambda tx: actions.get(tx, check.id))

    async def latest(self, subject: UUID) -> RegistryCheck | None:
        return await self.db.run(lambda tx: store.latest(tx, KIND, subject))

    async def work(self) -> None:
        async def note_decided(_work: Work[None], event: CheckDecided) -> None:
            self.decided.append(event)

        async def note_moved(_work: Work[None], event: CheckMoved) -> None:
            self.moved.append(event)

        table: Any = {
            **reactions(self.vault, self.registry),
            CheckDecided: [note_decided],
            CheckMoved: [note_moved],
        }
        await self.db.run(begin)
        await Worker(self.db, table, None).drain()

    async def pass_time(self, by: timedelta) -> None:
        self.clock.advance(by)
        await self.work()


@pytest.fixture
async def desk(make_db: Callable[..., Awaitable[Database]], clock_at: Callable[[str], StoppedClock]) -> Desk:
    """It is Wednesday 25 November 2026, ten o'clock in Moscow."""
    stopped = clock_at("2026-11-25T10:00:00+03:00")
    db = await make_db(ground, metadata)
    return Desk(db, Vault([VaultKey.fresh()]), FakeRegistry(), stopped, [], [])


@pytest.fixture
def subject() -> UUID:
    return new_id()


def a_claim(given_name: str = "Мария") -> Claim:
    """A daughter of the cast: Мария Смирнова, born on 3 March 2017."""
    return birth_claim(
        BirthCertificate(CertificateKind.RUSSIAN, "III-АБ", "123456", "Отдел ЗАГС № 1", date(2017, 3, 10)),
        FullName("Смирнова", given_name, "Алексеевна"),
        date(2017, 3, 3),
        "F",
        FullName("Смирнова", "Ольга", "Сергеевна"),
    )
