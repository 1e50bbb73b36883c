"""«Способ №1»: a parent adds a child, ЗАГС confirms, the child's account is made, and the child comes in."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.conftest import Stack, running_stack
from tests.journeys.people import (
    CHILDS_PASSWORD,
    come_to_gosuslugi,
    enter,
    fill_card,
    make_account,
    tell_certificate,
    tell_child,
    tell_snils,
)
from tests.journeys.walk import Walk


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack("sposob-1") as running:
        yield running


def badly_typed(child: dict[str, Any]) -> dict[str, Any]:
    """As people type on a telephone: look-alikes in lower case, a long dash, «№», a СНИЛС without separators."""
    paper = child["certificate"]
    assert paper["series"] == "III-ПЕ"
    return child | {
        "family_name": f"  {child['family_name']} ",
        "snils": "".join(filter(str.isdigit, child["snils"])),
        "certificate": paper | {"series": "ііі — пе", "number": f"№ {paper['number']}"},
    }


def add_alyona(walk: Walk, child: dict[str, Any]) -> None:
    """«Семья и дети» to the card that was sent, typed badly and shown well."""
    walk.see("Семья и дети")
    walk.step("sposob-1", "family")
    walk.follow("Добавить ребёнка")
    walk.picture("gosuslugi/add-child")
    walk.press("Начать")
    walk.see("Кого вы добавляете?")
    walk.step("sposob-1", "card")
    typed = badly_typed(child)
    tell_child(walk, typed, "Мать")
    walk.picture("gosuslugi/child-snils")
    tell_snils(walk, typed)
    walk.step("sposob-1", "certificate")
    tell_certificate(walk, typed)
    walk.see("Проверьте и отправьте")
    for shown in ("Смирнова", "14 мая 2017", child["snils"], "III-ПЕ № 600101", "25 мая 2017"):
        walk.read(shown)
    walk.step("sposob-1", "check")
    walk.press("Отправить в ЗАГС")


def test_a_mother_makes_her_daughters_account_and_the_daughter_comes_in(
    stack: Stack, walk: Walk, another: Walk
) -> None:
    """J2 and J4: all fields, the wait, the dialog, e-mail, code and password; then consent by the mother's code."""
    mother, child = stack.citizen("olga"), stack.child("alyona")
    come_to_gosuslugi(walk, stack.gosuslugi, mother)
    add_alyona(walk, child)
    walk.see("Алёна Смирнова")
    walk.reload_until("ЗАГС проверяет")
    for told in ("С какого времени", "Не позднее", "Что дальше", "Кто отвечает"):
        walk.read(told)
    walk.step("sposob-1", "waiting")

    stack.later("16m")
    walk.reload_until("Свидетельство подтверждено")
    walk.wait_for_message(mother["email"], "ЗАГС подтвердил свидетельство")
    walk.step("sposob-1", "dialog")
    make_account(walk, child, guide="sposob-1")
    walk.step("sposob-1", "done")
    walk.read("привязана к вашей")

    daughter_comes_in(stack, another, child, mother)


def daughter_comes_in(stack: Stack, walk: Walk, child: dict[str, Any], mother: dict[str, Any]) -> None:
    """Both codes, of the sign-in and of the consent, go to the mother."""
    walk.go(stack.portal)
    walk.enter()
    enter(walk, child["snils"], CHILDS_PASSWORD, mother["phone"])
    walk.see("Предоставление прав доступа")
    walk.read("согласие даёт взрослый")
    walk.picture("gosuslugi/consent-of-a-child")
    before = walk.codes_so_far(mother["phone"])
    walk.press("Предоставить")
    walk.see("Код от взрослого")
    walk.picture("gosuslugi/consent-code")
    walk.fill("Код из сообщения", walk.code_for(mother["phone"], after=before))
    walk.press("Предоставить")
    walk.see("Завершение регистрации")
    walk.picture("portal/registration-child")
    walk.choose("Профиль обучающегося")
    walk.press("Завершить регистрацию")
    walk.see("Здравствуйте, Алёна")
    walk.picture("portal/home-child")


def test_a_name_with_yo_is_the_same_as_with_ye(stack: Stack, walk: Walk) -> None:
    """The register writes «Семенов Федор», the papers «Семёнов Фёдор»: confirmed, and shown as typed."""
    father, child = stack.citizen("igor"), stack.child("fyodor")
    come_to_gosuslugi(walk, stack.gosuslugi, father)
    fill_card(walk, child, "Отец")
    walk.read("29 февраля 2016")
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС проверяет")
    stack.later("16m")
    walk.reload_until("Свидетельство подтверждено")
    walk.see("Фёдор Семёнов")
