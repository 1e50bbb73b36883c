"""Many lines written at once hang together as if they had been written one after another."""

import asyncio

import pytest

from myschool.kit import journal, journal_many
from myschool.kit.db import Database
from myschool.kit.journal import NotForTheJournal
from myschool.kit.journal_many import Line
from myschool.kit.schema import metadata
from tests.conftest import MakeDb

ANNA, BORIS, VERA = "person:anna", "person:boris", "person:vera"


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(metadata)


def line(chain: str, word: str) -> Line:
    return Line(chain, f"test:{word}", "system", {"said": word, "n": 1, "well": True})


async def test_lines_of_several_chains_follow_what_was_there(db: Database) -> None:
    """New chains, old chains, two lines of one chain; afterwards one alone; every hash is right."""
    await db.run(lambda tx: journal.write(tx, ANNA, "test:first", actor="system"))
    await db.run(lambda tx: journal_many.write(tx, [line(BORIS, "a"), line(ANNA, "second"), line(ANNA, "third")]))
    await db.run(lambda tx: journal.write(tx, BORIS, "test:last", actor="system"))
    await db.run(lambda tx: journal_many.write(tx, []))
    async with db.transaction() as tx:
        assert await journal.verify(tx) == []
        assert [one.tag for one in await journal.read(tx, ANNA)] == ["test:third", "test:second", "test:first"]
        (last, first) = await journal.read(tx, BORIS)
    assert (first.facts, first.seq, last.seq) == ({"said": "a", "n": 1, "well": True}, 1, 2)


async def test_writers_of_the_same_chains_follow_each_other(db: Database) -> None:
    """In whatever order they name them: nobody waits in a circle, nothing is lost."""
    orders = [(ANNA, BORIS, VERA), (VERA, ANNA, BORIS), (BORIS, VERA, ANNA)] * 4
    await asyncio.gather(
        *(db.run(lambda tx, o=order: journal_many.write(tx, [line(one, "x") for one in o])) for order in orders)
    )
    async with db.transaction() as tx:
        assert await journal.verify(tx) == []
        assert [len(await journal.read(tx, chain)) for chain in (ANNA, BORIS, VERA)] == [12, 12, 12]


async def test_a_line_that_looks_like_personal_data_stops_them_all(db: Database) -> None:
    """Nothing is written."""
    spoilt = Line(ANNA, "test:bad", "system", {"mail": "anna@pochta.example"})
    with pytest.raises(NotForTheJournal):
        await db.run(lambda tx: journal_many.write(tx, [line(BORIS, "a"), spoilt]))
    async with db.transaction() as tx:
        assert await journal.read(tx, BORIS) == []
