"""What goes wrong for people every day, and ends well: clear words, nothing lost, nothing twice."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Stack, running_stack
from tests.journeys.people import (
    come_to_gosuslugi,
    come_to_portal,
    day_month_year,
    enter,
    fill_card,
    sign_in,
    tell_certificate,
    tell_child,
    tell_snils,
)
from tests.journeys.test_pupil import choose_school, number_of_request
from tests.journeys.walk import Walk


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack("ends-well") as running:
        yield running


def test_refusing_loses_nothing(stack: Stack, walk: Walk) -> None:
    """«Отказать» is explained, and the way can be gone again to its end."""
    walk.go(stack.portal)
    walk.enter()
    sign_in(walk, stack.citizen("olga"))
    walk.press("Отказать")
    walk.read("Ничего не потеряно")
    walk.picture("portal/refused")
    walk.go(stack.portal)
    walk.enter()
    walk.see("Предоставление прав доступа")
    walk.press("Предоставить")
    walk.see("Завершение регистрации")


def test_a_wrong_password_keeps_the_login(stack: Stack, walk: Walk) -> None:
    """The words name the way on, the login stays in its field, the password does not."""
    guardian = stack.citizen("tamara")
    walk.go(f"{stack.gosuslugi}/login")
    walk.fill("Телефон / Email / СНИЛС", guardian["sign_in"])
    walk.fill("Пароль", "не тот пароль")
    walk.press("Войти")
    walk.read("Логин или пароль не подошли")
    expect(walk.page).to_have_title(re.compile("^Ошибка: Вход"))
    expect(walk.page.get_by_label("Телефон / Email / СНИЛС", exact=True)).to_have_value(guardian["sign_in"])
    expect(walk.page.get_by_label("Пароль", exact=True)).to_have_value("")
    walk.picture("gosuslugi/wrong-password")
    walk.fill("Пароль", guardian["password"])
    walk.press("Войти")
    walk.see("Введите код")


@pytest.mark.parametrize("typed", ["00000060003", "000 000 600 03", "000—000—600 03"])
def test_a_snils_signs_in_however_it_is_typed(stack: Stack, walk: Walk, typed: str) -> None:
    """With and without separators, with a dash that a telephone puts in by itself."""
    guardian = stack.citizen("tamara")
    walk.go(f"{stack.gosuslugi}/login")
    enter(walk, typed, guardian["password"], guardian["phone"])
    walk.see("Здравствуйте, Тамара")


def test_a_code_that_is_too_old_is_replaced_at_once(stack: Stack, walk: Walk) -> None:
    """The page says that the code expired and has sent a new one already."""
    guardian = stack.citizen("tamara")
    walk.go(f"{stack.gosuslugi}/login")
    walk.fill("Телефон / Email / СНИЛС", guardian["sign_in"])
    walk.fill("Пароль", guardian["password"])
    before = walk.codes_so_far(guardian["phone"])
    walk.press("Войти")
    walk.see("Введите код")
    code = walk.code_for(guardian["phone"], after=before)
    stack.later("11m")
    walk.fill("Код", code)
    walk.press("Войти")
    walk.read("Код устарел: он действует 10 минут. Мы отправили новый")
    walk.picture("gosuslugi/code-expired")
    walk.fill("Код", walk.code_for(guardian["phone"], after=before + 1))
    walk.press("Войти")
    walk.see("Здравствуйте, Тамара")


def test_a_card_sent_from_two_tabs_is_one_card(stack: Stack, walk: Walk) -> None:
    """The second tab is told that the card was sent already and shows the same one; so does Back."""
    guardian, child = stack.citizen("tamara"), stack.child("egor")
    come_to_gosuslugi(walk, stack.gosuslugi, guardian)
    fill_card(walk, child, "Опекун")
    second = walk.page.context.new_page()
    second.goto(walk.page.url)
    walk.page.get_by_role("button", name="Отправить в ЗАГС").dblclick()
    walk.see("Егор Лебедев")
    second.get_by_role("button", name="Отправить в ЗАГС").click()
    expect(second.locator("main")).to_contain_text("Егор Лебедев")
    expect(second.locator("main")).to_contain_text("Номер заявления")
    second.close()

    walk.page.go_back()
    walk.see("Эти данные уже отправлены")
    walk.picture("gosuslugi/sent-already")
    walk.follow("Открыть карточку")
    walk.see("Егор Лебедев")
    walk.go(f"{stack.gosuslugi}/family")
    expect(walk.page.get_by_role("heading", name="Егор Лебедев")).to_have_count(1)
    walk.wait_for_message(guardian["email"], "Проверяем свидетельство")
    assert sum("Проверяем свидетельство" in one["subject"] for one in walk.messages(guardian["email"])) == 1


def test_a_registry_out_of_service_is_asked_until_it_answers(stack: Stack, walk: Walk) -> None:
    """It refuses the question three times; the mother reads that we go on trying, and at last it confirms."""
    mother, child = stack.citizen("natalya"), stack.child("timur")
    come_to_gosuslugi(walk, stack.gosuslugi, mother)
    fill_card(walk, child, "Мать")
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС пока недоступен")
    walk.read("Мы пробуем снова сами, запрос не потеряется")
    walk.picture("gosuslugi/card-unavailable")
    wait_till_it_answers(stack, walk)


def wait_till_it_answers(stack: Stack, walk: Walk) -> None:
    """Quarter of an hour by quarter of an hour; between two of them the worker has the time to try again."""
    for _ in range(40):
        stack.later("15m")
        with suppress(AssertionError):
            walk.reload_until("Свидетельство подтверждено", within=1)
            return
    raise AssertionError("ten hours, and the register never answered")


def test_a_session_that_ran_out_gives_the_form_back(stack: Stack, walk: Walk) -> None:
    """Forty minutes over the certificate: sign in again, and everything typed stands in its fields.

    Then the register contradicts: the page names the field, never what the register holds; corrected, it confirms.
    """
    father, child = stack.citizen("pavel"), stack.child("natalia")
    come_to_gosuslugi(walk, stack.gosuslugi, father)
    walk.follow("Добавить ребёнка")
    walk.press("Начать")
    tell_child(walk, child, "Отец")
    tell_snils(walk, child)
    walk.see("Свидетельство о рождении")
    stack.later("40m")
    tell_certificate(walk, child)
    sign_in(walk, father)
    walk.see("Свидетельство о рождении")
    paper = child["certificate"]
    typed = {"Серия": paper["series"], "Номер": paper["number"], "Кем выдано": paper["issued_by"]}
    for label, value in typed.items():
        expect(walk.page.get_by_label(label, exact=True)).to_have_value(value)
    issued = walk.page.get_by_role("group", name="Дата выдачи")
    for label, number in zip(("День", "Месяц", "Год"), day_month_year(paper["issued_on"]), strict=True):
        expect(issued.get_by_label(label, exact=True)).to_have_value(str(number))
    walk.picture("gosuslugi/given-back")
    walk.press("Продолжить")
    walk.see("Проверьте и отправьте")
    correct_a_contradiction(stack, walk)


def correct_a_contradiction(stack: Stack, walk: Walk) -> None:
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС проверяет")
    stack.later("16m")
    walk.reload_until("Данные не совпали")
    walk.read("имя ребёнка")
    walk.not_read("Наталья-Мария")
    walk.picture("gosuslugi/card-contradicted")
    walk.press("Исправить и отправить снова")
    walk.page.get_by_role("link", name="Изменить — Имя").click()
    walk.fill("Имя ребёнка", "Наталья-Мария")
    walk.press("Продолжить")
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС проверяет")
    stack.later("16m")
    walk.reload_until("Свидетельство подтверждено")


def test_an_unconfirmed_parent_keeps_what_he_typed(stack: Stack, walk: Walk, another: Walk) -> None:
    """Артём fills the card in, is told what is missing, and finds his draft on another day on another computer."""
    father, child = stack.citizen("artyom"), stack.child("varvara")
    come_to_gosuslugi(walk, stack.gosuslugi, father)
    walk.read("Сначала подтвердите учётную запись")
    fill_card(walk, child, "Отец")
    walk.read("Чтобы отправить, подтвердите учётную запись")
    expect(walk.page.get_by_role("button", name="Отправить в ЗАГС")).to_have_count(0)
    walk.picture("gosuslugi/check-unconfirmed")
    walk.follow("Подтвердить учётную запись")
    walk.read("Покажите паспорт сотруднику любого центра обслуживания")

    come_to_gosuslugi(another, stack.gosuslugi, father)
    another.read("Черновик")
    another.picture("gosuslugi/family-draft")
    another.follow("Продолжить")
    another.see("Проверьте и отправьте")
    another.read(child["snils"])


def test_the_second_parent_attaches_the_same_child(stack: Stack, walk: Walk, another: Walk) -> None:
    """Денис adds София, who has an account: no second one is made, and he reads nothing of Мария.

    «Это не мой ребёнок» closes his card, and hers stays as it was.
    """
    father, mother, child = stack.citizen("denis"), stack.citizen("maria"), stack.child("sofia")
    come_to_gosuslugi(walk, stack.gosuslugi, father)
    fill_card(walk, child, "Отец")
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС проверяет")
    stack.later("16m")
    walk.reload_until("Учётная запись уже есть")
    walk.picture("gosuslugi/card-attach")
    walk.press("Привязать")
    walk.read("Учётная запись ребёнка привязана")
    card = walk.page.url
    for page in ("/family", walk.page.url.removeprefix(stack.gosuslugi), "/access", "/profile"):
        walk.go(f"{stack.gosuslugi}{page}")
        for secret in ("Мария", "Белова", mother["email"], mother["phone"], "00 07"):
            walk.not_read(secret)
    walk.go(card)
    walk.follow("Это не мой ребёнок")
    walk.see("Это не мой ребёнок")
    walk.picture("gosuslugi/not-mine")
    walk.press("Это не мой ребёнок")
    walk.read("Карточка закрыта")
    come_to_gosuslugi(another, stack.gosuslugi, mother)
    another.read("Учётная запись есть")
    another.follow("Открыть карточку", first=True)
    another.follow("Управлять учётной записью")
    another.see("Учётная запись ребёнка")


def test_a_request_pressed_twice_is_one_request(stack: Stack, walk: Walk) -> None:
    """«Сохранить» pressed twice, then in a second tab, then Back: one number, one letter."""
    pupil = stack.citizen("mikhail")
    come_to_portal(walk, stack.portal, pupil, "Профиль обучающегося")
    choose_school(walk, stack.portal)
    second = walk.page.context.new_page()
    second.goto(walk.page.url)
    walk.page.get_by_role("button", name="Сохранить").dblclick()
    number = number_of_request(walk)
    second.get_by_role("button", name="Сохранить").click()
    expect(second.locator("main")).to_contain_text("Запрос уже отправлен")
    expect(second.locator("main")).to_contain_text(number)
    second.close()

    walk.page.go_back()
    walk.see(f"Заявка № {number}")
    walk.read("Запрос уже отправлен")
    walk.picture("portal/back-after-sending")
    walk.go(f"{stack.portal}/cabinet")
    expect(walk.page.locator("main").get_by_role("link", name=number)).to_have_count(1)
    walk.wait_for_message(pupil["email"], number)
    assert sum("отправлена в школу" in one["subject"] for one in walk.messages(pupil["email"])) == 1
