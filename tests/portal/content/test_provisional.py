"""A child whose certificate is being checked looks at the catalogue and the help, and does nothing else anywhere.

The rows are generated from the portal's own routes: a route without an expected answer here fails the test.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from starlette.routing import Route

from myschool.kit import clock
from myschool.papers.numbers import Ogrn
from myschool.portal import app as portal_app
from myschool.portal.consents import actions as consents
from myschool.portal.content.actions import catalogue, entitling, launching
from myschool.portal.content.model import NotActive
from myschool.portal.joining.actions import submit
from myschool.portal.joining.model import Draft, Wish
from myschool.portal.people import actions as people
from myschool.portal.people.model import Level, NotConfirmedYet, Person, Profile, ProfileClosed
from myschool.portal.roll.model import AcademicYear, SchoolClass
from myschool.portal.signin.gateway import Esia
from myschool.portal.tables import metadata
from tests.portal.content.conftest import CSRF, PORTAL, SCHOOL, Families, World, told

CLOSED = "Откроется после подтверждения"
OPEN_TO_LOOK = {
    "/", "/login", "/esia/callback", "/signed-out", "/display", "/platforms", "/platforms/{slug}", "/consents/text",
    "/join/{token}", "/schools", "/schools/{ogrn}", "/schools/missing", "/schools/search.json", "/registration/closed",
}  # fmt: skip
"""GET: for strangers, or to look; `/registration/closed` and what asks for a person inside say that it is closed."""
NEVER_SIGNED_IN = re.compile(r"/(api|oidc|\.well-known|help|static|health|assets)")
"""For machines, or open to everybody."""
FREE_POSTS = {"/login/esia", "/logout", "/display", "/schools/missing"}


@pytest.fixture
async def small(world: World) -> Person:
    """As ESIA tells of her: a child's account, no СНИЛС."""
    one = replace(
        told(1000571099, "Анна-Мария", date(2014, 12, 30), "00000060105"), snils=None, level=Level.PROVISIONAL
    )
    return await world.db.run(lambda tx: people.upsert_from_esia(tx, world.vault, one, clock.now()))


def rows() -> list[tuple[str, str]]:
    """Method and path of every route of the portal."""
    from_app = portal_app.routes(configured(), cast("Esia", Families()))
    return sorted(
        (method, route.path)
        for route in from_app
        if isinstance(route, Route)
        for method in (route.methods or ())
        if method in ("GET", "POST")
    )


def configured() -> Any:
    return portal_app.configuration.read({})


def filled(path: str) -> str:
    values = {"slug": "chislary", "ogrn": SCHOOL.digits, "token": "x", "person": str(uuid4())}
    path = re.sub(r"\{(\w+):uuid\}", lambda _: str(uuid4()), path)
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: values.get(found[1], str(uuid4())), path)


async def nothing_was_written(world: World, person: Person) -> bool:
    """No table of the portal names this person but the person's own row."""
    async with world.db.transaction() as tx:
        for table in metadata.tables.values():
            if table.name == "person":
                continue
            for column in table.columns:
                if column.name in ("person_id", "given_by", "filed_by", "guardian_id", "told_by"):
                    count = select(func.count()).select_from(table).where(column == person.id)
                    if (await tx.execute(count)).scalar_one():
                        return False
    return True


async def test_every_route_answers_a_provisional_account_as_expected(world: World, small: Person) -> None:
    """Looking: 200. Whatever else: the page that says what is awaited, or nothing there; and nothing is written."""
    browser = await world.browser().signed_in(small)
    wrong = []
    for method, path in rows():
        if NEVER_SIGNED_IN.match(path):
            continue
        if method == "GET":
            answer = await browser.http.get(PORTAL + filled(path), follow_redirects=False)
        elif path in FREE_POSTS:
            continue
        else:
            token = CSRF.search((await browser.open("/")).text)
            assert token is not None
            fields = {"csrf": token[1], "profile": "learner", "agreed": "1", "region": "24"}
            answer = await browser.http.post(PORTAL + filled(path), data=fields, follow_redirects=False)
        closed = answer.status_code == 403 and CLOSED in answer.text
        expected = closed or answer.status_code == 404 or (method == "GET" and path in OPEN_TO_LOOK)
        if not expected or answer.status_code >= 500:
            wrong.append((method, path, answer.status_code))
    assert not wrong, wrong
    assert await nothing_was_written(world, small)


