"""The registers put together: wire, page and the worker that answers, in a process and a schema of their own."""

import asyncio
from pathlib import Path

import httpx

from myschool.kit import clock, shared_key, upkeep
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Database
from myschool.kit.opening import open_database, open_vault, prepare_process
from myschool.kit.serving import Part, serve_together, stop_on_signals
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.kit.web.app import build
from myschool.kit.web.house import House
from myschool.papers.filters import FILTERS
from myschool.sandbox import cast
from myschool.sandbox.registries import desk, pages

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"
BAND = "Песочница. Здесь нет настоящих данных"
WORKER_POOL = 4
WEB_POOL = 4


def registry_house(settings: Settings, db: Database, vault: Vault) -> House:
    return House(
        "registry",
        "Реестры песочницы",
        BAND,
        settings.registry_url,
        settings,
        db,
        vault,
        FOLDER.parent,
        filters=FILTERS,
    )


async def run(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT."""
    prepare_process(settings, "registry")
    stop = asyncio.Event()
    stop_on_signals(stop)
    db, vault = open_database(settings, "registry", pool_size=WEB_POOL), open_vault(settings)
    day = cast.stage_day(settings.home, clock.now())
    await db.run(lambda tx: desk.play_in(tx, vault, cast.registry_entries(day)))
    part = Part(build(registry_house(settings, db, vault), pages.routes()), settings.registry_port)
    async with asyncio.TaskGroup() as group:
        group.create_task(work(settings, vault, stop))
        await serve_together([part], address=settings.bind, stop=stop)
    await db.close()


async def work(settings: Settings, vault: Vault, stop: asyncio.Event) -> None:
    """The registers answer when their time has come."""
    db = open_database(settings, "registry", pool_size=WORKER_POOL)
    key = shared_key.load(settings.home / desk.KEY_FILE)
    async with httpx.AsyncClient(timeout=20) as client:
        context = desk.Context(vault, key, client)
        await Worker(db, desk.WIRING, context, concurrency=1, forget=upkeep.forget).run(stop)
    await db.close()
