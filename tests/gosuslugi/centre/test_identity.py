"""The clerk's page: found by СНИЛС, compared with the passport, confirmed or sent away."""

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.centre import identity_actions, identity_store
from myschool.gosuslugi.centre.identity_model import (
    NotReady,
    Outcome,
    OwnIdentity,
    Seen,
    check_applicant,
    compare,
)
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import EsiaAccount, Level, Particulars, Person, Sex
from myschool.kit import journal
from myschool.kit.db import Database
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, PassportNumber, Snils, snils_control
from tests.gosuslugi.browser import ORIGIN, Browser, outbox
from tests.gosuslugi.citizens import MAIL, NOW, OLGA, PAPERS, SNILS, passport, settle_in, sign_in

CLERK_MAIL = Email("clerk@mail.example")
CLERK_SNILS = Snils("223344556" + snils_control("223344556"))
CENTRE = "МФЦ на Советской, 5"
READ = {
    "family_name": "СМИРНОВА",
    "given_name": "Ольга",
    "patronymic": "Сергеевна",
    "birth_date-day": "4",
    "birth_date-month": "5",
    "birth_date-year": "1988",
    "passport": "4508123456",
    "issued_on-day": "1",
    "issued_on-month": "6",
    "issued_on-year": "2008",
    "face": "1",
}


async def appoint(db: Database, vault: Vault, browser: Browser) -> Person:
    """A clerk, signed in."""
    clerk = await settle_in(
        db,
        vault,
        level=Level.CONFIRMED,
        name=FullName("Орлов", "Пётр", "Ильич"),
        mail=CLERK_MAIL,
        papers=Particulars(date(1980, 1, 2), Sex.MALE, CLERK_SNILS),
    )
    await db.run(lambda tx: centre.appoint(tx, clerk.id, CENTRE, actor="system", now=NOW))
    await sign_in(browser, db, vault, CLERK_MAIL.address)
    return clerk


async def find(browser: Browser, typed: str = "112-233-445 95") -> None:
    await browser.open("/centre")
    await browser.send({"snils": typed})


async def level_of(db: Database, vault: Vault, person_id: UUID) -> Level:
    async with db.transaction() as tx:
        return (await people.by_id(tx, vault, person_id)).level


async def decisions(db: Database) -> int:
    async with db.transaction() as tx:
        return int((await tx.execute(text("SELECT count(*) FROM identity_decision"))).scalar_one())


@pytest.mark.parametrize("typed", ["112-233-445 95", "11223344595", "112 233 445 95"])
async def test_a_citizen_with_a_passport_is_confirmed(browser: Browser, db: Database, vault: Vault, typed: str) -> None:
    """Level, letter, journal, and a decision that says by whom and on what evidence."""
    olga = await settle_in(db, vault, level=Level.STANDARD)
    clerk = await appoint(db, vault, browser)
    await find(browser, typed)
    assert browser.url == f"/centre/identity/{olga.id}"
    await browser.send(READ)
    assert "Личность подтверждена" in browser.text
    assert await level_of(db, vault, olga.id) is Level.CONFIRMED
    async with db.transaction() as tx:
        [decision] = await identity_store.of_person(tx, olga.id)
        evidence = await identity_store.evidence_of(tx, vault, decision.id)
        entries = await journal.read(tx, people.chain_of(olga.id))
    assert (decision.clerk_id, decision.centre, decision.outcome) == (clerk.id, CENTRE, Outcome.CONFIRMED)
    assert evidence["passport"] == "45 08 № 123456"
    assert evidence["face"] == "matches"
    tags = [entry.tag for entry in entries]
    assert tags[:3] == ["identity:confirmed", "account:level_raised", "account:opened_by_clerk"]
    assert {entry.actor for entry in entries[:3]} == {f"clerk:{clerk.id}"}
    told = (await outbox(db, vault))[-1]
    assert (told.to, getattr(told, "subject", "")) == (MAIL.address, "Личность подтверждена")


