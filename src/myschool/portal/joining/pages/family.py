"""«Личный кабинет»: who I am, my school, my requests; one request with its timeline."""

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.ids import new_id
from myschool.kit.web.errors import NotFound, Refusal
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, post
from myschool.kit.web.visit import Visit
from myschool.portal.joining import words
from myschool.portal.joining.actions import submit
from myschool.portal.joining.model import (
    JoinRequest,
    NotAllowed,
    RequestAlreadyDecided,
    RequestState,
    UnknownRequest,
)
from myschool.portal.people import actions as people
from myschool.portal.people.model import Profile
from myschool.portal.schools import actions as schools
from myschool.portal.signin import actions as signin

LONGEST_ANSWER = 1000


def routes() -> list[Route]:
    return [
        get("/cabinet", cabinet),
        get("/requests/{id:uuid}", show),
        post("/requests/{id:uuid}/withdraw", withdraw),
        form("/requests/{id:uuid}/answer", show_answer, take_answer),
    ]


async def cabinet(visit: Visit) -> Response:
    person = await signin.person(visit)
    profiles = await people.profiles_of(visit.tx, person.id)
    requests = await submit.requests_of(visit.tx, person.id)
    membership = await submit.membership_of(visit.tx, person.id)
    meant = [request.wish.school for request in requests] + ([membership.school] if membership else [])
    known = await schools.look_at_many(visit.tx, [school.digits for school in meant])
    return visit.render(
        "joining/cabinet.html",
        person=person,
        profiles=profiles,
        is_learner=Profile.LEARNER in profiles,
        membership=membership,
        requests=requests,
        open_request=next((r for r in requests if r.is_open), None),
        schools={school.ogrn: school for school in known},
        states=words.STATES,
    )


async def show(visit: Visit) -> Response:
    request = await _own(visit)
    school = await schools.look_at(visit.tx, request.wish.school.digits)
    reason = request.decision.reason if request.decision else None
    return visit.render(
        "joining/request.html",
        request=request,
        school=school,
        state=words.STATES[request.state],
        events=words.timeline(request, school),
        reason=words.REASONS[reason] if reason else "",
        way_on=words.WAY_ON[reason] if reason else "",
        just_sent="sent" in visit.query and request.state is RequestState.SUBMITTED,
        already_sent="again" in visit.query and request.is_open,
        form=Form(once=str(new_id())),
    )


async def withdraw(visit: Visit) -> Response:
    person = await signin.person(visit)
    try:
        await submit.withdraw(visit.tx, person.id, visit.path_id("id"), clock.now())
    except UnknownRequest:
        raise _not_found() from None
    except (RequestAlreadyDecided, NotAllowed):
        visit.tell("important", "Заявка уже решена", "Отозвать её нельзя. Ниже видно, что ответила школа.")
    else:
        visit.tell("success", "Заявка отозвана", "Вы можете отправить новую в любой момент.")
    return visit.redirect(f"/requests/{visit.path_id('id')}")


async def show_answer(visit: Visit) -> Response:
    request = await _own(visit)
    if request.state is not RequestState.NEEDS_INFORMATION:
        return visit.redirect(f"/requests/{request.id}")
    return visit.render("joining/answer.html", request=request, form=Form(visit.typed))


async def take_answer(visit: Visit) -> Response:
    request = await _own(visit)
    form = Form(visit.typed)
    words_typed = form.take(
        "answer", _bounded, missing="Напишите ответ школе", wrong=f"Сократите ответ до {LONGEST_ANSWER} знаков"
    )
    if words_typed is None:
        return visit.render("joining/answer.html", request=request, form=form, status=422)
    try:
        await submit.answer(visit.tx, request.filed_by, request.id, words_typed, clock.now())
    except (RequestAlreadyDecided, NotAllowed):
        visit.tell("important", "Школа уже решила", "Ответ больше не нужен. Ниже видно решение.")
    else:
        visit.tell("success", "Ответ отправлен", "Школа снова рассматривает заявку.")
    return visit.redirect(f"/requests/{request.id}")


def _bounded(text: str) -> str:
    if len(text) > LONGEST_ANSWER:
        raise ValueError(len(text))
    return text


async def _own(visit: Visit) -> JoinRequest:
    person = await signin.person(visit)
    try:
        return await submit.own_request(visit.tx, person.id, visit.path_id("id"))
    except UnknownRequest:
        raise _not_found() from None


def _not_found() -> Refusal:
    return NotFound("Такой заявки нет", "Посмотрите свои заявки в личном кабинете.")
