"""Fourteen and eighteen on the wire: what other systems are told of a pupil, and of whom it is told to whom."""

from datetime import date, timedelta

from myschool.gosuslugi.family.actions import handing
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, LevelRaised, Move, Person
from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.kit.web import sessions
from tests.conftest import ClockAt
from tests.gosuslugi.provider.houses import ESIA, Houses
from tests.gosuslugi.provider.parts import access_token, read

BORN = date(2012, 11, 26)


async def hands_over(houses: Houses, child: Person) -> Person:
    """As `signin` and the family do it once the registers confirmed the passport."""
    vault, now = houses.gosuslugi.vault, clock.now()

    async def work(tx: Tx) -> Person:
        await people.raise_level(tx, vault, child.id, Move.HAND_OVER, actor="system", now=now)
        await sessions.end_all(tx, child.id, now)
        await handing.hand_over(tx, vault, LevelRaised(person_id=child.id, level=Level.STANDARD), now)
        return await people.by_id(tx, vault, child.id)

    return await houses.gosuslugi.db.run(work)


async def kids(houses: Houses, mother: Person, token: str) -> list[dict[str, object]]:
    answer = await read(houses, f"/rs/prns/{mother.oid}/kids", token, {"embed": "(elements)"})
    assert answer.status_code == 200
    elements: list[dict[str, object]] = answer.json()["elements"]
    return elements


async def test_the_pupil_stays_the_same_for_other_systems_after_the_hand_over(
    houses: Houses, clock_at: ClockAt
) -> None:
    """The same number, before and after; the mother is still told of the child, and that she only reads."""
    clock_at("2026-11-27T09:00:00+03:00")
    mother = await houses.person()
    child = await houses.child(mother, born=BORN)
    hers, _ = await access_token(houses, mother)
    before = await kids(houses, mother, hers)
    grown = await hands_over(houses, child)
    assert (grown.oid, grown.level) == (child.oid, Level.STANDARD)
    assert await kids(houses, mother, hers) == [one | {"onlyReads": True} for one in before]
    assert len(before) == 1
    fresh, _ = await access_token(houses, grown, ("openid", "fullname"))
    assert (await read(houses, f"/rs/prns/{child.oid}", fresh)).json()["firstName"] == "Алёна"


async def test_at_eighteen_the_mother_is_told_of_nobody_and_the_pupil_stays(houses: Houses, clock_at: ClockAt) -> None:
    """To the second, with tokens of a minute before, and before any worker has looked."""
    time = clock_at("2030-11-25T23:59:00+03:00")
    mother = await houses.person()
    child = await houses.child(mother, born=BORN)
    grown = await hands_over(houses, child)
    hers, _ = await access_token(houses, mother)
    own, _ = await access_token(houses, grown, ("openid", "fullname"))
    time.advance(timedelta(seconds=59))
    (one,) = (await read(houses, f"/rs/prns/{mother.oid}/kids", hers)).json()["elements"]
    time.advance(timedelta(seconds=1))
    assert await kids(houses, mother, hers) == []
    assert (await read(houses, one.removeprefix(ESIA), hers)).status_code in (403, 404)
    assert (await read(houses, f"/rs/prns/{child.oid}", own)).status_code == 200
