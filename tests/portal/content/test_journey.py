"""From the school's approval to the lesson, over HTTP between two houses; Authlib reads what our provider writes."""

from sqlalchemy import select

from myschool.kit import clock
from myschool.portal.content.store.entitlements import entitlement, ledger_entry
from myschool.sandbox.platform import registration as chislary
from myschool.sandbox.platform.store import platform_pupil
from tests.portal.content.conftest import PLATFORM, World

PAGE = f"/platforms/{chislary.SLUG}"


async def test_a_pupil_goes_from_approval_to_the_lesson(world: World) -> None:
    """Approved, «Получить доступ» with all that will be sent in sight, one click, signed in at the platform."""
    await world.approve(world.pupil)
    browser = await world.browser().signed_in(world.pupil)
    catalogue = await browser.open("/platforms")
    assert "Получить доступ" in catalogue.text
    page = await browser.open(PAGE)
    for promised in ("Псевдоним", "Роль", "ученик", "Класс", "не передаём", "электронную почту", "фамилию"):
        assert promised.lower() in page.text.lower(), promised
    opened = await browser.press(page, f"{PAGE}/activate")
    assert "Доступ открыт" in opened.text
    lesson = await browser.press(await browser.open("/platforms"), f"{PAGE}/open")
    assert str(lesson.url) == f"{PLATFORM}/lesson"
    assert "Вы вошли: ученик, 8 класс" in lesson.text
    ledger = await browser.open("/received")
    assert "псевдоним, роль, класс" in ledger.text


async def test_the_second_click_meets_the_same_pupil(world: World) -> None:
    """The platform knows the pupil again by the pseudonym, and what he solved is still there."""
    await world.approve(world.pupil)
    browser = await world.browser().signed_in(world.pupil)
    await browser.press(await browser.open(PAGE), f"{PAGE}/activate")
    lesson = await browser.press(await browser.open("/platforms"), f"{PAGE}/open")
    solved = await browser.press(lesson, "", {"number": "0", "answer": "9"})
    assert "Верно!" in solved.text
    left = await browser.press(solved, "/logout")
    assert "Вы вышли" in left.text
    again = await browser.press(await browser.open("/platforms"), f"{PAGE}/open")
    assert "Решено задач: 1" in again.text
    async with world.sandbox.transaction() as tx:
        assert len((await tx.execute(select(platform_pupil))).all()) == 1


async def test_the_platforms_own_button_leads_through_the_portal(world: World) -> None:
    """«Войти через «Мою школу»» on the platform ends in the lesson when the pupil is signed in at the portal."""
    await world.approve(world.pupil)
    browser = await world.browser().signed_in(world.pupil)
    await browser.press(await browser.open(PAGE), f"{PAGE}/activate")
    entrance = await browser.open(PLATFORM)
    assert "Войти через «Мою школу»" in entrance.text
    lesson = await browser.open(f"{PLATFORM}{chislary.INITIATE}", params={"iss": "https://portal.test"})
    assert "Вы вошли: ученик, 8 класс" in lesson.text


async def test_nobody_signed_in_comes_to_the_way_in(world: World) -> None:
    """The request of a platform waits behind «Войти»."""
    page = await world.browser().open(f"{PLATFORM}{chislary.INITIATE}", params={"iss": "https://portal.test"})
    assert page.url.path == "/login"
    assert page.url.params["next"].startswith("/oidc/authorize?")


