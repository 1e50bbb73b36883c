"""Sessions: whose they are, how long they last, and what is given back after they ended."""

import re
from datetime import timedelta

import pytest

from myschool.kit import clock, upkeep
from myschool.kit.db import Database, Tx, connect
from myschool.kit.web import sessions
from myschool.kit.web.sessions import Session
from tests.conftest import ClockAt
from tests.kit.web.conftest import NAMES, OLGA, ORIGIN, Browser, TestHouse, csrf_of

NOON = "2026-09-01T12:00:00+03:00"


async def test_the_cookie_opens_only_here_and_only_for_the_server(test_house: TestHouse) -> None:
    """The cookie is bound to this host, hidden from scripts, sent by TLS alone and not from foreign pages."""
    answer = await test_house.browser().get("/enter?who=olga")
    cookie = answer.headers["set-cookie"].split("; ")
    assert cookie[0].startswith("__Host-portal=")
    assert {part.lower() for part in cookie[1:]} == {"path=/", "secure", "httponly", "samesite=lax"}


async def test_each_house_names_its_own_cookie(test_house: TestHouse) -> None:
    """Ports of one machine share cookies, so another house neither reads nor overwrites this one's."""
    test_house.house.key = "gosuslugi"
    answer = await test_house.browser().get("/enter?who=olga")
    assert answer.headers["set-cookie"].startswith("__Host-gosuslugi=")


async def test_the_cookie_is_sent_once(test_house: TestHouse) -> None:
    """A browser that has the cookie is not told again."""
    browser = await test_house.signed_in()
    assert "set-cookie" not in (await browser.get("/secret")).headers


async def test_a_token_known_before_sign_in_is_worth_nothing_after(test_house: TestHouse) -> None:
    """Session fixation: whoever planted or read the stranger's token does not become the person."""
    browser = test_house.browser()
    await browser.get("/put?text=черновик")
    before = browser.token
    await browser.enter("olga")
    assert browser.token not in (None, before)
    thief = test_house.browser()
    thief.http.cookies.set("__Host-portal", before or "")
    assert (await thief.get("/secret")).status_code == 303
    assert (await thief.get("/draft")).text == "None"


async def test_sign_in_carries_over_what_the_stranger_began(test_house: TestHouse) -> None:
    """What lay in the session before the sign-in is there after it."""
    browser = test_house.browser()
    await browser.get("/put?text=черновик")
    await browser.enter("olga")
    assert (await browser.get("/draft")).text == "черновик"


async def test_another_person_does_not_inherit(test_house: TestHouse) -> None:
    """On a shared computer one signs in over the other: nothing of the first remains, the first's token is dead."""
    browser = await test_house.signed_in("olga")
    await browser.get("/put?text=тайна")
    first = browser.token
    await browser.enter("ivan")
    assert (await browser.get("/draft")).text == "None"
    assert len(await test_house.rows()) == 1
    assert browser.token != first


@pytest.mark.parametrize("token", ["", "x", "a" * 44, "é" * 43, '"' * 43, "a" * 42 + "\x7f", "a" * 9000])
async def test_a_token_nobody_made_is_replaced(test_house: TestHouse, token: str) -> None:
    """What a stranger wrote into the cookie is neither kept nor sent back."""
    browser = test_house.browser()
    answer = await browser.http.get("/", headers=[(b"cookie", b"__Host-portal=" + token.encode("latin-1"))])
    assert answer.status_code == 200
    assert re.match(r"__Host-portal=[A-Za-z0-9_-]{43};", answer.headers["set-cookie"])


async def test_signing_out_ends_the_session_for_good(test_house: TestHouse) -> None:
    """After «Выйти» the token opens nothing, and nothing is left in the table."""
    browser = await test_house.signed_in()
    token = browser.token
    await browser.post("/leave", {"csrf": csrf_of(await browser.get("/note"))})
    browser.http.cookies.set("__Host-portal", token or "", domain="school.test", path="/")
    assert (await browser.get("/secret")).status_code == 303
    assert await test_house.rows() == []


