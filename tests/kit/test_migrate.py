"""A schema follows its revisions: made, brought up, and compared with the tables in code."""

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, text

from myschool.kit import migrate, revisions
from myschool.kit.db import Database, connect, new_metadata


def tables(*columns: str) -> MetaData:
    metadata = new_metadata()
    Table("thing", metadata, Column("id", Integer, primary_key=True), *(Column(name, Integer) for name in columns))
    return metadata


def newest(versions: Path) -> str:
    return max(path.name[:4] for path in versions.glob("0*.py"))


@pytest.fixture
def database(postgres_url: str) -> Database:
    return connect(postgres_url, "migrated", pool_size=1)


async def test_revisions_follow_the_tables_and_the_schema_follows_them(database: Database, tmp_path: Path) -> None:
    """Each change in code gives one revision, each revision is run once, and then there is nothing left to do."""
    assert not await migrate.upgrade(database, tmp_path)
    for number, code in (("0001", tables()), ("0002", tables("size"))):
        assert await migrate.revise(database, tmp_path, [code], "Things")
        assert newest(tmp_path) == number
        assert not await revisions.is_current(database, tmp_path)
        assert await migrate.upgrade(database, tmp_path)
        assert not await migrate.upgrade(database, tmp_path)
        assert await revisions.is_current(database, tmp_path)
        assert not await migrate.revise(database, tmp_path, [code], "Nothing")
    async with database.transaction() as tx:
        await tx.execute(text("INSERT INTO thing (id, size) VALUES (1, 2)"))
        await tx.execute(text("DROP SCHEMA migrated CASCADE"))
    await database.close()
