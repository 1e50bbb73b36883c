"""How workers share the agenda: a lease on each item taken, and a lock on its row while its effect is written.

    claim → (renew)* → hold … finish | postpone | fail | release

An expired lease is taken over by `claim`, which writes a new one; whoever had the old one finds in `hold` that the item
is no longer theirs.
"""

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePath

from sqlalchemy import ColumnElement, Text, Uuid, and_, any_, bindparam, delete, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError

from myschool.kit import clock
from myschool.kit.agenda import Item, State, agenda_item, keep_keys
from myschool.kit.db import Tx, sqlstate
from myschool.kit.ids import new_id

# Statements are built once: building one anew costs as much as sending it.
_c = agenda_item.c
_ids: ColumnElement[bool] = _c.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
_leases: ColumnElement[bool] = _c.lease == any_(bindparam("leases", type_=ARRAY(Uuid)))
_one: ColumnElement[bool] = and_(_c.id == bindparam("item"), _c.lease == bindparam("held_by"))

# The lock keeps PostgreSQL from inlining the CTE, so the limit is applied once.
_free = (
    select(_c.id)
    .where(
        _c.state == text("'waiting'"),
        _c.free_at <= bindparam("at"),
        _c.kind == any_(bindparam("kinds", type_=ARRAY(Text))),
    )
    .order_by(_c.free_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("free")
)
_CLAIM = (
    update(agenda_item)
    .where(_c.id.in_(select(_free.c.id)))
    .values(lease=bindparam("new_lease"), free_at=bindparam("until"))
    .returning(_c.id, _c.kind, _c.payload, _c.due_at, _c.attempts, _c.key, _c.lease)
)
_HOLD = select(_c.id).where(_ids, _leases, _c.state == text("'waiting'")).order_by(_c.id).with_for_update()
_FINISH = delete(agenda_item).where(_ids)
_POSTPONE = (
    update(agenda_item)
    .where(_one)
    # It ran well as far as it came, so what failed before is past.
    .values(due_at=bindparam("until"), free_at=bindparam("until"), lease=None, note=bindparam("why"), attempts=0)
)
_ours = select(_c.id).where(_ids, _leases).with_for_update(skip_locked=True).cte("ours")
_RENEW = update(agenda_item).where(_c.id.in_(select(_ours.c.id))).values(free_at=bindparam("until"))
_RELEASE = update(agenda_item).where(_ids, _leases).values(free_at=_c.due_at, lease=None)


async def claim(tx: Tx, kinds: Sequence[str], *, limit: int, lease_for: timedelta) -> list[Item]:
    """Takes up to `limit` free items, the longest due first, under one new lease."""
    # What PostgreSQL knows of a table that fills and empties all day is wrong most of the day. Believing that a handful
    # is due it would fetch and sort all of them at every claim (6 ms for 20 000); so it must follow the index instead.
    await tx.exec_driver_sql("SET LOCAL enable_sort = off")
    at = clock.now()
    given = {"at": at, "kinds": list(kinds), "most": limit, "new_lease": new_id(), "until": at + lease_for}
    rows = await tx.execute(_CLAIM, given)
    return sorted((Item(*row) for row in rows), key=lambda item: (item.due_at, item.id))


async def hold(tx: Tx, items: Sequence[Item]) -> list[Item]:
    """Locks the rows, returns those still under our lease: nobody else can take these until this transaction ends."""
    ours = set((await tx.execute(_HOLD, _named(items))).scalars())
    return [item for item in items if item.id in ours]


async def finish(tx: Tx, items: Sequence[Item]) -> None:
    """Takes held items off the agenda. Fails in a transaction that a reaction broke, so nothing is lost silently."""
    await tx.execute(_FINISH, {"ids": [item.id for item in items]})
    await keep_keys(tx, [item.key for item in items])


async def postpone(tx: Tx, item: Item, until: datetime, note: str) -> None:
    """Due again at `until`, unless the lease went to somebody else."""
    await tx.execute(_POSTPONE, {"item": item.id, "held_by": item.lease, "until": until, "why": note})


async def fail(tx: Tx, item: Item, error: BaseException, *, again_at: datetime | None) -> None:
    """Counts a failure: due again at `again_at`, or dead when that is None; unless the lease went to somebody else."""
    values: dict[str, object] = {"state": State.DEAD}
    if again_at is not None:
        values = {"due_at": again_at, "free_at": again_at}
    values |= {"attempts": item.attempts + 1, "lease": None, "failed_at": clock.now()}
    values |= {"error": name_of(error), "trace": trace_of(error)}
    await tx.execute(update(agenda_item).where(_c.id == item.id, _c.lease == item.lease).values(values))


async def renew(tx: Tx, items: Sequence[Item], *, lease_for: timedelta) -> None:
    """Prolongs the leases we still have. Skips rows that are locked: they are being finished at this moment."""
    await tx.execute(_RENEW, _named(items) | {"until": clock.now() + lease_for})


async def release(tx: Tx, items: Sequence[Item]) -> None:
    """Gives back what was taken and not done, for others to take at once."""
    await tx.execute(_RELEASE, _named(items))


def _named(items: Sequence[Item]) -> dict[str, object]:
    return {"ids": [item.id for item in items], "leases": list({item.lease for item in items})}


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
