"""Passport and СНИЛС: typed, sent, waited for, proved or corrected."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from myschool.gosuslugi.checks import actions as checks
from myschool.gosuslugi.checks import answers
from myschool.gosuslugi.checks.model import Answer, CheckDecided, CheckKind, Compared, Evidence, NoRecord
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import DocumentKind, Level, LevelRaised, Person
from myschool.gosuslugi.signin.actions import identity
from myschool.kit.agenda import Event, Work
from myschool.kit.agenda_worker import Worker
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database
from myschool.kit.letters import Letter
from myschool.kit.vault import Vault
from myschool.papers.matching import Field, Finding, How
from myschool.papers.numbers import Email
from tests.gosuslugi.browser import ORIGIN, Browser, code_in, outbox
from tests.gosuslugi.citizens import MAIL, PASSWORD, SNILS, settle_in, sign_in

PASSPORT = {
    "passport": "45 08 № 123456",
    "issued_on-day": "1",
    "issued_on-month": "июня",
    "issued_on-year": "2008",
    "issued_by": "ОВД г. Тулы",
    "department_code": "710001",
    "birthplace": "г. Тула",
}
ABOUT = {
    "birth_date-day": "4",
    "birth_date-month": "5",
    "birth_date-year": "1988",
    "sex": "F",
    "snils": "112-233–445 95",
}
ALL_FIELDS = (Field.FAMILY_NAME, Field.GIVEN_NAME, Field.PATRONYMIC, Field.BIRTH_DATE)


def agreeing(*differing: Field) -> Evidence:
    fields = dict.fromkeys(ALL_FIELDS, How.EQUAL) | dict.fromkeys(differing, How.DIFFERS)
    return Compared(tuple(Finding(field, how) for field, how in fields.items()))


async def type_all(browser: Browser) -> None:
    await browser.open("/identity")
    assert browser.url == "/identity/passport"
    await browser.send(PASSPORT)
    assert browser.url == "/identity/person", browser.text
    await browser.send(ABOUT)
    assert browser.url == "/identity/send", browser.text


async def sent(browser: Browser) -> None:
    await type_all(browser)
    await browser.send()
    assert browser.url == "/identity"


async def answer(db: Database, vault: Vault, clock: StoppedClock, kind: CheckKind, evidence: Evidence) -> None:
    """The register answers the newest question of this kind, and the worker reacts."""
    async with db.transaction() as tx:
        person = await people.find_by_login(tx, vault, MAIL.address)
        assert person is not None
        check = await checks.look(tx, kind, person.id)
        assert check is not None
        said = Answer(check.id, check.reference or "ref", evidence)
        assert await answers.record(tx, vault, said, clock.at) is answers.Outcome.DECIDED
    await react(db, vault)


async def react(db: Database, vault: Vault) -> None:
    async def ignore(work: Work[None], event: Event) -> None:
        return None

    worker = Worker(db, {CheckDecided: [identity.reaction(vault, ORIGIN)], LevelRaised: [ignore]}, None)
    await worker.drain()


async def citizen(db: Database, vault: Vault) -> Person:
    async with db.transaction() as tx:
        found = await people.find_by_login(tx, vault, MAIL.address)
        assert found is not None
        return found


async def test_both_registers_confirm_and_the_account_is_standard(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """One answer is not enough; after both the level rises, the papers stand in the account, a letter tells."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await sent(browser)
    assert "Паспорт и СНИЛС проверяются" in browser.text
    assert "сегодня в 12:00" in browser.text
    assert "9 декабря" in browser.text
    await answer(db, vault, clock, CheckKind.PASSPORT, agreeing())
    assert (await citizen(db, vault)).level is Level.SIMPLIFIED
    await browser.open("/identity")
    assert "Паспорт: данные подтверждены" in browser.text
    await answer(db, vault, clock, CheckKind.SNILS, agreeing())
    person = await citizen(db, vault)
    assert (person.level, person.snils) == (Level.STANDARD, SNILS)
    async with db.transaction() as tx:
        papers = await people.documents_of(tx, vault, person.id)
    assert [(one.kind, one.series, one.number) for one in papers] == [(DocumentKind.RF_PASSPORT, "4508", "123456")]
    await browser.open("/")
    assert "Стандартная учётная запись" in browser.text
    told = [one for one in await outbox(db, vault) if isinstance(one, Letter)][-1]
    assert told.subject == "Паспорт и СНИЛС проверены"
    assert "Смирнова" not in told.text
    assert "123456" not in told.text


