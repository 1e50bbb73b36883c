"""The mailbox and the learning platform put together: they serve on their own ports from one process."""

import asyncio
from contextlib import suppress
from pathlib import Path

import structlog

from myschool.kit import upkeep
from myschool.kit.db import Database, DatabaseUnavailable, OutcomeUnknown
from myschool.kit.opening import open_database, open_vault, prepare_process
from myschool.kit.serving import Part, serve_together, stop_on_signals
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.kit.web.app import build
from myschool.kit.web.house import House
from myschool.papers.filters import FILTERS
from myschool.sandbox.mailbox import pages as mailbox
from myschool.sandbox.mailbox import smtp
from myschool.sandbox.platform import pages as platform
from myschool.sandbox.platform.registration import NAME as PLATFORM_NAME
from myschool.sandbox.platform.relying_party import RelyingParty

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"
BAND = "Песочница. Здесь нет настоящих данных"
TIDIED_EVERY = 3600.0

log = structlog.get_logger(__name__)


def mailbox_house(settings: Settings, db: Database, vault: Vault) -> House:
    return House("mailbox", "Почта песочницы", BAND, settings.mailbox_url, settings, db, vault, FOLDER, filters=FILTERS)


def platform_house(settings: Settings, db: Database, vault: Vault) -> House:
    return House("platform", PLATFORM_NAME, BAND, settings.platform_url, settings, db, vault, FOLDER, filters=FILTERS)


def parts(settings: Settings, db: Database, vault: Vault) -> list[Part]:
    return [
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
    letters = await smtp.listen(db, settings.bind, settings.smtp_port)
    async with asyncio.TaskGroup() as group:
        group.create_task(tidy(db, stop))
        await serve_together(parts(settings, db, vault), address=settings.bind, stop=stop)
    letters.close()
    await db.close()


async def tidy(db: Database, stop: asyncio.Event) -> None:
    """What is past leaves the database once an hour; nothing else is put off here."""
    while not stop.is_set():
        try:
            await db.run(upkeep.forget)
        except (DatabaseUnavailable, OutcomeUnknown) as error:
            log.warning("not_tidied", error=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), TIDIED_EVERY)
