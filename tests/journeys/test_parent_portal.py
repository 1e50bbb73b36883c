"""A parent in «Моя школа»: sees the child as Госуслуги tell it, consents for it, and how far it is."""

from typing import Any

from tests.journeys.conftest import Stack
from tests.journeys.people import come_to_portal, enter
from tests.journeys.test_pupil import choose_school, number_of_request
from tests.journeys.walk import Walk


def child_comes_in(walk: Walk, portal: str, child: dict[str, Any], mother: dict[str, Any], password: str) -> None:
    """Both codes, of the sign-in and of the consent, go to the mother."""
    walk.go(portal)
    walk.enter()
    enter(walk, child["email"], password, mother["phone"])
    walk.see("Предоставление прав доступа")
    before = walk.codes_so_far(mother["phone"])
    walk.press("Предоставить")
    walk.see("Код от взрослого")
    walk.fill("Код из сообщения", walk.code_for(mother["phone"], after=before))
    walk.press("Предоставить")
    walk.see("Завершение регистрации")
    walk.choose("Профиль обучающегося")
    walk.press("Завершить регистрацию")
    walk.see(f"Здравствуйте, {child['given_name']}")


def test_a_mother_sees_her_daughter_and_how_far_she_is(stack: Stack, walk: Walk, another: Walk) -> None:
    """«Профиль родителя»: no visit yet → consent → no school yet → request sent, with its deadline."""
    mother, child = stack.citizen("maria"), stack.child("sofia")
    come_to_portal(walk, stack.portal, mother, "Профиль родителя")
    walk.picture("portal/home-parent")
    walk.go(f"{stack.portal}/family")
    walk.see("Мои дети")
    walk.read("София Орлова")
    walk.read("8 апреля 2013")
    walk.read("В «Мою школу» ещё не входили")
    walk.picture("portal/family-before")

    child_comes_in(another, stack.portal, child, mother, mother["password"])
    another.read("Ждём согласие родителя")
    another.picture("portal/home-child-waiting")
    walk.go(f"{stack.portal}/consents")
    walk.read("Данные ребёнка: София")
    walk.picture("portal/consents")
    walk.press("Согласен на обработку данных")
    walk.go(f"{stack.portal}/family")
    walk.read("Школа не указана")

    choose_school(another, stack.portal, "7 класс", "а")
    another.press("Сохранить")
    number_of_request(another)
    walk.page.reload()
    walk.read("Отправлена в школу")
    walk.read("Не позднее")
    walk.read("7А")
    walk.picture("portal/family-after")
