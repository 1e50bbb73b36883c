"""Brings a house's schema to its newest revision with Alembic. The revisions of a house stand in its `migrations`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from myschool.kit.db import Database, Tx

ENVIRONMENT = Path(__file__).parent / "migrations"


def _config(versions: Path, connection: Connection, metadata: Sequence[MetaData] = ()) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = list(metadata)
    return config


async def upgrade(database: Database, versions: Path) -> bool:
    """Makes the schema if there is none and runs what is missing; False when nothing was."""

    async def make_schema(tx: Tx) -> None:
        await tx.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{database.schema}"'))

    await database.run(make_schema)
    async with database.transaction() as tx:
        if await tx.run_sync(lambda connection: _current(connection) == _newest(connection, versions)):
            return False
        await tx.run_sync(lambda connection: command.upgrade(_config(versions, connection), "head"))
        return True


async def revise(database: Database, versions: Path, metadata: Sequence[MetaData], message: str) -> bool:
    """Writes a new revision from what the tables in code have and the schema has not yet; False when nothing."""
    async with database.transaction() as tx:
        return await tx.run_sync(lambda connection: _revise(connection, versions, metadata, message))


def _revise(connection: Connection, versions: Path, metadata: Sequence[MetaData], message: str) -> bool:
    if not differences(connection, metadata):
        return False
    number = f"{len(list(versions.glob('[0-9]*.py'))) + 1:04}"
    command.revision(_config(versions, connection, metadata), message, autogenerate=True, rev_id=number)
    return True


def differences(connection: Connection, metadata: Sequence[MetaData]) -> list[Any]:
    """What a new revision would have to change, in Alembic's own notation; empty when code and schema agree."""
    return list(compare_metadata(MigrationContext.configure(connection), _together(metadata)))


def _together(metadata: Sequence[MetaData]) -> MetaData:
    together = MetaData()
    for part in metadata:
        for table in part.sorted_tables:
            table.to_metadata(together)
    return together


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest(connection: Connection, versions: Path) -> str | None:
    return ScriptDirectory.from_config(_config(versions, connection)).get_current_head()
