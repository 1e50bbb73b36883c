"""What happens at 14 and at 18, on the card of a child: the day, whose turn it is, and what goes on until then."""

from dataclasses import dataclass
from datetime import datetime

from myschool.gosuslugi.family.model import READING, Guardianship, GuardianshipState
from myschool.gosuslugi.people.model import ADULT_AT, PASSPORT_AT, PASSPORT_WITHIN
from myschool.papers.dates import birthday_number, worded_date, worded_zone


@dataclass(frozen=True)
class Ahead:
    """A birthday to come, or a passport that is waited for."""

    day: str
    words: str
    who: str


def in_own_hands(row: Guardianship) -> bool:
    """The pupil has taken the account over with a passport; the adult reads."""
    return row.attached_at is not None and row.delegated_from is None and row.rights <= READING


def growing_up(row: Guardianship, now: datetime) -> list[Ahead]:
    """The nearest first. Empty unless the adult represents the child at this moment."""
    if row.state is not GuardianshipState.ACTIVE or not row.in_force(now):
        return []
    card, zone = row.card, worded_zone(row.card.zone, now)
    fourteen = birthday_number(card.birth_date, PASSPORT_AT)
    of_age = Ahead(
        worded_date(birthday_number(card.birth_date, ADULT_AT)),
        "Исполнится 18 лет. Ваши права закончатся сами, учётная запись и история останутся у ребёнка.",
        "Делать ничего не нужно",
    )
    if in_own_hands(row):
        return [of_age]
    if card.day_at(now) < fourteen:
        words = (
            f"Исполнится 14 лет (день начнётся по времени, где живёт ребёнок: {zone}). Когда ребёнок получит паспорт и "
            "введёт его, учётная запись станет его собственной, со школой и заявками. До этого всё работает как раньше."
        )
        return [Ahead(worded_date(fourteen), words, "Ребёнок: вводит паспорт. Мы напомним за 60 и за 14 дней"), of_age]
    words = (
        "До этого дня нужно получить паспорт. Ребёнок введёт его, войдя в свою учётную запись: «Данные и документы». "
        "Пока паспорта нет, всё работает как раньше; не успеете к сроку — ввести его можно и потом."
    )
    return [Ahead(worded_date(fourteen + PASSPORT_WITHIN), words, "Ребёнок: вводит паспорт"), of_age]
