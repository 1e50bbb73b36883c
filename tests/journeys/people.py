"""What people of the cast do again and again: sign in at Госуслуги, come to «Моя школа»."""

from functools import partial
from typing import Any
from urllib.parse import quote

from tests.journeys.walk import Walk

Record = dict[str, Any]
"""One of the cast or of their children, as the ready-file tells of them."""

CHILDS_PASSWORD = "тихая речка у леса"
ADDRESS = "г. Красноярск, ул. Лесная, д. 5, кв. 12"


def sign_in(walk: Walk, citizen: Record) -> None:
    """From the page «Вход» of Госуслуги to the page that was wanted, with the code from the mailbox."""
    enter(walk, citizen["sign_in"], citizen["password"], citizen["phone"])


def enter(walk: Walk, login: str, password: str, codes_to: str) -> None:
    """`codes_to`: telephone or e-mail; a child's code goes to the parent."""
    walk.see("Вход")
    walk.fill("Телефон / Email / СНИЛС", login)
    walk.fill("Пароль", password)
    before = walk.codes_so_far(codes_to)
    walk.press("Войти")
    walk.see("Введите код")
    walk.fill("Код", walk.code_for(codes_to, after=before))
    walk.press("Войти")


def come_to_gosuslugi(walk: Walk, gosuslugi: str, citizen: Record, page: str = "/family") -> None:
    walk.go(f"{gosuslugi}/login?next={quote(page, safe='')}")
    sign_in(walk, citizen)


def tell_child(walk: Walk, child: Record, relation: str) -> None:
    """«Кого вы добавляете?»"""
    walk.choose(relation)
    walk.fill("Фамилия ребёнка", child["family_name"])
    walk.fill("Имя ребёнка", child["given_name"])
    walk.fill("Отчество ребёнка", child["patronymic"] or "")
    walk.date("Дата рождения ребёнка", *day_month_year(child["birth_date"]))
    walk.choose("Женский" if child["sex"] == "F" else "Мужской")
    walk.press("Продолжить")


def tell_snils(walk: Walk, child: Record) -> None:
    walk.see("СНИЛС и гражданство ребёнка")
    walk.fill("СНИЛС ребёнка", child["snils"])
    walk.fill("Адрес, где живёт ребёнок (необязательно)", ADDRESS)
    walk.press("Продолжить")


def tell_certificate(walk: Walk, child: Record) -> None:
    paper = child["certificate"]
    walk.see("Свидетельство о рождении")
    walk.choose("Российское")
    walk.fill("Серия", paper["series"])
    walk.fill("Номер", paper["number"])
    walk.fill("Кем выдано", paper["issued_by"])
    walk.date("Дата выдачи", *day_month_year(paper["issued_on"]))
    walk.press("Продолжить")


def fill_card(walk: Walk, child: Record, relation: str) -> None:
    """From «Семья и дети» to «Проверьте и отправьте»."""
    walk.see("Семья и дети")
    walk.follow("Добавить ребёнка")
    walk.press("Начать")
    walk.see("Кого вы добавляете?")
    tell_child(walk, child, relation)
    tell_snils(walk, child)
    tell_certificate(walk, child)
    walk.see("Проверьте и отправьте")


def make_account(walk: Walk, child: Record, *, guide: str = "") -> None:
    """The dialog «Создание учетной записи ребенка» from its button to its end; `guide` takes the pictures."""
    step = partial(walk.step, guide) if guide else lambda _key: None
    walk.follow("Создать учетную запись ребенка на Госуслуги", first=True)
    walk.see("Создание учетной записи ребенка")
    walk.fill("Почта ребёнка", child["email"])
    walk.press("Продолжить")
    walk.see("Введите код из письма")
    step("email")
    walk.fill("Код", walk.code_for(child["email"]))
    walk.press("Продолжить")
    walk.see("Придумайте пароль для ребёнка")
    step("password")
    walk.fill("Пароль ребёнка", CHILDS_PASSWORD)
    walk.press("Создать учетную запись")
    walk.see(f"{child['given_name']} {child['family_name']}")
    walk.read("Учётная запись есть")


def day_month_year(day: str) -> tuple[int, int, int]:
    """Of an ISO date."""
    year, month, number = (int(part) for part in day.split("-"))
    return number, month, year


def come_to_portal(walk: Walk, portal: str, citizen: Record, profile: str) -> None:
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
