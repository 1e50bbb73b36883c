"""What tests of this house share: its database with all tables, a vault, the house, and a browser for it."""

import pytest
from starlette.applications import Starlette

from myschool.gosuslugi import app as gosuslugi
from myschool.gosuslugi.provider.keys import ProviderKeys
from myschool.gosuslugi.signin.passwords import Passwords
from myschool.gosuslugi.tables import metadata
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database
from myschool.kit.schema import metadata as kit_metadata
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web.app import build
from tests.conftest import ClockAt, MakeDb
from tests.gosuslugi.browser import ORIGIN, Browser


@pytest.fixture
def vault() -> Vault:
    return Vault([VaultKey.fresh()])


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(kit_metadata, metadata)


@pytest.fixture
def clock(clock_at: ClockAt) -> StoppedClock:
    """Wednesday noon in Moscow."""
    return clock_at("2026-12-02T12:00:00+03:00")


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(threads=2)


@pytest.fixture
def app(db: Database, vault: Vault, clock: StoppedClock, passwords: Passwords) -> Starlette:
    settings = Settings(gosuslugi_url=ORIGIN)
    return build(gosuslugi.house(settings, db, vault), gosuslugi.routes(passwords, ProviderKeys.of(ORIGIN)))


@pytest.fixture
def browser(app: Starlette) -> Browser:
    return Browser(app)
