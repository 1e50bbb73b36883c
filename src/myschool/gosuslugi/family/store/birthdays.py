"""Table `child_birthday`: which milestones of a child are settled. Its key is what keeps anything from going twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, String, Table, func, select, text, update

from myschool.gosuslugi.family.birthday_model import Milestone, Outcome
from myschool.gosuslugi.family.model import Child
from myschool.gosuslugi.family.store.guardianships import child, child_of
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

child_birthday = Table(
    "child_birthday",
    metadata,
    Column("child_id", ForeignKey("child.id"), primary_key=True),
    Column("milestone", String(20), primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

_SETTLE = text(
    "INSERT INTO child_birthday (child_id, milestone, outcome, at) SELECT child_id, milestone, outcome, :at"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:milestones AS text[]), CAST(:outcomes AS text[]))"
    " AS given (child_id, milestone, outcome) ON CONFLICT DO NOTHING RETURNING child_id, milestone"
)
_PLAN = text(
    "UPDATE child SET birthday_at = given.at FROM unnest(CAST(:ids AS uuid[]), CAST(:moments AS timestamptz[]))"
    " AS given (id, at) WHERE child.id = given.id"
)


async def due(tx: Tx, vault: Vault, now: datetime, *, limit: int) -> list[Child]:
    """Children whose milestone has come, the longest due first; locked, without those that another worker has."""
    c = child.c
    query = select(child).where(c.birthday_at <= now).order_by(c.birthday_at).limit(limit)
    return [child_of(vault, row) for row in await tx.execute(query.with_for_update(skip_locked=True))]


async def next_at(tx: Tx) -> datetime | None:
    """When the next child is due, or was."""
    found: datetime | None = (await tx.execute(select(func.min(child.c.birthday_at)))).scalar_one()
    return found


async def settled(tx: Tx, child_ids: Sequence[UUID]) -> dict[UUID, set[Milestone]]:
    c = child_birthday.c
    found: dict[UUID, set[Milestone]] = {}
    for row in await tx.execute(select(c.child_id, c.milestone).where(c.child_id.in_(child_ids))):
        found.setdefault(row.child_id, set()).add(Milestone(row.milestone))
    return found


async def settle(
    tx: Tx, outcomes: Mapping[UUID, Mapping[Milestone, Outcome]], now: datetime
) -> set[tuple[UUID, Milestone]]:
    """Those of each child that were not settled before."""
    rows = [(child_id, one, how) for child_id, found in outcomes.items() for one, how in found.items()]
    if not rows:
        return set()
    given = {"at": now, "ids": [row[0] for row in rows]}
    given |= {"milestones": [row[1].value for row in rows], "outcomes": [row[2].value for row in rows]}
    return {(row.child_id, Milestone(row.milestone)) for row in await tx.execute(_SETTLE, given)}


async def postpone_first(tx: Tx, now: datetime, until: datetime) -> UUID | None:
    """The longest due child is looked at again at `until`, so that the others have their turn. Opens nothing."""
    c = child.c
    first = select(c.id).where(c.birthday_at <= now).order_by(c.birthday_at).limit(1).with_for_update(skip_locked=True)
    child_id: UUID | None = (await tx.execute(first)).scalar_one_or_none()
    await tx.execute(update(child).where(c.id == child_id).values(birthday_at=until))
    return child_id


async def plan(tx: Tx, when: Mapping[UUID, datetime | None]) -> None:
    """When each child is due next; None: never again."""
    await tx.execute(_PLAN, {"ids": list(when), "moments": list(when.values())})
