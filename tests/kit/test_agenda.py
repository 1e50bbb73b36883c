"""The agenda: what is put there happens when it is due, once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text

from myschool.kit import agenda, agenda_lease, clock
from myschool.kit.agenda import Asking, Errand, Event, Later, State, Wiring, Work
from myschool.kit.agenda_worker import LONGEST_PAUSE, TwoEventsOneKind, Worker, backoff
from myschool.kit.db import Database, Tx
from myschool.kit.schema import metadata as kit_metadata
from tests.conftest import ClockAt, MakeDb

MINUTE = timedelta(minutes=1)

effects = MetaData()
effect = Table("effect", effects, Column("n", Integer))
rule = Table("rule", effects, Column("n", Integer, unique=True))


class Counted(Event, frozen=True, tag="test.counted"):
    n: int


class Caused(Event, frozen=True, tag="test.caused"):
    n: int


class Namesake(Event, frozen=True, tag="test.counted"):
    pass


async def count(work: Work[Any], event: Counted | Caused) -> None:
    await work.tx.execute(insert(effect).values(n=event.n))


async def effects_of(db: Database) -> list[int]:
    async with db.transaction() as tx:
        return list((await tx.execute(select(effect.c.n).order_by(effect.c.n))).scalars())


async def put(db: Database, event: Event, **options: Any) -> bool:
    async with db.transaction() as tx:
        return await agenda.put(tx, event, **options)


async def ask(db: Database, question: Callable[[Tx], Awaitable[Any]]) -> Any:
    async with db.transaction() as tx:
        return await question(tx)


def worker(db: Database, wiring: Wiring[Any], **options: Any) -> Worker[Any]:
    return Worker(db, wiring, None, **options)


async def waiting(db: Database) -> int:
    async with db.transaction() as tx:
        return sum(found.count for found in await agenda.counts(tx))


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(kit_metadata, effects)


async def test_done_and_gone(db: Database) -> None:
    """An event is delivered to its reaction and leaves the agenda."""
    await put(db, Counted(n=1))
    await put(db, Counted(n=2))
    assert await worker(db, {Counted: [count]}).drain() == 2
    assert await effects_of(db) == [1, 2]
    assert await waiting(db) == 0


async def test_with_the_callers_transaction(db: Database) -> None:
    """What the caller rolls back was never on the agenda."""
    async with db.transaction() as tx:
        await agenda.put(tx, Counted(n=1), key="k")
        await tx.rollback()
    assert await waiting(db) == 0
    assert await put(db, Counted(n=1), key="k")


async def test_all_reactions_or_none(db: Database) -> None:
    """Reactions of one event take effect together: when the second fails, nothing of the first remains."""

    async def refuse(work: Work[Any], event: Counted) -> None:
        raise ZeroDivisionError

    await put(db, Counted(n=1))
    await worker(db, {Counted: [count, refuse]}).drain()
    assert await effects_of(db) == []
    await put(db, Counted(n=2))
    await worker(db, {Counted: [count, count]}).drain()
    assert await effects_of(db) == [2, 2]


async def test_events_cause_events(db: Database) -> None:
    """A reaction may put further events; they follow in the same drain."""

    async def cause(work: Work[Any], event: Counted) -> None:
        await agenda.put(work.tx, Caused(n=event.n * 10))

    await put(db, Counted(n=1))
    assert await worker(db, {Counted: [cause], Caused: [count]}).drain() == 2
    assert await effects_of(db) == [10]


async def test_strangers_stay(db: Database) -> None:
    """A worker leaves kinds alone that its wiring does not know: another version of the house will."""
    await put(db, Caused(n=1))
    assert await worker(db, {Counted: [count]}).drain() == 0
    assert await waiting(db) == 1


def test_two_events_one_kind() -> None:
    """Two events under one tag are refused before anything is delivered to the wrong one."""
    with pytest.raises(TwoEventsOneKind):
        worker(Any, {Counted: [], Namesake: []})  # type: ignore[arg-type]


async def test_in_order_of_due_time(db: Database, clock_at: ClockAt) -> None:
    """The longest due comes first, whenever it was put."""
    order: list[int] = []

    async def note(work: Work[Any], event: Counted) -> None:
        order.append(event.n)

    clock_at("2026-09-01T08:00:00+03:00")
    for n in (3, 1, 2):
        await put(db, Counted(n=n), due_at=clock.now() - n * MINUTE)
    await worker(db, {Counted: [note]}).drain()
    assert order == [3, 2, 1]


async def test_moved_clock(db: Database, clock_at: ClockAt) -> None:
    """A timer waits for its day, and a running worker notices within a second that the clock was moved there."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    await put(db, Counted(n=1), due_at=clock.now() + timedelta(days=5))
    stop = asyncio.Event()
    running = asyncio.create_task(worker(db, {Counted: [count]}).run(stop))
    await asyncio.sleep(0.7)
    assert await effects_of(db) == []
    time.advance(timedelta(days=5))
    await asyncio.sleep(1)
    assert await effects_of(db) == [1]
    stop.set()
    await running


