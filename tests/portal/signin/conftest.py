"""Both houses for tests of the wire."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import MakeDb
from tests.gosuslugi.provider.houses import Houses, make_houses, spare_keys


@pytest.fixture
async def houses(make_db: MakeDb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Houses]:
    spare_keys(monkeypatch)
    made = await make_houses(make_db, tmp_path)
    yield made
    await made.close()
