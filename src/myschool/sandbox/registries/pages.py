"""One page for the curious developer: what was asked, how it will be answered, and the registers' switch."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.routing import get, post
from myschool.kit.web.visit import Visit
from myschool.papers.matching import AGREES, Field
from myschool.sandbox.cast.children import CHILDREN
from myschool.sandbox.portal_help import open_portal_help
from myschool.sandbox.registries import api, desk, service, store, store_queue
from myschool.sandbox.registries.model import Asked, Manner
from myschool.sandbox.registries.wire import Kind, NoRecord

REGISTERS = {
    Kind.BIRTH_CERTIFICATE: "ЕГР ЗАГС: свидетельства о рождении",
    Kind.PASSPORT: "МВД: паспорта",
    Kind.SNILS: "Социальный фонд: СНИЛС",
}

FIELDS = {
    Field.FAMILY_NAME: "фамилия",
    Field.GIVEN_NAME: "имя",
    Field.PATRONYMIC: "отчество",
    Field.BIRTH_DATE: "дата рождения",
    Field.SEX: "пол",
    Field.SNILS: "СНИЛС",
    Field.DOCUMENT: "серия и номер",
    Field.ISSUED_ON: "дата выдачи",
    Field.ISSUED_BY: "кем выдано",
    Field.DEPARTMENT_CODE: "код подразделения",
    Field.ACT_NUMBER: "номер записи акта",
    Field.ACT_DATE: "дата записи акта",
    Field.PARENT_FAMILY_NAME: "фамилия родителя",
    Field.PARENT_GIVEN_NAME: "имя родителя",
    Field.PARENT_PATRONYMIC: "отчество родителя",
    Field.PARENT_BIRTH_DATE: "дата рождения родителя",
}

MANNERS: Mapping[str, tuple[str, tuple[Manner, ...]]] = {
    "twice": ("дважды одно и то же", (Manner.PLAIN, Manner.PLAIN)),
    "half": ("сначала оборванный, потом целый", (Manner.HALF, Manner.PLAIN)),
    "wrong-field": ("сначала с чужим полем, потом верный", (Manner.WRONG_FIELD, Manner.PLAIN)),
    "wrong-reference": ("сначала с чужим номером, потом верный", (Manner.WRONG_REFERENCE, Manner.PLAIN)),
    "other-child": ("сначала под номером другого вопроса, потом верный", (Manner.OTHER_CHILD, Manner.PLAIN)),
    "contrary": ("сначала верный, через минуту «записи нет»", (Manner.PLAIN, Manner.CONTRARY)),
    "lost": ("никак: ответ есть, но никому не послан", ()),
}
"""How an answer may be told: the word of the form, what the person reads, the copies."""

OUTAGES: Mapping[str, tuple[str, timedelta]] = {
    "hour": ("на час", timedelta(hours=1)),
    "day": ("на сутки", timedelta(days=1)),
    "six-days": ("на шесть суток", timedelta(days=6)),
}
LIMITS: Mapping[str, tuple[str, int | None]] = {
    "none": ("сколько угодно", None),
    "60": ("не больше 60", 60),
    "6": ("не больше 6", 6),
    "0": ("ни одного", 0),
}
_LIST = (Way("/", "К списку вопросов"),)


def routes() -> list[Route]:
    return [
        *api.routes(),
        get("/", listing),
        get("/help", open_portal_help),
        post("/requests/{id:uuid}/answer-now", answer_now),
        post("/requests/{id:uuid}/answer-as", answer_as),
        post("/requests/{id:uuid}/enter", enter),
        post("/outage", switch),
        post("/limit", limit),
    ]


async def listing(visit: Visit) -> Response:
    questions = await store.newest(visit.tx, visit.house.vault)
    held = await store.abouts(visit.tx)
    condition = await store_queue.condition(visit.tx)
    return visit.render(
        "registries/listing.html",
        questions=questions,
        total=await store.count(visit.tx),
        held={wanted: [about for kind, about in held if kind is wanted] for wanted in REGISTERS},
        titles=REGISTERS,
        children=CHILDREN,
        worded=worded,
        may_be_entered=may_be_entered,
        manners=[(word, words) for word, (words, _) in MANNERS.items()],
        outages=[(word, words) for word, (words, _) in OUTAGES.items()],
        limits=[(word, words) for word, (words, _) in LIMITS.items()],
        limit=next(word for word, (_, per_minute) in LIMITS.items() if per_minute == condition.per_minute),
        away_until=condition.away_until if condition.away(clock.now()) else None,
        in_queue=await store_queue.waiting(visit.tx),
    )


async def answer_now(visit: Visit) -> Response:
    if not await desk.answer_now(visit.tx, visit.path_id("id"), clock.now()):
        raise Refusal(
            "Ответ уже дан",
            "На этот вопрос реестр уже ответил, торопить его не нужно.",
            status=409,
            ways=(Way("/", "К списку вопросов"),),
        )
    visit.tell("success", "Реестр ответит сейчас", "Обновите страницу через несколько секунд.")
    return visit.redirect("/")


async def answer_as(visit: Visit) -> Response:
    chosen = MANNERS.get(visit.fields.get("manner", ""))
    if chosen is None:
        raise Refusal("Не выбрано, как ответить", "Выберите строку из списка.", status=400, ways=_LIST)
    words, manners = chosen
    if not await desk.answer_as(visit.tx, visit.path_id("id"), manners, clock.now()):
        raise Refusal("Ответ уже дан", "На этот вопрос реестр уже ответил.", status=409, ways=_LIST)
    visit.tell("success", "Реестр ответит сейчас", f"Как: {words}.")
    return visit.redirect("/")


async def switch(visit: Visit) -> Response:
    """Off for a while, or on again."""
    if visit.fields.get("outage") == "over":
        await service.come_back(visit.tx)
        visit.tell("success", "Реестры снова работают", "Ответы, что накопились, уйдут в течение минуты.")
        return visit.redirect("/")
    chosen = OUTAGES.get(visit.fields.get("outage", ""))
    if chosen is None:
        raise Refusal("Не выбрано, на сколько", "Выберите срок из списка.", status=400, ways=_LIST)
    words, outage = chosen
    await service.go_away(visit.tx, outage, clock.now())
    visit.tell("success", f"Реестры выключены {words}", "Вопросов они не принимают и никому не отвечают.")
    return visit.redirect("/")


async def limit(visit: Visit) -> Response:
    chosen = LIMITS.get(visit.fields.get("limit", ""))
    if chosen is None:
        raise Refusal("Не выбрано, сколько вызовов", "Выберите строку из списка.", status=400, ways=_LIST)
    words, per_minute = chosen
    await service.limit_calls(visit.tx, per_minute)
    visit.tell("success", "Предел изменён", f"Вызовов в минуту реестры принимают {words}.")
    return visit.redirect("/")


async def enter(visit: Visit) -> Response:
    if not await desk.enter(visit.tx, visit.house.vault, visit.path_id("id")):
        raise Refusal(
            "Запись уже есть",
            "Реестр уже знает этот документ. Сравните, что введено в карточке, и отправьте её снова.",
            status=409,
            ways=(Way("/", "К списку вопросов"),),
        )
    visit.tell("success", "Запись внесена", "Следующий ответ об этом документе будет: сведения совпали.")
    return visit.redirect("/")


def may_be_entered(asked: Asked) -> bool:
    """Worth offering: the register said that it holds nothing, or has not looked yet."""
    return asked.evidence is None or isinstance(asked.evidence, NoRecord)


def worded(asked: Asked) -> tuple[str, str]:
    """The state in words and the kind of its tag."""
    if asked.evidence is None:
        return "Реестр думает", "wait"
    if isinstance(asked.evidence, NoRecord):
        return "Записи нет", "bad"
    differing = [FIELDS[finding.field] for finding in asked.evidence.findings if finding.how not in AGREES]
    return (f"Расходится: {', '.join(differing)}", "bad") if differing else ("Сведения совпали", "good")
