"""Where a system sends the person's browser: authorization, and sign-out."""

from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.esia.authorize import AuthorizeRequest, Refused, judge_authorize, mnemonic_of
from myschool.esia.errors import refusal
from myschool.esia.requests import AUTHORIZE_PATH, LOGOUT_PATH
from myschool.gosuslugi.grants import actions as grants
from myschool.gosuslugi.grants.model import InformationSystem
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.provider import actions
from myschool.gosuslugi.provider.keys import ProviderKeys
from myschool.gosuslugi.provider.model import Endpoint, NoSuchRequest
from myschool.kit import clock
from myschool.kit.web.errors import Refusal
from myschool.kit.web.routing import get
from myschool.kit.web.sessions import hashed
from myschool.kit.web.visit import Visit

CONSENT_PATH = "/access/consent/"
"""The page of `grants` that puts the question."""


def routes(keys: ProviderKeys) -> list[BaseRoute]:
    async def authorize(visit: Visit) -> Response:
        return await _authorize(visit, keys)

    async def resume(visit: Visit) -> Response:
        return await _resume(visit, keys)

    return [
        get(AUTHORIZE_PATH, authorize),
        get(AUTHORIZE_PATH + "/{key}", resume),
        get(LOGOUT_PATH, log_out),
    ]


async def leads_to(visit: Visit, path: str) -> str | None:
    """Where signing in for this path ends: at the system whose kept request it is."""
    key = path.removeprefix(AUTHORIZE_PATH + "/")
    if key == path:
        return None
    try:
        return (await actions.kept_request(visit.tx, key, clock.now())).redirect_uri
    except NoSuchRequest:
        return None


async def _authorize(visit: Visit, keys: ProviderKeys) -> Response:
    now, pairs = clock.now(), visit.query.multi_items()
    system = await actions.find_system(visit.tx, mnemonic_of(pairs))
    judged = judge_authorize(pairs, system.wire if system else None, now)
    if isinstance(judged, Refused):
        return await _refused(visit, system, judged)
    assert system is not None
    if not visit.signed_in:
        # The signed time of the request is good for minutes; signing in may take longer, so it is judged only once.
        return visit.redirect(_waiting_path(await actions.keep_request(visit.tx, judged, now)))
    return await _answer(visit, keys, system, judged, None)


async def _resume(visit: Visit, keys: ProviderKeys) -> Response:
    """After sign-in or consent. Sign-in leads back here, whatever happened to the session meanwhile."""
    _ = visit.person_id
    key = visit.path_value("key")
    try:
        request = await actions.kept_request(visit.tx, key, clock.now())
    except NoSuchRequest:
        raise Refusal(
            "Запрос входа устарел",
            "Вернитесь на сайт, с которого вы пришли, и нажмите «Войти» ещё раз. Ничего не потеряно.",
            status=404,
        ) from None
    system = await grants.system(visit.tx, request.mnemonic)
    return await _answer(visit, keys, system, request, key)


async def _answer(
    visit: Visit, keys: ProviderKeys, system: InformationSystem, request: AuthorizeRequest, key: str | None
) -> Response:
    now, vault = clock.now(), visit.house.vault
    person = await people.by_id(visit.tx, vault, visit.person_id)
    answer = await actions.answer(
        visit.tx,
        vault,
        person,
        request,
        await keys.load(visit.tx, vault),
        session=hashed(visit.session.token).hex(),
        signed_in_at=visit.session.signed_in_at or now,
        asked_for=key,
        now=now,
    )
    if isinstance(answer, Refused):
        return await _refused(visit, system, answer)
    if answer is not None:
        return visit.redirect(answer)
    key = key or await actions.keep_request(visit.tx, request, now)
    question_id = await grants.ask(
        visit.tx,
        person,
        system,
        request.scopes,
        asked_for=key,
        return_path=_waiting_path(key),
        leads_to=request.redirect_uri,
        now=now,
    )
    return visit.redirect(f"{CONSENT_PATH}{question_id}")


def _waiting_path(key: str) -> str:
    return f"{AUTHORIZE_PATH}/{key}"


async def _refused(visit: Visit, system: InformationSystem | None, refused: Refused) -> Response:
    await actions.note(visit.tx, system, Endpoint.AUTHORIZE, refused.refusal, visit.trace, clock.now())
    if refused.redirect_uri is not None:
        return visit.redirect(refused.url())
    return visit.render(
        "provider/refused.html",
        status=400,
        page_title="Сервис не смог начать вход",
        description=refused.refusal.description,
        system=system,
    )


async def log_out(visit: Visit) -> Response:
    """Ends the person's session here and what systems may read by it. Leads on to registered addresses only."""
    system = await actions.find_system(visit.tx, visit.query.get("client_id"))
    wanted = visit.query.get("redirect_url")
    visit.session.sign_out()
    if system is not None and wanted is not None and wanted in system.logout_urls:
        return visit.redirect(wanted)
    if wanted is not None:
        reason = refusal("007023", "redirect_url is not registered, to the letter, for this system")
        await actions.note(visit.tx, system, Endpoint.LOGOUT, reason, visit.trace, clock.now())
    return visit.render("provider/signed_out.html", page_title="Вы вышли", system=system)
