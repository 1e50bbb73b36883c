"""Tables `one_time_code`, `password`, `sign_in`, and their SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.signin.model import CODE_LIFE, CODE_TRIES, RESEND_AFTER, Matter, Outcome, Purpose, SignInRecord
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.ids import new_id

one_time_code = Table(
    "one_time_code",
    metadata,
    Column("purpose", Text, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    # Six digits under the vault's key: a stolen table alone gives none of them back.
    Column("mac", LargeBinary, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("tries_left", SmallInteger, nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Index("one_time_code_ends_at_idx", "ends_at"),
)

password = Table(
    "password",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("hash", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
    # Somebody knows the password who must not any longer; the account opens again by a new one from who may set it.
    Column("locked_at", DateTime(timezone=True)),
    # A first password from a paper: until then it opens one page, on which another one is chosen.
    Column("handed_until", DateTime(timezone=True)),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("device", String(60), nullable=False),
    Index("sign_in_person_id_at_idx", "person_id", "at"),
)


@dataclass(frozen=True)
class CodeRow:
    sent_at: datetime
    ends_at: datetime
    tries_left: int
    used_at: datetime | None

    def blocks_another(self, now: datetime) -> bool:
        """It went out a moment ago and still counts."""
        return self.used_at is None and self.tries_left > 0 and now - self.sent_at < RESEND_AFTER


async def put_code(tx: Tx, matter: Matter, mac: bytes, now: datetime) -> bool:
    """The code of this matter from now on. False when the last one may still be used and is younger than a minute."""
    c = one_time_code.c
    fresh = {
        "mac": mac,
        "sent_at": now,
        "ends_at": now + CODE_LIFE,
        "tries_left": CODE_TRIES,
        "used_at": None,
    }
    row = insert(one_time_code).values(purpose=matter.purpose, subject_id=matter.id, **fresh)
    old_enough = (c.sent_at <= now - RESEND_AFTER) | c.used_at.is_not(None) | (c.tries_left == 0)
    put = row.on_conflict_do_update(index_elements=[c.purpose, c.subject_id], set_=fresh, where=old_enough)
    return (await tx.execute(put.returning(c.subject_id))).first() is not None


async def try_code(tx: Tx, matter: Matter, now: datetime) -> tuple[bytes, int] | None:
    """Counts one try of a code that still lives: its mac and how many tries are left. None when none lives."""
    c = one_time_code.c
    lives = (c.used_at.is_(None)) & (c.tries_left > 0) & (c.ends_at > now)
    counted = update(one_time_code).where(c.purpose == matter.purpose, c.subject_id == matter.id, lives)
    row = (await tx.execute(counted.values(tries_left=c.tries_left - 1).returning(c.mac, c.tries_left))).one_or_none()
    return (row.mac, row.tries_left) if row is not None else None


async def use_code(tx: Tx, matter: Matter, now: datetime) -> None:
    c = one_time_code.c
    await tx.execute(
        update(one_time_code).where(c.purpose == matter.purpose, c.subject_id == matter.id).values(used_at=now)
    )


async def find_code(tx: Tx, matter: Matter) -> CodeRow | None:
    c = one_time_code.c
    query = select(c.sent_at, c.ends_at, c.tries_left, c.used_at).where(
        c.purpose == matter.purpose, c.subject_id == matter.id
    )
    row = (await tx.execute(query)).one_or_none()
    return CodeRow(*row) if row is not None else None


async def drop_code(tx: Tx, matter: Matter) -> None:
    c = one_time_code.c
    await tx.execute(delete(one_time_code).where(c.purpose == matter.purpose, c.subject_id == matter.id))


async def drop_codes(tx: Tx, purpose: Purpose, subject_ids: Sequence[UUID]) -> None:
    c = one_time_code.c
    await tx.execute(delete(one_time_code).where(c.purpose == purpose, c.subject_id.in_(subject_ids)))


async def purge_codes(tx: Tx, now: datetime) -> int:
    return (await tx.execute(delete(one_time_code).where(one_time_code.c.ends_at < now - CODE_LIFE))).rowcount


async def set_password(
    tx: Tx, person_id: UUID, hashed: str, now: datetime, *, handed_until: datetime | None = None
) -> None:
    values = {"hash": hashed, "set_at": now, "handed_until": handed_until}
    row = insert(password).values(person_id=person_id, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=values))


async def lock_password(tx: Tx, person_id: UUID, now: datetime) -> bool:
    """False when there is none, or it is locked already."""
    c = password.c
    locked = update(password).where(c.person_id == person_id, c.locked_at.is_(None)).values(locked_at=now)
    return (await tx.execute(locked.returning(c.person_id))).first() is not None


async def unlock_password(tx: Tx, person_id: UUID) -> None:
    await tx.execute(update(password).where(password.c.person_id == person_id).values(locked_at=None))


async def password_locked_at(tx: Tx, person_id: UUID) -> datetime | None:
    query = select(password.c.locked_at).where(password.c.person_id == person_id)
    return (await tx.execute(query)).scalar_one_or_none()


async def replace_hash(tx: Tx, person_id: UUID, old: str, new: str) -> None:
    """The same password under newer parameters; nothing happens when it was changed meanwhile."""
    c = password.c
    await tx.execute(update(password).where(c.person_id == person_id, c.hash == old).values(hash=new))


async def find_hash(tx: Tx, person_id: UUID) -> str | None:
    query = select(password.c.hash).where(password.c.person_id == person_id)
    return (await tx.execute(query)).scalar_one_or_none()


async def password_set_at(tx: Tx, person_id: UUID) -> datetime | None:
    query = select(password.c.set_at).where(password.c.person_id == person_id)
    return (await tx.execute(query)).scalar_one_or_none()


async def password_handed_until(tx: Tx, person_id: UUID) -> datetime | None:
    query = select(password.c.handed_until).where(password.c.person_id == person_id)
    return (await tx.execute(query)).scalar_one_or_none()


async def erase(tx: Tx, person_id: UUID) -> None:
    """Password and history of sign-ins."""
    await tx.execute(delete(password).where(password.c.person_id == person_id))
    await tx.execute(delete(sign_in).where(sign_in.c.person_id == person_id))


async def add_record(tx: Tx, person_id: UUID, record: SignInRecord) -> None:
    row = {"at": record.at, "outcome": record.outcome, "device": record.device}
    await tx.execute(insert(sign_in).values(id=new_id(), person_id=person_id, **row))


async def records(tx: Tx, person_id: UUID, *, limit: int) -> list[SignInRecord]:
    """The newest first."""
    c = sign_in.c
    query = select(c.at, c.outcome, c.device).where(c.person_id == person_id).order_by(c.at.desc()).limit(limit)
    return [SignInRecord(row.at, Outcome(row.outcome), row.device) for row in await tx.execute(query)]


async def known_devices(tx: Tx, person_id: UUID) -> set[str]:
    """Devices from which this account was entered before."""
    c = sign_in.c
    query = select(c.device).where(c.person_id == person_id, c.outcome == Outcome.PASSED).distinct()
    return set((await tx.execute(query)).scalars())
