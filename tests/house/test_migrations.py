"""The committed revisions of each house build exactly the tables its code knows."""

import pytest
from sqlalchemy import text

from myschool.commands.houses import STORES
from myschool.kit import migrate
from myschool.kit.db import connect


@pytest.mark.parametrize("house", list(STORES))
async def test_revisions_build_the_tables_of_the_code(postgres_url: str, house: str) -> None:
    """After the last revision nothing is left that a new one would have to change."""
    store = STORES[house]
    database = connect(postgres_url, store.key, pool_size=1)
    try:
        assert await migrate.upgrade(database, store.migrations)
        async with database.transaction() as tx:
            left = await tx.run_sync(lambda connection: migrate.differences(connection, store.tables))
            await tx.execute(text(f"DROP SCHEMA {store.key} CASCADE"))
        assert left == []
    finally:
        await database.close()
