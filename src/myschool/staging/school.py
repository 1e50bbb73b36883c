"""The school directory, who administers the cast's school, and who runs the portal."""

from datetime import datetime

from myschool.kit.db import Database, Tx
from myschool.kit.vault import Vault
from myschool.portal.operators import actions as operators
from myschool.portal.roll import actions as roll
from myschool.portal.schools import actions as schools
from myschool.sandbox import cast
from myschool.sandbox.cast import Role

HEADS = (Role.SCHOOL_HEAD, Role.SCHOOL_ADMINISTRATOR)


async def load_directory(db: Database) -> None:
    """The schools that come with the project; nothing when this very file is in already."""
    await schools.bring_in_shipped(db)


async def appoint_administrators(db: Database, vault: Vault, now: datetime) -> None:
    async def appoint(tx: Tx) -> None:
        for one in cast.CAST:
            if one.role in HEADS and one.school is not None:
                await roll.appoint_once(tx, vault, one.school, one.snils, by="system", now=now)
            if one.role is Role.OPERATOR:
                await operators.appoint_once(tx, vault, one.snils, by="system", now=now)

    await db.run(appoint)
