"""`/oidc/authorize`: a platform asks who is here (OIDC Core §3.1.2). What no address may be told is shown here."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.kit import clock
from myschool.kit.web.errors import Refusal, SignInRequired, Way
from myschool.kit.web.routing import get
from myschool.kit.web.visit import Visit
from myschool.oidc.authorization import (
    AuthorizationRequest,
    EndUserSession,
    NextStep,
    Prompt,
    Refused,
    client_id_of,
    judge_authorization,
    next_step,
    refusal_url,
)
from myschool.portal.content.actions import catalogue, entitling, launching
from myschool.portal.content.keys import ProviderKeys
from myschool.portal.content.model import LAUNCHING, LearningPlatform, NotActive
from myschool.portal.content.pages.catalogue import OWN
from myschool.portal.signin import actions as signin

log = structlog.get_logger("oidc")

AUTHORIZE = "/oidc/authorize"
BEGUN = "oidc_begun"
ALL_PLATFORMS = Way(OWN, "Все платформы")


def routes(keys: ProviderKeys) -> list[BaseRoute]:
    async def authorize(visit: Visit) -> Response:
        return await _authorize(visit, keys)

    return [get(AUTHORIZE, authorize)]


async def _authorize(visit: Visit, keys: ProviderKeys) -> Response:
    pairs = visit.query.multi_items()
    client_id = client_id_of(pairs)
    platform = await catalogue.find_by_client(visit.tx, client_id) if client_id else None
    judged = judge_authorization(pairs, platform.client if platform else None)
    if isinstance(judged, Refused):
        return _refused(visit, judged)
    assert platform is not None
    now = clock.now()
    if judged.max_age is not None:  # `auth_time` will be told, so it must be this platform's alone
        judged = replace(judged, prompts=judged.prompts | {Prompt.LOGIN})
    step = next_step(judged, await _session(visit, platform), now, _begun_at(visit, now))
    if isinstance(step, Refused):
        return _refused(visit, step)
    if step is NextStep.SIGN_IN:
        return _sign_in(visit, now)
    visit.session.pop(BEGUN)
    if step is NextStep.ASK_CONSENT:
        return _to_platform_page(visit, platform)
    return await _answer(visit, keys, judged, platform, now)


def _refused(visit: Visit, refused: Refused) -> Response:
    log.info("authorization_refused", code=refused.error.code, reason=refused.error.reason)
    if refused.redirect_uri is not None:
        return visit.redirect(refusal_url(refused, visit.house.origin))
    raise Refusal(
        "Платформа обратилась с ошибкой",
        "Мы никому ничего не передали. Откройте платформу из «Моей школы». Если ошибка повторится, "
        "назовите поддержке номер этой страницы.",
        ways=(ALL_PLATFORMS,),
    )


async def _session(visit: Visit, platform: LearningPlatform) -> EndUserSession | None:
    """Consent is the active entitlement: what was agreed when it was activated."""
    if not visit.signed_in or visit.session.signed_in_at is None:
        return None
    person, now = await signin.person(visit), clock.now()
    pupil = await entitling.pupil(visit.tx, visit.house.vault, person.id, now)
    held = (await entitling.offer(visit.tx, pupil, platform, now)).entitlement
    granted = frozenset({"openid", *held.agreed}) if held.state in LAUNCHING else frozenset[str]()
    return EndUserSession(visit.session.signed_in_at, granted, held.activated_at)


# -- signing in for a request ------------------------------------------------------------------------------------------


def _key(visit: Visit) -> str:
    return hashlib.sha256(visit.request.url.query.encode()).hexdigest()


def _begun_at(visit: Visit, now: datetime) -> datetime:
    """When this very request first came, if it had to wait for a sign-in."""
    begun = visit.session.get(BEGUN)
    if begun is None or begun["request"] != _key(visit):
        return now
    return datetime.fromtimestamp(begun["at"], UTC)


def _sign_in(visit: Visit, now: datetime) -> Response:
    """Whoever is signed in leaves first: the platform asked for a fresh sign-in."""
    if visit.signed_in:
        visit.session.sign_out()
    visit.session.put(BEGUN, {"request": _key(visit), "at": now.timestamp()})
    raise SignInRequired


# -- the answer --------------------------------------------------------------------------------------------------------


def _to_platform_page(visit: Visit, platform: LearningPlatform) -> Response:
    visit.tell("important", f"«{platform.name}» пока закрыта для вас", "Ниже написано, почему и что сделать.")
    return visit.redirect(f"{OWN}/{platform.slug}")


async def _answer(
    visit: Visit, keys: ProviderKeys, request: AuthorizationRequest, platform: LearningPlatform, now: datetime
) -> Response:
    vault, signed_in_at = visit.house.vault, visit.session.signed_in_at
    assert signed_in_at is not None
    provider = launching.Provider(visit.house.origin, await keys.load(visit.tx, vault))
    try:
        url = await launching.answer(visit.tx, vault, provider, request, platform, visit.person_id, signed_in_at, now)
    except NotActive:
        return _to_platform_page(visit, platform)
    return visit.redirect(url)
