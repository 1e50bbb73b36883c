"""Where `up` moves in: the home with its lock and log, and ports that nobody else has."""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, get_args

from myschool.kit.children import wait_until
from myschool.kit.settings import HouseKey, Settings

LOG_KEPT = 20_000_000
ROOM_NEEDED = 200_000_000
FREED_WITHIN = 10.0


class Refused(Exception):
    """Cannot move in; `words` are for the person who starts it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def own_esia(settings: Settings) -> bool:
    """The house `gosuslugi` is the portal's identity provider; with the real ESIA it does not run at all."""
    return settings.esia_url == settings.gosuslugi_url


def houses(settings: Settings) -> list[HouseKey]:
    """Those that run."""
    found: list[HouseKey] = ["portal"]
    return found + (["gosuslugi"] if own_esia(settings) else []) + (["registry", "sandbox"] if settings.sandbox else [])


def needs_embedded(settings: Settings) -> bool:
    """Some house has no database of its own."""
    return not all(settings.database_of(house) for house in get_args(HouseKey))


def log_file(settings: Settings) -> Path:
    return settings.home / "log"


def pages(settings: Settings) -> dict[str, int]:
    """Every port that answers HTTP, by the name of its setting."""
    names = ["portal_port"]
    if own_esia(settings):
        names += ["gosuslugi_port"]
    if settings.sandbox:
        names += ["mailbox_port", "registry_port", "platform_port"]
    return {name: getattr(settings, name) for name in names}


@contextmanager
def entered(settings: Settings) -> Iterator[IO[str]]:
    """The log, while home and ports are ours alone. Raises Refused."""
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "lock").open("a+")
    except OSError as error:
        raise Refused(
            f"В папку {home} нельзя писать: {error.strerror}. Задайте другую: MYSCHOOL_HOME=/путь/к/папке"
        ) from error
    with lock:
        after_a_kill = _lock(lock, settings)
        try:
            _check_room(settings)
            _check_ports(settings, patience=FREED_WITHIN if after_a_kill else 0.0)
            with _log(settings) as log:
                yield log
        finally:
            lock.truncate(0)


def _lock(lock: IO[str], settings: Settings) -> bool:
    """True when the last one who was here did not say goodbye: its processes may still be ending."""
    lock.seek(0)
    before = lock.read().strip()
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refused(
            f"«Моя школа» уже запущена с данными из {settings.home} (процесс {before}). "
            "Остановите её там или задайте другую папку: MYSCHOOL_HOME=/путь/к/папке"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return bool(before)


def _check_room(settings: Settings) -> None:
    free = shutil.disk_usage(settings.home).free
    if free < ROOM_NEEDED:
        raise Refused(
            f"На диске с папкой {settings.home} свободно {free // 1_000_000} МБ, нужно {ROOM_NEEDED // 1_000_000} МБ."
        )


def _check_ports(settings: Settings, *, patience: float) -> None:
    wanted = pages(settings) | ({"smtp_port": settings.smtp_port} if settings.sandbox else {})
    for name, port in wanted.items():
        if not wait_until(lambda port=port: _free(settings.bind, port), seconds=patience):  # type: ignore[misc]
            raise Refused(f"Порт {port} занят другой программой. Задайте свободный: MYSCHOOL_{name.upper()}=…")
    if len(set(wanted.values())) < len(wanted):
        raise Refused(f"Один порт назначен дважды: {', '.join(f'{n}={p}' for n, p in wanted.items())}")


def _free(address: str, port: int) -> bool:
    family, kind, *_, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except OSError:
            return False
    return True


def _log(settings: Settings) -> IO[str]:
    """One older log is kept beside."""
    path = log_file(settings)
    if path.exists() and path.stat().st_size > LOG_KEPT:
        path.replace(path.with_name("log.1"))
    return path.open("a")
