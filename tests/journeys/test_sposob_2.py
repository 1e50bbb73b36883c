"""«Способ №2»: when the dialog does not appear, a page says why and what to do, and a clerk may decide on papers."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.conftest import Stack, running_stack
from tests.journeys.desk import copy_papers, open_application
from tests.journeys.people import come_to_gosuslugi, fill_card, make_account
from tests.journeys.walk import Walk


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack("sposob-2") as running:
        yield running


def decide_on_papers(walk: Walk, gosuslugi: str, number: str, mother: dict[str, Any], child: dict[str, Any]) -> None:
    """The clerk opens the application by its number and copies what the papers before her say."""
    open_application(walk, gosuslugi, number)
    walk.see("Заявление")
    walk.read("Морозов Матвей Кириллович")
    walk.read("Не нашёл свидетельство")
    walk.picture("centre/children")
    copy_papers(walk, mother, child)
    walk.press("Подтвердить: заявитель представляет ребёнка")
    walk.see("Заявитель представляет ребёнка")
    walk.picture("centre/children-done")


def test_an_unknown_certificate_ends_at_the_clerks_desk(stack: Stack, walk: Walk, another: Walk) -> None:
    """ЗАГС does not know the certificate: clear words, corrected and sent again, then decided on papers."""
    mother, child = stack.citizen("katerina"), stack.child("matvey")
    come_to_gosuslugi(walk, stack.gosuslugi, mother)
    fill_card(walk, child, "Мать")
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС проверяет")
    stack.later("16m")
    walk.reload_until("ЗАГС не нашёл свидетельство")
    walk.wait_for_message(mother["email"], "ЗАГС не нашёл свидетельство")
    walk.step("sposob-2", "answer")
    walk.follow("Способ №2", first=True)
    walk.see("Способ №2")
    walk.step("sposob-2", "why")

    correct_and_send_again(walk, stack)

    walk.follow("Способ №2", first=True)
    walk.follow("Какие документы взять", first=True)
    walk.see("Что взять в центр обслуживания")
    walk.step("sposob-2", "centre")
    number = walk.page.locator(".number").first.inner_text()
    come_to_gosuslugi(another, stack.gosuslugi, stack.citizen("lyudmila"), "/centre")
    decide_on_papers(another, stack.gosuslugi, number, mother, child)

    walk.go(f"{stack.gosuslugi}/family")
    walk.read("Документы подтверждены")
    make_account(walk, child)
    walk.step("sposob-2", "done")


def correct_and_send_again(walk: Walk, stack: Stack) -> None:
    """With the number of the act record; the register still knows nothing."""
    walk.press("Исправить и отправить снова")
    walk.see("Проверьте и отправьте")
    walk.page.get_by_role("link", name="Изменить — Номер записи акта").click()
    walk.fill("Номер записи акта", "1234")
    walk.date("Дата записи акта", 20, 11, 2018)
    walk.step("sposob-2", "correct")
    walk.press("Продолжить")
    walk.see("Проверьте и отправьте")
    walk.read("1234")
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС проверяет")
    walk.read("Вы исправили данные и отправили их снова")
    stack.later("16m")
    walk.reload_until("ЗАГС не нашёл свидетельство")


def test_a_silent_register_is_overdue_after_five_working_days(stack: Stack, walk: Walk) -> None:
    """On the day after the deadline the page itself offers «Способ №2»; a late answer still counts."""
    father, child = stack.citizen("victor"), stack.child("anna-maria")
    come_to_gosuslugi(walk, stack.gosuslugi, father)
    fill_card(walk, child, "Отец")
    walk.read("Нет")
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС проверяет")
    walk.picture("gosuslugi/card-checking")

    days = 0
    while "ЗАГС задерживает ответ" not in card_of(stack, walk, father):
        stack.later("1d")
        days += 1
        assert days < 20, "the deadline never came"
    assert days >= 5
    walk.picture("gosuslugi/card-overdue")
    walk.follow("Способ №2", first=True)
    walk.read("ЗАГС задерживает ответ. Ждать не обязательно")
    walk.picture("gosuslugi/second-way-overdue")

    stack.later("4d")
    card_of(stack, walk, father)
    walk.reload_until("Свидетельство подтверждено")


def card_of(stack: Stack, walk: Walk, father: dict[str, Any]) -> str:
    """After a day the session has ended: signs in again."""
    walk.page.context.clear_cookies()
    come_to_gosuslugi(walk, stack.gosuslugi, father)
    walk.see("Семья и дети")
    return walk.page.locator("main").inner_text()