async def test_a_parent_opens_the_platform_for_a_child(world: World) -> None:
    """A child under 14 is told who opens; the parent consents and opens; then the child comes in by one click."""
    await world.approve(world.child, grade=4)
    child = await world.browser().signed_in(world.child)
    parent = await world.browser().signed_in(world.parent)
    assert "Нет согласия родителя" in (await child.open(PAGE)).text
    consents = await parent.open("/consents")
    await parent.press(consents, f"/consents/{world.child.id}/give")
    await world.drain()
    told = await child.open(PAGE)
    assert "доступ открывает родитель" in told.text
    assert f'action="{PAGE}/activate"' not in told.text
    base = f"/children/{world.child.id}/platforms/{chislary.SLUG}"
    assert base.rpartition("/")[0] in (await parent.open("/platforms")).text
    opened = await parent.press(await parent.open(base), f"{base}/activate")
    assert "Доступ открыт" in opened.text
    lesson = await child.press(await child.open("/platforms"), f"{PAGE}/open")
    assert "Вы вошли: ученик, 4 класс" in lesson.text
    ledger = await parent.open(f"/children/{world.child.id}/received")
    assert chislary.NAME in ledger.text


async def test_a_strangers_child_is_nobody(world: World) -> None:
    """Pages about a child answer to its own parent only, and to anybody else as if there were no such child."""
    stranger = await world.browser().signed_in(world.stranger)
    for path in ("platforms", f"platforms/{chislary.SLUG}", "received"):
        assert (await stranger.open(f"/children/{world.child.id}/{path}")).status_code == 404


async def test_a_platform_that_is_not_connected_pretends_nothing(world: World) -> None:
    """The catalogue names the well-known platforms and says that they are not connected yet."""
    browser = await world.browser().signed_in(world.pupil)
    page = await browser.open("/platforms")
    for name in ("Учи.ру", "ЯКласс", "РЭШ", "Яндекс Учебник", "Просвещение"):
        assert name in page.text
    own = await browser.open("/platforms/uchi-ru")
    assert "Платформа ещё не подключена" in own.text
    assert '<form method="post" action="/platforms' not in own.text


async def test_the_catalogue_is_open_to_everybody(world: World) -> None:
    """Who has not signed in sees what there is, and the way in."""
    page = await world.browser().open("/platforms")
    assert page.status_code == 200
    assert "Войдите" in page.text


async def test_what_the_family_closed_stays_closed(world: World) -> None:
    """«Закрыть доступ» ends the launches at once; «Получить доступ» begins anew."""
    await world.approve(world.pupil)
    browser = await world.browser().signed_in(world.pupil)
    await browser.press(await browser.open(PAGE), f"{PAGE}/activate")
    stale = await browser.open("/platforms")
    closed = await browser.press(await browser.open(PAGE), f"{PAGE}/withdraw")
    assert "Вы закрыли доступ" in closed.text
    refused = await browser.press(stale, f"{PAGE}/open")
    assert "Открыть платформу сейчас нельзя" in refused.text
    reopened = await browser.press(await browser.open(PAGE), f"{PAGE}/activate")
    assert "Доступ открыт" in reopened.text


async def test_a_launch_that_never_arrives_is_told(world: World, clock_at) -> None:
    """Ten minutes after a click that led nowhere the tile says so; the next one that arrives mends it."""
    await world.approve(world.pupil)
    browser = await world.browser().signed_in(world.pupil)
    await browser.press(await browser.open(PAGE), f"{PAGE}/activate")
    page = await browser.open("/platforms")
    browser.http.follow_redirects = False
    lost = await browser.press(page, f"{PAGE}/open")
    assert lost.headers["location"].startswith(f"{PLATFORM}{chislary.INITIATE}")
    browser.http.follow_redirects = True
    clock_at("2026-11-23T12:11:00+03:00")
    await world.drain()
    assert "Переход не завершился" in (await browser.open("/platforms")).text
    lesson = await browser.press(await browser.open("/platforms"), f"{PAGE}/open")
    assert "Вы вошли" in lesson.text
    assert "Переход не завершился" not in (await browser.open("/platforms")).text
    async with world.db.transaction() as tx:
        assert (
            await tx.execute(select(entitlement.c.state).where(entitlement.c.until.is_not(None)))
        ).scalar() == "active"
        assert len((await tx.execute(select(ledger_entry))).all()) == 1
    assert clock.now().minute == 11
