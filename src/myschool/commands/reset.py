"""Забывает всё, что было в песочнице: следующий запуск начнёт заново.

myschool reset          встроенная база, ключи, часы, журнал
myschool reset --yes    то же для базы из DATABASE_URL: удалит схемы gosuslugi, portal, registry и sandbox
"""

import asyncio
import fcntl
import shutil
import sys
from argparse import ArgumentParser, Namespace

from sqlalchemy import text

from myschool.commands.houses import opened, stores
from myschool.kit.db import Tx
from myschool.kit.settings import Settings


def add(parser: ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="да, удалить схемы и в базе из DATABASE_URL")


async def drop_schemas(settings: Settings) -> None:
    for store in stores(settings):
        if not settings.database_of(store.key):
            continue
        async with opened(settings, store.key) as database:

            async def drop(tx: Tx, schema: str = store.key) -> None:
                await tx.execute(text(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE'))

            await database.run(drop)


def run(arguments: Namespace, settings: Settings) -> int:
    if not settings.sandbox:
        print("Сбросить можно только песочницу.", file=sys.stderr)
        return 1
    outside = any(settings.database_of(store.key) for store in stores(settings))
    if outside and not arguments.yes:
        print("База задана в DATABASE_URL. Чтобы удалить из неё все данные песочницы, добавьте --yes.", file=sys.stderr)
        return 1
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Сначала остановите «Мою школу» (Ctrl-C там, где она запущена).", file=sys.stderr)
            return 1
        if outside:
            asyncio.run(drop_schemas(settings))
        shutil.rmtree(settings.home)
    print("Песочница пуста. Запустите снова: make run")
    return 0