async def test_key(db: Database) -> None:
    """Of one key there is one item: while it waits, and after it is done."""
    assert await put(db, Counted(n=1), key="reminder:1")
    assert not await put(db, Counted(n=2), key="reminder:1")
    assert await put(db, Counted(n=3), key="reminder:3")
    await worker(db, {Counted: [count]}).drain()
    assert not await put(db, Counted(n=4), key="reminder:1")
    await worker(db, {Counted: [count]}).drain()
    assert await effects_of(db) == [1, 3]


async def test_key_while_being_done(db: Database) -> None:
    """A put that comes while the item of its key is being done waits for the end of that, and still puts nothing."""
    await put(db, Counted(n=1), key="k")
    rival: asyncio.Task[bool] | None = None

    async def slow(work: Work[Any], event: Counted) -> None:
        nonlocal rival
        await agenda_lease.finish(work.tx, [work.item])
        rival = asyncio.create_task(put(db, Counted(n=2), key="k"))
        await asyncio.sleep(0.2)

    await worker(db, {Counted: [slow]}).drain()
    assert rival is not None
    assert not await rival
    assert await waiting(db) == 0


async def test_key_of_two_at_once(db: Database) -> None:
    """Two callers with one key at once: one of them puts the item."""
    put_by_each = await asyncio.gather(*(put(db, Counted(n=n), key="k") for n in range(6)))
    assert sum(put_by_each) == 1
    assert await waiting(db) == 1


async def test_keys_forgotten(db: Database, clock_at: ClockAt) -> None:
    """A key is free again 30 days after its item was done, never while it waits."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    await put(db, Counted(n=1), key="done")
    await put(db, Counted(n=2), key="waits", due_at=clock.now() + timedelta(days=90))
    await worker(db, {Counted: [count]}).drain()
    time.advance(timedelta(days=30))
    assert await ask(db, agenda.purge_keys) == 0
    time.advance(timedelta(seconds=1))
    assert await ask(db, agenda.purge_keys) == 1
    assert await put(db, Counted(n=3), key="done")
    assert not await put(db, Counted(n=4), key="waits")


async def test_withdrawn(db: Database, clock_at: ClockAt) -> None:
    """A withdrawn timer does not ring, and its key may be used again; what is done can not be withdrawn."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    await put(db, Counted(n=1), key="deadline", due_at=clock.now() + MINUTE)
    assert await ask(db, lambda tx: agenda.withdraw(tx, "deadline"))
    assert not await ask(db, lambda tx: agenda.withdraw(tx, "deadline"))
    assert await put(db, Counted(n=2), key="deadline", due_at=clock.now() + MINUTE)
    time.advance(MINUTE)
    await worker(db, {Counted: [count]}).drain()
    assert await effects_of(db) == [2]
    assert not await ask(db, lambda tx: agenda.withdraw(tx, "deadline"))


