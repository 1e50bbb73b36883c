"""Запускает всё: базу данных, оба дома, песочницу и обработчик. Ctrl-C останавливает.

  myschool up
  myschool up --ready-file ready.json     записать адреса и действующих лиц, когда всё отвечает

Данные лежат в MYSCHOOL_HOME (по умолчанию .myschool); второй запуск продолжает с ними.
"""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TextIO
from urllib.parse import urlsplit

from myschool.commands.billboard import billboard, ready_file
from myschool.kit.children import Child, stop_all, wait_until
from myschool.kit.embedded import EmbeddedPostgres
from myschool.kit.opening import postgres
from myschool.kit.settings import Settings

READY_WITHIN = 60.0
LOOK_EVERY = 0.3


class Stopped(Exception):
    """Somebody asked us to end."""


def add(parser: ArgumentParser) -> None:
    parser.add_argument("--ready-file", type=Path, metavar="ФАЙЛ", help="записать сюда JSON, когда всё отвечает")


def run(arguments: Namespace, settings: Settings) -> int:
    settings.home.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    with (settings.home / "lock").open("w") as lock, (settings.home / "log").open("a") as log:
        if refusal := _held(lock, settings) or _taken_ports(settings):
            print(refusal, file=sys.stderr)
            return 1
        return _run(arguments, settings, log)


def _run(arguments: Namespace, settings: Settings, log: TextIO) -> int:
    environment = dict(os.environ)
    server: EmbeddedPostgres | None = None
    children: list[Child] = []
    try:
        if not all(settings.database_of(house) for house in ("portal", "gosuslugi", "sandbox")):
            server = postgres(settings)
            environment["DATABASE_URL"] = server.start()
        _prepare(environment)
        children += _children(settings, environment, log)
        for child in children:
            child.start()
        if not wait_until(lambda: _answer(settings), seconds=READY_WITHIN):
            print(f"Не всё запустилось за минуту. Посмотрите журнал: {settings.home / 'log'}", file=sys.stderr)
            return 1
        print(billboard(settings), flush=True)
        if arguments.ready_file is not None:
            ready_file(settings, arguments.ready_file)
        _watch(children, server)
    except Stopped:
        print("\nОстанавливаю…", flush=True)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stop_all(children)
        if server is not None:
            server.stop()
    return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _held(lock: TextIO, settings: Settings) -> str:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return f"«Моя школа» уже запущена с данными из {settings.home}. Остановите её или задайте другой MYSCHOOL_HOME."
    return ""


def _taken_ports(settings: Settings) -> str:
    wanted = {name: getattr(settings, name) for name in settings.__struct_fields__ if name.endswith("_port")}
    for name, port in wanted.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.bind, port))
            except OSError:
                return f"Порт {port} занят другой программой. Задайте свободный: MYSCHOOL_{name.upper()}=…"
    return ""


def _prepare(environment: dict[str, str]) -> None:
    """In a process of its own, so that what it needs does not stay in memory."""
    subprocess.run([sys.executable, "-m", "myschool.stage"], env=environment, check=True)


def _children(settings: Settings, environment: dict[str, str], log: TextIO) -> list[Child]:
    def child(*arguments: str) -> Child:
        name = arguments[-1]
        return Child(name, [sys.executable, "-m", "myschool.cli", *arguments], environment, log.fileno())

    houses = ["gosuslugi", "portal", *(["sandbox"] if settings.sandbox else [])]
    return [*(child("serve", house) for house in houses), child("worker")]


def _answer(settings: Settings) -> bool:
    urls = [settings.portal_url, settings.gosuslugi_url]
    if settings.sandbox:
        urls += [settings.mailbox_url]
    return all(_ready(settings.bind, urlsplit(url).port or 80) for url in urls)


def _ready(address: str, port: int) -> bool:
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _watch(children: Sequence[Child], server: EmbeddedPostgres | None) -> None:
    """Keeps everything alive until a signal comes."""
    while True:
        time.sleep(LOOK_EVERY)
        if server is not None and not server.alive():
            server.start()
        for child in children:
            if child.keep_alive():
                print(f"Процесс {child.name} упал и запущен снова.", flush=True)
