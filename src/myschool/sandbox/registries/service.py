"""Whether the registers are in service: outages of hours and days, and how many calls they take in a minute."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from myschool.kit import throttle
from myschool.kit.db import Tx
from myschool.sandbox.registries import store_queue

MINUTE = timedelta(minutes=1)
_COUNTER = "registries:calls"


@dataclass(frozen=True)
class OutOfService:
    """Nothing is taken at this moment; `wait` is what the asker is told."""

    wait: timedelta = MINUTE

    @property
    def seconds(self) -> str:
        return str(ceil(self.wait.total_seconds()))


@dataclass(frozen=True)
class TooManyCalls(OutOfService):
    """More calls than the registers take in a minute."""


LONGEST_TOLD = timedelta(hours=1)


async def closed(tx: Tx, now: datetime) -> OutOfService | None:
    """Why this call is not heard, a value so that the counter is kept; None when it is."""
    condition = await store_queue.condition(tx)
    if away := condition.away(now):
        return OutOfService(min(away, LONGEST_TOLD))
    if condition.per_minute is None:
        return None
    taken = await throttle.take(tx, _COUNTER, limit=condition.per_minute, per=MINUTE, now=now)
    return None if taken else TooManyCalls()


async def go_away(tx: Tx, outage: timedelta, now: datetime) -> None:
    """All registers fall silent: nothing is taken, answered or told before `outage` is over."""
    before = await store_queue.condition(tx)
    await store_queue.put_condition(tx, replace(before, away_since=now, away_until=now + outage))


async def come_back(tx: Tx) -> None:
    before = await store_queue.condition(tx)
    await store_queue.put_condition(tx, replace(before, away_since=None, away_until=None))


async def limit_calls(tx: Tx, per_minute: int | None) -> None:
    before = await store_queue.condition(tx)
    await store_queue.put_condition(tx, replace(before, per_minute=per_minute))
    await throttle.forgive(tx, _COUNTER)
