"""База данных.

myschool db upgrade              создать схемы и привести их к последней версии
myschool db revise "что нового"  записать изменение таблиц как новую версию (для разработчиков)
"""

import asyncio
from argparse import ArgumentParser, Namespace

from myschool.commands.houses import opened, stores
from myschool.kit import migrate
from myschool.kit.settings import HouseKey, Settings


def add(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ЧТО", required=True)
    actions.add_parser("upgrade", help="привести схемы к последней версии")
    revise = actions.add_parser("revise", help="записать изменение таблиц как новую версию")
    revise.add_argument("message", help="что изменилось, по-английски")


async def upgrade(settings: Settings) -> list[HouseKey]:
    """The houses whose schema was changed."""
    changed: list[HouseKey] = []
    for store in stores(settings):
        async with opened(settings, store.key) as database:
            if await migrate.upgrade(database, store.migrations):
                changed.append(store.key)
    return changed


async def revise(settings: Settings, message: str) -> list[HouseKey]:
    """The houses for which a revision was written. Their schemas must be current."""
    written: list[HouseKey] = []
    for store in stores(settings):
        async with opened(settings, store.key) as database:
            if await migrate.revise(database, store.migrations, store.tables, message):
                written.append(store.key)
    return written


def run(arguments: Namespace, settings: Settings) -> int:
    if arguments.action == "upgrade":
        changed = asyncio.run(upgrade(settings))
        print(f"Обновлены схемы: {', '.join(changed)}." if changed else "Схемы уже последней версии.")
    else:
        written = asyncio.run(revise(settings, arguments.message))
        print(f"Записаны версии: {', '.join(written)}." if written else "Таблицы не изменились.")
    return 0
