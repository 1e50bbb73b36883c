"""The wire for askers, and one page for the curious developer."""

from urllib.parse import urlsplit
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.settings import Settings
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.routing import Call, api, get, json, post
from myschool.kit.web.visit import Visit
from myschool.papers.matching import AGREES, Field
from myschool.sandbox.cast.children import CHILDREN
from myschool.sandbox.portal_help import open_portal_help
from myschool.sandbox.registries import desk, store
from myschool.sandbox.registries.model import Asked
from myschool.sandbox.registries.wire import Accepted, Kind, Malformed, NoRecord, read_question

LARGEST_QUESTION = 16 * 1024
RETRY_AFTER_SECONDS = 60

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
    Field.ISSUED_ON: "дата выдачи",
    Field.ISSUED_BY: "кем выдано",
    Field.DEPARTMENT_CODE: "код подразделения",
    Field.ACT_NUMBER: "номер записи акта",
    Field.ACT_DATE: "дата записи акта",
    Field.PARENT_FAMILY_NAME: "фамилия родителя",
    Field.PARENT_GIVEN_NAME: "имя родителя",
    Field.PARENT_PATRONYMIC: "отчество родителя",
}


def routes() -> list[Route]:
    return [
        api("/requests", ask, methods=["POST"]),
        api("/requests/{id:uuid}", look),
        get("/", listing),
        get("/help", open_portal_help),
        post("/requests/{id:uuid}/answer-now", answer_now),
        post("/requests/{id:uuid}/enter", enter),
    ]


async def ask(call: Call) -> Response:
    if len(call.body) > LARGEST_QUESTION:
        return json({"error": "too_large"}, 413)
    try:
        question = read_question(call.body)
    except Malformed as error:
        return json({"error": "malformed", "reason": error.reason}, 400)
    if question.callback_url is not None and not is_known_asker(question.callback_url, call.house.settings):
        return json({"error": "unknown_callback"}, 422)
    try:
        taken = await desk.take(call.tx, call.house.vault, question, clock.now())
    except desk.RequestIdReused:
        return json({"error": "request_id_reused"}, 409)
    if isinstance(taken, desk.OutOfService):
        return json({"error": "out_of_service"}, 503, {"Retry-After": str(RETRY_AFTER_SECONDS)})
    return json(Accepted(taken.id, taken.accepted_at, taken.promised_by), 202)


async def look(call: Call) -> Response:
    asked = await store.load(call.tx, call.house.vault, UUID(str(call.request.path_params["id"])))
    if asked is None:
        return json({"error": "no_such_request"}, 404)
    return json(desk.shown(asked))


def is_known_asker(callback_url: str, settings: Settings) -> bool:
    """A register calls back its registered asker only, never an address that a stranger put into a question."""
    asked, known = urlsplit(callback_url), urlsplit(settings.gosuslugi_url)
    return (asked.scheme, asked.netloc) == (known.scheme, known.netloc)


async def listing(visit: Visit) -> Response:
    questions = await store.newest(visit.tx, visit.house.vault)
    held = await store.abouts(visit.tx)
    return visit.render(
        "registries/listing.html",
        questions=questions,
        total=await store.count(visit.tx),
        held={wanted: [about for kind, about in held if kind is wanted] for wanted in REGISTERS},
        titles=REGISTERS,
        children=CHILDREN,
        worded=worded,
        may_be_entered=may_be_entered,
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
