"""How often something may be tried, counted for all processes together."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from myschool.kit import clock, throttle, upkeep
from myschool.kit.db import Database
from myschool.kit.schema import metadata
from tests.conftest import ClockAt, MakeDb

NOON = "2026-09-01T12:00:00+03:00"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(metadata)


async def take(db: Database, key: str = "login:1", limit: int = 3) -> bool:
    return await db.run(lambda tx: throttle.take(tx, key, limit=limit, per=MINUTE, now=clock.now()))


async def test_the_limit_is_the_last_that_passes(db: Database, clock_at: ClockAt) -> None:
    """Three are let through, the fourth is not; another key has its own count."""
    clock_at(NOON)
    assert [await take(db) for _ in range(5)] == [True, True, True, False, False]
    assert await take(db, "login:2")


async def test_the_window_ends_and_tries_inside_do_not_lengthen_it(db: Database, clock_at: ClockAt) -> None:
    """Who keeps knocking is let in when the minute since the first try is over, with a full count again."""
    at = clock_at(NOON)
    for _ in range(6):
        await take(db)
        at.advance(timedelta(seconds=9))
    assert not await take(db)
    at.advance(timedelta(seconds=6))
    assert [await take(db) for _ in range(4)] == [True, True, True, False]


async def test_whoever_succeeded_begins_anew(db: Database, clock_at: ClockAt) -> None:
    """Forgiving takes the count away."""
    clock_at(NOON)
    for _ in range(4):
        await take(db)
    await db.run(lambda tx: throttle.forgive(tx, "login:1"))
    assert await take(db)


async def test_tries_at_the_same_moment_are_all_counted(db: Database, clock_at: ClockAt) -> None:
    """Twenty at once get through no more often than one after another."""
    clock_at(NOON)
    assert sum(await asyncio.gather(*(take(db, limit=5) for _ in range(20)))) == 5


async def test_what_is_counted_is_not_named(db: Database, clock_at: ClockAt) -> None:
    """The table tells no login and no address, and after the window nothing at all."""
    at = clock_at(NOON)
    await take(db, "login:olga@example.test")
    async with db.transaction() as tx:
        rows = repr((await tx.execute(text("SELECT * FROM throttle"))).all())
    assert "olga" not in rows
    at.advance(MINUTE + timedelta(seconds=1))
    await db.run(upkeep.forget)
    async with db.transaction() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM throttle"))).scalar_one() == 0
