"""The tokens that the provider writes: id_token (OIDC Core §2), access_token (RFC 9068), userinfo (OIDC Core §5.3)."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from myschool.oidc.codes import AuthorizationCode
from myschool.oidc.errors import InvalidToken, TokenRefused
from myschool.oidc.keys import KeySet, SigningKey, verify_signature

ID_TOKEN_LIFETIME = timedelta(minutes=10)
ACCESS_TOKEN_LIFETIME = timedelta(minutes=10)

SCOPE_CLAIMS: Mapping[str, frozenset[str]] = {
    "profile": frozenset({"name", "given_name", "family_name", "middle_name", "birthdate", "gender"}),
    "email": frozenset({"email", "email_verified"}),
    "phone": frozenset({"phone_number", "phone_number_verified"}),
}
"""OIDC Core §5.4. A provider's own scopes are added by the caller."""


class TokenResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """Body of the successful answer (RFC 6749 §5.1), to be sent with `Cache-Control: no-store`."""

    access_token: str
    id_token: str
    expires_in: int
    scope: str
    token_type: str = "Bearer"  # noqa: S105 (a kind, RFC 6750)

    def __repr__(self) -> str:
        return "TokenResponse(…)"

    def as_json(self) -> bytes:
        return msgspec.json.encode({name: getattr(self, name) for name in self.__struct_fields__})


@dataclass(frozen=True, slots=True)
class AccessGrant:
    """What a verified access token of ours allows. `subject` is pairwise; `jti` names the code it came from."""

    client_id: str
    subject: str
    scopes: frozenset[str]
    jti: str
    expires_at: int
    sid: str | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """`key` signs what goes to clients; `resource` is the audience of access tokens, our own userinfo."""

    url: str
    key: SigningKey
    resource: str


def issue_tokens(
    issuer: Issuer,
    code: AuthorizationCode,
    subject: str,
    now: datetime,
    id_claims: Mapping[str, Any] | None = None,
) -> TokenResponse:
    """`subject` is the pairwise one. `id_claims` are what the client's registration allows inside the id_token."""
    issued_at = int(now.timestamp())
    access_token = issuer.key.sign(
        {
            "iss": issuer.url,
            "aud": issuer.resource,
            "sub": subject,
            "client_id": code.client_id,
            "scope": " ".join(sorted(code.scopes)),
            "jti": code.jti,
            "iat": issued_at,
            "exp": issued_at + int(ACCESS_TOKEN_LIFETIME.total_seconds()),
            **({} if code.auth_time is None else {"auth_time": code.auth_time}),
            **({} if code.sid is None else {"sid": code.sid}),
        },
        typ="at+jwt",
    )
    id_token = issuer.key.sign(
        {
            **(id_claims or {}),
            "iss": issuer.url,
            "aud": code.client_id,
            "sub": subject,
            "iat": issued_at,
            "exp": issued_at + int(ID_TOKEN_LIFETIME.total_seconds()),
            **({} if code.auth_time is None else {"auth_time": code.auth_time}),
            "jti": secrets.token_urlsafe(12),
            "at_hash": at_hash(access_token),
            **({} if code.nonce is None else {"nonce": code.nonce}),
            **({} if code.sid is None else {"sid": code.sid}),
        }
    )
    lifetime = int(ACCESS_TOKEN_LIFETIME.total_seconds())
    return TokenResponse(access_token, id_token, lifetime, " ".join(sorted(code.scopes)))


def at_hash(access_token: str) -> str:
    """Left half of the SHA-256, for both algorithms that we have (OIDC Core §3.1.3.6)."""
    return urlsafe_b64encode(hashlib.sha256(access_token.encode("ascii")).digest()[:16]).rstrip(b"=").decode()


class _AccessClaims(msgspec.Struct, frozen=True):
    iss: str
    aud: str
    sub: str
    client_id: str
    scope: str
    jti: str
    exp: int
    sid: str | None = None


def read_bearer(authorization: str | None) -> str:
    """The token out of an Authorization header (RFC 6750 §2.1). Raises `InvalidToken`."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken("a bearer token is required")
    return token.strip()


def verify_own_access_token(token: str, keys: KeySet, issuer_url: str, resource: str, now: datetime) -> AccessGrant:
    """Raises `InvalidToken`. No skew: both ends are our clock. Does NOT know whether the token was revoked."""
    try:
        content = verify_signature(token, keys, typ="at+jwt")
        claims = msgspec.convert(dict(content.claims), _AccessClaims)
    except (TokenRefused, msgspec.ValidationError) as error:
        raise InvalidToken("the access token is not valid", str(error)) from error
    if claims.iss != issuer_url or claims.aud != resource:
        raise InvalidToken("the access token is not valid", f"iss {claims.iss!r:.120} aud {claims.aud!r:.120}")
    if now.timestamp() >= claims.exp:
        raise InvalidToken("the access token has expired")
    return AccessGrant(
        claims.client_id, claims.sub, frozenset(claims.scope.split()), claims.jti, claims.exp, claims.sid
    )


def userinfo_claims(
    grant: AccessGrant,
    person: Mapping[str, Any],
    scope_claims: Mapping[str, frozenset[str]] = SCOPE_CLAIMS,
) -> dict[str, Any]:
    """Of what is known of the person only what the granted scopes name; absent rather than null (OIDC Core §5.3.2)."""
    allowed = frozenset[str]().union(*(scope_claims.get(scope, frozenset()) for scope in grant.scopes))
    shown = {name: value for name, value in person.items() if name in allowed and value is not None}
    return {"sub": grant.subject, **shown}
