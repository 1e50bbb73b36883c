"""What is past is forgotten: ended sessions, counters whose window is over, keys of what was done long ago."""

from myschool.kit import agenda, clock, throttle
from myschool.kit.db import Tx
from myschool.kit.web import sessions


async def forget(tx: Tx) -> None:
    """Each of a house's workers calls it once an hour; twice at once does no harm."""
    now = clock.now()
    await sessions.purge(tx, now)
    await throttle.purge(tx, now)
    await agenda.purge_keys(tx)
