"""The registers once were tables of the sandbox: what stood there comes along into their own schema."""

import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from myschool.commands.houses import STORES
from myschool.kit import migrate
from myschool.kit.db import connect

FILLED = (
    "INSERT INTO registry_entry VALUES (gen_random_uuid(), 'passport', '\\x01', '\\x02', NULL, '{}', 'entered')",
    (
        "INSERT INTO registry_question (id, request_id, kind, claim_sealed, accepted_at, due_at, pushes) VALUES"
        " ('00000000-0000-7000-8000-000000000001', gen_random_uuid(), 'passport', '\\x01', now(), now(), 2)"
    ),
    (
        "INSERT INTO agenda_item (id, kind, payload, key, due_at, free_at, created_at) VALUES"
        " (gen_random_uuid(), 'registries.answer_due', '{}', 'registries:answer:1', now(), now(), now())"
    ),
    (
        "INSERT INTO agenda_item (id, kind, payload, due_at, free_at, created_at) VALUES (gen_random_uuid(),"
        " 'registries.push_due', '{\"question_id\": \"00000000-0000-7000-8000-000000000001\"}', now(), now(), now())"
    ),
    "INSERT INTO agenda_key (key) VALUES ('registries:answer:1')",
)


@pytest.fixture
async def database_url(postgres_url: str) -> AsyncIterator[str]:
    name = f"moved_{secrets.token_hex(6)}"
    server = await asyncpg.connect(postgres_url)
    await server.execute(f"CREATE DATABASE {name}")
    yield postgres_url.replace("/postgres?", f"/{name}?")
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


async def test_what_the_sandbox_held_moves_into_the_registers_schema(database_url: str, tmp_path: Path) -> None:
    """An entered record, a waiting question with its timer, and a push that was still owed."""
    shutil.copy(STORES["sandbox"].migrations / "0001_foundation.py", tmp_path)
    sandbox, registry = (connect(database_url, house, pool_size=1) for house in ("sandbox", "registry"))
    await migrate.upgrade(sandbox, tmp_path)
    async with sandbox.transaction() as tx:
        for statement in FILLED:
            # `:1` in a text would be a parameter.
            await tx.exec_driver_sql(statement)
    for database, house in ((registry, "registry"), (sandbox, "sandbox")):
        await migrate.upgrade(database, STORES[house].migrations)
    async with registry.transaction() as tx:
        assert (await tx.execute(text("SELECT about FROM registry_entry"))).scalars().all() == ["entered"]
        assert (await tx.execute(text("SELECT manners FROM registry_question"))).scalars().all() == ["plain plain"]
        assert (await tx.execute(text("SELECT kind FROM agenda_item"))).scalars().all() == ["registries.answer_due"]
        assert (await tx.execute(text("SELECT key FROM agenda_key"))).scalars().all() == ["registries:answer:1"]
        assert (await tx.execute(text("SELECT manner FROM registry_delivery"))).scalars().all() == ["plain"]
    async with sandbox.transaction() as tx:
        assert (await tx.execute(text("SELECT to_regclass('registry_question')"))).scalar() is None
        assert (await tx.execute(text("SELECT count(*) FROM agenda_item"))).scalar() == 0
    for database in (sandbox, registry):
        await database.close()
