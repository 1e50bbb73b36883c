"""A worker process for `test_agenda_killed.py`, which kills it at any moment: events cause events and effects."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text, insert

from myschool.kit import agenda
from myschool.kit.agenda import Asking, Errand, Event, Wiring, Work
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import connect

LEASE = timedelta(seconds=1.5)

effects = MetaData()
# No unique constraint: an effect that happened twice is seen twice.
effect = Table("effect", effects, Column("what", Text), Column("n", Integer))


class First(Event, frozen=True, tag="test.first"):
    n: int


class Second(Event, frozen=True, tag="test.second"):
    n: int


class Asked(Event, frozen=True, tag="test.asked"):
    n: int


async def note(work: Work[None], event: First | Second) -> None:
    await work.tx.execute(insert(effect).values(what=agenda.kind_of(type(event)), n=event.n))


async def cause(work: Work[None], event: First) -> None:
    if event.n % 4 == 0:
        await agenda.put(work.tx, Asked(n=event.n), key=f"asked:{event.n}")
    else:
        await agenda.put(work.tx, Second(n=event.n))


async def stumble(work: Work[None], event: First) -> None:
    """Every 997th fails at first, so chunks are split and pauses taken under fire as well."""
    if event.n % 997 == 0 and work.item.attempts == 0:
        raise ZeroDivisionError


async def ask(asking: Asking[None], event: Asked) -> int:
    await asyncio.sleep(0)
    return event.n


async def settle(work: Work[None], event: Asked, answer: int) -> None:
    await work.tx.execute(insert(effect).values(what="test.asked", n=answer))


WIRING: Wiring[Any] = {First: [note, cause, stumble], Second: [note], Asked: [Errand(ask, settle)]}


def work(url: str, schema: str) -> None:
    """Works until it is killed."""

    async def run() -> None:
        db = connect(url, schema)
        await Worker(db, WIRING, None, lease_for=LEASE, rest=0.1).run(asyncio.Event())

    asyncio.run(run())
