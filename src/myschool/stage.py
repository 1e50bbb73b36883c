"""Sets the stage before the curtain: schemas, the school directory, keys, and the cast in their places."""

import asyncio

from myschool.commands.db import upgrade
from myschool.kit import settings as configuration
from myschool.kit.opening import prepare_process
from myschool.kit.settings import Settings


async def prepare(settings: Settings) -> None:
    """Does only what is missing, so a second start is quick and changes nothing."""
    await upgrade(settings)


if __name__ == "__main__":
    read = configuration.read()
    prepare_process(read, "stage")
    asyncio.run(prepare(read))