async def test_later(db: Database, clock_at: ClockAt) -> None:
    """A reaction that asks to be called later is called then, has left no effect, and was no failure."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    calls = 0

    async def patient(work: Work[Any], event: Counted) -> None:
        nonlocal calls
        calls += 1
        await count(work, event)
        if calls <= 30:
            raise Later(clock.now() + MINUTE, "the register is still looking")

    await put(db, Counted(n=1))
    for _ in range(31):
        assert await worker(db, {Counted: [patient]}).drain() == 1
        assert await worker(db, {Counted: [patient]}).drain() == 0
        time.advance(MINUTE)
    assert await effects_of(db) == [1]


async def test_one_bad_item_in_a_chunk(db: Database) -> None:
    """An item that fails takes no other with it, and is not lost itself."""

    async def picky(work: Work[Any], event: Counted) -> None:
        await count(work, event)
        if event.n == 5:
            raise ZeroDivisionError

    for n in range(10):
        await put(db, Counted(n=n))
    stop = asyncio.Event()
    running = asyncio.create_task(worker(db, {Counted: [picky]}).run(stop))
    await asyncio.sleep(0.5)
    stop.set()
    await running
    assert await effects_of(db) == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    [left] = await ask(db, agenda.counts)
    assert (left.state, left.count, left.failing) == (State.WAITING, 1, 1)


@pytest.mark.parametrize("swallowed", [False, True])
async def test_broken_transaction(db: Database, swallowed: bool) -> None:
    """A reaction that breaks the transaction, even one that hides it, fails: the item stays, without any effect."""

    async def clash(work: Work[Any], event: Counted) -> None:
        await count(work, event)
        try:
            await work.tx.execute(insert(rule).values([{"n": 1}, {"n": 1}]))
        except Exception:
            if not swallowed:
                raise

    await put(db, Counted(n=1), key="k")
    assert await worker(db, {Counted: [clash]}, max_attempts=1).drain() == 1
    assert await effects_of(db) == []
    [item] = await ask(db, agenda.dead)
    assert item.error.endswith("25P02" if swallowed else "23505")


async def test_unreadable_payload(db: Database) -> None:
    """A payload that its class no longer reads fails like a reaction, and ends among the dead for a person to see."""
    await put(db, Counted(n=1))
    await ask(db, lambda tx: tx.execute(text('UPDATE agenda_item SET payload = \'{"event": "test.counted"}\'')))
    await worker(db, {Counted: [count]}, max_attempts=1).drain()
    [item] = await ask(db, agenda.dead)
    assert item.error == "msgspec.ValidationError"


async def test_backoff(db: Database, clock_at: ClockAt) -> None:
    """After each failure the pause doubles, give or take half."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    tried: list[float] = []
    begun = clock.now()

    async def refuse(work: Work[Any], event: Counted) -> None:
        tried.append((clock.now() - begun).total_seconds())
        raise ZeroDivisionError

    await put(db, Counted(n=1))
    while len(tried) < 6:
        await worker(db, {Counted: [refuse]}).drain()
        time.advance(timedelta(seconds=0.5))
    pauses = [after - before for before, after in pairwise(tried)]
    for pause, expected in zip(pauses, (2, 4, 8, 16, 32), strict=True):
        assert 0.5 * expected <= pause <= 1.5 * expected + 0.5


def test_backoff_has_a_cap() -> None:
    """No pause is longer than an hour and a half, however often it failed."""
    assert all(backoff(attempts) <= 1.5 * LONGEST_PAUSE for attempts in range(1, 2000, 37))
    assert backoff(2000) >= 0.5 * LONGEST_PAUSE


