"""The agenda for whoever decides in batches: what `agenda.put` and `agenda.withdraw` do, for many in two statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from myschool.kit import clock
from myschool.kit.agenda import Event, encoded, kind_of
from myschool.kit.db import Tx
from myschool.kit.ids import new_id

_KEYS = text(
    "INSERT INTO agenda_key (key) SELECT unnest(CAST(:keys AS text[])) ON CONFLICT (key) DO NOTHING RETURNING key"
)
_ITEMS = text(
    "INSERT INTO agenda_item (id, kind, payload, key, due_at, free_at, created_at)"
    " SELECT id, kind, payload, key, due_at, due_at, :at FROM unnest(CAST(:ids AS uuid[]), CAST(:kinds AS text[]),"
    " CAST(:payloads AS text[]), CAST(:keys AS text[]), CAST(:dues AS timestamptz[]))"
    " AS given (id, kind, payload, key, due_at)"
)
_WITHDRAW = text("DELETE FROM agenda_item WHERE key = ANY(CAST(:keys AS text[])) RETURNING key")
_FORGET = text("DELETE FROM agenda_key WHERE key = ANY(CAST(:keys AS text[]))")


_PLAIN = text(
    "INSERT INTO agenda_item (id, kind, payload, due_at, free_at, created_at)"
    " SELECT id, kind, payload, :at, :at, :at FROM unnest(CAST(:ids AS uuid[]), CAST(:kinds AS text[]),"
    " CAST(:payloads AS text[])) AS given (id, kind, payload)"
)


@dataclass(frozen=True)
class Entry:
    """One event to put. Of entries with the same key the first one counts."""

    event: Event
    key: str
    due_at: datetime | None = None


async def put(tx: Tx, entries: Sequence[Entry]) -> int:
    """How many were put: none of those whose key is known."""
    at = clock.now()
    wanted = {entry.key: entry for entry in reversed(entries)}
    if not wanted:
        return 0
    # In one order, so that two who put the same keys at once do not wait for each other in a circle.
    fresh = (await tx.execute(_KEYS, {"keys": sorted(wanted)})).scalars().all()
    found = [wanted[key] for key in fresh]
    if found:
        given = {
            "at": at,
            "ids": [new_id() for _ in found],
            "kinds": [kind_of(type(entry.event)) for entry in found],
            "payloads": [encoded(entry.event) for entry in found],
            "keys": [entry.key for entry in found],
            "dues": [entry.due_at or at for entry in found],
        }
        await tx.execute(_ITEMS, given)
    return len(found)


async def put_all(tx: Tx, events: Sequence[Event]) -> None:
    """All of them, without keys, due now."""
    if events:
        ids, kinds = [new_id() for _ in events], [kind_of(type(event)) for event in events]
        payloads = [encoded(event) for event in events]
        await tx.execute(_PLAIN, {"at": clock.now(), "ids": ids, "kinds": kinds, "payloads": payloads})


async def withdraw(tx: Tx, keys: Sequence[str]) -> int:
    """Takes the items of these keys off the agenda; how many there were."""
    gone = (await tx.execute(_WITHDRAW, {"keys": list(keys)})).scalars().all()
    if gone:
        await tx.execute(_FORGET, {"keys": gone})
    return len(gone)
