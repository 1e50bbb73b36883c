"""Запускает один дом.

myschool serve portal --workers 4
"""

from argparse import ArgumentParser, Namespace
from importlib import import_module

import uvloop

from myschool.kit.serving import serve
from myschool.kit.settings import Settings

WORLD = {"registry": "myschool.sandbox.registries.app", "sandbox": "myschool.sandbox.app"}


def add(parser: ArgumentParser) -> None:
    parser.add_argument("house", choices=["portal", "gosuslugi", "registry", "sandbox"], help="какой дом")
    parser.add_argument("--workers", type=int, help="сколько процессов (по умолчанию MYSCHOOL_WEB_WORKERS)")


def run(arguments: Namespace, settings: Settings) -> int:
    if arguments.house in WORLD:
        # The process that watches over a house's web processes stays small: it imports neither house nor sandbox.
        uvloop.run(import_module(WORLD[arguments.house]).run(settings))
        return 0
    port = settings.portal_port if arguments.house == "portal" else settings.gosuslugi_port
    workers = arguments.workers or settings.web_workers
    serve(f"myschool.{arguments.house}.app:create", address=settings.bind, port=port, workers=workers)
    return 0
