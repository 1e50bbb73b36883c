"""The operator's pages are closed to everybody else, and open only as long as the operator is one."""

from uuid import uuid4

import pytest

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.operating import actions as operating
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Person
from myschool.kit import agenda, clock, journal
from tests.gosuslugi.family.browser import ORIGIN, Browser
from tests.gosuslugi.family.conftest import Home
from tests.gosuslugi.operating.dead import dead_letter, dead_now

SOME = uuid4()
PAGES = ["/operator", "/operator/agenda", f"/operator/agenda/{SOME}/aside"]
ACTS = [
    f"/operator/checks/{SOME}/once-more",
    "/operator/agenda/again",
    f"/operator/agenda/{SOME}/again",
    f"/operator/agenda/{SOME}/aside",
]


@pytest.mark.parametrize("actor", ["olga", "artyom", "lyudmila"])
async def test_nobody_else_gets_in(
    home: Home, desk: Browser, actor: str, olga: Person, artyom: Person, lyudmila: Person
) -> None:
    """A mother, an account that is not confirmed, a clerk: no page, no act."""
    async with home.db.transaction() as tx:
        await centre.appoint(tx, lyudmila.id, "Центр на Советской, 5", actor="system", now=clock.now())
    item = await dead_letter(home)
    await desk.sign_in({"olga": olga, "artyom": artyom, "lyudmila": lyudmila}[actor])
    for address in PAGES:
        assert (await desk.open(address)).status_code == 403, address
    for address in [*ACTS, f"/operator/agenda/{item}/again", f"/operator/agenda/{item}/aside"]:
        await desk.open("/family/add")
        fields = {"kind": "kit.letter", "reason": "Так"}
        assert (await desk.press(address, fields)).status_code == 403, address
    assert await dead_now(home) == [item]


async def test_strangers_are_led_to_the_door(home: Home, desk: Browser) -> None:
    """By GET; and a POST without a session does nothing."""
    item = await dead_letter(home)
    desk.client.cookies.clear()
    for address in PAGES:
        await desk.open(address)
        assert desk.path == "/login", address
    answer = await desk.client.post(f"/operator/agenda/{item}/again", data={"csrf": "x"}, headers={"Origin": ORIGIN})
    assert answer.status_code in (303, 403)
    assert await dead_now(home) == [item]


async def test_a_forged_form_changes_nothing(home: Home, desk: Browser) -> None:
    """From another site, and without the page's own token."""
    item = await dead_letter(home)
    await desk.open("/operator/agenda")
    address = f"/operator/agenda/{item}/again"
    elsewhere = {"Origin": "https://evil.example"}
    for data, headers in (({"csrf": desk.csrf}, elsewhere), ({"csrf": "forged"}, {"Origin": ORIGIN})):
        assert (await desk.client.post(address, data=data, headers=headers)).status_code == 403
    assert await dead_now(home) == [item]


async def test_dismissed_is_closed_at_once_and_stays_closed(home: Home, desk: Browser, vera: Person) -> None:
    """In the session that is open; and the stage does not appoint again whom somebody dismissed."""
    assert (await desk.open("/operator")).status_code == 200
    async with home.db.transaction() as tx:
        await operating.dismiss(tx, vera.id, by="system", now=clock.now())
    assert (await desk.open("/operator")).status_code == 403
    async with home.db.transaction() as tx:
        await operating.appoint_once(tx, vera.id, by="system", now=clock.now())
    assert (await desk.open("/operator/agenda")).status_code == 403
    async with home.db.transaction() as tx:
        tags = {entry.tag for entry in await journal.read(tx, chain_of(vera.id))}
    assert {"operator:appointed", "operator:dismissed"} <= tags


async def test_an_appointed_account_that_is_not_confirmed_is_no_operator(
    home: Home, desk: Browser, artyom: Person
) -> None:
    """Whatever the table says."""
    async with home.db.transaction() as tx:
        await operating.appoint_once(tx, artyom.id, by="system", now=clock.now())
    await desk.sign_in(artyom)
    assert (await desk.open("/operator")).status_code == 403


async def test_monitoring_needs_its_token(desk: Browser) -> None:
    """Without one in the settings there is nothing at that address, whoever asks and with whatever."""
    for shown in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer secret"}):
        assert (await desk.client.get("/operator/metrics", headers=shown)).status_code == 404


async def test_nothing_waits_twice_for_what_is_not_there(home: Home, desk: Browser) -> None:
    """Addresses that lead to nothing are not found."""
    await desk.open("/operator/agenda")
    assert (await desk.open("/operator/agenda/none/aside")).status_code == 404
    assert (await desk.open(f"/operator/agenda/{SOME}/aside")).status_code == 404
    await dead_letter(home)
    await desk.open("/operator/agenda")
    assert (await desk.press(f"/operator/checks/{SOME}/once-more")).status_code == 404
    assert await home.db.run(agenda.dead)
