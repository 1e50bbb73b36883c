"""A guardianship that ended opens nothing here either, from that moment, whatever the open session was told."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from myschool.gosuslugi.family.model import GuardianshipState
from myschool.gosuslugi.family.store import guardianships
from myschool.gosuslugi.grants import actions as grants
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.kit.web import sessions
from myschool.portal.consents import actions as consents
from myschool.portal.people import actions as people
from tests.conftest import ClockAt
from tests.gosuslugi.provider.houses import ESIA, PORTAL, Browser, Houses

MORNING = "2026-11-23T09:00:00+03:00"


async def registered(houses: Houses, person: Person, profile: str) -> Browser:
    browser = houses.browser()
    await browser.sign_in(person)
    page = await browser.press(await browser.open(PORTAL), action="/login/esia")
    if "/access/consent/" in page.url:
        page = await browser.press(page, {"answer": "grant"})
    await browser.press(page, {"profile": profile, "agreed": "1"})
    return browser


async def family(houses: Houses) -> tuple[Person, Browser, str]:
    """A mother in the portal, and her child, who has been there too; the child's number in the portal."""
    mother = await houses.person()
    child = await houses.child(mother)
    vault = houses.gosuslugi.vault
    await houses.gosuslugi.db.run(
        lambda tx: grants.permit_child(tx, vault, mother.id, child.id, "MYSCHOOL", clock.now())
    )
    await registered(houses, child, "learner")
    known = await houses.portal.db.run(lambda tx: people.find_by_oid(tx, houses.portal.vault, child.oid))
    assert known is not None
    return mother, await registered(houses, mother, "guardian"), str(known.id)


async def move(houses: Houses, guardian: Person, state: GuardianshipState) -> None:
    """As when a court has spoken."""
    change = guardianships.guardianship.update().where(guardianships.guardianship.c.guardian_id == guardian.id)
    await houses.gosuslugi.db.run(lambda tx: tx.execute(change.values(state=state.value)))


async def consented(houses: Houses, child_id: str) -> bool:
    return await houses.portal.db.run(lambda tx: consents.standing(tx, UUID(child_id))) is not None


@pytest.mark.parametrize("state", [GuardianshipState.SUSPENDED, GuardianshipState.ENDED])
async def test_the_open_session_of_an_ended_guardian_shows_no_child(houses: Houses, state: GuardianshipState) -> None:
    """The next page already, in the same browser, without signing in anew; resumed, the child is there again."""
    mother, browser, child_id = await family(houses)
    assert "Алёна" in (await browser.open(f"{PORTAL}/family")).words
    assert f"/consents/{child_id}/give" in (await browser.open(f"{PORTAL}/consents")).text
    await move(houses, mother, state)
    assert "Алёна" not in (await browser.open(f"{PORTAL}/family")).words
    assert child_id not in (await browser.open(f"{PORTAL}/consents")).text
    await move(houses, mother, GuardianshipState.ACTIVE)
    assert "Алёна" in (await browser.open(f"{PORTAL}/family")).words


async def test_a_form_drawn_before_the_end_gives_no_consent(houses: Houses) -> None:
    """The button was on the page while the guardianship stood; pressed after its end it does nothing."""
    mother, browser, child_id = await family(houses)
    page = await browser.open(f"{PORTAL}/consents")
    await move(houses, mother, GuardianshipState.SUSPENDED)
    answer = await browser.press(page, action=f"/consents/{child_id}/give")
    assert answer.status == 404
    assert not await consented(houses, child_id)


async def test_a_child_added_meanwhile_appears_without_signing_in_anew(houses: Houses) -> None:
    """The parent goes to Госуслуги, adds a child, and comes back to the page that was open."""
    mother = await houses.person()
    browser = await registered(houses, mother, "guardian")
    assert "пока не назвали ваших детей" in (await browser.open(f"{PORTAL}/family")).words
    await houses.child(mother)
    assert "Алёна" in (await browser.open(f"{PORTAL}/family")).words


