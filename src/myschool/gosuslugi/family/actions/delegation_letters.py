"""Letters about a delegation: first names, the day, and what to do."""

from datetime import datetime

from myschool.gosuslugi.family.actions.letters import day, who
from myschool.gosuslugi.family.model import Guardianship


def invited(row: Guardianship, from_name: str, until: datetime) -> tuple[str, str]:
    return (
        "Вам доверяют представлять ребёнка",
        (
            f"{from_name} просит вас представлять ребёнка ({who(row)}) в сервисах.\n"
            f"Откройте «Семья и дети» и ответьте до {day(until)}. Не знаете, кто это, — откажитесь."
        ),
    )


def accepted(row: Guardianship, name: str) -> tuple[str, str]:
    return (
        "Доверенность принята",
        f"{name} теперь тоже представляет ребёнка ({who(row)}).\nОтозвать можно в любой момент: «Семья и дети».",
    )


def declined(row: Guardianship) -> tuple[str, str]:
    return (
        "Доверенность не приняли",
        f"тот, кого вы позвали представлять ребёнка ({who(row)}), отказался.\nПозвать можно снова: «Семья и дети».",
    )
