"""«Способ №2» at the desk: the application by its number, the papers, the decision, and nothing for anybody else."""

from pathlib import Path
from typing import Any

import pytest

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.family.model import GuardianshipState, Relation
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock, journal
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home, a_card

ALL = {"papers-applicant_passport": "1", "papers-birth_certificate": "1", "papers-child_snils": "1"}


@pytest.fixture
async def desk(home: Home, lyudmila: Person, tmp_path: Path) -> Browser:
    """The clerk's browser."""
    async with home.db.transaction() as tx:
        await centre.appoint(tx, lyudmila.id, "Центр на Советской, 5", actor="system", now=clock.now())
    return await Browser.of(application(home.db, home.vault, tmp_path)).sign_in(lyudmila)


async def opened(desk: Browser, number: str) -> str:
    """By the number, as it was said aloud; gives the address."""
    await desk.open("/centre")
    await desk.press("/centre/children", {"number": number})
    return desk.path


async def test_the_clerk_compares_papers_and_the_dialog_opens(
    home: Home, desk: Browser, olga: Person, lyudmila: Person
) -> None:
    """Not found by the registry; found on paper."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    address = await opened(desk, row.number.replace("-", " ").lower())
    assert "Смирнова Ольга Сергеевна" in desk.text
    assert "III-ПЕ № 600101" in desk.text
    assert "Не нашёл свидетельство" in desk.text
    await desk.press(address, ALL | {"note": "Подлинники"})
    assert "Заявитель представляет ребёнка" in desk.text
    assert (await home.look(row)).state is GuardianshipState.ACTIVE
    async with home.db.transaction() as tx:
        entries = await journal.read(tx, chain_of(olga.id))
    told = {entry.tag: entry.actor for entry in entries}
    assert told["application:opened_by_clerk"] == told["guardianship:decided_on_papers"] == f"clerk:{lyudmila.id}"


async def test_without_a_tick_there_is_no_decision(home: Home, desk: Browser, tamara: Person) -> None:
    """A guardian's order was not seen: the page names it and keeps the other ticks."""
    row = await home.confirmed(tamara, a_card(Relation.GUARDIAN))
    address = await opened(desk, row.number)
    page = await desk.press(address, ALL)
    assert page.status_code == 422
    assert "Сверьте и отметьте: «Документ об опеке»" in desk.text
    assert page.text.count(" checked") == 3
    assert (await home.look(row)).state is GuardianshipState.REVIEW
    await desk.press(address, ALL | {"papers-guardianship_order": "1"})
    assert (await home.look(row)).state is GuardianshipState.ACTIVE


async def test_a_refusal_has_a_reason_that_the_parent_reads(home: Home, desk: Browser, olga: Person) -> None:
    """Without a reason there is none."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    address = await opened(desk, row.number)
    assert (await desk.press(f"{address}/refuse")).status_code == 422
    await desk.press(f"{address}/refuse", {"reason": "papers_differ"})
    assert (await home.look(row)).state is GuardianshipState.REFUSED
    await desk.sign_in(olga)
    await desk.open(f"/family/{row.id}")
    assert "Документы не совпали с карточкой" in desk.text


async def test_pressed_twice_the_second_press_shows_what_was_decided(home: Home, desk: Browser, olga: Person) -> None:
    """Back and again: one decision."""
    row = await home.submit(olga, a_card())
    address = await opened(desk, row.number)
    await desk.press(address, ALL)
    await opened(desk, row.number)
    assert "Заявитель представляет ребёнка" in desk.text
    await desk.open("/centre")
    await desk.press(f"{address}/refuse", {"reason": "papers_differ"})
    assert (await home.look(row)).state is GuardianshipState.ACTIVE


async def test_a_child_known_by_other_papers_is_told_to_the_clerk(
    home: Home, desk: Browser, olga: Person, dmitry: Person
) -> None:
    """СНИЛС of one child on the papers of another: nothing is written, and the page says what to compare."""
    await home.confirmed(olga)
    row = await home.submit(dmitry, a_card(Relation.FATHER, given_name="Мария", series="IV-ПЕ"))
    address = await opened(desk, row.number)
    page = await desk.press(address, ALL)
    assert page.status_code == 409
    assert "уже записаны за другим ребёнком" in desk.text
    assert (await home.look(row)).state is GuardianshipState.CHECKING


@pytest.mark.parametrize("number", ["", "AAAA-AAAA", "🙂", "x" * 3000, "4F7D-29GN' OR 1=1"])
async def test_a_number_that_is_none_finds_nothing(desk: Browser, number: str) -> None:
    """422 or 404 at the field, what was typed is kept."""
    await opened(desk, number)
    assert desk.path == "/centre/children"
    assert desk.page is not None
    assert desk.page.status_code in (404, 422)


async def test_an_address_opens_no_application(home: Home, desk: Browser, olga: Person) -> None:
    """Only the number does, said by who has it."""
    row = await home.submit(olga, a_card())
    assert (await desk.open(f"/centre/children/{row.id}")).status_code == 403
    assert "Алёна" not in desk.text


async def test_a_clerk_does_not_decide_about_the_own_child(home: Home, desk: Browser, lyudmila: Person) -> None:
    """Another clerk does."""
    row = await home.submit(lyudmila, a_card())
    await opened(desk, row.number)
    assert "Решение о вашей семье принимает другой сотрудник" in desk.text


async def test_the_desk_is_closed_to_citizens_and_to_dismissed_clerks(
    home: Home, desk: Browser, olga: Person, lyudmila: Person
) -> None:
    """By GET and by POST."""
    row = await home.submit(olga, a_card())
    address = await opened(desk, row.number)
    async with home.db.transaction() as tx:
        await centre.dismiss(tx, lyudmila.id, actor="system", now=clock.now())
    await refused(desk, address)
    await desk.sign_in(olga)
    await refused(desk, address)
    assert (await home.look(row)).state is GuardianshipState.CHECKING


async def refused(desk: Browser, address: str) -> None:
    for path in ("/centre/children", address):
        assert (await desk.open(path)).status_code == 403
    for path, fields in (("/centre/children", {"number": "x"}), (address, ALL), (f"{address}/refuse", {})):
        await desk.open("/family/add")
        said: Any = await desk.press(path, fields)
        assert said.status_code == 403, path
