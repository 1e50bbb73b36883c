"""What failed too often, for the operator: grouped, listed, tried again by the whole kind.

One item is revived or given up by `kit.agenda`. Dead items have an index of their own, so all this costs what is dead
and not what waits.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from myschool.kit import clock
from myschool.kit.agenda import DeadItem, State, agenda_item
from myschool.kit.db import Tx


@dataclass(frozen=True)
class DeadKind:
    """Dead items of one kind with one error. `error` is the name of a class, never its message."""

    kind: str
    error: str
    count: int
    oldest: datetime


_c = agenda_item.c
_DEAD = _c.state == State.DEAD
_SHOWN = (_c.id, _c.kind, _c.payload, _c.attempts, _c.created_at, _c.failed_at, _c.error, _c.trace)


async def kinds(tx: Tx) -> list[DeadKind]:
    """The most numerous first."""
    many = func.count()
    rows = await tx.execute(
        select(_c.kind, _c.error, many, func.min(_c.failed_at))
        .where(_DEAD)
        .group_by(_c.kind, _c.error)
        .order_by(many.desc(), _c.kind)
    )
    return [DeadKind(*row) for row in rows]


async def of_kind(tx: Tx, kind: str, *, limit: int = 100) -> list[DeadItem]:
    """The longest dead first."""
    query = select(*_SHOWN).where(_DEAD, _c.kind == kind).order_by(_c.failed_at).limit(limit)
    return [DeadItem(*row) for row in await tx.execute(query)]


async def look(tx: Tx, item_id: UUID) -> DeadItem | None:
    """None when it is not dead."""
    row = (await tx.execute(select(*_SHOWN).where(_DEAD, _c.id == item_id))).one_or_none()
    return DeadItem(*row) if row is not None else None


async def revive_kind(tx: Tx, kind: str) -> int:
    """Every dead item of this kind is due again at once, with all its attempts; returns how many."""
    at = clock.now()
    fresh = {"state": State.WAITING, "attempts": 0, "due_at": at, "free_at": at, "lease": None}
    return (await tx.execute(update(agenda_item).where(_DEAD, _c.kind == kind).values(fresh))).rowcount
