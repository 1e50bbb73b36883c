"""Processes are killed with -9 in the middle of a journey, and the journey goes on: nothing lost, nothing twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Stack, running_stack
from tests.journeys.people import come_to_gosuslugi, come_to_portal, fill_card, make_account
from tests.journeys.test_pupil import choose_school, number_of_request
from tests.journeys.victims import come_back, kill, kill_database, kill_web_process, one_letter_of_each
from tests.journeys.walk import Walk


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack("faults") as running:
        yield running


def test_a_card_survives_the_death_of_every_process(stack: Stack, walk: Walk) -> None:
    """Step 1: worker, web process, its supervisor and the database die between the card and the child's account."""
    mother, child = stack.citizen("olga"), stack.child("alyona")
    come_to_gosuslugi(walk, stack.gosuslugi, mother)
    fill_card(walk, child, "Мать")
    walk.press("Отправить в ЗАГС")
    walk.see("Алёна Смирнова")
    card = walk.page.url
    kill(stack, "worker")
    kill_web_process(stack, "gosuslugi")
    come_back(walk, card, "ЗАГС проверяет")

    stack.later("16m")
    kill(stack, "gosuslugi")
    kill(stack, "worker")
    come_back(walk, card, "Свидетельство подтверждено")
    kill_database(stack)
    come_back(walk, card, "Свидетельство подтверждено")
    make_account(walk, child)
    kill(stack, "worker")
    come_back(walk, f"{stack.gosuslugi}/family", "Учётная запись есть")

    expect(walk.page.get_by_role("heading", name="Алёна Смирнова")).to_have_count(1)
    one_letter_of_each(
        walk, mother, "Проверяем свидетельство", "ЗАГС подтвердил свидетельство", "Учётная запись ребёнка создана"
    )


def test_an_approval_survives_the_death_of_every_process(stack: Stack, walk: Walk, another: Walk) -> None:
    """Step 4: the portal and the worker die while «Одобрить» is on its way; one membership, one letter of each kind."""
    pupil, secretary = stack.citizen("mikhail"), stack.citizen("elena")
    come_to_portal(another, stack.portal, secretary, "Профиль педагога")
    come_to_portal(walk, stack.portal, pupil, "Профиль обучающегося")
    choose_school(walk, stack.portal)
    walk.press("Сохранить")
    number = number_of_request(walk)
    kill(stack, "worker")

    another.go(stack.portal)
    another.follow("Открыть заявки")
    another.follow("Рассмотреть", first=True)
    another.see(number)
    request = another.page.url
    approve(another, no_wait=True)
    kill_web_process(stack, "portal")
    come_back(another, request, number)
    if another.page.get_by_role("button", name="Одобрить").count():
        approve(another)
    kill(stack, "worker")
    kill(stack, "portal")
    come_back(another, request, "Одобрена")

    come_back(walk, f"{stack.portal}/cabinet", "Вы в школе")
    expect(walk.page.locator("main").get_by_role("link", name=number)).to_have_count(1)
    one_letter_of_each(walk, pupil, "отправлена в школу", "Школа одобрила вашу заявку")
    one_letter_of_each(walk, secretary, "Новая заявка")


def approve(walk: Walk, *, no_wait: bool = False) -> None:
    button = walk.page.get_by_role("button", name="Одобрить", exact=True)
    if no_wait:
        button.evaluate("button => setTimeout(() => button.click(), 0)")
    else:
        button.click()
        walk.see("Заявки школы")
