"""Password, devices, contacts and recovery of an account."""

from datetime import timedelta

from starlette.applications import Starlette

from myschool.gosuslugi.people.model import Level
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database
from myschool.kit.letters import Sms
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email
from tests.gosuslugi.browser import ORIGIN, Browser, code_in, outbox
from tests.gosuslugi.citizens import MAIL, PASSWORD, SNILS, settle_in, sign_in

NEW = "тёплый июньский вечер"


async def test_a_session_elsewhere_can_be_ended(app: Starlette, browser: Browser, db: Database, vault: Vault) -> None:
    """The list names the device; after «Завершить» it has to sign in again, this one does not."""
    await settle_in(db, vault)
    other = Browser(app, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 19) Version/19 Mobile Safari/604.1")
    await sign_in(other, db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/security")
    assert "Safari, iPhone" in browser.text
    assert "Firefox, Linux Это устройство" in browser.text
    await browser.send(action="/security/sessions/end")
    assert "Сеанс завершён" in browser.text
    await other.open("/profile")
    assert other.url.startswith("/login")
    await browser.open("/profile")
    assert browser.url == "/profile"


async def test_nobody_ends_the_session_of_another(app: Starlette, browser: Browser, db: Database, vault: Vault) -> None:
    """The key of a stranger's session does nothing."""
    await settle_in(db, vault)
    await settle_in(db, vault, mail=Email("masha@mail.example"))
    victim = Browser(app)
    await sign_in(victim, db, vault, "masha@mail.example")
    twin = Browser(app)
    await sign_in(twin, db, vault, "masha@mail.example")
    await twin.open("/security")
    _, typed = twin.filled({}, "/security/sessions/end")
    await sign_in(browser, db, vault)
    await sign_in(Browser(app), db, vault)
    await browser.open("/security")
    address, mine = browser.filled({}, "/security/sessions/end")
    stolen = mine | {"session": typed["session"]}
    browser.page = await browser.client.post(address, data=stolen, headers={"origin": ORIGIN})
    assert "Этот сеанс уже завершён" in browser.text
    await victim.open("/profile")
    assert victim.url == "/profile"


async def test_all_other_sessions_end_at_once(app: Starlette, browser: Browser, db: Database, vault: Vault) -> None:
    """The one that pressed the button stays."""
    await settle_in(db, vault)
    others = [Browser(app), Browser(app)]
    for other in others:
        await sign_in(other, db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/security")
    await browser.send(action="/security/sessions/end-others")
    for other in others:
        await other.open("/profile")
        assert other.url.startswith("/login")
    await browser.open("/profile")
    assert browser.url == "/profile"


async def test_the_history_shows_what_happened_at_the_door(browser: Browser, db: Database, vault: Vault) -> None:
    """Wrong passwords too: the owner should know."""
    await settle_in(db, vault)
    await browser.open("/login")
    await browser.send({"login": MAIL.address, "password": "не тот пароль"})
    await sign_in(browser, db, vault)
    await browser.open("/security")
    assert "сегодня в 12:00 Вход выполнен Firefox, Linux" in browser.text
    assert "Неверный пароль" in browser.text


async def test_the_password_is_changed_by_who_knows_it(
    app: Starlette, browser: Browser, db: Database, vault: Vault
) -> None:
    """Other sessions end, a letter tells, the new one works and the old one does not."""
    await settle_in(db, vault)
    other = Browser(app)
    await sign_in(other, db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/security/password")
    await browser.send({"password": "не тот пароль", "new_password": NEW})
    assert browser.status == 422
    assert "Нынешний пароль не подошёл" in browser.text
    await browser.send({"password": PASSWORD, "new_password": "Смирнова"})
    assert "повторяет ваше имя" in browser.text
    await browser.send({"password": PASSWORD, "new_password": NEW})
    assert "Пароль изменён" in browser.text
    await other.open("/profile")
    assert other.url.startswith("/login")
    assert any(getattr(one, "subject", "") == "Пароль изменён" for one in await outbox(db, vault))
    fresh = Browser(app)
    await fresh.open("/login")
    await fresh.send({"login": MAIL.address, "password": PASSWORD})
    assert fresh.status == 422
    await fresh.send({"login": MAIL.address, "password": NEW})
    assert fresh.url == "/login/code"


async def test_a_forgotten_password_is_replaced_by_a_code(
    app: Starlette, browser: Browser, db: Database, vault: Vault
) -> None:
    """By СНИЛС too; every session of the account is over; the button pressed twice says the same."""
    await settle_in(db, vault, level=Level.STANDARD)
    other = Browser(app)
    await sign_in(other, db, vault)
    await browser.open("/recover")
    await browser.send({"login": SNILS.formatted()})
    await browser.send({"code": code_in(await outbox(db, vault))})
    assert browser.url == "/recover/password"
    address, typed = browser.filled({"password": NEW})
    for _ in range(2):
        browser.page = await browser.client.post(address, data=typed, headers={"origin": ORIGIN})
        assert browser.url == "/login"
        assert "Пароль изменён" in browser.text
    await other.open("/profile")
    assert other.url.startswith("/login")
    await browser.open("/login")
    await browser.send({"login": MAIL.address, "password": NEW})
    assert browser.url == "/login/code"


async def test_recovery_of_an_unknown_login_looks_the_same(app: Starlette, db: Database, vault: Vault) -> None:
    """Code page, wrong code, resend: word for word; and no letter goes anywhere."""
    await settle_in(db, vault)
    pages: list[list[str]] = []
    for login in (MAIL.address, "nobody@mail.example"):
        browser, seen = Browser(app), []
        await browser.open("/recover")
        await browser.send({"login": login})
        seen.append(browser.text)
        for code in ("000000", "000001"):
            await browser.send({"code": code})
            seen.append(browser.text)
        await browser.send(action="/recover/code/again")
        seen.append(browser.text)
        pages.append([page.split("Номер страницы")[0] for page in seen])
    assert pages[0] == pages[1]
    assert {one.to for one in await outbox(db, vault)} == {MAIL.address}


async def test_the_recovery_password_page_needs_the_code(browser: Browser, db: Database, vault: Vault) -> None:
    """Neither the address of the page nor a form sent to it replaces the code; a proved code lasts a while only."""
    await settle_in(db, vault)
    await browser.open("/recover")
    await browser.send({"login": MAIL.address})
    _, hidden = browser.filled({})
    typed = hidden | {"password": NEW}
    browser.page = await browser.client.post("/recover/password", data=typed, headers={"origin": ORIGIN})
    assert browser.url == "/recover"
    await browser.open("/login")
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    assert browser.url == "/login/code"


async def test_the_proof_for_a_new_password_runs_out(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """A browser left open on the password page is no open door an hour later."""
    await settle_in(db, vault)
    await browser.open("/recover")
    await browser.send({"login": MAIL.address})
    await browser.send({"code": code_in(await outbox(db, vault))})
    clock.advance(timedelta(minutes=16))
    await browser.send({"password": NEW})
    assert browser.url == "/recover"


async def test_a_telephone_is_added_by_its_code_and_then_gets_the_codes(
    app: Starlette, browser: Browser, db: Database, vault: Vault
) -> None:
    """Until the code is entered the profile says what waits, and the mailbox goes on getting the codes."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/contacts/phone")
    await browser.send({"phone": "8 916 123 45 67"})
    assert "+7 916 123-45-67" in browser.text
    await browser.open("/profile")
    assert "Ждём код для +7 916 123-45-67" in browser.text
    await browser.open("/contacts/phone/code")
    await browser.send({"code": code_in(await outbox(db, vault))})
    assert browser.url == "/profile"
    assert "Телефон подтверждён" in browser.text
    again = Browser(app)
    await again.open("/login")
    await again.send({"login": "+7 916 123-45-67", "password": PASSWORD})
    assert isinstance((await outbox(db, vault))[-1], Sms)


async def test_a_contact_of_another_account_is_refused_without_its_owner(
    browser: Browser, db: Database, vault: Vault
) -> None:
    """The refusal names the field, never whose it is."""
    await settle_in(db, vault)
    await settle_in(db, vault, mail=Email("masha@mail.example"))
    await sign_in(browser, db, vault)
    await browser.open("/contacts/email")
    await browser.send({"email": "masha@mail.example"})
    assert browser.status == 409
    assert "уже привязан к другой учётной записи" in browser.text


async def test_the_mailbox_is_changed_and_the_old_one_is_told(browser: Browser, db: Database, vault: Vault) -> None:
    """A code of one address does not prove the next one; the old address hears of the change."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/contacts/email")
    await browser.send({"email": "first@mail.example"})
    first = code_in(await outbox(db, vault))
    await browser.open("/contacts/email")
    await browser.send({"email": "second@mail.example"})
    second = code_in(await outbox(db, vault))
    if first != second:
        await browser.send({"code": first})
        assert browser.status == 422
    await browser.send({"code": second})
    assert "second@mail.example" in browser.text
    assert MAIL.address not in browser.text
    last = (await outbox(db, vault))[-1]
    assert (last.to, getattr(last, "subject", "")) == (MAIL.address, "Контакт изменён")


async def test_an_expired_session_gives_the_typed_text_back(
    browser: Browser, db: Database, vault: Vault, clock: StoppedClock
) -> None:
    """After the sign-in the same form stands there, filled in."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    await browser.open("/contacts/email")
    clock.advance(timedelta(minutes=31))
    await browser.send({"email": "new@mail.example"})
    assert browser.url.startswith("/login?next=")
    assert "Сеанс закончился" in browser.text
    await browser.send({"login": MAIL.address, "password": PASSWORD})
    assert "Сеанс закончился" not in browser.text
    await browser.send({"code": code_in(await outbox(db, vault))})
    assert browser.url == "/contacts/email"
    assert 'value="new@mail.example"' in browser.page.text


async def test_a_notice_is_shown_once(browser: Browser, db: Database, vault: Vault, clock: StoppedClock) -> None:
    """Also when it was the last thing the session remembered."""
    await settle_in(db, vault)
    await sign_in(browser, db, vault)
    clock.advance(timedelta(minutes=31))
    await browser.open("/profile")
    assert "Сеанс закончился" in browser.text
    await browser.open("/login")
    assert "Сеанс закончился" not in browser.text


async def test_nobody_fishes_for_known_contacts(browser: Browser, db: Database, vault: Vault) -> None:
    """After ten addresses an hour a taken one and a free one are answered alike."""
    await settle_in(db, vault)
    await settle_in(db, vault, mail=Email("masha@mail.example"))
    await sign_in(browser, db, vault)
    for number in range(10):
        await browser.open("/contacts/email")
        await browser.send({"email": f"a{number}@mail.example"})
        assert browser.status == 200
    for email in ("masha@mail.example", "free@mail.example"):
        await browser.open("/contacts/email")
        await browser.send({"email": email})
        assert browser.status == 429
        assert "Слишком много попыток" in browser.text
