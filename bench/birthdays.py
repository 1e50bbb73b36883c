"""The clock moved over the birthdays of a whole year of children, in one run.

    python -m bench.birthdays [children]        100 000 unless told otherwise

Scenarios: `birthdays.year`, children of one birth year over all eleven time zones, each with an account and a parent:
every day from 60 days before the first fourteenth birthday to the last eighteenth; an operation is a letter. Prints
letters sent, hand-overs due, rights ended, and what went twice, never, or on a wrong day. `birthdays.idle`: the looks
of one day, every five minutes, at which nobody is due.
"""

import asyncio
import os
import secrets
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bench.cohort import Cohort, Walked, all_days, counts, judged, load, walk
from bench.measure import Measured, report
from myschool.gosuslugi.family.actions import birthday_rounds
from myschool.gosuslugi.tables import metadata
from myschool.kit import clock
from myschool.kit.db import Database, connect
from myschool.kit.embedded import EmbeddedPostgres
from myschool.kit.schema import metadata as kit_metadata
from myschool.kit.vault import Vault, VaultKey

CHILDREN = 100_000
BIRTH_YEAR = 2012
LOOKS_A_DAY = 288
BEFORE = datetime(2025, 10, 1, tzinfo=UTC)


async def fresh(url: str) -> Database:
    db = connect(url, f"bench{secrets.token_hex(4)}", pool_size=2)
    async with db.transaction() as tx:
        await tx.execute(text(f"CREATE SCHEMA {db.schema}"))
        for tables in (kit_metadata, metadata):
            await tx.run_sync(tables.create_all)
    return db


async def run(url: str, postmaster: int, children: int) -> None:
    db, vault, cohort, walked = await fresh(url), Vault([VaultKey.fresh()]), Cohort(BIRTH_YEAR), Walked()
    with clock.stopped(BEFORE) as stopped:
        await load(db, vault, cohort, children)
        async with db.transaction() as tx:
            await tx.execute(text("ANALYZE"))
        await idle(db, vault, postmaster)
        with Measured([os.getpid(), postmaster]) as measured:
            await walk(db, vault, stopped, all_days(BIRTH_YEAR), walked)
        due, ended = await counts(db)
    verdict = judged(cohort, walked)
    report(
        "birthdays.year",
        "myschool",
        ops=walked.letters,
        measured=measured,
        children=children,
        letters=walked.letters,
        hand_overs_due=due,
        rights_ended=ended,
        duplicates=verdict.duplicates,
        missed=verdict.missed,
        astray=verdict.astray,
        busiest_day=walked.busiest_day,
    )
    await db.close()


async def idle(db: Database, vault: Vault, postmaster: int) -> None:
    with Measured([os.getpid(), postmaster]) as measured:
        for _ in range(LOOKS_A_DAY):
            with measured.timed():
                await birthday_rounds.batch(db, vault)
    report("birthdays.idle", "myschool", ops=LOOKS_A_DAY, measured=measured, cpu_s_a_day=round(measured.cpu_s, 3))


def main() -> None:
    children = int(sys.argv[1]) if len(sys.argv) > 1 else CHILDREN
    with tempfile.TemporaryDirectory(prefix="myschool-bench-") as home:
        Path(home).chmod(0o755)
        server = EmbeddedPostgres(Path(home) / "pg")
        url = server.start()
        postmaster = int((Path(home) / "pg" / "postmaster.pid").read_text().splitlines()[0])
        try:
            asyncio.run(run(url, postmaster, children))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
