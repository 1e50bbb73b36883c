"""Letters about a pupil's agreement, to the pupil and to the parent."""

from datetime import datetime

from myschool.gosuslugi.family.actions.letters import day, who
from myschool.gosuslugi.family.model import Guardianship


def question(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Взрослый просит привязать вашу учётную запись",
        (
            "взрослый из вашей семьи просит привязать вашу учётную запись к своей. Так можно будет видеть ваши данные "
            "и получать уведомления, но не входить за вас и ничего не менять.\n"
            f"Решаете вы: откройте «Семья и дети» и ответьте до {day(until)}. Если не ответить, ничего не изменится."
        ),
    )


def reminder(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Ответьте на просьбу о привязке",
        f"взрослый из вашей семьи ждёт ответа до {day(until)}: откройте «Семья и дети». Можно и отказать.",
    )


def agreed(card: Guardianship) -> tuple[str, str]:
    return (
        "Ребёнок разрешил привязку",
        f"{who(card)}: учётная запись привязана к вашей. Вы видите данные и получаете уведомления, менять их нельзя.",
    )


def refused(card: Guardianship) -> tuple[str, str]:
    return (
        "Ребёнок не разрешил привязку",
        f"{who(card)}: на просьбу о привязке пришёл отказ. Поговорите дома. Спросить снова можно через 30 дней.",
    )


def expired(card: Guardianship) -> tuple[str, str]:
    return (
        "Ребёнок не ответил",
        f"{who(card)}: ответа о привязке не было 14 дней. Спросите ещё раз в разделе «Семья и дети».",
    )


def withdrawn(card: Guardianship) -> tuple[str, str]:
    return (
        "Ребёнок отозвал согласие",
        f"{who(card)}: учётная запись больше не привязана к вашей. Спросить снова можно через 30 дней.",
    )


def confirmed(card: Guardianship) -> tuple[str, str]:
    """The same whether the pupil has an account or not yet: the cabinet says more."""
    return (
        "ЗАГС подтвердил свидетельство",
        (
            f"свидетельство подтверждено: {who(card)}. Учётной записью ребёнок распоряжается сам, "
            "поэтому привяжем её, когда он разрешит.\nЧто сейчас, видно в разделе «Семья и дети»."
        ),
    )


def approved(card: Guardianship) -> tuple[str, str]:
    """After a clerk's yes; the same with and without an account."""
    return (
        "Документы приняты",
        (
            f"сотрудник центра обслуживания проверил документы: {who(card)}. "
            "Учётной записью ребёнок распоряжается сам, поэтому привяжем её, когда он разрешит.\n"
            "Что сейчас, видно в разделе «Семья и дети»."
        ),
    )
