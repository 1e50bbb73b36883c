"""The world outside put together: its parts serve on their own ports from one process."""

import asyncio
from pathlib import Path

import httpx

from myschool.kit import shared_key, upkeep
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
from myschool.sandbox.mailbox import pages as mailbox
from myschool.sandbox.mailbox import smtp
from myschool.sandbox.platform import pages as platform
from myschool.sandbox.platform.registration import NAME as PLATFORM_NAME
from myschool.sandbox.platform.relying_party import RelyingParty
from myschool.sandbox.registries import desk
from myschool.sandbox.registries import pages as registries

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"
BAND = "Песочница. Здесь нет настоящих данных"
WORKER_POOL = 4


def mailbox_house(settings: Settings, db: Database, vault: Vault) -> House:
    return House("mailbox", "Почта песочницы", BAND, settings.mailbox_url, settings, db, vault, FOLDER, filters=FILTERS)


def registry_house(settings: Settings, db: Database, vault: Vault) -> House:
    return House(
        "registry", "Реестры песочницы", BAND, settings.registry_url, settings, db, vault, FOLDER, filters=FILTERS
    )


def platform_house(settings: Settings, db: Database, vault: Vault) -> House:
    return House("platform", PLATFORM_NAME, BAND, settings.platform_url, settings, db, vault, FOLDER, filters=FILTERS)


def parts(settings: Settings, db: Database, vault: Vault) -> list[Part]:
    return [
        Part(build(registry_house(settings, db, vault), registries.routes()), settings.registry_port),
        Part(build(mailbox_house(settings, db, vault), mailbox.routes()), settings.mailbox_port),
        Part(
            build(platform_house(settings, db, vault), platform.routes(RelyingParty(settings))), settings.platform_port
        ),
    ]


async def run(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT."""
    prepare_process(settings, "sandbox")
    stop = asyncio.Event()
    stop_on_signals(stop)
    db, vault = open_database(settings, "sandbox"), open_vault(settings)
    await db.run(lambda tx: desk.play_in(tx, vault, cast.registry_entries()))
    letters = await smtp.listen(db, settings.bind, settings.smtp_port)
    async with asyncio.TaskGroup() as group:
        group.create_task(work(settings, vault, stop))
        await serve_together(parts(settings, db, vault), address=settings.bind, stop=stop)
    letters.close()
    await db.close()


async def work(settings: Settings, vault: Vault, stop: asyncio.Event) -> None:
    """The registers answer when their time has come."""
    db = open_database(settings, "sandbox", pool_size=WORKER_POOL)
    key = shared_key.load(settings.home / desk.KEY_FILE)
    async with httpx.AsyncClient(timeout=20) as client:
        context = desk.Context(vault, key, client)
        await Worker(db, desk.WIRING, context, concurrency=1, forget=upkeep.forget).run(stop)
    await db.close()
