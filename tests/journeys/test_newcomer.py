"""Somebody without an account gets one, proves who she is, and is confirmed at a service centre."""

from typing import Any

from tests.journeys.conftest import Stack
from tests.journeys.people import come_to_gosuslugi, day_month_year
from tests.journeys.walk import Walk

PASSWORD = "семь синих варежек"


def register(walk: Walk, citizen: dict[str, Any]) -> None:
    """Name, e-mail, code from the mailbox, password."""
    walk.follow("Зарегистрироваться", first=True)
    walk.see("Как вас зовут?")
    walk.fill("Фамилия", citizen["family_name"])
    walk.fill("Имя", citizen["given_name"])
    walk.fill("Отчество", citizen["patronymic"])
    walk.picture("gosuslugi/register-name")
    walk.press("Продолжить")
    walk.see("Какой у вас адрес почты?")
    walk.fill("Почта", citizen["email"])
    walk.press("Получить код")
    walk.see("Введите код из письма")
    walk.picture("gosuslugi/register-code")
    walk.fill("Код", walk.code_for(citizen["email"]))
    walk.press("Продолжить")
    walk.see("Придумайте пароль")
    walk.fill("Пароль", PASSWORD)
    walk.picture("gosuslugi/register-password")
    walk.press("Создать учётную запись")


def tell_papers(walk: Walk, citizen: dict[str, Any]) -> None:
    """Passport, oneself, «Проверьте и отправьте»."""
    paper = citizen["passport"]
    walk.fill("Серия и номер", f"{paper['series']} {paper['number']}")
    walk.date("Дата выдачи", *day_month_year(paper["issued_on"]))
    walk.fill("Кем выдан", paper["issued_by"])
    walk.fill("Код подразделения", paper["department"])
    walk.fill("Место рождения", citizen["birthplace"])
    walk.picture("gosuslugi/identity-passport")
    walk.press("Продолжить")
    walk.date("Дата рождения", *day_month_year(citizen["birth_date"]))
    walk.choose("Женский")
    walk.fill("СНИЛС", citizen["snils"])
    walk.picture("gosuslugi/identity-person")
    walk.press("Продолжить")
    walk.read(citizen["snils"])
    walk.picture("gosuslugi/identity-send")
    walk.press("Отправить на проверку")


def confirm_at_the_desk(walk: Walk, citizen: dict[str, Any]) -> None:
    """The clerk finds the person by СНИЛС and copies the passport that lies before her."""
    paper = citizen["passport"]
    walk.see("Рабочее место")
    walk.picture("centre/desk")
    walk.fill("СНИЛС того, кто пришёл", citizen["snils"])
    walk.press("Найти")
    walk.see(f"{citizen['family_name']} {citizen['given_name']}")
    walk.picture("centre/identity")
    walk.fill("Фамилия", citizen["family_name"])
    walk.fill("Имя", citizen["given_name"])
    walk.fill("Отчество", citizen["patronymic"])
    walk.date("Дата рождения", *day_month_year(citizen["birth_date"]))
    walk.fill("Серия и номер", f"{paper['series']} {paper['number']}")
    walk.date("Дата выдачи", *day_month_year(paper["issued_on"]))
    walk.tick("На фото тот, кто пришёл")
    walk.press("Сверить и подтвердить личность")
    walk.see("Личность подтверждена")
    walk.picture("centre/identity-done")


def test_a_newcomer_becomes_a_confirmed_citizen(stack: Stack, walk: Walk, another: Walk) -> None:
    """J1: упрощённая at once, стандартная when the registers answer, подтверждённая at the clerk's desk."""
    newcomer = stack.citizen("darya")
    walk.go(stack.gosuslugi)
    walk.picture("gosuslugi/welcome")
    register(walk, newcomer)
    walk.see("Здравствуйте, Дарья")
    walk.read("Упрощённая учётная запись")
    walk.picture("gosuslugi/cabinet-simplified")

    walk.follow("Ввести паспорт и СНИЛС")
    tell_papers(walk, newcomer)
    walk.see("Паспорт и СНИЛС проверяются")
    walk.read("Не позднее")
    walk.picture("gosuslugi/identity-checking")
    stack.later("10m")
    walk.reload_until("Ваша учётная запись стандартная")
    walk.picture("gosuslugi/identity-proved")

    come_to_gosuslugi(another, stack.gosuslugi, stack.citizen("lyudmila"), "/centre")
    confirm_at_the_desk(another, newcomer)

    walk.page.reload()
    walk.read("Личность подтверждена")
    walk.wait_for_message(newcomer["email"], "подтвердил вашу личность")
    walk.go(f"{stack.gosuslugi}/profile")
    walk.read("подтверждённая")
    walk.picture("gosuslugi/profile")
