"""Opens what a process of a house stands on: its clock, its logs, its vault and its database."""

import atexit
from functools import cache
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import asyncpg

from myschool.kit import clock, db, logs, vault
from myschool.kit.db import Database
from myschool.kit.embedded import EmbeddedPostgres
from myschool.kit.settings import HouseKey, Settings
from myschool.kit.vault import Vault

OLDEST_SERVER = 15


class ServerUnreachable(Exception):
    """No connection. `reason` is the server's or the system's word, `place` the address without a password."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class ServerTooOld(Exception):
    def __init__(self, place: str, version: int) -> None:
        super().__init__(f"{place}: {version} < {OLDEST_SERVER}")
        self.place = place
        self.version = version
        self.oldest = OLDEST_SERVER


class ServerNotAllowed(Exception):
    """A schema is missing and this user may not make one."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def vault_file(settings: Settings) -> Path:
    return settings.home / "vault.keys"


def prepare_process(settings: Settings, part: str) -> None:
    """Time and logs of this process. Only a sandbox's clock can be moved."""
    if settings.sandbox:
        clock.install(clock.ShiftedClock(settings.clock_file))
    logs.configure(settings.log_level, part=part)


def open_vault(settings: Settings) -> Vault:
    return vault.open_vault(settings.vault_keys, vault_file(settings))


def open_database(settings: Settings, house: HouseKey, *, pool_size: int | None = None) -> Database:
    """The house's database. Without a URL in the settings the embedded one is started, or joined where it runs."""
    url = settings.database_of(house) or embedded_url(settings)
    return db.connect(url, house, pool_size=pool_size or settings.pool_size)


def embedded_url(settings: Settings) -> str:
    return _embedded(settings.home).start()


@cache
def _embedded(home: Path) -> EmbeddedPostgres:
    """One a process; ends with the process unless somebody else still uses it."""
    server = EmbeddedPostgres.in_home(home)
    atexit.register(server.stop)
    return server


async def look_at_servers(settings: Settings) -> None:
    """Raises ServerUnreachable, ServerTooOld or ServerNotAllowed for the first database that will not do."""
    for house in get_args(HouseKey):
        url = settings.database_of(house)
        if url:
            await look_at_server(url, house)


async def look_at_server(url: str, schema: str) -> int:
    """The server's major version. Raises ServerUnreachable, ServerTooOld, ServerNotAllowed."""
    place = without_password(url)
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TimeoutError) as error:
        raise ServerUnreachable(place, type(error).__name__) from error
    try:
        version = int(connection.get_server_version().major)
        if version < OLDEST_SERVER:
            raise ServerTooOld(place, version)
        allowed = await connection.fetchval(
            "SELECT has_database_privilege(current_database(), 'CREATE') OR to_regnamespace($1) IS NOT NULL", schema
        )
        if not allowed:
            raise ServerNotAllowed(place)
        return version
    finally:
        await connection.close()


def without_password(url: str) -> str:
    """For people and logs: host, port and database."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"
