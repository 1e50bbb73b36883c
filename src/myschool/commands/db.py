"""База данных.

myschool db upgrade              создать схемы и привести их к последней версии
"""

import asyncio
from argparse import ArgumentParser, Namespace
from pathlib import Path

from myschool.gosuslugi.app import MIGRATIONS as GOSUSLUGI
from myschool.kit.migrate import upgrade
from myschool.kit.opening import open_database
from myschool.kit.settings import HouseKey, Settings
from myschool.portal.app import MIGRATIONS as PORTAL
from myschool.sandbox.app import MIGRATIONS as SANDBOX

VERSIONS: dict[HouseKey, Path] = {"gosuslugi": GOSUSLUGI, "portal": PORTAL, "sandbox": SANDBOX}


def houses(settings: Settings) -> dict[HouseKey, Path]:
    """The sandbox has a schema only where there is a sandbox."""
    return {house: path for house, path in VERSIONS.items() if settings.sandbox or house != "sandbox"}


def add(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ЧТО", required=True)
    actions.add_parser("upgrade", help="привести схемы к последней версии")


async def upgrade_all(settings: Settings) -> list[HouseKey]:
    """The houses whose schema was changed."""
    changed: list[HouseKey] = []
    for house, versions in houses(settings).items():
        database = open_database(settings, house, pool_size=1)
        if await upgrade(database, versions):
            changed.append(house)
        await database.close()
    return changed


def run(arguments: Namespace, settings: Settings) -> int:
    del arguments
    changed = asyncio.run(upgrade_all(settings))
    print(f"Обновлены схемы: {', '.join(changed)}." if changed else "Схемы уже последней версии.")
    return 0
