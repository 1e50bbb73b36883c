"""Both houses for tests of the wire."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import MakeDb
from tests.gosuslugi.provider.houses import Houses, make_houses


@pytest.fixture
async def houses(make_db: MakeDb, tmp_path: Path) -> AsyncIterator[Houses]:
    made = await make_houses(make_db, tmp_path)
    yield made
    await made.close()
