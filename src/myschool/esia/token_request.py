"""The provider judges a request to `/aas/oauth2/v3/te`: first the system and its signature, then the code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

from myschool.esia import proof, strings
from myschool.esia.claims import CodeClaims
from myschool.esia.codes import open_code
from myschool.esia.errors import EsiaRefusal, refusal
from myschool.esia.proof import Asked
from myschool.esia.signing import Verifier
from myschool.esia.systems import InformationSystem
from myschool.oidc.errors import TokenRefused
from myschool.oidc.parameters import Pairs, Parameters, read_parameters
from myschool.oidc.pkce import verifier_fits

CODE_GRANT = "authorization_code"
REFRESH_GRANT = "refresh_token"
MANDATORY = (
    "grant_type",
    "redirect_uri",
    "state",
    "timestamp",
    "token_type",
    "client_certificate_hash",
    "client_secret",
)


@dataclass(frozen=True, slots=True)
class CodeGrant:
    """The system is who it says, and signed this code; whether the code is good, `judge_code` says."""

    mnemonic: str
    state: str
    redirect_uri: str
    code: str = field(repr=False)
    code_verifier: str | None = field(default=None, repr=False)
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefreshGrant:
    """The system is who it says; the refresh token (a UUID) is looked up by the caller."""

    mnemonic: str
    state: str
    redirect_uri: str
    scopes: tuple[str, ...]
    refresh_token: str = field(repr=False)
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Answered with HTTP 400 and `body()`."""

    refusal: EsiaRefusal
    state: str | None = field(default=None, repr=False)

    def body(self) -> dict[str, str]:
        return self.refusal.as_parameters(self.state)


def judge_token_request(
    pairs: Pairs, system: InformationSystem | None, now: datetime
) -> CodeGrant | RefreshGrant | Refused:
    """`pairs` of the form body and of the query (one client sends them there). The first step that objects decides."""
    given = read_parameters(pairs)
    state = given.get("state")
    echo = state if state is not None and len(state) <= 255 else None
    if given.get("client_id") is None and "client_id" not in {*given.doubled, *given.unreadable}:
        return Refused(refusal("007014", "client_id is missing", "client_id"), echo)
    if system is None or system.mnemonic != given.get("client_id"):
        return Refused(refusal("008010", "no system has this mnemonic"), echo)
    asked = Asked(given, system, now)
    for _, check in STEPS:
        if objection := check(asked):
            return Refused(objection, echo)
    return _assign(asked)


def _unreadable(asked: Asked) -> EsiaRefusal | None:
    return proof.unreadable(asked.given)


def _missing(asked: Asked) -> EsiaRefusal | None:
    return proof.missing(asked, MANDATORY)


def _bad_grant_type(asked: Asked) -> EsiaRefusal | None:
    grant_type = asked.value("grant_type")
    if grant_type not in {CODE_GRANT, REFRESH_GRANT}:
        return refusal("007012", f"grant_type {grant_type!r:.80}")
    if grant_type == REFRESH_GRANT and not asked.system.may_go_offline:
        return refusal("007005", "refresh tokens are not registered for this system")
    return proof.missing(asked, ("code",) if grant_type == CODE_GRANT else ("refresh_token",))


def _bad_token_type(asked: Asked) -> EsiaRefusal | None:
    return None if asked.value("token_type") == "Bearer" else refusal("007003", "token_type must be Bearer")


def _bad_redirect_uri(asked: Asked) -> EsiaRefusal | None:
    if asked.value("redirect_uri") in asked.system.redirect_uris:
        return None
    return refusal("007023", "redirect_uri is not registered, to the letter, for this system")


def _bad_signature(asked: Asked) -> EsiaRefusal | None:
    return proof.bad_signature(asked, expected_strings(asked.given, asked.system))


def expected_strings(given: Parameters, system: InformationSystem) -> tuple[str, ...]:
    """What `client_secret` must sign here: one string, or two where the switch for refresh variant b is on."""
    client_id, scope, scope_org, timestamp, state, redirect_uri = (
        given.get(name) or "" for name in ("client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri")
    )
    if given.get("grant_type") != REFRESH_GRANT:
        code = given.get("code") or ""
        return (strings.token_string(client_id, scope, timestamp, state, redirect_uri, code, scope_org),)
    first = strings.refresh_string(client_id, scope, timestamp, state, redirect_uri, scope_org)
    if not system.takes_refresh_string_with_token:
        return (first,)
    token = given.get("refresh_token") or ""
    return (first, strings.refresh_string_with_token(client_id, scope, timestamp, state, token))


STEPS: tuple[tuple[str, Callable[[Asked], EsiaRefusal | None]], ...] = (
    ("each parameter once, and readable", _unreadable),
    ("every mandatory parameter", _missing),
    ("grant_type is known and complete", _bad_grant_type),
    ("token_type is Bearer", _bad_token_type),
    ("redirect_uri is exactly a registered one", _bad_redirect_uri),
    ("state is a UUID", proof.bad_state),
    ("timestamp is of now", proof.bad_time),
    ("certificate is the system's and active", proof.bad_certificate),
    ("client_secret signs this very request", _bad_signature),
    ("scopes are registered", proof.bad_scope),
)


def _assign(asked: Asked) -> CodeGrant | RefreshGrant:
    mnemonic, state, redirect_uri = asked.system.mnemonic, asked.value("state"), asked.value("redirect_uri")
    oddities = proof.oddities_of(asked)
    if asked.value("grant_type") == REFRESH_GRANT:
        scopes = tuple(asked.value("scope").split())
        return RefreshGrant(mnemonic, state, redirect_uri, scopes, asked.value("refresh_token"), oddities)
    verifier = asked.given.get("code_verifier")
    return CodeGrant(mnemonic, state, redirect_uri, asked.value("code"), verifier, oddities)


def judge_code(grant: CodeGrant, issuer: str, verifiers: Sequence[Verifier], now: datetime) -> CodeClaims | Refused:
    """`issuer` and `verifiers` are the provider's own. Does NOT know whether the code was used before.

    The caller's next statement is the INSERT of the code's `jti`; when that finds it used, the answer is `spent_code`.
    """
    try:
        claims = open_code(grant.code, issuer, verifiers, now)
    except TokenRefused as error:
        return _refused(grant, "007011", f"code: {error}")
    if claims.client_id != grant.mnemonic:
        return _refused(grant, "007011", "the code was issued to another system")
    if not compare_digest(claims.redirect_uri.encode(), grant.redirect_uri.encode()):
        return _refused(grant, "007011", "redirect_uri is not the one of the authorization request")
    if claims.code_challenge is None:
        if grant.code_verifier is not None:
            return _refused(grant, "007039", "code_verifier, but no code_challenge was given to /v2/ac")
        return claims
    if grant.code_verifier is None:
        return Refused(refusal("007014", "code_verifier is missing", "code_verifier"), grant.state)
    if not verifier_fits(grant.code_verifier, claims.code_challenge):
        return _refused(grant, "007040", "code_verifier does not fit the code_challenge")
    return claims


def spent_code(grant: CodeGrant) -> Refused:
    """The answer when the code was redeemed before."""
    return _refused(grant, "007011", "the code was used before")


def _refused(grant: CodeGrant, number: str, developer_reason: str) -> Refused:
    return Refused(refusal(number, developer_reason), grant.state)
