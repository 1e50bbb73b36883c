"""What kinds, states and reasons are called on the operator's pages."""

KINDS = {"birth_certificate": "Свидетельство о рождении", "passport": "Паспорт", "snils": "СНИЛС"}
CHECK_STATES = {
    "draft": "не отправлена",
    "sent": "отправлена",
    "checking": "проверяется",
    "unavailable": "реестр недоступен",
    "overdue": "срок прошёл",
    "confirmed": "подтверждена",
    "contradicted": "данные расходятся",
    "not_found": "не найдена",
    "expired": "ответа не было",
    "superseded": "заменена новой",
}
REASONS = CHECK_STATES | {
    "family_name": "фамилия",
    "given_name": "имя",
    "patronymic": "отчество",
    "birth_date": "дата рождения",
    "sex": "пол",
    "snils": "СНИЛС",
    "issued_on": "дата выдачи",
    "issued_by": "кем выдано",
    "department_code": "код подразделения",
    "act_number": "номер записи акта",
    "act_date": "дата записи акта",
    "parent_family_name": "фамилия родителя",
    "parent_given_name": "имя родителя",
    "parent_patronymic": "отчество родителя",
}
GUARDIANSHIPS = {
    "claimed": "заявлено",
    "checking": "проверяется",
    "mismatch": "данные не совпали",
    "review": "ждёт сотрудника",
    "active": "действует",
    "refused": "отказано",
    "suspended": "приостановлено",
    "ended": "закончилось",
}
WORK = {
    "kit.letter": "Письмо или СМС",
    "checks.sending": "Вопрос реестру",
    "checks.polling": "Запрос ответа у реестра",
    "checks.once_more": "Вопрос реестру вне очереди",
    "checks.deadline": "Срок проверки",
    "checks.decided": "Решение проверки",
    "checks.moved": "Новое состояние проверки",
    "family.guardianship_due": "Срок представительства",
    "family.delegation_due": "Срок доверенности",
    "centre.proposal_due": "Срок второго сотрудника",
    "operating.numbers_due": "Подсчёт для этой страницы",
}
ITEM_STATES = {"waiting": "ждёт", "dead": "не удалось"}
AGES = {"day": "до суток", "week": "от 1 до 7 дней", "month": "от 7 до 30 дней", "older": "больше 30 дней"}


def lasting(seconds: float) -> str:
    """«40 с», «12 мин», «5 ч», «9 дн.»: the largest unit that fits."""
    for size, unit in ((86400, "дн."), (3600, "ч"), (60, "мин")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} с"
