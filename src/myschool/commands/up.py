"""Запускает всё: базу данных, оба дома, песочницу и обработчик. Ctrl-C останавливает.

  myschool up
  myschool up --ready-file ready.json     записать адреса и действующих лиц, когда всё отвечает

Данные лежат в MYSCHOOL_HOME (по умолчанию .myschool); второй запуск продолжает с ними.
"""

import gc
import http.client
import os
import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import redirect_stderr
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import IO, Any

from myschool.commands import premises
from myschool.commands.billboard import billboard, ready_file
from myschool.kit import settings as configuration
from myschool.kit.children import Child, stop_all, wait_until
from myschool.kit.embedded import EmbeddedPostgres, NotOurs, NotStarted
from myschool.kit.settings import Settings
from myschool.kit.system_user import NoSystemUser

READY_WITHIN = 90.0
LOOK_EVERY = 0.25
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked us to end."""


def add(parser: ArgumentParser) -> None:
    parser.add_argument("--ready-file", type=Path, metavar="ФАЙЛ", help="записать сюда JSON, когда всё отвечает")


def run(arguments: Namespace, settings: Settings) -> int:
    for number in STOPS:
        # Under nohup a closed terminal is to be survived.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)
    try:
        with premises.entered(settings) as log:
            return _run(arguments, settings, log)
    except premises.Refused as refusal:
        return _say(refusal.words)
    except Stopped:
        return 0
    except OSError as error:
        return _say(f"Система отказала: {error.strerror} ({error.filename or error.__class__.__name__}).")


def _run(arguments: Namespace, settings: Settings, log: IO[str]) -> int:
    server: EmbeddedPostgres | None = None
    children: list[Child] = []
    try:
        if premises.needs_embedded(settings):
            server = EmbeddedPostgres.in_home(settings.home, ends_with_us=True)
            os.environ["DATABASE_URL"] = server.start()
            settings = configuration.read()
            _tell_changes(server)
        # All that the parts need is imported here once, after the server was told to start; they are copies of this
        # process. Frozen objects are not touched by the garbage collector, so the copies go on sharing them.
        with redirect_stderr(log):
            crew = import_module("myschool.commands.crew")
        gc.collect()
        gc.freeze()
        if refusal := _set_stage(crew, settings, log, children):
            return _say(refusal)
        children[:] = [Child(name, work, log.fileno()) for name, work in crew.parts(settings).items()]
        for child in children:
            child.start()
        wait_until(lambda: _fallen(children) != [] or _answer(settings), seconds=READY_WITHIN)
        if fallen := _fallen(children):
            return _say(
                f"Не запустилось: {', '.join(fallen)}. Почему, написано в конце файла {premises.log_file(settings)}"
            )
        if not _answer(settings):
            return _say(f"Не всё ответило за полторы минуты. Посмотрите конец файла {premises.log_file(settings)}")
        print(billboard(settings), flush=True)
        if arguments.ready_file is not None:
            ready_file(settings, arguments.ready_file)
        _watch(children, server)
    except Stopped:
        print("\nОстанавливаю…", flush=True)
    except NotStarted as error:
        return _say(f"База данных не запустилась. Почему, написано в конце файла {error.log}")
    except NotOurs as error:
        return _say(f"Папка {error.directory} принадлежит другому пользователю. Задайте другую: MYSCHOOL_HOME=…")
    except NoSystemUser as error:
        return _say(
            f"PostgreSQL не работает от root, а завести для неё пользователя {error} не удалось. Запустите от обычного "
            "пользователя или задайте DATABASE_URL."
        )
    finally:
        _ignore_signals()
        stop_all(children)
        if server is not None:
            server.stop()
    return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    """Once: a second Ctrl-C must not interrupt the cleaning up."""
    _ignore_signals()
    raise Stopped


def _ignore_signals() -> None:
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)


def _say(words: str) -> int:
    print(words, file=sys.stderr, flush=True)
    return 1


def _tell_changes(server: EmbeddedPostgres) -> None:
    """As root the server needs a user and a way to its files; whoever owns the machine is told."""
    if user := server.changes.user:
        print(f"Заведён системный пользователь {user}: PostgreSQL не работает от root.", flush=True)
    if opened := server.changes.opened:
        print(f"Другим пользователям разрешён проход (o+x) через {', '.join(map(str, opened))}.", flush=True)


def _set_stage(crew: Any, settings: Settings, log: IO[str], children: list[Child]) -> str:
    """What went wrong, in words; empty when nothing did or it has been told."""
    stage = Child("stage", lambda: int(crew.set_stage(settings)), log.fileno(), speaks=True)
    children.append(stage)
    stage.start()
    while stage.running():
        time.sleep(0.01)
    if stage.code == crew.SAID:
        return "Запуск остановлен."
    return (
        f"Не удалось подготовить данные. Почему, написано в конце файла {premises.log_file(settings)}"
        if stage.code
        else ""
    )


def _fallen(children: Sequence[Child]) -> list[str]:
    return [child.name for child in children if not child.running()]


def _answer(settings: Settings) -> bool:
    return all(_ready(settings.bind, port) for port in premises.pages(settings).values())


def _ready(address: str, port: int) -> bool:
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _watch(children: Sequence[Child], server: EmbeddedPostgres | None) -> None:
    """Keeps everything alive until a signal comes."""
    while True:
        time.sleep(LOOK_EVERY)
        if server is not None and not server.alive():
            print("База данных упала, запускаю снова.", flush=True)
            server.start()
        for child in children:
            if child.keep_alive():
                print(f"Процесс {child.name} упал и запущен снова.", flush=True)
