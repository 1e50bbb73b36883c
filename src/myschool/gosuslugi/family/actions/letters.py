"""Letters to a parent: first names only, never a number of a paper, and always what to do next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from myschool.gosuslugi.family.model import Guardianship, RefusalReason
from myschool.gosuslugi.family.provisional_model import Outcome
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind, ContactValue, Person, kind_of
from myschool.kit.db import Tx
from myschool.kit.letters import Letter, Message, Sms, send
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW, worded_day

REFUSALS = {
    RefusalReason.PAPERS_DIFFER: "Документы не совпали с карточкой.",
    RefusalReason.PAPERS_MISSING: "Не хватило документов.",
    RefusalReason.NOT_REPRESENTATIVE: "Документы не подтверждают, что вы представляете ребёнка.",
    RefusalReason.OTHER: "Причину сотрудник назвал вам на приёме.",
}
FOOT = "\n\nЭто учебная песочница, не портал Госуслуг."


async def write(tx: Tx, vault: Vault, to: UUID, subject: str, text: str, *, key: str | None = None) -> None:
    """To the mailbox; to the telephone of who has none. `key` keeps the same letter from going twice."""
    contacts = [one.value for one in await people.contacts_of(tx, vault, to) if one.value is not None]
    person = await people.by_id(tx, vault, to)
    await write_to(tx, vault, person, contacts, subject, text, key=key)


async def write_to(
    tx: Tx,
    vault: Vault,
    person: Person,
    contacts: Sequence[ContactValue],
    subject: str,
    text: str,
    *,
    key: str | None = None,
) -> bool:
    """As `write`, of a person whose contacts are known. False where there is none, or the letter went before."""
    message = addressed(person, contacts, subject, text)
    return message is not None and await send(tx, vault, message, key=key)


def addressed(person: Person, contacts: Sequence[ContactValue], subject: str, text: str) -> Message | None:
    """To the mailbox; to the telephone of who has none. None for who has neither."""
    reached = {kind_of(one): one for one in contacts}
    greeted = f"{person.name.given_name}, {text}"
    if mailbox := reached.get(ContactKind.EMAIL):
        return Letter(mailbox.formatted(), subject, greeted + FOOT)
    if mobile := reached.get(ContactKind.MOBILE):
        return Sms(mobile.formatted().replace(" ", "").replace("-", ""), greeted)
    return None


def sent(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Проверяем свидетельство о рождении",
        (
            f"мы отправили в ЗАГС свидетельство о рождении, а в Социальный фонд — СНИЛС: {who(card)}.\n"
            f"Обычно ответ приходит за 1–5 дней, не позднее {day(until)}. Мы напишем, когда он придёт."
        ),
    )


def confirmed(card: Guardianship, has_account: bool) -> tuple[str, str]:
    if has_account:
        return (
            "ЗАГС подтвердил свидетельство",
            (
                f"свидетельство подтверждено: {who(card)}. Учётная запись ребёнка уже есть.\n"
                "Откройте «Семья и дети» и нажмите «Привязать»."
            ),
        )
    return (
        "ЗАГС подтвердил свидетельство",
        f"свидетельство подтверждено: {who(card)}.\nТеперь создайте учётную запись ребёнка: откройте «Семья и дети».",
    )


def contradicted(card: Guardianship) -> tuple[str, str]:
    return (
        "Данные не совпали с записью ЗАГС",
        (
            f"ЗАГС ответил: часть данных не совпадает с записью о рождении ({who(card)}).\n"
            "Откройте «Семья и дети»: там сказано, что не совпало. Исправьте и отправьте снова."
        ),
    )


def not_found(card: Guardianship) -> tuple[str, str]:
    return (
        "ЗАГС не нашёл свидетельство",
        (
            f"ЗАГС не нашёл свидетельство с таким номером ({who(card)}). Так бывает, если в номере ошибка, "
            "свидетельство старое или выдано в другой стране.\n"
            "Откройте «Семья и дети» и выберите «Способ №2»: покажем, что сделать."
        ),
    )


def overdue(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "ЗАГС отвечает дольше обычного",
        (
            f"ответа о свидетельстве ещё нет ({who(card)}). Мы ждём его до {day(until)}.\n"
            "Ждать не обязательно: откройте «Семья и дети» и выберите «Способ №2»."
        ),
    )


def unavailable(card: Guardianship) -> tuple[str, str]:
    return (
        "ЗАГС пока недоступен",
        f"мы не можем связаться с ЗАГС ({who(card)}). Пробуем снова сами, от вас ничего не нужно.",
    )


def expired(card: Guardianship) -> tuple[str, str]:
    return (
        "ЗАГС не ответил за 30 дней",
        (
            f"ответа о свидетельстве не было 30 дней ({who(card)}), больше мы его не ждём.\n"
            "Откройте «Семья и дети»: отправьте данные ещё раз или выберите «Способ №2»."
        ),
    )


def to_clerk(card: Guardianship) -> tuple[str, str]:
    return (
        "Нужно прийти в центр обслуживания",
        (
            f"чтобы добавить ребёнка ({who(card)}), покажите документы в центре обслуживания.\n"
            f"Номер заявления: {card.number}. Список документов — в разделе «Семья и дети»."
        ),
    )


def approved(card: Guardianship, has_account: bool) -> tuple[str, str]:
    way_on = "Нажмите «Привязать»" if has_account else "Создайте учётную запись ребёнка"
    return (
        "Документы проверены",
        (
            f"сотрудник центра обслуживания проверил документы: {who(card)} теперь в вашей семье.\n"
            f"{way_on} в разделе «Семья и дети»."
        ),
    )


def second_look(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Документы приняты, нужен второй сотрудник",
        (
            f"сотрудник центра обслуживания сверил документы ({who(card)}). Решение подтверждает второй сотрудник — "
            f"не позднее {day(until)}.\nПриходить ещё раз не нужно, мы напишем вам."
        ),
    )


def second_look_returned(card: Guardianship) -> tuple[str, str]:
    return (
        "Документы нужно показать ещё раз",
        (
            f"второй сотрудник центра обслуживания не подтвердил решение ({who(card)}).\n"
            f"Придите с документами ещё раз, заявление {card.number} открыто. Если в карточке ошибка, исправьте её "
            "в разделе «Семья и дети»."
        ),
    )


def second_look_lapsed(card: Guardianship) -> tuple[str, str]:
    return (
        "Второй сотрудник не успел",
        (
            f"второй сотрудник не посмотрел документы в срок ({who(card)}). Простите нас.\n"
            f"Придите с документами в любой центр обслуживания: заявление {card.number} открыто, его примут сразу."
        ),
    )


def refused(card: Guardianship) -> tuple[str, str]:
    return (
        "Центр обслуживания отказал",
        (
            f"по документам не удалось подтвердить, что вы представляете ребёнка ({who(card)}). "
            f"{REFUSALS[card.refusal or RefusalReason.OTHER]}\n"
            "Это не навсегда: исправьте карточку в разделе «Семья и дети» и придите снова, с другими документами. "
            "Заполнять всё заново не нужно."
        ),
    )


def account_made(card: Guardianship) -> tuple[str, str]:
    return (
        "Учётная запись ребёнка создана",
        (
            f"учётная запись создана и привязана к вашей: {who(card)}.\n"
            "Теперь ребёнок может войти в «Мою школу» по своей почте или СНИЛС и паролю."
        ),
    )


def account_made_at_desk(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Учётная запись ребёнка создана",
        (
            f"сотрудник центра обслуживания создал учётную запись и привязал её к вашей: {who(card)}.\n"
            f"Логин и первый пароль — на листке. Ребёнок входит с ними до {day(until)} и придумывает свой пароль; "
            "код для входа придёт вам.\n"
            "Вас не было в центре? Войдите на Госуслуги, откройте «Семья и дети» и задайте ребёнку новый пароль."
        ),
    )


def handed_again(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Новый листок с паролем ребёнка",
        (
            f"сотрудник центра обслуживания напечатал новый листок с первым паролем: {who(card)}.\n"
            f"Прежний пароль больше не подходит. Войти с новым нужно до {day(until)}; код для входа придёт вам.\n"
            "Вас не было в центре? Войдите на Госуслуги, откройте «Семья и дети» и задайте ребёнку новый пароль."
        ),
    )


def attached(card: Guardianship) -> tuple[str, str]:
    return (
        "Учётная запись ребёнка привязана",
        f"учётная запись ребёнка привязана к вашей: {who(card)}.\nОна одна на всю семью, новую мы не создавали.",
    )


_TOUCHED = {
    "password_changed": ("Пароль ребёнка изменён", "сменили пароль учётной записи ребёнка"),
    "session_ended": ("Сеансы ребёнка завершены", "завершили сеанс в учётной записи ребёнка"),
    "email_changed": ("Почта ребёнка изменена", "заменили почту в учётной записи ребёнка"),
    "phone_changed": ("Телефон ребёнка изменён", "подтвердили телефон в учётной записи ребёнка"),
    "deletion_asked": ("Учётную запись ребёнка хотят удалить", "назначили удаление учётной записи ребёнка"),
    "deletion_cancelled": ("Удаление отменено", "отменили удаление учётной записи ребёнка"),
}
_WAY_ON = {
    "password_changed": "На всех устройствах ребёнку нужно войти заново, с новым паролем.",
    "deletion_asked": "Её удалят через 7 дней. До этого удаление можно отменить: откройте «Семья и дети».",
    "deletion_cancelled": "Учётная запись работает, как раньше.",
}
_OF_ITSELF = {
    "deletion_stopped": (
        "Удаление отменено",
        "учётную запись ребёнка не удалили: тот, кто об этом попросил, больше не может это решать",
    ),
    "account_deleted": (
        "Учётная запись ребёнка удалена",
        "учётная запись ребёнка удалена. Создать новую можно в разделе «Семья и дети»",
    ),
}


def account_touched(card: Guardianship, reason: str, *, by_reader: bool) -> tuple[str, str]:
    """Something was done to the child's account. Of another adult: that it was one of the family, and not which."""
    if reason in _OF_ITSELF:
        subject, words = _OF_ITSELF[reason]
        return subject, f"{words} ({who(card)})."
    subject, words = _TOUCHED[reason]
    said = f"вы {words} ({who(card)})." if by_reader else f"в вашей семье {words} ({who(card)}). Это сделали не вы."
    doubt = (
        "Если это были не вы, смените свой пароль." if by_reader else "Если это неожиданно, проверьте карточку ребёнка."
    )
    return subject, "\n".join(filter(None, [said, _WAY_ON.get(reason, ""), doubt]))


