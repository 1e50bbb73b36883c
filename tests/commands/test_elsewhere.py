"""A PostgreSQL of one's own: houses in the databases they were given, nothing embedded; and begun anew on request."""

import asyncio
import secrets
from collections.abc import Iterator

import asyncpg
import pytest

from tests.commands.conftest import Fresh
from tests.commands.running import Up

SCHEMAS = "SELECT array_agg(nspname::text ORDER BY nspname) FROM pg_namespace WHERE nspname = ANY($1)"
HOUSES = ["gosuslugi", "portal", "registry", "sandbox"]


def on(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture
def two_databases(postgres_url: str) -> Iterator[tuple[str, str]]:
    """URLs of two empty databases on the server of this test process."""
    names = [f"up_{secrets.token_hex(4)}" for _ in range(2)]

    async def each(statement: str) -> None:
        connection = await asyncpg.connect(postgres_url)
        for name in names:
            await connection.execute(statement.format(name))
        await connection.close()

    asyncio.run(each("CREATE DATABASE {}"))
    yield on(postgres_url, names[0]), on(postgres_url, names[1])
    asyncio.run(each("DROP DATABASE {} WITH (FORCE)"))


def schemas(url: str) -> list[str]:
    async def ask() -> list[str]:
        connection = await asyncpg.connect(url)
        found = await connection.fetchval(SCHEMAS, HOUSES)
        await connection.close()
        return found or []

    return asyncio.run(ask())


def test_houses_live_where_they_were_told(fresh: Fresh, two_databases: tuple[str, str]) -> None:
    """One database for the portal, another for all else; reset drops the schemas when told so."""
    common, portals = two_databases
    up = fresh(DATABASE_URL=common, DATABASE_URL_PORTAL=portals)
    up.start()
    assert not (up.home / "postgres").exists()
    assert schemas(common) == ["gosuslugi", "registry", "sandbox"]
    assert schemas(portals) == ["portal"]
    done = up.command("doctor")
    assert done.returncode == 0, done.stdout
    assert "своя" in done.stdout
    refused_running = up.command("reset", "--yes")
    assert refused_running.returncode == 1
    assert "Сначала остановите" in refused_running.stderr
    assert up.stop() == 0

    refused = up.command("reset")
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    assert schemas(common) == ["gosuslugi", "registry", "sandbox"]
    assert up.command("reset", "--yes").returncode == 0
    assert (schemas(common), schemas(portals)) == ([], [])
    assert not up.home.exists()


def test_a_sandbox_begins_anew(fresh: Fresh) -> None:
    """Keys, clock and database go; the next start is a first one."""
    up = fresh()
    up.start()
    up.command("clock", "advance", "5d")
    assert up.stop() == 0
    keys = (up.home / "vault.keys").read_text()
    assert up.command("reset").returncode == 0
    assert not up.home.exists()
    up.start()
    assert (up.home / "vault.keys").read_text() != keys
    assert "сдвиг 0:00:00" in up.command("clock", "show").stdout
    assert up.stop() == 0


def test_a_production_is_never_reset(running: Up) -> None:
    """Only a sandbox can be forgotten."""
    producing = Up(running.home, {"MYSCHOOL_MODE": "production"})
    assert producing.command("reset", "--yes").returncode == 1
    assert running.answers("PORTAL")
