"""What is past leaves each house's database, once an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from myschool.gosuslugi import wiring as gosuslugi
from myschool.gosuslugi.signin import store as codes
from myschool.gosuslugi.signin.actions import codes as actions
from myschool.gosuslugi.signin.model import Matter, Purpose
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.papers.numbers import Email
from tests.conftest import ClockAt, MakeDb


async def count(tx: Tx) -> int:
    return int((await tx.execute(select(func.count()).select_from(codes.one_time_code))).scalar_one())


@pytest.mark.parametrize(("after", "left"), [(timedelta(minutes=5), 1), (timedelta(hours=2), 0)])
async def test_codes_of_yesterday_are_forgotten(
    make_db: MakeDb, clock_at: ClockAt, after: timedelta, left: int
) -> None:
    """A code that can still be entered stays; one that nobody can enter any more goes."""
    clock = clock_at("2026-12-02T12:00:00+03:00")
    db, vault = await make_db(ground, metadata), Vault([VaultKey.fresh()])
    matter = Matter(Purpose.REGISTER, new_id())
    await db.run(lambda tx: actions.send(tx, vault, matter, Email("darya@pochta.example"), clock.now()))
    clock.advance(after)
    await db.run(gosuslugi.forget)
    assert await db.run(count) == left
