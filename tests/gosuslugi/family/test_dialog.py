"""The dialog «Создание учетной записи ребенка» page by page: contacts, their codes, Back, two tabs, two presses."""

from datetime import timedelta
from pathlib import Path

import pytest

from myschool.gosuslugi.family.actions import account
from myschool.gosuslugi.family.model import Guardianship, NotNow, Relation
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind, Person
from myschool.kit import clock
from myschool.papers.numbers import Email, Phone
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home, a_card

ALYONA = "alyona@deti.example"
PHONE = "+79160000101"
PASSWORD = "ромашка поле кот"


@pytest.fixture
def browser(home: Home, tmp_path: Path) -> Browser:
    return Browser.of(application(home.db, home.vault, tmp_path))


async def at_dialog(home: Home, browser: Browser, parent: Person) -> tuple[Guardianship, str]:
    """The card is confirmed and the first page is open; gives the page's address."""
    row = await home.confirmed(parent)
    await browser.sign_in(parent)
    here = f"/family/{row.id}/account"
    await browser.open(here)
    return row, here


async def test_the_telephone_gets_its_own_code_after_the_mailbox(home: Home, browser: Browser, olga: Person) -> None:
    """Both belong to the child's account in the end."""
    _, here = await at_dialog(home, browser, olga)
    await browser.press(here, {"email": ALYONA, "phone": "8 (916) 000-01-01"})
    assert browser.path == f"{here}/code"
    await home.work()
    await browser.press(f"{here}/code", {"code": home.post.code(ALYONA)})
    assert browser.path == f"{here}/phone-code"
    assert "+7 916 000-01-01" in browser.text
    await home.work()
    await browser.press(f"{here}/phone-code", {"code": home.post.code(PHONE)})
    assert browser.path == f"{here}/password"
    await browser.press(f"{here}/password", {"password": PASSWORD})
    found = await home.db.run(lambda tx: people.find_by_login(tx, home.vault, PHONE))
    assert found is not None
    contacts = await home.db.run(lambda tx: people.contacts_of(tx, home.vault, found.id))
    assert {one.kind for one in contacts if one.value} == {ContactKind.EMAIL, ContactKind.MOBILE}


async def test_an_unconfirmed_telephone_never_gets_into_the_account(home: Home, browser: Browser, olga: Person) -> None:
    """The password page sends back to the code, and the last button is refused underneath."""
    row, here = await at_dialog(home, browser, olga)
    await browser.press(here, {"email": ALYONA, "phone": PHONE})
    await home.work()
    await browser.press(f"{here}/code", {"code": home.post.code(ALYONA)})
    await browser.open(f"{here}/password")
    assert browser.path == f"{here}/phone-code"
    await browser.press(f"{here}/password", {"password": PASSWORD})
    assert browser.path == f"{here}/phone-code"
    with pytest.raises(NotNow):
        await home.finish(row)


async def test_a_telephone_that_gets_no_code_stops_nobody(home: Home, browser: Browser, olga: Person) -> None:
    """«Продолжить без телефона»: the account is made with the mailbox alone."""
    _, here = await at_dialog(home, browser, olga)
    await browser.press(here, {"email": ALYONA, "phone": PHONE})
    await home.work()
    await browser.press(f"{here}/code", {"code": home.post.code(ALYONA)})
    await browser.press(f"{here}/without-phone")
    assert browser.path == f"{here}/password"
    await browser.press(f"{here}/password", {"password": PASSWORD})
    assert await home.db.run(lambda tx: people.find_by_login(tx, home.vault, PHONE)) is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": ""}, "Введите почту ребёнка"),
        ({"email": "алёна@deti.example"}, "Проверьте раскладку клавиатуры"),
        ({"email": "alyona"}, "нет знака @"),
        ({"email": ALYONA, "phone": "8 495 000-01-01"}, "Нужен мобильный номер"),
        ({"email": ALYONA, "phone": "916 000"}, "В номере 10 цифр"),
        ({"email": ALYONA, "phone": "+375 29 000-00-00"}, "Нужен российский мобильный номер"),
    ],
)
async def test_a_wrong_contact_is_named_at_its_field(
    home: Home, browser: Browser, olga: Person, fields: dict[str, str], sentence: str
) -> None:
    """422, the text stays, no letter goes."""
    _, here = await at_dialog(home, browser, olga)
    assert (await browser.press(here, {"phone": ""} | fields)).status_code == 422
    assert sentence in browser.text
    await home.work()
    assert not any(one.to == ALYONA for one in home.post.letters)