async def test_dead_letter(db: Database, clock_at: ClockAt) -> None:
    """What fails too often is set aside with its error, is seen by a person, and is done once it is revived."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    ill = True

    async def moody(work: Work[Any], event: Counted) -> None:
        await count(work, event)
        if ill:
            raise ValueError("Иванова Анна, 112-233-445 95")

    await put(db, Counted(n=1), key="k")
    for _ in range(3):
        await worker(db, {Counted: [moody]}, max_attempts=3).drain()
        time.advance(MINUTE)
    assert await worker(db, {Counted: [moody]}, max_attempts=3).drain() == 0
    [item] = await ask(db, agenda.dead)
    assert (item.kind, item.attempts, item.error) == ("test.counted", 3, "builtins.ValueError")
    assert "test_agenda.py" in item.trace
    assert "moody" in item.trace
    assert "Иванова" not in repr(item)
    [counted] = await ask(db, agenda.counts)
    assert (counted.state, counted.count, counted.oldest) == (State.DEAD, 1, MINUTE)
    assert not await put(db, Counted(n=2), key="k")

    ill = False
    assert await ask(db, lambda tx: agenda.revive(tx, item.id))
    assert not await ask(db, lambda tx: agenda.revive(tx, item.id))
    assert await worker(db, {Counted: [moody]}).drain() == 1
    assert await effects_of(db) == [1]


async def test_discarded(db: Database) -> None:
    """A dead item that a person gave up is gone, and its key counts as done."""

    async def refuse(work: Work[Any], event: Counted) -> None:
        raise ZeroDivisionError

    await put(db, Counted(n=1), key="k")
    await worker(db, {Counted: [refuse]}, max_attempts=1).drain()
    [item] = await ask(db, agenda.dead)
    assert await ask(db, lambda tx: agenda.discard(tx, item.id))
    assert not await ask(db, lambda tx: agenda.discard(tx, item.id))
    assert await waiting(db) == 0
    assert not await put(db, Counted(n=2), key="k")


async def test_living_are_not_discarded(db: Database) -> None:
    """Only what is dead can be revived or discarded."""
    await put(db, Counted(n=1))
    item_id = await ask(db, lambda tx: tx.scalar(select(agenda.agenda_item.c.id)))
    assert not await ask(db, lambda tx: agenda.discard(tx, item_id))
    assert not await ask(db, lambda tx: agenda.revive(tx, item_id))


async def test_counts_for_operators(db: Database, clock_at: ClockAt) -> None:
    """Operators see how many wait and how late the oldest is; a timer of tomorrow is not late."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    await put(db, Counted(n=1))
    await put(db, Caused(n=1), due_at=clock.now() + timedelta(days=1))
    time.advance(3 * MINUTE)
    found = {entry.kind: entry for entry in await ask(db, agenda.counts)}
    assert (found["test.counted"].count, found["test.counted"].oldest) == (1, 3 * MINUTE)
    assert (found["test.caused"].count, found["test.caused"].oldest) == (1, timedelta())


async def claim(db: Database, limit: int = 10) -> list[agenda.Item]:
    items: list[agenda.Item] = await ask(
        db, lambda tx: agenda_lease.claim(tx, ["test.counted"], limit=limit, lease_for=MINUTE)
    )
    return items


async def test_claims_pass_each_other(db: Database) -> None:
    """A claim neither takes nor waits for what another one is just taking."""
    for n in range(4):
        await put(db, Counted(n=n))
    async with db.transaction() as tx:
        mine = await agenda_lease.claim(tx, ["test.counted"], limit=2, lease_for=MINUTE)
        theirs = await asyncio.wait_for(claim(db), 2)
    assert len(mine) == len(theirs) == 2
    assert {item.id for item in mine}.isdisjoint(item.id for item in theirs)


async def test_claim_keeps_to_its_limit(db: Database) -> None:
    """A claim takes no more than it asked for, whatever plan PostgreSQL makes."""
    for n in range(30):
        await put(db, Counted(n=n))
    for join in ("enable_hashjoin", "enable_mergejoin", "enable_nestloop"):
        async with db.transaction() as tx:
            await tx.execute(text(f"SET LOCAL {join} = off"))
            assert len(await agenda_lease.claim(tx, ["test.counted"], limit=5, lease_for=MINUTE)) == 5


