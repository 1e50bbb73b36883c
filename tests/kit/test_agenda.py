"""The agenda: what is put there happens, once, when it is due."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select

from myschool.kit import agenda, agenda_lease, agenda_worker, clock
from myschool.kit.agenda import Asking, Errand, Event, Later, State, Wiring, Work
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Database, Tx
from myschool.kit.schema import metadata as kit_metadata
from tests.conftest import ClockAt, MakeDb

effects = MetaData()
effect = Table("effect", effects, Column("n", Integer), Column("unique_n", Integer, unique=True))


class Counted(Event, frozen=True, tag="test.counted"):
    n: int


class Caused(Event, frozen=True, tag="test.caused"):
    n: int


async def count(work: Work[Any], event: Counted | Caused) -> None:
    await work.tx.execute(insert(effect).values(n=event.n))


async def effects_of(db: Database) -> list[int]:
    async with db.transaction() as tx:
        return list((await tx.execute(select(effect.c.n).order_by(effect.c.n))).scalars())


async def put(db: Database, *events: Event, **options: Any) -> list[bool]:
    async with db.transaction() as tx:
        return [await agenda.put(tx, event, **options) for event in events]


def worker(db: Database, wiring: Wiring[Any], **options: Any) -> Worker[Any]:
    return Worker(db, wiring, None, **options)


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(kit_metadata, effects)


async def test_done_and_gone(db: Database) -> None:
    """An event is delivered to its reaction and leaves the agenda."""
    await put(db, Counted(n=1), Counted(n=2))
    assert await worker(db, {Counted: [count]}).drain() == 2
    assert await effects_of(db) == [1, 2]
    async with db.transaction() as tx:
        assert await agenda.counts(tx) == []
