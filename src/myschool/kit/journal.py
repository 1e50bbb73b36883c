"""Append-only record of who did what to whom. Entries of one chain (`person:<uuid>`, `school:<ogrn>`) hang together by
hashes, so a change behind our back is found; chains do not wait for each other.

    hash(n) = SHA-256(hash(n-1) · canonical bytes of entry n), hash(0) = 32 zero bytes; the head repeats the last

A person reads their own journal, so facts are for people: identifiers and words of the domain, never СНИЛС, documents,
addresses of mail or telephone numbers. Whoever rewrites entries, all later hashes and the head leaves no trace here.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    LargeBinary,
    Row,
    Table,
    Text,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.kit.tables import metadata

Fact = str | int | bool
Facts = Mapping[str, Fact]

ORIGIN = bytes(32)

_Row = Row[Any] | Any  # an entry beside its chain's head, as `verify` reads them


class NotForTheJournal(Exception):
    """The tag has the wrong form, or a fact looks like personal data. `fact` names it; its value is not repeated."""

    def __init__(self, tag: str, fact: str = "") -> None:
        super().__init__(f"{tag} {fact}".strip())
        self.tag = tag
        self.fact = fact


@dataclass(frozen=True)
class JournalEntry:
    """«Запись журнала». `actor` is who did it: `person:<uuid>`, `system`, …; `tag` is `subject:action`."""

    chain: str
    seq: int
    at: datetime
    tag: str
    actor: str
    facts: Facts


class Damage(StrEnum):
    """What `verify` finds."""

    EDITED = "edited"  # the entry or its predecessor is not what was written
    MISSING = "missing"  # entries before this one are gone
    NEWEST_MISSING = "newest_missing"  # the head knows later entries
    HEAD_DIFFERS = "head_differs"  # the head is gone, behind, or has another hash


@dataclass(frozen=True)
class Break:
    chain: str
    seq: int
    damage: Damage


journal_entry = Table(
    "journal_entry",
    metadata,
    Column("chain", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("tag", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

journal_head = Table(
    "journal_head",
    metadata,
    Column("chain", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)


async def write(tx: Tx, chain: str, tag: str, *, actor: str, facts: Facts = MappingProxyType({})) -> JournalEntry:
    """Adds an entry to the chain. Two writers of one chain follow each other: the second waits for the first to commit.

    Raises NotForTheJournal.
    """
    check_tag_and_facts(tag, facts)
    head = journal_head
    # The upsert that changes nothing locks the head, and makes it when the chain is new.
    locked = (
        upsert(head)
        .values(chain=chain, seq=0, hash=ORIGIN)
        .on_conflict_do_update(index_elements=[head.c.chain], set_={"seq": head.c.seq})
        .returning(head.c.seq, head.c.hash)
    )
    seq, before = (await tx.execute(locked)).one()
    entry = JournalEntry(chain, seq + 1, clock.now(), tag, actor, dict(facts))
    digest = chained(before, entry)
    await tx.execute(
        insert(journal_entry).values(
            chain=chain, seq=entry.seq, at=entry.at, tag=tag, actor=actor, facts=dict(facts), hash=digest
        )
    )
    await tx.execute(update(head).where(head.c.chain == chain).values(seq=entry.seq, hash=digest))
    return entry


async def read(tx: Tx, chain: str, *, limit: int = 50, before: int | None = None) -> list[JournalEntry]:
    """The newest entries first; `before` is the `seq` of the last one already seen."""
    c = journal_entry.c
    query = select(c.chain, c.seq, c.at, c.tag, c.actor, c.facts).where(c.chain == chain)
    if before is not None:
        query = query.where(c.seq < before)
    rows = await tx.execute(query.order_by(c.seq.desc()).limit(limit))
    return [JournalEntry(*row) for row in rows]


async def verify(tx: Tx, chain: str | None = None) -> list[Break]:
    """What is wrong with the given chain, or with any. Reads the entries as a stream, whatever their number."""
    return [found async for found in _breaks(tx, chain)]


async def _breaks(tx: Tx, chain: str | None) -> AsyncIterator[Break]:
    e, h = journal_entry.c, journal_head.c
    name = func.coalesce(e.chain, h.chain)
    query = (
        select(
            name.label("chain"),
            e.seq,
            e.at,
            e.tag,
            e.actor,
            e.facts,
            e.hash,
            h.seq.label("head_seq"),
            h.hash.label("head_hash"),
        )
        .select_from(journal_entry.outerjoin(journal_head, e.chain == h.chain, full=True))
        .order_by(name, literal_column("seq"))
    )
    if chain is not None:
        query = query.where(name == chain)
    result = await tx.stream(query.execution_options(yield_per=1000))
    last: _Row | None = None
    async for row in result:
        first = last is None or last.chain != row.chain
        if first and last is not None:
            for found in _judged_head(last):
                yield found
        if row.seq is not None:
            expected, before = (1, ORIGIN) if first or last is None else (last.seq + 1, last.hash)
            if row.seq != expected:
                yield Break(row.chain, row.seq, Damage.MISSING)
            elif chained(before, _entry(row)) != row.hash:
                yield Break(row.chain, row.seq, Damage.EDITED)
        last = row
    if last is not None:
        for found in _judged_head(last):
            yield found


def _judged_head(last: _Row) -> list[Break]:
    """`last` is the newest entry of a chain beside the chain's head; either may be absent."""
    if last.seq is None:
        return [Break(last.chain, last.head_seq, Damage.NEWEST_MISSING)] if last.head_seq else []
    if last.head_seq is not None and last.head_seq > last.seq:
        return [Break(last.chain, last.head_seq, Damage.NEWEST_MISSING)]
    if last.head_seq != last.seq or last.head_hash != last.hash:
        return [Break(last.chain, last.seq, Damage.HEAD_DIFFERS)]
    return []


def _entry(row: _Row) -> JournalEntry:
    return JournalEntry(row.chain, row.seq, row.at, row.tag, row.actor, row.facts)


def chained(before: bytes, entry: JournalEntry) -> bytes:
    """Hash of the entry after one whose hash is `before`. Canonical bytes: a JSON array, facts sorted by name."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    canonical = msgspec.json.encode(
        [entry.chain, entry.seq, at, entry.tag, entry.actor, dict(entry.facts)], order="sorted"
    )
    return hashlib.sha256(before + canonical).digest()


_TAG = re.compile(r"[a-z][a-z0-9_]*:[a-z][a-z0-9_]*")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# Eleven digits however separated: a telephone or an insurance number. Tax and register numbers have 10, 12, 13 or 15.
_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d(?:[ \-()\u2010-\u2015\u00a0]*\d){10}(?![ \-()]*\d)")


def check_tag_and_facts(tag: str, facts: Facts) -> None:
    """A simple guard, no proof: it stops what plainly looks like an e-mail address or an eleven-digit number."""
    if not _TAG.fullmatch(tag):
        raise NotForTheJournal(tag)
    for name, value in facts.items():
        said = _UUID.sub("", str(value))
        if _MAIL.search(said) or _ELEVEN_DIGITS.search(said) or "\0" in said:
            raise NotForTheJournal(tag, name)
