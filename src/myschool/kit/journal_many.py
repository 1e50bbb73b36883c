"""The journal for whoever decides in batches: what `journal.write` does, for many chains in three statements."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import text

from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.kit.journal import ORIGIN, Facts, JournalEntry, chained, check_tag_and_facts

# The upsert that changes nothing locks the heads, and makes those of new chains. In one order, so that two who write to
# the same chains at once do not wait for each other in a circle.
_HEADS = text(
    "INSERT INTO journal_head (chain, seq, hash) SELECT chain, 0, :origin FROM unnest(CAST(:chains AS text[])) AS chain"
    " ORDER BY chain ON CONFLICT (chain) DO UPDATE SET seq = journal_head.seq RETURNING chain, seq, hash"
)
_ENTRIES = text(
    "INSERT INTO journal_entry (chain, seq, at, tag, actor, facts, hash)"
    " SELECT chain, seq, :at, tag, actor, CAST(facts AS jsonb), hash FROM unnest(CAST(:chains AS text[]),"
    " CAST(:seqs AS bigint[]), CAST(:tags AS text[]), CAST(:actors AS text[]), CAST(:facts AS text[]),"
    " CAST(:hashes AS bytea[])) AS given (chain, seq, tag, actor, facts, hash)"
)
_MOVE_HEADS = text(
    "UPDATE journal_head AS head SET seq = given.seq, hash = given.hash FROM unnest(CAST(:chains AS text[]),"
    " CAST(:seqs AS bigint[]), CAST(:hashes AS bytea[])) AS given (chain, seq, hash) WHERE head.chain = given.chain"
)


@dataclass(frozen=True)
class Line:
    """One entry to write. Lines of one chain are written in the order in which they are given."""

    chain: str
    tag: str
    actor: str
    facts: Facts


async def write(tx: Tx, lines: Sequence[Line]) -> None:
    """Raises NotForTheJournal; then nothing was written."""
    for line in lines:
        check_tag_and_facts(line.tag, line.facts)
    if not lines:
        return
    at, chains = clock.now(), sorted({line.chain for line in lines})
    found = await tx.execute(_HEADS, {"chains": chains, "origin": ORIGIN})
    heads = {row.chain: (row.seq, row.hash) for row in found}
    written: list[tuple[JournalEntry, bytes]] = []
    for line in lines:
        seq, before = heads[line.chain]
        entry = JournalEntry(line.chain, seq + 1, at, line.tag, line.actor, dict(line.facts))
        digest = chained(before, entry)
        heads[line.chain] = (entry.seq, digest)
        written.append((entry, digest))
    entries = [entry for entry, _ in written]
    given = {
        "at": at,
        "chains": [entry.chain for entry in entries],
        "seqs": [entry.seq for entry in entries],
        "tags": [entry.tag for entry in entries],
        "actors": [entry.actor for entry in entries],
        "facts": [msgspec.json.encode(entry.facts).decode() for entry in entries],
        "hashes": [digest for _, digest in written],
    }
    await tx.execute(_ENTRIES, given)
    seqs, hashes = [heads[chain][0] for chain in chains], [heads[chain][1] for chain in chains]
    await tx.execute(_MOVE_HEADS, {"chains": chains, "seqs": seqs, "hashes": hashes})
