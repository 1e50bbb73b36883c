"""«Семья и дети» as a parent meets it: pages, forms, Back, two presses, an ended session."""

from datetime import timedelta
from pathlib import Path

import pytest

from myschool.gosuslugi.family.actions import drafts
from myschool.gosuslugi.family.diagnosis import Remedy, diagnose_before_card
from myschool.gosuslugi.family.model import GuardianshipState, Relation
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.kit import clock
from myschool.papers.matching import How
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home, a_card
from tests.gosuslugi.family.test_fields import GOOD

CHILD_PAGE = {name: GOOD[name] for name in GOOD if name.split("-")[0] in ("relation", "birth", "sex") or "name" in name}
CHILD_PAGE["patronymic"] = GOOD["patronymic"]
PAPERS_PAGE = {name: GOOD[name] for name in ("snils", "citizenship", "address")}
CERTIFICATE_PAGE = {name: text for name, text in GOOD.items() if name not in CHILD_PAGE | PAPERS_PAGE}
PASSWORD = "ромашка поле кот"


@pytest.fixture
def browser(home: Home, tmp_path: Path) -> Browser:
    return Browser.of(application(home.db, home.vault, tmp_path))


async def filled(browser: Browser) -> str:
    """Three pages filled in; gives the address of the draft."""
    await browser.open("/family/add")
    await browser.press("/family/add")
    draft = browser.path.removesuffix("/child")
    await browser.press(f"{draft}/child", CHILD_PAGE)
    await browser.press(f"{draft}/papers", PAPERS_PAGE)
    await browser.press(f"{draft}/certificate", CERTIFICATE_PAGE)
    assert browser.path == f"{draft}/check"
    return draft


async def test_the_first_way_from_an_empty_page_to_the_childs_account(
    home: Home, browser: Browser, olga: Person
) -> None:
    """«Способ №1» without a line of script."""
    await browser.sign_in(olga)
    await browser.open("/family")
    assert "Здесь появятся ваши дети" in browser.text
    draft = await filled(browser)
    assert "III-ПЕ № 600101" in browser.text
    await browser.press(f"{draft}/check")
    card = browser.path
    assert "Данные отправлены в ЗАГС" in browser.text
    await home.work()
    await browser.open(card)
    assert "Не позднее 2 декабря" in browser.text
    assert "Создание учетной записи ребенка" in browser.text, "the page says what will appear"
    row = (await home.run_family(olga))[0].guardianship
    await home.answer(row)
    await browser.open("/family")
    assert "Создать учетную запись ребенка на Госуслуги" in browser.text
    await browser.open(f"{card}/account")
    await browser.press(f"{card}/account", {"email": "alyona@deti.example"})
    await home.work()
    await browser.press(f"{card}/account/code", {"code": home.post.code("alyona@deti.example")})
    assert browser.path == f"{card}/account/password"
    await browser.press(f"{card}/account/password", {"password": PASSWORD})
    assert "Учётная запись ребёнка создана" in browser.text
    await browser.open(f"{card}/account/password")
    assert "Учётная запись ребёнка уже есть" in browser.text


async def test_pressed_twice_the_second_press_leads_to_the_same_card(
    home: Home, browser: Browser, olga: Person
) -> None:
    """Back, and «Отправить» again."""
    await browser.sign_in(olga)
    draft = await filled(browser)
    await browser.press(f"{draft}/check")
    card = browser.path
    await browser.open("/family/add")
    await browser.press(f"{draft}/check")
    assert browser.path == card
    assert "Запрос уже отправлен" in browser.text
    await home.work()
    assert home.registry.asked == 2, "each register once"


async def test_mistakes_keep_what_was_typed_and_stand_at_their_fields(browser: Browser, olga: Person) -> None:
    """Status 422, «Ошибка: » in the title, everything else still there."""
    await browser.sign_in(olga)
    await browser.open("/family/add")
    await browser.press("/family/add")
    page = await browser.press(browser.path, CHILD_PAGE | {"given_name": "Anna!", "sex": ""})
    assert page.status_code == 422
    assert "<title>Ошибка: Кого вы добавляете?" in page.text
    assert 'value="Смирнова"' in page.text
    assert 'value="Anna!"' in page.text
    assert "Выберите пол ребёнка" in browser.text


async def test_a_draft_goes_on_after_days_where_it_was_left(home: Home, browser: Browser, olga: Person) -> None:
    """The session ended long ago; the draft is on the server."""
    await browser.sign_in(olga)
    await browser.open("/family/add")
    await browser.press("/family/add")
    draft = browser.path.removesuffix("/child")
    await browser.press(f"{draft}/child", CHILD_PAGE)
    home.clock.advance(timedelta(days=3))
    await browser.sign_in(olga)
    await browser.open("/family")
    assert "Черновик" in browser.text
    await browser.open(f"{draft}/check")
    assert browser.path == f"{draft}/papers", "the first page that is not finished"


