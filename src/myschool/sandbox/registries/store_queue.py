"""The queue of answers that wait for their asker, and whether the registers are in service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.sandbox.registries.model import Manner, promised_by
from myschool.sandbox.registries.store import evidence_of, registry_question
from myschool.sandbox.registries.tables import metadata
from myschool.sandbox.registries.wire import Answered, Kind

# One copy of one answer; the row is gone when the asker has said that he has it.
registry_delivery = Table(
    "registry_delivery",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("question_id", Uuid, ForeignKey("registry_question.id"), nullable=False),
    Column("manner", Text, nullable=False),
    # From when it may be handed out: when it is told, or the end of the lease while somebody has it.
    Column("free_at", DateTime(timezone=True), nullable=False),
    Column("taken", Integer, nullable=False),
    Index("registry_delivery_free_idx", "free_at"),
)

registry_condition = Table(
    "registry_condition",
    metadata,
    Column("name", Text, primary_key=True),
    Column("away_since", DateTime(timezone=True)),
    Column("away_until", DateTime(timezone=True)),
    Column("per_minute", Integer),
)

WHOLE = "registers"


@dataclass(frozen=True)
class Delivery:
    """A copy as it is handed out: the answer, and the manner in which it goes."""

    id: UUID
    answered: Answered
    manner: Manner


@dataclass(frozen=True)
class Condition:
    """`away_until`: out of service until then. `per_minute`: so many calls are taken in a minute; None is no limit."""

    away_since: datetime | None = None
    away_until: datetime | None = None
    per_minute: int | None = None

    def away(self, now: datetime) -> timedelta | None:
        """How much longer nothing is taken or told; None in service."""
        return self.away_until - now if self.away_until is not None and now < self.away_until else None


async def enqueue(tx: Tx, question_id: UUID, manner: Manner, at: datetime) -> UUID:
    delivery_id = new_id()
    row = {"id": delivery_id, "question_id": question_id, "manner": manner.value, "free_at": at, "taken": 0}
    await tx.execute(insert(registry_delivery).values(row))
    return delivery_id


_d, _q = registry_delivery.c, registry_question.c
_free = (
    select(_d.id)
    .where(_d.free_at <= bindparam("at"))
    .order_by(_d.free_at, _d.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("free")
)
# The longer nobody says that he has it, the later it comes again: a lease doubles, up to sixty-four times.
_LEASE = func.make_interval(0, 0, 0, 0, 0, 0, bindparam("lease", type_=Float) * func.power(2, func.least(_d.taken, 6)))
_TAKE = (
    update(registry_delivery)
    .where(_d.id.in_(select(_free.c.id)))
    .values(free_at=bindparam("at", type_=DateTime(timezone=True)) + _LEASE, taken=_d.taken + 1)
    .returning(_d.id, _d.question_id, _d.manner)
    .cte("handed")
)
_SHOWN = (
    select(
        _TAKE.c.id.label("delivery"),
        _TAKE.c.manner,
        _q.id,
        _q.request_id,
        _q.kind,
        _q.accepted_at,
        _q.answered_at,
        _q.evidence,
    )
    .join_from(_TAKE, registry_question, _TAKE.c.question_id == _q.id)
    .order_by(_TAKE.c.id)
)


async def hand_out(tx: Tx, now: datetime, *, limit: int, lease: timedelta) -> list[Delivery]:
    """Up to `limit` copies that nobody has, the longest waiting first; nobody else gets them before `lease` is over."""
    rows = await tx.execute(_SHOWN, {"at": now, "most": limit, "lease": lease.total_seconds()})
    return [Delivery(row.delivery, _answered(row), Manner(row.manner)) for row in rows]


async def lease(tx: Tx, delivery_id: UUID, now: datetime, until: datetime) -> Delivery | datetime | None:
    """This one copy; or when it will be free, while somebody has it; None when it is taken for good."""
    query = select(_d.question_id, _d.manner, _d.free_at).where(_d.id == delivery_id).with_for_update()
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    if row.free_at > now:
        return row.free_at  # type: ignore[no-any-return]
    await tx.execute(update(registry_delivery).where(_d.id == delivery_id).values(free_at=until, taken=_d.taken + 1))
    question = (await tx.execute(select(registry_question).where(_q.id == row.question_id))).one()
    return Delivery(delivery_id, _answered(question), Manner(row.manner))


async def give_back(tx: Tx, delivery_id: UUID, now: datetime) -> None:
    """As if it had not been leased."""
    values = {"free_at": now, "taken": _d.taken - 1}
    await tx.execute(update(registry_delivery).where(_d.id == delivery_id).values(values))


async def acknowledge(tx: Tx, delivery_ids: Sequence[UUID]) -> int:
    """The asker has these; how many of them were still in the queue."""
    return (await tx.execute(delete(registry_delivery).where(_d.id.in_(delivery_ids)))).rowcount


async def waiting(tx: Tx) -> int:
    return int((await tx.execute(select(func.count()).select_from(registry_delivery))).scalar_one())


async def another_request(tx: Tx, question_id: UUID) -> UUID | None:
    """The number of the newest other question."""
    query = select(_q.request_id).where(_q.id != question_id).order_by(_q.id.desc()).limit(1)
    return (await tx.execute(query)).scalar_one_or_none()


async def condition(tx: Tx) -> Condition:
    c = registry_condition.c
    query = select(c.away_since, c.away_until, c.per_minute).where(c.name == WHOLE)
    row = (await tx.execute(query)).one_or_none()
    return Condition(*row) if row else Condition()


async def put_condition(tx: Tx, condition: Condition) -> None:
    values = {
        "away_since": condition.away_since,
        "away_until": condition.away_until,
        "per_minute": condition.per_minute,
    }
    fresh = insert(registry_condition).values(name=WHOLE, **values)
    await tx.execute(fresh.on_conflict_do_update(index_elements=["name"], set_=values))


def _answered(row: Any) -> Answered:
    return Answered(
        row.id,
        row.request_id,
        Kind(row.kind),
        row.accepted_at,
        promised_by(row.accepted_at),
        row.answered_at,
        evidence_of(row.evidence),
    )
