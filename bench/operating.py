"""«Проверки и очередь» over a million checks: the page, the text for monitoring, and the count behind both.

    nice python -m bench.operating [--checks 1000000] [--requests 300]

Scenarios: `operating.page` and `operating.metrics`, each with its latencies; `operating.count`, what the worker does at
most once a minute, and only while somebody looks.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from sqlalchemy import text
from starlette.applications import Starlette

from bench.measure import Measured, report
from myschool.gosuslugi.app import house, routes
from myschool.gosuslugi.operating import actions as operating
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Move, Particulars, Person, Sex
from myschool.gosuslugi.provider.keys import ProviderKeys
from myschool.gosuslugi.signin.passwords import Passwords
from myschool.gosuslugi.tables import metadata
from myschool.kit import clock, settings
from myschool.kit.db import Database, Tx, connect
from myschool.kit.embedded import EmbeddedPostgres
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web import sessions
from myschool.kit.web.app import build
from myschool.kit.web.sessions import Session
from myschool.papers.dates import parse_date_text
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Snils

ORIGIN = "http://localhost"
TOKEN = "bench-token-of-the-monitoring"
KINDS = "ARRAY['birth_certificate', 'passport', 'snils']"
STATES = "ARRAY['sent', 'checking', 'unavailable', 'overdue', 'confirmed', 'confirmed', 'contradicted', 'not_found']"
FILL = f"""
INSERT INTO registry_check (id, kind, subject_id, revision, state, claim_sealed, claim_index, differing, created_at,
                            since, sent_at, due_at, ends_at, tries)
SELECT gen_random_uuid(), ({KINDS})[1 + n % 3], gen_random_uuid(), 1, ({STATES})[1 + n % 8], sha256('x'), sha256('x'),
       CASE WHEN n % 8 = 6 THEN 'given_name' ELSE '' END, sent, sent + interval '1 hour' * (n % 90), sent,
       sent + interval '7 days', sent + interval '30 days', 0
FROM (SELECT n, CAST(:at AS timestamptz) - interval '1 minute' * (n % 50000) AS sent
      FROM generate_series(1, :many) AS n) AS made
"""


async def prepare(db: Database, vault: Vault, many: int) -> Person:
    """The checks, and an operator."""
    async with db.transaction() as tx:
        await tx.execute(text(f"CREATE SCHEMA {db.schema}"))
        for tables in (ground, metadata):
            await tx.run_sync(tables.create_all)
        await tx.execute(text(FILL), {"at": clock.now(), "many": many})
    async with db.transaction() as tx:
        await tx.execute(text("ANALYZE registry_check"))
    return await db.run(lambda tx: _operator(tx, vault))


async def _operator(tx: Tx, vault: Vault) -> Person:
    now, name = clock.now(), FullName("Тихонова", "Вера", "Олеговна")
    person = await people.create(tx, vault, name=name, contact=Email("vera@pochta.example"), now=now)
    said = Particulars(parse_date_text("22.07.1985"), Sex.FEMALE, Snils("00000060019"))
    await people.prove(tx, vault, person.id, name, said, [], now)
    for move in (Move.PROVE_PAPERS, Move.CONFIRM_IDENTITY):
        await people.raise_level(tx, vault, person.id, move, actor="system", now=now)
    await operating.appoint_once(tx, person.id, by="system", now=now)
    return person


async def signed_in(app: Starlette, person: Person) -> httpx.AsyncClient:
    known, session, now = app.state.house, Session.fresh(), clock.now()
    session.sign_in(person.id, person.name.given_and_family, now)
    await known.db.run(lambda tx: sessions.save(tx, known.vault, session, "bench", now, sessions.ANONYMOUS_LIFE))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)
    client.cookies.set(known.cookie, session.token, domain="localhost.local")
    client.headers["Cookie"] = f"{known.cookie}={session.token}"
    return client


async def timed(name: str, pids: list[int], requests: int, ask: Callable[[], Awaitable[object]], checks: int) -> None:
    with Measured(pids) as measured:
        for _ in range(requests):
            with measured.timed():
                await ask()
    report(name, "myschool", ops=requests, measured=measured, checks=checks)


async def run(url: str, home: Path, postmaster: int, checks: int, requests: int) -> None:
    db, vault = connect(url, "bench_operating"), Vault([VaultKey.fresh()])
    person = await prepare(db, vault, checks)
    configured = settings.read(
        {"MYSCHOOL_HOME": str(home), "MYSCHOOL_GOSUSLUGI_URL": ORIGIN, "MYSCHOOL_METRICS_TOKEN": TOKEN}
    )
    app = build(house(configured, db, vault), routes(Passwords(threads=1), ProviderKeys.of(ORIGIN)))
    client = await signed_in(app, person)

    async def count() -> None:
        await db.run(lambda tx: operating.count(tx, clock.now()))

    async def page() -> None:
        assert (await client.get("/operator")).status_code == 200

    async def metrics() -> None:
        shown = {"Authorization": f"Bearer {TOKEN}"}
        assert (await client.get("/operator/metrics", headers=shown)).status_code == 200

    await timed("operating.count", [postmaster], 3, count, checks)
    for name, ask in (("operating.page", page), ("operating.metrics", metrics)):
        await ask()
        await timed(name, [postmaster], requests, ask, checks)
    await client.aclose()
    await db.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checks", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="myschool-bench-") as name:
        home = Path(name)
        home.chmod(0o755)
        server = EmbeddedPostgres(home / "pg")
        url = server.start()
        postmaster = int((home / "pg" / "postmaster.pid").read_text().splitlines()[0])
        try:
            asyncio.run(run(url, home, postmaster, given.checks, given.requests))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
