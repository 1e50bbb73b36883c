"""Every step of both ways × kill -9 of every part: nothing is lost, nothing is done twice.

A way is a list of steps; the tests are its product with the victims. At each step the victim dies while the press is on
its way. The person then does what people do: looks again, and presses again if the page still asks.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Error, expect

from tests.journeys.conftest import Stack, running_stack
from tests.journeys.people import CHILDS_PASSWORD, come_to_gosuslugi, tell_certificate, tell_child, tell_snils
from tests.journeys.test_sposob_2 import copy_papers
from tests.journeys.victims import come_back, kill, kill_database, kill_web_process, one_letter_of_each
from tests.journeys.walk import Walk

PATIENCE = 180

VICTIMS: Mapping[str, Callable[[Stack], None]] = {
    "web": lambda stack: kill_web_process(stack, "gosuslugi"),
    "worker": lambda stack: kill(stack, "worker"),
    "database": kill_database,
    "registry": lambda stack: kill(stack, "registry"),
}


@dataclass(frozen=True)
class Step:
    """`do` ends with a press; `says`: words of the page by which the person knows that it took effect.

    `do` may be called again when the words never came: the person looks at the page that asked and does it once more.
    """

    says: str
    do: Callable[[Walk], None]
    way_on: str = ""
    """The link that the page offers when it was pressed already."""


class Hasty(Walk):
    """Lets a button go and does not wait for what comes."""

    def press(self, button: str) -> None:
        found = self.page.get_by_role("button", name=button, exact=True)
        found.evaluate("button => setTimeout(() => button.click(), 0)")


@dataclass(frozen=True)
class Story:
    stack: Stack
    walk: Walk
    parent: dict[str, Any]
    child: dict[str, Any]
    victim: Callable[[Stack], None]

    def through(self, *steps: Step) -> None:
        for step in steps:
            self._one(step)

    def _one(self, step: Step) -> None:
        """The press is let go a moment before the victim dies, so that it dies at any point of what follows."""
        asked = self.walk.page.url
        deadline = time.monotonic() + PATIENCE
        step.do(Hasty(self.walk.page, self.walk.mailbox))
        self.victim(self.stack)
        while not self._says(step.says):
            assert time.monotonic() < deadline, f"never said «{step.says}» but {self._main()}"
            self._look_again(asked, step)
        self.walk.faults.clear()

    def _look_again(self, asked: str, step: Step) -> None:
        try:
            self.walk.page.goto(asked)
            if step.way_on and self.walk.page.get_by_role("link", name=step.way_on).count():
                self.walk.follow(step.way_on, first=True)
            elif not self._says(step.says):
                step.do(self.walk)
        except (Error, AssertionError):
            time.sleep(0.2)

    def _says(self, words: str) -> bool:
        try:
            expect(self.walk.page.locator("main")).to_contain_text(words, timeout=1500)
        except (Error, AssertionError):
            return False
        return True

    def wait_for(self, url: str, says: str) -> None:
        """A minute goes by between two looks: what a dead worker had taken comes when its lease is over."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                come_back(self.walk, url, says, within=3)
            except AssertionError:
                assert time.monotonic() < deadline, f"never said «{says}» but {self._main()}"
                self.stack.later("1m")
            else:
                return

    def code_for(self, address: str) -> str:
        for _ in range(20):
            try:
                return self.walk.code_for(address, within=3)
            except AssertionError:
                self.stack.later("1m")
        raise AssertionError(f"no code came to {address}")

    def _main(self) -> str:
        try:
            return self.walk.page.locator("main").inner_text(timeout=1000)
        except Error:
            return self.walk.page.url


# -- «Способ №1» -------------------------------------------------------------------------------------------------------


def card_steps(child: dict[str, Any], relation: str) -> list[Step]:
    return [
        Step("Кого вы добавляете?", lambda walk: walk.press("Начать")),
        Step("СНИЛС и гражданство ребёнка", lambda walk: tell_child(walk, child, relation)),
        Step("Свидетельство о рождении", lambda walk: tell_snils(walk, child)),
        Step("Проверьте и отправьте", lambda walk: tell_certificate(walk, child)),
        Step("Номер заявления", lambda walk: walk.press("Отправить в ЗАГС"), "Открыть карточку"),
    ]


def account_steps(story: Story) -> list[Step]:
    child = story.child

    def email(walk: Walk) -> None:
        walk.fill("Почта ребёнка", child["email"])
        walk.press("Продолжить")

    def code(walk: Walk) -> None:
        walk.fill("Код", story.code_for(child["email"]))
        walk.press("Продолжить")

    def password(walk: Walk) -> None:
        walk.fill("Пароль ребёнка", CHILDS_PASSWORD)
        walk.press("Создать учетную запись")

    return [
        Step("Введите код из письма", email),
        Step("Придумайте пароль для ребёнка", code),
        Step("Учётная запись есть", password),
    ]