async def test_a_session_that_ended_gives_the_form_back(home: Home, browser: Browser, olga: Person) -> None:
    """Typed for too long; after the sign-in everything is there again."""
    await browser.sign_in(olga)
    await browser.open("/family/add")
    await browser.press("/family/add")
    address = browser.path
    home.clock.advance(timedelta(hours=3))
    await browser.press(address, CHILD_PAGE)
    assert browser.path == "/login"
    assert "Сеанс закончился" in browser.text


async def test_an_unconfirmed_parent_is_told_the_way_and_keeps_the_card(browser: Browser, artyom: Person) -> None:
    """No button to send, a button to get confirmed."""
    await browser.sign_in(artyom)
    draft = await filled(browser)
    assert "Чтобы отправить, подтвердите учётную запись" in browser.text
    assert "Отправить в ЗАГС" not in browser.text
    assert (await browser.press(f"{draft}/check")).status_code == 403
    await browser.open("/family")
    assert "Черновик" in browser.text


async def test_a_child_of_fourteen_is_a_page_and_no_red_field(browser: Browser, olga: Person) -> None:
    """With what to do instead."""
    await browser.sign_in(olga)
    await browser.open("/family/add")
    await browser.press("/family/add")
    page = await browser.press(
        browser.path, CHILD_PAGE | {"birth-day": "25", "birth-month": "11", "birth-year": "2012"}
    )
    assert page.status_code == 200
    assert "С 14 лет учётную запись создают сами" in browser.text


async def test_a_contradiction_names_the_field_and_not_what_the_register_holds(
    home: Home, browser: Browser, olga: Person
) -> None:
    """And «Исправить» opens the card as it was sent."""
    row = await home.answer(await home.submit(olga, a_card(given_name="Алина")), given_name=How.DIFFERS)
    await browser.sign_in(olga)
    await browser.open(f"/family/{row.id}")
    assert "имя ребёнка" in browser.text
    await browser.press(f"/family/{row.id}/correct")
    draft = browser.path.removesuffix("/check")
    assert "Алина" in browser.text
    await browser.press(f"{draft}/child", CHILD_PAGE)
    assert browser.path == f"{draft}/check", "one page mended, the others are finished"
    await browser.press(f"{draft}/check")
    await home.work()
    assert (await home.look(row)).state is GuardianshipState.CHECKING
    assert (await home.look(row)).card.given_name == "Алёна"


async def test_the_second_way_is_always_reachable_and_names_one_thing(
    home: Home, browser: Browser, olga: Person
) -> None:
    """Before any card, while waiting, and after a failure."""
    await browser.sign_in(olga)
    await browser.open("/family/second-way")
    assert "Ваши паспорт и СНИЛС проверены В порядке" in browser.text
    assert "Добавьте ребёнка: заполните карточку" in browser.text
    row = await home.submit(olga, a_card())
    await browser.open("/family/second-way")
    assert browser.path == f"/family/{row.id}/second-way"
    assert "ЗАГС ответит не позднее 2 декабря" in browser.text
    await home.answer(row, no_record=True)
    await browser.open(f"/family/{row.id}/second-way")
    assert "впишите номер и дату записи акта" in browser.text
    await browser.open(f"/family/{row.id}/checklist")
    assert row.number in browser.text
    assert "Ваш паспорт" in browser.text


async def test_the_second_way_sees_what_stands_in_the_way_before_any_card(
    home: Home, browser: Browser, artyom: Person, olga: Person
) -> None:
    """The own account; an age that was typed into a card begun and not sent."""
    await browser.sign_in(artyom)
    await browser.open("/family/second-way")
    assert "Ваша учётная запись не подтверждена Вот причина" in browser.text
    assert "Подтвердите свою учётную запись" in browser.text
    draft = await home.run(drafts.start, olga.id)
    typed = {"birth-day": "2", "birth-month": "3", "birth-year": "2011"}
    await home.db.run(lambda tx: drafts.keep(tx, home.vault, draft, typed, clock.now()))
    await browser.sign_in(olga)
    await browser.open("/family/second-way")
    assert "Ребёнку уже есть 14 лет Вот причина" in browser.text
    assert f"/family/drafts/{draft.id}/grown-up" in (browser.page.text if browser.page else "")


def test_who_has_no_papers_yet_enters_them_first() -> None:
    """Passport and СНИЛС of the parent come before everything else."""
    found = diagnose_before_card(Level.SIMPLIFIED, None, clock.now().date())
    assert (found.findings[0].holds, found.remedy) == (False, Remedy.ENTER_OWN_PAPERS)


