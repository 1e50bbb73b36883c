"""How a card stands while the child's СНИЛС is looked at, and what to do when it was not confirmed.

A number that nobody has and a number that is somebody else's read the same here.
"""

from datetime import datetime

from myschool.gosuslugi.checks.model import CheckState, RegistryCheck
from myschool.gosuslugi.family.model import Guardianship
from myschool.gosuslugi.family.pages.common import FIELDS
from myschool.gosuslugi.family.pages.standing_words import Act, Standing, day, moment
from myschool.gosuslugi.family.questions import snils_field
from myschool.papers.matching import Field

FUND = "Социальный фонд"
NUMBER_TOO = " СНИЛС тоже не подтвердился: сверьте и его."
_WAITING = {
    CheckState.UNAVAILABLE: (
        "Реестр СНИЛС пока недоступен",
        "wait",
        "ЗАГС подтвердил свидетельство. Социальный фонд сейчас не отвечает; мы пробуем снова сами.",
        "Как только Социальный фонд ответит, проверка закончится. Делать ничего не нужно",
        "Мы",
    ),
    CheckState.OVERDUE: (
        "Ответ о СНИЛС задерживается",
        "bad",
        "Свидетельство в порядке, а Социальный фонд в срок не ответил. Можно не ждать: покажите документы в центре.",
        "Ждём ответ. Если его не будет, проверка закончится и вы сможете отправить данные снова",
        FUND,
    ),
}
_CHECKING = (
    "Проверяем СНИЛС",
    "wait",
    "ЗАГС подтвердил свидетельство. Осталось проверить СНИЛС ребёнка: обычно это несколько минут.",
    "Когда СНИЛС подтвердится, здесь появится окно «Создание учетной записи ребенка»",
    FUND,
)


def checking(row: Guardianship, check: RegistryCheck | None, now: datetime) -> Standing:
    tag, kind, text, following, who = _WAITING.get(check.state, _CHECKING) if check is not None else _CHECKING
    until = check.waiting.until if check is not None and check.waiting is not None else None
    since = check.sent_at if check is not None and check.sent_at is not None else row.since
    second_way = Act("Способ №2", f"/family/{row.id}/second-way", kind="secondary")
    return Standing(tag, kind, text, moment(since, now), day(until, now), following, who, [second_way])


def denied(row: Guardianship, check: RegistryCheck | None, now: datetime) -> Standing:
    return Standing(
        "СНИЛС не подтвердился",
        "bad",
        f"{advice(check)} Что записано в реестре, нам не сообщают.",
        moment(row.since, now),
        f"{day(row.due_at, now)}, потом карточка закроется",
        "Исправьте данные и отправьте снова",
        "Вы",
        [
            Act("Исправить и отправить снова", f"/family/{row.id}/correct", posts=True),
            Act("Способ №2", f"/family/{row.id}/second-way", kind="secondary"),
        ],
        differing=[FIELDS[snils_field(check)]],
    )


def expired(row: Guardianship, now: datetime) -> Standing:
    return Standing(
        "Нет ответа о СНИЛС",
        "bad",
        "Мы ждали ответа Социального фонда 30 дней. Отправьте данные ещё раз или покажите документы в центре "
        "обслуживания.",
        moment(row.since, now),
        f"{day(row.due_at, now)}, потом карточка закроется",
        "Отправьте данные снова или выберите «Способ №2»",
        "Вы",
        [
            Act("Отправить ещё раз", f"/family/{row.id}/send-again", posts=True),
            Act("Способ №2", f"/family/{row.id}/second-way", kind="secondary"),
        ],
    )


def advice(check: RegistryCheck | None) -> str:
    field = snils_field(check)
    if field is Field.SNILS:
        return (
            "СНИЛС с таким номером, именем и датой рождения не нашли. Сверьте номер с карточкой СНИЛС "
            "или с личным кабинетом мамы на Госуслугах."
        )
    return f"По этому СНИЛС не совпало одно: {FIELDS[field]}. Сверьте с документом, где записан СНИЛС."
