"""Letters about birthdays, to the adults of a child and to the child. They name the day and what to do."""

from datetime import date

from myschool.gosuslugi.family.birthday_model import Milestone
from myschool.gosuslugi.family.model import Card
from myschool.gosuslugi.people.model import ADULT_AT, PASSPORT_AT, PASSPORT_WITHIN
from myschool.papers.dates import birthday_number, counted, worded_date, worded_day

Words = tuple[str, str]

NOTHING_BREAKS = "До этого всё работает как раньше, заявки и школа сохранятся."
READING = "После этого вы видите данные и заявки ребёнка до его 18 лет, а меняет их и подтверждает он сам."


def to_adult(milestone: Milestone, card: Card, today: date, *, has_account: bool) -> Words:
    name, day = card.given_name, birthday_number(card.birth_date, PASSPORT_AT)
    if milestone is not Milestone.FOURTEEN:
        return f"{name}: 14 лет {worded_day(day)}", _soon(name, day, today, has_account)
    until = worded_date(day + PASSPORT_WITHIN)
    if not has_account:
        return f"{name}: 14 лет", (
            f"{worded_date(day)} ребёнку исполнилось 14 лет ({name}). Паспорт нужно получить до {until}.\n"
            "С ним ребёнок сам создаст учётную запись: введёт паспорт и СНИЛС."
        )
    return f"{name}: 14 лет, пора передать учётную запись", (
        f"{worded_date(day)} ребёнку исполнилось 14 лет ({name}). Паспорт нужно получить до {until}.\n"
        "Когда паспорт будет на руках, пусть ребёнок войдёт и введёт его в разделе «Данные и документы». "
        f"Учётная запись останется той же и станет его собственной. {NOTHING_BREAKS}\n{READING}"
    )


def _soon(name: str, day: date, today: date, has_account: bool) -> str:
    left = counted((day - today).days, "день", "дня", "дней")
    begin = f"через {left}, {worded_day(day)}, ребёнку исполнится 14 лет ({name}). "
    if not has_account:
        return begin + "С этого дня можно получить паспорт и создать по нему учётную запись."
    return (
        f"{begin}С этого дня он может ввести свой паспорт, и учётная запись станет его собственной: "
        f"та же самая, со школой и заявками. {NOTHING_BREAKS}\n{READING}\n"
        "Что сделать сейчас: проверьте, что почта в учётной записи — его, и соберите документы на паспорт."
    )


def to_child(milestone: Milestone, card: Card, today: date) -> Words:
    day = birthday_number(card.birth_date, PASSPORT_AT)
    if milestone is Milestone.FOURTEEN:
        return "Тебе 14: учётная запись может стать твоей", (
            f"с {worded_date(day)} ты можешь ввести свой паспорт в разделе «Данные и документы».\n"
            "Учётная запись останется той же, школа и заявки сохранятся. Коды для входа будут приходить тебе.\n"
            f"Паспорт нужно получить до {worded_date(day + PASSPORT_WITHIN)}. Пока его нет, всё работает как раньше."
        )
    left = counted((day - today).days, "день", "дня", "дней")
    return f"Скоро 14: {worded_day(day)}", (
        f"через {left}, {worded_day(day)}, тебе исполнится 14 лет. С этого дня можно ввести свой паспорт, "
        "и учётная запись станет твоей собственной: со школой и заявками.\n"
        "Делать пока ничего не нужно. Проверь, что почта в учётной записи — твоя."
    )


def of_age(card: Card, *, handed_over: bool) -> Words:
    """To the pupil on the eighteenth birthday."""
    day = worded_date(birthday_number(card.birth_date, ADULT_AT))
    way_on = (
        "Делать ничего не нужно."
        if handed_over
        else "Смените пароль и введите паспорт в разделе «Данные и документы»: пока учётная запись детская."
    )
    return "Вам 18: вы решаете за себя сами", (
        f"{day} вам исполнилось 18 лет. Родители и опекуны больше не видят ваших данных и не действуют за вас.\n"
        f"Учётная запись, школа и история остались прежними. {way_on}"
    )


def handed_over_adult(card: Card) -> Words:
    until = worded_date(birthday_number(card.birth_date, ADULT_AT))
    return "Учётная запись теперь у ребёнка", (
        f"паспорт проверен, и учётная запись стала собственной ({card.given_name}). Школа и заявки сохранились.\n"
        f"До {until} вы видите данные и заявки и получаете письма. Менять пароль, подавать заявки и подтверждать вход "
        "теперь может только ребёнок."
    )
