"""What waited before guardianships had days gets one, with the timer that watches it; nothing is lost."""

import json
from datetime import timedelta
from uuid import UUID

from alembic import command
from sqlalchemy import text

from myschool.commands.houses import STORES
from myschool.kit import clock, migrate
from myschool.kit.db import Tx, connect
from myschool.kit.ids import new_id
from tests.conftest import ClockAt

WAITING = ("claimed", "mismatch", "review", "suspended")
STATES = (*WAITING, "checking", "active", "refused", "ended")


async def _old_rows(tx: Tx) -> dict[UUID, str]:
    """One guardianship in each state, as revision 0002 keeps them; filled in is what no default fills."""
    columns = (
        await tx.execute(
            text(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() "
                "AND table_name = 'guardianship' AND is_nullable = 'NO' AND column_default IS NULL"
            )
        )
    ).all()
    await tx.execute(text("SET LOCAL session_replication_role = replica"))
    made = {}
    for state in STATES:
        key = new_id()
        plain = {"uuid": new_id(), "bytea": key.bytes, "timestamp with time zone": clock.now()}
        said = {one.column_name: plain.get(one.data_type, str(key)[-9:]) for one in columns}
        said |= {"id": key, "state": state}
        names, marks = ", ".join(said), ", ".join(f":{name}" for name in said)
        await tx.execute(text(f"INSERT INTO guardianship ({names}) VALUES ({marks})"), said)
        made[key] = state
    return made


async def test_old_rows_get_a_day_and_a_timer(postgres_url: str, clock_at: ClockAt) -> None:
    """A house at revision 0002 with a row in each state is brought to 0003: whoever waits, waits 90 days from now."""
    now = clock_at("2026-11-25T10:00:00+03:00").now
    store = STORES["gosuslugi"]
    database = connect(postgres_url, "old_rows", pool_size=1)
    try:
        async with database.transaction() as tx:
            await tx.execute(text("CREATE SCHEMA old_rows"))
        async with database.transaction() as tx:
            await tx.run_sync(lambda it: command.upgrade(migrate._config(store.migrations, it), "0002"))
        made = await database.run(_old_rows)
        async with database.transaction() as tx:
            await tx.run_sync(lambda it: command.upgrade(migrate._config(store.migrations, it), "0003"))
        async with database.transaction() as tx:
            days = (await tx.execute(text("SELECT id, state, due_at FROM guardianship"))).all()
            timers = (
                await tx.execute(text("SELECT payload, due_at FROM agenda_item WHERE kind = 'family.guardianship_due'"))
            ).all()
        until = now() + timedelta(days=90)
        assert {row.id: row.state for row in days} == made
        assert {row.state: row.due_at for row in days} == {
            state: until if state in WAITING else None for state in STATES
        }
        waiting = {str(key) for key, state in made.items() if state in WAITING}
        assert {json.loads(row.payload)["guardianship_id"] for row in timers} == waiting
        assert {row.due_at for row in timers} == {until}
    finally:
        async with database.transaction() as tx:
            await tx.execute(text("DROP SCHEMA IF EXISTS old_rows CASCADE"))
        await database.close()
