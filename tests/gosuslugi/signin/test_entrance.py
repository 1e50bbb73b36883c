"""Sign-in: password, code, session; and everybody who should not get in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from starlette.applications import Starlette

from myschool.gosuslugi.people.model import Level
from myschool.gosuslugi.signin.model import LOGIN_HERE
from myschool.gosuslugi.signin.passwords import Compared, Overloaded, Passwords
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database
from myschool.kit.letters import Letter, Sms
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email, Phone
from tests.gosuslugi.browser import ORIGIN, Browser, code_in, outbox
from tests.gosuslugi.citizens import MAIL, PASSWORD, SNILS, settle_in, sign_in

PHONE = Phone("9161234567")


@pytest.mark.parametrize(
    "login", ["olga@mail.example", "OLGA@Mail.Example", "112-233-445 95", "11223344595", "8 (916) 123-45-67"]
)
async def test_any_login_in_any_spelling_leads_in(browser: Browser, db: Database, vault: Vault, login: str) -> None:
    """«Телефон / Email / СНИЛС», however separated."""
    await settle_in(db, vault, level=Level.STANDARD, phone=PHONE)
    await sign_in(browser, db, vault, login)
    assert browser.url == "/"
    assert "Здравствуйте, Ольга" in browser.text


async def test_the_wanted_page_is_opened_after_the_sign_in(browser: Browser, db: Database, vault: Vault) -> None:
    """`next` survives both steps, its query included."""
    await settle_in(db, vault)
    await browser.open("/profile")
    assert browser.url == "/login?next=%2Fprofile"
    await sign_in(browser, db, vault, path="/login?next=%2Fprofile%3Fa%3Db")
    assert browser.url == "/profile?a=b"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
async def test_nobody_is_led_to_another_site(browser: Browser, db: Database, vault: Vault, target: str) -> None:
    """A foreign `next` ends on the main page."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault, path=f"/login?next={target}")
    assert str(browser.page.url) == f"{ORIGIN}/"


async def test_the_code_goes_to_the_telephone_if_there_is_one(browser: Browser, db: Database, vault: Vault) -> None:
    """Else to the mailbox; the page shows the address masked."""
    await settle_in(db, vault, phone=PHONE)
    await browser.open("/login")
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    assert "+7 ••• •••-45-67" in browser.text
    assert "916" not in browser.text
    sent = (await outbox(db, vault))[-1]
    assert isinstance(sent, Sms)
    assert sent.to == "+79161234567"


async def test_without_the_code_nobody_is_in(browser: Browser, db: Database, vault: Vault) -> None:
    """The right password alone opens nothing."""
    await settle_in(db, vault)
    await browser.open("/login")
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    for path in ("/profile", "/security"):
        await browser.open(path)
        assert browser.url.startswith("/login")


async def test_a_wrong_password_keeps_the_login_and_says_what_to_do(
    browser: Browser, db: Database, vault: Vault
) -> None:
    """The password itself is not sent back."""
    await settle_in(db, vault)
    await browser.open("/login")
    await browser.send({"login": MAIL.address, "password": "не тот пароль"})
    assert browser.status == 422
    assert "Логин или пароль не подошли" in browser.text
    assert f'value="{MAIL.address}"' in browser.page.text
    assert "не тот пароль" not in browser.page.text


async def test_an_unknown_login_is_answered_like_a_wrong_password(app: Starlette, db: Database, vault: Vault) -> None:
    """Same words, same status, same number of statements in the database; only the login differs."""
    await settle_in(db, vault)
    answers = []
    for login in (MAIL.address, "nobody@mail.example"):
        browser = Browser(app)
        await browser.open("/login")
        with counted_statements(db) as statements:
            await browser.send({"login": login, "password": "не тот пароль"})
        page = re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}", "", browser.text.replace(login, ""))
        answers.append((browser.status, page, len(statements)))
    assert answers[0] == answers[1]