@pytest.mark.parametrize("path", ["/registration", "/cabinet", "/cabinet/school", "/consents", "/family", "/received"])
async def test_the_closed_page_says_what_is_awaited_and_what_to_do(world: World, small: Person, path: str) -> None:
    """No dead end: home, platforms and help lead on."""
    page = await (await world.browser().signed_in(small)).open(path)
    assert page.status_code == 403
    assert CLOSED in page.text
    for way in ('href="/"', 'href="/platforms"', 'href="/help"', "Семья и дети"):
        assert way in page.text


async def test_home_and_catalogue_are_there_to_look_at(world: World, small: Person) -> None:
    """Each tile says what opens it; no button opens anything; the main page offers to sign in again."""
    browser = await world.browser().signed_in(small)
    home = await browser.open("/")
    assert "Временная учётная запись" in home.text
    assert 'action="/login/esia"' in home.text
    shown = await browser.open("/platforms")
    assert "Свидетельство о рождении ещё проверяют" in shown.text
    assert "когда данные подтвердят и школа одобрит заявку" in shown.text
    for page in (shown, await browser.open("/platforms/chislary")):
        assert "/activate" not in page.text
        assert "/open" not in page.text


async def test_the_actions_refuse_whoever_calls_them(world: World, small: Person) -> None:
    """The lock is in the actions: profile, consent, draft, request, access, launch, school."""
    now = clock.now()
    platform = await world.db.run(lambda tx: catalogue.platform(tx, "chislary"))
    wish = Wish(SCHOOL, SchoolClass(5, "А"), AcademicYear(2026))
    draft = Draft("24", Ogrn(SCHOOL.digits), SchoolClass(5, "А"))
    for profile in Profile:
        with pytest.raises(ProfileClosed):
            await world.run(people.choose_profile, small.id, profile)
    refused = {
        "consent": lambda tx: consents._give(tx, small.id, world.parent.id, now),
        "draft": lambda tx: submit.keep_draft(tx, small.id, draft, now),
        "request": lambda tx: submit.submit(tx, small.id, small.id, wish, once="1", now=now),
        "for a child": lambda tx: submit.submit(tx, small.id, world.parent.id, wish, once="2", now=now),
        "access": lambda tx: entitling.activate(tx, world.vault, small.id, small.id, platform, now),
        "closing": lambda tx: entitling.withdraw(tx, world.vault, small.id, small.id, platform, now),
        "school": lambda tx: people.give_administrator(tx, small.id, now, given_by="system"),
    }
    for name, act in refused.items():
        with pytest.raises(NotConfirmedYet):
            await world.db.run(act)
        assert await nothing_was_written(world, small), name
    with pytest.raises(NotActive):
        await world.db.run(lambda tx: launching.begin_launch(tx, world.vault, small.id, platform, PORTAL, now))
    assert await nothing_was_written(world, small)


async def test_confirmed_the_same_person_goes_on(world: World, small: Person) -> None:
    """The next sign-in tells СНИЛС: same id here, and the profile opens."""
    one = told(small.oid, "Анна-Мария", date(2014, 12, 30), "00000060105", Level.CHILD)
    again = await world.db.run(lambda tx: people.upsert_from_esia(tx, world.vault, one, clock.now()))
    assert (again.id, again.may_act) == (small.id, True)
    await world.run(people.choose_profile, small.id, Profile.LEARNER)
    page = await (await world.browser().signed_in(again)).open("/cabinet")
    assert page.status_code == 200


def test_the_rows_are_real() -> None:
    """There are many, with both methods."""
    known = rows()
    assert len(known) > 40
    assert {method for method, _ in known} == {"GET", "POST"}
