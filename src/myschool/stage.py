"""Sets the stage before the curtain: schemas, the school directory, keys, and the cast in their places.

Each step does only what is missing, so a second start is quick and changes nothing.
"""

import asyncio
from importlib import import_module

from myschool.commands.houses import opened, stores
from myschool.kit import clock, revisions
from myschool.kit import settings as configuration
from myschool.kit.opening import open_vault, prepare_process
from myschool.kit.settings import Settings
from myschool.sandbox import cast
from myschool.staging import citizens, families, platforms, school, systems


async def prepare(settings: Settings) -> None:
    if not await _current(settings):
        # Only now Alembic is loaded: a start with nothing to do is quicker and smaller without.
        await import_module("myschool.commands.db").upgrade(settings)
    vault, now = open_vault(settings), clock.now()
    async with opened(settings, "gosuslugi") as gosuslugi, opened(settings, "portal") as portal:
        await school.load_directory(portal)
        await systems.introduce(settings, vault, gosuslugi, portal, now)
        await platforms.connect(settings, vault, portal, now)
        if settings.sandbox:
            await citizens.play_in(gosuslugi, vault, now)
            await families.play_in(gosuslugi, vault, cast.stage_day(settings.home, now), now)
            await school.appoint_administrators(portal, vault, now)


async def _current(settings: Settings) -> bool:
    for store in stores(settings):
        async with opened(settings, store.key) as database:
            if not await revisions.is_current(database, store.migrations):
                return False
    return True


if __name__ == "__main__":
    read = configuration.read()
    prepare_process(read, "stage")
    asyncio.run(prepare(read))
