"""Decisions on registry checks, and a million checks that wait.

    python -m bench.checks [--decisions 20000] [--waiting 1000000] [--idle 60]

`checks.decisions`: answers wait in the registry's queue; a worker takes them over HTTP, weighs them, writes states,
evidence and events, takes the timers off and acknowledges. Per CPU-second of the worker; `whole_per_cpu_s` counts the
worker, PostgreSQL and the registry together. `checks.waiting`: a worker beside a million waiting checks with their two
million timers: its CPU, its memory, and the time from due to done of timers that go off one by one.
"""

import argparse
import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import psutil
import uvloop
from sqlalchemy import text

from bench.measure import Measured, report
from myschool.gosuslugi.checks import actions, taking
from myschool.gosuslugi.checks.http_registry import CALLBACK_PATH, KEY_FILE, HttpRegistry
from myschool.gosuslugi.checks.model import CheckKind, CheckState, Claim, birth_claim
from myschool.gosuslugi.checks.store import PLACE
from myschool.gosuslugi.tables import metadata as house_tables
from myschool.kit import clock, shared_key
from myschool.kit import settings as configuration
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Database, connect
from myschool.kit.embedded import EmbeddedPostgres
from myschool.kit.ids import new_id
from myschool.kit.logs import configure
from myschool.kit.opening import open_vault
from myschool.kit.schema import metadata as ground
from myschool.kit.serving import Part, serve_together
from myschool.kit.settings import Settings
from myschool.kit.web.app import build
from myschool.papers.certificates import BirthCertificate, CertificateKind
from myschool.papers.names import FullName
from myschool.sandbox.registries import pages
from myschool.sandbox.registries.app import registry_house
from myschool.sandbox.registries.store import CLAIM
from myschool.sandbox.registries.tables import metadata as registry_tables

PORT = 8449
CHUNK = 50_000
ALONE = 40
CHECKS = [
    *("id", "kind", "subject_id", "revision", "state", "claim_sealed", "claim_index", "differing", "forgiven"),
    *("created_at", "since", "sent_at", "due_at", "ends_at", "reference", "tries"),
]
QUESTIONS = ["id", "request_id", "kind", "claim_sealed", "accepted_at", "due_at", "manners", "answered_at", "evidence"]
DELIVERIES = ["id", "question_id", "manner", "free_at", "taken"]
ITEMS = ["id", "kind", "payload", "key", "due_at", "free_at", "created_at"]


def a_claim() -> Claim:
    paper = BirthCertificate(CertificateKind.RUSSIAN, "III-ПЕ", "600101", "Отдел ЗАГС", date(2017, 5, 25))
    child, mother = FullName("Смирнова", "Алёна", "Дмитриевна"), FullName("Смирнова", "Ольга", "Сергеевна")
    return birth_claim(paper, child, date(2017, 5, 14), "F", mother)


def settings(home: str) -> Settings:
    return configuration.read(
        {"MYSCHOOL_HOME": home, "MYSCHOOL_REGISTRY_PORT": str(PORT), "MYSCHOOL_LOG_LEVEL": "error"}
    )


def work(url: str, home: str) -> None:
    """A worker of the house with the reactions of checks; nobody reacts to a decision."""

    async def run() -> None:
        own = settings(home)
        configure(own.log_level, part="bench")
        key = shared_key.load(own.home / KEY_FILE)
        async with httpx.AsyncClient(timeout=20) as client:
            registry = HttpRegistry(own.registry_url, own.gosuslugi_url + CALLBACK_PATH, key, client)
            wiring = taking.reactions(open_vault(own), registry)
            await Worker(connect(url, "house"), wiring, None).run(asyncio.Event())

    uvloop.run(run())


def register(url: str, home: str) -> None:
    async def run() -> None:
        own = settings(home)
        configure(own.log_level, part="bench")
        app = build(registry_house(own, connect(url, "registry"), open_vault(own)), pages.routes())
        await serve_together([Part(app, PORT)], address="127.0.0.1", stop=asyncio.Event())

    uvloop.run(run())


async def furnish(db: Database, *tables: Any) -> None:
    async with db.transaction() as tx:
        await tx.execute(text(f"CREATE SCHEMA {db.schema}"))
        for metadata in tables:
            await tx.run_sync(metadata.create_all)


