"""The token request (RFC 6749 §4.1.3, RFC 7636 §4.6), judged by one table of steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

from myschool.oidc import errors
from myschool.oidc.authentication import AuthenticatedClient, ClientClaim, read_client_claim
from myschool.oidc.codes import AuthorizationCode, open_code
from myschool.oidc.parameters import Pairs, read_parameters
from myschool.oidc.pkce import verifier_fits
from myschool.oidc.sealing import SealingKey


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A token request as read; the client behind it is not believed yet."""

    claim: ClientClaim
    code: str = field(repr=False)
    redirect_uri: str
    code_verifier: str = field(repr=False)


def read_token_request(pairs: Pairs, authorization: str | None) -> TokenRequest:
    """`pairs` of the form body, `authorization` the header's value. Raises a `ProtocolError`."""
    given = read_parameters(pairs)
    if given.doubled or given.unreadable:
        raise errors.InvalidRequest("a parameter is doubled or unreadable", f"{given.doubled} {given.unreadable}")
    claim = read_client_claim(given, authorization)
    grant_type = given.get("grant_type")
    if grant_type is None:
        raise errors.InvalidRequest("grant_type is missing")
    if grant_type != "authorization_code":
        raise errors.UnsupportedGrantType("grant_type must be authorization_code", f"{grant_type!r:.80}")
    for name in ("code", "redirect_uri", "code_verifier"):
        if name not in given:
            raise errors.InvalidRequest(f"{name} is missing")
    values = given.values
    return TokenRequest(claim, values["code"], values["redirect_uri"], values["code_verifier"])


@dataclass(frozen=True, slots=True)
class _Presented:
    request: TokenRequest
    client: AuthenticatedClient
    code: AuthorizationCode


def judge_code_exchange(
    request: TokenRequest, client: AuthenticatedClient, keys: Sequence[SealingKey], now: datetime
) -> AuthorizationCode:
    """The code, if it may be redeemed by this client now. Raises `InvalidGrant`, in the same words for every cause.

    Does NOT know whether the code was used before: the caller's next statement is the INSERT of its `jti`.
    """
    presented = _Presented(request, client, open_code(request.code, keys, now))
    for name, holds in STEPS:
        if not holds(presented):
            raise errors.InvalidGrant("the code is not valid", f"code {presented.code.jti}: not so that {name}")
    return presented.code


def _same_client(presented: _Presented) -> bool:
    return presented.code.client_id == presented.client.client.client_id


def _same_redirect(presented: _Presented) -> bool:
    return compare_digest(presented.code.redirect_uri.encode(), presented.request.redirect_uri.encode())


def _verifier_fits(presented: _Presented) -> bool:
    return verifier_fits(presented.request.code_verifier, presented.code.code_challenge)


STEPS: tuple[tuple[str, Callable[[_Presented], bool]], ...] = (
    ("the code was issued to this client", _same_client),
    ("redirect_uri is the one of the request", _same_redirect),
    ("the verifier fits the challenge", _verifier_fits),
)
