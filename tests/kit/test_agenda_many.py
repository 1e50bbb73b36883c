"""Many events put and withdrawn at once, and the one item that goes on for ever."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from myschool.kit import agenda, agenda_many, clock
from myschool.kit.agenda import Asking, Errand, Event, Later, Work
from myschool.kit.agenda_many import Entry
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Database
from myschool.kit.schema import metadata
from tests.conftest import ClockAt, MakeDb


class Happened(Event, frozen=True, kw_only=True, tag="test.happened"):
    n: int


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(metadata)


async def kept(db: Database) -> list[tuple[str | None, int]]:
    c = agenda.agenda_item.c
    async with db.transaction() as tx:
        return [(row.key, row.attempts) for row in await tx.execute(select(c.key, c.attempts).order_by(c.key))]


async def test_a_known_key_is_not_put_again(db: Database) -> None:
    """Neither of an earlier call nor of the same one."""
    entries = [Entry(Happened(n=n), f"k{n % 3}") for n in range(6)]
    assert await db.run(lambda tx: agenda_many.put(tx, entries)) == 3
    assert await db.run(lambda tx: agenda_many.put(tx, [*entries, Entry(Happened(n=9), "k9")])) == 1
    assert await db.run(lambda tx: agenda_many.put(tx, [])) == 0
    assert await kept(db) == [("k0", 0), ("k1", 0), ("k2", 0), ("k9", 0)]


async def test_what_is_withdrawn_may_be_put_again_and_what_is_done_may_not(db: Database) -> None:
    """As with one."""
    done: list[int] = []

    async def note(_work: Work[None], event: Happened) -> None:
        done.append(event.n)

    await db.run(lambda tx: agenda_many.put(tx, [Entry(Happened(n=1), "a"), Entry(Happened(n=2), "b")]))
    assert await db.run(lambda tx: agenda_many.withdraw(tx, ["a", "never"])) == 1
    await Worker(db, {Happened: [note]}, None).drain()
    again = [Entry(Happened(n=3), "a"), Entry(Happened(n=4), "b")]
    assert await db.run(lambda tx: agenda_many.put(tx, again)) == 1
    await Worker(db, {Happened: [note]}, None).drain()
    assert done == [2, 3]


async def test_two_that_put_the_same_at_once_put_it_once(db: Database) -> None:
    """In crossing orders, without a deadlock."""
    entries = [Entry(Happened(n=n), f"k{n}") for n in range(200)]
    calls = [db.run(lambda tx, some=some: agenda_many.put(tx, some)) for some in (entries, entries[::-1]) * 3]  # type: ignore[misc]
    assert sum(await asyncio.gather(*calls)) == 200


async def test_an_item_for_ever_is_kept_once_and_forgets_its_failures(db: Database, clock_at: ClockAt) -> None:
    """Two failures, then it ran as far as Later: counted from nought again."""
    stopped = clock_at("2026-11-25T10:00:00+03:00")
    failing = [True, True, False]

    async def turn(_asking: Asking[None], _event: Happened) -> None:
        if failing.pop(0):
            raise RuntimeError
        raise Later(clock.now() + timedelta(hours=1), "nothing more")

    async def never(_work: Work[None], _event: Happened, _answer: None) -> None:
        raise AssertionError

    for _ in range(2):
        await db.run(lambda tx: agenda.keep(tx, Happened(n=1), key="for ever"))
    worker = Worker(db, {Happened: [Errand(turn, never)]}, None)
    attempts = []
    for _ in range(3):
        await worker.drain()
        attempts.append(await kept(db))
        stopped.advance(timedelta(minutes=1))
    assert attempts == [[("for ever", 1)], [("for ever", 2)], [("for ever", 0)]]


async def test_bringing_forward_never_puts_off(db: Database, clock_at: ClockAt) -> None:
    """And what is not there is not put."""
    clock_at("2026-11-25T10:00:00+03:00")
    now = clock.now()
    await db.run(lambda tx: agenda.put(tx, Happened(n=1), key="k", due_at=now + timedelta(hours=1)))
    for minutes, moved in ((30, True), (45, False), (10, True)):
        at = now + timedelta(minutes=minutes)
        assert await db.run(lambda tx, at=at: agenda.bring_forward(tx, "k", at)) is moved  # type: ignore[misc]
    assert not await db.run(lambda tx: agenda.bring_forward(tx, "other", now))
