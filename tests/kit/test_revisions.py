"""The light look at revisions says what Alembic says."""

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from myschool.commands.houses import STORES
from myschool.kit import migrate, revisions
from tests.conftest import MakeDb


@pytest.mark.parametrize("house", STORES)
def test_the_newest_file_is_the_head(house: str) -> None:
    """File names are numbers, so the newest is known without reading any."""
    config = Config()
    config.set_main_option("script_location", str(migrate.ENVIRONMENT))
    config.set_main_option("version_locations", str(STORES[house].migrations))
    config.set_main_option("path_separator", "newline")
    assert revisions.newest(STORES[house].migrations) == ScriptDirectory.from_config(config).get_current_head()


async def test_a_schema_is_current_after_its_upgrade(make_db: MakeDb, tmp_path: Path) -> None:
    """Neither before the first revision nor after a newer file appeared."""
    db = await make_db()
    versions = STORES["sandbox"].migrations
    assert not await revisions.is_current(db, versions)
    await migrate.upgrade(db, versions)
    assert await revisions.is_current(db, versions)
    for file in versions.glob("0*.py"):
        (tmp_path / file.name).write_text(file.read_text())
    (tmp_path / "9999_newer.py").write_text("")
    assert not await revisions.is_current(db, tmp_path)


async def test_another_schema_is_not_taken_for_ours(make_db: MakeDb) -> None:
    """A table of revisions elsewhere says nothing about this schema."""
    upgraded, other = await make_db(), await make_db()
    await migrate.upgrade(upgraded, STORES["sandbox"].migrations)
    async with other.transaction() as tx:
        await tx.execute(text("CREATE TABLE anything (id integer)"))
    assert not await revisions.is_current(other, STORES["sandbox"].migrations)