class Generator:
    """Rows of checks that wait, of questions that are answered, and of timers."""

    def __init__(self, url: str, own: Settings) -> None:
        self.url = url
        vault, said = open_vault(own), a_claim()
        self.sealed = vault.seal(said.canonical(), place=PLACE)
        self.index = vault.index(said.canonical(), place=PLACE)
        self.asked = vault.seal(said.canonical(), place=CLAIM)
        findings = [{"field": name, "how": "equal"} for name in said.particulars]
        self.evidence = msgspec.json.encode({"type": "compared", "findings": findings}).decode()

    async def load(self, count: int, *, answered: bool, now: datetime) -> list[UUID]:
        """Checks in the state «checking», each with its two timers; with its answer in the queue, if `answered`."""
        made: list[UUID] = []
        for begun in range(0, count, CHUNK):
            pairs = [(new_id(), new_id()) for _ in range(min(CHUNK, count - begun))]
            async with self._copying("house") as connection:
                await connection.copy_records_to_table(
                    "registry_check", records=self._checks(pairs, now), columns=CHECKS
                )
                timers = list(self._timers(pairs, now))
                await connection.copy_records_to_table("agenda_item", records=timers, columns=ITEMS)
                keys = [(timer[3],) for timer in timers]
                await connection.copy_records_to_table("agenda_key", records=keys, columns=["key"])
            if answered:
                await self._answers(pairs, now)
            made += [check_id for check_id, _ in pairs]
        for schema, tables in (("house", "registry_check, agenda_item, agenda_key"), ("registry", "registry_question")):
            async with self._copying(schema) as connection:
                await connection.execute(f"VACUUM ANALYZE {tables}")
        return made

    @asynccontextmanager
    async def _copying(self, schema: str) -> AsyncIterator[Any]:
        connection = await asyncpg.connect(self.url, server_settings={"search_path": schema})
        yield connection
        await connection.close()

    def _checks(self, pairs: list[tuple[UUID, UUID]], now: datetime) -> Iterator[tuple[object, ...]]:
        kind, state = CheckKind.BIRTH_CERTIFICATE.value, CheckState.CHECKING.value
        due, ends = now + timedelta(days=5), now + timedelta(days=30)
        for check_id, reference in pairs:
            yield (check_id, kind, check_id, 1, state, self.sealed, self.index, "", "", now, now, now, due, ends,
                   str(reference), 0)  # fmt: skip

    def _timers(self, pairs: list[tuple[UUID, UUID]], now: datetime) -> Iterator[tuple[object, ...]]:
        for check_id, _ in pairs:
            for state, days in ((CheckState.OVERDUE, 5), (CheckState.EXPIRED, 30)):
                payload = f'{{"event":"checks.deadline","check_id":"{check_id}","state":"{state}"}}'
                due = now + timedelta(days=days)
                yield new_id(), "checks.deadline", payload, actions.deadline_key(check_id, state), due, due, now

    async def _answers(self, pairs: list[tuple[UUID, UUID]], now: datetime) -> None:
        kind = CheckKind.BIRTH_CERTIFICATE.value
        questions = [
            (question, check_id, kind, self.asked, now, now, "plain", now, self.evidence)
            for check_id, question in pairs
        ]
        async with self._copying("registry") as connection:
            await connection.copy_records_to_table("registry_question", records=questions, columns=QUESTIONS)
            queue = [(new_id(), question, "plain", now, 0) for _, question in pairs]
            await connection.copy_records_to_table("registry_delivery", records=queue, columns=DELIVERIES)


async def decisions(url: str, postmaster: int, house: Database, generator: Generator, crew: "Crew", count: int) -> None:
    await generator.load(count, answered=True, now=clock.now())
    with (
        Measured([crew.worker]) as worker,
        Measured([crew.registry]) as registry,
        Measured([postmaster]) as server,
    ):
        await house.run(taking.begin)
        left = count
        while left:
            await asyncio.sleep(0.1)
            left = await one(url, "SELECT count(*) FROM registry.registry_delivery")
    done = await one(url, "SELECT count(*) FROM house.registry_check WHERE state = 'confirmed'")
    told = await one(url, "SELECT count(*) FROM house.agenda_item WHERE kind = 'checks.decided'")
    if (done, told) != (count, count):
        raise AssertionError(f"{done} decided, {told} told, of {count}")
    whole = worker.cpu_s + registry.cpu_s + server.cpu_s
    report(
        "checks.decisions",
        "myschool",
        ops=count,
        measured=worker,
        whole_per_cpu_s=round(count / whole, 1),
        postgresql_cpu_s=round(server.cpu_s, 3),
        registry_cpu_s=round(registry.cpu_s, 3),
    )


