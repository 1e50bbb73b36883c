"""The client of a standard provider: `…_request()` composes, `read_…_response()` judges; sending is the caller's."""

import secrets
from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from urllib.parse import quote_plus, urlencode

import msgspec

from myschool.oidc import pkce
from myschool.oidc.errors import AnswerRefused
from myschool.oidc.parameters import Pairs, read_parameters, with_parameters
from myschool.oidc.verification import UnverifiedToken


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request to be sent by a gateway: no redirect may be followed, nothing of it logged."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


class SignInAttempt(msgspec.Struct, frozen=True):
    """What the client keeps (sealed, in its own cookie) until the person comes back."""

    issuer: str
    redirect_uri: str
    state: str
    nonce: str
    code_verifier: str

    def __repr__(self) -> str:
        return f"SignInAttempt(issuer={self.issuer!r})"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens as they came; the id_token is still to be verified."""

    access_token: str = field(repr=False)
    id_token: UnverifiedToken
    expires_in: int
    scope: str | None = None


def new_attempt(issuer: str, redirect_uri: str) -> SignInAttempt:
    """Fresh state, nonce and verifier of 256 bits each."""
    return SignInAttempt(
        issuer, redirect_uri, secrets.token_urlsafe(32), secrets.token_urlsafe(32), pkce.new_verifier()
    )


def authorization_request(
    authorization_endpoint: str,
    client_id: str,
    attempt: SignInAttempt,
    scopes: Collection[str] = ("openid",),
    extra: Mapping[str, str] | None = None,
) -> str:
    """The URL to which the person's browser is sent. `extra`: prompt, max_age, login_hint."""
    return with_parameters(
        authorization_endpoint,
        {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": attempt.redirect_uri,
            "scope": " ".join(scopes),
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": pkce.challenge_of(attempt.code_verifier),
            "code_challenge_method": pkce.METHOD,
            **(extra or {}),
        },
    )


def read_authorization_response(pairs: Pairs, attempt: SignInAttempt) -> str:
    """The code. Raises `AnswerRefused`: foreign state, another issuer (RFC 9207), or the provider's own refusal."""
    given = read_parameters(pairs)
    if given.doubled or given.unreadable:
        raise AnswerRefused("unreadable")
    if not compare_digest((given.get("state") or "").encode(), attempt.state.encode()):
        raise AnswerRefused("other_state")
    if given.get("iss") != attempt.issuer:
        raise AnswerRefused("other_issuer")
    if error := given.get("error"):
        raise AnswerRefused("refused", error[:80], (given.get("error_description") or "")[:400])
    code = given.get("code")
    if code is None:
        raise AnswerRefused("no_code")
    return code


def token_request(token_endpoint: str, client_id: str, secret: str, attempt: SignInAttempt, code: str) -> Request:
    """By `client_secret_basic`; both halves are form-encoded first (RFC 6749 §2.3.1)."""
    credentials = b64encode(f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()).decode()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": attempt.redirect_uri,
        "code_verifier": attempt.code_verifier,
    }
    headers = {
        "Authorization": f"Basic {credentials}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    return Request("POST", token_endpoint, headers, urlencode(form).encode())


class _TokenAnswer(msgspec.Struct, frozen=True):
    access_token: str
    id_token: str
    token_type: str
    expires_in: int = 0
    scope: str | None = None


class _ErrorAnswer(msgspec.Struct, frozen=True):
    error: str
    error_description: str = ""


def read_token_response(status: int, body: bytes) -> Tokens:
    """Raises `AnswerRefused`. The id_token in it is NOT verified yet."""
    if status != 200:
        raise _refusal(status, body)
    try:
        answer = msgspec.json.decode(body, type=_TokenAnswer)
    except msgspec.DecodeError as error:
        raise AnswerRefused("unreadable") from error
    if answer.token_type.lower() != "bearer":
        raise AnswerRefused("other_token_type")
    return Tokens(answer.access_token, UnverifiedToken(answer.id_token), answer.expires_in, answer.scope)


def userinfo_request(userinfo_endpoint: str, access_token: str) -> Request:
    return Request("GET", userinfo_endpoint, {"Authorization": f"Bearer {access_token}", "Accept": "application/json"})


def read_userinfo_response(status: int, body: bytes, subject: str) -> dict[str, object]:
    """Claims about `subject`, the verified id_token's; another's are refused (OIDC Core §5.3.4)."""
    if status != 200:
        raise _refusal(status, body)
    try:
        claims = msgspec.json.decode(body, type=dict[str, object])
    except msgspec.DecodeError as error:
        raise AnswerRefused("unreadable") from error
    if claims.get("sub") != subject:
        raise AnswerRefused("other_subject")
    return claims


def _refusal(status: int, body: bytes) -> AnswerRefused:
    try:
        answer = msgspec.json.decode(body, type=_ErrorAnswer)
    except msgspec.DecodeError:
        return AnswerRefused(f"status_{status}")
    return AnswerRefused("refused", answer.error[:80], answer.error_description[:400])
