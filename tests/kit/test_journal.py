"""The journal only grows, and whoever changes it behind our back is found."""

import asyncio
import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from myschool.kit import journal
from myschool.kit.db import Database
from myschool.kit.journal import Break, Damage, NotForTheJournal, check_tag_and_facts
from myschool.kit.schema import metadata as kit_metadata
from tests.conftest import ClockAt, MakeDb

ANNA = "person:anna"
SCHOOL = "school:1027700132195"


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(kit_metadata)


async def write(db: Database, chain: str, *words: str) -> None:
    async with db.transaction() as tx:
        for word in words:
            await journal.write(tx, chain, "join_request:approved", actor="system", facts={"word": word})


async def meddle(db: Database, statement: str) -> list[Break]:
    async with db.transaction() as tx:
        await tx.execute(text(statement))
    async with db.transaction() as tx:
        return await journal.verify(tx)


async def test_written_and_read(db: Database, clock_at: ClockAt) -> None:
    """A person reads their own chain, the newest first, page by page."""
    time = clock_at("2026-09-01T08:00:00.123456+03:00")
    async with db.transaction() as tx:
        facts = {"grade": 5, "first": True, "words": "5А «ёж»"}
        written = await journal.write(tx, ANNA, "join_request:approved", actor="person:head", facts=facts)
    await write(db, ANNA, "b", "c")
    await write(db, SCHOOL, "d")
    async with db.transaction() as tx:
        newest = await journal.read(tx, ANNA, limit=2)
        assert [entry.facts["word"] for entry in newest] == ["c", "b"]
        [oldest] = await journal.read(tx, ANNA, before=newest[-1].seq)
        assert await journal.verify(tx) == []
    assert oldest == written
    assert (oldest.seq, oldest.at, oldest.actor, oldest.facts) == (1, time.at, "person:head", facts)


async def test_rolled_back(db: Database) -> None:
    """An entry of a transaction that failed is not there, and leaves no gap."""
    await write(db, ANNA, "a")
    async with db.transaction() as tx:
        await journal.write(tx, ANNA, "join_request:approved", actor="system")
        await tx.rollback()
    await write(db, ANNA, "b")
    async with db.transaction() as tx:
        assert [entry.seq for entry in await journal.read(tx, ANNA)] == [2, 1]
        assert await journal.verify(tx) == []


async def test_writers_of_one_chain(db: Database) -> None:
    """Many who write into one chain at once stand in a row, from the very first entry."""
    await asyncio.gather(*(write(db, ANNA, str(n)) for n in range(20)))
    async with db.transaction() as tx:
        entries = await journal.read(tx, ANNA)
        assert [entry.seq for entry in entries] == list(range(20, 0, -1))
        assert {entry.facts["word"] for entry in entries} == {str(n) for n in range(20)}
        assert await journal.verify(tx) == []


async def test_chains_do_not_wait(db: Database) -> None:
    """A chain that somebody is writing holds up no other."""
    async with db.transaction() as tx:
        await journal.write(tx, ANNA, "join_request:approved", actor="system")
        await asyncio.wait_for(write(db, SCHOOL, "a"), 2)


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ('UPDATE journal_entry SET facts = \'{"word": "x"}\' WHERE seq = 2', [Break(ANNA, 2, Damage.EDITED)]),
        ("UPDATE journal_entry SET actor = 'person:other' WHERE seq = 3", [Break(ANNA, 3, Damage.EDITED)]),
        ("UPDATE journal_entry SET at = at + interval '1 microsecond' WHERE seq = 1", [Break(ANNA, 1, Damage.EDITED)]),
        ("DELETE FROM journal_entry WHERE seq = 1", [Break(ANNA, 2, Damage.MISSING)]),
        ("DELETE FROM journal_entry WHERE seq = 2", [Break(ANNA, 3, Damage.MISSING)]),
        ("DELETE FROM journal_entry WHERE seq = 3", [Break(ANNA, 3, Damage.NEWEST_MISSING)]),
        ("DELETE FROM journal_entry", [Break(ANNA, 3, Damage.NEWEST_MISSING)]),
        ("DELETE FROM journal_head", [Break(ANNA, 3, Damage.HEAD_DIFFERS)]),
        ("UPDATE journal_head SET seq = 2", [Break(ANNA, 3, Damage.HEAD_DIFFERS)]),
        ("UPDATE journal_head SET hash = '\\x00'", [Break(ANNA, 3, Damage.HEAD_DIFFERS)]),
    ],
)
async def test_meddling_is_found(db: Database, what: str, found: list[Break]) -> None:
    """An entry that was edited, or taken from the beginning, the middle or the end, is named."""
    await write(db, ANNA, "a", "b", "c")
    assert await meddle(db, what) == found


