"""The provider judges a request to `/aas/oauth2/v2/ac`: one table of steps, in the order in which they are taken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from myschool.esia import proof, strings
from myschool.esia.errors import EsiaRefusal, refusal
from myschool.esia.levels import AccessType, PersonFilter, read_person_filter
from myschool.esia.proof import Asked
from myschool.esia.systems import InformationSystem
from myschool.oidc import pkce
from myschool.oidc.parameters import Pairs, Parameters, read_parameters, with_parameters

MANDATORY = (
    "response_type",
    "state",
    "timestamp",
    "access_type",
    "client_certificate_hash",
    "client_secret",
)


@dataclass(frozen=True, slots=True)
class AuthorizeRequest:
    """A request that passed every step: the system is who it says. `oddities` are for the console."""

    mnemonic: str
    redirect_uri: str
    scopes: tuple[str, ...]
    org_scopes: tuple[str, ...]
    state: str
    access_type: AccessType
    code_challenge: str | None = None
    person_filter: frozenset[PersonFilter] = frozenset()
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """`redirect_uri` is set when the system may be told by redirect; without it the person is shown the reason here."""

    refusal: EsiaRefusal
    redirect_uri: str | None = None
    state: str | None = field(default=None, repr=False)

    def url(self) -> str:
        """Raises `ValueError` when the refusal must be shown to the person instead."""
        if self.redirect_uri is None:
            raise ValueError("this refusal has no address that may be trusted")
        return with_parameters(self.redirect_uri, self.refusal.as_parameters(self.state))


def mnemonic_of(pairs: Pairs) -> str | None:
    """The one thing that must be read before the system can be loaded. None when absent or doubled."""
    return read_parameters(pairs).get("client_id")


def judge_authorize(pairs: Pairs, system: InformationSystem | None, now: datetime) -> AuthorizeRequest | Refused:
    """`system` is None when no system has that mnemonic. The first step that objects decides."""
    given = read_parameters(pairs)
    if objection := _unknown_system(given, system):
        return Refused(objection)
    assert system is not None
    asked = Asked(given, system, now)
    for _, check in SHOWN_STEPS:
        if objection := check(asked):
            return Refused(objection)
    state = asked.value("state")
    for _, check in REDIRECTED_STEPS:
        if objection := check(asked):
            return Refused(objection, asked.value("redirect_uri"), state if 0 < len(state) <= 255 else None)
    return _assign(asked)


def _unknown_system(given: Parameters, system: InformationSystem | None) -> EsiaRefusal | None:
    mnemonic = given.get("client_id")
    if mnemonic is None:
        if "client_id" in {*given.doubled, *given.unreadable}:
            return refusal("007003", "client_id is doubled or unreadable")
        return refusal("007014", "client_id is missing", "client_id")
    if system is None or system.mnemonic != mnemonic:
        return refusal("007002", "no system has this mnemonic")
    return None


def _bad_redirect_uri(asked: Asked) -> EsiaRefusal | None:
    uri = asked.given.get("redirect_uri")
    if uri is None:
        if "redirect_uri" in {*asked.given.doubled, *asked.given.unreadable}:
            return refusal("007003", "redirect_uri is doubled or unreadable")
        return refusal("007014", "redirect_uri is missing", "redirect_uri")
    # Simple string comparison and nothing else (RFC 9700 §4.1.3).
    if uri not in asked.system.redirect_uris:
        return refusal("007023", "redirect_uri is not registered, to the letter, for this system")
    return None


def _unreadable(asked: Asked) -> EsiaRefusal | None:
    return proof.unreadable(asked.given)


def _missing(asked: Asked) -> EsiaRefusal | None:
    return proof.missing(asked, MANDATORY)


def _bad_response_type(asked: Asked) -> EsiaRefusal | None:
    return None if asked.value("response_type") == "code" else refusal("007009", "response_type must be code")


def _bad_access_type(asked: Asked) -> EsiaRefusal | None:
    if asked.value("access_type") not in set(AccessType):
        return refusal("007003", "access_type must be online or offline")
    if asked.value("access_type") == AccessType.OFFLINE and not asked.system.may_go_offline:
        return refusal("007005", "access_type offline is not registered for this system")
    return None


def _bad_signature(asked: Asked) -> EsiaRefusal | None:
    return proof.bad_signature(asked, (expected_string(asked.given),))


def expected_string(given: Parameters) -> str:
    """What `client_secret` must sign here."""
    client_id, scope, scope_org, timestamp, state, redirect_uri = (
        given.get(name) or "" for name in ("client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri")
    )
    return strings.authorize_string(client_id, scope, timestamp, state, redirect_uri, scope_org)


def _bad_challenge(asked: Asked) -> EsiaRefusal | None:
    challenge, method = asked.given.get("code_challenge"), asked.given.get("code_challenge_method")
    if challenge is None:
        if asked.system.demands_pkce or method is not None:
            return refusal("007039", "code_challenge is missing")
        return None
    if method != pkce.METHOD:  # absent means plain (RFC 7636 §4.3)
        return refusal("007003", "code_challenge_method must be S256")
    if not pkce.is_challenge(challenge):
        return refusal("007003", "code_challenge must be 43 characters of base64url")
    return None


def _bad_person_filter(asked: Asked) -> EsiaRefusal | None:
    if read_person_filter(asked.value("person_filter")) is None:
        return refusal("007003", "person_filter is none of conf_acc, acc_kid, acc_not_kid, nor base64 of them")
    return None


# What goes wrong here (and an unknown client_id) is shown to the person: there is no address yet that we may trust.
SHOWN_STEPS: tuple[tuple[str, Callable[[Asked], EsiaRefusal | None]], ...] = (
    ("redirect_uri is exactly a registered one", _bad_redirect_uri),
)
# What goes wrong here is answered to the system, by redirect.
REDIRECTED_STEPS: tuple[tuple[str, Callable[[Asked], EsiaRefusal | None]], ...] = (
    ("each parameter once, and readable", _unreadable),
    ("every mandatory parameter", _missing),
    ("response_type is code", _bad_response_type),
    ("access_type is known and allowed", _bad_access_type),
    ("state is a UUID", proof.bad_state),
    ("timestamp is of now", proof.bad_time),
    ("certificate is the system's and active", proof.bad_certificate),
    ("client_secret signs this very request", _bad_signature),
    ("code_challenge is S256", _bad_challenge),
    ("scopes are registered", proof.bad_scope),
    ("person_filter is known", _bad_person_filter),
)


def _assign(asked: Asked) -> AuthorizeRequest:
    return AuthorizeRequest(
        mnemonic=asked.system.mnemonic,
        redirect_uri=asked.value("redirect_uri"),
        scopes=tuple(dict.fromkeys(asked.value("scope").split())),
        org_scopes=tuple(dict.fromkeys(asked.value("scope_org").split())),
        state=asked.value("state"),
        access_type=AccessType(asked.value("access_type")),
        code_challenge=asked.given.get("code_challenge"),
        person_filter=read_person_filter(asked.value("person_filter")) or frozenset(),
        oddities=proof.oddities_of(asked),
    )


def answer_url(request: AuthorizeRequest, code: str) -> str:
    """`redirect_uri?code=…&state=…`: nothing else, as in production (our own OIDC answers add `iss`)."""
    return with_parameters(request.redirect_uri, {"code": code, "state": request.state})


def denial(request: AuthorizeRequest, number: str = "007004", developer_reason: str = "") -> Refused:
    """A refusal of a good request: «Отказать» (007004), an account that is not confirmed (007055), no code (007046)."""
    return Refused(refusal(number, developer_reason), request.redirect_uri, request.state)
