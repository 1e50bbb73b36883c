"""Which revision a house's schema has, and which is the newest. Alembic is not needed to know that, only to upgrade:
a start with nothing to do does without its weight."""

from pathlib import Path

from sqlalchemy import text

from myschool.kit.db import Database, Tx


def newest(versions: Path) -> str:
    """Revisions are files `0001_words.py`, `0002_words.py`, …: a line without branches."""
    return max(path.name.partition("_")[0] for path in versions.glob("[0-9]*_*.py"))


async def is_current(database: Database, versions: Path) -> bool:
    async def current(tx: Tx) -> str | None:
        table = f'"{database.schema}".alembic_version'
        if (await tx.execute(text("SELECT to_regclass(:table)"), {"table": table})).scalar_one() is None:
            return None
        found = await tx.execute(text("SELECT version_num FROM alembic_version"))
        return found.scalar_one_or_none()

    return await database.run(current) == newest(versions)