async def test_half_an_hour_without_a_sign_ends_the_session(test_house: TestHouse, clock_at: ClockAt) -> None:
    """29 minutes of silence are forgiven again and again, 31 are not."""
    at = clock_at(NOON)
    browser = await test_house.signed_in()
    for _ in range(3):
        at.advance(timedelta(minutes=29))
        assert (await browser.get("/secret")).status_code == 200
    at.advance(timedelta(minutes=31))
    assert (await browser.get("/secret")).headers["location"] == "/login?next=%2Fsecret"


async def test_twelve_hours_end_the_busiest_session(test_house: TestHouse, clock_at: ClockAt) -> None:
    """However often somebody clicks, after 12 hours they sign in again."""
    at = clock_at(NOON)
    browser = await test_house.signed_in()
    for _ in range(47):
        at.advance(timedelta(minutes=15))
        assert (await browser.get("/secret")).status_code == 200
    at.advance(timedelta(minutes=16))
    assert (await browser.get("/secret")).status_code == 303


async def test_a_strangers_computer_forgets_sooner(test_house: TestHouse, clock_at: ClockAt) -> None:
    """«Чужой компьютер»: ten minutes instead of thirty, also after the session was used and saved."""
    at = clock_at(NOON)
    browser = await test_house.signed_in(minutes=10)
    at.advance(timedelta(minutes=9))
    await browser.get("/put?text=x")
    at.advance(timedelta(minutes=9))
    assert (await browser.get("/secret")).status_code == 200
    at.advance(timedelta(minutes=11))
    assert (await browser.get("/secret")).status_code == 303


TYPED = {"text": "длинный рассказ", "password": "тайна", "code": "123456", "department_code": "770-001", "once": "7"}


async def expired(test_house: TestHouse, clock_at: ClockAt, **headers: str) -> Browser:
    """Olga opened the form, went away for an hour and sent it."""
    at = clock_at(NOON)
    browser = await test_house.signed_in("olga")
    token = csrf_of(await browser.get("/note"))
    at.advance(timedelta(hours=1))
    answer = await browser.post("/note", {"csrf": token, **TYPED}, **headers)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fnote"
    return browser


async def test_what_was_typed_waits_for_its_person_and_comes_once(test_house: TestHouse, clock_at: ClockAt) -> None:
    """The form comes back filled in after the same person signed in, once, without password, code and token."""
    browser = await expired(test_house, clock_at)
    login = await browser.get("/login")
    assert "мы сохранили то, что вы ввели" in login.text
    await browser.enter("olga")
    page = (await browser.get("/note")).text
    assert 'value="длинный рассказ"' in page
    assert 'value="770-001"' in page
    assert 'name="once" value="7"' in page
    assert "тайна" not in page
    assert "123456" not in page
    assert "длинный рассказ" not in (await browser.get("/note")).text
    assert test_house.rooms.saved == []


async def test_passwords_and_codes_are_not_kept_at_all(test_house: TestHouse, clock_at: ClockAt) -> None:
    """Not even sealed: of the form only what is no secret waits in the table."""
    await expired(test_house, clock_at)
    vault = test_house.house.vault
    kept = [vault.open(row.contents, place=sessions.PLACE) for row in await test_house.rows()]
    [waiting] = [contents for contents in kept if "длинный рассказ" in contents]
    assert "770-001" in waiting
    for secret in ("тайна", "123456", "csrf"):
        assert secret not in waiting


async def test_what_was_typed_is_never_shown_to_another(test_house: TestHouse, clock_at: ClockAt) -> None:
    """Another person who signs in on the same computer sees nothing of it, and neither does its owner afterwards."""
    browser = await expired(test_house, clock_at)
    await browser.enter("ivan")
    assert "длинный рассказ" not in (await browser.get("/note")).text
    await browser.enter("olga")
    assert "длинный рассказ" not in (await browser.get("/note")).text


async def test_a_stranger_does_not_see_or_lose_what_waits(test_house: TestHouse, clock_at: ClockAt) -> None:
    """Looking at the page before the sign-in neither shows nor drops what waits."""
    browser = await expired(test_house, clock_at)
    assert (await browser.get("/note")).status_code == 303
    await browser.enter("olga")
    assert "длинный рассказ" in (await browser.get("/note")).text


