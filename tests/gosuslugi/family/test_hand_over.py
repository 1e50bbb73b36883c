"""The pupil of fourteen types the passport: the account is handed over in place, and no key of an adult opens it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from myschool.gosuslugi.checks import actions as checks
from myschool.gosuslugi.checks.model import CheckKind
from myschool.gosuslugi.family.actions import look
from myschool.gosuslugi.family.model import READING
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.gosuslugi.signin import store as signin
from tests.gosuslugi.citizens import PASSWORD, PASSWORD_HASH
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home
from tests.gosuslugi.family.test_birthdays import MAILBOX, OLGA, birthday_subjects
from tests.gosuslugi.family.test_growing_up import PASSPORT, the_child
from tests.gosuslugi.family.test_life import locked, sign_in, signed_in

FRESH = "лиловый самовар поёт"
AT_FOURTEEN = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def pages(home: Home, tmp_path: Path) -> Any:
    return application(home.db, home.vault, tmp_path)


async def the_pupil(home: Home, olga: Person) -> tuple[Any, Person]:
    """Alyona is fourteen, and the mother knows the password that she set herself."""
    row, alyona = await the_child(home, olga)
    changed = update(signin.password).where(signin.password.c.person_id == alyona.id).values(hash=PASSWORD_HASH)
    await home.db.run(lambda tx: tx.execute(changed))
    home.clock.at = AT_FOURTEEN
    return row, alyona


async def types_the_passport(home: Home, browser: Browser, alyona: Person) -> None:
    """As the pupil does it, and both registers confirm."""
    await browser.sign_in(alyona)
    await browser.open("/identity")
    await browser.press("/identity/passport", PASSPORT)
    await browser.press("/identity/send")
    await home.work()
    for kind in (CheckKind.PASSPORT, CheckKind.SNILS):
        check = await home.db.run(lambda tx, k=kind: checks.look(tx, k, alyona.id))
        assert check is not None, kind
        await home.say_to_person(check)


async def opens(pages: Any, password: str) -> Browser:
    """Somebody types the login and this password."""
    browser = Browser.of(pages)
    await browser.open("/login")
    await browser.press("/login", {"login": MAILBOX, "password": password})
    return browser


async def test_from_the_passport_to_the_hand_over(home: Home, pages: Any, olga: Person) -> None:
    """Typed, answered, raised, handed over: the same person and number; sessions over, both told, reading left."""
    row, alyona = await the_pupil(home, olga)
    await sign_in(home, alyona)
    await types_the_passport(home, Browser.of(pages), alyona)
    async with home.db.transaction() as tx:
        grown = await people.by_id(tx, home.vault, alyona.id)
        (kid,) = await look.kids_of(tx, home.vault, olga.id, home.clock.at)
    assert (grown.level, grown.oid) == (Level.STANDARD, alyona.oid)
    assert kid.person is not None
    assert kid.person.oid == alyona.oid
    assert (await home.look(row)).rights == READING
    assert await signed_in(home, alyona) == 0, "an adult may sit in one of them"
    assert home.post.subjects(MAILBOX).count("Учётная запись теперь твоя") == 1
    assert home.post.subjects(OLGA).count("Учётная запись теперь у ребёнка") == 1
    assert birthday_subjects(home, OLGA) == []


async def test_the_old_password_opens_nothing_until_the_pupil_sets_a_new_one(
    home: Home, pages: Any, olga: Person
) -> None:
    """The mother knows it. The code for the new one comes to the pupil."""
    _, alyona = await the_pupil(home, olga)
    before = await opens(pages, PASSWORD)
    assert before.path == "/login/code"
    await types_the_passport(home, Browser.of(pages), alyona)
    assert await locked(home, alyona)
    refused = await opens(pages, PASSWORD)
    assert refused.page is not None
    assert refused.page.status_code == 403
    assert "Придумай новый, который знаешь только ты" in refused.text
    assert 'href="/recover"' in refused.page.text
    browser = Browser.of(pages)
    await browser.open("/recover")
    await browser.press("/recover", {"login": MAILBOX})
    await home.work()
    await browser.press("/recover/code", {"code": home.post.code(MAILBOX)})
    assert browser.path == "/recover/password", browser.text
    await browser.press("/recover/password", {"password": FRESH, "repeated": FRESH})
    assert "Пароль изменён" in browser.text, browser.text
    assert not await locked(home, alyona)
    assert (await opens(pages, PASSWORD)).path == "/login"
    assert (await opens(pages, FRESH)).path == "/login/code"
