"""What people of the cast do again and again: sign in at Госуслуги, come to «Моя школа»."""

from typing import Any

from tests.journeys.walk import Walk


def sign_in(walk: Walk, citizen: dict[str, Any]) -> None:
    """From the page «Вход» of Госуслуги to the page that was wanted, with the code from the mailbox."""
    walk.see("Вход")
    walk.fill("Телефон / Email / СНИЛС", citizen["sign_in"])
    walk.fill("Пароль", citizen["password"])
    before = walk.codes_so_far(citizen["phone"])
    walk.press("Войти")
    walk.see("Введите код")
    walk.fill("Код", walk.code_for(citizen["phone"], after=before))
    walk.press("Войти")


def come_to_portal(walk: Walk, portal: str, citizen: dict[str, Any], profile: str) -> None:
    """The first time: «Войти», Госуслуги, «Предоставить», profile; to the main page."""
    walk.go(portal)
    walk.enter()
    sign_in(walk, citizen)
    walk.see("Предоставление прав доступа")
    walk.press("Предоставить")
    walk.see("Завершение регистрации")
    walk.choose(profile)
    walk.page.get_by_role("checkbox").check()
    walk.press("Завершить регистрацию")
    walk.see("Здравствуйте")
