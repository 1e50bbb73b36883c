"""What clerks of a service centre do: open an application, copy the papers, propose, confirm as the second one."""

from tests.journeys.people import Record, day_month_year
from tests.journeys.walk import Walk

ORDER_ISSUED = (12, 3, 2026)


def open_application(walk: Walk, gosuslugi: str, number: str) -> None:
    """By the number that the applicant names."""
    walk.go(f"{gosuslugi}/centre")
    walk.see("Рабочее место")
    walk.fill("Номер заявления", number)
    walk.press("Открыть заявление")


def copy_papers(walk: Walk, adult: Record, child: Record) -> None:
    """Passport, certificate and СНИЛС as they lie on the desk."""
    walk.fill("Серия и номер паспорта", adult["passport"]["series"] + adult["passport"]["number"])
    walk.date("Дата выдачи паспорта", *day_month_year(adult["passport"]["issued_on"]))
    walk.fill("Кем выдан паспорт", "ОВД города Песочного")
    walk.tick("Человек похож на фото")
    walk.fill("Фамилия ребёнка", child["family_name"])
    walk.fill("Имя ребёнка", child["given_name"])
    walk.fill("Отчество ребёнка", child["patronymic"] or "")
    walk.date("Дата рождения ребёнка", *day_month_year(child["birth_date"]))
    walk.fill("Серия", child["certificate"]["series"])
    walk.fill("Номер", child["certificate"]["number"])
    walk.date("Дата выдачи свидетельства", *day_month_year(child["certificate"]["issued_on"]))
    walk.fill("Кем выдано свидетельство", child["certificate"]["issued_by"])
    walk.fill("Номер СНИЛС", child["snils"])


def tell_order(walk: Walk, number: str, issued_by: str) -> None:
    """The paper of a court or a guardianship body."""
    walk.fill("Номер документа", number)
    walk.date("Дата документа", *ORDER_ISSUED)
    walk.fill("Кто выдал", issued_by)


def propose_change(walk: Walk, gosuslugi: str, number: str, matter: str, *, picture: str = "") -> None:
    """«Изменить представительство», by the first clerk."""
    open_application(walk, gosuslugi, number)
    walk.follow("Изменить представительство")
    walk.see("Изменить представительство")
    walk.page.get_by_role("radio", name=matter).check()
    tell_order(walk, "2-114/2026", "Песочницкий районный суд")
    if picture:
        walk.picture(picture)
    walk.press("Передать второму сотруднику")
    walk.read("Второй сотрудник подтвердит или вернёт")


def confirm_second(walk: Walk, gosuslugi: str, number: str, *, picture: str = "") -> None:
    """The second clerk finds it in the list, looks at the papers and agrees."""
    walk.go(f"{gosuslugi}/centre")
    walk.see("Рабочее место")
    walk.page.locator("main").get_by_role("link", name="Посмотреть и решить").click()
    walk.see("Ждут второго сотрудника")
    if picture:
        walk.picture(f"{picture}-list")
    walk.page.get_by_role("link", name=f"Посмотреть и решить — заявление {number}").click()
    walk.see(number)
    if picture:
        walk.picture(picture)
    walk.tick("Я сам сверил документы или их копии")
    walk.press("Подтвердить")
    walk.read("Решение принято")
