"""A citizen without an account registers: name, mailbox, code, password."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level
from myschool.gosuslugi.signin.model import Limit
from myschool.gosuslugi.signin.pages import registration
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database
from myschool.kit.vault import Vault
from tests.gosuslugi.browser import ORIGIN, Browser, code_in, outbox

NAME = {"family_name": "Смирнова", "given_name": "Ольга", "patronymic": "Сергеевна"}
MAIL = "olga@mail.example"
PASSWORD = "зелёный чайник свистит"


async def to_code(browser: Browser, mail: str = MAIL) -> None:
    await browser.open("/register")
    await browser.send(NAME)
    await browser.send({"email": mail})
    assert browser.url == "/register/code"


async def to_password(browser: Browser, db: Database, vault: Vault, mail: str = MAIL) -> None:
    await to_code(browser, mail)
    await browser.send({"code": code_in(await outbox(db, vault))})
    assert browser.url == "/register/password"


async def persons(db: Database) -> int:
    async with db.transaction() as tx:
        return int((await tx.execute(text("SELECT count(*) FROM person"))).scalar_one())


async def test_a_stranger_becomes_a_citizen(browser: Browser, db: Database, vault: Vault) -> None:
    """Four questions, and the cabinet greets by name and says what to do next."""
    await to_password(browser, db, vault)
    await browser.send({"password": PASSWORD})
    assert browser.url == "/"
    assert "Здравствуйте, Ольга Сергеевна" in browser.text
    assert "Упрощённая учётная запись" in browser.text
    assert "Ввести паспорт и СНИЛС" in browser.text
    async with db.transaction() as tx:
        person = await people.find_by_login(tx, vault, MAIL)
    assert person is not None
    assert person.level is Level.SIMPLIFIED


async def test_a_refused_field_keeps_what_was_typed_and_says_what_to_do(browser: Browser) -> None:
    """Latin letters that cannot be repaired are named; the other fields stay."""
    await browser.open("/register")
    await browser.send({"family_name": "Smirnova", "given_name": "Ольга"})
    assert browser.status == 422
    assert 'value="Smirnova"' in browser.page.text
    assert 'value="Ольга"' in browser.page.text
    assert "Пишите русскими буквами" in browser.text
    assert "<title>Ошибка: " in browser.page.text


async def test_back_finds_everything_that_was_typed(browser: Browser, db: Database, vault: Vault) -> None:
    """Each earlier page shows its answer again, and going on does not send a second code."""
    await to_code(browser)
    await browser.open("/register")
    assert 'value="Смирнова"' in browser.page.text
    await browser.send(NAME)
    assert f'value="{MAIL}"' in browser.page.text
    await browser.send({"email": MAIL})
    assert browser.url == "/register/code"
    assert len(await outbox(db, vault)) == 1


async def test_a_wrong_code_is_counted_and_after_five_a_new_one_comes(
    browser: Browser, db: Database, vault: Vault
) -> None:
    """The page says how many tries are left; the exhausted code is worth nothing even if it is right."""
    await to_code(browser)
    right = code_in(await outbox(db, vault))
    wrong = "000000" if right != "000000" else "111111"
    await browser.send({"code": wrong})
    assert browser.status == 422
    assert "осталось 4 попытки" in browser.text
    for _ in range(4):
        await browser.send({"code": wrong})
    assert "пять ошибок подряд. Мы отправили новый" in browser.text
    fresh = code_in(await outbox(db, vault))
    if fresh != right:
        await browser.send({"code": right})
        assert browser.url == "/register/code"
    await browser.send({"code": fresh})
    assert browser.url == "/register/password"


async def test_an_expired_code_says_so_and_a_new_one_is_on_its_way(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """Ten minutes are the code's life."""
    await to_code(browser)
    old = code_in(await outbox(db, vault))
    clock.advance(timedelta(minutes=10))
    await browser.send({"code": old})
    assert "Код устарел: он действует 10 минут. Мы отправили новый" in browser.text
    await browser.send({"code": code_in(await outbox(db, vault))})
    assert browser.url == "/register/password"


