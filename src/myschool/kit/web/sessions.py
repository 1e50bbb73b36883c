"""Sessions in the database. The cookie holds a random token, the table its hash; small values are sealed.

A visitor without anything to remember has a token (for CSRF) but no row.

A person's session that runs out is followed by a stranger's, which keeps for that person alone what was being typed:

    signed in ──idle 30 min, or 12 h──▶ ended ──any request──▶ a stranger's, remembers whose
        ▲                                                          │           │
        └───────────────── the same person signs in ───────────────┘           └─ another signs in ──▶ forgotten
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    DateTime,
    Index,
    LargeBinary,
    String,
    Table,
    Update,
    Uuid,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.ids import token as new_token
from myschool.kit.tables import metadata
from myschool.kit.vault import Vault

PLACE = "web_session.contents"
KEPT_AFTER_END = timedelta(days=3)
"""A form left open on Friday evening is given back on Monday morning."""
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


class Ended(msgspec.Struct, omit_defaults=True):
    """A session that has run out, and the form that was sent under it. For its person only."""

    person_id: UUID
    token: str
    """Opens nothing any more, but forms that it guarded were drawn for this person in this browser."""
    path: str = ""
    fields: dict[str, str] = {}


class Contents(msgspec.Struct, omit_defaults=True):
    """What a session remembers between two pages."""

    name: str = ""
    idle_minutes: int = 0
    """Shorter than the house's own on a stranger's computer; 0: as the house has it."""
    values: dict[str, Any] = {}
    ended: Ended | None = None


_BY_TOKEN = select(web_session).where(web_session.c.token_hash == bindparam("token_hash"))
_contents = msgspec.json.Decoder(Contents)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass
class Session:
    """One browser's session during one request."""

    token: str = field(repr=False)
    person_id: UUID | None = None
    contents: Contents = field(default_factory=Contents, repr=False)
    signed_in_at: datetime | None = None
    stored: bool = False
    seen_at: datetime | None = None
    old_token: str | None = field(default=None, repr=False)
    changed: bool = False

    @classmethod
    def fresh(cls) -> "Session":
        return cls(new_token())

    @property
    def name(self) -> str:
        return self.contents.name

    @property
    def ended(self) -> Ended | None:
        """The session before this one, when it ran out: while nobody is signed in, and when its own person is again."""
        return self.contents.ended

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
        """Begins the person's session under a new token, so that a token known before is worth nothing.

        What lay in the session stays, unless it was another person's.
        """
        self._renew()
        if self.person_id not in (None, person_id):
            self.contents = Contents()
        if self.ended is not None and self.ended.person_id != person_id:
            self.contents.ended = None
        self.person_id, self.contents.name, self.signed_in_at = person_id, name, now
        self.contents.idle_minutes = idle_minutes

    def sign_out(self) -> None:
        self._renew()
        self.person_id, self.contents, self.signed_in_at = None, Contents(), None

    def keep_form(self, path: str, fields: dict[str, str]) -> None:
        """What the person of the ended session was sending, to be given back once they are here again."""
        if self.contents.ended is not None:
            self.contents.ended.path, self.contents.ended.fields = path, fields
            self.changed = True

    def take_form(self, path: str) -> dict[str, str]:
        """What was kept for the person who is signed in, on the page of this path; given back once."""
        if self.person_id is None or self.ended is None or self.ended.path != path:
            return {}
        fields = self.ended.fields
        self.ended.path, self.ended.fields = "", {}
        self.changed = True
        return fields

    def _renew(self) -> None:
        self.old_token = self.old_token or (self.token if self.stored else None)
        self.token, self.stored, self.changed = new_token(), False, True


async def load(tx: Tx, vault: Vault, token: str, now: datetime) -> Session:
    """The session of this token; a fresh one when there is none or it has ended."""
    row = (await tx.execute(_BY_TOKEN, {"token_hash": hashed(token)})).one_or_none()
    if row is None:
        return Session(token) if _TOKEN.fullmatch(token) else Session.fresh()
    if row.ends_at <= now:
        return _after(row.person_id, token)
    contents = _contents.decode(vault.open(row.contents, place=PLACE))
    return Session(token, row.person_id, contents, row.signed_in_at, True, row.seen_at)


def _after(person_id: UUID | None, token: str) -> Session:
    """Stored at once: the next request of this browser still knows whose session it was."""
    fresh = Session.fresh()
    if person_id is not None:
        fresh.contents.ended = Ended(person_id, token)
        fresh.changed = True
    return fresh


async def save(tx: Tx, vault: Vault, session: Session, agent: str, now: datetime, idle: timedelta) -> None:
    """Writes what changed; an unchanged session is only touched, once a minute."""
    if session.old_token is not None:
        await tx.execute(delete(web_session).where(web_session.c.token_hash == hashed(session.old_token)))
    if session.changed and session.stored:
        await tx.execute(_of(session).values(_row(vault, session, agent, now, idle)))
    elif session.changed and (session.person_id or session.contents != Contents()):
        row = _row(vault, session, agent, now, idle)
        fresh = insert(web_session).values(token_hash=hashed(session.token), **row)
        # Two first requests of one browser may come at once under the same token, both of a stranger.
        await tx.execute(fresh.on_conflict_do_update(index_elements=["token_hash"], set_=row))
    elif session.stored and session.seen_at is not None and now - session.seen_at >= TOUCH_EVERY:
        await tx.execute(_of(session).values(seen_at=now, ends_at=_ends_at(session, now, idle)))


def _of(session: Session) -> Update:
    """Changes the row and never makes it: a session that was ended while this request ran stays ended."""
    return update(web_session).where(web_session.c.token_hash == hashed(session.token))


def _row(vault: Vault, session: Session, agent: str, now: datetime, idle: timedelta) -> dict[str, Any]:
    return {
        "person_id": session.person_id,
        "contents": vault.seal(msgspec.json.encode(session.contents).decode(), place=PLACE),
        "agent": agent.replace("\x00", "")[:200],
        "signed_in_at": session.signed_in_at,
        "seen_at": now,
        "ends_at": _ends_at(session, now, idle),
    }


def _ends_at(session: Session, now: datetime, idle: timedelta) -> datetime:
    if session.signed_in_at is None:
        return now + (KEPT_AFTER_END if session.ended else ANONYMOUS_LIFE)
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


async def end_all_of(tx: Tx, person_ids: Sequence[UUID]) -> None:
    """As `end_all`, for many at once."""
    if person_ids:
        await tx.execute(delete(web_session).where(web_session.c.person_id.in_(person_ids)))


async def purge(tx: Tx, now: datetime) -> None:
    await tx.execute(delete(web_session).where(web_session.c.ends_at < now - KEPT_AFTER_END))


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
