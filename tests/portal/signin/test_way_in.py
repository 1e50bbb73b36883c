"""From «Войти» to the main page, through a real ESIA on a real wire."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import func, select

from myschool.gosuslugi.people.model import Level, Person
from myschool.kit import clock
from myschool.kit.web import sessions
from myschool.kit.web.sessions import web_session
from myschool.portal.people import actions as people
from myschool.portal.people import store as people_store
from tests.gosuslugi.provider.houses import ESIA, PORTAL, Browser, Houses, Page, query_of


async def begin(browser: Browser) -> Page:
    return await browser.press(await browser.open(PORTAL), action="/login/esia")


async def granted(browser: Browser) -> Page:
    """The window of completing the registration."""
    return await browser.press(await begin(browser), {"answer": "grant"})


async def registered(houses: Houses, person: Person, profile: str = "guardian") -> Browser:
    browser = houses.browser()
    await browser.sign_in(person)
    main = await browser.press(await granted(browser), {"profile": profile, "agreed": "1"})
    assert main.url == f"{PORTAL}/"
    return browser


async def persons(houses: Houses) -> int:
    async def count(tx) -> int:
        return (await tx.execute(select(func.count()).select_from(people_store.person))).scalar_one()

    return await houses.portal.db.run(count)


async def test_a_pupil_of_14_registers_himself(houses: Houses) -> None:
    """«Войти», «Предоставить», «Профиль обучающегося», and the main page of «Моя школа»."""
    pupil = await houses.person(Level.STANDARD, born=date(2011, 9, 1))
    browser = houses.browser()
    await browser.sign_in(pupil)
    asked = await begin(browser)
    assert asked.title == "Предоставление прав доступа"
    assert "Сведения о детях" not in asked.words.split("Чего сервис не получит")[0]
    window = await browser.press(asked, {"answer": "grant"})
    assert window.url == f"{PORTAL}/registration"
    assert window.title == "Завершение регистрации"
    main = await browser.press(window, {"profile": "learner", "agreed": "1"})
    assert main.url == f"{PORTAL}/"
    assert "Здравствуйте, Ольга Сергеевна!" in main.words


async def test_the_second_visit_goes_straight_through(houses: Houses) -> None:
    """Whoever granted and completed once presses «Войти» and is on the page that was wanted."""
    person = await houses.person()
    await registered(houses, person)
    again = houses.browser()
    await again.sign_in(person)
    way_in = await again.open(f"{PORTAL}/consents")
    assert way_in.path == "/login"
    page = await again.press(way_in, action="/login/esia")
    assert page.url == f"{PORTAL}/consents"
    assert await persons(houses) == 1


async def test_refusing_is_explained_and_can_be_mended(houses: Houses) -> None:
    """«Отказать» brings back with clear words; «Войти» asks again, and nothing was kept."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    page = await browser.press(await begin(browser), {"answer": "refuse"})
    assert page.title == "Вы отказались от входа"
    assert urlsplit(page.url).netloc == "portal.test"
    assert await persons(houses) == 0
    asked = await browser.press(page, action="/login/esia")
    assert asked.title == "Предоставление прав доступа"


async def test_back_to_the_callback_ends_well(houses: Houses) -> None:
    """The browser's Back to the address with the code: signed in, so on to the main page; otherwise begin anew."""
    person = await houses.person()
    browser = await registered(houses, person)
    callback = await browser.press(await browser.open(PORTAL), action="/logout", until=f"{PORTAL}/signed-out")
    await browser.sign_in(person)
    callback = await browser.press(await browser.open(PORTAL), action="/login/esia", until=f"{PORTAL}/esia/callback")
    assert (await browser.open(callback.url)).url == f"{PORTAL}/"
    again = await browser.open(callback.url)
    assert (again.status, again.url) == (200, f"{PORTAL}/")
    stranger = await houses.browser().open(callback.url)
    assert (stranger.status, stranger.title) == (400, "Вход нужно начать заново")


