"""The main ways of a pupil and of a parent in a browser that runs no JavaScript."""

from collections.abc import Iterator

import pytest

from tests.journeys.conftest import Stack, running_stack
from tests.journeys.people import come_to_gosuslugi, come_to_portal, fill_card, make_account
from tests.journeys.test_pupil import choose_school, number_of_request
from tests.journeys.walk import Walk


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack("without-script") as running:
        yield running


def test_a_pupil_asks_to_join(stack: Stack, plain_walk: Walk) -> None:
    """«Войти» → Госуслуги → «Предоставить» → profile → school by search → «Сохранить»."""
    come_to_portal(plain_walk, stack.portal, stack.citizen("mikhail"), "Профиль обучающегося")
    choose_school(plain_walk, stack.portal)
    plain_walk.press("Сохранить")
    number = number_of_request(plain_walk)
    plain_walk.go(f"{stack.portal}/cabinet")
    plain_walk.read(number)


def test_a_parent_makes_the_childs_account(stack: Stack, plain_walk: Walk) -> None:
    """«Способ №1» from the card to the account, and the child in the parent's portal."""
    mother, child = stack.citizen("olga"), stack.child("alyona")
    come_to_gosuslugi(plain_walk, stack.gosuslugi, mother)
    fill_card(plain_walk, child, "Мать")
    plain_walk.press("Отправить в ЗАГС")
    plain_walk.reload_until("ЗАГС проверяет")
    stack.later("16m")
    plain_walk.reload_until("Свидетельство подтверждено")
    make_account(plain_walk, child)
    plain_walk.go(stack.portal)
    plain_walk.enter()
    plain_walk.see("Предоставление прав доступа")
    plain_walk.press("Предоставить")
    plain_walk.choose("Профиль родителя")
    plain_walk.page.get_by_role("checkbox").check()
    plain_walk.press("Завершить регистрацию")
    plain_walk.go(f"{stack.portal}/family")
    plain_walk.read("Алёна Смирнова")
