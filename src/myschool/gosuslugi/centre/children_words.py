"""What the clerk's screens about a child call things."""

from myschool.gosuslugi.centre.children_model import Point
from myschool.gosuslugi.centre.proposal_model import Matter
from myschool.gosuslugi.checks.model import CheckState
from myschool.gosuslugi.family.model import CITIZENSHIPS, Card, GuardianshipState, RefusalReason, Relation
from myschool.gosuslugi.family.papers_model import Paper
from myschool.papers.dates import worded_date

RELATIONS = {
    Relation.MOTHER: "мать",
    Relation.FATHER: "отец",
    Relation.ADOPTER: "усыновитель",
    Relation.GUARDIAN: "опекун",
    Relation.TRUSTEE: "попечитель",
    Relation.FOSTER: "приёмный родитель",
    Relation.DELEGATE: "доверенное лицо",
}
PAPERS = {
    Paper.APPLICANT_PASSPORT: "Паспорт заявителя",
    Paper.BIRTH_CERTIFICATE: "Свидетельство о рождении",
    Paper.CHILD_SNILS: "СНИЛС ребёнка",
    Paper.GUARDIANSHIP_ORDER: "Документ органа опеки",
    Paper.ADOPTION_DECISION: "Документ об усыновлении",
    Paper.COURT_DECISION: "Решение суда",
    Paper.DEATH_CERTIFICATE: "Свидетельство о смерти",
    Paper.REQUEST: "Заявление",
}
POINTS = {
    Point.PASSPORT: "Паспорт заявителя",
    Point.FACE: "Фото в паспорте",
    Point.FAMILY_NAME: "Фамилия ребёнка",
    Point.GIVEN_NAME: "Имя ребёнка",
    Point.PATRONYMIC: "Отчество ребёнка",
    Point.BIRTH_DATE: "Дата рождения",
    Point.CERTIFICATE: "Свидетельство",
    Point.ISSUED_ON: "Дата выдачи свидетельства",
    Point.SNILS: "СНИЛС ребёнка",
}
REFUSALS = {
    RefusalReason.PAPERS_DIFFER: "Документы не совпадают с карточкой",
    RefusalReason.PAPERS_MISSING: "Не хватает документов",
    RefusalReason.NOT_REPRESENTATIVE: "Документы не подтверждают, что заявитель представляет ребёнка",
    RefusalReason.OTHER: "Другая причина",
}
STATES = {
    GuardianshipState.CLAIMED: "подано",
    GuardianshipState.CHECKING: "проверяет ЗАГС",
    GuardianshipState.MISMATCH: "данные не подтверждены",
    GuardianshipState.REVIEW: "ждёт документов",
    GuardianshipState.ACTIVE: "действует",
    GuardianshipState.REFUSED: "отказано",
    GuardianshipState.SUSPENDED: "приостановлено",
    GuardianshipState.ENDED: "закрыто",
}
CHECKS = {
    CheckState.DRAFT: "Запрос ещё не отправлен",
    CheckState.SENT: "Запрос отправлен, ответа нет",
    CheckState.CHECKING: "Проверяет, ответа нет",
    CheckState.UNAVAILABLE: "Реестр недоступен",
    CheckState.OVERDUE: "Не ответил в срок",
    CheckState.CONFIRMED: "Подтвердил свидетельство",
    CheckState.CONTRADICTED: "Часть данных не совпала",
    CheckState.NOT_FOUND: "Не нашёл свидетельство",
    CheckState.EXPIRED: "Не ответил за 30 дней",
    CheckState.SUPERSEDED: "Запрос снят: решение принимает центр",
}
MATTERS = {
    Matter.PAPERS: "Заявитель представляет ребёнка",
    Matter.COURT_SUSPENDS: "Приостановить права по решению суда",
    Matter.COURT_RESTORES: "Вернуть права по решению суда",
    Matter.COURT_ENDS: "Прекратить права по решению суда",
    Matter.ORDER_REVOKED: "Отменён акт органа опеки",
    Matter.GUARDIAN_DIED: "Представитель умер",
    Matter.CHILD_DIED: "Ребёнок умер",
    Matter.ADOPTED: "Усыновление: прекратить права прежних родителей",
    Matter.DISPUTE: "Спор родителей: заморозить права до решения суда",
    Matter.AGREED: "Взрослые договорились: вернуть права всем, кого остановил спор",
    Matter.LET_IN: "Открыть вход ребёнку: он здесь, свою почту читает только он",
    Matter.PROTECT: "Скрыть семью: включить защиту",
    Matter.UNPROTECT: "Снять защиту",
}


def child_rows(card: Card) -> list[tuple[str, str]]:
    return [
        ("Фамилия, имя, отчество", card.name.formal),
        ("Дата рождения", worded_date(card.birth_date)),
        ("Пол", "женский" if card.sex == "F" else "мужской"),
        ("СНИЛС", card.snils.formatted()),
        ("Гражданство", CITIZENSHIPS.get(card.citizenship, card.citizenship)),
    ]


def certificate_rows(card: Card) -> list[tuple[str, str]]:
    return [
        ("Серия и номер", card.certificate.formatted()),
        ("Кем выдано", card.issued_by),
        ("Дата выдачи", worded_date(card.issued_on)),
        ("Номер записи акта", card.act_number or ""),
        ("Дата записи акта", worded_date(card.act_date) if card.act_date else ""),
    ]
