"""How often something may be tried: counters of a window, kept in the database so that all processes share them.

Keys are hashed, so that an address or a login never stands here in the open.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, Table, case, delete
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.tables import metadata

throttle = Table(
    "throttle",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Index("throttle_ends_at_idx", "ends_at"),
)


async def take(tx: Tx, key: str, *, limit: int, per: timedelta, now: datetime) -> bool:
    """Counts one try under `key`; False when more than `limit` came within `per`.

    The count stays only if the caller's transaction commits: refuse by an answer, not by an exception.
    """
    hashed = _hashed(key)
    fresh = insert(throttle).values(key=hashed, count=1, ends_at=now + per)
    counted = fresh.on_conflict_do_update(
        index_elements=[throttle.c.key],
        set_={
            "count": _if_over(throttle.c.count + 1, 1, now),
            "ends_at": _if_over(throttle.c.ends_at, now + per, now),
        },
    ).returning(throttle.c.count)
    tries: int = (await tx.execute(counted)).scalar_one()
    return tries <= limit


async def forgive(tx: Tx, key: str) -> None:
    await tx.execute(delete(throttle).where(throttle.c.key == _hashed(key)))


async def purge(tx: Tx, now: datetime) -> int:
    return (await tx.execute(delete(throttle).where(throttle.c.ends_at < now))).rowcount


def _hashed(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()[:16]


def _if_over(running: Any, anew: Any, now: datetime) -> Any:
    return case((throttle.c.ends_at <= now, anew), else_=running)
