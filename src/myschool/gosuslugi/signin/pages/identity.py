"""Where passport and СНИЛС stand with the registers: since when, until when, what differed, what next."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.checks.model import CheckKind, CheckState, RegistryCheck
from myschool.gosuslugi.people.model import PASSPORT_WITHIN, Card, Level, Person
from myschool.gosuslugi.signin.actions import citizen, identity
from myschool.gosuslugi.signin.identity_model import Stage
from myschool.gosuslugi.signin.pages import identity_fields
from myschool.gosuslugi.signin.pages.words import moment
from myschool.kit import clock
from myschool.kit.web.errors import Refusal
from myschool.kit.web.routing import get
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, worded_date, worded_date_near, worded_day
from myschool.papers.matching import Field

REGISTER_WORDS = {CheckKind.PASSPORT: "Паспорт", CheckKind.SNILS: "СНИЛС"}
FIELD_WORDS: Mapping[Field, str] = {
    Field.FAMILY_NAME: "фамилия",
    Field.GIVEN_NAME: "имя",
    Field.PATRONYMIC: "отчество",
    Field.BIRTH_DATE: "дата рождения",
    Field.SEX: "пол",
    Field.SNILS: "СНИЛС",
    Field.DOCUMENT: "серия и номер паспорта",
    Field.ISSUED_ON: "дата выдачи паспорта",
    Field.ISSUED_BY: "кем выдан паспорт",
    Field.DEPARTMENT_CODE: "код подразделения",
}


def routes() -> list[Route]:
    return [get("/identity", show), *identity_fields.routes()]


# -- where it stands ---------------------------------------------------------------------------------------------------


async def show(visit: Visit) -> Response:
    person = await citizen(visit)
    if person.level is Level.PROVISIONAL:
        raise not_yet()
    known = await identity.standing(visit.tx, visit.house.vault, person)
    if person.level in (Level.STANDARD, Level.CONFIRMED):
        return visit.render("signin/identity_proved.html", page_title="Подтверждение личности", level=person.level)
    now = clock.now()
    if known.stage is Stage.DRAFT and (day := identity_fields.too_young_until(person)) is not None:
        return identity_fields.too_young_page(visit, person, day)
    if known.stage is Stage.DRAFT:
        return visit.redirect(identity_fields.next_page(known.draft))
    if known.stage is Stage.REFUSED:
        return visit.render(
            "signin/identity_refused.html",
            page_title="Данные не подтвердились",
            problems=[_problem(check) for check in known.checks if check.state in _PROBLEMS],
            waiting=[REGISTER_WORDS[check.kind] for check in known.checks if check.is_waiting],
            snils_taken=known.snils_taken,
        )
    return visit.render(
        "signin/identity_checking.html",
        page_title="Паспорт и СНИЛС проверяются",
        since=moment(known.sent_at, now) if known.sent_at else "",
        until=worded_date_near(last_day(known.promised_by), now.astimezone(MOSCOW).date()) if known.promised_by else "",
        events=[_event(check, now) for check in known.checks],
        overdue=any(check.state is CheckState.OVERDUE for check in known.checks),
    )


def not_yet() -> Refusal:
    return Refusal(
        "Паспорт сейчас не нужен",
        "Это временная учётная запись ребёнка. Её подтвердят по свидетельству о рождении, вводить ничего не нужно.",
        status=403,
    )


def last_day(deadline: datetime) -> date:
    """The last day that still counts: a deadline is the first moment after it."""
    return (deadline - timedelta(microseconds=1)).astimezone(MOSCOW).date()


def _differs(check: RegistryCheck) -> str:
    named = ", ".join(FIELD_WORDS.get(field, str(field)) for field in check.differing)
    return f"не совпало: {named}"


_PROBLEMS: Mapping[CheckState, Callable[[RegistryCheck], str]] = {
    CheckState.CONTRADICTED: _differs,
    CheckState.NOT_FOUND: lambda _check: "такого документа в реестре нет. Проверьте номер",
    CheckState.EXPIRED: lambda _check: "реестр не ответил за 30 дней. Отправьте данные ещё раз",
    CheckState.SUPERSEDED: lambda _check: "проверка отменена. Отправьте данные ещё раз",
}


def _problem(check: RegistryCheck) -> tuple[str, str]:
    return REGISTER_WORDS[check.kind], _PROBLEMS[check.state](check)


_EVENTS = {
    CheckState.SENT: ("now", "отправляем в реестр"),
    CheckState.CHECKING: ("now", "реестр проверяет"),
    CheckState.UNAVAILABLE: ("now", "реестр пока не отвечает, мы спрашиваем снова и снова"),
    CheckState.OVERDUE: ("now", "реестр опаздывает с ответом"),
    CheckState.CONFIRMED: ("done", "данные подтверждены"),
}


def _event(check: RegistryCheck, now: datetime) -> dict[str, str]:
    kind, words = _EVENTS.get(check.state, ("now", "ждём ответа"))
    return {"kind": kind, "words": f"{REGISTER_WORDS[check.kind]}: {words}", "date": moment(check.since, now)}


# -- the cards of the main page ----------------------------------------------------------------------------------------


async def card(visit: Visit, person: Person) -> Card:
    """What the account can do now, and the one next step."""
    if person.level is Level.CONFIRMED:
        text = "Вам доступны все услуги: можно создать учётную запись ребёнку и давать согласия."
        return Card("Подтверждённая учётная запись", text, kind="good")
    if person.level is Level.STANDARD:
        text = (
            "Можно войти в «Мою школу» как ученик. Чтобы создать учётную запись ребёнку, подтвердите личность: "
            "придите с паспортом и СНИЛС в любой центр обслуживания. Это займёт 10 минут."
        )
        return Card("Стандартная учётная запись", text, "/identity", "Как подтвердить личность", "main")
    if person.level is Level.CHILD:
        return await _childs_card(visit, person)
    if person.level is Level.PROVISIONAL:
        text = (
            "С ней можно войти в «Мою школу», посмотреть платформы и помощь. Остальное откроется, когда подтвердят "
            "свидетельство о рождении: родитель видит срок в разделе «Семья и дети»."
        )
        return Card("Временная учётная запись", text, kind="wait")
    known = await identity.standing(visit.tx, visit.house.vault, person)
    title = "Упрощённая учётная запись"
    if known.stage is Stage.REFUSED:
        text = "Паспорт или СНИЛС не подтвердились. Посмотрите, что не совпало, исправьте и отправьте снова."
        return Card(title, text, "/identity", "Посмотреть и исправить", "bad")
    if known.stage is Stage.CHECKING:
        until = f" не позднее {worded_day(last_day(known.promised_by))}" if known.promised_by else ""
        text = f"Паспорт и СНИЛС проверяются. Ответ придёт письмом{until}."
        return Card(title, text, "/identity", "Как идёт проверка", "wait")
    text = "Пока можно немногое. Введите паспорт и СНИЛС: реестры проверят их, обычно за день, и откроются услуги."
    return Card(title, text, "/identity", "Ввести паспорт и СНИЛС", "main")


async def _childs_card(visit: Visit, person: Person) -> Card:
    """What happens at 14, and since then: whose turn it is to bring the passport."""
    title = "Учётная запись ребёнка"
    known = await identity.standing(visit.tx, visit.house.vault, person)
    if known.stage is Stage.CHECKING:
        until = f" не позднее {worded_day(last_day(known.promised_by))}" if known.promised_by else ""
        text = f"Паспорт проверяется. Ответ придёт письмом{until}. Пока всё работает как раньше."
        return Card(title, text, "/identity", "Как идёт проверка", "wait")
    if known.stage is Stage.REFUSED:
        text = "Паспорт не подтвердился. Посмотри, что не совпало, исправь и отправь снова. Вход работает как раньше."
        return Card(title, text, "/identity", "Посмотреть и исправить", "bad")
    day = person.passport_day
    if day is None:
        return Card(title, "С ней можно войти в «Мою школу».")
    if person.day_at(clock.now()) < day:
        text = (
            f"С ней можно войти в «Мою школу». 14 лет исполнится {worded_date(day)}: с этого дня можно ввести паспорт, "
            "и учётная запись станет твоей собственной."
        )
        return Card(title, text, "/identity", "Что будет в 14 лет", "")
    text = (
        "Тебе уже есть 14 лет. Введи паспорт, и учётная запись станет твоей собственной: школа и заявки сохранятся. "
        f"Получить паспорт нужно до {worded_date(day + PASSPORT_WITHIN)}; пока его нет, всё работает как раньше."
    )
    return Card(title, text, "/identity", "Ввести паспорт", "main")
