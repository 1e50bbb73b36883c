"""One piece of work is one transaction, and what the database asks to repeat is repeated."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from myschool.kit import db as kit_db
from myschool.kit.db import (
    Database,
    DatabaseUnavailable,
    OutcomeUnknown,
    PoolExhausted,
    TransactionBroken,
    Tx,
    async_url,
    connect,
)
from tests.conftest import MakeDb


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    db = await make_db()
    async with db.transaction() as tx:
        await tx.execute(text("CREATE TABLE account (name text PRIMARY KEY, n int NOT NULL)"))
        await tx.execute(text("INSERT INTO account VALUES ('a', 0), ('b', 0)"))
    return db


async def add(tx: Tx, name: str) -> None:
    await tx.execute(text("UPDATE account SET n = n + 1 WHERE name = :name"), {"name": name})


async def number(db: Database, name: str = "a") -> int:
    async with db.transaction() as tx:
        found = await tx.execute(text("SELECT n FROM account WHERE name = :name"), {"name": name})
        return int(found.scalar_one())


async def kill(tx: Tx, url: str) -> None:
    """Ends the server's side of this very connection and lets the news arrive."""
    pid = (await tx.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    other = await asyncpg.connect(url)
    await other.execute("SELECT pg_terminate_backend($1, 1000)", pid)
    await other.close()
    await asyncio.sleep(0.05)


def failing_first(times: int, accident: Callable[[Tx], object]) -> Callable[[Tx], object]:
    """Work that adds one to account `a`, and meets the accident the first `times` it runs."""
    runs = 0

    async def work(tx: Tx) -> int:
        nonlocal runs
        runs += 1
        await add(tx, "a")
        if runs <= times:
            await accident(tx)  # type: ignore[misc]
        return runs

    return work


async def test_rolled_back(db: Database) -> None:
    """An exception in the block undoes all of it."""

    async def work(tx: Tx) -> None:
        await add(tx, "a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await db.run(work)
    assert await number(db) == 0


async def test_own_schema(db: Database, make_db: MakeDb) -> None:
    """A house sees its own schema only."""
    other = await make_db()
    with pytest.raises(DBAPIError, match="does not exist"):
        await number(other)


async def test_serialization_failure(db: Database) -> None:
    """Work whose snapshot went stale is done anew on a fresh one."""

    async def work(tx: Tx) -> int:
        nonlocal runs
        runs += 1
        await tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        n = (await tx.execute(text("SELECT n FROM account WHERE name = 'a'"))).scalar_one()
        if runs == 1:
            await db.run(lambda rival: add(rival, "a"))
        await tx.execute(text("UPDATE account SET n = :n WHERE name = 'a'"), {"n": n + 1})
        return int(n)

    runs = 0
    assert await db.run(work) == 1
    assert (runs, await number(db)) == (2, 2)


async def test_deadlock(db: Database) -> None:
    """Of two that wait for each other the one PostgreSQL ends is done again, and both take effect."""
    meeting = asyncio.Barrier(2)
    runs = 0

    async def both(tx: Tx, first: str, second: str) -> None:
        nonlocal runs
        runs += 1
        await add(tx, first)
        if runs <= 2:
            await meeting.wait()
        await add(tx, second)

    await asyncio.gather(db.run(lambda tx: both(tx, "a", "b")), db.run(lambda tx: both(tx, "b", "a")))
    assert runs == 3
    assert (await number(db, "a"), await number(db, "b")) == (2, 2)


async def test_lost_connection(db: Database, postgres_url: str) -> None:
    """A connection lost in the middle of the work loses nothing: it is done again on another one, once."""

    async def accident(tx: Tx) -> None:
        await kill(tx, postgres_url)
        await tx.execute(text("SELECT 1"))

    assert await db.run(failing_first(2, accident)) == 3  # type: ignore[arg-type]
    assert await number(db) == 1


async def test_lost_before_commit(db: Database, postgres_url: str) -> None:
    """When COMMIT was never sent the outcome is known, and the work is repeated."""
    assert await db.run(failing_first(1, lambda tx: kill(tx, postgres_url))) == 2  # type: ignore[arg-type]
    assert await number(db) == 1


async def test_lost_idle_connections(db: Database, postgres_url: str) -> None:
    """Connections that died in the pool, as after a restart of the server, cost a repetition and no failure."""
    async with db.transaction() as one, db.transaction() as two:
        pids = [(await tx.execute(text("SELECT pg_backend_pid()"))).scalar_one() for tx in (one, two)]
    other = await asyncpg.connect(postgres_url)
    for pid in pids:
        await other.execute("SELECT pg_terminate_backend($1, 1000)", pid)
    await other.close()
    await db.run(lambda tx: add(tx, "a"))
    assert await number(db) == 1


async def test_lost_idle_connection_of_work_that_asks_nothing(db: Database, postgres_url: str) -> None:
    """A page without a question notices a dead connection at COMMIT only; it is not put back to be met again."""

    async def nothing(_tx: Tx) -> str:
        return "done"

    async with db.transaction() as tx:
        pid = await tx.scalar(text("SELECT pg_backend_pid()"))
    other = await asyncpg.connect(postgres_url)
    await other.execute("SELECT pg_terminate_backend($1, 1000)", pid)
    await other.close()
    await asyncio.sleep(0.05)
    assert await db.run(nothing, attempts=3) == "done"


async def test_commit_cut_off(db: Database, postgres_url: str) -> None:
    """A connection that breaks while COMMIT is under way leaves the outcome unknown, and is not repeated blindly."""
    async with db.transaction() as tx:
        # The deferred check sleeps inside COMMIT, so the server can be cut off right there.
        await tx.execute(
            text(
                "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END'"
            )
        )
        await tx.execute(
            text(
                "CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON account DEFERRABLE INITIALLY DEFERRED"
                " FOR EACH ROW EXECUTE FUNCTION dawdle()"
            )
        )
    runs = 0
    pid = asyncio.get_running_loop().create_future()

    async def work(tx: Tx) -> None:
        nonlocal runs
        runs += 1
        await add(tx, "a")
        pid.set_result((await tx.execute(text("SELECT pg_backend_pid()"))).scalar_one())

    async def cut() -> None:
        backend = await pid
        other = await asyncpg.connect(postgres_url)
        query = ""
        while query != "COMMIT;":
            query = await other.fetchval("SELECT query FROM pg_stat_activity WHERE pid = $1", backend)
        await other.execute("SELECT pg_terminate_backend($1, 1000)", backend)
        await other.close()

    cutting = asyncio.create_task(cut())
    with pytest.raises(OutcomeUnknown):
        await db.run(work)
    await cutting
    assert runs == 1


async def test_swallowed_error(db: Database) -> None:
    """A swallowed database error is not taken for success: PostgreSQL would roll back at COMMIT without a word."""

    async def work(tx: Tx) -> None:
        await add(tx, "a")
        with pytest.raises(IntegrityError):
            await tx.execute(text("INSERT INTO account VALUES ('a', 0)"))

    with pytest.raises(TransactionBroken):
        await db.run(work)
    assert await number(db) == 0
    await db.run(lambda tx: add(tx, "a"))
    assert await number(db) == 1


async def test_error_in_savepoint(db: Database) -> None:
    """An error kept inside a savepoint leaves the rest of the transaction whole."""
    async with db.transaction() as tx:
        await add(tx, "a")
        with pytest.raises(IntegrityError):
            async with tx.begin_nested():
                await tx.execute(text("INSERT INTO account VALUES ('a', 0)"))
    assert await number(db) == 1


async def test_other_errors_once(db: Database) -> None:
    """What is no conflict and no lost connection is not repeated: neither a broken rule nor a time-out of the work."""
    for error in (ZeroDivisionError, TimeoutError, FileNotFoundError):
        runs = 0

        async def work(tx: Tx, error: type[Exception] = error) -> None:
            nonlocal runs
            runs += 1
            raise error

        with pytest.raises(error):
            await db.run(work)
        assert runs == 1


async def test_conflict_without_end(db: Database) -> None:
    """A conflict that stays is raised as itself after the last attempt."""

    async def work(tx: Tx) -> None:
        await tx.execute(text("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(DBAPIError) as raised:
        await db.run(work, attempts=2)
    assert kit_db.sqlstate(raised.value) == "40001"


async def test_no_server(tmp_path: object) -> None:
    """Without a server the work never begins and the asker learns that nothing was written."""
    nowhere = connect(f"postgresql://postgres@/postgres?host={tmp_path}", "nobody")
    with pytest.raises(DatabaseUnavailable):
        await nowhere.run(lambda tx: add(tx, "a"), attempts=2)


async def test_pool_exhausted(db: Database, postgres_url: str) -> None:
    """A full pool is said at once after its time-out, not waited for twelve times over."""
    small = connect(postgres_url, db.schema, pool_size=1)
    small.engine.sync_engine.pool._timeout = 0.1  # type: ignore[attr-defined]
    async with small.transaction():
        with pytest.raises(PoolExhausted):
            await asyncio.wait_for(small.run(lambda tx: add(tx, "a")), 1)
    await small.close()


async def test_no_parameters_in_errors(db: Database) -> None:
    """What a statement carried is in no error text: it may be somebody's number."""
    async with db.transaction() as tx:
        with pytest.raises(IntegrityError) as raised:
            await tx.execute(text("INSERT INTO account VALUES (:name, 0)"), {"name": "a"})
        await tx.rollback()
    assert "'a'" not in str(raised.value)
    assert "(a)" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("postgresql://u:p%40ss@db.example:5433/school", "postgresql+asyncpg://u:p%40ss@db.example:5433/school"),
        ("postgresql://postgres@/school?host=/run/pg", "postgresql+asyncpg://postgres@/school?host=%2Frun%2Fpg"),
        ("postgres://u@h/school?ssl=require", "postgresql+asyncpg://u@h/school?ssl=require"),
    ],
)
def test_addresses(given: str, asked: str) -> None:
    """Addresses as libpq writes them reach the driver whole."""
    assert async_url(given) == asked