def provisional_opened(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Временная учётная запись ребёнка открыта",
        (
            f"ребёнок ({who(card)}) уже может войти в «Мою школу» и посмотреть платформы и помощь. Коды для входа "
            "придут вам.\nШкола и платформы откроются, когда свидетельство подтвердят: эта же учётная запись станет "
            f"постоянной. Если не подтвердят, она закроется не позднее {day(until)}. Мы напомним заранее."
        ),
    )


def became_real(card: Guardianship) -> tuple[str, str]:
    return (
        "Учётная запись ребёнка стала постоянной",
        (
            f"всё подтверждено: {who(card)}. Временная учётная запись стала постоянной и привязана к вашей.\n"
            "Почта и пароль прежние, создавать ничего не нужно. Чтобы открылись школа и платформы, "
            "войдите в «Мою школу» ещё раз."
        ),
    )


def provisional_ends_soon(card: Guardianship, until: datetime) -> tuple[str, str]:
    return (
        "Временная учётная запись скоро закроется",
        (
            f"данные ребёнка ({who(card)}) ещё не подтверждены. Временная учётная запись действует до {day(until)}.\n"
            "Чтобы сохранить её, откройте «Семья и дети»: исправьте данные, отправьте их снова "
            "или выберите «Способ №2»."
        ),
    )


_CLOSED = {
    Outcome.GAVE_WAY: "у ребёнка уже есть постоянная учётная запись, вторая не нужна. "
    "Откройте «Семья и дети» и нажмите «Привязать»",
    Outcome.REFUSED: "центр обслуживания отказал. Причина — в разделе «Семья и дети»",
    Outcome.ENDED: "карточка ребёнка закрыта. Если это ошибка, добавьте ребёнка снова",
    Outcome.EXPIRED: "данные не подтвердили за 30 дней после последней проверки. Карточка сохранена: "
    "откройте «Семья и дети», отправьте данные снова или выберите «Способ №2»",
}


def provisional_closed(card: Guardianship, outcome: Outcome) -> tuple[str, str]:
    return (
        "Временная учётная запись закрыта",
        f"войти по ней больше нельзя ({who(card)}): {_CLOSED[outcome]}.\nПочта ребёнка снова свободна.",
    )


def who(card: Guardianship) -> str:
    return card.card.given_name


def day(until: datetime) -> str:
    """The last day of a deadline: `until` is the first moment that no longer belongs to it."""
    return worded_day((until - timedelta(seconds=1)).astimezone(MOSCOW).date())