async def test_what_differs_stands_beside_what_the_account_holds(browser: Browser, db: Database, vault: Vault) -> None:
    """Nothing is confirmed; the clerk sees both values, and what was typed stays."""
    olga = await settle_in(db, vault, level=Level.STANDARD)
    await appoint(db, vault, browser)
    await find(browser)
    await browser.send(READ | {"passport": "4508 654321"})
    assert browser.status == 409
    assert "Паспорт 45 08 № 654321 45 08 № 123456 не совпадает" in browser.text
    assert "Имя Ольга Ольга совпадает" in browser.text
    assert 'value="45 08 № 654321"' in browser.page.text
    assert await level_of(db, vault, olga.id) is Level.STANDARD
    assert await decisions(db) == 0


async def test_without_a_look_at_the_face_nobody_is_confirmed(browser: Browser, db: Database, vault: Vault) -> None:
    """Equal papers may lie in a stranger's hand."""
    olga = await settle_in(db, vault, level=Level.STANDARD)
    await appoint(db, vault, browser)
    await find(browser)
    await browser.send(READ | {"face": ""})
    assert browser.status == 422
    assert "Сравните человека с фото" in browser.text
    assert await level_of(db, vault, olga.id) is Level.STANDARD


async def test_the_button_pressed_twice_decides_once(browser: Browser, db: Database, vault: Vault) -> None:
    """Both presses end on the same page; one decision, one letter."""
    olga = await settle_in(db, vault, level=Level.STANDARD)
    await appoint(db, vault, browser)
    await find(browser)
    address, typed = browser.filled(READ, f"/centre/identity/{olga.id}")

    async def press() -> httpx.Response:
        return await browser.client.post(address, data=typed, headers={"origin": ORIGIN})

    pages = await asyncio.gather(*(press() for _ in range(4)))
    assert all("Учётная запись стала подтверждённой" in page.text for page in pages)
    assert await decisions(db) == 1
    assert [getattr(one, "subject", "") for one in await outbox(db, vault)].count("Личность подтверждена") == 1


async def test_a_refusal_needs_a_reason_and_is_told(browser: Browser, db: Database, vault: Vault) -> None:
    """The citizen reads what is wrong and what to do; the level stays."""
    olga = await settle_in(db, vault, level=Level.STANDARD)
    await appoint(db, vault, browser)
    await find(browser)
    action = f"/centre/identity/{olga.id}/refuse"
    await browser.send({}, action=action)
    assert "Выберите причину отказа" in browser.text
    await browser.send({"reason": "other", "comment": " "}, action=action)
    assert "Напишите причину" in browser.text
    await browser.send({"reason": "passport_invalid", "comment": ""}, action=action)
    assert browser.url == "/centre"
    assert "Отказ: паспорт недействителен или повреждён" in browser.text
    assert await level_of(db, vault, olga.id) is Level.STANDARD
    assert "Замените его и придите снова" in (await outbox(db, vault))[-1].text


async def test_an_unknown_snils_says_what_to_do(browser: Browser, db: Database, vault: Vault) -> None:
    """Also when the account exists but its papers were not proved yet."""
    await settle_in(db, vault)
    await appoint(db, vault, browser)
    await find(browser)
    assert browser.status == 404
    assert "отправить паспорт и СНИЛС на проверку" in browser.text
    assert 'value="112-233-445 95"' in browser.page.text
    await find(browser, "112-233-445 96")
    assert browser.status == 422
    assert "две последние цифры" in browser.text


async def test_a_citizen_who_is_no_clerk_sees_nothing(browser: Browser, db: Database, vault: Vault) -> None:
    """Whatever the address."""
    olga = await settle_in(db, vault, level=Level.STANDARD)
    await sign_in(browser, db, vault)
    for path in ("/centre", f"/centre/identity/{olga.id}"):
        await browser.open(path)
        assert browser.status == 403
    await browser.open("/")
    assert "Рабочее место" not in browser.text


async def test_a_dismissed_clerk_is_out_at_once(browser: Browser, db: Database, vault: Vault) -> None:
    """In the middle of the session."""
    clerk = await appoint(db, vault, browser)
    await browser.open("/centre")
    assert browser.status == 200
    await db.run(lambda tx: centre.dismiss(tx, clerk.id, actor="system", now=NOW))
    await browser.open("/centre")
    assert browser.status == 403