async def test_an_answer_for_another_browser_signs_nobody_in(houses: Houses) -> None:
    """Somebody plants his own code in another's browser: the state belongs to the browser that began."""
    attacker, victim = houses.browser(), houses.browser()
    await attacker.sign_in(await houses.person())
    planted = await attacker.press(await begin(attacker), {"answer": "grant"}, until=f"{PORTAL}/esia/callback")
    await victim.press(await victim.open(PORTAL), action="/login/esia", until=ESIA)
    page = await victim.open(planted.url)
    assert page.title == "Вход нужно начать заново"
    assert "Войти" in (await victim.open(PORTAL)).words
    assert await persons(houses) == 0


@pytest.mark.parametrize("state", ["", "x", "00000000-0000-4000-8000-000000000000"])
async def test_a_foreign_state_is_not_believed(houses: Houses, state: str) -> None:
    """A good code with another state opens nothing."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    callback = await browser.press(await begin(browser), {"answer": "grant"}, until=f"{PORTAL}/esia/callback")
    code = query_of(callback.url)["code"]
    page = await browser.http.get(f"{PORTAL}/esia/callback", params={"code": code, "state": state})
    assert page.status_code == 400
    assert await persons(houses) == 0


async def test_a_code_redeemed_elsewhere_means_beginning_anew(houses: Houses) -> None:
    """ESIA says 007011; the person reads that nothing is lost and presses «Войти»."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    callback = await browser.press(await begin(browser), {"answer": "grant"}, until=f"{PORTAL}/esia/callback")
    spoiled = callback.url.replace("code=e", "code=f", 1)
    assert spoiled != callback.url
    assert (await browser.open(spoiled)).title == "Вход нужно начать заново"


async def test_a_silent_esia_is_told_as_such(houses: Houses) -> None:
    """No answer, nonsense, or an error of the server: the same clear page with a way on."""

    async def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("no answer", request=request)

    browser = houses.browser()
    await browser.sign_in(await houses.person())
    for transport in (
        httpx.MockTransport(broken),
        httpx.MockTransport(lambda _: httpx.Response(502, text="<html>")),
        httpx.MockTransport(lambda _: httpx.Response(200, text="nonsense")),
    ):
        houses.esia.http = httpx.AsyncClient(transport=transport)
        page = await begin(browser)
        page = await browser.press(page, {"answer": "grant"}) if "consent" in page.url else page
        assert (page.status, page.title) == (503, "Госуслуги сейчас не отвечают")
    houses.esia.http = houses.wire


