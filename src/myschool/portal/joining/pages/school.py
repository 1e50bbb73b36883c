"""The administrator's queue: tabs with counts, one request, four decisions. The school is always his own."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.web.errors import Forbidden, NotFound
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import get, post
from myschool.kit.web.visit import Visit
from myschool.papers.filters import moment
from myschool.papers.numbers import Ogrn
from myschool.portal.joining import words
from myschool.portal.joining.actions import decide
from myschool.portal.joining.model import JoinRequest, NotAllowed, Reason, RequestAlreadyDecided, UnknownRequest
from myschool.portal.people import actions as people
from myschool.portal.roll import actions as roll
from myschool.portal.roll.model import NotAdministrator, SchoolAdministrator
from myschool.portal.schools import actions as schools
from myschool.portal.signin import actions as signin

TABS = {"new": "Новые", "asked": "Нужны уточнения", "decided": "Решённые"}
LONGEST_TEXT = 1000


def routes() -> list[Route]:
    one = "/school/{ogrn}/requests/{id:uuid}"
    return [
        get("/school", entrance),
        get("/school/{ogrn}/requests", queue),
        get(one, show),
        post(f"{one}/approve", approve),
        post(f"{one}/decline", decline),
        post(f"{one}/ask", ask),
    ]


async def administrator(visit: Visit) -> SchoolAdministrator:
    """Who is signed in, checked against the school in the address. Raises Forbidden."""
    person = await signin.person(visit)
    try:
        return await roll.administrator_of(
            visit.tx, visit.house.vault, person, Ogrn.parse(visit.path_value("ogrn")), clock.now()
        )
    except (NotAdministrator, ValueError):
        raise Forbidden("Заявки школы видит только её администратор. Если это вы, попросите назначить вас.") from None


async def entrance(visit: Visit) -> Response:
    """To the only school, or a choice of several."""
    person = await signin.person(visit)
    own = await roll.administered_by(visit.tx, visit.house.vault, person, clock.now())
    if not own:
        raise Forbidden("Вы не администратор школы. Права даёт руководитель школы или муниципальный координатор.")
    if len(own) == 1:
        return visit.redirect(f"/school/{own[0].school.digits}/requests")
    known = await schools.look_at_many(visit.tx, [one.school.digits for one in own])
    return visit.render("joining/schools.html", schools=known)


async def queue(visit: Visit) -> Response:
    admin = await administrator(visit)
    tab = visit.query.get("tab", "new")
    if tab not in TABS:
        raise NotFound
    counts = await decide.counts(visit.tx, admin)
    pages = max(1, -(-counts[tab] // decide.PAGE))
    asked = visit.query.get("page", "1")
    page = min(int(asked), pages) if asked.isascii() and asked.isdecimal() and len(asked) < 7 and int(asked) else 1
    requests = await decide.queue(visit.tx, admin, tab, page)
    return visit.render(
        "joining/queue.html",
        school=await schools.look_at(visit.tx, admin.school.digits),
        requests=requests,
        persons=await people.persons(visit.tx, visit.house.vault, [request.person_id for request in requests]),
        tabs=[
            {"href": f"?tab={key}", "text": text, "active": key == tab, "count": counts[key]}
            for key, text in TABS.items()
        ],
        tab=tab,
        page=page,
        pages=pages,
        states=words.STATES,
        now=clock.now(),
    )


async def show(visit: Visit) -> Response:
    admin = await administrator(visit)
    try:
        request = await decide.open_request(visit.tx, admin, visit.path_id("id"), clock.now())
    except UnknownRequest:
        raise _not_found() from None
    return await _page(visit, request, Form(visit.typed))


async def _page(visit: Visit, request: JoinRequest, form: Form, status: int = 200) -> Response:
    school = await schools.look_at(visit.tx, request.wish.school.digits)
    involved = {request.person_id, request.opened_by, request.decision.by if request.decision else None} - {None}
    persons = await people.persons(visit.tx, visit.house.vault, [one for one in involved if one])
    me = await signin.person(visit)
    return visit.render(
        "joining/decide.html",
        request=request,
        school=school,
        pupil=persons[request.person_id],
        state=words.STATES[request.state],
        open_with=persons.get(request.opened_by) if request.opened_by not in (None, me.id) else None,
        decided_by=persons.get(request.decision.by) if request.decision else None,
        reasons=[(reason.value, text) for reason, text in words.REASONS.items()],
        reason=words.REASONS[request.decision.reason] if request.decision and request.decision.reason else "",
        base=f"/school/{school.ogrn.digits}/requests",
        form=form,
        status=status,
    )


async def approve(visit: Visit) -> Response:
    admin = await administrator(visit)
    return await _decided(
        visit, admin, lambda one: decide.approve(visit.tx, admin, one, clock.now()), "Заявка одобрена"
    )


async def decline(visit: Visit) -> Response:
    admin = await administrator(visit)
    form = Form(visit.typed)
    reason = form.take_choice("reason", {one.value: one for one in Reason}, missing="Выберите причину отказа")
    comment = form.take_optional("comment", _bounded, wrong=f"Сократите комментарий до {LONGEST_TEXT} знаков") or ""
    if reason is Reason.OTHER and not comment:
        form.refuse("comment", "Напишите семье, в чём причина")
    if reason is None or form.errors:
        return await _again(visit, admin, form)
    return await _decided(
        visit, admin, lambda one: decide.decline(visit.tx, admin, one, reason, comment, clock.now()), "Заявка отклонена"
    )


async def ask(visit: Visit) -> Response:
    admin = await administrator(visit)
    form = Form(visit.typed)
    question = form.take(
        "question", _bounded, missing="Напишите, что нужно уточнить", wrong=f"Сократите до {LONGEST_TEXT} знаков"
    )
    if question is None:
        return await _again(visit, admin, form)
    return await _decided(
        visit, admin, lambda one: decide.ask(visit.tx, admin, one, question, clock.now()), "Вопрос отправлен семье"
    )


async def _decided(
    visit: Visit, admin: SchoolAdministrator, act: Callable[[UUID], Awaitable[JoinRequest]], said: str
) -> Response:
    """Back to the queue; when somebody was quicker, his decision with his name and time."""
    request_id = visit.path_id("id")
    base = f"/school/{admin.school.digits}/requests"
    try:
        request = await act(request_id)
    except UnknownRequest:
        raise _not_found() from None
    except RequestAlreadyDecided as error:
        return await _too_late(visit, error, f"{base}/{request_id}")
    except NotAllowed:
        visit.tell("important", "Так сделать уже нельзя", "Заявка изменилась. Посмотрите её ещё раз.")
        return visit.redirect(f"{base}/{request_id}")
    visit.tell("success", said, f"Заявка № {request.number}.")
    return visit.redirect(base)


async def _too_late(visit: Visit, error: RequestAlreadyDecided, back: str) -> Response:
    decision = error.request.decision
    if decision is not None:
        by = await people.person(visit.tx, visit.house.vault, decision.by)
        state = words.STATES[decision.state][0].lower()
        visit.tell("important", f"Заявка уже {state}", f"Решение: {by.name.formal}, {moment(decision.at)}.")
    return visit.redirect(back)


async def _again(visit: Visit, admin: SchoolAdministrator, form: Form) -> Response:
    try:
        request = await decide.open_request(visit.tx, admin, visit.path_id("id"), clock.now())
    except UnknownRequest:
        raise _not_found() from None
    return await _page(visit, request, form, 422)


def _bounded(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError(len(text))
    return text


def _not_found() -> NotFound:
    return NotFound("Такой заявки нет", "Возможно, она отправлена в другую школу. Откройте список заявок.")
