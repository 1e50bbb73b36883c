"""Messages of schools that were not found. The address for the answer is sealed, and forgotten once it was used."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, LargeBinary, Row, String, Table, Text, Uuid, func, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email, Ogrn
from myschool.portal.schools.missing import Answer, MissingSchool, MissingState
from myschool.portal.tables import metadata

PLACE = "missing_school.email"
IS_OPEN = "state = 'open'"

# What families write may name a child, so it is sealed like the address.
NOTE_PLACE = "missing_school.note"

missing_school = Table(
    "missing_school",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("once", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("settlement", Text, nullable=False),
    Column("region_code", String(2), nullable=False),
    Column("asked", Text, nullable=False),
    Column("note_sealed", LargeBinary, info={"sealed": NOTE_PLACE}),
    Column("email_sealed", LargeBinary, info={"sealed": PLACE}),
    Column("state", Text, nullable=False),
    Column("school", String(13)),
    Column("words", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("answered_by", Uuid),
    Index("missing_school_open_idx", "created_at", postgresql_where=IS_OPEN),
    Index("missing_school_answered_at_idx", "answered_at"),
)


async def add(tx: Tx, vault: Vault, one: MissingSchool, email: Email, once: str) -> bool:
    """False when this press was counted before."""
    row = {
        "id": one.id,
        "number": one.number,
        "once": once,
        "name": one.name,
        "settlement": one.settlement,
        "region_code": one.region_code,
        "asked": one.asked,
        "note_sealed": vault.seal(one.note, place=NOTE_PLACE) if one.note else None,
        "email_sealed": vault.seal(email.address, place=PLACE),
        "state": one.state,
        "words": "",
        "created_at": one.created_at,
    }
    saved = insert(missing_school).values(row).on_conflict_do_nothing().returning(missing_school.c.id)
    return (await tx.execute(saved)).one_or_none() is not None


async def find_by_press(tx: Tx, vault: Vault, once: str) -> MissingSchool | None:
    row = (await tx.execute(select(missing_school).where(missing_school.c.once == once))).one_or_none()
    return _missing(row, vault) if row is not None else None


async def load(tx: Tx, vault: Vault, missing_id: UUID, *, for_update: bool = False) -> MissingSchool | None:
    query = select(missing_school).where(missing_school.c.id == missing_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return _missing(row, vault) if row is not None else None


async def page(tx: Tx, vault: Vault, *, answered: bool, page: int, size: int) -> list[MissingSchool]:
    """Open ones oldest first, answered ones newest first."""
    c = missing_school.c
    query = select(missing_school).limit(size).offset((page - 1) * size)
    if answered:
        query = query.where(c.state != MissingState.OPEN).order_by(c.answered_at.desc(), c.id)
    else:
        query = query.where(c.state == MissingState.OPEN).order_by(c.created_at, c.id)
    return [_missing(row, vault) for row in await tx.execute(query)]


async def counts(tx: Tx) -> tuple[int, int]:
    """(open, answered)."""
    c = missing_school.c
    query = select(func.count().filter(c.state == MissingState.OPEN), func.count()).select_from(missing_school)
    waiting, every = (await tx.execute(query)).one()
    return waiting, every - waiting


async def email_of(tx: Tx, vault: Vault, missing_id: UUID) -> Email | None:
    query = select(missing_school.c.email_sealed).where(missing_school.c.id == missing_id)
    sealed = (await tx.execute(query)).scalar_one_or_none()
    return Email(vault.open(sealed, place=PLACE)) if sealed else None


async def save_answer(tx: Tx, missing_id: UUID, answer: Answer, by: UUID, now: datetime) -> None:
    """The address and the note are not needed any more, so they go."""
    said = {
        "state": answer.state,
        "school": answer.school.digits if answer.school else None,
        "words": answer.words,
        "answered_at": now,
        "answered_by": by,
        "email_sealed": None,
        "note_sealed": None,
    }
    await tx.execute(update(missing_school).where(missing_school.c.id == missing_id).values(said))


def _missing(row: Row[Any], vault: Vault) -> MissingSchool:
    return MissingSchool(
        id=row.id,
        number=row.number,
        name=row.name,
        settlement=row.settlement,
        region_code=row.region_code,
        note=vault.open(row.note_sealed, place=NOTE_PLACE) if row.note_sealed else "",
        asked=row.asked,
        state=MissingState(row.state),
        created_at=row.created_at,
        school=Ogrn(row.school) if row.school else None,
        words=row.words,
        answered_at=row.answered_at,
    )
