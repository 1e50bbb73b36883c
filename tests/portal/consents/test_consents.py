"""Consent of the portal: asked at completing the registration, from 14 by oneself, before by a parent."""

from datetime import date

import pytest

from myschool.gosuslugi.grants import actions as grants
from myschool.gosuslugi.people.model import Level, Person
from myschool.kit import clock
from myschool.portal.consents import actions
from myschool.portal.people import actions as people
from tests.gosuslugi.provider.houses import PORTAL, Browser, Houses, Page


async def window(houses: Houses, person: Person) -> tuple[Browser, Page]:
    browser = houses.browser()
    await browser.sign_in(person)
    page = await browser.press(await browser.open(PORTAL), action="/login/esia")
    if "/access/consent/" in page.url:
        page = await browser.press(page, {"answer": "grant"})
    return browser, page


async def completed(houses: Houses, person: Person, profile: str) -> Browser:
    browser, page = await window(houses, person)
    await browser.press(page, {"profile": profile, "agreed": "1"})
    return browser


async def a_child_here(houses: Houses) -> tuple[Person, Person, Browser]:
    """Mother and child, both registered at the portal; the child's browser."""
    mother = await houses.person()
    child = await houses.child(mother)
    vault = houses.gosuslugi.vault
    await houses.gosuslugi.db.run(
        lambda tx: grants.permit_child(tx, vault, mother.id, child.id, "MYSCHOOL", clock.now())
    )
    return mother, child, await completed(houses, child, "learner")


async def portal_id(houses: Houses, person: Person):
    found = await houses.portal.db.run(lambda tx: people.find_by_oid(tx, houses.portal.vault, person.oid))
    assert found is not None
    return found.id


async def stands(houses: Houses, person: Person) -> bool:
    known = await portal_id(houses, person)
    return await houses.portal.db.run(lambda tx: actions.standing(tx, known)) is not None


async def test_nothing_is_chosen_or_agreed_for_the_person(houses: Houses) -> None:
    """The window comes with no profile and no tick; sending it so says what is missing and keeps the rest."""
    browser, page = await window(houses, await houses.person())
    assert "checked" not in page.text
    assert 'name="agreed" type="checkbox" value="1"' in page.text
    page = await browser.press(page)
    assert (page.status, "Выберите профиль" in page.words, "Отметьте согласие" in page.words) == (422, True, True)
    page = await browser.press(page, {"profile": "guardian"})
    assert (page.status, "Отметьте согласие" in page.words) == (422, True)
    assert 'value="guardian" checked' in page.text
    page = await browser.press(page, {"profile": "guardian", "agreed": "1"})
    assert page.url == f"{PORTAL}/"


async def test_completing_twice_changes_nothing(houses: Houses) -> None:
    """A double press ends on the main page, with one profile and one consent."""
    person = await houses.person()
    browser, page = await window(houses, person)
    for _ in range(2):
        assert (await browser.press(page, {"profile": "guardian", "agreed": "1"})).url == f"{PORTAL}/"
    assert await stands(houses, person)


async def test_a_profile_is_never_forged_by_the_form(houses: Houses) -> None:
    """«Администратор» and nonsense are no choice."""
    browser, page = await window(houses, await houses.person())
    for profile in ("administrator", "operator", ""):
        answer = await browser.press(page, {"profile": profile, "agreed": "1"})
        assert (answer.status, "Выберите профиль" in answer.words) == (422, True)


async def test_a_child_waits_for_the_parents_consent(houses: Houses) -> None:
    """The child's own tick counts nothing; the parent gives it in the own account, and the card goes away."""
    mother, child, browser = await a_child_here(houses)
    assert not await stands(houses, child)
    assert "Ждём согласие родителя" in (await browser.open(PORTAL)).words
    cabinet = await completed(houses, mother, "guardian")
    page = await cabinet.open(f"{PORTAL}/consents")
    assert "Данные ребёнка: Алёна" in page.words
    await cabinet.press(page, action=f"/consents/{await portal_id(houses, child)}/give")
    assert await stands(houses, child)
    assert "Ждём согласие родителя" not in (await browser.open(PORTAL)).words


async def test_a_child_cannot_consent_for_itself(houses: Houses) -> None:
    """Neither by the form nor by the address."""
    _, child, browser = await a_child_here(houses)
    page = await browser.open(f"{PORTAL}/consents")
    csrf = page.form("/logout").fields
    headers = {"origin": PORTAL, "referer": page.url}
    answer = await browser.http.post(
        f"{PORTAL}/consents/{await portal_id(houses, child)}/give", data=csrf, headers=headers
    )
    assert answer.status_code == 404
    assert not await stands(houses, child)


@pytest.mark.parametrize("path", ["give", "withdraw"])
async def test_a_stranger_decides_nothing_about_another(houses: Houses, path: str) -> None:
    """Another family's child, another adult: no such page, nothing changed."""
    mother, child, _ = await a_child_here(houses)
    await completed(houses, mother, "guardian")
    stranger = await completed(houses, await houses.person(), "guardian")
    csrf = (await stranger.open(f"{PORTAL}/consents")).form("/logout").fields
    headers = {"origin": PORTAL, "referer": f"{PORTAL}/consents"}
    for victim in (child, mother):
        before = await stands(houses, victim)
        url = f"{PORTAL}/consents/{await portal_id(houses, victim)}/{path}"
        await stranger.http.post(url, data=csrf, headers=headers)
        assert await stands(houses, victim) is before
    if path == "withdraw":
        assert (await stranger.open(url)).status == 404


async def test_consent_is_withdrawn_and_given_again(houses: Houses) -> None:
    """After a page that says what ends; the main page asks for it again."""
    person = await houses.person(Level.STANDARD, born=date(2011, 9, 1))
    browser = await completed(houses, person, "learner")
    sure = await browser.open(f"{PORTAL}/consents/{await portal_id(houses, person)}/withdraw")
    assert "Согласие отозвано" in (await browser.press(sure)).words
    assert not await stands(houses, person)
    assert "Нужно ваше согласие" in (await browser.open(PORTAL)).words
    page = await browser.open(f"{PORTAL}/consents")
    await browser.press(page, action=f"/consents/{await portal_id(houses, person)}/give")
    assert await stands(houses, person)