async def test_what_was_typed_waits_over_the_weekend(test_house: TestHouse, clock_at: ClockAt) -> None:
    """A form sent on Friday from an ended session comes back on Sunday."""
    browser = await expired(test_house, clock_at)
    assert isinstance(clock._installed, clock.StoppedClock)
    clock._installed.advance(timedelta(days=2))
    await browser.enter("olga")
    assert "длинный рассказ" in (await browser.get("/note")).text


@pytest.mark.parametrize("origin", ["", "null"])
async def test_only_a_page_of_ours_has_its_form_kept(test_house: TestHouse, clock_at: ClockAt, origin: str) -> None:
    """A sender that the browser does not name as ours gets nothing stored for Olga."""
    at = clock_at(NOON)
    browser = await test_house.signed_in("olga")
    token = csrf_of(await browser.get("/note"))
    at.advance(timedelta(hours=1))
    await browser.post("/note", {"csrf": token, **TYPED}, origin=origin)
    await browser.enter("olga")
    assert "длинный рассказ" not in (await browser.get("/note")).text


async def test_a_form_without_referer_comes_back_to_its_own_page(test_house: TestHouse, clock_at: ClockAt) -> None:
    """A browser that hides the page it comes from is brought back to the address the form was sent to."""
    browser = await expired(test_house, clock_at, referer="")
    await browser.enter("olga")
    assert "длинный рассказ" in (await browser.get("/note")).text


async def test_the_second_tab_still_sends_after_signing_in_again(test_house: TestHouse, clock_at: ClockAt) -> None:
    """A form drawn before the session ended is taken once the same person is back, and from nobody else."""
    at = clock_at(NOON)
    browser = await test_house.signed_in("olga")
    token = csrf_of(await browser.get("/note"))
    at.advance(timedelta(hours=1))
    await browser.get("/secret")
    await browser.enter("olga")
    assert (await browser.post("/note", {"csrf": token, "text": "вторая вкладка"})).headers["location"] == "/note"
    assert test_house.rooms.saved[0]["text"] == "вторая вкладка"


async def test_the_second_tab_of_another_person_sends_nothing(test_house: TestHouse, clock_at: ClockAt) -> None:
    """Olga's open form is not sent in Ivan's name."""
    at = clock_at(NOON)
    browser = await test_house.signed_in("olga")
    token = csrf_of(await browser.get("/note"))
    at.advance(timedelta(hours=1))
    await browser.get("/secret")
    await browser.enter("ivan")
    assert (await browser.post("/note", {"csrf": token, "text": "чужое"})).status_code == 403
    assert test_house.rooms.saved == []


async def test_an_ended_session_still_ends_by_the_button(test_house: TestHouse, clock_at: ClockAt) -> None:
    """«Выйти» on an old page just signs out; nobody is sent to sign in first."""
    at = clock_at(NOON)
    browser = await test_house.signed_in("olga")
    token = csrf_of(await browser.get("/note"))
    at.advance(timedelta(hours=1))
    assert (await browser.post("/leave", {"csrf": token})).headers["location"] == "/"


async def test_a_notice_is_shown_once_to_a_stranger_too(test_house: TestHouse) -> None:
    """The notice stands on the next page and on no page after it."""
    browser = test_house.browser()
    assert (await browser.send("/")).status_code == 303
    assert "Записано" in (await browser.get("/")).text
    assert "Записано" not in (await browser.get("/")).text


async def test_asking_about_a_page_reads_nothing(test_house: TestHouse) -> None:
    """HEAD leaves the notice for the page itself."""
    browser = test_house.browser()
    await browser.send("/")
    head = await browser.http.head("/")
    assert (head.status_code, head.content) == (200, b"")
    assert "Записано" in (await browser.get("/")).text


async def test_the_table_tells_nobody_a_name(test_house: TestHouse, clock_at: ClockAt) -> None:
    """Name, draft and kept form are sealed at rest, and the token stands there as a hash only."""
    browser = await test_house.signed_in()
    await browser.get("/put?text=тайна")
    await expired(test_house, clock_at)
    rows = await test_house.rows()
    assert len(rows) >= 2
    kept = repr(rows) + "".join(row.contents.decode("latin-1") for row in rows)
    for word in (*NAMES.values(), "тайна", "рассказ"):
        assert word not in kept
        assert word.encode().decode("latin-1") not in kept
    assert (browser.token or "") not in kept