async def test_a_code_is_sent_again_after_a_minute_and_not_before(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """An impatient press sends nothing and is told so."""
    await to_code(browser)
    await browser.send(action="/register/code/again")
    assert "Код уже в пути" in browser.text
    assert len(await outbox(db, vault)) == 1
    clock.advance(timedelta(seconds=61))
    await browser.open("/register/code")
    await browser.send(action="/register/code/again")
    assert "Новый код отправлен" in browser.text
    assert len(await outbox(db, vault)) == 2


async def test_too_many_letters_say_when_to_come_back(
    browser: Browser, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit of this address the form stays as typed, with the time until the next letter."""
    monkeypatch.setattr(registration, "LETTERS_FROM_ADDRESS", Limit("code-address", 1, timedelta(hours=1)))
    await to_code(browser)
    clock.advance(timedelta(minutes=2))
    await browser.open("/register/email")
    await browser.send({"email": "other@mail.example"})
    assert browser.status == 429
    assert browser.page.headers["Retry-After"] == "3600"
    assert "слишком много кодов" in browser.text
    assert 'value="other@mail.example"' in browser.page.text


async def test_letters_are_not_digits_and_cost_no_try(browser: Browser, db: Database, vault: Vault) -> None:
    """A slip of the keyboard is no attempt; spaces between digits are forgiven."""
    await to_code(browser)
    for _ in range(7):
        await browser.send({"code": "12345"})
        assert "В коде 6 цифр" in browser.text
    digits = code_in(await outbox(db, vault))
    await browser.send({"code": f" {digits[:3]} {digits[3:]} "})
    assert browser.url == "/register/password"


async def test_a_code_for_one_address_does_not_prove_another(browser: Browser, db: Database, vault: Vault) -> None:
    """Who changes the address after the code was sent needs the code of the new one."""
    await to_code(browser, "mine@mail.example")
    mine = code_in(await outbox(db, vault))
    await browser.open("/register/email")
    await browser.send({"email": "stranger@mail.example"})
    await browser.send({"code": mine})
    assert browser.url == "/register/code"
    assert browser.status == 422


async def test_a_known_address_is_told_by_letter_only(
    app: Starlette, browser: Browser, db: Database, vault: Vault
) -> None:
    """The page is word for word the same; the owner gets a letter with the way in."""
    await to_password(browser, db, vault)
    await browser.send({"password": PASSWORD})
    stranger = Browser(app)
    await to_code(stranger)
    known = stranger.text
    other = Browser(app)
    await to_code(other, "nobody@mail.example")
    strip = "Номер страницы для поддержки"
    assert known.split(strip)[0].replace(MAIL, "") == other.text.split(strip)[0].replace("nobody@mail.example", "")
    letters = [message for message in await outbox(db, vault) if message.to == MAIL]
    assert "У вас уже есть учётная запись" in getattr(letters[-1], "subject", "")
    assert "/login" in letters[-1].text


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("коротко", "короче 8 знаков"),
        ("12345678", "угадывают первым"),
        ("Пароль2024", "угадывают первым"),
        ("Смирнова1", "повторяет ваше имя"),
        ("olga@mail.example", "повторяет ваше имя"),
        ("", "Придумайте пароль"),
    ],
)
async def test_a_weak_password_is_refused_with_a_reason(
    browser: Browser, db: Database, vault: Vault, password: str, words: str
) -> None:
    """The sentence says what is wrong; the password itself is never sent back."""
    await to_password(browser, db, vault)
    await browser.send({"password": password})
    assert browser.status == 422
    assert words in browser.text
    field = re.search(r'<input[^>]*type="password"[^>]*>', browser.page.text)
    assert field is not None
    assert "value=" not in field[0]


async def test_the_last_button_pressed_twice_makes_one_account(browser: Browser, db: Database, vault: Vault) -> None:
    """Both presses come from the same page; the second is told that the account is there."""
    await to_password(browser, db, vault)
    address, typed = browser.filled({"password": PASSWORD})
    headers = {"origin": ORIGIN, "cookie": f"__Host-gosuslugi={browser.cookie()}"}

    async def press() -> httpx.Response:
        return await browser.client.post(address, data=typed, headers=headers, follow_redirects=False)

    first, second = await asyncio.gather(press(), press())
    assert {first.status_code, second.status_code} == {303}
    third = await press()
    assert third.headers["location"] == "/login"
    assert await persons(db) == 1


async def test_steps_cannot_be_skipped(browser: Browser) -> None:
    """The password page without a name and a proved address leads to the first question."""
    for path in ("/register/email", "/register/code", "/register/password"):
        await browser.open(path)
        assert browser.url == "/register"
        assert "Начните с имени" in browser.text


async def test_the_password_is_not_taken_before_the_code(browser: Browser, db: Database) -> None:
    """A form sent past the code page makes no account."""
    await to_code(browser)
    _, hidden = browser.filled({})
    await browser.client.post("/register/password", data=hidden | {"password": PASSWORD}, headers={"origin": ORIGIN})
    assert await persons(db) == 0
