"""Лада is fourteen tomorrow: she enters her passport, the account is her own, and her mother reads on."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Stack, running_stack
from tests.journeys.people import Record, come_to_gosuslugi, day_month_year, enter
from tests.journeys.walk import Walk


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack("fourteen") as running:
        yield running


def child_comes(walk: Walk, stack: Stack, child: Record, mother: Record) -> None:
    walk.page.context.clear_cookies()
    walk.go(f"{stack.gosuslugi}/login?next=%2Ffamily")
    enter(walk, child["email"], mother["password"], mother["phone"])


def enter_passport(walk: Walk, child: Record) -> None:
    """What the passport of the fourteenth birthday says."""
    paper = child["passport"]
    walk.fill("Серия и номер", f"{paper['series']} {paper['number']}")
    walk.date("Дата выдачи", *day_month_year(paper["issued_on"]))
    walk.fill("Кем выдан", paper["issued_by"])
    walk.fill("Код подразделения", paper["department"])
    walk.fill("Место рождения", child["birthplace"])
    walk.press("Продолжить")
    if walk.page.get_by_role("group", name="Дата рождения").count():
        walk.date("Дата рождения", *day_month_year(child["birth_date"]))
        walk.choose("Женский")
        walk.fill("СНИЛС", child["snils"])
        walk.press("Продолжить")
    walk.picture("gosuslugi/fourteen-send")
    walk.press("Отправить на проверку")


def let_registers_answer(walk: Walk, stack: Stack, address: str, words: str) -> None:
    """Quarter of an hour by quarter of an hour: the question may reach the registers only after the first."""
    for _ in range(8):
        stack.later("15m")
        with suppress(AssertionError):
            walk.wait_for_message(address, words, within=5)
            return
    raise AssertionError(f"no message with «{words}» came to {address}")


def test_a_child_of_thirteen_years_and_364_days_takes_her_account_over(stack: Stack, walk: Walk, another: Walk) -> None:
    """J9: today no passport; tomorrow letters to both and the passport; then the mother sees and changes nothing."""
    mother, child = stack.citizen("rimma"), stack.child("lada")
    child_comes(walk, stack, child, mother)
    walk.read("Что будет в 14 лет")
    walk.page.goto(f"{stack.gosuslugi}/identity")
    walk.read("До 14 лет паспорта не дают")
    walk.picture("gosuslugi/fourteen-eve")

    stack.later("36h")
    walk.wait_for_message(mother["email"], "14 лет, пора передать учётную запись")
    walk.wait_for_message(child["email"], "Тебе 14")
    child_comes(walk, stack, child, mother)
    walk.read("Введи паспорт, и учётная запись станет твоей собственной")
    walk.picture("gosuslugi/fourteen-today")
    walk.follow("Ввести паспорт")
    enter_passport(walk, child)
    walk.see("Паспорт и СНИЛС проверяются")
    let_registers_answer(walk, stack, child["email"], "Учётная запись теперь твоя")
    walk.wait_for_message(mother["email"], "Учётная запись теперь у ребёнка")

    walk.go(f"{stack.gosuslugi}/family")
    walk.see("Вход")
    come_to_gosuslugi(another, stack.gosuslugi, mother)
    another.read("Учётная запись у ребёнка")
    another.picture("gosuslugi/fourteen-mother")
    expect(another.page.get_by_role("link", name="Управлять учётной записью")).to_have_count(0)