@pytest.mark.parametrize("wanted", ["//evil.test", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"])
async def test_the_wanted_page_is_always_our_own(houses: Houses, wanted: str) -> None:
    """`next` that leads elsewhere leads to the main page."""
    browser = await registered(houses, await houses.person())
    page = await browser.http.get(f"{PORTAL}/login", params={"next": wanted})
    assert page.headers["location"] == "/"


async def test_signing_in_changes_the_session(houses: Houses) -> None:
    """A cookie known before is worth nothing afterwards (session fixation)."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    asked = await begin(browser)
    before = browser.http.cookies.get("__Host-portal", domain="portal.test")
    await browser.press(asked, {"answer": "grant"})
    after = browser.http.cookies.get("__Host-portal", domain="portal.test")
    assert before != after
    thief = houses.browser()
    thief.http.cookies.set("__Host-portal", str(before), domain="portal.test", path="/")
    assert (await thief.open(f"{PORTAL}/registration")).path == "/login"


async def test_another_person_at_the_same_computer_finds_nothing_of_the_first(houses: Houses) -> None:
    """What the session of the first one remembered is gone when the second one signs in."""
    first, second = await houses.person(), await houses.person()
    browser = await registered(houses, first)

    async def remember(tx) -> None:
        token = browser.http.cookies.get("__Host-portal", domain="portal.test")
        session = await sessions.load(tx, houses.portal.vault, str(token), clock.now())
        session.put("draft", "тайна")
        await sessions.save(tx, houses.portal.vault, session, "", clock.now(), timedelta(minutes=30))

    await houses.portal.db.run(remember)
    await browser.sign_in(second)
    window = await begin_anyway(browser, houses)
    assert window.url == f"{PORTAL}/registration"

    async def contents(tx) -> list[str]:
        rows = (await tx.execute(select(web_session.c.contents))).scalars()
        return [houses.portal.vault.open(row, place="web_session.contents") for row in rows]

    assert not any("тайна" in text for text in await houses.portal.db.run(contents))


async def begin_anyway(browser: Browser, houses: Houses) -> Page:
    """«Войти» from an old tab of the main page, though somebody is signed in already."""
    signed_in = await browser.open(PORTAL)
    token = signed_in.form("/logout").fields
    headers = {"referer": f"{PORTAL}/", "origin": PORTAL}
    answer = await browser.http.post(f"{PORTAL}/login/esia", data=token, headers=headers)
    asked = await browser.open(answer.headers["location"])
    return await browser.press(asked, {"answer": "grant"})


async def test_signing_out_ends_both_sessions(houses: Houses) -> None:
    """«Выйти» leaves the portal and ESIA, so the next one at this computer must sign in."""
    browser = await registered(houses, await houses.person())
    page = await browser.press(await browser.open(PORTAL), action="/logout")
    assert (page.url, page.title) == (f"{PORTAL}/signed-out", "Вы вышли")
    answer = await browser.press(page := await browser.open(PORTAL), action="/login/esia", until=f"{ESIA}/login")
    assert answer.url.startswith(f"{ESIA}/login?next=")
    assert "Войти" in page.words


async def test_a_child_comes_with_the_code_of_an_adult(houses: Houses) -> None:
    """«Войти» → «Предоставление прав доступа» → «Предоставить» → the parent's code → portal."""
    mother = await houses.person()
    child = await houses.child(mother)
    browser = houses.browser()
    await browser.sign_in(child)
    asked = await begin(browser)
    assert asked.title == "Предоставление прав доступа"
    assert "согласие даёт взрослый" in asked.words
    code_page = await browser.press(asked, {"answer": "grant"})
    assert code_page.title == "Код от взрослого"
    (code,) = await houses.codes()
    window = await browser.press(code_page, {"code": f" {code[:3]} {code[3:]} "})
    assert window.url == f"{PORTAL}/registration"
    assert "Профиль родителя" not in window.words
    main = await browser.press(window, {"profile": "learner"})
    assert main.url == f"{PORTAL}/"
    assert "Ждём согласие родителя" in main.words


async def test_a_parent_brings_the_children(houses: Houses) -> None:
    """What `/kids` told stands in the portal, СНИЛС sealed."""
    mother = await houses.person()
    await houses.child(mother)
    await registered(houses, mother)

    async def told(tx):
        person = await people.find_by_oid(tx, houses.portal.vault, mother.oid)
        assert person is not None
        return await people.children_of(tx, houses.portal.vault, person.id, clock.now())

    (child,) = await houses.portal.db.run(told)
    assert child.name.given_name == "Алёна"
    assert child.birth_date == date(2017, 5, 14)
    assert child.snils is not None


@pytest.mark.parametrize(
    ("level", "profile", "words"),
    [
        (Level.SIMPLIFIED, "learner", "упрощённая"),
        (Level.SIMPLIFIED, "guardian", "упрощённая"),
    ],
)
async def test_a_profile_that_is_not_open_says_what_is_missing(
    houses: Houses, level: Level, profile: str, words: str
) -> None:
    """A page with a way on, not a red field."""
    browser = houses.browser()
    await browser.sign_in(await houses.person(level))
    page = await browser.press(await granted(browser), {"profile": profile, "agreed": "1"})
    assert page.path == "/registration/closed"
    assert words in page.words
    assert "Выбрать другой профиль" in page.words


async def test_the_way_in_asks_who_and_what_he_has(houses: Houses) -> None:
    """«Кто будет входить?» → «Есть учётная запись?» → the exact next step, by plain links and forms."""
    browser = houses.browser()
    page = await browser.open(f"{PORTAL}/login")
    assert "Кто будет входить?" in page.words
    page = await browser.open(f"{PORTAL}/login?who=child")
    assert "У ребёнка есть своя учётная запись" in page.words
    assert (
        "Учётную запись ребёнка создаёт родитель" in (await browser.open(f"{PORTAL}/login?who=child&account=no")).words
    )
    assert "Войти" in (await browser.open(f"{PORTAL}/login?who=learner&account=yes")).words
