"""Sessions in the database. The cookie holds a random token, the table its hash; small values are sealed.

A visitor without anything to remember has a token (for CSRF) but no row.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, DateTime, Index, LargeBinary, String, Table, Uuid, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.ids import token as new_token
from myschool.kit.tables import metadata
from myschool.kit.vault import Vault

PLACE = "web_session.contents"
KEPT_AFTER_END = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
ANONYMOUS_LIFE = timedelta(hours=2)
LONGEST = timedelta(hours=12)

web_session = Table(
    "web_session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("person_id", Uuid),
    Column("contents", LargeBinary, nullable=False, info={"sealed": PLACE}),
    Column("agent", String(200), nullable=False),
    Column("signed_in_at", DateTime(timezone=True)),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Index("web_session_person_id_idx", "person_id"),
    Index("web_session_ends_at_idx", "ends_at"),
)


class Contents(msgspec.Struct, omit_defaults=True):
    """What a session remembers between two pages."""

    name: str = ""
    idle_minutes: int = 0
    """Shorter than the house's own on a stranger's computer; 0: as the house has it."""
    values: dict[str, Any] = {}


@dataclass
class Session:
    """One browser's session during one request."""

    token: str
    person_id: UUID | None = None
    contents: Contents = field(default_factory=Contents, repr=False)
    signed_in_at: datetime | None = None
    stored: bool = False
    seen_at: datetime | None = None
    ended_person_id: UUID | None = None
    """Whose session it was, when it has just run out."""
    old_token: str | None = None
    changed: bool = False

    @classmethod
    def fresh(cls) -> "Session":
        return cls(new_token())

    @property
    def name(self) -> str:
        return self.contents.name

    def get(self, key: str) -> Any:
        return self.contents.values.get(key)

    def put(self, key: str, value: Any) -> None:
        """`value` is plain JSON."""
        self.contents.values[key] = value
        self.changed = True

    def pop(self, key: str) -> Any:
        if key not in self.contents.values:
            return None
        self.changed = True
        return self.contents.values.pop(key)

    def sign_in(self, person_id: UUID, name: str, now: datetime, *, idle_minutes: int = 0) -> None:
        """Begins the person's session under a new token, so that a token known before is worth nothing."""
        self._renew()
        self.person_id, self.contents.name, self.signed_in_at = person_id, name, now
        self.contents.idle_minutes = idle_minutes

    def sign_out(self) -> None:
        self._renew()
        self.person_id, self.contents, self.signed_in_at = None, Contents(), None

    def _renew(self) -> None:
        self.old_token = self.old_token or (self.token if self.stored else None)
        self.token, self.stored, self.changed = new_token(), False, True


async def load(tx: Tx, vault: Vault, token: str, now: datetime) -> Session:
    """The session of this token; a fresh one when there is none or it has ended."""
    query = select(web_session).where(web_session.c.token_hash == hashed(token))
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return Session(token) if _plausible(token) else Session.fresh()
    if row.ends_at <= now:
        fresh = Session.fresh()
        fresh.ended_person_id = row.person_id
        return fresh
    contents = msgspec.json.decode(vault.open(row.contents, place=PLACE), type=Contents)
    return Session(token, row.person_id, contents, row.signed_in_at, True, row.seen_at)


async def save(tx: Tx, vault: Vault, session: Session, agent: str, now: datetime, idle: timedelta) -> None:
    """Writes what changed; an unchanged session is only touched, once a minute."""
    if session.old_token is not None:
        await tx.execute(delete(web_session).where(web_session.c.token_hash == hashed(session.old_token)))
    if session.changed and (session.person_id or session.contents.values or session.stored):
        await _upsert(tx, vault, session, agent, now, idle)
    elif session.stored and session.seen_at is not None and now - session.seen_at >= TOUCH_EVERY:
        ends_at = _ends_at(session, now, idle)
        touched = update(web_session).where(web_session.c.token_hash == hashed(session.token))
        await tx.execute(touched.values(seen_at=now, ends_at=ends_at))


async def _upsert(tx: Tx, vault: Vault, session: Session, agent: str, now: datetime, idle: timedelta) -> None:
    row = {
        "token_hash": hashed(session.token),
        "person_id": session.person_id,
        "contents": vault.seal(msgspec.json.encode(session.contents).decode(), place=PLACE),
        "agent": agent[:200],
        "signed_in_at": session.signed_in_at,
        "seen_at": now,
        "ends_at": _ends_at(session, now, idle),
    }
    await tx.execute(insert(web_session).values(row).on_conflict_do_update(index_elements=["token_hash"], set_=row))


def _ends_at(session: Session, now: datetime, idle: timedelta) -> datetime:
    if session.signed_in_at is None:
        return now + ANONYMOUS_LIFE
    own = timedelta(minutes=session.contents.idle_minutes)
    return min(now + (min(own, idle) if own else idle), session.signed_in_at + LONGEST)


@dataclass(frozen=True)
class OpenSession:
    """A session that authorises now. `key` names it on a page and is worth nothing in a cookie."""

    key: str
    agent: str
    signed_in_at: datetime
    seen_at: datetime


async def open_sessions(tx: Tx, person_id: UUID, now: datetime) -> list[OpenSession]:
    """Where this person is signed in, the last seen first."""
    c = web_session.c
    query = select(c.token_hash, c.agent, c.signed_in_at, c.seen_at).where(c.person_id == person_id, c.ends_at > now)
    rows = await tx.execute(query.order_by(c.seen_at.desc()))
    return [OpenSession(row.token_hash.hex(), row.agent, row.signed_in_at, row.seen_at) for row in rows]


async def end_others(tx: Tx, person_id: UUID, kept: Session) -> None:
    """Ends every session of the person but this one."""
    c = web_session.c
    await tx.execute(delete(web_session).where(c.person_id == person_id, c.token_hash != hashed(kept.token)))


async def end_one(tx: Tx, person_id: UUID, key: str) -> bool:
    """False when the person has no such session."""
    try:
        token_hash = bytes.fromhex(key)
    except ValueError:
        return False
    c = web_session.c
    gone = delete(web_session).where(c.person_id == person_id, c.token_hash == token_hash).returning(c.token_hash)
    return (await tx.execute(gone)).first() is not None


async def end_all(tx: Tx, person_id: UUID, now: datetime) -> None:
    """From this moment no session of this person authorises anything."""
    await tx.execute(delete(web_session).where(web_session.c.person_id == person_id))


async def purge(tx: Tx, now: datetime) -> None:
    await tx.execute(delete(web_session).where(web_session.c.ends_at < now - KEPT_AFTER_END))


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _plausible(token: str) -> bool:
    return len(token) == 43 and token.isascii()
