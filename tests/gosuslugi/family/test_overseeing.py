"""Parents look after the child's account: password, places where the child is signed in, contacts, deleting."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from myschool.gosuslugi.family.actions import attaching, deleting, look, overseeing, suspending
from myschool.gosuslugi.family.model import Guardianship, OwnAccount, Relation, Right, SuspendReason
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Move, Person
from myschool.gosuslugi.signin.actions import secrets
from myschool.kit import clock, journal
from myschool.kit.web import sessions
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import HASH, Home, a_card

ALYONA = "alyona@deti.example"
PASSWORD = "тёплый июньский вечер"
WEEK = timedelta(days=7)


@pytest.fixture
def browser(home: Home, tmp_path: Path) -> Browser:
    return Browser.of(application(home.db, home.vault, tmp_path))


@pytest.fixture
async def hers(home: Home, olga: Person) -> Guardianship:
    """The mother's card of Алёна, who has an account."""
    row = await home.confirmed(olga)
    await home.open_account(row, ALYONA)
    return await home.look(row)


@pytest.fixture
async def his(home: Home, hers: Guardianship, dmitry: Person) -> Guardianship:
    """The father's card, attached too."""
    row = await home.confirmed(dmitry, a_card(Relation.FATHER))

    async def attach(tx: Any) -> None:
        child = (await look.entry(tx, home.vault, row.id, dmitry.id)).child
        assert child is not None
        await attaching.attach(tx, home.vault, row, child, clock.now())

    await home.db.run(attach)
    await home.work()
    return await home.look(row)


async def alyona(home: Home) -> Person:
    found = await home.db.run(lambda tx: people.find_by_login(tx, home.vault, ALYONA))
    assert found is not None
    return found


async def signed_in(home: Home, browser: Browser, person: Person) -> Browser:
    return await Browser.of(browser.app).sign_in(person)


async def test_a_parent_changes_the_password_and_the_child_signs_in_anew(
    home: Home, browser: Browser, hers: Guardianship, his: Guardianship, olga: Person
) -> None:
    """Everybody concerned gets a letter; the journals of child and parents tell of it."""
    child = await alyona(home)
    at_school = await signed_in(home, browser, child)
    await browser.sign_in(olga)
    here = f"/family/{hers.id}/manage"
    await browser.open(f"{here}/password")
    assert (await browser.press(f"{here}/password", {"password": "Алёна"})).status_code == 422
    await browser.press(f"{here}/password", {"password": PASSWORD})
    assert "Пароль ребёнка изменён" in browser.text
    await at_school.open("/profile")
    assert at_school.path == "/login"
    async with home.db.transaction() as tx:
        assert await secrets.hash_of(tx, child.id) != HASH
        entries = await journal.read(tx, people.chain_of(child.id))
    assert any(one.tag == "password:changed" and one.actor == people.chain_of(olga.id) for one in entries)
    await home.work()
    assert home.post.subjects("olga@pochta.example")[-1] == "Пароль ребёнка изменён"
    assert home.post.subjects("dmitry@pochta.example")[-1] == "Пароль ребёнка изменён"
    assert home.post.subjects(ALYONA)[-1] == "Пароль изменён"
    told = [one.text for one in home.post.letters if one.to == "dmitry@pochta.example"][-1]
    assert "Ольга" not in told
    assert "olga" not in told


async def test_a_parent_sees_and_ends_the_childs_sessions(
    home: Home, browser: Browser, hers: Guardianship, olga: Person
) -> None:
    """One, and all; pressed again it is no mistake."""
    child = await alyona(home)
    at_school, at_home = await signed_in(home, browser, child), await signed_in(home, browser, child)
    await browser.sign_in(olga)
    here = f"/family/{hers.id}/manage"
    await browser.open(here)
    assert browser.text.count("Последнее действие") == 2
    open_now = await home.db.run(lambda tx: sessions.open_sessions(tx, child.id, clock.now()))
    for words in ("Сеанс завершён", "Этот сеанс уже завершён"):
        await browser.press(f"{here}/sessions/end", {"session": open_now[0].key})
        assert words in browser.text
    await browser.press(f"{here}/sessions/end-all")
    assert "Все сеансы ребёнка завершены" in browser.text
    for one in (at_school, at_home):
        await one.open("/profile")
        assert one.path == "/login"


async def test_the_key_of_a_strangers_session_ends_nothing(
    home: Home, browser: Browser, hers: Guardianship, olga: Person, tamara: Person
) -> None:
    """Only sessions of the own child."""
    stranger = await signed_in(home, browser, tamara)
    (key,) = [one.key for one in await home.db.run(lambda tx: sessions.open_sessions(tx, tamara.id, clock.now()))]
    await browser.sign_in(olga)
    await browser.open(f"/family/{hers.id}/manage")
    await browser.press(f"/family/{hers.id}/manage/sessions/end", {"session": key})
    await stranger.open("/profile")
    assert stranger.path == "/profile"


