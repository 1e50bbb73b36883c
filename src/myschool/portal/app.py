"""«Моя школа» put together: the house with its name and band, and the pages of its slices."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from myschool.kit import settings as configuration
from myschool.kit.db import Database
from myschool.kit.opening import open_database, open_vault, prepare_process
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.kit.web.app import build
from myschool.kit.web.house import House
from myschool.papers.filters import FILTERS

NAME = "Моя школа"
BAND = "Песочница. Не вводите настоящие данные"
FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"


def house(settings: Settings, db: Database, vault: Vault) -> House:
    return House(
        key="portal",
        name=NAME,
        band=BAND if settings.sandbox else "",
        origin=settings.portal_url,
        settings=settings,
        db=db,
        vault=vault,
        folder=FOLDER,
        filters=FILTERS,
    )


def routes() -> list[BaseRoute]:
    return []


def create() -> Starlette:
    settings = configuration.read()
    prepare_process(settings, "portal")
    return build(house(settings, open_database(settings, "portal"), open_vault(settings)), routes())
