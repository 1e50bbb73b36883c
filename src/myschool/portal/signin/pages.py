"""«Войти», the way to ESIA and back, what to say when it failed, and «Выйти»."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.esia.client import EsiaRefused, read_authorization_response
from myschool.esia.requests import Client, SignInAttempt
from myschool.kit import clock
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import get, outward, post
from myschool.kit.web.visit import Visit, local_path
from myschool.oidc.errors import AnswerRefused
from myschool.portal.people import actions as people
from myschool.portal.signin import actions, attempts, awaiting
from myschool.portal.signin.gateway import Esia
from myschool.portal.signin.keys import ClientKeys
from myschool.portal.signin.model import Failure, Told, Why, failure_of

log = structlog.get_logger("signin")

SIGNED_OUT = "/signed-out"
REGISTRATION = "/registration"
"""The page of a slice above where a newcomer chooses a profile."""


@dataclass(frozen=True)
class Returned:
    """Somebody came back from ESIA with a code for an attempt of this very browser."""

    client: Client
    attempt: SignInAttempt
    code: str
    wanted: str


@dataclass(frozen=True)
class Outcome:
    told: Told | Failure
    wanted: str


def routes(esia: Esia, keys: ClientKeys) -> list[BaseRoute]:
    async def begin(visit: Visit) -> Response:
        return await _begin(visit, esia, keys)

    async def come_back(visit: Visit) -> Returned | Response:
        return await _come_back(visit, keys)

    async def ask(returned: Returned | Response) -> Outcome:
        assert isinstance(returned, Returned)
        told = await esia.ask(returned.client, returned.attempt, returned.code, clock.now())
        return Outcome(told, returned.wanted)

    async def sign_out(visit: Visit) -> Response:
        return await _sign_out(visit, esia)

    return [
        get("/login", _show_login),
        post("/login/esia", begin),
        outward(attempts.CALLBACK, come_back, ask, _settle),
        post("/logout", sign_out),
        get(SIGNED_OUT, _show_signed_out),
    ]


def leads_to_esia(visit: Visit) -> None:
    """For a page with a form that ends at ESIA: «Войти», or «Выйти» in the head of every page."""
    visit.allow_form_to(visit.house.settings.esia_url)


# -- the way in --------------------------------------------------------------------------------------------------------

WHO: Mapping[str, str] = {
    "guardian": "Родитель или другой законный представитель",
    "learner": "Ученик 14 лет и старше",
    "child": "Ребёнок младше 14 лет",
    "staff": "Сотрудник школы",
}


async def _show_login(visit: Visit) -> Response:
    """«Кто будет входить?» → «Есть учётная запись?» → what exactly to do. Every answer is an address of its own."""
    wanted = local_path(visit.query.get("next", "/"))
    if visit.signed_in:
        return visit.redirect(wanted)
    leads_to_esia(visit)
    who, has = visit.query.get("who", ""), visit.query.get("account", "")
    form = Form({"who": who, "account": has})
    return visit.render(
        "signin/login.html",
        page_title="Вход в «Мою школу»",
        wanted=wanted,
        form=form,
        who=who if who in WHO else "",
        account=has if has in ("yes", "no") else "",
        people=list(WHO.items()),
        gosuslugi=visit.house.settings.esia_url,
    )


async def _begin(visit: Visit, esia: Esia, keys: ClientKeys) -> Response:
    return visit.redirect(await attempts.begin(visit, esia, keys, visit.typed["next"] or "/"))


# -- back from ESIA ----------------------------------------------------------------------------------------------------


async def _come_back(visit: Visit, keys: ClientKeys) -> Returned | Response:
    ours = attempts.take(visit, visit.query.get("state", ""))
    if ours is None:
        return _nothing_awaited(visit)
    try:
        code = read_authorization_response(visit.query.multi_items(), ours.attempt)
    except EsiaRefused as refused:
        return _failed(visit, failure_of(refused.number), ours.wanted)
    except AnswerRefused as refused:
        return _failed(visit, Failure(Why.STALE, refused.reason), ours.wanted)
    client = await keys.load(visit.tx, visit.house.vault)
    return Returned(client, ours.attempt, code, ours.wanted)


def _nothing_awaited(visit: Visit) -> Response:
    """Back, a reload, an old tab, or an answer that somebody else planted: nobody is signed in by it."""
    if visit.signed_in:
        return visit.redirect("/")
    log.info("callback_not_awaited")
    return _failed(visit, Failure(Why.STALE, "state"), "/")


async def _settle(visit: Visit, outcome: Outcome) -> Response:
    if isinstance(outcome.told, Failure):
        return _failed(visit, outcome.told, outcome.wanted)
    now = clock.now()
    person = await actions.take_in(visit.tx, visit.house.vault, outcome.told, now)
    if visit.session.person_id not in (None, person.id):
        visit.session.sign_out()  # what the person before typed and saw is not for this one
    visit.session.sign_in(person.id, person.name.given_name, now)
    attempts.keep_access(visit, outcome.told.family)
    awaiting.remember(visit, outcome.told.person)
    if person.may_act and not await people.profiles_of(visit.tx, person.id):
        visit.session.put("wanted", outcome.wanted)
        return visit.redirect(REGISTRATION)
    return visit.redirect(outcome.wanted)


FAILURES: Mapping[Why, tuple[int, str, str]] = {
    Why.CANCELLED: (200, "cancelled", "Вы отказались от входа"),
    Why.LEVEL_TOO_LOW: (403, "level", "Учётной записи не хватает подтверждения"),
    Why.STALE: (400, "stale", "Вход нужно начать заново"),
    Why.UNAVAILABLE: (503, "unavailable", "Госуслуги сейчас не отвечают"),
    Why.NOT_BELIEVED: (502, "unavailable", "Не удалось проверить ответ Госуслуг"),
}


def _failed(visit: Visit, failure: Failure, wanted: str) -> Response:
    status, page, title = FAILURES[failure.why]
    log.info("sign_in_failed", why=failure.why, detail=failure.detail)
    leads_to_esia(visit)
    context: dict[str, Any] = {"wanted": wanted, "gosuslugi": visit.house.settings.esia_url}
    return visit.render(f"signin/{page}.html", status=status, page_title=title, **context)


# -- the way out -------------------------------------------------------------------------------------------------------


async def _sign_out(visit: Visit, esia: Esia) -> Response:
    """Out of the portal at once, and out of ESIA, which leads back here: the next one at this computer starts clean."""
    if visit.signed_in:
        await actions.left(visit.tx, visit.person_id)
    visit.session.sign_out()
    return visit.redirect(esia.sign_out_url(f"{visit.house.origin}{SIGNED_OUT}"))


async def _show_signed_out(visit: Visit) -> Response:
    return visit.render("signin/signed_out.html", page_title="Вы вышли")