async def test_an_unknown_login_costs_a_hash_too(
    browser: Browser, db: Database, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The argon2 comparison runs for nobody as well, so the clock tells nothing."""
    compared: list[str | None] = []
    original = passwords.compare

    async def compare(password: str, known: str | None) -> Compared:
        compared.append(known)
        return await original(password, known)

    monkeypatch.setattr(passwords, "compare", compare)
    await browser.open("/login")
    await browser.send({"login": "nobody@mail.example", "password": "не тот пароль"})
    assert compared == [None]


@contextmanager
def counted_statements(db: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)


async def test_guessing_is_stopped_and_time_forgives(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """After eight tries even the right password waits a quarter of an hour; the page says so and shows a way."""
    await settle_in(db, vault)
    await browser.open("/login")
    for _ in range(LOGIN_HERE.tries):
        await browser.send({"login": MAIL.address, "password": "не тот пароль"})
        assert browser.status == 422
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    assert browser.status == 429
    assert browser.page.headers["Retry-After"] == "900"
    assert "Подождите 15 минут" in browser.text
    clock.advance(timedelta(minutes=16))
    await sign_in(browser, db, vault)
    assert browser.url == "/"


async def test_guessing_is_counted_by_account_not_by_spelling(browser: Browser, db: Database, vault: Vault) -> None:
    """Changing the spelling of the login, or СНИЛС for e-mail, gives no new tries."""
    await settle_in(db, vault, level=Level.STANDARD)
    spellings = [MAIL.address, "OLGA@mail.example", SNILS.digits, SNILS.formatted()]
    await browser.open("/login")
    for attempt in range(LOGIN_HERE.tries):
        await browser.send({"login": spellings[attempt % 4], "password": "не тот пароль"})
    await browser.send({"login": " olga@MAIL.example", "password": PASSWORD})
    assert browser.status == 429


async def test_one_password_over_many_accounts_is_stopped(browser: Browser, db: Database, vault: Vault) -> None:
    """Sixty logins with the same password in ten minutes: the sixty-first is refused, another password is not."""
    await settle_in(db, vault)
    await browser.open("/login")
    for number in range(60):
        await browser.send({"login": f"person{number}@mail.example", "password": "весна2026!"})
        assert browser.status == 422
    await browser.send({"login": "person60@mail.example", "password": "весна2026!"})
    assert browser.status == 429
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    assert browser.url == "/login/code"


async def test_a_code_is_good_once(app: Starlette, browser: Browser, db: Database, vault: Vault) -> None:
    """Replayed in the browser that stood at the code page, it opens nothing."""
    await settle_in(db, vault)
    await browser.open("/login")
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    code = code_in(await outbox(db, vault))
    address, typed = browser.filled({"code": code})
    cookie = browser.cookie()
    await browser.send({"code": code})
    assert browser.url == "/"
    thief = Browser(app)
    thief.client.cookies.set("__Host-gosuslugi", cookie)
    thief.page = await thief.client.post(address, data=typed, headers={"origin": ORIGIN})
    await thief.open("/profile")
    assert thief.url.startswith("/login")


async def test_a_code_of_one_attempt_does_not_open_another(app: Starlette, db: Database, vault: Vault) -> None:
    """Each attempt to sign in has its own code."""
    await settle_in(db, vault)
    first, second = Browser(app), Browser(app)
    for browser in (first, second):
        await browser.open("/login")
        await browser.send({"login": MAIL.address, "password": PASSWORD})
    codes = [code_in([message]) for message in await outbox(db, vault)]
    if codes[0] != codes[1]:
        await second.send({"code": codes[0]})
        assert second.status == 422
    await second.send({"code": codes[1]})
    assert second.url == "/"


async def test_the_password_button_pressed_twice_sends_one_code(browser: Browser, db: Database, vault: Vault) -> None:
    """The second press goes on with the first code."""
    await settle_in(db, vault)
    await browser.open("/login")
    address, typed = browser.filled({"login": MAIL.address, "password": PASSWORD})
    for _ in range(2):
        browser.page = await browser.client.post(address, data=typed, headers={"origin": ORIGIN})
    assert len(await outbox(db, vault)) == 1
    await browser.send({"code": code_in(await outbox(db, vault))})
    assert browser.url == "/"


async def test_a_quarter_of_an_hour_later_the_password_is_asked_again(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """With the wanted page kept."""
    await settle_in(db, vault)
    await browser.open("/login?next=%2Fsecurity")
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    clock.advance(timedelta(minutes=16))
    await browser.send({"code": "123456"})
    assert browser.url == "/login?next=%2Fsecurity"
    assert "Войдите ещё раз" in browser.text


async def test_the_session_gets_a_new_token(browser: Browser, db: Database, vault: Vault) -> None:
    """A token planted before the sign-in is worth nothing after it."""
    await settle_in(db, vault)
    await browser.open("/login")
    before = browser.cookie()
    await sign_in(browser, db, vault)
    assert browser.cookie() != before
    browser.client.cookies.clear()
    browser.client.cookies.set("__Host-gosuslugi", before)
    await browser.open("/profile")
    assert browser.url.startswith("/login")


@pytest.mark.parametrize(("stranger", "still_in"), [({}, True), ({"stranger": "1"}, False)])
async def test_a_strangers_computer_forgets_after_ten_minutes(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock, stranger: dict[str, str], still_in: bool
) -> None:
    """Elsewhere the session lives for half an hour."""
    await settle_in(db, vault)
    await browser.open("/login")
    await browser.send({"login": MAIL.address, "password": PASSWORD} | stranger)
    await browser.send({"code": code_in(await outbox(db, vault))})
    clock.advance(timedelta(minutes=11))
    await browser.open("/profile")
    assert (browser.url == "/profile") is still_in


async def test_signing_out_ends_the_session(browser: Browser, db: Database, vault: Vault) -> None:
    """The old cookie opens nothing any more."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    cookie = browser.cookie()
    await browser.send(action="/logout")
    assert "Вы вышли" in browser.text
    browser.client.cookies.clear()
    browser.client.cookies.set("__Host-gosuslugi", cookie)
    await browser.open("/profile")
    assert browser.url.startswith("/login")


async def test_a_new_device_is_told_to_the_owner(app: Starlette, db: Database, vault: Vault) -> None:
    """The first sign-in is no news; another browser is, by a letter with the first name only."""
    await settle_in(db, vault)
    await sign_in(Browser(app), db, vault)
    assert "Вход с нового устройства" not in [getattr(one, "subject", "") for one in await outbox(db, vault)]
    await sign_in(Browser(app, agent="Mozilla/5.0 (Windows NT 10.0) Chrome/140 YaBrowser/26 Safari/1"), db, vault)
    told = [one for one in await outbox(db, vault) if isinstance(one, Letter) and one.subject.startswith("Вход с")]
    assert len(told) == 1
    assert "Яндекс Браузер, Windows" in told[0].text
    assert "Смирнова" not in told[0].text


async def test_two_accounts_do_not_mix(app: Starlette, db: Database, vault: Vault) -> None:
    """Each browser sees its own person."""
    await settle_in(db, vault)
    other = Email("masha@mail.example")
    await settle_in(db, vault, mail=other)
    first, second = Browser(app), Browser(app)
    await sign_in(first, db, vault)
    await sign_in(second, db, vault, other.address)
    await first.open("/profile")
    await second.open("/profile")
    assert MAIL.address in first.text
    assert other.address not in first.text
    assert other.address in second.text


async def test_an_overloaded_door_says_when_to_come_back(
    browser: Browser, db: Database, vault: Vault, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After, in words, the login kept; a moment later the same button works."""
    await settle_in(db, vault)
    await browser.open("/login")

    async def refuse(_password: str, _known: str | None) -> None:
        raise Overloaded(retry_after=3)

    with monkeypatch.context() as patched:
        patched.setattr(passwords, "compare", refuse)
        await browser.send({"login": MAIL.address, "password": PASSWORD})
    assert (browser.status, browser.page.headers["retry-after"]) == (503, "3")
    assert "Сейчас входит очень много людей" in browser.text
    assert f'value="{MAIL.address}"' in browser.page.text
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    assert browser.url == "/login/code"
