"""How workers share the agenda: a lease on each item taken, and a lock on its row while its effect is written.

    claim → (renew)* → hold … finish | postpone | fail | release

An expired lease is taken over by `claim`, which writes a new one; whoever had the old one finds in `hold` that the item
is no longer theirs.
"""

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePath

from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from myschool.kit import clock
from myschool.kit.agenda import Item, State, agenda_item, keep_keys
from myschool.kit.db import Tx, sqlstate
from myschool.kit.ids import new_id


async def claim(tx: Tx, kinds: Sequence[str], *, limit: int, lease_for: timedelta) -> list[Item]:
    """Takes up to `limit` free items, the longest due first, under one new lease."""
    at = clock.now()
    c = agenda_item.c
    # The lock keeps PostgreSQL from inlining the CTE, so the limit is applied once.
    free = (
        select(c.id)
        .where(c.state == State.WAITING, c.free_at <= at, c.kind.in_(kinds))
        .order_by(c.free_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    rows = await tx.execute(
        update(agenda_item)
        .where(c.id.in_(select(free.c.id)))
        .values(lease=new_id(), free_at=at + lease_for)
        .returning(c.id, c.kind, c.payload, c.due_at, c.attempts, c.key, c.lease)
    )
    return sorted((Item(*row) for row in rows), key=lambda item: (item.due_at, item.id))


async def hold(tx: Tx, items: Sequence[Item]) -> list[Item]:
    """Locks the rows, returns those still under our lease: nobody else can take these until this transaction ends."""
    c = agenda_item.c
    rows = await tx.execute(
        select(c.id)
        .where(c.id.in_([item.id for item in items]), c.lease == items[0].lease, c.state == State.WAITING)
        .order_by(c.id)
        .with_for_update()
    )
    ours = set(rows.scalars())
    return [item for item in items if item.id in ours]


async def finish(tx: Tx, items: Sequence[Item]) -> None:
    """Takes held items off the agenda. Fails in a transaction that a reaction broke, so nothing is lost silently."""
    await tx.execute(delete(agenda_item).where(agenda_item.c.id.in_([item.id for item in items])))
    await keep_keys(tx, [item.key for item in items])


async def postpone(tx: Tx, item: Item, until: datetime, note: str) -> None:
    """Due again at `until`, unless the lease went to somebody else."""
    await tx.execute(
        update(agenda_item)
        .where(agenda_item.c.id == item.id, agenda_item.c.lease == item.lease)
        .values(due_at=until, free_at=until, lease=None, note=note)
    )


async def fail(tx: Tx, item: Item, error: BaseException, *, again_at: datetime | None) -> None:
    """Counts a failure: due again at `again_at`, or dead when that is None; unless the lease went to somebody else."""
    values: dict[str, object] = {"state": State.DEAD}
    if again_at is not None:
        values = {"due_at": again_at, "free_at": again_at}
    await tx.execute(
        update(agenda_item)
        .where(agenda_item.c.id == item.id, agenda_item.c.lease == item.lease)
        .values(
            attempts=item.attempts + 1,
            lease=None,
            error=name_of(error),
            trace=trace_of(error),
            failed_at=clock.now(),
            **values,
        )
    )


async def renew(tx: Tx, items: Sequence[Item], *, lease_for: timedelta) -> None:
    """Prolongs the leases we still have. Skips rows that are locked: they are being finished at this moment."""
    c = agenda_item.c
    ours = (
        select(c.id)
        .where(c.id.in_([item.id for item in items]), c.lease.in_({item.lease for item in items}))
        .with_for_update(skip_locked=True)
        .cte("ours")
    )
    await tx.execute(update(agenda_item).where(c.id.in_(select(ours.c.id))).values(free_at=clock.now() + lease_for))


async def release(tx: Tx, items: Sequence[Item]) -> None:
    """Gives back what was taken and not done, for others to take at once."""
    c = agenda_item.c
    await tx.execute(
        update(agenda_item)
        .where(c.id.in_([item.id for item in items]), c.lease.in_({item.lease for item in items}))
        .values(free_at=c.due_at, lease=None)
    )


def name_of(error: BaseException) -> str:
    """Class of the error, with PostgreSQL's code when it has one. Never the message: it may quote a person."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    code = sqlstate(error)
    name = f"{type(origin).__module__}.{type(origin).__qualname__}"
    return f"{name} {code}" if code else name


def trace_of(error: BaseException) -> str:
    """Places in the code, innermost last; of each cause in turn. Neither messages nor values of variables."""
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(lines) < 200:
        lines.append(name_of(cause))
        for frame in traceback.extract_tb(cause.__traceback__):
            path = "/".join(PurePath(frame.filename).parts[-3:])
            lines.append(f"  {path}:{frame.lineno} {frame.name}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(lines)
