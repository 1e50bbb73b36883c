"""What `doctor` looks at on this machine: Python, settings, the home, the clock, and who answers where."""

import shutil
import smtplib
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from myschool.commands import premises
from myschool.commands.findings import Finding
from myschool.gosuslugi import app as gosuslugi
from myschool.kit import clock
from myschool.kit.opening import vault_file
from myschool.kit.settings import Settings
from myschool.portal import app as portal

OLDEST_PYTHON = (3, 11)
WAIT = 5.0
PRIVATE = 0o077
LISTENS = "0A"
"""TCP_LISTEN in /proc/net/tcp."""
LOOPBACK4, LOOPBACK6 = "0100007F", "00000000000000000000000001000000"
TITLES = {
    "portal_port": ("«Моя школа»", "portal_url"),
    "gosuslugi_port": ("Госуслуги", "gosuslugi_url"),
    "mailbox_port": ("Почта песочницы", "mailbox_url"),
    "registry_port": ("Реестры песочницы", "registry_url"),
    "platform_port": ("Платформа", "platform_url"),
}


def machine(settings: Settings) -> Iterator[Finding]:
    yield python(sys.version_info[:3])
    yield from files(settings)
    yield home(settings)
    yield vault_key_file(settings)
    yield time_told(settings)


def surroundings(settings: Settings) -> Iterator[Finding]:
    """Needs a running «Моя школа»."""
    for port in premises.pages(settings):
        title, address = TITLES[port]
        yield answers(title, getattr(settings, address))
    yield mail(settings.smtp_url)
    if settings.sandbox:
        yield loopback_only(settings)
        yield from bands(settings)


def python(version: tuple[int, ...]) -> Finding:
    shown = ".".join(map(str, version))
    remedy = "" if version >= OLDEST_PYTHON else "Нужен Python 3.11 или новее: PYTHON=python3.11 make run"
    return Finding("Python", shown, remedy)


def files(settings: Settings) -> Iterator[Finding]:
    """Files that the settings name."""
    named = ("esia_certificate", "esia_client_key", "esia_client_certificate")
    given = {name: getattr(settings, name) for name in named if getattr(settings, name)}
    missing = [name for name, path in given.items() if not Path(path).is_file()]
    mode = "песочница" if settings.sandbox else "рабочий режим"
    if missing:
        names = ", ".join(f"MYSCHOOL_{name.upper()}" for name in missing)
        yield Finding("Настройки", mode, f"Нет файла, который назван в {names}.")
    elif bool(settings.esia_client_key) != bool(settings.esia_client_certificate):
        yield Finding("Настройки", mode, "Ключ для ЕСИА задают вместе с сертификатом: MYSCHOOL_ESIA_CLIENT_…")
    else:
        yield Finding("Настройки", mode)


def home(settings: Settings) -> Finding:
    where = str(settings.home)
    if not settings.home.exists():
        return Finding("Папка данных", f"{where} ещё не создана", "Запустите: make run")
    try:
        with TemporaryFile(dir=settings.home) as probe:
            probe.write(b"x")
    except OSError as error:
        return Finding("Папка данных", where, f"Писать нельзя ({error.strerror}). Задайте MYSCHOOL_HOME=/путь/к/папке")
    free = shutil.disk_usage(settings.home).free
    room = f"{where}, свободно {free // 1_000_000} МБ"
    if free < premises.ROOM_NEEDED:
        return Finding("Папка данных", room, f"Освободите место: нужно {premises.ROOM_NEEDED // 1_000_000} МБ.")
    return Finding("Папка данных", room)


def vault_key_file(settings: Settings) -> Finding:
    """The keys of all sealed data; whoever reads them reads the data."""
    if settings.vault_keys:
        return Finding("Ключи хранилища", "заданы в MYSCHOOL_VAULT_KEYS")
    path = vault_file(settings)
    if not path.exists():
        return Finding("Ключи хранилища", f"файла {path} нет", "Его создаёт первый запуск: make run")
    if path.stat().st_mode & PRIVATE:
        return Finding("Ключи хранилища", str(path), f"Файл могут прочитать другие: chmod 600 {path}")
    return Finding("Ключи хранилища", str(path))


def time_told(settings: Settings) -> Finding:
    if not settings.sandbox:
        return Finding("Часы", "настоящее время")
    try:
        offset = clock.read_offset(settings.clock_file)
    except (OSError, ValueError):
        return Finding("Часы", f"файл {settings.clock_file} не прочитать", "myschool clock reset")
    return Finding("Часы", f"сдвинуты на {offset}" if offset != timedelta() else "настоящее время")


def answers(title: str, url: str) -> Finding:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=WAIT) as answer:  # noqa: S310 - http(s) by settings
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    except (OSError, ValueError):
        return Finding(
            title, f"{url} не отвечает", "Запустите: make run. Если запущено, посмотрите журнал в папке данных."
        )
    if status != 200:
        return Finding(title, f"{url} отвечает {status}", "База данных этого дома не отвечает: см. строки выше.")
    return Finding(title, url)


def mail(url: str) -> Finding:
    parts = urlsplit(url)
    shown = f"{parts.hostname}:{parts.port or 25}"
    try:
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            post: smtplib.SMTP = smtplib.SMTP_SSL(
                parts.hostname or "", parts.port or 465, timeout=WAIT, context=context
            )
        else:
            post = smtplib.SMTP(parts.hostname or "", parts.port or 25, timeout=WAIT)
        with post:
            code, _ = post.noop()
    except (OSError, smtplib.SMTPException):
        code = 0
    if code != 250:
        return Finding("Отправка писем", f"{shown} не отвечает", "Проверьте MYSCHOOL_SMTP_URL и почтовый сервер.")
    return Finding("Отправка писем", shown)


def loopback_only(settings: Settings) -> Finding:
    """Looks at the sockets that really listen, whoever opened them."""
    ports = {*premises.pages(settings).values(), settings.smtp_port}
    outside = sorted({port for place, port in listening() if port in ports and place not in (LOOPBACK4, LOOPBACK6)})
    if not outside:
        return Finding("Песочница", "видна только на этой машине")
    shown = f"порты {', '.join(map(str, outside))} открыты и для других машин"
    if settings.allow_outside:
        return Finding("Песочница", f"{shown}: так велено MYSCHOOL_ALLOW_OUTSIDE")
    return Finding("Песочница", shown, "Остановите ту программу, что их открыла; песочница слушает только 127.0.0.1.")


def listening() -> Iterator[tuple[str, int]]:
    """Address in the kernel's hexadecimal spelling, and port."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        path = Path(table)
        for line in path.read_text().splitlines()[1:] if path.exists() else []:
            _, local, _, state, *_ = line.split()
            place, _, port = local.partition(":")
            if state == LISTENS:
                yield place, int(port, 16)


def bands(settings: Settings) -> Iterator[Finding]:
    """Nobody may take a sandbox for the real thing."""
    wanted = [("«Моя школа»", settings.portal_url, portal.BAND)]
    if premises.own_esia(settings):
        wanted += [("Госуслуги", settings.gosuslugi_url, gosuslugi.BAND)]
    for title, url, band in wanted:
        try:
            with urllib.request.urlopen(f"{url}/", timeout=WAIT) as answer:  # noqa: S310 - http(s) by settings
                shown = band in answer.read().decode()
        except (OSError, ValueError):
            yield Finding(f"Полоса: {title}", "страница не открылась", "Запустите: make run")
            continue
        remedy = "" if shown else f"По адресу {url} отвечает не эта программа: освободите порт."
        yield Finding(f"Полоса: {title}", f"«{band}»" if shown else "полосы песочницы нет", remedy)
