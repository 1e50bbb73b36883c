"""Запускает обработчик: он отправляет письма, спрашивает реестры, следит за сроками. Их может быть много."""

from argparse import ArgumentParser, Namespace

import uvloop

from myschool import worker
from myschool.kit.settings import Settings


def add(parser: ArgumentParser) -> None:
    del parser


def run(arguments: Namespace, settings: Settings) -> int:
    del arguments
    uvloop.run(worker.run(settings))
    return 0