async def test_lease_taken_over(db: Database, clock_at: ClockAt) -> None:
    """When a lease is over another worker takes the item, and the first one finds that it is no longer its own."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    await put(db, Counted(n=1))
    [first] = await claim(db)
    assert await claim(db) == []
    time.advance(MINUTE)
    [second] = await claim(db)
    assert (second.id, second.attempts) == (first.id, 0)
    assert await ask(db, lambda tx: agenda_lease.hold(tx, [first])) == []
    assert await ask(db, lambda tx: agenda_lease.hold(tx, [second])) == [second]


async def test_stale_worker_changes_nothing(db: Database, clock_at: ClockAt) -> None:
    """Whoever lost the lease neither postpones, nor fails, nor renews, nor gives back what is now another's."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    await put(db, Counted(n=1))
    [first] = await claim(db)
    time.advance(MINUTE)
    [second] = await claim(db)
    await ask(db, lambda tx: agenda_lease.postpone(tx, first, clock.now() + 99 * MINUTE, "late"))
    await ask(db, lambda tx: agenda_lease.fail(tx, first, ZeroDivisionError(), again_at=None))
    await ask(db, lambda tx: agenda_lease.renew(tx, [first], lease_for=99 * MINUTE))
    await ask(db, lambda tx: agenda_lease.release(tx, [first]))
    assert await claim(db) == []
    assert await ask(db, lambda tx: agenda_lease.hold(tx, [second])) == [second]
    time.advance(MINUTE)
    assert [item.attempts for item in await claim(db)] == [0]


async def test_held_items_are_not_taken_over(db: Database, clock_at: ClockAt) -> None:
    """While an effect is being written nobody takes the item over, even when its lease ends meanwhile."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    await put(db, Counted(n=1))
    [item] = await claim(db)
    async with db.transaction() as tx:
        assert await agenda_lease.hold(tx, [item]) == [item]
        time.advance(2 * MINUTE)
        assert await asyncio.wait_for(claim(db), 2) == []
        await agenda_lease.finish(tx, [item])
    assert await claim(db) == []


async def test_lease_renewed(db: Database) -> None:
    """An errand that takes longer than the lease keeps it as long as its worker lives."""
    asked = 0

    async def slow(asking: Asking[Any], event: Counted) -> int:
        nonlocal asked
        asked += 1
        await asyncio.sleep(1.5)
        return event.n

    async def settle(work: Work[Any], event: Counted, answer: int) -> None:
        await count(work, event)

    await put(db, Counted(n=1))
    stop = asyncio.Event()
    crew = [
        asyncio.create_task(
            worker(db, {Counted: [Errand(slow, settle)]}, lease_for=timedelta(seconds=0.6), rest=0.1).run(stop)
        )
        for _ in range(2)
    ]
    await asyncio.sleep(2)
    stop.set()
    await asyncio.gather(*crew)
    assert asked == 1
    assert await effects_of(db) == [1]


async def test_errand(db: Database, clock_at: ClockAt) -> None:
    """An errand asks until it has an answer, under one idempotency key, and settles once."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    keys: list[Any] = []

    async def unsteady(asking: Asking[str], event: Counted) -> str:
        keys.append(asking.item.id)
        assert asking.ctx == "context"
        if len(keys) < 3:
            raise ConnectionRefusedError
        return f"answer {event.n}"

    async def settle(work: Work[str], event: Counted, answer: str) -> None:
        assert answer == "answer 7"
        await count(work, event)

    await put(db, Counted(n=7))
    for _ in range(4):
        await Worker(db, {Counted: [Errand(unsteady, settle)]}, "context").drain()
        time.advance(MINUTE)
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert await effects_of(db) == [7]


async def test_errand_holds_no_transaction(db: Database) -> None:
    """While an errand waits for the outside its worker has no transaction open."""

    async def look(asking: Asking[Any], event: Counted) -> int:
        async with asking.db.transaction() as tx:
            idle = await tx.execute(
                text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
            )
            return int(idle.scalar_one())

    async def settle(work: Work[Any], event: Counted, answer: int) -> None:
        assert answer == 0
        await count(work, event)

    await put(db, Counted(n=1))
    await worker(db, {Counted: [Errand(look, settle)]}).drain()
    assert await effects_of(db) == [1]


