"""Both houses and the sandbox in a database of their own, with the keys a first start makes.

For commands that are run in the process of the tests: what `cli.main` does to Ctrl-C is undone.
"""

import asyncio
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from myschool.commands.db import upgrade
from myschool.commands.houses import opened
from myschool.kit import clock
from myschool.kit import settings as configuration
from myschool.kit.opening import open_vault
from myschool.kit.settings import Settings
from myschool.staging import systems


@contextmanager
def installed(postgres_url: str, home: Path) -> Iterator[Settings]:
    name = f"commands_{secrets.token_hex(6)}"
    asyncio.run(_tell(postgres_url, f"CREATE DATABASE {name}"))
    url = postgres_url.replace("/postgres?", f"/{name}?")
    settings = configuration.read({"MYSCHOOL_HOME": str(home), "DATABASE_URL": url})
    asyncio.run(_furnish(settings))
    on_interrupt = signal.getsignal(signal.SIGINT)
    yield settings
    signal.signal(signal.SIGINT, on_interrupt)
    asyncio.run(_tell(postgres_url, f"DROP DATABASE {name} WITH (FORCE)"))


async def _tell(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def _furnish(settings: Settings) -> None:
    await upgrade(settings)
    vault = open_vault(settings)
    async with opened(settings, "gosuslugi") as gosuslugi, opened(settings, "portal") as portal:
        await systems.introduce(settings, vault, gosuslugi, portal, clock.now())
