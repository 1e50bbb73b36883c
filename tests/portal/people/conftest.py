"""The portal's database and a vault."""

import pytest

from myschool.kit.db import Database
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.portal.people import store
from myschool.portal.tables import metadata
from tests.conftest import MakeDb

assert store.person.metadata is metadata


@pytest.fixture
def vault() -> Vault:
    return Vault([VaultKey.fresh()])


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(ground, metadata)
