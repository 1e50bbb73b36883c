"""The portal's «Недоставленное»: for operators only; sent again once, laid aside with a reason, in the journal."""

import asyncio
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from myschool.kit import agenda, clock, journal
from myschool.kit.agenda import agenda_item
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.letters import LetterDue
from myschool.portal.operators import actions as operators
from tests.portal.content.conftest import CSRF, PORTAL, Browser, World

LIST = "/operator/agenda"


@pytest.fixture
async def desk(world: World) -> Browser:
    """An operator of the portal, signed in through Госуслуги."""
    snils = world.stranger.snils
    assert snils is not None
    await world.db.run(lambda tx: operators.appoint_once(tx, world.vault, snils, by="system", now=clock.now()))
    return await world.browser().signed_in(world.stranger)


async def dead_letter(world: World) -> UUID:
    """A letter that no post office took."""
    letter = LetterDue(letter_id=new_id())

    async def make(tx: Tx) -> UUID:
        await agenda.put(tx, letter, key=f"dead:{letter.letter_id}")
        dead = {"state": "dead", "attempts": 12, "error": "SmtpRefused", "trace": "4F7D-29GN", "failed_at": clock.now()}
        mine = agenda_item.c.key == f"dead:{letter.letter_id}"
        made: UUID = (
            await tx.execute(update(agenda_item).where(mine).values(dead).returning(agenda_item.c.id))
        ).scalar_one()
        return made

    return await world.db.run(make)


async def dead_now(world: World) -> list[UUID]:
    return [item.id for item in await world.db.run(agenda.dead)]


async def waiting(world: World) -> int:
    c = agenda_item.c
    query = select(func.count()).where(c.key.startswith("dead:"), c.state == "waiting")
    async with world.db.transaction() as tx:
        found: int = (await tx.execute(query)).scalar_one()
    return found


async def told(world: World) -> list[tuple[str, str]]:
    async with world.db.transaction() as tx:
        return [(entry.tag, entry.actor) for entry in await journal.read(tx, "portal:agenda")]


async def token_of(browser: Browser, path: str = "/") -> str:
    found = CSRF.search((await browser.open(path)).text)
    assert found is not None
    return found[1]


async def test_the_list_tells_kind_error_and_trace_and_nobody(world: World, desk: Browser) -> None:
    """Empty it says so; the kind has words of the portal, and nothing of the letter stands there."""
    assert "Здесь пусто" in (await desk.open(LIST)).text
    await dead_letter(world)
    page = unescape((await desk.open(LIST)).text)
    page = page.replace("\xa0", " ")
    for words in ("Письмо или СМС", "SmtpRefused", "4F7D-29GN"):
        assert words in page
    assert "letter_id" not in page


async def test_pressed_four_times_at_once_it_is_sent_again_once(world: World, desk: Browser) -> None:
    """The other one stays; the journal names the operator."""
    item, other = await dead_letter(world), await dead_letter(world)
    press = {"csrf": await token_of(desk, LIST)}
    await asyncio.gather(*(desk.http.post(f"{PORTAL}{LIST}/{item}/again", data=press) for _ in range(4)))
    assert await dead_now(world) == [other]
    assert await waiting(world) == 1
    assert await told(world) == [("agenda:sent_again", f"operator:{world.stranger.id}")]


async def test_it_is_laid_aside_with_a_reason(world: World, desk: Browser) -> None:
    """Without one, or with somebody's mailbox in it: 422, and it stays."""
    item = await dead_letter(world)
    address = f"{LIST}/{item}/aside"
    for reason, status in (("", 422), ("Ящика olga@pochta.example нет", 422), ("Ящика больше нет", 200)):
        press = {"csrf": await token_of(desk, address), "reason": reason}
        assert (await desk.http.post(PORTAL + address, data=press)).status_code == status, reason
        assert (await dead_now(world) == []) is (status == 200)
    assert await told(world) == [("agenda:laid_aside", f"operator:{world.stranger.id}")]


@pytest.mark.parametrize("who", ["pupil", "parent", "dismissed"])
async def test_nobody_else_looks_or_presses(world: World, desk: Browser, who: str) -> None:
    """A pupil, a parent, and who was an operator until a moment ago in an open session."""
    item = await dead_letter(world)
    if who == "dismissed":
        snils = world.stranger.snils
        assert snils is not None
        await world.db.run(lambda tx: operators.dismiss(tx, world.vault, snils, by="system", now=clock.now()))
        other = desk
    else:
        other = await world.browser().signed_in(world.pupil if who == "pupil" else world.parent)
    press = {"csrf": await token_of(other), "kind": "kit.letter", "reason": "Так"}
    for address in (LIST, f"{LIST}/{item}/aside"):
        assert (await other.open(address)).status_code == 403, address
    for address in (f"{LIST}/again", f"{LIST}/{item}/again", f"{LIST}/{item}/aside"):
        assert (await other.http.post(PORTAL + address, data=press)).status_code == 403, address
    assert await dead_now(world) == [item]
    assert await told(world) == []


async def test_strangers_are_led_to_the_door(world: World, desk: Browser) -> None:
    """Госуслуги ask for the second factor there, so no page of an operator opens without one."""
    await dead_letter(world)
    answer = await world.browser().http.get(PORTAL + LIST, follow_redirects=False)
    assert answer.status_code == 303
    assert "/login" in answer.headers["location"]
