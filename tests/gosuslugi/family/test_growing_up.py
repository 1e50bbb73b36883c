"""The pages of 14 and 18: what stands on the card, when the passport's door opens, and for whom."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from myschool.gosuslugi.family.actions import look
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.gosuslugi.signin.actions import identity
from myschool.gosuslugi.signin.identity_model import AnotherPerson, Said, TooYoung
from myschool.kit import clock
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home
from tests.gosuslugi.family.test_birthdays import KAMCHATKA, hand_over, with_account

BORN = date(2012, 11, 26)
"""13 years and 364 days on the day of the tests."""
PASSPORT = {
    "passport": "0026 600110",
    "issued_on-day": "26",
    "issued_on-month": "11",
    "issued_on-year": "2026",
    "issued_by": "ОВД города Песочного",
    "department_code": "000-001",
    "birthplace": "г. Красноярск",
}
PAPERS = {
    "passport": "0026600110",
    "issued_on": "2026-11-26",
    "issued_by": "ОВД",
    "department_code": "000001",
    "birthplace": "г. Красноярск",
    "sex": "F",
}


async def the_child(home: Home, parent: Person, address: str | None = None) -> tuple[object, Person]:
    row = await with_account(home, parent, birth_date=BORN, issued_on=date(2012, 12, 5), address=address)
    async with home.db.transaction() as tx:
        (kid,) = await look.kids_of(tx, home.vault, parent.id, clock.now())
    assert kid.person is not None
    return row, kid.person


@pytest.fixture
async def browser(home: Home, tmp_path: Path) -> Browser:
    return Browser.of(application(home.db, home.vault, tmp_path))


async def test_a_child_of_13_years_and_364_days_is_told_the_day(home: Home, browser: Browser, olga: Person) -> None:
    """On every page that speaks of the passport; nothing typed gets through before."""
    _, alyona = await the_child(home, olga)
    await browser.sign_in(alyona)
    await browser.open("/")
    assert "26 ноября 2026 года" in browser.text
    for path in ("/identity", "/identity/passport", "/identity/send", "/identity/name"):
        await browser.open(path)
        assert "Паспорт можно ввести с 26 ноября 2026 года" in browser.text, path
        assert "Осталось 1 день" in browser.text
    await browser.open("/security")
    assert (await browser.press("/identity/passport", PASSPORT)).status_code == 403
    async with home.db.transaction() as tx:
        with pytest.raises(TooYoung):
            await identity.submit(tx, home.vault, alyona, origin="", now=clock.now())


async def test_the_door_opens_at_midnight_where_the_child_lives(home: Home, browser: Browser, olga: Person) -> None:
    """In Kamchatka at three in the afternoon of Moscow; birth date and СНИЛС are known and not asked."""
    _, alyona = await the_child(home, olga, KAMCHATKA)
    home.clock.at = datetime(2026, 11, 25, 11, 59, tzinfo=UTC)
    await browser.sign_in(alyona)
    await browser.open("/identity")
    assert "Паспорт можно ввести с" in browser.text
    home.clock.at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    await browser.open("/identity")
    assert browser.path == "/identity/passport"
    await browser.press("/identity/passport", PASSPORT)
    assert browser.path == "/identity/send"
    assert "Школа и заявки сохранятся" in browser.text
    await browser.open("/identity/person")
    assert browser.path == "/identity/send"


@pytest.mark.parametrize(("birth_date", "snils"), [("2012-11-26", "00000060011"), ("1990-01-01", "00000060101")])
async def test_nobody_takes_a_childs_account_over_with_papers_of_another(
    home: Home, olga: Person, birth_date: str, snils: str
) -> None:
    """A true passport of somebody else is refused before any register is asked."""
    _, alyona = await the_child(home, olga)
    home.clock.at = datetime(2026, 11, 27, tzinfo=UTC)
    said = Said(family_name="Смирнова", given_name="Алёна", birth_date=birth_date, snils=snils, **PAPERS)
    async with home.db.transaction() as tx:
        await identity.keep(tx, home.vault, alyona, said)
    with pytest.raises(AnotherPerson):
        await home.db.run(lambda tx: identity.submit(tx, home.vault, alyona, origin="", now=clock.now()))


async def test_the_card_says_what_is_ahead_and_who_acts(home: Home, browser: Browser, olga: Person) -> None:
    """Before 14, after 14 without a passport, with the passport, and at 18."""
    row, alyona = await the_child(home, olga)
    here = f"/family/{row.id}"  # type: ignore[attr-defined]
    await browser.sign_in(olga)
    await browser.open(here)
    assert "26 ноября 2026 года" in browser.text
    assert "26 ноября 2030 года" in browser.text
    home.clock.at = datetime(2026, 12, 1, tzinfo=UTC)
    await browser.sign_in(olga)
    await browser.open(here)
    assert "24 февраля 2027 года" in browser.text, "90 days for the passport"
    await hand_over(home, row)
    await home.work()
    await browser.open(here)
    assert "Учётная запись у ребёнка" in browser.text
    assert "Управлять учётной записью" not in browser.text
    assert "Ребёнок ввёл паспорт: учётная запись теперь его" in browser.text
    async with home.db.transaction() as tx:
        grown = await people.by_id(tx, home.vault, alyona.id)
    assert (grown.id, grown.oid, grown.level) == (alyona.id, alyona.oid, Level.STANDARD)