async def test_the_childs_mailbox_changes_when_its_code_is_entered(
    home: Home, browser: Browser, hers: Guardianship, olga: Person
) -> None:
    """Until then the old one works and the new one is shown as waiting."""
    child = await alyona(home)
    await browser.sign_in(olga)
    here = f"/family/{hers.id}/manage"
    await browser.open(f"{here}/contacts/email")
    await browser.press(f"{here}/contacts/email", {"email": "new@deti.example"})
    await browser.open(here)
    assert "Ждём код: new@deti.example" in browser.text
    assert (await alyona(home)).id == child.id
    await home.work()
    await browser.open(f"{here}/contacts/email/code")
    assert (await browser.press(f"{here}/contacts/email/code", {"code": "000000"})).status_code == 422
    await browser.press(f"{here}/contacts/email/code", {"code": home.post.code("new@deti.example")})
    assert "Почта ребёнка подтверждена" in browser.text
    found = await home.db.run(lambda tx: people.find_by_login(tx, home.vault, "new@deti.example"))
    assert found is not None
    assert found.id == child.id
    assert await home.db.run(lambda tx: people.find_by_login(tx, home.vault, ALYONA)) is None
    await home.work()
    assert home.post.subjects(ALYONA)[-1] == "Контакт изменён"
    assert home.post.subjects("olga@pochta.example")[-1] == "Почта ребёнка изменена"


async def test_a_contact_of_somebody_else_is_refused_and_a_parent_may_think_better_of_it(
    home: Home, browser: Browser, hers: Guardianship, olga: Person, dmitry: Person
) -> None:
    """409 at the field; «Не менять» takes the waiting value away."""
    await browser.sign_in(olga)
    here = f"/family/{hers.id}/manage"
    await browser.open(f"{here}/contacts/email")
    page = await browser.press(f"{here}/contacts/email", {"email": "dmitry@pochta.example"})
    assert page.status_code == 409
    assert 'href="#email"' in page.text
    await browser.press(f"{here}/contacts/phone", {"phone": "+7 916 000-01-01"})
    await browser.press(f"{here}/contacts/phone/drop")
    assert "Ждём код" not in browser.text
    assert (await browser.press(f"{here}/contacts/fax", {"fax": "1"})).status_code == 404


# -- deleting ----------------------------------------------------------------------------------------------------------


async def ask_to_delete(home: Home, row: Guardianship) -> None:
    async def ask(tx: Any) -> None:
        ward = await overseeing.ward_of(tx, home.vault, row.id, row.guardian_id, clock.now())
        await deleting.ask(tx, home.vault, ward, clock.now())

    await home.db.run(ask)
    await home.work()


async def test_an_account_is_deleted_after_seven_days_and_leaves_nothing_of_the_child(
    home: Home, browser: Browser, hers: Guardianship, his: Guardianship, olga: Person
) -> None:
    """The page says what goes; a day before it works still; afterwards nobody finds or enters it."""
    child = await alyona(home)
    await browser.sign_in(olga)
    await browser.open(f"/family/{hers.id}/manage/delete")
    assert "Что исчезнет" in browser.text
    assert "Что останется" in browser.text
    await browser.press(f"/family/{hers.id}/manage/delete")
    assert "Удаление назначено" in browser.text
    await home.work()
    assert home.post.subjects("dmitry@pochta.example")[-1] == "Учётную запись ребёнка хотят удалить"
    await home.work(WEEK - timedelta(minutes=1))
    at_school = await signed_in(home, browser, await alyona(home))
    await home.work(timedelta(minutes=2))
    await at_school.open("/profile")
    assert at_school.path == "/login"
    async with home.db.transaction() as tx:
        assert await people.find_by_login(tx, home.vault, ALYONA) is None
        assert await people.find_by_login(tx, home.vault, child.snils.formatted() if child.snils else "") is None
        assert await people.by_ids(tx, home.vault, [child.id]) == {}
        assert await people.by_oid(tx, home.vault, child.oid) is None
        assert await people.contacts_of(tx, home.vault, child.id) == []
        assert await people.documents_of(tx, home.vault, child.id) == []
        assert await secrets.hash_of(tx, child.id) is None
        assert await look.guardians_of(tx, home.vault, child.id, clock.now()) == []
    for parent in ("olga@pochta.example", "dmitry@pochta.example"):
        assert home.post.subjects(parent)[-1] == "Учётная запись ребёнка удалена"


async def test_after_a_deletion_a_new_account_can_be_made_without_a_new_check(
    home: Home, hers: Guardianship, his: Guardianship
) -> None:
    """By either parent, with the old mailbox; another oid, and the other parent attaches it."""
    child, asked = await alyona(home), home.registry.asked
    await ask_to_delete(home, hers)
    await home.work(WEEK)
    made = await home.open_account(await home.look(his), ALYONA)
    assert made.fresh
    assert made.person_id != child.id
    assert (await alyona(home)).oid != child.oid
    assert (await home.look(hers)).attached_at is None
    assert home.registry.asked == asked