async def waiting(url: str, house: Database, generator: Generator, crew: "Crew", count: int, idle: float) -> None:
    before = crew.worker_mb()
    checks = await generator.load(count, answered=False, now=clock.now())
    await asyncio.sleep(5)
    with Measured([crew.worker]) as measured:
        await asyncio.sleep(idle)
        cpu_s = measured.cpu_s  # so far as it was seen
    cpu_s = measured.cpu_s
    after = crew.worker_mb()
    alone = Measured([crew.worker])
    with alone:
        for check_id in checks[:ALONE]:
            await one_is_due(url, check_id, alone)
    report(
        "checks.waiting",
        "myschool",
        ops=count,
        measured=alone,
        cpu_percent=round(100 * cpu_s / idle, 2),
        worker_mb_before=before,
        worker_mb=after,
        worker_mb_more=round(after - before, 1),
    )


async def one_is_due(url: str, check_id: UUID, measured: Measured) -> None:
    key = actions.deadline_key(check_id, CheckState.OVERDUE)
    await tell(url, f"UPDATE house.agenda_item SET due_at = now(), free_at = now() WHERE key = '{key}'")
    with measured.timed():
        state = ""
        while state != CheckState.OVERDUE:
            await asyncio.sleep(0.01)
            state = await one(url, f"SELECT state FROM house.registry_check WHERE id = '{check_id}'")


_connections: dict[str, Any] = {}


async def one(url: str, query: str) -> Any:
    if url not in _connections:
        _connections[url] = await asyncpg.connect(url)
    return await _connections[url].fetchval(query)


async def tell(url: str, statement: str) -> None:
    await one(url, "SELECT 1")
    await _connections[url].execute(statement)


class Crew:
    """The worker and the registry, each a process of its own."""

    def __init__(self, url: str, home: str) -> None:
        spawned = get_context("spawn")
        self._processes: list[BaseProcess] = [
            spawned.Process(target=work, args=(url, home)),
            spawned.Process(target=register, args=(url, home)),
        ]
        for process in self._processes:
            process.start()

    @property
    def worker(self) -> int:
        return self._processes[0].pid or 0

    @property
    def registry(self) -> int:
        return self._processes[1].pid or 0

    def worker_mb(self) -> float:
        return round(float(psutil.Process(self.worker).memory_info().rss) / 2**20, 1)

    async def up(self) -> None:
        async with httpx.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"http://127.0.0.1:{PORT}/health/ready")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.join()


async def run(url: str, postmaster: int, home: str, arguments: argparse.Namespace) -> None:
    own = settings(home)
    shared_key.load(own.home / KEY_FILE)
    open_vault(own)
    house, registry = connect(url, "house"), connect(url, "registry")
    await furnish(house, ground, house_tables)
    await furnish(registry, ground, registry_tables)
    generator, crew = Generator(url, own), Crew(url, home)
    try:
        await crew.up()
        await asyncio.sleep(1)
        await decisions(url, postmaster, house, generator, crew, arguments.decisions)
        await waiting(url, house, generator, crew, arguments.waiting, arguments.idle)
    finally:
        crew.end()
        for connection in _connections.values():
            await connection.close()
        await house.close()
        await registry.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=20_000)
    parser.add_argument("--waiting", type=int, default=1_000_000)
    parser.add_argument("--idle", type=float, default=60.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix=f"bench-{secrets.token_hex(2)}-") as home:
        server = EmbeddedPostgres(Path(home) / "postgres")
        url = server.start()
        try:
            postmaster = int((Path(home) / "postgres" / "postmaster.pid").read_text().split()[0])
            asyncio.run(run(url, postmaster, home, arguments))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
