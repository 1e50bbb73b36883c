"""The houses as commands see them: their databases, tables and revisions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import MetaData

from myschool.gosuslugi import app as gosuslugi
from myschool.gosuslugi import wiring as _worker  # noqa: F401 - brings the tables that only the worker uses
from myschool.gosuslugi.tables import metadata as gosuslugi_tables
from myschool.kit.db import Database
from myschool.kit.opening import open_database
from myschool.kit.schema import metadata as ground
from myschool.kit.settings import HouseKey, Settings
from myschool.portal import app as portal
from myschool.portal.tables import metadata as portal_tables
from myschool.sandbox import app as sandbox
from myschool.sandbox.registries import app as registry
from myschool.sandbox.registries.tables import metadata as registry_tables
from myschool.sandbox.tables import metadata as sandbox_tables


@dataclass(frozen=True)
class HouseStore:
    """Where a house keeps what it knows."""

    key: HouseKey
    title: str
    tables: list[MetaData]
    migrations: Path


STORES = {
    "gosuslugi": HouseStore("gosuslugi", "Госуслуги", [ground, gosuslugi_tables], gosuslugi.MIGRATIONS),
    "portal": HouseStore("portal", "«Моя школа»", [ground, portal_tables], portal.MIGRATIONS),
    # Before the sandbox, where the registers lived once: their first revision fetches what is there.
    "registry": HouseStore("registry", "Реестры песочницы", [ground, registry_tables], registry.MIGRATIONS),
    "sandbox": HouseStore("sandbox", "Песочница", [ground, sandbox_tables], sandbox.MIGRATIONS),
}


def stores(settings: Settings) -> list[HouseStore]:
    """The sandbox and its registers have a schema only where there is a sandbox."""
    return [store for store in STORES.values() if settings.sandbox or store.key not in ("registry", "sandbox")]


@asynccontextmanager
async def opened(settings: Settings, house: HouseKey) -> AsyncIterator[Database]:
    database = open_database(settings, house, pool_size=2)
    try:
        yield database
    finally:
        await database.close()
