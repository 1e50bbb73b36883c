"""The world outside put together: its parts serve on their own ports from one process."""

import asyncio
from pathlib import Path

from myschool.kit.db import Database
from myschool.kit.opening import open_database, open_vault, prepare_process
from myschool.kit.serving import Part, serve_together, stop_on_signals
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.kit.web.app import build
from myschool.kit.web.house import House
from myschool.papers.filters import FILTERS
from myschool.sandbox.mailbox import pages as mailbox
from myschool.sandbox.mailbox import smtp

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"
BAND = "Песочница. Здесь нет настоящих данных"


def mailbox_house(settings: Settings, db: Database, vault: Vault) -> House:
    return House("mailbox", "Почта песочницы", BAND, settings.mailbox_url, settings, db, vault, FOLDER, filters=FILTERS)


def parts(settings: Settings, db: Database, vault: Vault) -> list[Part]:
    return [
        Part(build(mailbox_house(settings, db, vault), mailbox.routes()), settings.mailbox_port),
    ]


async def run(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT."""
    prepare_process(settings, "sandbox")
    stop = asyncio.Event()
    stop_on_signals(stop)
    db, vault = open_database(settings, "sandbox"), open_vault(settings)
    letters = await smtp.listen(db, settings.bind, settings.smtp_port)
    await serve_together(parts(settings, db, vault), address=settings.bind, stop=stop)
    letters.close()
    await db.close()
