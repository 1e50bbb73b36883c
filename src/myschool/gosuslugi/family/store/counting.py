"""How many guardianships stand how, and for how long. No row and no person is told of here."""

from datetime import datetime

import msgspec
from sqlalchemy import extract, func, literal, select

from myschool.gosuslugi.family.store.guardianships import guardianship
from myschool.kit.db import Tx


class GuardianshipCount(msgspec.Struct, frozen=True):
    """Guardianships in one state; `oldest` in seconds since it came into it."""

    state: str
    count: int
    oldest: float


async def by_state(tx: Tx, now: datetime) -> tuple[GuardianshipCount, ...]:
    c = guardianship.c
    oldest = extract("epoch", literal(now) - func.min(c.since))
    rows = await tx.execute(select(c.state, func.count(), oldest).group_by(c.state).order_by(c.state))
    return tuple(GuardianshipCount(state, count, float(age)) for state, count, age in rows)