async def test_swapped_is_found(db: Database) -> None:
    """Two entries that changed places are both named."""
    await write(db, ANNA, "a", "b", "c", "d")
    found = await meddle(db, "UPDATE journal_entry SET seq = CASE seq WHEN 2 THEN 30 ELSE 20 END WHERE seq IN (2, 3)")
    assert found
    found = await meddle(db, "UPDATE journal_entry SET seq = seq / 10 WHERE seq > 10")
    assert {entry.seq for entry in found} >= {2, 3}
    assert {entry.damage for entry in found} == {Damage.EDITED}


async def test_one_broken_chain_among_others(db: Database) -> None:
    """Damage in one chain is told of that chain alone, whether one is asked for or all."""
    await write(db, ANNA, "a", "b")
    await write(db, SCHOOL, "a", "b")
    found = await meddle(db, f"UPDATE journal_entry SET tag = 'a:b' WHERE chain = '{SCHOOL}' AND seq = 1")
    assert found == [Break(SCHOOL, 1, Damage.EDITED)]
    async with db.transaction() as tx:
        assert await journal.verify(tx, ANNA) == []
        assert await journal.verify(tx, SCHOOL) == found


@pytest.mark.parametrize(
    "value",
    ["112-233-445 95", "11223344595", 11223344595, "+7 (999) 123-45-67", "8 999 123 45 67", "a@b.ru", "о: x@y.z"],
)
def test_personal_facts_refused(value: str | int) -> None:
    """What looks like an insurance number, a telephone or an address of mail is refused and not repeated."""
    with pytest.raises(NotForTheJournal) as raised:
        check_tag_and_facts("child:added", {"what": value})
    assert str(value) not in str(raised.value)
    assert raised.value.fact == "what"


@pytest.mark.parametrize(
    "value", ["1027700132195", "7701234567", "770123456789", "2026-11-23", "2026-09-01 2027-05-31", "5А", 12, True, ""]
)
def test_ordinary_facts_kept(value: str | int) -> None:
    """Numbers of organisations, dates and ranges of dates are no personal data."""
    check_tag_and_facts("child:added", {"what": value})


@given(st.uuids())
def test_identifiers_kept(identifier: object) -> None:
    """An identifier is a fact, whatever digits it is made of."""
    check_tag_and_facts("child:added", {"person": f"person:{identifier}"})


@pytest.mark.parametrize("tag", ["", "approved", "join request:approved", "a:b:c", "A:b"])
def test_tags(tag: str) -> None:
    """A tag is `subject:action`."""
    with pytest.raises(NotForTheJournal):
        check_tag_and_facts(tag, {})


def test_nothing_changes_entries() -> None:
    """No line of the program updates or deletes journal entries."""
    change = re.compile(r"(update|delete)\(\s*journal_entry|(update|delete from)\s+journal_entry", re.IGNORECASE)
    source = Path(journal.__file__).parents[1]
    guilty = [path.name for path in source.rglob("*.py") if change.search(path.read_text())]
    assert guilty == []


def test_canonical_bytes() -> None:
    """The canonical form is what it was: were it changed, every old chain would look broken."""
    at = datetime(2026, 1, 2, 3, 4, 5, 6, UTC)
    entry = journal.JournalEntry("c", 1, at, "a:b", "x", {"b": True, "a": 1, "ё": "ю"})
    canonical = '["c",1,"2026-01-02T03:04:05.000006+00:00","a:b","x",{"a":1,"b":true,"ё":"ю"}]'
    assert journal.chained(journal.ORIGIN, entry) == hashlib.sha256(bytes(32) + canonical.encode()).digest()