@pytest.mark.parametrize("kind", ["email", "phone"])
async def test_a_contact_of_another_account_is_refused_by_its_field_and_without_its_owner(
    home: Home, browser: Browser, olga: Person, dmitry: Person, kind: str
) -> None:
    """The field's name, and nothing about whose it is."""
    taken = "dmitry@pochta.example" if kind == "email" else PHONE

    async def add(tx: object) -> None:
        await people.add_verified_contact(tx, home.vault, dmitry.id, Phone(PHONE[2:]), clock.now())  # type: ignore[arg-type]

    await home.db.run(add)
    _, here = await at_dialog(home, browser, olga)
    page = await browser.press(here, {"email": ALYONA, "phone": ""} | {kind: taken})
    assert page.status_code == 409
    assert f'href="#{kind}"' in page.text
    assert "уже привязан" in browser.text
    assert "Дмитрий" not in browser.text


async def test_nobody_fishes_for_known_contacts_through_the_dialog(
    home: Home, browser: Browser, olga: Person, dmitry: Person
) -> None:
    """After ten questions an hour taken and free addresses are answered alike."""
    _, here = await at_dialog(home, browser, olga)
    for number in range(10):
        assert (await browser.press(here, {"email": f"a{number}@deti.example", "phone": ""})).status_code == 200
        await browser.open(here)
    for email in ("dmitry@pochta.example", "free@deti.example"):
        assert (await browser.press(here, {"email": email, "phone": ""})).status_code == 429
        assert "Слишком много попыток" in browser.text
    home.clock.advance(timedelta(hours=1, minutes=1))
    await browser.sign_in(olga)
    await browser.open(here)
    assert (await browser.press(here, {"email": "free@deti.example", "phone": ""})).status_code == 200


async def test_a_confirmed_mailbox_stays_confirmed_when_the_telephone_changes(
    home: Home, browser: Browser, olga: Person
) -> None:
    """Back to the first page, the phone removed: straight on to the password."""
    _, here = await at_dialog(home, browser, olga)
    await browser.press(here, {"email": ALYONA, "phone": PHONE})
    await home.work()
    await browser.press(f"{here}/code", {"code": home.post.code(ALYONA)})
    await browser.open(here)
    assert f'value="{ALYONA}"' in browser.page.text  # type: ignore[union-attr]
    await browser.press(here, {"email": ALYONA, "phone": ""})
    assert browser.path == f"{here}/password"


async def test_the_code_for_one_mailbox_does_not_confirm_another(home: Home, browser: Browser, olga: Person) -> None:
    """Two tabs: the code of the first address is typed after the second was given."""
    _, here = await at_dialog(home, browser, olga)
    await browser.press(here, {"email": ALYONA, "phone": ""})
    await home.work()
    old = home.post.code(ALYONA)
    await browser.open(here)
    await browser.press(here, {"email": "other@deti.example", "phone": ""})
    assert (await browser.press(f"{here}/code", {"code": old})).status_code == 422


async def test_back_after_the_end_shows_the_account_and_makes_no_second(
    home: Home, browser: Browser, olga: Person
) -> None:
    """Every page of the dialog, opened or sent again, leads to the card."""
    row, here = await at_dialog(home, browser, olga)
    await home.open_account(row, ALYONA)
    for page in ("", "/code", "/phone-code", "/password"):
        assert (await browser.open(f"{here}{page}")).status_code == 409, page
        assert "Учётная запись ребёнка уже есть" in browser.text
    await browser.open("/family/add")
    await browser.press(f"{here}/password", {"password": PASSWORD})
    assert browser.path == f"/family/{row.id}"
    assert "Вторая не нужна" in browser.text


async def test_a_contact_taken_while_the_password_is_chosen_is_a_page_with_a_way_on(
    home: Home, browser: Browser, olga: Person, dmitry: Person
) -> None:
    """Somebody else proved it first; what is left is one press from another address."""
    row, here = await at_dialog(home, browser, olga)
    await home.run(account.note_confirmed_email, row, Email(ALYONA))
    await home.run(people.add_verified_contact, dmitry.id, Email(ALYONA))
    await browser.open(f"{here}/password")
    assert (await browser.press(f"{here}/password", {"password": PASSWORD})).status_code == 409
    assert "Заменить почту" in browser.text
    his = await home.confirmed(dmitry, a_card(Relation.FATHER))
    assert (await home.open_account(his, "alyona3@deti.example")).fresh
