"""How a card of a pupil stands who answers for the account himself: in words."""

from datetime import datetime

from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.agreement_model import Agreement, AgreementState
from myschool.gosuslugi.family.pages.standing_words import Act, Standing, day, moment

ATTACHED = (
    "Ребёнок разрешил привязку: вы видите его данные и получаете уведомления. "
    "Пароль и контакты меняет он сам и может отозвать согласие."
)
LINES = {
    "agreement_asked": "Спросили согласия у ребёнка",
    "agreement_agreed": "Ребёнок разрешил привязку",
    "agreement_refused": "Ребёнок не разрешил привязку",
    "agreement_expired": "Ребёнок не ответил",
    "agreement_withdrawn": "Ребёнок отозвал согласие",
}


def awaiting(entry: Entry, now: datetime) -> Standing:
    """Confirmed, and nothing attached."""
    row, one = entry.guardianship, entry.agreement
    if one is None:
        return Standing(
            "Ждём учётную запись ребёнка",
            "wait",
            "Свидетельство подтверждено. Своей учётной записи у ребёнка пока нет: он создаёт её сам, по паспорту.",
            moment(row.since, now),
            "Срока нет: карточка сохранится",
            "Когда ребёнок подтвердит паспорт, мы спросим его согласия и напишем вам",
            "Ребёнок",
            [Act("Как ребёнку зарегистрироваться", "/help", kind="secondary")],
        )
    if one.state is AgreementState.ASKED:
        return Standing(
            "Ждём согласия ребёнка",
            "wait",
            "Свидетельство подтверждено, учётная запись у ребёнка есть. Мы спросили, можно ли её привязать.",
            moment(one.since, now),
            day(one.due_at, now),
            "Ребёнок ответит в своём разделе «Семья и дети». Не ответит — вы сможете спросить ещё раз",
            "Ребёнок",
        )
    return _no(entry, one, now)


def _no(entry: Entry, one: Agreement, now: datetime) -> Standing:
    tag, text = {
        AgreementState.REFUSED: ("Ребёнок не разрешил", "Ребёнок не разрешил привязку. Решает он сам."),
        AgreementState.WITHDRAWN: ("Согласие отозвано", "Ребёнок отозвал согласие. Привязки больше нет."),
    }.get(one.state, ("Ребёнок не ответил", "Ответа не было 14 дней. Можно спросить ещё раз."))
    again = Act("Спросить ещё раз", f"/family/{entry.guardianship.id}/ask-pupil", posts=True)
    if now >= one.may_be_asked_at:
        return Standing(
            tag, "off", text, moment(one.since, now), "Срока нет", "Спросите ещё раз, если нужно", "Вы", [again]
        )
    later = f"Поговорите дома. Спросить ещё раз можно: {moment(one.may_be_asked_at, now)}"
    return Standing(tag, "off", text, moment(one.since, now), "Срока нет", later, "Вы")