async def test_what_differs_is_named_and_can_be_mended(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """The page names the field, never what the register holds; the corrected papers go to both registers again."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await sent(browser)
    await answer(db, vault, clock, CheckKind.PASSPORT, agreeing(Field.BIRTH_DATE))
    await browser.open("/identity")
    assert "не совпало: дата рождения" in browser.text
    assert "Ещё проверяется: СНИЛС" in browser.text
    await browser.open("/identity/send")
    await browser.open("/identity/person")
    assert 'value="1988"' in browser.page.text
    await browser.send(ABOUT | {"birth_date-day": "5"})
    await browser.send()
    assert "Паспорт и СНИЛС проверяются" in browser.text
    await answer(db, vault, clock, CheckKind.PASSPORT, agreeing())
    await answer(db, vault, clock, CheckKind.SNILS, agreeing())
    person = await citizen(db, vault)
    assert person.level is Level.STANDARD
    assert person.birth_date is not None
    assert person.birth_date.day == 5


async def test_an_unknown_document_is_told_with_a_way_on(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """«Не найден» is a page with two ways, and a letter."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await sent(browser)
    await answer(db, vault, clock, CheckKind.SNILS, NoRecord())
    await browser.open("/identity")
    assert "такого документа в реестре нет" in browser.text
    assert "Исправить и отправить снова" in browser.text
    person = await citizen(db, vault)
    await db.run(lambda tx: identity.settle(tx, vault, person.id, origin=ORIGIN, now=clock.at))
    subjects = [getattr(one, "subject", "") for one in await outbox(db, vault)]
    assert subjects.count("Проверка паспорта и СНИЛС не удалась") == 1


async def test_sending_twice_asks_once(browser: Browser, db: Database, vault: Vault) -> None:
    """A double press makes no second question to any register."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await type_all(browser)
    address, typed = browser.filled({})
    for _ in range(2):
        browser.page = await browser.client.post(address, data=typed, headers={"origin": ORIGIN})
        assert browser.url == "/identity"
    async with db.transaction() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM registry_check"))).scalar_one() == 2


async def test_a_repeated_event_changes_nothing(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """Settling again raises no level and writes no letter twice."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await sent(browser)
    for kind in (CheckKind.PASSPORT, CheckKind.SNILS):
        await answer(db, vault, clock, kind, agreeing())
    person, before = await citizen(db, vault), len(await outbox(db, vault))
    await db.run(lambda tx: identity.settle(tx, vault, person.id, origin=ORIGIN, now=clock.at))
    assert len(await outbox(db, vault)) == before
    assert await citizen(db, vault) == person


async def test_what_was_sent_is_what_is_proved(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """A draft changed while the registers look does not slip into the account unproved."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await sent(browser)
    await browser.open("/identity/passport")
    await browser.send(PASSPORT | {"passport": "9999 999999"})
    for kind in (CheckKind.PASSPORT, CheckKind.SNILS):
        await answer(db, vault, clock, kind, agreeing())
    person = await citizen(db, vault)
    async with db.transaction() as tx:
        papers = await people.documents_of(tx, vault, person.id)
    assert papers[0].number == "123456"


async def test_a_snils_of_another_account_leads_to_that_account(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """The registers agree, but the number is taken: the page offers to recover the other account."""
    await settle_in(db, vault, level=Level.STANDARD, mail=Email("old@mail.example"))
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await sent(browser)
    for kind in (CheckKind.PASSPORT, CheckKind.SNILS):
        await answer(db, vault, clock, kind, agreeing())
    assert (await citizen(db, vault)).level is Level.SIMPLIFIED
    await browser.open("/identity")
    assert "с этим СНИЛС уже есть другая учётная запись" in browser.text
    assert "old@mail.example" not in browser.page.text
    assert 'href="/recover"' in browser.page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"passport": "4508 12345"}, "вместе 10 цифр, а здесь 9"),
        ({"passport": "45o8 123456"}, "только цифры. Уберите «o»"),
        ({"issued_on-day": "31"}, "Такого дня в календаре нет"),
        ({"issued_on-year": "2027"}, "Дата не может быть позже 2 декабря 2026 года"),
        ({"issued_on-day": "", "issued_on-month": "", "issued_on-year": ""}, "Введите дату выдачи"),
        ({"department_code": "77"}, "6 цифр"),
        ({"issued_by": ""}, "кем выдан"),
        ({"birthplace": "я" * 300}, "Сократите до 255 знаков"),
    ],
)
async def test_each_slip_in_the_passport_has_its_sentence(
    browser: Browser, db: Database, vault: Vault, fields: dict[str, str], words: str
) -> None:
    """What was typed stays, 422, and a sentence at the field."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/identity/passport")
    await browser.send(PASSPORT | fields)
    assert browser.status == 422
    assert words in browser.text
    if "issued_by" not in fields:
        assert 'value="ОВД г. Тулы"' in browser.page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"snils": "112-233-445 96"}, "две последние цифры не подходят"),
        ({"snils": "112-233-445"}, "11 цифр, а здесь 9"),
        ({"sex": ""}, "Выберите пол"),
        ({"birth_date-year": "2000"}, "Паспорт выдают с 14 лет"),
        ({"birth_date-year": "1880"}, "год четырьмя цифрами"),
        ({"birth_date-year": "2027"}, "Дата не может быть позже"),
    ],
)
async def test_each_slip_about_oneself_has_its_sentence(
    browser: Browser, db: Database, vault: Vault, fields: dict[str, str], words: str
) -> None:
    """As above, for the second page."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/identity/passport")
    await browser.send(PASSPORT)
    await browser.send(ABOUT | fields)
    assert browser.status == 422
    assert words in browser.text


async def test_the_draft_outlives_the_session(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """The first page is kept on the server; the second, typed into an ended session, comes back filled in."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/identity/passport")
    await browser.send(PASSPORT)
    clock.advance(timedelta(minutes=31))
    await browser.send(ABOUT)
    assert browser.url.startswith("/login")
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    await browser.send({"code": code_in(await outbox(db, vault))})
    assert browser.url == "/identity/person"
    assert 'value="112-233–445 95"' in browser.page.text
    await browser.open("/identity/passport")
    assert 'value="45 08 № 123456"' in browser.page.text


async def test_proved_papers_are_not_changed_here(browser: Browser, db: Database, vault: Vault) -> None:
    """A standard account is shown the next step instead of the form, whatever address is typed."""
    await settle_in(db, vault, level=Level.STANDARD)
    await sign_in(browser, db, vault)
    for path in ("/identity", "/identity/passport", "/identity/person", "/identity/send", "/identity/name"):
        await browser.open(path)
        assert browser.url == "/identity"
        assert "Остался один шаг" in browser.text


async def test_nothing_of_the_papers_lies_open(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """Neither in the claim, nor on the agenda, nor in the journal."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await sent(browser)
    rows = ""
    async with db.transaction() as tx:
        for table in ("identity_claim", "agenda_item", "journal_entry", "web_session", "registry_check"):
            rows += str((await tx.execute(text(f"SELECT t::text FROM {table} t"))).all())
    for secret in (SNILS.digits, "123456", "Тул", MAIL.address):
        assert secret not in rows
        assert secret.encode().hex() not in rows
