"""The authorization request (RFC 6749 §4.1, OIDC Core §3.1.2), judged by one table of steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from myschool.oidc import errors, pkce
from myschool.oidc.parameters import Pairs, Parameters, read_parameters, with_parameters
from myschool.oidc.registration import RegisteredClient

LONGEST_ECHO = 1024
"""Characters of `state` and `nonce`: they are carried through cookies, codes and tokens."""


class Prompt(StrEnum):
    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"
    SELECT_ACCOUNT = "select_account"


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request that passed every step. `scopes`: asked *and* registered; `ignored_scopes`: the rest of the asked."""

    client_id: str
    redirect_uri: str
    scopes: frozenset[str]
    code_challenge: str
    state: str | None = field(default=None, repr=False)
    nonce: str | None = field(default=None, repr=False)
    prompts: frozenset[Prompt] = frozenset()
    max_age: timedelta | None = None
    login_hint: str | None = field(default=None, repr=False)
    ignored_scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """`redirect_uri` is set when the client may be told by redirect; without it the person is shown the reason here."""

    error: errors.ProtocolError
    redirect_uri: str | None = None
    state: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Asked:
    given: Parameters
    client: RegisteredClient | None


Check = Callable[[_Asked], errors.ProtocolError | None]


def client_id_of(pairs: Pairs) -> str | None:
    """The one thing that must be read before the client can be loaded. None when absent or doubled."""
    return read_parameters(pairs).get("client_id")


def judge_authorization(pairs: Pairs, client: RegisteredClient | None) -> AuthorizationRequest | Refused:
    """`client` is None when nobody is registered under that `client_id`. The first step that objects decides."""
    asked = _Asked(read_parameters(pairs), client)
    for _, check in SHOWN_STEPS:
        if error := check(asked):
            return Refused(error)
    redirect_uri, state = asked.given.values["redirect_uri"], asked.given.get("state")
    for _, check in REDIRECTED_STEPS:
        if error := check(asked):
            return Refused(error, redirect_uri, state if state and len(state) <= LONGEST_ECHO else None)
    assert client is not None
    return _assign(asked.given, client)


def _check_client(asked: _Asked) -> errors.ProtocolError | None:
    claimed = asked.given.get("client_id")
    if asked.client is None or claimed != asked.client.client_id:
        return errors.UnknownClient("unknown client_id", f"client_id {claimed!r:.80} is not registered")
    return None


def _check_redirect_uri(asked: _Asked) -> errors.ProtocolError | None:
    uri = asked.given.get("redirect_uri")
    if uri is None:
        return errors.UnregisteredRedirect("redirect_uri is missing, doubled or unreadable")
    # Simple string comparison and nothing else: RFC 3986 §6.2.1, RFC 9700 §4.1.3.
    if asked.client is None or uri not in asked.client.redirect_uris:
        return errors.UnregisteredRedirect("redirect_uri is not registered for this client", f"{uri!r:.200}")
    return None


def _check_readable(asked: _Asked) -> errors.ProtocolError | None:
    if asked.given.doubled:
        return errors.InvalidRequest("a parameter is given more than once", f"doubled: {asked.given.doubled!r:.200}")
    if asked.given.unreadable:
        return errors.InvalidRequest("a parameter cannot be read", f"unreadable: {asked.given.unreadable!r:.200}")
    return None


def _check_no_request_object(asked: _Asked) -> errors.ProtocolError | None:
    if "request" in asked.given:
        return errors.RequestNotSupported("request objects are not supported")
    if "request_uri" in asked.given:
        return errors.RequestUriNotSupported("request_uri is not supported")
    if "registration" in asked.given:
        return errors.RegistrationNotSupported("self-issued registration is not supported")
    return None


def _check_response(asked: _Asked) -> errors.ProtocolError | None:
    response_type = asked.given.get("response_type")
    if response_type is None:
        return errors.InvalidRequest("response_type is missing")
    if response_type != "code":
        return errors.UnsupportedResponseType("response_type must be code", f"response_type {response_type!r:.80}")
    if asked.given.get("response_mode") not in {None, "query"}:
        return errors.InvalidRequest("response_mode must be query")
    return None


def _check_pkce(asked: _Asked) -> errors.ProtocolError | None:
    challenge, method = asked.given.get("code_challenge"), asked.given.get("code_challenge_method")
    if challenge is None:
        return errors.InvalidRequest("code_challenge is required", "no code_challenge")
    if method != pkce.METHOD:  # absent means plain (RFC 7636 §4.3)
        return errors.InvalidRequest("code_challenge_method must be S256", f"method {method!r:.40}")
    if not pkce.is_challenge(challenge):
        return errors.InvalidRequest("code_challenge must be 43 characters of base64url")
    return None


def _check_scope(asked: _Asked) -> errors.ProtocolError | None:
    assert asked.client is not None
    asked_for = _words(asked.given, "scope")
    if "openid" not in asked_for:
        return errors.InvalidScope("scope must contain openid")
    if "openid" not in asked.client.scopes:
        return errors.InvalidScope("openid is not registered for this client")
    return None


