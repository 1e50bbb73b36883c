"""How the checks stand, in numbers, for who keeps the house running: no claim and no person is told of here.

`numbers` reads every check, so it is not for a page: `operating` keeps what it found and shows that.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import extract, func, literal, select, text

from myschool.gosuslugi.checks.model import DECIDED, WAITING, CheckState, RegistryCheck
from myschool.gosuslugi.checks.store import COLUMNS, check_of, registry_check
from myschool.kit.db import Tx

LOOKS_BACK = timedelta(days=30)
"""Answers, reasons and times to decision are of these days."""
DAYS_SHOWN = 14
AGES = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
"""Upper ends of the buckets of age; what is older falls into «older»."""


class Standing(msgspec.Struct, frozen=True):
    """Checks of one kind in one state. Ages are in seconds, since the check was sent."""

    kind: str
    state: str
    count: int
    median: float
    oldest: float
    ages: dict[str, int]
    past_due: int


class Pace(msgspec.Struct, frozen=True):
    """Time from question to decision, in seconds, of the last 30 days."""

    kind: str
    decided: int
    p50: float
    p95: float


class CheckNumbers(msgspec.Struct, frozen=True):
    """`reasons`: (kind, field that differed or the state of what was not decided well, count), of the last 30 days.

    `answers`: (day, count) of the last two weeks, the newest first.
    """

    standings: tuple[Standing, ...]
    reasons: tuple[tuple[str, str, int], ...]
    answers: tuple[tuple[str, int], ...]
    paces: tuple[Pace, ...]


_c = registry_check.c
_BAD = (CheckState.NOT_FOUND, CheckState.EXPIRED, CheckState.UNAVAILABLE)


async def numbers(tx: Tx, now: datetime) -> CheckNumbers:
    return CheckNumbers(
        await _standings(tx, now),
        await _reasons(tx, now),
        await _answers(tx, now),
        await _paces(tx, now),
    )


async def _standings(tx: Tx, now: datetime) -> tuple[Standing, ...]:
    sent = func.coalesce(_c.sent_at, _c.created_at)
    age = extract("epoch", literal(now) - sent)
    names = list(AGES)
    edges = [AGES[name].total_seconds() for name in names]
    buckets = [func.count().filter(age < edge).label(name) for name, edge in zip(names, edges, strict=True)]
    late = func.count().filter(_c.due_at <= now, _c.state.in_(WAITING))
    rows = await tx.execute(
        select(
            _c.kind,
            _c.state,
            func.count(),
            func.percentile_cont(0.5).within_group(age),
            func.max(age),
            late,
            *buckets,
        )
        .group_by(_c.kind, _c.state)
        .order_by(_c.kind, _c.state)
    )
    return tuple(
        Standing(kind, state, count, float(median), float(oldest), _parted(names, list(upto), count), past_due)
        for kind, state, count, median, oldest, past_due, *upto in rows
    )


def _parted(names: list[str], upto: list[int], count: int) -> dict[str, int]:
    """Counts up to each edge become counts between them."""
    before = [0, *upto]
    parts = {name: upper - lower for name, lower, upper in zip(names, before, upto, strict=False)}
    return parts | {"older": count - before[-1]}


async def _reasons(tx: Tx, now: datetime) -> tuple[tuple[str, str, int], ...]:
    field = func.unnest(func.string_to_array(_c.differing, " ")).label("reason")
    differing = select(_c.kind, field).where(_c.state == CheckState.CONTRADICTED, _c.since >= now - LOOKS_BACK)
    others = select(_c.kind, _c.state.label("reason")).where(_c.state.in_(_BAD), _c.since >= now - LOOKS_BACK)
    every = differing.union_all(others).subquery()
    many = func.count()
    rows = await tx.execute(
        select(every.c.kind, every.c.reason, many)
        .group_by(every.c.kind, every.c.reason)
        .order_by(many.desc(), every.c.kind, every.c.reason)
    )
    return tuple((kind, reason, count) for kind, reason, count in rows)


async def _answers(tx: Tx, now: datetime) -> tuple[tuple[str, int], ...]:
    day = func.to_char(func.timezone("Europe/Moscow", _c.since), "YYYY-MM-DD")
    rows = await tx.execute(
        select(day, func.count())
        .where(_c.state.in_(DECIDED), _c.since >= now - timedelta(days=DAYS_SHOWN))
        .group_by(text("1"))
        .order_by(text("1 DESC"))
    )
    return tuple((at, count) for at, count in rows)


async def _paces(tx: Tx, now: datetime) -> tuple[Pace, ...]:
    took = extract("epoch", _c.since - _c.sent_at)
    rows = await tx.execute(
        select(
            _c.kind,
            func.count(),
            func.percentile_cont(0.5).within_group(took),
            func.percentile_cont(0.95).within_group(took),
        )
        .where(_c.state.in_(DECIDED), _c.since >= now - LOOKS_BACK, _c.sent_at.is_not(None))
        .group_by(_c.kind)
        .order_by(_c.kind)
    )
    return tuple(Pace(kind, count, float(p50), float(p95)) for kind, count, p50, p95 in rows)


async def longest(tx: Tx, state: CheckState, limit: int) -> list[RegistryCheck]:
    """By the index on state and time, however many there are."""
    query = select(*COLUMNS).where(_c.state == state).order_by(_c.since).limit(limit)
    return [check_of(row) for row in await tx.execute(query)]
