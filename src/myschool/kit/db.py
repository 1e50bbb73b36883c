"""The database. One request or job is one transaction; what the database asks to repeat is repeated here.

SQL stays with what a distributed PostgreSQL engine also runs: no LISTEN, no advisory locks, no sequences, no triggers;
claims in READ COMMITTED with SKIP LOCKED.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

import asyncpg
import structlog
from sqlalchemy import Connection, ExceptionContext, MetaData, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Tx = AsyncConnection
T = TypeVar("T")

BROKEN = "transaction_broken"

log = structlog.get_logger(__name__)

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

REPEATABLE = {
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
}
LOST = {
    "57P01",  # admin_shutdown
    "57P02",  # crash_shutdown
    "57P03",  # cannot_connect_now
    "53300",  # too_many_connections
}


class OutcomeUnknown(Exception):
    """The connection broke while COMMIT was on its way: what was asked may be done or not.

    Never repeated blindly: the asker looks, or asks again with the same idempotency key.
    """


class DatabaseUnavailable(Exception):
    """No connection after all attempts; nothing was written."""


class PoolExhausted(DatabaseUnavailable):
    """All connections of this process were busy for ten seconds. Not repeated: that would only lengthen the queue."""


class TransactionBroken(Exception):
    """A statement failed, the error was swallowed outside a savepoint, and the block ended as if all were well.

    PostgreSQL answers such a COMMIT with a silent ROLLBACK, so this is raised instead; nothing was written.
    """


def new_metadata() -> MetaData:
    """Tables of one house. They carry no schema: each connection speaks in the schema of its own house only."""
    return MetaData(naming_convention=NAMING)


@dataclass
class Database:
    """Connections of one house, in its own schema."""

    engine: AsyncEngine
    schema: str

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Commits at the end of the block, rolls back when it raises. Does not repeat: `run` does.

        Raises DatabaseUnavailable before the block, TransactionBroken or OutcomeUnknown after it.
        """
        tx = self.engine.connect()
        try:
            await tx.start()
        except PoolTimeout as error:
            raise PoolExhausted from error
        except OSError as error:
            raise DatabaseUnavailable from error
        try:
            yield tx
            if tx.info.get(BROKEN):
                raise TransactionBroken
            await _commit(tx)
        finally:
            await tx.close()

    async def run(self, work: Callable[[Tx], Awaitable[T]], *, attempts: int = 12) -> T:
        """The value of `work`, done in one transaction, begun anew after a conflict or a lost connection.

        `work` may run several times, so its effects stay inside the transaction.
        Raises DatabaseUnavailable after the last lost connection, OutcomeUnknown when COMMIT itself was cut off.
        """
        for attempt in range(1, attempts + 1):
            try:
                async with self.transaction() as tx:
                    return await work(tx)
            except PoolExhausted:
                raise
            except (DatabaseUnavailable, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                lost = is_lost(error)
                if not lost and not is_conflict(error):
                    raise
                if attempt == attempts:
                    if lost and not isinstance(error, DatabaseUnavailable):
                        raise DatabaseUnavailable from error
                    raise
                log.warning("transaction_repeated", attempt=attempt, reason=type(error).__name__, lost=lost)
                await asyncio.sleep(pause(attempt))
        raise AssertionError("the loop returns or raises")

    async def close(self) -> None:
        await self.engine.dispose()


async def _commit(tx: Tx) -> None:
    connection = (await tx.get_raw_connection()).driver_connection
    if connection is None or connection.is_closed():
        # COMMIT was never sent, so the outcome is known: nothing was written and the work may be repeated, with another
        # connection: nobody has told the pool yet that this one is dead.
        await tx.invalidate()
        raise asyncpg.ConnectionDoesNotExistError("lost before COMMIT")
    try:
        await tx.commit()
    except (DBAPIError, asyncpg.PostgresConnectionError, OSError) as error:
        if is_lost(error):
            raise OutcomeUnknown from error
        raise


def pause(attempt: int) -> float:
    """Seconds before the next attempt: doubling from 20 ms to 0.6 s, with jitter so that rivals do not meet again.

    Twelve attempts outlast the restart of a killed database (about 4 s).
    """
    return min(0.01 * 2.0**attempt, 0.6) * (0.5 + random.random())  # noqa: S311 - jitter, not a secret


def sqlstate(error: BaseException) -> str:
    origin = error.orig if isinstance(error, DBAPIError) else error
    return getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None) or ""


def is_conflict(error: BaseException) -> bool:
    return sqlstate(error) in REPEATABLE


def is_lost(error: BaseException) -> bool:
    """True when the connection is gone, so nothing of an uncommitted transaction remains."""
    if isinstance(error, (ConnectionError, DatabaseUnavailable)):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = sqlstate(error)
    return state.startswith("08") or state in LOST or "connection was closed" in str(error)


def connect(url: str, schema: str, *, pool_size: int = 8) -> Database:
    """Opens nothing yet: connections are made when first needed.

    `url` is what libpq understands, `postgresql://user:password@host:port/name` or `postgresql:///name?host=/socket/dir`.
    """
    engine = create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        connect_args={"server_settings": {"search_path": schema, "timezone": "UTC"}, "timeout": 5},
    )
    _watch_errors(engine)
    return Database(engine, schema)


def _watch_errors(engine: AsyncEngine) -> None:
    """Marks a connection whose transaction failed, until a rollback, to a savepoint or of all, mends it."""

    def broken(context: ExceptionContext) -> None:
        if context.connection is not None and not context.connection.invalidated and not context.is_disconnect:
            context.connection.info[BROKEN] = True

    def mended(connection: Connection, *_: object) -> None:
        if not connection.invalidated:
            connection.info.pop(BROKEN, None)

    event.listen(engine.sync_engine, "handle_error", broken)
    for name in ("begin", "rollback", "rollback_savepoint"):
        event.listen(engine.sync_engine, name, mended)


def async_url(url: str) -> str:
    """The same address in SQLAlchemy's spelling, with the asyncpg driver."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None)
    parsed = make_url(f"postgresql+asyncpg://{parts.netloc or ''}{parts.path}").update_query_dict(query)
    if host is not None:
        parsed = parsed.update_query_dict({"host": host})
    return parsed.render_as_string(hide_password=False)
