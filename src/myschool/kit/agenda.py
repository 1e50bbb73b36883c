"""What must happen later: outbox and timers, written in the caller's transaction.

    put → waiting ──claim──▶ leased ──▶ done (the row is gone)
             ▲                  │
             ├── Later, backoff ┤
             └── revive ── dead ◀ after MAX_ATTEMPTS failures

An event is put in the transaction that made it true; the worker (`kit.agenda_worker`) runs its reactions and takes it
off the agenda in one transaction. So every effect inside the database happens exactly once, whoever is killed and when.
Events carry identifiers and never personal data.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    case,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from myschool.kit import clock
from myschool.kit.db import Database, Tx
from myschool.kit.ids import new_id
from myschool.kit.tables import metadata

KEYS_KEPT = timedelta(days=30)


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Something that happened, or is due. Its tag is its kind: `class Paid(Event, frozen=True, tag="kit.paid")`."""


class State(StrEnum):
    WAITING = "waiting"
    DEAD = "dead"


class Later(Exception):
    """A reaction asks to be called again at `until`; this is no failure. `reason` is for operators."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(reason)
        self.until = until
        self.reason = reason


@dataclass(frozen=True)
class Item:
    """One entry of the agenda as a reaction sees it; `id` is the idempotency key of an errand."""

    id: UUID
    kind: str
    payload: str
    due_at: datetime
    attempts: int
    key: str | None
    lease: UUID


C = TypeVar("C")


@dataclass(frozen=True)
class Work(Generic[C]):
    """What a reaction works with: the transaction, the context its house gave the worker, and the item."""

    tx: Tx
    ctx: C
    item: Item


@dataclass(frozen=True)
class Asking(Generic[C]):
    """What an errand asks with: no transaction is open. `item.id` is the same in every repetition of the question."""

    db: Database
    ctx: C
    item: Item


@dataclass(frozen=True)
class Errand(Generic[C]):
    """A call to the outside in two steps: `ask` may be repeated (at least once), `settle` takes effect exactly once.

    `ask(asking, event)` gives the answer for `settle(work, event, answer)`. Pass `asking.item.id` to the other side as
    idempotency key. `within` bounds one question, in seconds.
    """

    ask: Callable[[Asking[C], Any], Awaitable[Any]]
    settle: Callable[[Work[C], Any, Any], Awaitable[None]]
    within: float = 30.0


# Which reactions an event has; all of one event run in one transaction, in this order.
Reaction = Callable[[Work[C], Any], Awaitable[None]] | Errand[C]
Wiring = Mapping[type[Event], Sequence[Reaction[C]]]


@dataclass(frozen=True)
class DeadItem:
    """What an operator sees of an item that failed too often: no personal data, no message of the error."""

    id: UUID
    kind: str
    payload: str
    attempts: int
    created_at: datetime
    failed_at: datetime
    error: str
    trace: str


@dataclass(frozen=True)
class Count:
    """`failing` of `count` have failed at least once. `oldest`: how late the longest due one is, or how long dead."""

    kind: str
    state: State
    count: int
    failing: int
    oldest: timedelta


agenda_item = Table(
    "agenda_item",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("key", Text, unique=True),
    Column("state", Text, nullable=False, server_default=State.WAITING),
    Column("due_at", DateTime(timezone=True), nullable=False),
    # From when a worker may take it: `due_at`, or the end of the lease while one has it.
    Column("free_at", DateTime(timezone=True), nullable=False),
    Column("lease", Uuid),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("note", Text),
    Column("error", Text),
    Column("trace", Text),
    Column("failed_at", DateTime(timezone=True)),
)
Index("agenda_item_free_idx", agenda_item.c.free_at, postgresql_where=text("state = 'waiting'"))
Index("agenda_item_dead_idx", agenda_item.c.failed_at, postgresql_where=text("state = 'dead'"))

# A key outlives its item. It is a row of its own from the first `put`: were it written only when the item is done,
# a `put` that waited for that very transaction would still see the world before it and make a second item.
agenda_key = Table(
    "agenda_key",
    metadata,
    Column("key", Text, primary_key=True),
    Column("done_at", DateTime(timezone=True)),
)
Index("agenda_key_done_idx", agenda_key.c.done_at, postgresql_where=text("done_at IS NOT NULL"))

_encoder = msgspec.json.Encoder()


def kind_of(event: type[Event]) -> str:
    return str(event.__struct_config__.tag)


def encoded(event: Event) -> str:
    return _encoder.encode(event).decode()


async def put(tx: Tx, event: Event, *, due_at: datetime | None = None, key: str | None = None) -> bool:
    """Puts the event on the agenda, due now or at `due_at`.

    `key` makes it unique: False, and nothing is put, while an item of that key waits, is dead, or was done in the last
    30 days.
    """
    at = clock.now()
    due = due_at or at
    if key is not None:
        fresh = upsert(agenda_key).values(key=key).on_conflict_do_nothing().returning(agenda_key.c.key)
        if (await tx.execute(fresh)).first() is None:
            return False
    await tx.execute(
        insert(agenda_item).values(
            id=new_id(),
            kind=kind_of(type(event)),
            payload=encoded(event),
            key=key,
            due_at=due,
            free_at=due,
            created_at=at,
        )
    )
    return True


async def withdraw(tx: Tx, key: str) -> bool:
    """Takes the item of this key off the agenda. False when there is none, or it was already done."""
    gone = await tx.execute(delete(agenda_item).where(agenda_item.c.key == key).returning(agenda_item.c.id))
    if gone.first() is None:
        return False
    await tx.execute(delete(agenda_key).where(agenda_key.c.key == key))
    return True


async def keep(tx: Tx, event: Event, *, key: str) -> None:
    """An item for ever: its reaction ends with Later, each time. Put when it is missing, revived when it is dead.

    A worker calls it once an hour, so neither a failure nor an operator's `discard` ends what must go on.
    """
    c = agenda_item.c
    found = (await tx.execute(select(c.id, c.state).where(c.key == key))).one_or_none()
    if found is None:
        await tx.execute(delete(agenda_key).where(agenda_key.c.key == key, agenda_key.c.done_at.is_not(None)))
        await put(tx, event, key=key)
    elif found.state == State.DEAD:
        await revive(tx, found.id)


async def bring_forward(tx: Tx, key: str, at: datetime) -> bool:
    """The waiting item of this key is due at `at` already. False when it is due before, being done, or not there."""
    c = agenda_item.c
    earlier = (
        update(agenda_item)
        .where(c.key == key, c.state == State.WAITING, c.lease.is_(None), c.free_at > at)
        .values(due_at=at, free_at=at)
        .returning(c.id)
    )
    return (await tx.execute(earlier)).first() is not None


async def dead(tx: Tx, *, limit: int = 100) -> list[DeadItem]:
    """Items that failed too often, the longest dead first."""
    c = agenda_item.c
    rows = await tx.execute(
        select(c.id, c.kind, c.payload, c.attempts, c.created_at, c.failed_at, c.error, c.trace)
        .where(c.state == State.DEAD)
        .order_by(c.failed_at)
        .limit(limit)
    )
    return [DeadItem(*row) for row in rows]


async def revive(tx: Tx, item_id: UUID) -> bool:
    """A dead item is due again at once, with all its attempts. False when it is not dead."""
    at = clock.now()
    c = agenda_item.c
    revived = await tx.execute(
        update(agenda_item)
        .where(c.id == item_id, c.state == State.DEAD)
        .values(state=State.WAITING, attempts=0, due_at=at, free_at=at, lease=None)
        .returning(c.id)
    )
    return revived.first() is not None


async def discard(tx: Tx, item_id: UUID) -> bool:
    """A dead item is given up for good; its key counts as done. False when it is not dead."""
    c = agenda_item.c
    gone = (
        await tx.execute(delete(agenda_item).where(c.id == item_id, c.state == State.DEAD).returning(c.id, c.key))
    ).first()
    if gone is None:
        return False
    await keep_keys(tx, [gone.key])
    return True


async def counts(tx: Tx) -> list[Count]:
    """For operators: how many of each kind and state, and how late the oldest is."""
    at = clock.now()
    c = agenda_item.c
    since = case((c.state == State.DEAD, c.failed_at), else_=c.due_at)
    rows = await tx.execute(
        select(c.kind, c.state, func.count(), func.count().filter(c.attempts > 0), func.min(since))
        .group_by(c.kind, c.state)
        .order_by(c.kind, c.state)
    )
    return [
        Count(kind, State(state), n, failing, max(at - first, timedelta())) for kind, state, n, failing, first in rows
    ]


async def purge_keys(tx: Tx) -> int:
    """Forgets keys of what was done more than 30 days ago; returns how many."""
    gone = await tx.execute(delete(agenda_key).where(agenda_key.c.done_at < clock.now() - KEYS_KEPT))
    return gone.rowcount


async def keep_keys(tx: Tx, keys: Sequence[str | None]) -> None:
    if given := [key for key in keys if key is not None]:
        await tx.execute(update(agenda_key).where(agenda_key.c.key.in_(given)).values(done_at=clock.now()))
