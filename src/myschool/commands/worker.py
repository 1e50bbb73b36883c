"""Запускает обработчик: он отправляет письма, спрашивает реестры, следит за сроками. Их может быть много."""

import asyncio
from argparse import ArgumentParser, Namespace

from myschool import worker
from myschool.kit.settings import Settings


def add(parser: ArgumentParser) -> None:
    del parser


def run(arguments: Namespace, settings: Settings) -> int:
    del arguments
    asyncio.run(worker.run(settings))
    return 0
