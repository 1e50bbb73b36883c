"""Random histories of one child's checks: whatever happens in whatever order, sent once and decided once.

Hypothesis chooses the events; the database is real. After each event the promises of `checks` are looked at.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from myschool.gosuslugi.checks import actions, store
from myschool.gosuslugi.checks.answers import Outcome
from myschool.gosuslugi.checks.model import (
    DECIDED,
    OPEN,
    CheckState,
    Compared,
    NoRecord,
    RegistryCheck,
)
from myschool.gosuslugi.tables import metadata
from myschool.kit import clock
from myschool.kit.db import connect
from myschool.kit.ids import new_id
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.papers.matching import How
from tests.gosuslugi.checks.conftest import KIND, Desk, a_claim
from tests.gosuslugi.checks.registry_fake import FakeRegistry, agreeing, reference_of

NAMES = ["Мария", "Марья", "Марина"]
EVIDENCE = some.sampled_from(["confirms", "contradicts", "no record", "nonsense"])


class Histories(RuleBasedStateMachine):
    """One subject, one registry, one clock."""

    desk: Desk
    run: Callable[[Coroutine[Any, Any, Any]], Any]

    @initialize()
    def begin(self) -> None:
        self.subject = new_id()
        self.desk.registry = FakeRegistry()
        self.desk.decided.clear()
        self.desk.moved.clear()
        self.asked: dict[UUID, str] = {}
        self.ends: dict[UUID, CheckState] = {}

    @rule(name=some.sampled_from(NAMES))
    def ask(self, name: str) -> None:
        check = self.run(self.desk.ask(a_claim(name), self.subject))
        self.asked[check.id] = name

    @rule(name=some.sampled_from(NAMES))
    def ask_in_two_tabs(self, name: str) -> None:
        async def both() -> list[RegistryCheck]:
            return await asyncio.gather(*(self.desk.ask(a_claim(name), self.subject) for _ in range(2)))

        first, second = self.run(both())
        assert first.id == second.id
        self.asked[first.id] = name

    @rule()
    def withdraw(self) -> None:
        self.run(self.desk.db.run(lambda tx: actions.withdraw(tx, KIND, self.subject, clock.now())))

    @rule(hours=some.sampled_from([0, 1, 30, 24 * 6, 24 * 31]))
    def time_passes(self, hours: int) -> None:
        self.run(self.desk.pass_time(timedelta(hours=hours)))

    @rule(away=some.booleans())
    def registry_goes_and_comes(self, away: bool) -> None:
        self.desk.registry.away = away

    @rule()
    def registry_forgets(self) -> None:
        self.desk.registry.taken.clear()
        self.desk.registry.said.clear()

    @precondition(lambda self: self.asked)
    @rule(which=some.integers(min_value=0), says=EVIDENCE, pushed=some.booleans())
    def registry_answers(self, which: int, says: str, pushed: bool) -> None:
        """Any question that was ever asked, in time or late, once or again, the same or otherwise."""
        check_id = sorted(self.asked)[which % len(self.asked)]
        claim = a_claim(self.asked[check_id])
        evidence = {
            "confirms": agreeing(claim),
            "contradicts": agreeing(claim, given_name=How.DIFFERS),
            "no record": NoRecord(),
            "nonsense": Compared(()),
        }[says]
        answer = self.desk.registry.decide(check_id, evidence)
        if pushed:
            before = self.run(self.desk.db.run(lambda tx: actions.get(tx, check_id)))
            outcome = self.run(self.desk.take(answer))
            assert (outcome is Outcome.DECIDED) <= before.is_waiting, "only what waits is decided"

    @invariant()
    def promises_hold(self) -> None:
        if not hasattr(self, "subject"):
            return
        self.run(self.desk.work())
        checks = self.run(self.desk.db.run(self._all))
        told = [event.check_id for event in self.desk.decided]
        assert len(told) == len(set(told)), "told twice"
        assert set(told) == {check.id for check in checks if check.state in DECIDED}
        assert sum(check.state in OPEN for check in checks) <= 1, "two open questions about one child"
        assert [check.revision for check in checks] == list(range(1, len(checks) + 1))
        for check in checks:
            if check.id in self.ends:
                assert check.state is self.ends[check.id], "what is at an end stays there"
            elif check.state not in OPEN:
                self.ends[check.id] = check.state
            if check.is_waiting:
                waiting = check.waiting
                assert waiting is not None
                assert waiting.until is not None
                assert waiting.until > clock.now() or self.desk.registry.away, "past its deadline"
            if check.reference is not None:
                assert check.reference == reference_of(check.id)

    async def _all(self, tx: Any) -> list[RegistryCheck]:
        found = [await store.load(tx, check_id) for check_id in self.asked]
        return sorted((check for check in found if check is not None), key=lambda check: check.revision)


@contextmanager
def a_desk(url: str) -> Iterator[tuple[Desk, asyncio.Runner]]:
    """A schema of its own for all histories, and a loop that outlives each event."""
    db = connect(url, f"h{new_id().hex[-12:]}")
    with asyncio.Runner() as runner, clock.stopped(datetime.fromisoformat("2026-11-25T10:00:00+03:00")) as stopped:

        async def make() -> None:
            async with db.transaction() as tx:
                await tx.execute(text(f"CREATE SCHEMA {db.schema}"))
                for tables in (ground, metadata):
                    await tx.run_sync(tables.create_all)

        async def drop() -> None:
            async with db.transaction() as tx:
                await tx.execute(text(f"DROP SCHEMA {db.schema} CASCADE"))
            await db.close()

        runner.run(make())
        try:
            yield Desk(db, Vault([VaultKey.fresh()]), FakeRegistry(), stopped, [], []), runner
        finally:
            runner.run(drop())


@pytest.mark.slow
def test_random_histories_keep_every_promise(postgres_url: str) -> None:
    """Sixty histories of up to twenty events each."""
    with a_desk(postgres_url) as (desk, runner):
        machine = type("History", (Histories,), {"desk": desk, "run": staticmethod(runner.run)})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=60,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
