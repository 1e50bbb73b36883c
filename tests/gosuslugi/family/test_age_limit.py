"""The age from which nobody gets a child's account is a setting, and every door asks it, by the child's own clocks."""

from datetime import date
from pathlib import Path

import pytest

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.family.actions import sending
from myschool.gosuslugi.family.model import ALL_RIGHTS, CHILD_UNDER, READING, GuardianshipState, Right, TooOld
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.kit.settings import Settings, WrongSettings, read
from tests.gosuslugi.centre.desk import papers_of
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home, a_card
from tests.gosuslugi.family.test_pages import CERTIFICATE_PAGE, CHILD_PAGE, PAPERS_PAGE

NEWER = "18"
SEVENTEEN = {"birth-day": "26", "birth-month": "11", "birth-year": "2008"}


def test_the_setting_is_fourteen_until_somebody_says_otherwise() -> None:
    """What actions assume is what the settings say; below 14 and above 18 there is no such practice."""
    assert Settings().child_account_under == CHILD_UNDER == 14
    assert read({"MYSCHOOL_CHILD_ACCOUNT_UNDER": NEWER}).child_account_under == 18
    for wrong in ("13", "19"):
        with pytest.raises(WrongSettings):
            read({"MYSCHOOL_CHILD_ACCOUNT_UNDER": wrong})


async def sent_by_page(home: Home, parent: Person, folder: Path, **more: str) -> Browser:
    browser = await Browser.of(application(home.db, home.vault, folder, **more)).sign_in(parent)
    await browser.open("/family/add")
    await browser.press("/family/add")
    draft = browser.path.removesuffix("/child")
    await browser.press(f"{draft}/child", CHILD_PAGE | SEVENTEEN)
    if browser.path.endswith("/papers"):
        await browser.press(f"{draft}/papers", PAPERS_PAGE)
        await browser.press(f"{draft}/certificate", CERTIFICATE_PAGE)
        await browser.press(f"{draft}/check")
    return browser


async def test_by_the_newer_practice_a_pupil_of_seventeen_is_added(home: Home, olga: Person, tmp_path: Path) -> None:
    """One day before eighteen: through all pages to the registry."""
    browser = await sent_by_page(home, olga, tmp_path, MYSCHOOL_CHILD_ACCOUNT_UNDER=NEWER)
    await home.work()
    (entry,) = await home.run_family(olga)
    assert entry.guardianship.state is GuardianshipState.CHECKING
    await browser.open(f"/family/{entry.guardianship.id}/second-way")
    assert "Ребёнку меньше 18 лет" in browser.text


async def test_by_the_older_practice_the_same_pupil_is_not(home: Home, olga: Person, tmp_path: Path) -> None:
    """The page says from which day the pupil registers alone."""
    browser = await sent_by_page(home, olga, tmp_path)
    assert "14 лет исполнилось 26 ноября 2022 года" in browser.text
    assert await home.run_family(olga) == []


@pytest.mark.parametrize(("limit", "state"), [("14", GuardianshipState.MISMATCH), (NEWER, GuardianshipState.CHECKING)])
async def test_sending_again_asks_the_setting(
    home: Home, olga: Person, tmp_path: Path, limit: str, state: GuardianshipState
) -> None:
    """The child turned 14 while the registry was thinking."""
    row = await home.answer(await home.submit(olga, a_card(birth_date=date(2012, 11, 26))), no_record=True)
    home.clock.at = clock.now().replace(month=12, day=1)
    app = application(home.db, home.vault, tmp_path, MYSCHOOL_CHILD_ACCOUNT_UNDER=limit)
    browser = await Browser.of(app).sign_in(olga)
    await browser.open(f"/family/{row.id}")
    await browser.press(f"/family/{row.id}/send-again")
    assert (await home.look(row)).state is state


@pytest.mark.parametrize(("limit", "rights"), [("14", READING), (NEWER, ALL_RIGHTS)])
async def test_the_clerk_asks_the_setting(
    home: Home, olga: Person, lyudmila: Person, tmp_path: Path, limit: str, rights: frozenset[Right]
) -> None:
    """At the desk the same limit holds: from it on a clerk lets a parent read, and no child's account is made."""
    row = await home.answer(await home.submit(olga, a_card(birth_date=date(2012, 11, 26))), no_record=True)
    home.clock.at = clock.now().replace(month=12, day=1)
    async with home.db.transaction() as tx:
        await centre.appoint(tx, lyudmila.id, "Центр на Советской, 5", actor="system", now=clock.now())
    app = application(home.db, home.vault, tmp_path, MYSCHOOL_CHILD_ACCOUNT_UNDER=limit)
    desk = await Browser.of(app).sign_in(lyudmila)
    await desk.open("/centre")
    await desk.press("/centre/children", {"number": row.number})
    await desk.press(desk.path, papers_of(olga, row.card))
    decided = await home.look(row)
    assert (decided.state, decided.rights) == (GuardianshipState.ACTIVE, rights)


@pytest.mark.parametrize(
    ("address", "at", "young"),
    [
        ("г. Калининград", "2026-11-26T00:30:00+03:00", True),
        ("г. Москва", "2026-11-26T00:30:00+03:00", False),
        ("Петропавловск-Камчатский", "2026-11-25T14:59:00+03:00", True),
        ("Петропавловск-Камчатский", "2026-11-25T15:00:00+03:00", False),
        (None, "2026-11-25T23:59:00+03:00", True),
    ],
)
async def test_the_birthday_begins_where_the_child_lives(
    home: Home, olga: Person, address: str | None, at: str, young: bool
) -> None:
    """14 on 26 November: in Kamchatka nine hours before Moscow, in Kaliningrad an hour after it."""
    home.clock.at = type(home.clock.at).fromisoformat(at)
    card = a_card(birth_date=date(2012, 11, 26), address=address)
    if young:
        assert (await home.submit(olga, card)).state is GuardianshipState.CHECKING
        return
    with pytest.raises(TooOld):
        sending.check_may_send(olga, card, clock.now(), CHILD_UNDER)
