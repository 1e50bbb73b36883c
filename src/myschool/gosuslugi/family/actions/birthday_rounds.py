"""The agenda's turn for birthdays: batch after batch in transactions of their own, then sleep until the next is due.

One item for the whole house, and never done: each turn ends by asking to be called again. It sleeps five minutes at
most, so a child that is settled meanwhile, or a clock that was moved, is noticed; a look that finds nobody reads one
entry of an index. A child whose look fails is put off by an hour and holds nobody else up.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog

from myschool.gosuslugi.family.actions import birthdays
from myschool.gosuslugi.family.birthday_model import BirthdaysDue
from myschool.gosuslugi.family.store import birthdays as store
from myschool.kit import clock
from myschool.kit.agenda import Asking, Errand, Later, Work
from myschool.kit.db import Database, DatabaseUnavailable, OutcomeUnknown
from myschool.kit.vault import Vault

log = structlog.get_logger(__name__)

BATCHES = 10
LOOK_EVERY = timedelta(minutes=5)
PUT_OFF = timedelta(hours=1)
BUSY = timedelta(seconds=5)


async def turn(asking: Asking[Any], _due: BirthdaysDue) -> None:
    """Raises Later, always."""
    for _ in range(BATCHES):
        if not await batch(asking.db, asking.ctx.vault):
            raise Later(await _wake_at(asking.db, clock.now()), "nobody is due")
    raise Later(clock.now(), "more are due")


async def batch(db: Database, vault: Vault) -> bool:
    """False when nobody was due."""
    try:
        return (await db.run(lambda tx: birthdays.look(tx, vault, clock.now()))).children > 0
    except (DatabaseUnavailable, OutcomeUnknown):
        raise
    except Exception as error:  # one child's data must not stop the birthdays of all
        log.warning("birthdays_batch_failed", error=type(error).__name__)
    for _ in range(birthdays.BATCH):
        if not await _one(db, vault):
            return False
    return True


async def _one(db: Database, vault: Vault) -> bool:
    try:
        return (await db.run(lambda tx: birthdays.look(tx, vault, clock.now(), limit=1))).children > 0
    except (DatabaseUnavailable, OutcomeUnknown):
        raise
    except Exception as error:  # counted in the log by the child's id, and looked at again
        now = clock.now()
        failed = await db.run(lambda tx: store.postpone_first(tx, now, now + PUT_OFF))
        log.error("birthday_failed", child=str(failed), error=type(error).__name__)
        return True


async def _wake_at(db: Database, now: datetime) -> datetime:
    following = await db.run(birthdays.next_look)
    if following is not None and following <= now:
        return now + BUSY  # another worker has them
    return min(following or now + LOOK_EVERY, now + LOOK_EVERY)


async def _nothing(_work: Work[Any], _due: BirthdaysDue, _answer: None) -> None:
    """Never called: a turn gives no answer."""


TURNS = Errand[Any](turn, _nothing, within=60)
