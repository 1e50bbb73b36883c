"""Pupils of the platform: a pseudonym, what the portal told, and how many tasks are solved."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Integer, SmallInteger, Table, Text, Uuid, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.sandbox.tables import metadata

platform_pupil = Table(
    "platform_pupil",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("grade", SmallInteger),
    Column("solved", Integer, nullable=False),
    Column("came_at", DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True)
class PlatformPupil:
    id: UUID
    subject: str
    role: str
    grade: int | None
    solved: int


async def take_in(tx: Tx, subject: str, role: str, grade: int | None, now: datetime) -> UUID:
    """The pupil of this pseudonym, made at the first visit."""
    told = {"role": role, "grade": grade, "came_at": now}
    fresh = insert(platform_pupil).values(id=new_id(), subject=subject, solved=0, **told)
    saved = fresh.on_conflict_do_update(index_elements=["subject"], set_=told).returning(platform_pupil.c.id)
    found: UUID = (await tx.execute(saved)).scalar_one()
    return found


async def load(tx: Tx, pupil_id: UUID) -> PlatformPupil | None:
    c = platform_pupil.c
    row = (await tx.execute(select(c.id, c.subject, c.role, c.grade, c.solved).where(c.id == pupil_id))).one_or_none()
    return None if row is None else PlatformPupil(*row)


async def count_solved(tx: Tx, pupil_id: UUID, task: int) -> bool:
    """False when the task was counted before: a second press is not a second task."""
    c = platform_pupil.c
    counted = update(platform_pupil).where(c.id == pupil_id, c.solved == task).values(solved=task + 1)
    return (await tx.execute(counted.returning(c.id))).first() is not None