async def test_a_token_that_ran_out_is_renewed_on_the_way(houses: Houses, clock_at: ClockAt) -> None:
    """The browser goes to ESIA and back by itself, to the page that was wanted, while the session there lasts."""
    stopped = clock_at(MORNING)
    mother, browser, _ = await family(houses)
    for _ in range(5):
        stopped.advance(timedelta(minutes=20))
        await browser.open(f"{PORTAL}/")
        await prolong(houses, mother)
    page = await browser.open(f"{PORTAL}/family?from=card")
    assert page.url == f"{PORTAL}/family?from=card"
    assert "Алёна" in page.words


async def test_a_press_after_the_token_ran_out_is_asked_for_again(houses: Houses, clock_at: ClockAt) -> None:
    """Nothing is done on an old word; the page comes back and says so."""
    stopped = clock_at(MORNING)
    mother, browser, child_id = await family(houses)
    for _ in range(2):
        stopped.advance(timedelta(minutes=20))
        page = await browser.open(f"{PORTAL}/consents")
    await prolong(houses, mother)
    stopped.advance(timedelta(minutes=25))
    again = await browser.press(page, action=f"/consents/{child_id}/give")
    assert again.url == f"{PORTAL}/consents"
    assert "Нажмите ещё раз" in again.words
    assert not await consented(houses, child_id)
    await browser.press(again, action=f"/consents/{child_id}/give")
    assert await consented(houses, child_id)


async def test_whoever_signed_out_of_esia_is_asked_to_sign_in(houses: Houses) -> None:
    """A session that was ended there opens no child here, though the portal's own is alive."""
    mother, browser, _ = await family(houses)
    await houses.gosuslugi.db.run(lambda tx: sessions.end_all(tx, mother.id, clock.now()))
    page = await browser.open(f"{PORTAL}/family", until=f"{ESIA}/login")
    assert page.url.startswith(f"{ESIA}/login")


async def test_a_silent_esia_shows_no_child(houses: Houses, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer is no right: the child's page says so with 503, a mixed page is shown without the child."""
    _, browser, _ = await family(houses)

    async def silent(_request: object) -> tuple[int, bytes]:
        raise httpx.ConnectError("down")

    monkeypatch.setattr(houses.esia, "_send", silent)
    page = await browser.open(f"{PORTAL}/family")
    assert (page.status, "Госуслуги сейчас не отвечают" in page.words) == (503, True)
    mixed = await browser.open(f"{PORTAL}/consents")
    assert mixed.status == 200
    assert "Детей пока не видно" in mixed.words


async def test_a_fresh_token_that_esia_refuses_makes_no_circle(houses: Houses, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ESIA that gives tokens and does not take them is out of order; the browser is not sent round and round."""
    _, browser, _ = await family(houses)

    async def refuse(_request: object) -> tuple[int, bytes]:
        return 401, b"{}"

    monkeypatch.setattr(houses.esia, "_send", refuse)
    assert (await browser.open(f"{PORTAL}/family")).status == 503


async def prolong(houses: Houses, person: Person) -> None:
    """The person is busy at ESIA too, so the session there lasts."""
    table = sessions.web_session
    change = table.update().where(table.c.person_id == person.id)
    await houses.gosuslugi.db.run(
        lambda tx: tx.execute(change.values(ends_at=clock.now() + timedelta(minutes=30), seen_at=clock.now()))
    )


async def test_who_sat_signed_in_as_the_child_is_out_when_the_childs_sessions_end(houses: Houses) -> None:
    """An adult who knew the password is suspended; the open session of the child ends."""
    mother = await houses.person()
    child = await houses.child(mother)
    vault = houses.gosuslugi.vault
    await houses.gosuslugi.db.run(
        lambda tx: grants.permit_child(tx, vault, mother.id, child.id, "MYSCHOOL", clock.now())
    )
    browser = await registered(houses, child, "learner")
    assert (await browser.open(f"{PORTAL}/consents")).url == f"{PORTAL}/consents"
    await houses.gosuslugi.db.run(lambda tx: sessions.end_all(tx, child.id, clock.now()))
    page = await browser.open(f"{PORTAL}/consents", until=f"{ESIA}/login")
    assert page.url.startswith(f"{ESIA}/login")
    assert (await browser.open(f"{PORTAL}/consents")).url.startswith(f"{PORTAL}/login")
    home = await browser.open(f"{PORTAL}/")
    assert "Алёна" not in home.words
