"""The main page for strangers and citizens, and «Данные и документы»."""

import pytest

from myschool.gosuslugi.people.model import Level
from myschool.kit.db import Database
from myschool.kit.vault import Vault
from tests.gosuslugi.browser import Browser
from tests.gosuslugi.citizens import settle_in, sign_in


async def test_a_stranger_is_asked_who_they_are(browser: Browser) -> None:
    """Each answer is a link to the exact next step."""
    await browser.open("/")
    assert "Кто вы? Что нужно сделать?" in browser.text
    for href in ("/login", "/register", "/recover", "/login?next=%2Ffamily"):
        assert f'href="{href}"' in browser.page.text


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (Level.SIMPLIFIED, "Ввести паспорт и СНИЛС"),
        (Level.STANDARD, "Как подтвердить личность"),
        (Level.CONFIRMED, "Подтверждённая учётная запись"),
    ],
)
async def test_the_cabinet_says_what_the_level_opens_and_what_next(
    browser: Browser, db: Database, vault: Vault, level: Level, words: str
) -> None:
    """And leads to every section."""
    await settle_in(db, vault, level=level)
    await sign_in(browser, db, vault)
    assert words in browser.text
    for href in ("/family", "/profile", "/access", "/security"):
        assert f'href="{href}"' in browser.page.text


async def test_the_profile_shows_what_is_proved(browser: Browser, db: Database, vault: Vault) -> None:
    """The owner sees the own papers; the page is never cached."""
    await settle_in(db, vault, level=Level.STANDARD)
    await sign_in(browser, db, vault)
    await browser.open("/profile")
    for words in ("Смирнова Ольга Сергеевна", "4 мая 1988 года", "112-233-445 95", "45 08 № 123456", "стандартная"):
        assert words in browser.text
    assert browser.page.headers["cache-control"] == "no-store"


async def test_the_profile_of_a_simplified_account_leads_to_the_papers(
    browser: Browser, db: Database, vault: Vault
) -> None:
    """What is not told yet is named, with a way on."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/profile")
    assert "не указано" in browser.text
    assert 'href="/identity"' in browser.page.text