def _check_echoes(asked: _Asked) -> errors.ProtocolError | None:
    for name in ("state", "nonce"):
        if len(asked.given.get(name) or "") > LONGEST_ECHO:
            return errors.InvalidRequest(f"{name} is longer than {LONGEST_ECHO} characters")
    return None


def _check_prompt(asked: _Asked) -> errors.ProtocolError | None:
    prompts = _words(asked.given, "prompt")
    if not prompts <= set(Prompt):
        return errors.InvalidRequest("unknown prompt", f"prompt {sorted(prompts)!r:.120}")
    if Prompt.NONE in prompts and len(prompts) > 1:
        return errors.InvalidRequest("prompt none stands alone")
    return None


def _check_max_age(asked: _Asked) -> errors.ProtocolError | None:
    max_age = asked.given.get("max_age")
    if max_age is not None and not (max_age.isascii() and max_age.isdigit() and len(max_age) < 10):
        return errors.InvalidRequest("max_age must be a number of seconds")
    return None


# What goes wrong here is shown to the person: there is no address yet that we may trust.
SHOWN_STEPS: tuple[tuple[str, Check], ...] = (
    ("client is registered", _check_client),
    ("redirect_uri is exactly a registered one", _check_redirect_uri),
)
# What goes wrong here is answered to the client, by redirect.
REDIRECTED_STEPS: tuple[tuple[str, Check], ...] = (
    ("each parameter once, and readable", _check_readable),
    ("no request object", _check_no_request_object),
    ("response_type is code, answered in the query", _check_response),
    ("PKCE with S256, from every client", _check_pkce),
    ("scope has openid", _check_scope),
    ("state and nonce are short enough to carry", _check_echoes),
    ("prompt is known and consistent", _check_prompt),
    ("max_age is a number", _check_max_age),
)


def _words(given: Parameters, name: str) -> frozenset[str]:
    return frozenset((given.get(name) or "").split())


def _assign(given: Parameters, client: RegisteredClient) -> AuthorizationRequest:
    asked_for = _words(given, "scope")
    max_age = given.get("max_age")
    return AuthorizationRequest(
        client_id=client.client_id,
        redirect_uri=given.values["redirect_uri"],
        scopes=asked_for & client.scopes,
        code_challenge=given.values["code_challenge"],
        state=given.get("state"),
        nonce=given.get("nonce"),
        prompts=frozenset(Prompt(word) for word in _words(given, "prompt")),
        max_age=None if max_age is None else timedelta(seconds=int(max_age)),
        login_hint=given.get("login_hint"),
        ignored_scopes=asked_for - client.scopes,
    )


class NextStep(StrEnum):
    """What the provider does with the person before it answers."""

    SIGN_IN = "sign_in"
    ASK_CONSENT = "ask_consent"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class EndUserSession:
    """The person at the provider: when he last signed in, what he granted to this client, and when (aware UTC)."""

    authenticated_at: datetime
    granted_scopes: frozenset[str]
    granted_at: datetime | None = None


def next_step(
    request: AuthorizationRequest, session: EndUserSession | None, now: datetime, begun_at: datetime
) -> NextStep | Refused:
    """OIDC Core §3.1.2.3–4. `begun_at` is when this request first came, so a later sign-in meets `prompt=login`."""
    if session is None or _must_sign_in_again(request, session, now, begun_at):
        return _or_refused(request, NextStep.SIGN_IN, errors.LoginRequired("the person must sign in"))
    if _must_consent_again(request, session, begun_at):
        return _or_refused(request, NextStep.ASK_CONSENT, errors.ConsentRequired("the person must consent"))
    return NextStep.ANSWER


def _must_sign_in_again(
    request: AuthorizationRequest, session: EndUserSession, now: datetime, begun_at: datetime
) -> bool:
    if request.prompts & {Prompt.LOGIN, Prompt.SELECT_ACCOUNT} and session.authenticated_at < begun_at:
        return True
    if request.max_age is None or session.authenticated_at >= begun_at:
        return False  # he signed in for this very request: an age of nought cannot ask for more
    return now - session.authenticated_at > request.max_age


def _must_consent_again(request: AuthorizationRequest, session: EndUserSession, begun_at: datetime) -> bool:
    if not request.scopes <= session.granted_scopes:
        return True
    asked_for_it = Prompt.CONSENT in request.prompts
    return asked_for_it and (session.granted_at is None or session.granted_at < begun_at)


def _or_refused(request: AuthorizationRequest, step: NextStep, error: errors.ProtocolError) -> NextStep | Refused:
    return Refused(error, request.redirect_uri, request.state) if Prompt.NONE in request.prompts else step


def answer_url(request: AuthorizationRequest, code: str, issuer: str) -> str:
    """Success, with the issuer against mix-up (RFC 9207)."""
    echo = {} if request.state is None else {"state": request.state}
    return with_parameters(request.redirect_uri, {"code": code, **echo, "iss": issuer})


def refusal_url(refused: Refused, issuer: str) -> str:
    """Raises `ValueError` when the refusal must be shown to the person instead."""
    if refused.redirect_uri is None:
        raise ValueError("this refusal has no address that may be trusted")
    echo = {} if refused.state is None else {"state": refused.state}
    return with_parameters(refused.redirect_uri, {**refused.error.as_parameters(), **echo, "iss": issuer})
