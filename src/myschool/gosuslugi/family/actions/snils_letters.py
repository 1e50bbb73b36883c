"""Letters about the child's СНИЛС. What the register holds, and whether the number is anybody's, they do not tell."""

from datetime import datetime

from myschool.gosuslugi.family.actions.letters import day, who
from myschool.gosuslugi.family.model import Guardianship


def awaited(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Проверяем СНИЛС ребёнка",
        (
            f"свидетельство в порядке, осталось проверить СНИЛС: {who(card)}.\n"
            f"Социальный фонд ответит не позднее {day(until)}. Мы напишем, когда придёт ответ."
        ),
    )


def denied(card: Guardianship) -> tuple[str, str]:
    return (
        "СНИЛС ребёнка не подтвердился",
        (
            f"Социальный фонд не подтвердил СНИЛС с этими данными ({who(card)}). Обычно это опечатка.\n"
            "Откройте «Семья и дети»: там сказано, что сверить. Исправьте и отправьте снова."
        ),
    )


def overdue(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Ответ о СНИЛС задерживается",
        (
            f"Социальный фонд ещё не ответил о СНИЛС ({who(card)}). Мы ждём ответ до {day(until)}.\n"
            "Ждать не обязательно: откройте «Семья и дети» и выберите «Способ №2»."
        ),
    )


def unavailable(card: Guardianship) -> tuple[str, str]:
    return (
        "Реестр СНИЛС пока недоступен",
        f"мы не можем связаться с Социальным фондом ({who(card)}). Пробуем снова сами, от вас ничего не нужно.",
    )


def expired(card: Guardianship) -> tuple[str, str]:
    return (
        "Социальный фонд не ответил за 30 дней",
        (
            f"ответа о СНИЛС не было 30 дней ({who(card)}), больше мы его не ждём.\n"
            "Откройте «Семья и дети»: отправьте данные ещё раз или выберите «Способ №2»."
        ),
    )
