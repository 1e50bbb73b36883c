"""A pupil of 14 registers himself, asks to join a school, is approved, and opens a learning platform."""

import re
from functools import partial

from playwright.sync_api import expect

from tests.journeys.conftest import Stack
from tests.journeys.people import come_to_portal, sign_in
from tests.journeys.walk import Walk


def choose_school(
    walk: Walk, portal: str, school_class: str = "8 класс", letter: str = "б", *, guide: str = ""
) -> None:
    """«Личный кабинет» → «Изменить» → … → «Проверьте и отправьте»; `guide` takes the pictures."""
    step = partial(walk.step, guide) if guide else lambda _key: None
    walk.go(f"{portal}/cabinet")
    walk.see("Личный кабинет")
    step("cabinet")
    walk.follow("Изменить")
    walk.see("В каком регионе ваша школа?")
    walk.select("Регион", "Красноярский край")
    walk.press("Продолжить")
    walk.see("Найдите свою школу")
    walk.fill("Номер или название школы", "шк 148 красноярск")
    walk.press("Найти")
    step("search")
    walk.page.get_by_role("radio", name="СШ № 148").check()
    walk.press("Продолжить")
    walk.see("Это ваша школа?")
    step("is-it-yours")
    walk.press("Да, это моя школа")
    walk.see("В каком вы классе?")
    walk.select("Класс", school_class)
    walk.fill("Буква класса", letter)
    step("class")
    walk.press("Продолжить")
    walk.see("Проверьте и отправьте")
    walk.read(f"{school_class.split()[0]}{letter.upper()}")
    step("check")


def number_of_request(walk: Walk) -> str:
    """Shown on the page «Заявка отправлена»."""
    walk.see("Заявка отправлена")
    return walk.page.locator(".rows dd").first.inner_text()


def test_a_pupil_comes_asks_is_approved_and_learns(stack: Stack, walk: Walk, another: Walk) -> None:
    """J5 to the letter, the administrator's decision, the letter, and one click to a platform."""
    pupil, secretary = stack.citizen("mikhail"), stack.citizen("elena")

    walk.go(stack.portal)
    walk.step("uchenik-14", "enter")
    walk.enter()
    walk.see("Вход")
    walk.step("uchenik-14", "signin")
    sign_in(walk, pupil)
    walk.see("Предоставление прав доступа")
    walk.step("uchenik-14", "consent")
    walk.press("Предоставить")
    walk.see("Завершение регистрации")
    walk.choose("Профиль обучающегося")
    walk.page.get_by_role("checkbox").check()
    walk.step("uchenik-14", "profile")
    walk.press("Завершить регистрацию")
    walk.see("Здравствуйте, Михаил")
    walk.step("uchenik-14", "home")
    choose_school(walk, stack.portal, guide="uchenik-14")
    walk.press("Сохранить")
    number = number_of_request(walk)
    walk.step("uchenik-14", "sent")

    walk.page.go_back()
    walk.page.go_forward()
    walk.read(number)

    come_to_portal(another, stack.portal, secretary, "Профиль педагога")
    another.follow("Открыть заявки")
    another.see("Заявки школы")
    another.picture("school/queue")
    another.page.get_by_role("link", name=re.compile("Рассмотреть.*Соколов Михаил")).click()
    another.see(number)
    another.read("Соколов Михаил Андреевич")
    another.picture("school/request")
    another.press("Одобрить")
    another.see("Заявки школы")
    another.read("Заявка одобрена")

    walk.page.reload()
    walk.see(f"Заявка № {number}")
    walk.read("Одобрена")
    walk.step("uchenik-14", "approved")
    letter = walk.wait_for_message(pupil["email"], "Школа одобрила")
    assert "Соколов" not in letter["text"]

    walk.follow("Образовательные платформы")
    for name in ("Учи.ру", "ЯКласс", "РЭШ", "Яндекс Учебник", "Просвещение"):
        walk.read(name)
    walk.step("cok", "catalogue")
    open_platform(walk, stack)


def open_platform(walk: Walk, stack: Stack) -> None:
    """«Получить доступ», what will be sent, and one click; the platform learns the class and no more."""
    walk.follow("Получить доступ")
    walk.see("Числарий")
    walk.read("Что получит платформа")
    walk.step("cok", "data")
    walk.press("Получить доступ")
    walk.step("cok", "open")
    walk.press("Открыть Числарий")
    expect(walk.page).to_have_url(re.compile(re.escape(stack.platform) + "/"))
    walk.read("8 класс")
    for secret in ("Соколов", "Михаил", "mikhail@"):
        walk.not_read(secret)
    walk.step("cok", "opened")
