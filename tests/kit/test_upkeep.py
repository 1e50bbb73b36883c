"""A worker forgets what is past."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from myschool.kit import clock, throttle, upkeep
from myschool.kit.agenda import Event
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Tx
from myschool.kit.schema import metadata
from tests.conftest import ClockAt, MakeDb


class Nothing(Event, frozen=True, tag="test.nothing"):
    """Never put; it keeps the worker at work."""


async def test_a_running_worker_forgets_what_is_past(make_db: MakeDb, clock_at: ClockAt) -> None:
    """Nobody has to ask: the worker of a house does it when it starts and once an hour."""
    at = clock_at("2026-09-01T12:00:00+03:00")
    db = await make_db(metadata)
    await db.run(lambda tx: throttle.take(tx, "key", limit=1, per=timedelta(minutes=1), now=clock.now()))
    at.advance(timedelta(hours=1))
    stop = asyncio.Event()

    async def forget(tx: Tx) -> None:
        await upkeep.forget(tx)
        stop.set()

    async with asyncio.timeout(30):
        await Worker(db, {Nothing: []}, None, forget=forget).run(stop)
    async with db.transaction() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM throttle"))).scalar_one() == 0
