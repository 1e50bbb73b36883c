"""The entrance, the way to «Моя школа» and back, the lesson, «Выйти»."""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, outward, post
from myschool.kit.web.visit import Visit
from myschool.sandbox.platform import store
from myschool.sandbox.platform.lesson import parse_answer, task_for
from myschool.sandbox.platform.registration import CALLBACK, INITIATE, NAME
from myschool.sandbox.platform.relying_party import Attempt, NotSignedIn, RelyingParty, Told
from myschool.sandbox.portal_help import open_portal_help

ATTEMPT = "attempt"
ROLES = {"learner": "ученик"}


def routes(party: RelyingParty) -> list[BaseRoute]:
    async def initiated(visit: Visit) -> Response | None:
        return await _initiated(visit, party)

    async def begin(_prepared: Response | None) -> Attempt | NotSignedIn:
        try:
            return await party.begin()
        except NotSignedIn as failure:
            return failure

    async def come_back(visit: Visit) -> "Returned | Response":
        return await _come_back(visit, party)

    async def redeem(returned: "Returned | Response") -> Told | NotSignedIn:
        assert isinstance(returned, Returned)
        try:
            return await party.redeem(returned.code, returned.kept)
        except NotSignedIn as failure:
            return failure

    async def entrance(visit: Visit) -> Response:
        return await _entrance(visit, party)

    return [
        get("/", entrance),
        outward(INITIATE, initiated, begin, _leave),
        outward(CALLBACK, come_back, redeem, _settle),
        form("/lesson", _show_lesson, _take_answer),
        post("/logout", _sign_out),
        get("/help", open_portal_help),
    ]


@dataclass(frozen=True)
class Returned:
    code: str
    kept: dict[str, str]


# -- the way in --------------------------------------------------------------------------------------------------------


async def _initiated(visit: Visit, party: RelyingParty) -> Response | None:
    """OIDC Core §4: the portal sends a person here. Only «Моя школа» may, and no target is taken from the query."""
    if visit.query.get("iss") != party.issuer:
        raise Refusal(
            "Неизвестный вход",
            f"«{NAME}» пускает учеников только через «Мою школу». Начните с главной страницы.",
        )
    return None


async def _leave(visit: Visit, begun: Attempt | NotSignedIn) -> Response:
    if isinstance(begun, NotSignedIn):
        raise _failed(visit, begun)
    visit.session.put(ATTEMPT, begun.kept())
    return visit.redirect(begun.url)


async def _come_back(visit: Visit, party: RelyingParty) -> Returned | Response:
    """The attempt is taken out of the session, whatever comes of it: an answer is believed once."""
    kept = visit.session.pop(ATTEMPT)
    if kept is None and visit.signed_in:
        return visit.redirect("/lesson")
    try:
        return Returned(party.read_answer(visit.query, kept), kept)
    except NotSignedIn as failure:
        return _failed_page(visit, failure)


async def _settle(visit: Visit, told: Told | NotSignedIn) -> Response:
    if isinstance(told, NotSignedIn):
        return _failed_page(visit, told)
    now = clock.now()
    pupil_id = await store.take_in(visit.tx, told.subject, told.role, told.grade, now)
    if visit.session.person_id not in (None, pupil_id):
        visit.session.sign_out()  # a shared computer: nothing of the pupil before stays
    visit.session.sign_in(pupil_id, ROLES.get(told.role, "Гость").capitalize(), now)
    return visit.redirect("/lesson")


FAILURES = {
    "unavailable": (503, "«Моя школа» сейчас не отвечает", "Попробуйте через несколько минут."),
    "refused": (403, "«Моя школа» не открыла доступ", "Почему и что делать, написано на странице платформы там."),
    "not_believed": (400, "Вход нужно начать заново", "Откройте «Числарий» из «Моей школы» ещё раз."),
}


def _failed(visit: Visit, failure: NotSignedIn) -> Refusal:
    status, heading, text = FAILURES[failure.reason]
    back = Way(f"{visit.house.settings.portal_url}/platforms", "Вернуться в «Мою школу»")
    return Refusal(heading, text, status=status, ways=(back,))


def _failed_page(visit: Visit, failure: NotSignedIn) -> Response:
    """Drawn, not raised, so that the attempt stays taken out of the session."""
    refusal = _failed(visit, failure)
    return visit.render(
        "error.html",
        status=refusal.status,
        code=refusal.status,
        heading=refusal.heading,
        text=refusal.text,
        ways=refusal.ways,
    )


# -- pages -------------------------------------------------------------------------------------------------------------


async def _entrance(visit: Visit, party: RelyingParty) -> Response:
    if visit.signed_in:
        return visit.redirect("/lesson")
    return visit.render("platform/entrance.html", page_title=NAME, issuer=party.issuer, initiate=INITIATE)


async def _pupil(visit: Visit) -> store.PlatformPupil | None:
    if visit.session.person_id is None:
        return None
    return await store.load(visit.tx, visit.session.person_id)


async def _show_lesson(visit: Visit) -> Response:
    return await _lesson(visit, Form())


async def _lesson(visit: Visit, filled: Form, status: int = 200) -> Response:
    pupil = await _pupil(visit)
    if pupil is None:
        return visit.redirect("/")
    role = ROLES.get(pupil.role, "гость")
    return visit.render(
        "platform/lesson.html",
        status=status,
        page_title="Урок математики",
        who=f"{role}, {pupil.grade} класс" if pupil.grade else role,
        pupil=pupil,
        task=task_for(pupil.grade, pupil.solved),
        portal=visit.house.settings.portal_url,
        form=filled,
    )


async def _take_answer(visit: Visit) -> Response:
    pupil = await _pupil(visit)
    if pupil is None:
        return visit.redirect("/")
    if visit.typed["number"] != str(pupil.solved):
        return visit.redirect("/lesson")
    filled, task = Form(visit.typed), task_for(pupil.grade, pupil.solved)
    answer = filled.take("answer", parse_answer, missing="Введите ответ", wrong="Введите целое число, например 12")
    if answer is not None and answer != task.answer:
        filled.refuse("answer", f"Пока неверно. {task.hint}")
    if filled.errors:
        return await _lesson(visit, filled, 422)
    if await store.count_solved(visit.tx, pupil.id, pupil.solved):
        visit.tell("success", "Верно!", "Вот следующая задача.")
    return visit.redirect("/lesson")


async def _sign_out(visit: Visit) -> Response:
    """Out of the platform only; the way back stands on the page."""
    visit.session.sign_out()
    visit.tell("success", f"Вы вышли из «{NAME}»")
    return visit.redirect("/")
