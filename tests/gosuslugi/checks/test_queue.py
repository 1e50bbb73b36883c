"""Our queue at the registry: taken in batches, acknowledged when kept, and no check is asked about one by one."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from myschool.gosuslugi.checks import store, taking
from myschool.gosuslugi.checks.answers import Outcome
from myschool.gosuslugi.checks.gateway import Handed
from myschool.gosuslugi.checks.model import CheckState, Compared, RegistryCheck, Verdict
from myschool.kit import agenda, clock
from myschool.kit.agenda import State
from myschool.kit.db import Database, DatabaseUnavailable
from myschool.kit.ids import new_id
from myschool.papers.matching import How
from tests.gosuslugi.checks.conftest import Desk, a_claim
from tests.gosuslugi.checks.registry_fake import NOTHING, agreeing


async def waiting(desk: Desk, count: int) -> list[RegistryCheck]:
    asked = [await desk.ask(a_claim(), new_id()) for _ in range(count)]
    await desk.work()
    return [await desk.look(check) for check in asked]


async def outcomes(desk: Desk, check: RegistryCheck) -> list[str]:
    query = select(store.registry_answer.c.outcome).where(store.registry_answer.c.check_id == check.id)
    async with desk.db.transaction() as tx:
        return list((await tx.execute(query.order_by(store.registry_answer.c.id))).scalars())


async def take_now(desk: Desk) -> None:
    await desk.pass_time(taking.LONG_PAUSE)


async def test_what_waits_in_the_queue_is_taken_and_acknowledged(desk: Desk) -> None:
    """Three verdicts in one batch; the queue is empty after it."""
    first, second, third = await waiting(desk, 3)
    desk.registry.tell(desk.registry.decide(first.id, agreeing(a_claim())))
    desk.registry.tell(desk.registry.decide(second.id, agreeing(a_claim(), given_name=How.DIFFERS)))
    desk.registry.tell(desk.registry.decide(third.id, NOTHING))
    await take_now(desk)
    assert {event.check_id: event.verdict for event in desk.decided} == {
        first.id: Verdict.CONFIRMED,
        second.id: Verdict.CONTRADICTED,
        third.id: Verdict.NOT_FOUND,
    }
    assert desk.registry.queue == {}


async def test_waiting_checks_are_not_asked_about(desk: Desk) -> None:
    """Three days of twenty waiting checks: the queue is looked at now and then, no question at all."""
    await waiting(desk, 20)
    before = desk.registry.calls
    await desk.pass_time(timedelta(days=3))
    assert desk.registry.looks == 0
    assert desk.registry.calls - before <= 1


async def test_the_queue_is_looked_at_often_while_answers_come_and_seldom_otherwise(desk: Desk) -> None:
    """Five seconds after an answer, five minutes when none came for a minute."""
    (check,) = await waiting(desk, 1)
    desk.registry.tell(desk.registry.decide(check.id, NOTHING))
    await take_now(desk)
    assert await next_turn(desk) == taking.SHORT_PAUSE
    await desk.pass_time(taking.LIVELY)
    assert await next_turn(desk) == taking.LONG_PAUSE


async def test_a_push_brings_the_queue_forward(desk: Desk) -> None:
    """Where one answer came others wait."""
    await waiting(desk, 1)
    assert await next_turn(desk) == taking.LONG_PAUSE
    await desk.db.run(lambda tx: taking.expect_more(tx, clock.now()))
    assert await next_turn(desk) == taking.SHORT_PAUSE
    await desk.db.run(lambda tx: taking.expect_more(tx, clock.now() + timedelta(minutes=1)))
    assert await next_turn(desk) == taking.SHORT_PAUSE, "never put off"


async def next_turn(desk: Desk) -> timedelta:
    item = agenda.agenda_item.c
    async with desk.db.transaction() as tx:
        due = (await tx.execute(select(item.free_at).where(item.key == taking.QUEUE))).scalar_one()
    wait: timedelta = due - clock.now()
    return wait


async def test_what_was_recorded_and_not_acknowledged_comes_again_and_is_decided_once(desk: Desk) -> None:
    """The worker was killed in between."""
    (check,) = await waiting(desk, 1)
    desk.registry.tell(desk.registry.decide(check.id, agreeing(a_claim())))
    handed = await desk.registry.take(10)
    assert isinstance(handed, list)
    await taking.settle(desk.db, desk.vault, handed)  # and no acknowledge
    await take_now(desk)
    await desk.pass_time(timedelta(minutes=2))
    assert desk.registry.queue == {}
    assert await outcomes(desk, check) == ["decided", "repeated"]
    assert len(desk.decided) == 1


async def test_two_takers_and_a_push_at_once_decide_once(desk: Desk) -> None:
    """Forty checks, each answer three times, in three transactions that cross."""
    checks = await waiting(desk, 40)
    said = [desk.registry.decide(check.id, agreeing(a_claim())) for check in checks]
    copies = [Handed(f"D-{number}", answer.request_id, answer) for number, answer in enumerate(said)]
    await asyncio.gather(
        taking.settle(desk.db, desk.vault, copies),
        taking.settle(desk.db, desk.vault, copies[::-1]),
        *(desk.take(answer) for answer in said),
    )
    await desk.work()
    assert sorted(event.check_id for event in desk.decided) == sorted(check.id for check in checks)


async def test_contrary_answers_that_cross_decide_once_and_what_was_told_is_what_stands(desk: Desk) -> None:
    """Two takers at once, one with «confirmed», one with «not found», for forty checks."""
    checks = await waiting(desk, 40)
    good = [desk.registry.decide(check.id, agreeing(a_claim())) for check in checks]
    bad = [replace(answer, evidence=NOTHING) for answer in good]
    batches = [[Handed(str(n), one.request_id, one) for n, one in enumerate(said)] for said in (good, bad)]
    await asyncio.gather(*(taking.settle(desk.db, desk.vault, batch) for batch in batches))
    await desk.work()
    told = {event.check_id: event.verdict for event in desk.decided}
    for check in checks:
        assert (await desk.look(check)).verdict is told[check.id]
        assert sorted(await outcomes(desk, check)) == ["contrary", "decided"]


async def test_of_contrary_answers_in_one_batch_the_first_decides(desk: Desk) -> None:
    """And the other is kept as evidence."""
    (check,) = await waiting(desk, 1)
    desk.registry.tell(desk.registry.decide(check.id, agreeing(a_claim())))
    desk.registry.tell(desk.registry.decide(check.id, NOTHING))
    await take_now(desk)
    assert (await desk.look(check)).state is CheckState.CONFIRMED
    assert await outcomes(desk, check) == ["decided", "contrary"]
    assert len(desk.decided) == 1


async def test_a_spoilt_answer_is_fetched_from_its_question(desk: Desk) -> None:
    """Half a message, or one about other fields: a minute later the question itself is looked at."""
    half, nonsense = await waiting(desk, 2)
    desk.registry.tell(desk.registry.decide(half.id, agreeing(a_claim())), spoilt=True)
    desk.registry.tell(replace(desk.registry.decide(nonsense.id, agreeing(a_claim())), evidence=Compared(())))
    await take_now(desk)
    assert [(await desk.look(check)).state for check in (half, nonsense)] == [CheckState.CHECKING] * 2
    await desk.pass_time(taking.SPOILT_LOOKED_AT_AFTER)
    assert [(await desk.look(check)).state for check in (half, nonsense)] == [CheckState.CONFIRMED] * 2


async def test_an_answer_under_a_wrong_reference_decides_nothing(desk: Desk) -> None:
    """The right one, looked at, does."""
    (check,) = await waiting(desk, 1)
    desk.registry.tell(replace(desk.registry.decide(check.id, agreeing(a_claim())), reference="R-other"))
    await take_now(desk)
    assert await outcomes(desk, check) == ["foreign"]
    await desk.pass_time(taking.SPOILT_LOOKED_AT_AFTER)
    assert (await desk.look(check)).state is CheckState.CONFIRMED


async def test_one_poisoned_answer_never_stops_the_rest(desk: Desk) -> None:
    """Its claim can not be opened any more; it ends as a dead letter, and the others are decided."""
    first, poisoned, last = await waiting(desk, 3)
    for check in (first, poisoned, last):
        desk.registry.tell(desk.registry.decide(check.id, agreeing(a_claim())))
    damaged = update(store.registry_check).where(store.registry_check.c.id == poisoned.id)
    await desk.db.run(lambda tx: tx.execute(damaged.values(claim_sealed=b"\x01damaged")))
    await take_now(desk)
    assert {event.check_id for event in desk.decided} == {first.id, last.id}
    assert desk.registry.queue == {}
    for _ in range(25):
        await desk.pass_time(timedelta(hours=2))
    async with desk.db.transaction() as tx:
        assert [item.kind for item in await agenda.dead(tx)] == ["checks.polling"]


async def test_nothing_is_acknowledged_while_the_database_is_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """So all of it comes again."""
    (check,) = await waiting(desk, 1)
    desk.registry.tell(desk.registry.decide(check.id, NOTHING))
    handed = await desk.registry.take(10)
    assert isinstance(handed, list)

    async def away(*_: object, **__: object) -> None:
        raise DatabaseUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(Database, "run", away)
        with pytest.raises(DatabaseUnavailable):
            await taking.settle(desk.db, desk.vault, handed)
    assert len(desk.registry.queue) == 1
    await take_now(desk)
    assert (await desk.look(check)).state is CheckState.NOT_FOUND


async def test_the_queue_is_left_alone_as_long_as_the_registry_asks(desk: Desk) -> None:
    """Retry-After of two hours, then everything."""
    (check,) = await waiting(desk, 1)
    desk.registry.tell(desk.registry.decide(check.id, NOTHING))
    desk.registry.away, desk.registry.wait = True, timedelta(hours=2)
    await take_now(desk)
    calls = desk.registry.calls
    desk.registry.away = False
    await desk.pass_time(timedelta(minutes=119))
    assert desk.registry.calls == calls
    await desk.pass_time(timedelta(minutes=1))
    assert (await desk.look(check)).state is CheckState.NOT_FOUND


async def test_a_deadline_passes_while_the_registry_is_away(desk: Desk) -> None:
    """The person hears that it is late; the lost answer is found when the registry is back."""
    (check,) = await waiting(desk, 1)
    desk.registry.decide(check.id, agreeing(a_claim()))
    desk.registry.away = True
    await desk.pass_time(timedelta(days=8))
    assert (await desk.look(check)).state is CheckState.OVERDUE
    desk.registry.away = False
    await desk.pass_time(timedelta(hours=1))
    assert (await desk.look(check)).state is CheckState.CONFIRMED


async def test_what_is_overdue_is_looked_at_once_more_before_its_end(desk: Desk) -> None:
    """An answer that was given late and reached nobody."""
    (check,) = await waiting(desk, 1)
    await desk.pass_time(timedelta(days=8))
    desk.registry.decide(check.id, agreeing(a_claim()))
    await desk.pass_time(timedelta(days=21))
    assert (await desk.look(check)).state is CheckState.OVERDUE
    await desk.pass_time(timedelta(days=1, hours=3))
    assert (await desk.look(check)).state is CheckState.CONFIRMED
    assert desk.registry.looks == 2


async def test_a_dead_queue_is_revived_and_a_discarded_one_put_again(desk: Desk) -> None:
    """It goes on for ever, whatever an operator did."""
    await waiting(desk, 1)
    item = agenda.agenda_item.c
    kill = update(agenda.agenda_item).where(item.key == taking.QUEUE).values(state=State.DEAD, failed_at=clock.now())
    for discard in (False, True):
        await desk.db.run(lambda tx: tx.execute(kill))
        if discard:
            async with desk.db.transaction() as tx:
                (dead,) = await agenda.dead(tx)
                assert await agenda.discard(tx, dead.id)
        await desk.db.run(taking.begin)
        async with desk.db.transaction() as tx:
            query = select(func.count()).where(item.key == taking.QUEUE, item.state == State.WAITING)
            assert (await tx.execute(query)).scalar_one() == 1


async def test_a_batch_knows_what_became_of_each(desk: Desk) -> None:
    """In the order in which they came; an answer to nothing is named so."""
    (check,) = await waiting(desk, 1)
    said = desk.registry.decide(check.id, NOTHING)
    stranger = replace(said, request_id=UUID(int=7))
    handed = [Handed(str(n), one.request_id, one) for n, one in enumerate([stranger, said, said])]
    became = await desk.db.run(lambda tx: taking.record(tx, desk.vault, handed, clock.now()))
    assert became == [Outcome.NOT_ASKED, Outcome.DECIDED, Outcome.REPEATED]
