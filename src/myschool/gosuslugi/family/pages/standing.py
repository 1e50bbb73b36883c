"""How a card stands, in words: since when, until when, what happens next, who acts, and what the person can do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from myschool.gosuslugi.checks.model import CheckState, RegistryCheck
from myschool.gosuslugi.family.actions.letters import REFUSALS
from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.model import (
    READING,
    EndReason,
    Guardianship,
    GuardianshipState,
    RefusalReason,
    Right,
    Step,
    SuspendReason,
)
from myschool.gosuslugi.family.pages import life_words, standing_pupil, standing_snils
from myschool.gosuslugi.family.pages.common import FIELDS
from myschool.gosuslugi.family.pages.growing_up import in_own_hands
from myschool.gosuslugi.family.pages.standing_words import Act, Standing, day, moment
from myschool.gosuslugi.family.papers_model import needs_second_look
from myschool.gosuslugi.family.questions import is_confirmed, is_denied


def standing(entry: Entry, now: datetime) -> Standing:
    row = entry.guardianship
    match row.state:
        case GuardianshipState.CLAIMED | GuardianshipState.CHECKING:
            if is_confirmed(entry.check):
                return standing_snils.checking(row, entry.snils, now)
            return _checking(row, entry.check, now)
        case GuardianshipState.MISMATCH:
            return _mismatch(entry, now)
        case GuardianshipState.REVIEW:
            return _review(row, now)
        case GuardianshipState.ACTIVE:
            return _active(entry, now)
        case GuardianshipState.SUSPENDED:
            return _suspended(row, now)
        case GuardianshipState.REFUSED:
            return Standing(
                "Отказано",
                "bad",
                REFUSALS[row.refusal or RefusalReason.OTHER]
                + " Исправьте карточку и придите снова: то, что вы заполнили, сохранилось.",
                since=moment(row.since, now),
                next="Вы исправляете карточку, отправляете её и приходите в центр с документами",
                who="Вы",
                acts=[Act("Исправить и подать снова", f"/family/{row.id}/correct", posts=True)],
            )
        case GuardianshipState.ENDED:
            return _ended(row, now)


def _suspended(row: Guardianship, now: datetime) -> Standing:
    reason = row.suspended_for or SuspendReason.DOUBT
    text, following, decides = life_words.SUSPENDED[reason]
    hidden = reason is SuspendReason.PROTECTION
    return Standing(
        "Нужно прийти в центр" if hidden else "Приостановлено",
        "wait" if hidden else "off",
        text,
        since=moment(row.since, now),
        until=day(row.due_at, now),
        next=following,
        who=decides,
        acts=[Act("Какие документы взять", f"/family/{row.id}/checklist", kind="secondary")],
    )


def _ended(row: Guardianship, now: datetime) -> Standing:
    reason = row.end_reason or EndReason.NOT_MY_CHILD
    again = [Act("Добавить ребёнка", "/family/add", kind="secondary")] if reason in life_words.ADD_AGAIN else []
    return Standing("Закрыто", "off", life_words.ENDED[reason], since=moment(row.since, now), acts=again)


def _checking(row: Guardianship, check: RegistryCheck | None, now: datetime) -> Standing:
    asked = check.sent_at if check is not None and check.sent_at is not None else row.since
    since = moment(asked, now)
    second_way = Act("Способ №2", f"/family/{row.id}/second-way", kind="secondary")
    if check is None or check.state is CheckState.SENT:
        return Standing(
            "Отправляем в ЗАГС",
            "wait",
            "Ваш запрос сохранён и уже на пути в ЗАГС.",
            since,
            day(check.due_at, now) if check else "",
            "ЗАГС примет запрос и начнёт проверку. Делать ничего не нужно",
            "Мы",
            [second_way],
        )
    if check.state is CheckState.UNAVAILABLE:
        return Standing(
            "ЗАГС пока недоступен",
            "wait",
            "ЗАГС сейчас не отвечает. Мы пробуем снова сами, запрос не потеряется.",
            since,
            day(check.due_at, now),
            "Как только ЗАГС ответит, проверка продолжится. Делать ничего не нужно",
            "Мы",
            [second_way],
        )
    if check.state is CheckState.OVERDUE:
        return Standing(
            "ЗАГС задерживает ответ",
            "bad",
            "Обещанные пять рабочих дней прошли. Ответ ещё может прийти, но ждать не обязательно: "
            "покажите документы в центре обслуживания.",
            since,
            day(check.ends_at, now),
            "Ждём ответ ЗАГС. Если его не будет, проверка закончится и вы сможете отправить данные снова",
            "ЗАГС",
            [Act("Способ №2", f"/family/{row.id}/second-way")],
        )
    return Standing(
        "ЗАГС проверяет",
        "wait",
        "Обычно ответ приходит за 1–5 дней. Страницу можно закрыть: мы напишем вам на почту.",
        since,
        day(check.due_at, now),
        "Когда ЗАГС подтвердит свидетельство, здесь появится окно «Создание учетной записи ребенка»",
        "ЗАГС",
        [second_way],
    )


def _mismatch(entry: Entry, now: datetime) -> Standing:
    row, check = entry.guardianship, entry.check
    if is_denied(check):
        return _denied(row, check, is_denied(entry.snils), now)
    if is_denied(entry.snils):
        return standing_snils.denied(row, entry.snils, now)
    if is_confirmed(check):
        return standing_snils.expired(row, now)
    return Standing(
        "ЗАГС не ответил",
        "bad",
        "Мы ждали ответа 30 дней. Отправьте данные ещё раз или покажите документы в центре обслуживания.",
        moment(row.since, now),
        f"{day(row.due_at, now)}, потом карточка закроется",
        "Отправьте данные снова или выберите «Способ №2»",
        "Вы",
        [
            Act("Отправить ещё раз", f"/family/{row.id}/send-again", posts=True),
            Act("Способ №2", f"/family/{row.id}/second-way", kind="secondary"),
        ],
    )


def _denied(row: Guardianship, check: RegistryCheck | None, number_too: bool, now: datetime) -> Standing:
    correct = Act("Исправить и отправить снова", f"/family/{row.id}/correct", posts=True)
    second_way = Act("Способ №2", f"/family/{row.id}/second-way", kind="secondary")
    keep = f"{day(row.due_at, now)}, потом карточка закроется"
    more = standing_snils.NUMBER_TOO if number_too else ""
    if check is not None and check.state is CheckState.CONTRADICTED:
        return Standing(
            "Данные не совпали",
            "bad",
            "Часть данных не совпала с записью ЗАГС. Что записано в реестре, нам не сообщают. "
            f"Сверьте эти поля со свидетельством.{more}",
            moment(row.since, now),
            keep,
            "Исправьте данные и отправьте снова",
            "Вы",
            [correct, second_way],
            differing=[FIELDS[name] for name in check.differing],
        )
    return Standing(
        "ЗАГС не нашёл свидетельство",
        "bad",
        "В реестре нет свидетельства с такой серией и номером. Так бывает из-за опечатки, "
        f"а ещё если свидетельство старое или выдано в другой стране.{more}",
        moment(row.since, now),
        keep,
        "Откройте «Способ №2»: там написано, что сделать именно вам",
        "Вы",
        [Act("Способ №2", f"/family/{row.id}/second-way"), Act(correct.text, correct.href, True, "secondary")],
    )


def _review(row: Guardianship, now: datetime) -> Standing:
    if row.second_look_until is not None:
        return Standing(
            "Ждёт второго сотрудника",
            "wait",
            "Первый сотрудник сверил документы и согласен. О таких заявлениях решают двое: так защищают детей.",
            moment(row.since, now),
            day(row.second_look_until, now),
            "Второй сотрудник посмотрит документы, и мы напишем вам. Если он не успеет, заявление останется открытым",
            "Второй сотрудник центра обслуживания",
        )
    if row.card.relation.stands_in_record_of_birth:
        text = (
            "ЗАГС ответил, но этого мало: например, СНИЛС или свидетельство записаны за другим ребёнком. "
            "Проверьте их. Если ошибки нет, придите с документами в центр обслуживания."
        )
        more = [Act("Исправить и отправить снова", f"/family/{row.id}/correct", posts=True, kind="secondary")]
    else:
        text = (
            "ЗАГС подтвердил свидетельство. Опекуна в записи о рождении нет, поэтому нужен документ об опеке: "
            "покажите его в центре обслуживания."
        )
        more = []
    two_clerks = needs_second_look(row.card.relation)
    decided = "Решают два сотрудника, ждать их не нужно: мы напишем" if two_clerks else "Решение примут при вас"
    return Standing(
        "Нужно показать документы",
        "wait",
        text,
        moment(row.since, now),
        f"{day(row.due_at, now)}, потом заявление закроется",
        f"Придите в центр обслуживания с документами. {decided}",
        "Вы",
        [Act("Какие документы взять", f"/family/{row.id}/checklist"), *more],
    )


# Which field, and how, would tell what the register holds.
FORGIVEN = " В записи ЗАГС часть данных записана чуть иначе. Это не мешает, исправлять ничего не нужно."


def _active(entry: Entry, now: datetime) -> Standing:
    row = entry.guardianship
    since = moment(row.since, now)
    if row.attached_at is None and row.rights == READING:
        return standing_pupil.awaiting(entry, now)
    if not entry.has_account:
        return Standing(
            "Свидетельство подтверждено" if row.basis == "registry" else "Документы подтверждены",
            "good",
            "Осталось создать учётную запись ребёнка: понадобятся почта и пароль."
            + (FORGIVEN if entry.check is not None and entry.check.forgiven else ""),
            since,
            dialog=True,
        )
    if row.attached_at is None:
        return Standing(
            "Учётная запись уже есть",
            "good",
            "Учётную запись ребёнка уже создали. Привяжите её к своей: новая не нужна.",
            since,
            next="После привязки вы сможете действовать за ребёнка",
            who="Вы",
            acts=[Act("Привязать", f"/family/{row.id}/attach", posts=True)],
        )
    manage = [Act("Управлять учётной записью", f"/family/{row.id}/manage", kind="secondary")]
    may_act = row.may(Right.CREDENTIALS, now)
    if in_own_hands(row):
        return Standing(
            "Учётная запись у ребёнка",
            "good",
            "Ребёнок ввёл паспорт, и учётная запись стала его собственной. До его 18 лет вы видите данные и заявки "
            "и получаете письма, а меняет и подтверждает всё он сам.",
            moment(row.attached_at, now),
        )
    if entry.deletion is not None:
        cancel = Act("Отменить удаление", f"/family/{row.id}/manage/delete/cancel", posts=True)
        return Standing(
            "Будет удалена",
            "bad",
            "Назначено удаление учётной записи ребёнка. До этого дня отменить его может каждый из родителей.",
            moment(entry.deletion.asked_at, now),
            moment(entry.deletion.due_at, now),
            "Если никто не отменит, учётную запись удалим",
            "Мы",
            [cancel, *manage] if may_act else [],
        )
    return Standing(
        "Учётная запись есть",
        "good",
        standing_pupil.ATTACHED
        if row.rights == READING
        else "Ребёнок может войти в «Мою школу» по своей почте или СНИЛС и паролю. "
        "Если у ребёнка нет телефона, код для входа придёт вам.",
        moment(row.attached_at, now),
        acts=manage if may_act else [],
    )


@dataclass(frozen=True)
class Line:
    """One event of the timeline."""

    words: str
    date: str
    kind: str = "done"


_LINES = {
    "claimed": "Вы заполнили карточку",
    "sent": "Данные отправлены в ЗАГС и Социальный фонд",
    "corrected": "Вы исправили данные и отправили их снова",
    "sent_again": "Данные отправлены в ЗАГС ещё раз",
    "contradicted": "ЗАГС ответил: часть данных не совпала",
    "not_found": "ЗАГС ответил: свидетельство не найдено",
    "snils_denied": "Социальный фонд ответил: СНИЛС не подтвердился",
    "snils_overdue": "Срок ответа о СНИЛС прошёл, ждём дальше",
    "snils_expired": "Социальный фонд не ответил за 30 дней",
    "overdue": "Срок ответа прошёл, ждём дальше",
    "expired": "ЗАГС не ответил за 30 дней",
    "order_needed": "ЗАГС подтвердил свидетельство. Нужен документ об опеке",
    "contradicts_known": "Нужна проверка документов в центре обслуживания",
    "clerk_needed": "Нужна проверка документов в центре обслуживания",
    "at_centre": "Документы смотрит сотрудник центра обслуживания",
    "second_look": "Первый сотрудник согласен, ждём второго",
    "second_look_returned": "Второй сотрудник просит показать документы ещё раз",
    "second_look_lapsed": "Второй сотрудник не успел в срок",
    "refused_on_papers": "Центр обслуживания отказал",
    "confirmed": "Подтверждено: вы представляете ребёнка",
    "attached": "Учётная запись ребёнка привязана к вашей",
    "provisional_opened": "Вы открыли временную учётную запись ребёнка",
    "provisional_expired": "Временная учётная запись закрылась: данные не подтвердили в срок",
    "handed_over": "Ребёнок ввёл паспорт: учётная запись теперь его, вы видите данные до 18 лет",
    **life_words.LINES,
    **standing_pupil.LINES,
    "password_changed": "Пароль ребёнка изменён",
    "session_ended": "Сеансы ребёнка завершены",
    "email_changed": "Почта ребёнка изменена",
    "phone_changed": "Телефон ребёнка подтверждён",
    "deletion_asked": "Назначено удаление учётной записи ребёнка",
    "deletion_cancelled": "Удаление отменено",
    "deletion_stopped": "Удаление не состоялось: тот, кто попросил, больше не может это решать",
    "account_deleted": "Учётная запись ребёнка удалена",
}
_BAD = frozenset(
    {
        "snils_denied",
        "snils_overdue",
        "snils_expired",
        "contradicted",
        "not_found",
        "overdue",
        "expired",
        "refused_on_papers",
        "second_look_returned",
        "second_look_lapsed",
    }
)


def timeline(steps: Sequence[Step], now: datetime) -> list[Line]:
    """The newest first, as `steps`."""
    return [Line(_LINES[step.reason], moment(step.at, now), "bad" if step.reason in _BAD else "done") for step in steps]
