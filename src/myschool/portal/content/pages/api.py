"""What platforms call: discovery, JWKS, token, userinfo."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec
import structlog
from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.kit import clock
from myschool.kit.web.routing import Call, api, json
from myschool.oidc.discovery import WELL_KNOWN, Endpoints, discovery_document, jwks_document
from myschool.oidc.errors import InvalidClient, InvalidToken, ProtocolError
from myschool.oidc.keys import Algorithm
from myschool.oidc.tokens import read_bearer
from myschool.portal.content.actions import launching
from myschool.portal.content.actions.launching import TOKEN, USERINFO
from myschool.portal.content.keys import ProviderKeys
from myschool.portal.content.model import CLAIM_NAMES, Claim
from myschool.portal.content.pages.provider import AUTHORIZE

log = structlog.get_logger("oidc")

JWKS = "/oidc/jwks"
JSON = "application/json"
NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
KEPT_FIVE_MINUTES = {"Cache-Control": "public, max-age=300"}
MOST_PARAMETERS = 50
OTHER_CLAIMS = ("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash")


def routes(keys: ProviderKeys) -> list[BaseRoute]:
    async def jwks(call: Call) -> Response:
        known = await keys.load(call.tx, call.house.vault)
        return Response(jwks_document(known.verifying), 200, KEPT_FIVE_MINUTES, media_type=JSON)

    async def token(call: Call) -> Response:
        return await _token(call, await _provider(call, keys))

    async def userinfo(call: Call) -> Response:
        return await _userinfo(call, await _provider(call, keys))

    return [
        api(WELL_KNOWN, _discovery),
        api(JWKS, jwks),
        api(TOKEN, token, methods=["POST"]),
        api(USERINFO, userinfo, methods=["GET", "POST"]),
    ]


async def _provider(call: Call, keys: ProviderKeys) -> launching.Provider:
    return launching.Provider(call.house.origin, await keys.load(call.tx, call.house.vault))


async def _discovery(call: Call) -> Response:
    origin = call.house.origin
    endpoints = Endpoints(origin, origin + AUTHORIZE, origin + TOKEN, origin + USERINFO, origin + JWKS)
    claims = [*OTHER_CLAIMS, *sorted(frozenset[str]().union(*CLAIM_NAMES.values()))]
    content = discovery_document(endpoints, ["openid", *Claim], claims, [Algorithm.ES256])
    document: dict[str, Any] = msgspec.json.decode(content)
    # Platforms are registered here with a secret, so the other methods of the protocol are not promised.
    document["token_endpoint_auth_methods_supported"] = ["client_secret_basic"]
    document.pop("token_endpoint_auth_signing_alg_values_supported")
    return json(document, 200, KEPT_FIVE_MINUTES)


async def _token(call: Call, provider: launching.Provider) -> Response:
    """A refusal is an answer, not an exception: what a second use of a code revokes is to be committed."""
    header = call.request.headers.get("authorization")
    try:
        answer = await launching.redeem(call.tx, call.house.vault, provider, _form(call), header, clock.now())
    except ProtocolError as error:
        log.info("token_refused", code=error.code, reason=error.reason)
        return _token_refusal(error)
    return Response(answer.as_json(), 200, NEVER_KEPT, media_type=JSON)


def _form(call: Call) -> list[tuple[str, str]]:
    """The posted pairs; nothing when it is not a form, so that the first missing parameter is named."""
    kind = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return []
    text = call.body.decode("utf-8", errors="replace")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return []


def _token_refusal(error: ProtocolError) -> Response:
    if isinstance(error, InvalidClient):
        return json(error.as_parameters(), 401, {**NEVER_KEPT, "WWW-Authenticate": 'Basic realm="oidc"'})
    return json(error.as_parameters(), 400, NEVER_KEPT)


async def _userinfo(call: Call, provider: launching.Provider) -> Response:
    try:
        token = read_bearer(call.request.headers.get("authorization"))
        told = await launching.userinfo(call.tx, call.house.vault, provider, token, clock.now())
    except InvalidToken as error:
        log.info("userinfo_refused", reason=error.reason)
        challenge = f'Bearer error="{error.code}", error_description="{error.description}"'
        return json(error.as_parameters(), 401, {**NEVER_KEPT, "WWW-Authenticate": challenge})
    return json(told, 200, NEVER_KEPT)