async def test_the_other_parent_stops_a_deletion(
    home: Home, browser: Browser, hers: Guardianship, his: Guardianship, dmitry: Person
) -> None:
    """From the card; nothing happens on the day, and everybody is told."""
    await ask_to_delete(home, hers)
    await browser.sign_in(dmitry)
    await browser.open("/family")
    assert "Будет удалена" in browser.text
    await browser.press(f"/family/{his.id}/manage/delete/cancel")
    assert "Удаление отменено" in browser.text
    await browser.press(f"/family/{his.id}/manage/delete/cancel")
    assert "Отменять нечего" in browser.text
    await home.work(WEEK * 2)
    assert (await alyona(home)).level is Level.CHILD
    assert home.post.subjects("olga@pochta.example")[-1] == "Удаление отменено"


async def test_asked_twice_and_by_both_parents_one_deletion_waits(
    home: Home, hers: Guardianship, his: Guardianship
) -> None:
    """The first day stands."""
    await ask_to_delete(home, hers)
    home.clock.advance(timedelta(days=3))
    await ask_to_delete(home, his)
    assert home.post.subjects("dmitry@pochta.example").count("Учётную запись ребёнка хотят удалить") == 1
    await home.work(timedelta(days=4))
    assert await home.db.run(lambda tx: people.find_by_login(tx, home.vault, ALYONA)) is None


@pytest.mark.parametrize("what", ["suspended", "ended"])
async def test_a_deletion_dies_with_the_guardianship_that_asked_for_it(
    home: Home, hers: Guardianship, his: Guardianship, what: str
) -> None:
    """Who may not act any more deletes nothing, whatever was asked before."""
    await ask_to_delete(home, hers)

    async def stop(tx: Any) -> None:
        if what == "suspended":
            await suspending.suspend(tx, home.vault, hers.id, SuspendReason.DISPUTE, clock.now(), actor="clerk:test")
        else:
            await attaching.not_my_child(tx, home.vault, hers.id, hers.guardian_id, clock.now())

    await home.db.run(stop)
    await home.work(WEEK)
    assert (await alyona(home)).level is Level.CHILD


async def test_a_pupil_with_an_own_passport_account_is_out_of_reach(
    home: Home, browser: Browser, hers: Guardianship, olga: Person
) -> None:
    """No page of it opens, no button works, and a deletion asked before does not happen."""
    child = await alyona(home)
    await ask_to_delete(home, hers)
    await home.db.run(
        lambda tx: people.raise_level(tx, home.vault, child.id, Move.HAND_OVER, actor="system", now=clock.now())
    )
    await browser.sign_in(olga)
    await browser.open("/family/add")
    for part in ("", "/password", "/contacts/email", "/delete"):
        assert (await browser.open(f"/family/{hers.id}/manage{part}")).status_code == 403, part
        assert "Учётной записью распоряжается сам ребёнок" in browser.text
    for part in ("/sessions/end-all", "/password", "/contacts/email", "/delete", "/delete/cancel"):
        assert await pressed(browser, hers, part) == 403, part
    with pytest.raises(OwnAccount):
        await ask_to_delete(home, hers)
    await home.work(WEEK)
    assert (await home.db.run(lambda tx: people.by_ids(tx, home.vault, [child.id]))) != {}


async def pressed(browser: Browser, row: Guardianship, part: str) -> int:
    """The status of a button of the account's pages, pressed from a page that has a form."""
    await browser.open("/family/add")
    return (await browser.press(f"/family/{row.id}/manage{part}", {"password": PASSWORD})).status_code


PARTS = ["", "/password", "/contacts/email", "/contacts/email/code", "/delete"]
ACTS = ["/sessions/end", "/sessions/end-all", "/password", "/contacts/phone", "/delete", "/delete/cancel"]


async def test_without_the_right_to_the_account_no_page_opens(
    home: Home, browser: Browser, hers: Guardianship, olga: Person
) -> None:
    """A guardianship that only lets see."""
    await home.db.run(lambda tx: store.save(tx, replace(hers, rights=frozenset({Right.SEE, Right.NOTICES}))))
    await browser.sign_in(olga)
    await browser.open("/family/add")
    for part in PARTS:
        assert (await browser.open(f"/family/{hers.id}/manage{part}")).status_code == 403, part
    for part in ACTS:
        assert await pressed(browser, hers, part) == 403, part
    assert await home.db.run(lambda tx: secrets.hash_of(tx, hers.child_id)) == HASH
    await browser.open(f"/family/{hers.id}")
    assert "Управлять учётной записью" not in browser.text


async def test_nobody_manages_the_child_of_another_family(
    home: Home, browser: Browser, hers: Guardianship, tamara: Person
) -> None:
    """404, by GET and by POST."""
    await browser.sign_in(tamara)
    for part in PARTS:
        assert (await browser.open(f"/family/{hers.id}/manage{part}")).status_code == 404, part
    for part in ACTS:
        assert await pressed(browser, hers, part) == 404, part