async def test_words_for_the_other_parent_tell_nothing_of_anybody(
    home: Home, browser: Browser, olga: Person, dmitry: Person
) -> None:
    """What to do and a link; who else there is, or how to reach them, is on neither page."""
    await home.open_account(await home.confirmed(olga), "alyona@deti.example")
    his = await home.answer(await home.submit(dmitry, a_card(Relation.FATHER)))
    await browser.sign_in(dmitry)
    await browser.open(f"/family/{his.id}/second-way")
    assert "Второй родитель уже создал учётную запись ребёнка" in browser.text
    assert "Привяжите её к своей" in browser.text
    await browser.open(f"/family/{his.id}/other-parent")
    assert "https://gosuslugi.test/family/add" in browser.text
    for secret in ("Ольга", "olga@", "alyona@", "Смирнова"):
        assert secret not in browser.text


async def test_the_second_parent_presses_attach(home: Home, browser: Browser, olga: Person, dmitry: Person) -> None:
    """«Привязать», and no second account anywhere."""
    await home.open_account(await home.confirmed(olga), "alyona@deti.example")
    his = await home.confirmed(dmitry, a_card(Relation.FATHER))
    await browser.sign_in(dmitry)
    await browser.open("/family")
    assert "Учётная запись уже есть" in browser.text
    assert "olga@pochta.example" not in browser.text, "one never sees the other's contacts"
    assert "Ольга" not in browser.text
    await browser.press(f"/family/{his.id}/attach")
    assert "Учётная запись ребёнка привязана" in browser.text


async def test_an_e_mail_of_another_is_refused_at_its_field(
    home: Home, browser: Browser, olga: Person, tamara: Person
) -> None:
    """The field is named, the owner is not."""
    row = await home.confirmed(olga)
    await browser.sign_in(olga)
    await browser.open(f"/family/{row.id}/account")
    page = await browser.press(f"/family/{row.id}/account", {"email": "tamara@pochta.example"})
    assert page.status_code == 409
    assert "Эта почта уже привязана к другой учётной записи" in browser.text
    assert "Тамара" not in browser.text


async def test_not_my_child_asks_first(home: Home, browser: Browser, olga: Person) -> None:
    """GET changes nothing; POST closes the card."""
    row = await home.confirmed(olga)
    await browser.sign_in(olga)
    await browser.open(f"/family/{row.id}/not-mine")
    assert (await home.look(row)).state is GuardianshipState.ACTIVE
    await browser.press(f"/family/{row.id}/not-mine")
    assert browser.path == "/family"
    assert (await home.look(row)).state is GuardianshipState.ENDED


PAGES = [
    "",
    "/not-mine",
    "/second-way",
    "/other-parent",
    "/checklist",
    "/account",
    "/account/code",
    "/account/password",
]
ACTS = ["/send-again", "/correct", "/attach", "/not-mine", "/account", "/account/code", "/account/code/again"]


async def test_no_page_of_another_family_is_ever_served(
    home: Home, browser: Browser, olga: Person, tamara: Person
) -> None:
    """An address from somebody's letter or history opens nothing, by GET and by POST."""
    row = await home.confirmed(olga)
    await browser.sign_in(tamara)
    for part in PAGES:
        assert (await browser.open(f"/family/{row.id}{part}")).status_code == 404, part
        assert "Алёна" not in browser.text
    for part in ACTS:
        await browser.open("/family/add")
        assert (await browser.press(f"/family/{row.id}{part}")).status_code == 404, part
    await browser.open("/family/add")
    fields = {"password": PASSWORD}
    assert (await browser.press(f"/family/{row.id}/account/password", fields)).status_code == 404
    assert (await home.look(row)).state is GuardianshipState.ACTIVE


@pytest.mark.parametrize("address", ["/family/none", "/family/drafts/none/child", "/family/0/account"])
async def test_an_address_that_is_no_address_is_not_found(browser: Browser, olga: Person, address: str) -> None:
    """404, never 500."""
    await browser.sign_in(olga)
    assert (await browser.open(address)).status_code == 404


async def test_strangers_are_led_to_the_door(browser: Browser) -> None:
    """And back afterwards."""
    await browser.open("/family")
    assert browser.path == "/login"


async def test_a_child_adds_nobody_and_sees_who_helps(home: Home, browser: Browser, olga: Person) -> None:
    """By the child's own account: «Мать», and neither her name nor her contacts."""
    made = await home.open_account(await home.confirmed(olga), "alyona@deti.example")
    child = await home.db.run(lambda tx: people.by_id(tx, home.vault, made.person_id))
    await browser.sign_in(child)
    await browser.open("/family")
    assert "Мать — с" in browser.text
    assert "Ольга" not in browser.text
    await browser.open("/display")
    assert (await browser.press("/family/add")).status_code == 403
