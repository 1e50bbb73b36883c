"""«Временная учётная запись»: what a child reads whose birth certificate is being checked, and until when.

Until when is told at each sign-in and kept in the session; a provider that does not tell it loses the date only.
"""

from datetime import date

from myschool.kit.web.errors import HOME, Refusal, Way
from myschool.kit.web.visit import Visit
from myschool.papers.dates import worded_day
from myschool.portal.people.model import Level, ToldPerson

KEY = "awaits"
"""Set while the account is provisional: the last day, or an empty text where it is not known."""
PLATFORMS = Way("/platforms", "Посмотреть платформы")
HELP = Way("/help", "Помощь")


def remember(visit: Visit, told: ToldPerson) -> None:
    if told.level is Level.PROVISIONAL:
        visit.session.put(KEY, told.awaits_until.isoformat() if told.awaits_until else "")
    else:
        visit.session.pop(KEY)


def is_awaiting(visit: Visit) -> bool:
    return visit.session.get(KEY) is not None


def until(visit: Visit) -> str:
    """«25 декабря», or nothing."""
    kept = visit.session.get(KEY)
    return worded_day(date.fromisoformat(kept)) if kept else ""


def closed(visit: Visit) -> Refusal:
    """Instead of profile, school, consents, requests and launches."""
    day = until(visit)
    term = f" Временная учётная запись действует до {day}." if day else ""
    return Refusal(
        "Откроется после подтверждения",
        "Вы вошли по временной учётной записи: свидетельство о рождении ещё проверяют. Профиль, школа и платформы "
        f"откроются, когда его подтвердят.{term} Что сделать: попросите родителя открыть на Госуслугах раздел "
        "«Семья и дети», там видно, чего ждём. Если уже подтвердили, войдите ещё раз с главной страницы.",
        status=403,
        ways=(HOME, PLATFORMS, HELP),
    )
