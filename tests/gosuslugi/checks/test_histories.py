"""Random histories of the checks of one child and of two: whatever happens in whatever order, sent once, decided
once, and never without a deadline and somebody whose turn it is.

Hypothesis chooses the events; the database is real. After each event the promises of `checks` are looked at.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
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
from sqlalchemy import func, select, text

from myschool.gosuslugi.checks import actions, store, taking
from myschool.gosuslugi.checks.answers import Outcome
from myschool.gosuslugi.checks.gateway import Unreachable
from myschool.gosuslugi.checks.model import (
    DECIDED,
    OPEN,
    Actor,
    Answer,
    CheckState,
    Compared,
    Evidence,
    NoRecord,
    RegistryCheck,
)
from myschool.gosuslugi.tables import metadata
from myschool.kit import agenda, clock
from myschool.kit.db import connect
from myschool.kit.ids import new_id
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.papers.matching import How
from tests.gosuslugi.checks.conftest import KIND, Desk, a_claim
from tests.gosuslugi.checks.registry_fake import FakeRegistry, agreeing

NAMES = ["Мария", "Марья", "Марина"]
EVIDENCE = some.sampled_from(["confirms", "contradicts", "no record", "nonsense"])
WHICH = some.integers(min_value=0, max_value=20)


class Histories(RuleBasedStateMachine):
    """Two children, one registry, one clock; each is asked about and corrected, answered and answered again."""

    desk: Desk
    run: Callable[[Coroutine[Any, Any, Any]], Any]

    @initialize(children=some.integers(min_value=1, max_value=2))
    def begin(self, children: int) -> None:
        # Nothing of the history before goes off in this one.
        self.run(self.desk.db.run(lambda tx: tx.execute(text("TRUNCATE agenda_item, agenda_key"))))
        self.subjects = [new_id() for _ in range(children)]
        self.desk.registry = FakeRegistry()
        self.desk.decided.clear()
        self.desk.moved.clear()
        self.asked: dict[UUID, str] = {}
        self.owner: dict[UUID, UUID] = {}
        self.ends: dict[UUID, CheckState] = {}

    @rule(name=some.sampled_from(NAMES), child=WHICH)
    def ask(self, name: str, child: int) -> None:
        subject = self.subjects[child % len(self.subjects)]
        self._note(self.run(self.desk.ask(a_claim(name), subject)), name, subject)

    @rule(name=some.sampled_from(NAMES), child=WHICH)
    def ask_in_two_tabs(self, name: str, child: int) -> None:
        subject = self.subjects[child % len(self.subjects)]

        async def both() -> list[RegistryCheck]:
            return await asyncio.gather(*(self.desk.ask(a_claim(name), subject) for _ in range(2)))

        first, second = self.run(both())
        assert first.id == second.id
        self._note(first, name, subject)

    def _note(self, check: RegistryCheck, name: str, subject: UUID) -> None:
        self.asked[check.id] = name
        self.owner[check.id] = subject

    @rule(child=WHICH)
    def withdraw(self, child: int) -> None:
        subject = self.subjects[child % len(self.subjects)]
        self.run(self.desk.db.run(lambda tx: actions.withdraw(tx, KIND, subject, clock.now())))

    @rule(hours=some.sampled_from([0, 1, 30, 24 * 6, 24 * 31]))
    def time_passes(self, hours: int) -> None:
        self.run(self.desk.pass_time(timedelta(hours=hours)))

    @rule(away=some.booleans(), wait=some.sampled_from([None, timedelta(minutes=2), timedelta(days=2)]))
    def registry_goes_and_comes(self, away: bool, wait: timedelta | None) -> None:
        self.desk.registry.away, self.desk.registry.wait = away, wait

    @rule()
    def registry_forgets(self) -> None:
        self.desk.registry.taken.clear()
        self.desk.registry.said.clear()

    @precondition(lambda self: self.asked)
    @rule(which=WHICH, says=EVIDENCE, way=some.sampled_from(["look", "push", "queue", "spoilt", "both"]))
    def registry_answers(self, which: int, says: str, way: str) -> None:
        """Any question that was ever asked, in time or late, once or again, the same or otherwise."""
        check_id = sorted(self.asked)[which % len(self.asked)]
        answer = self.desk.registry.decide(check_id, self._evidence(check_id, says))
        if way in ("queue", "spoilt", "both"):
            self.desk.registry.tell(answer, spoilt=way == "spoilt")
        if way in ("push", "both"):
            self._push(answer)

    @precondition(lambda self: len(self.asked) > 1)
    @rule(which=WHICH, other=WHICH, pushed=some.booleans())
    def registry_mixes_children_up(self, which: int, other: int, pushed: bool) -> None:
        """The answer to one question under the number of another."""
        known = sorted(self.asked)
        mine, theirs = known[which % len(known)], known[other % len(known)]
        answer = replace(self.desk.registry.decide(theirs, self._evidence(theirs, "confirms")), request_id=mine)
        if mine == theirs:
            return
        if not pushed:
            self.desk.registry.tell(answer)
            return
        before = self.run(self.desk.db.run(lambda tx: actions.get(tx, mine)))
        assert self._push(answer) is not Outcome.DECIDED or before.reference is None

    @precondition(lambda self: self.desk.registry.queue)
    @rule(pushed=some.booleans())
    def a_worker_is_killed_before_it_acknowledges(self, pushed: bool) -> None:
        """What it recorded comes again after a lease, and may be pushed at the same moment."""

        async def recorded() -> None:
            handed = await self.desk.registry.take(100)
            if isinstance(handed, Unreachable):
                return
            twice = [taking.settle(self.desk.db, self.desk.vault, handed) for _ in range(2)]
            pushes = [self.desk.take(one.answer) for one in handed if one.answer is not None and pushed]
            await asyncio.gather(*twice, *pushes)

        self.run(recorded())

    def _evidence(self, check_id: UUID, says: str) -> Evidence:
        claim = a_claim(self.asked[check_id])
        evidence: dict[str, Evidence] = {
            "confirms": agreeing(claim),
            "contradicts": agreeing(claim, given_name=How.DIFFERS),
            "no record": NoRecord(),
            "nonsense": Compared(()),
        }
        return evidence[says]

    def _push(self, answer: Answer) -> Outcome:
        before = self.run(self.desk.db.run(lambda tx: actions.get(tx, answer.request_id)))
        outcome: Outcome = self.run(self.desk.take(answer))
        assert (outcome is Outcome.DECIDED) <= before.is_waiting, "only what waits is decided"
        return outcome

    @invariant()
    def promises_hold(self) -> None:
        if not hasattr(self, "subjects"):
            return
        self.run(self.desk.work())
        checks = self.run(self.desk.db.run(self._all))
        told = [event.check_id for event in self.desk.decided]
        assert len(told) == len(set(told)), "told twice"
        assert set(told) == {check.id for check in checks if check.state in DECIDED}
        assert set(self.desk.registry.taken) <= set(self.asked), "sent under a number that nobody knows"
        for subject in self.subjects:
            mine = [check for check in checks if check.subject_id == subject]
            assert sum(check.state in OPEN for check in mine) <= 1, "two open questions about one child"
            assert [check.revision for check in mine] == list(range(1, len(mine) + 1))
        for check in checks:
            self._look_at(check)

    def _look_at(self, check: RegistryCheck) -> None:
        assert check.subject_id == self.owner[check.id]
        if check.id in self.ends:
            assert check.state is self.ends[check.id], "what is at an end stays there"
        elif check.state not in OPEN:
            self.ends[check.id] = check.state
        if check.is_waiting:
            waiting = check.waiting
            assert waiting is not None
            assert waiting.who in Actor, "nobody acts next"
            assert waiting.until is not None, "no deadline"
            assert waiting.until > clock.now(), "past its deadline"
            assert self.run(self.desk.db.run(lambda tx: timers_of(tx, check))), "no timer keeps its deadline"

    async def _all(self, tx: Any) -> list[RegistryCheck]:
        found = [await store.load(tx, check_id) for check_id in self.asked]
        return sorted((check for check in found if check is not None), key=lambda check: check.revision)


async def timers_of(tx: Any, check: RegistryCheck) -> int:
    item = agenda.agenda_item.c
    keys = [actions.deadline_key(check.id, state) for state in (CheckState.OVERDUE, CheckState.EXPIRED)]
    query = select(func.count()).where(item.key.in_(keys), item.free_at > clock.now())
    return int((await tx.execute(query)).scalar_one())


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
