"""Отложенные дела: письма, вопросы реестрам, сроки.

myschool agenda                      сколько чего ждёт и что не удалось
myschool agenda retry ИДЕНТИФИКАТОР  попробовать снова
myschool agenda discard ИДЕНТИФИКАТОР
"""

import asyncio
from argparse import ArgumentParser, Namespace
from uuid import UUID

from myschool.commands.houses import HouseStore, opened, stores
from myschool.kit import agenda
from myschool.kit.settings import Settings


def add(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ЧТО")
    for name, words in (("retry", "попробовать снова"), ("discard", "больше не пробовать")):
        actions.add_parser(name, help=words).add_argument("id", type=UUID, metavar="ИДЕНТИФИКАТОР")


async def show(settings: Settings, store: HouseStore) -> None:
    async with opened(settings, store.key) as database:
        counts = await database.run(agenda.counts)
        failed = await database.run(agenda.dead)
    print(f"{store.title}:" if counts else f"{store.title}: дел нет.")
    for count in counts:
        print(f"  {count.kind:<36} {count.state:<8} {count.count:>7}, старейшее {count.oldest}")
    for item in failed:
        print(f"  не удалось {item.id}: {item.kind}, {item.error}, попыток {item.attempts}")


async def change(settings: Settings, action: str, item_id: UUID) -> bool:
    """True when some house had the item."""
    act = agenda.revive if action == "retry" else agenda.discard
    for store in stores(settings):
        async with opened(settings, store.key) as database:
            if await database.run(lambda tx: act(tx, item_id)):
                return True
    return False


def run(arguments: Namespace, settings: Settings) -> int:
    if arguments.action is None:
        for store in stores(settings):
            asyncio.run(show(settings, store))
        return 0
    if asyncio.run(change(settings, arguments.action, arguments.id)):
        print("Сделано.")
        return 0
    print("Среди неудавшихся такого дела нет. Посмотрите список: myschool agenda")
    return 1
