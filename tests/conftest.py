"""What tests share: one embedded PostgreSQL a test process, fresh schemas in it, and a clock that stands still.

async def test_something(make_db):
    db = await make_db(kit_metadata, my_house_metadata)   # a schema of its own, tables made, dropped afterwards
    async with db.transaction() as tx: ...

def test_in_december(clock_at):
    clock = clock_at("2026-12-31T23:59:00+03:00")
    clock.advance(timedelta(minutes=2))
"""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import MetaData, text

from myschool.kit import clock
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database, connect
from myschool.kit.embedded import EmbeddedPostgres

MakeDb = Callable[..., Awaitable[Database]]
ClockAt = Callable[[str], StoppedClock]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The server of this test process. As root it runs under a system user, who must reach the directory."""
    home = Path(tempfile.mkdtemp(prefix="myschool-test-"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home / "pg")
    try:
        url = server.start()
        asyncio.run(_hurry(url))
        yield url
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


async def _hurry(url: str) -> None:
    """Nothing here outlives the tests, so commits need not wait for the disk."""
    connection = await asyncpg.connect(url)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        await connection.execute(f"ALTER SYSTEM SET {setting} = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


@pytest.fixture
async def make_db(postgres_url: str) -> AsyncIterator[MakeDb]:
    """`await make_db(*metadatas, pool_size=8)`: a Database in a fresh schema with the tables of these metadatas."""
    made: list[Database] = []

    async def make(*metadatas: MetaData, pool_size: int = 8) -> Database:
        db = connect(postgres_url, f"t{secrets.token_hex(6)}", pool_size=pool_size)
        made.append(db)
        async with db.transaction() as tx:
            await tx.execute(text(f"CREATE SCHEMA {db.schema}"))
            for metadata in metadatas:
                await tx.run_sync(metadata.create_all)
        return db

    yield make
    for db in made:
        async with db.transaction() as tx:
            await tx.execute(text(f"DROP SCHEMA {db.schema} CASCADE"))
        await db.close()


@pytest.fixture
def clock_at() -> Iterator[ClockAt]:
    """`clock_at("2026-09-01T08:00:00+03:00")`: time stands there for this test; the value's `advance` moves it."""
    with ExitStack() as stack:
        yield lambda at: stack.enter_context(clock.stopped(datetime.fromisoformat(at).astimezone(UTC)))