def registry_answers(story: Story, card: str, says: str) -> None:
    """Time goes by, and the victim dies while question and answer are on their way."""
    story.victim(story.stack)
    story.wait_for(card, "ЗАГС проверяет")
    story.stack.later("16m")
    story.victim(story.stack)
    story.wait_for(card, says)


@pytest.fixture
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """One for each test: every way begins with a family that nobody has touched."""
    with running_stack(f"kills-{request.node.callspec.id}-{request.node.originalname}") as running:
        yield running


@pytest.mark.parametrize("victim", VICTIMS)
def test_sposob_1_survives(stack: Stack, walk: Walk, victim: str) -> None:
    """One card, one question, one account, one letter of each kind, whoever died at whichever step."""
    mother, child = stack.citizen("olga"), stack.child("alyona")
    story = Story(stack, walk, mother, child, VICTIMS[victim])
    come_to_gosuslugi(walk, stack.gosuslugi, mother)
    walk.follow("Добавить ребёнка")
    story.through(*card_steps(child, "Мать"))
    card = walk.page.url
    registry_answers(story, card, "Свидетельство подтверждено")
    walk.follow("Создать учетную запись ребенка на Госуслуги", first=True)
    story.through(*account_steps(story))

    story.wait_for(f"{stack.gosuslugi}/family", "Учётная запись есть")
    expect(walk.page.get_by_role("heading", name="Алёна Смирнова")).to_have_count(1)
    one_letter_of_each(
        walk, mother, "Проверяем свидетельство", "ЗАГС подтвердил свидетельство", "Учётная запись ребёнка создана"
    )


# -- «Способ №2» -------------------------------------------------------------------------------------------------------


def correction_steps() -> list[Step]:
    def act_record(walk: Walk) -> None:
        walk.page.get_by_role("link", name="Изменить — Номер записи акта").click()
        walk.fill("Номер записи акта", "1234")
        walk.date("Дата записи акта", 20, 11, 2018)
        walk.press("Продолжить")

    return [
        Step("Проверьте и отправьте", lambda walk: walk.press("Исправить и отправить снова")),
        Step("1234", act_record),
        Step("Вы исправили данные", lambda walk: walk.press("Отправить в ЗАГС"), "Открыть карточку"),
    ]


def clerk_steps(number: str, adult: dict[str, Any], child: dict[str, Any]) -> list[Step]:
    def find(walk: Walk) -> None:
        walk.fill("Номер заявления", number)
        walk.press("Открыть заявление")

    def decide(walk: Walk) -> None:
        copy_papers(walk, adult, child)
        walk.press("Подтвердить: заявитель представляет ребёнка")

    return [Step("Не нашёл свидетельство", find), Step("Заявитель представляет ребёнка", decide)]


@pytest.mark.parametrize("victim", VICTIMS)
def test_sposob_2_survives(stack: Stack, walk: Walk, another: Walk, victim: str) -> None:
    """Corrected, sent again, decided on papers once, one account, whoever died at whichever step."""
    mother, child = stack.citizen("katerina"), stack.child("matvey")
    story = Story(stack, walk, mother, child, VICTIMS[victim])
    come_to_gosuslugi(walk, stack.gosuslugi, mother)
    walk.follow("Добавить ребёнка")
    story.through(*card_steps(child, "Мать"))
    card = walk.page.url
    registry_answers(story, card, "ЗАГС не нашёл свидетельство")
    story.through(*correction_steps())
    registry_answers(story, card, "ЗАГС не нашёл свидетельство")
    number = re.search(r"Номер заявления:\s*(\S+)", walk.page.locator("main").inner_text())
    assert number is not None

    come_to_gosuslugi(another, stack.gosuslugi, stack.citizen("lyudmila"), "/centre")
    replace(story, walk=another).through(*clerk_steps(number[1], mother, child))
    story.wait_for(card, "Документы подтверждены")
    walk.follow("Создать учетную запись ребенка на Госуслуги", first=True)
    story.through(*account_steps(story))

    story.wait_for(f"{stack.gosuslugi}/family", "Учётная запись есть")
    expect(walk.page.get_by_role("heading", name="Матвей Морозов")).to_have_count(1)
    one_letter_of_each(walk, mother, "Документы проверены", "Учётная запись ребёнка создана")
