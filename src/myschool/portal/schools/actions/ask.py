"""How often one address may ask the search: typing is many small questions, reading out the register is more."""

from datetime import datetime, timedelta

from myschool.kit import throttle
from myschool.kit.db import Tx
from myschool.portal.schools import store

# A school's computer room sits behind one address: forty pupils who type all the time.
MOST_QUESTIONS = 1_200
A_WHILE = timedelta(minutes=1)


async def may_ask(tx: Tx, address: str, now: datetime) -> bool:
    """Counts the question; False when this address asks too much."""
    await store.without_waiting_for_disk(tx)
    return await throttle.take(tx, f"schools.search:{address}", limit=MOST_QUESTIONS, per=A_WHILE, now=now)


MOST_MESSAGES = 10
A_DAY = timedelta(days=1)


async def may_tell_missing(tx: Tx, address: str, now: datetime) -> bool:
    """Counts the message; False when this address has sent too many today."""
    return await throttle.take(tx, f"schools.missing:{address}", limit=MOST_MESSAGES, per=A_DAY, now=now)
