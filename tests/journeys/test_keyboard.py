"""A pupil who uses no mouse: the whole way to the request by Tab, Enter, Space and the arrows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Stack, running_stack
from tests.journeys.walk import Walk

FURTHEST = 60
"""So many times somebody presses Tab before giving up."""
LONGEST_LIST = 100


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack("keyboard") as running:
        yield running


def reach(walk: Walk, wanted: Locator) -> None:
    """By Tab alone; what has the focus shows it."""
    expect(wanted).to_be_visible()
    for _ in range(FURTHEST):
        walk.page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.evaluate("element => element.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab never reached {wanted}")


def push(walk: Walk, name: str, role: str = "button") -> None:
    found = walk.page.locator("main").get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    reach(walk, found)
    walk.page.keyboard.press("Enter")


def type_into(walk: Walk, label: str, text: str) -> None:
    reach(walk, walk.page.get_by_label(label, exact=True))
    walk.page.keyboard.type(text)


def select(walk: Walk, label: str, option: str) -> None:
    """Down the list until the wanted one is chosen."""
    box = walk.page.get_by_label(label, exact=True)
    reach(walk, box)
    for _ in range(LONGEST_LIST):
        if box.evaluate("box => box.selectedOptions[0].text") == option:
            return
        walk.page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows never reached {option}")


def tick(walk: Walk) -> None:
    reach(walk, walk.page.get_by_role("checkbox").first)
    walk.page.keyboard.press("Space")


def pick(walk: Walk, option: str) -> None:
    """Tab comes to the group's first button, the arrows go on."""
    reach(walk, walk.page.get_by_role("radio").first)
    walk.page.keyboard.press("Space")
    wanted = walk.page.get_by_role("radio", name=option).first
    for _ in range(FURTHEST):
        if wanted.is_checked():
            return
        walk.page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows never reached {option}")


def test_the_whole_way_to_the_request_needs_no_mouse(stack: Stack, walk: Walk) -> None:
    """The first Tab offers to skip to the content; from «Войти» to «Заявка отправлена» nothing is clicked."""
    pupil = stack.citizen("mikhail")
    walk.go(stack.portal)
    walk.page.keyboard.press("Tab")
    expect(walk.page.locator(":focus")).to_contain_text("Перейти к содержанию")
    push(walk, "Войти")
    walk.see("Вход")
    type_into(walk, "Телефон / Email / СНИЛС", pupil["sign_in"])
    type_into(walk, "Пароль", pupil["password"])
    before = walk.codes_so_far(pupil["phone"])
    walk.page.keyboard.press("Enter")
    walk.see("Введите код")
    type_into(walk, "Код", walk.code_for(pupil["phone"], after=before))
    walk.page.keyboard.press("Enter")
    walk.see("Предоставление прав доступа")
    push(walk, "Предоставить")
    walk.see("Завершение регистрации")
    pick(walk, "Профиль обучающегося")
    tick(walk)
    push(walk, "Завершить регистрацию")
    walk.see("Здравствуйте, Михаил")
    push(walk, "Указать школу", "link")
    choose_school_by_keyboard(walk)
    push(walk, "Сохранить")
    walk.see("Заявка отправлена")


def choose_school_by_keyboard(walk: Walk) -> None:
    walk.see("В каком регионе ваша школа?")
    select(walk, "Регион", "Красноярский край")
    push(walk, "Продолжить")
    walk.see("Найдите свою школу")
    type_into(walk, "Номер или название школы", "шк 148 красноярск")
    push(walk, "Найти")
    pick(walk, "СШ № 148")
    push(walk, "Продолжить")
    walk.see("Это ваша школа?")
    push(walk, "Да, это моя школа")
    walk.see("В каком вы классе?")
    select(walk, "Класс", "8 класс")
    type_into(walk, "Буква класса", "б")
    push(walk, "Продолжить")
    walk.see("Проверьте и отправьте")
    walk.read("8Б")