def test_a_session_shows_no_token_and_no_name() -> None:
    """What stands in an error report opens nothing and names nobody."""
    session = Session.fresh()
    session.sign_in(OLGA, "Ольга", clock.now())
    assert session.token not in repr(session)
    assert "Ольга" not in repr(session)


@pytest.fixture
async def other_process(test_house: TestHouse, postgres_url: str) -> Database:
    return connect(postgres_url, test_house.db.schema, pool_size=1)


async def test_another_process_ends_all_sessions_at_once(test_house: TestHouse, other_process: Database) -> None:
    """From the moment `end_all` commits no page opens, in whatever process it was called."""
    browser, elsewhere = await test_house.signed_in(), await test_house.signed_in()
    ivan = await test_house.signed_in("ivan")
    await other_process.run(lambda tx: sessions.end_all(tx, OLGA, clock.now()))
    assert (await browser.get("/secret")).status_code == 303
    assert (await elsewhere.get("/secret")).status_code == 303
    assert (await ivan.get("/secret")).status_code == 200
    await other_process.close()


async def test_a_request_under_way_does_not_raise_the_dead(test_house: TestHouse, other_process: Database) -> None:
    """A session ended while its request runs is not written back by that request."""
    browser = await test_house.signed_in()

    async def meanwhile(_visit: object) -> None:
        await other_process.run(lambda tx: sessions.end_all(tx, OLGA, clock.now()))

    test_house.rooms.when = meanwhile
    assert (await browser.send("/")).status_code == 303
    assert await test_house.rows() == []
    assert (await browser.get("/secret")).status_code == 303
    await other_process.close()


async def test_others_are_ended_and_this_one_stays(test_house: TestHouse) -> None:
    """«Завершить остальные» leaves the session in which it was pressed; one can be ended by its key, by its owner."""
    here, there = await test_house.signed_in(), await test_house.signed_in()

    async def keys(tx: Tx) -> list[str]:
        return [one.key for one in await sessions.open_sessions(tx, OLGA, clock.now())]

    assert len(await test_house.db.run(keys)) == 2
    await test_house.db.run(lambda tx: sessions.end_others(tx, OLGA, Session(here.token or "")))
    assert (await here.get("/secret")).status_code == 200
    assert (await there.get("/secret")).status_code == 303
    [key] = await test_house.db.run(keys)
    ivan = await test_house.signed_in("ivan")
    assert not await test_house.db.run(lambda tx: sessions.end_one(tx, OLGA, "xyz"))
    assert not await test_house.db.run(lambda tx: sessions.end_one(tx, next(i for i in NAMES if i != OLGA), key))
    assert await test_house.db.run(lambda tx: sessions.end_one(tx, OLGA, key))
    assert (await here.get("/secret")).status_code == 303
    assert (await ivan.get("/secret")).status_code == 200


async def test_what_is_long_past_is_forgotten(test_house: TestHouse, clock_at: ClockAt) -> None:
    """An ended session is kept three days, to give its form back, and then is gone."""
    at = clock_at(NOON)
    await test_house.signed_in()
    at.advance(timedelta(days=3))
    await test_house.db.run(upkeep.forget)
    assert len(await test_house.rows()) == 1
    at.advance(timedelta(hours=1))
    await test_house.db.run(upkeep.forget)
    assert await test_house.rows() == []


async def test_the_way_to_sign_in_leads_back_with_its_question(test_house: TestHouse) -> None:
    """A page that was wanted is wanted with its query."""
    answer = await test_house.browser().get("/secret?year=2026&класс=5")
    assert answer.headers["location"].startswith("/login?next=%2Fsecret%3Fyear%3D2026%26")


async def test_three_steps_keep_one_session(test_house: TestHouse) -> None:
    """What the first step of an outward route put into the session, the last one finds, also for a new visitor."""
    browser = test_house.browser()
    token = csrf_of(await browser.get("/"))
    answer = await browser.post("/outward", {"csrf": token, "text": "вопрос"})
    assert answer.text == "ВОПРОС да"
    assert test_house.rooms.asked == 1
    assert (await browser.post("/outward", {"csrf": "нет", "text": "x"}, origin=ORIGIN)).status_code == 403
    assert test_house.rooms.asked == 1
