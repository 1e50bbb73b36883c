"""Sets the stage before the curtain: schemas, the school directory, keys, and the cast in their places.

Each step does only what is missing, so a second start is quick and changes nothing.
"""

import asyncio

from myschool.commands.db import upgrade
from myschool.commands.houses import opened
from myschool.kit import clock
from myschool.kit import settings as configuration
from myschool.kit.opening import open_vault, prepare_process
from myschool.kit.settings import Settings
from myschool.staging import citizens, families, platforms, school, systems


async def prepare(settings: Settings) -> None:
    await upgrade(settings)
    vault, now = open_vault(settings), clock.now()
    async with opened(settings, "gosuslugi") as gosuslugi, opened(settings, "portal") as portal:
        await school.load_directory(portal)
        await systems.introduce(settings, vault, gosuslugi, portal, now)
        await platforms.connect(settings, vault, portal, now)
        if settings.sandbox:
            await citizens.play_in(gosuslugi, vault, now)
            await families.play_in(gosuslugi, vault, now)
            await school.appoint_administrators(portal, vault, now)


if __name__ == "__main__":
    read = configuration.read()
    prepare_process(read, "stage")
    asyncio.run(prepare(read))
