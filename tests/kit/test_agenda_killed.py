"""Worker processes are killed with -9 again and again, and every effect happens exactly once."""

import asyncio
import multiprocessing
import random
import time
from multiprocessing.process import BaseProcess

import pytest
from sqlalchemy import func, select

from myschool.kit import agenda, clock
from myschool.kit.agenda import agenda_item
from myschool.kit.db import Database, Tx
from myschool.kit.ids import new_id
from myschool.kit.schema import metadata as kit_metadata
from tests.conftest import MakeDb
from tests.kit import killed_worker
from tests.kit.killed_worker import First, effect, effects

FIRST = 10_000
TOTAL = 2 * FIRST  # each first event causes one more
WORKERS = 3
KILL_EVERY = 0.35


def spawn(url: str, schema: str) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([killed_worker.__name__])
    process = context.Process(target=killed_worker.work, args=(url, schema), daemon=True)
    process.start()
    return process


async def fill(tx: Tx) -> None:
    at = clock.now()
    rows = [
        {"id": new_id(), "kind": agenda.kind_of(First), "payload": f'{{"event":"test.first","n":{n}}}', "due_at": at}
        for n in range(FIRST)
    ]
    await tx.execute(agenda_item.insert(), [row | {"free_at": at, "created_at": at} for row in rows])


async def done(db: Database) -> int:
    return int(await db.run(lambda tx: tx.scalar(select(func.count()).select_from(effect))) or 0)


@pytest.mark.slow
async def test_killed_again_and_again(make_db: MakeDb, postgres_url: str) -> None:
    """20 000 items through three processes, one killed every moment: no effect is lost, none happens twice."""
    db = await make_db(kit_metadata, effects)
    await db.run(fill)
    crew = [spawn(postgres_url, db.schema) for _ in range(WORKERS)]
    killed = 0
    deadline = time.monotonic() + 400  # only against waiting for ever; a slow machine is no fault
    try:
        while await done(db) < TOTAL and time.monotonic() < deadline:
            await asyncio.sleep(KILL_EVERY)
            victim = random.randrange(WORKERS)
            crew[victim].kill()
            crew[victim].join()
            killed += 1
            crew[victim] = spawn(postgres_url, db.schema)
        await asyncio.sleep(2)  # were anything done twice, it would be done by now
    finally:
        for process in crew:
            process.kill()
            process.join()

    async with db.transaction() as tx:
        each = select(effect.c.what, func.count(), func.count(effect.c.n.distinct())).group_by(effect.c.what)
        found = {what: (n, distinct) for what, n, distinct in await tx.execute(each)}
        left = await agenda.counts(tx)
    assert left == []
    assert found == {
        "test.first": (FIRST, FIRST),
        "test.second": (FIRST * 3 // 4, FIRST * 3 // 4),
        "test.asked": (FIRST // 4, FIRST // 4),
    }
    assert killed >= 10