async def test_an_address_opens_nobody_who_was_not_found_by_snils(browser: Browser, db: Database, vault: Vault) -> None:
    """A clerk cannot leaf through accounts, nor decide about one by a guessed address."""
    olga = await settle_in(db, vault, level=Level.STANDARD)
    await appoint(db, vault, browser)
    await browser.open("/centre")
    _, hidden = browser.filled({})
    await browser.open(f"/centre/identity/{olga.id}")
    assert browser.status == 403
    assert "Смирнова" not in browser.text
    page = await browser.client.post(f"/centre/identity/{olga.id}", data=hidden | READ, headers={"origin": ORIGIN})
    assert page.status_code == 403
    assert await level_of(db, vault, olga.id) is Level.STANDARD


async def test_snils_stands_in_no_address(browser: Browser, db: Database, vault: Vault) -> None:
    """The search is posted; what it found is named by an id."""
    await settle_in(db, vault, level=Level.STANDARD)
    await appoint(db, vault, browser)
    await find(browser)
    visited = [str(answer.url) for answer in [*browser.page.history, browser.page]]
    assert not any(SNILS.digits in url or "445" in url for url in visited)


async def test_a_clerk_does_not_confirm_themselves(browser: Browser, db: Database, vault: Vault) -> None:
    """Another one must do it."""
    await appoint(db, vault, browser)
    await find(browser, CLERK_SNILS.formatted())
    assert browser.status == 403
    assert "подтверждает другой сотрудник" in browser.text


def person(level: Level) -> Person:
    account = EsiaAccount(1234567890, level, NOW, NOW)
    return Person(new_id(), OLGA, account, NOW, PAPERS.birth_date, PAPERS.sex, SNILS)


SEEN = Seen(OLGA, PAPERS.birth_date, PassportNumber("4508", "123456"), date(2008, 6, 1), face_matches=True)


@pytest.mark.parametrize("level", [Level.SIMPLIFIED, Level.CHILD])
def test_only_proved_papers_can_be_compared(level: Level) -> None:
    """A simplified account waits for the registers first."""
    with pytest.raises(NotReady):
        check_applicant(Clerk(new_id(), CENTRE), person(level))


def test_nobody_is_their_own_clerk() -> None:
    """The rule stands in the model, not in the page."""
    olga = person(Level.STANDARD)
    with pytest.raises(OwnIdentity):
        check_applicant(Clerk(olga.id, CENTRE), olga)


def test_yo_is_ye_and_case_does_not_matter() -> None:
    """A passport in capital letters without ё is the same name."""
    alyona = Person(new_id(), FullName("Семёнова", "Алёна"), person(Level.STANDARD).account, NOW, PAPERS.birth_date)
    seen = Seen(FullName("СЕМЕНОВА", "АЛЕНА"), PAPERS.birth_date, SEEN.passport, SEEN.issued_on, True)
    assert all(one.agrees for one in compare(seen, alyona, passport()))


def test_an_account_without_passport_agrees_with_nothing() -> None:
    """Two empty papers are not equal papers."""
    compared = {str(one.point): one.agrees for one in compare(SEEN, person(Level.STANDARD), None)}
    assert compared["passport"] is False
    assert compared["issued_on"] is False


async def test_two_clerks_at_once_make_one_decision(db: Database, vault: Vault) -> None:
    """The second finds it decided."""
    olga = await settle_in(db, vault, level=Level.STANDARD)
    desks = []
    for number in range(2):
        clerk = await settle_in(db, vault, mail=Email(f"clerk{number}@mail.example"))
        desks.append(Clerk(clerk.id, CENTRE))

    async def confirm(desk: Clerk) -> bool:
        at = datetime(2026, 12, 2, tzinfo=UTC)
        return await db.run(lambda tx: identity_actions.confirm(tx, vault, desk, olga.id, SEEN, at))

    assert sorted(await asyncio.gather(*(confirm(desk) for desk in desks))) == [False, True]
    assert await decisions(db) == 1


async def test_the_evidence_is_sealed(browser: Browser, db: Database, vault: Vault) -> None:
    """The table alone tells no passport."""
    await settle_in(db, vault, level=Level.STANDARD)
    await appoint(db, vault, browser)
    await find(browser)
    await browser.send(READ)
    async with db.transaction() as tx:
        rows = str((await tx.execute(text("SELECT t::text FROM identity_decision t"))).all())
        rows += str((await tx.execute(text("SELECT t::text FROM journal_entry t"))).all())
    assert "123456" not in rows
    assert b"123456".hex() not in rows
