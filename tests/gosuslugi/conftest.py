"""What tests of this house share: its database with all tables, a vault, and people in it."""

from datetime import UTC, datetime

import pytest
from tests.conftest import MakeDb

from myschool.gosuslugi.people import store as people_store
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Database
from myschool.kit.schema import metadata as kit_metadata
from myschool.kit.vault import Vault, VaultKey

NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)

assert people_store.person.metadata is metadata


@pytest.fixture
def vault() -> Vault:
    return Vault([VaultKey.fresh()])


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(kit_metadata, metadata)
