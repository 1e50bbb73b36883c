"""Steps of the agenda per CPU-second of worker and PostgreSQL together.

    python -m bench.agenda [--items 20000] [--workers 1]

Scenarios: `agenda.steps`, reactions that write one row each; `agenda.errands`, an answer from outside and its settling;
`agenda.idle`, a worker with 100 000 timers of the future and nothing due. Latency is from due to done, of items put
one by one to an idle worker.
"""

import argparse
import asyncio
import secrets
import tempfile
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psutil
import uvloop
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text

from bench.measure import Measured, report
from myschool.kit import agenda, clock
from myschool.kit.agenda import Asking, Errand, Event, Work, agenda_item
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Database, connect
from myschool.kit.embedded import EmbeddedPostgres
from myschool.kit.ids import new_id
from myschool.kit.schema import metadata as kit_metadata

own = MetaData()
effect = Table("effect", own, Column("n", Integer))


class Step(Event, frozen=True, tag="bench.step"):
    n: int


class Question(Event, frozen=True, tag="bench.question"):
    n: int


async def write(work: Work[None], event: Step) -> None:
    await work.tx.execute(insert(effect).values(n=event.n))


async def ask(asking: Asking[None], event: Question) -> int:
    return event.n


async def settle(work: Work[None], event: Question, answer: int) -> None:
    await work.tx.execute(insert(effect).values(n=answer))


def work(url: str, schema: str) -> None:
    async def run() -> None:
        wiring: Any = {Step: [write], Question: [Errand(ask, settle)]}
        await Worker(connect(url, schema), wiring, None).run(asyncio.Event())

    uvloop.run(run())


async def fill(db: Database, event: type[Event], items: int, *, due_in: timedelta = timedelta()) -> None:
    at = clock.now()
    rows = [
        {
            "id": new_id(),
            "kind": agenda.kind_of(event),
            "payload": f'{{"event":"{agenda.kind_of(event)}","n":{n}}}',
            "due_at": at + due_in,
            "free_at": at + due_in,
            "created_at": at,
        }
        for n in range(items)
    ]
    await db.run(lambda tx: tx.execute(agenda_item.insert(), rows))


async def until_done(db: Database, items: int) -> None:
    done = 0
    while done < items:
        await asyncio.sleep(0.05)
        done = await db.run(lambda tx: tx.scalar(select(func.count()).select_from(effect))) or 0
    await db.run(lambda tx: tx.execute(text("TRUNCATE effect")))


def spawn(url: str, schema: str, count: int) -> list[BaseProcess]:
    crew: list[BaseProcess] = [get_context("spawn").Process(target=work, args=(url, schema)) for _ in range(count)]
    for process in crew:
        process.start()
    return crew


async def throughput(url: str, postmaster: int, event: type[Event], name: str, items: int, workers: int) -> None:
    db = await fresh(url)
    crew = spawn(url, db.schema, workers)
    await fill(db, event, 1)
    await until_done(db, 1)  # everybody is up
    await fill(db, event, items)
    with Measured([postmaster, *(process.pid or 0 for process in crew)]) as measured:
        await until_done(db, items)
    await one_by_one(db, event, measured)
    report(name, "myschool", ops=items, measured=measured, workers=workers)
    await end(db, crew)


async def one_by_one(db: Database, event: type[Event], measured: Measured) -> None:
    for n in range(40):
        async with db.transaction() as tx:
            await agenda.put(tx, event(n=n))  # type: ignore[call-arg]
        with measured.timed():
            left = 1
            while left:
                await asyncio.sleep(0.005)
                left = await db.run(lambda tx: tx.scalar(select(func.count()).select_from(agenda_item))) or 0


async def idle(url: str, postmaster: int) -> None:
    db = await fresh(url)
    await fill(db, Step, 100_000, due_in=timedelta(days=30))
    crew = spawn(url, db.schema, 1)
    await asyncio.sleep(4)
    with Measured([postmaster, *(process.pid or 0 for process in crew)]) as measured:
        await asyncio.sleep(10)
    worker_mb = round(psutil.Process(crew[0].pid).memory_info().rss / 2**20, 1)
    share = round(100 * measured.cpu_s / measured.wall_s, 2)
    report("agenda.idle", "myschool", ops=0, measured=measured, cpu_percent=share, worker_rss_mb=worker_mb)
    await end(db, crew)


async def fresh(url: str) -> Database:
    db = connect(url, f"bench{secrets.token_hex(4)}")
    async with db.transaction() as tx:
        await tx.execute(text(f"CREATE SCHEMA {db.schema}"))
        for metadata in (kit_metadata, own):
            await tx.run_sync(metadata.create_all)
    return db


async def end(db: Database, crew: list[BaseProcess]) -> None:
    for process in crew:
        process.kill()
        process.join()
    async with db.transaction() as tx:
        await tx.execute(text(f"DROP SCHEMA {db.schema} CASCADE"))
    await db.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="myschool-bench-") as home:
        Path(home).chmod(0o755)
        server = EmbeddedPostgres(Path(home) / "pg")
        url = server.start()
        postmaster = int((Path(home) / "pg" / "postmaster.pid").read_text().splitlines()[0])
        try:
            asyncio.run(throughput(url, postmaster, Step, "agenda.steps", given.items, given.workers))
            asyncio.run(throughput(url, postmaster, Question, "agenda.errands", given.items // 5, given.workers))
            asyncio.run(idle(url, postmaster))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
