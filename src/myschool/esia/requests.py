"""The client's side: composing what is sent to ESIA, second generation (`/aas/oauth2/v2/ac`, `/aas/oauth2/v3/te`)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from myschool.esia import strings
from myschool.esia.certificates import KeyPair
from myschool.esia.levels import AccessType, PersonFilter, write_person_filter
from myschool.esia.signing import write_signature
from myschool.esia.timestamps import write_timestamp
from myschool.oidc import pkce
from myschool.oidc.parameters import with_parameters

AUTHORIZE_PATH = "/aas/oauth2/v2/ac"
TOKEN_PATH = "/aas/oauth2/v3/te"  # noqa: S105 (a path)
FIRST_AUTHORIZE_PATH = "/aas/oauth2/ac"
FIRST_TOKEN_PATH = "/aas/oauth2/te"  # noqa: S105 (a path)
LOGOUT_PATH = "/idp/ext/Logout"
PERSON_PATH = "/rs/prns"
ORGANISATION_PATH = "/rs/orgs"


@dataclass(frozen=True, slots=True)
class Client:
    """The information system itself: its «мнемоника» and its key."""

    mnemonic: str
    keys: KeyPair


class SignInAttempt(msgspec.Struct, frozen=True):
    """What the client keeps, sealed, until the person comes back. `scopes` in the order in which they are signed."""

    state: str
    code_verifier: str
    redirect_uri: str
    scopes: tuple[str, ...]
    org_scopes: tuple[str, ...] = ()
    access_type: AccessType = AccessType.ONLINE

    def __repr__(self) -> str:
        return f"SignInAttempt(redirect_uri={self.redirect_uri!r}, scopes={self.scopes!r})"


def new_attempt(
    redirect_uri: str,
    scopes: Sequence[str],
    org_scopes: Sequence[str] = (),
    access_type: AccessType = AccessType.ONLINE,
) -> SignInAttempt:
    """A fresh state (UUID, as ESIA wants it) and code verifier."""
    return SignInAttempt(
        str(uuid.uuid4()), pkce.new_verifier(), redirect_uri, tuple(scopes), tuple(org_scopes), access_type
    )


def authorization_request(
    base_url: str,
    client: Client,
    attempt: SignInAttempt,
    now: datetime,
    person_filter: Sequence[PersonFilter] = (),
) -> str:
    """The URL to which the person's browser is sent; good for minutes only, since it carries a signed time."""
    scope, scope_org, timestamp = " ".join(attempt.scopes), " ".join(attempt.org_scopes), write_timestamp(now)
    signed = strings.authorize_string(client.mnemonic, scope, timestamp, attempt.state, attempt.redirect_uri, scope_org)
    parameters = {
        "client_id": client.mnemonic,
        "client_secret": _secret(client, signed),
        "client_certificate_hash": client.keys.certificate.hash,
        "redirect_uri": attempt.redirect_uri,
        "scope": scope,
        "response_type": "code",
        "state": attempt.state,
        "timestamp": timestamp,
        "access_type": attempt.access_type.value,
        "code_challenge": pkce.challenge_of(attempt.code_verifier),
        "code_challenge_method": pkce.METHOD,
    }
    optional = {"scope_org": scope_org, "person_filter": write_person_filter(person_filter)}
    return with_parameters(base_url + AUTHORIZE_PATH, {**parameters, **_present(optional)})


def token_request(client: Client, attempt: SignInAttempt, code: str, now: datetime) -> dict[str, str]:
    """The form for `TOKEN_PATH`. Its `state` is new and is what the answer echoes: keep it to judge the answer."""
    scope, scope_org, timestamp = " ".join(attempt.scopes), " ".join(attempt.org_scopes), write_timestamp(now)
    state = str(uuid.uuid4())
    signed = strings.token_string(client.mnemonic, scope, timestamp, state, attempt.redirect_uri, code, scope_org)
    return {
        "client_id": client.mnemonic,
        "client_secret": _secret(client, signed),
        "client_certificate_hash": client.keys.certificate.hash,
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": attempt.code_verifier,
        "redirect_uri": attempt.redirect_uri,
        "scope": scope,
        **_present({"scope_org": scope_org}),
        "state": state,
        "timestamp": timestamp,
        "token_type": "Bearer",
    }


def refresh_request(
    client: Client,
    refresh_token: str,
    redirect_uri: str,
    scopes: Sequence[str],
    now: datetime,
    org_scopes: Sequence[str] = (),
) -> dict[str, str]:
    """The form for `TOKEN_PATH`, signed by variant a."""
    scope, scope_org, timestamp = " ".join(scopes), " ".join(org_scopes), write_timestamp(now)
    state = str(uuid.uuid4())
    signed = strings.refresh_string(client.mnemonic, scope, timestamp, state, redirect_uri, scope_org)
    return {
        "client_id": client.mnemonic,
        "client_secret": _secret(client, signed),
        "client_certificate_hash": client.keys.certificate.hash,
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "redirect_uri": redirect_uri,
        "scope": scope,
        **_present({"scope_org": scope_org}),
        "state": state,
        "timestamp": timestamp,
        "token_type": "Bearer",
    }


def logout_url(base_url: str, mnemonic: str, redirect_url: str | None = None) -> str:
    """The word is `redirect_url` here, not `redirect_uri`."""
    return with_parameters(
        base_url + LOGOUT_PATH, {"client_id": mnemonic, **_present({"redirect_url": redirect_url or ""})}
    )


def _secret(client: Client, signed: str) -> str:
    return write_signature(client.keys.signer.sign(signed.encode()))


def _present(parameters: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value}