async def test_silent_outside(db: Database) -> None:
    """An outside that never answers is a failure after the errand's own time."""

    async def silent(asking: Asking[Any], event: Counted) -> None:
        await asyncio.sleep(60)

    async def settle(work: Work[Any], event: Counted, answer: None) -> None:
        await count(work, event)

    await put(db, Counted(n=1))
    await worker(db, {Counted: [Errand(silent, settle, within=0.05)]}, max_attempts=1).drain()
    [item] = await ask(db, agenda.dead)
    assert item.error == "builtins.TimeoutError"
    assert await effects_of(db) == []


async def test_stale_answer(db: Database, clock_at: ClockAt) -> None:
    """An answer that comes after the item went to another worker is settled by nobody a second time."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    questions = 0

    async def slow(asking: Asking[Any], event: Counted) -> int:
        nonlocal questions
        questions += 1
        if questions == 1:
            time.advance(2 * MINUTE)
            await worker(db, wiring).drain()
        return questions

    async def settle(work: Work[Any], event: Counted, answer: int) -> None:
        await work.tx.execute(insert(effect).values(n=answer))

    wiring: Wiring[Any] = {Counted: [Errand(slow, settle)]}
    await put(db, Counted(n=1))
    await worker(db, wiring).drain()
    assert questions == 2
    assert await effects_of(db) == [2]


async def test_stopped_worker_gives_back(db: Database) -> None:
    """A worker told to stop gives back what it could not finish in its grace, for others to take at once."""

    async def slow(asking: Asking[Any], event: Counted) -> None:
        await asyncio.sleep(60)

    async def settle(work: Work[Any], event: Counted, answer: None) -> None:
        await count(work, event)

    await put(db, Counted(n=1))
    stop = asyncio.Event()
    running = asyncio.create_task(worker(db, {Counted: [Errand(slow, settle)]}, rest=0.05, grace=0.1).run(stop))
    await asyncio.sleep(0.4)
    assert await claim(db) == []
    stop.set()
    await running
    [item] = await claim(db)
    assert item.attempts == 0


async def test_database_restarts_under_the_worker(db: Database, postgres_url: str) -> None:
    """All connections of a running worker are cut; it goes on by itself and nothing happens twice."""
    for n in range(200):
        await put(db, Counted(n=n))
    stop = asyncio.Event()
    running = asyncio.create_task(worker(db, {Counted: [count]}, rest=0.05, chunk=4).run(stop))
    for _ in range(3):
        await asyncio.sleep(0.05)
        async with db.transaction() as tx:
            await tx.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            )
    for _ in range(100):
        await asyncio.sleep(0.05)
        if await db.run(lambda tx: tx.scalar(select(func.count()).select_from(effect))) == 200:
            break
    stop.set()
    await running
    assert await effects_of(db) == list(range(200))


async def test_a_million_wait_cheaply(db: Database) -> None:
    """Among many items of the future the due one is found by the index."""
    async with db.transaction() as tx:
        await tx.execute(
            text(
                "INSERT INTO agenda_item (id, kind, payload, due_at, free_at, created_at)"
                " SELECT gen_random_uuid(), 'test.counted', '{}', d, d, now()"
                " FROM (SELECT now() + n * interval '1 minute' AS d FROM generate_series(1, 50000) AS n) AS days"
            )
        )
    async with db.transaction() as tx:
        await tx.execute(text("ANALYZE agenda_item"))
        plan = await tx.execute(
            text(
                "EXPLAIN SELECT id FROM agenda_item WHERE state = 'waiting' AND free_at <= now()"
                " AND kind IN ('test.counted') ORDER BY free_at LIMIT 16 FOR UPDATE SKIP LOCKED"
            )
        )
        assert "agenda_item_free_idx" in "\n".join(plan.scalars())
