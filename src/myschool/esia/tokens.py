"""access_token and id_token: written by the provider, verified by the client against its certificates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from myschool.esia.claims import (
    AccessClaims,
    CodeClaims,
    IdentityClaims,
    Provider,
    Subject,
    scopes_for_oid,
    scopes_with_oid,
    subject_claim,
)
from myschool.esia.jws import Kind, UnverifiedToken, compose, escaped_json, open_token
from myschool.esia.levels import AccountLevel, SignInMethod
from myschool.esia.signing import Verifier
from myschool.oidc.errors import TokenRefused

ACCESS_LIFETIME = timedelta(seconds=3600)
IDENTITY_LIFETIME = timedelta(seconds=10800)
SKEW = timedelta(seconds=60)


class TokenResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """The JSON of the answer. `state` is that of the token request."""

    state: str
    token_type: str
    expires_in: int
    access_token: str
    id_token: str | None = None
    refresh_token: str | None = None

    def __repr__(self) -> str:
        return "TokenResponse(…)"

    def as_json(self) -> bytes:
        return escaped_json(self)


def subject_of(code: CodeClaims) -> Subject:
    """The person for whom the code was made, to issue tokens for."""
    at = datetime.fromtimestamp(code.auth_time, tz=UTC)
    return Subject(code.sbj.oid, code.sbj.lvl or AccountLevel.OTHER, at, code.sid, code.amd)


def scopes_of(code: CodeClaims) -> tuple[str, ...]:
    """The granted scopes, bare, in the order in which they were asked for."""
    granted = scopes_for_oid(code.scope, code.sbj.oid)
    asked = (word.partition("?oid=")[0] for word in code.scope.split())
    return tuple(scope for scope in asked if scope in granted)


def issue_for_code(
    provider: Provider, code: CodeClaims, state: str, now: datetime, refresh_token: str | None = None
) -> TokenResponse:
    """What a redeemed code is answered with; `state` is that of the token request."""
    return issue_tokens(provider, code.client_id, scopes_of(code), subject_of(code), state, now, refresh_token)


def issue_tokens(
    provider: Provider,
    mnemonic: str,
    scopes: Sequence[str],
    subject: Subject,
    state: str,
    now: datetime,
    refresh_token: str | None = None,
) -> TokenResponse:
    """`scopes` bare, without oid. An id_token only with `openid`, a refresh token only when the caller made one."""
    return TokenResponse(
        state=state,
        token_type="Bearer",  # noqa: S106 (a kind, RFC 6750)
        expires_in=int(ACCESS_LIFETIME.total_seconds()),
        access_token=issue_access_token(provider, mnemonic, scopes, subject, now),
        id_token=issue_id_token(provider, mnemonic, subject, now) if "openid" in scopes else None,
        refresh_token=refresh_token,
    )


def issue_access_token(
    provider: Provider, mnemonic: str, scopes: Sequence[str], subject: Subject, now: datetime
) -> str:
    issued_at = int(now.timestamp())
    claims = AccessClaims(
        nbf=issued_at,
        scope=scopes_with_oid(scopes, subject.oid),
        iss=provider.issuer,
        sid=subject.session,
        sbj_id=subject.oid,
        exp=issued_at + int(ACCESS_LIFETIME.total_seconds()),
        iat=issued_at,
        client_id=mnemonic,
    )
    return compose(Kind.ACCESS, claims, provider.keys.signer)


def issue_id_token(provider: Provider, mnemonic: str, subject: Subject, now: datetime) -> str:
    issued_at = int(now.timestamp())
    claims = IdentityClaims(
        aud=mnemonic,
        sub=subject.oid,
        nbf=issued_at,
        amr=subject.method,
        auth_time=int(subject.authenticated_at.timestamp()),
        exp=issued_at + int(IDENTITY_LIFETIME.total_seconds()),
        iat=issued_at,
        iss=provider.issuer,
        sid=subject.session,
        amd=subject.method,
        sbj=subject_claim(subject),
    )
    return compose(Kind.IDENTITY, claims, provider.keys.signer)


@dataclass(frozen=True, slots=True)
class Expectation:
    """`issuer` as `claims.issuer_of` gives it; `mnemonic` is the system's own."""

    issuer: str
    mnemonic: str
    skew: timedelta = SKEW


@dataclass(frozen=True, slots=True)
class VerifiedAccess:
    """The receipt for an access token: whose data, which, until when (epoch seconds). Scopes are bare."""

    oid: int
    scopes: frozenset[str]
    mnemonic: str
    session: str = field(repr=False)
    expires_at: int


@dataclass(frozen=True, slots=True)
class VerifiedIdentity:
    """The receipt for an id_token. `trusted` is `is_tru`: a confirmed account."""

    oid: int
    level: AccountLevel
    trusted: bool
    method: SignInMethod
    authenticated_at: datetime
    session: str = field(repr=False)


def verify_access_token(
    token: UnverifiedToken, verifiers: Sequence[Verifier], expected: Expectation, now: datetime
) -> VerifiedAccess:
    """Raises `TokenRefused`. For clients; the provider's data API uses `verify_own_access_token`."""
    claims = _access_claims(token, verifiers)
    if claims.client_id != expected.mnemonic:
        raise TokenRefused("other_audience", f"{claims.client_id!r:.120}")
    return _access(claims, expected.issuer, expected.skew, now)


def verify_own_access_token(
    token: UnverifiedToken, verifiers: Sequence[Verifier], issuer: str, now: datetime
) -> VerifiedAccess:
    """Any system's, as the provider's data API gets it. No skew. Does NOT know whether it was withdrawn."""
    return _access(_access_claims(token, verifiers), issuer, timedelta(0), now)


def _access_claims(token: UnverifiedToken, verifiers: Sequence[Verifier]) -> AccessClaims:
    try:
        return msgspec.json.decode(open_token(token, verifiers, Kind.ACCESS), type=AccessClaims)
    except msgspec.DecodeError as error:
        raise TokenRefused("unreadable", "claims of another shape") from error


def _access(claims: AccessClaims, issuer: str, skew: timedelta, now: datetime) -> VerifiedAccess:
    _check_issuer_and_time(claims, issuer, skew, now)
    scopes = scopes_for_oid(claims.scope, claims.sbj_id)
    return VerifiedAccess(claims.sbj_id, scopes, claims.client_id, claims.sid, claims.exp)


def verify_id_token(
    token: UnverifiedToken, verifiers: Sequence[Verifier], expected: Expectation, now: datetime
) -> VerifiedIdentity:
    """Raises `TokenRefused`: `bad_signature`, `other_algorithm`, `other_issuer`, `other_audience`, `expired`, …"""
    try:
        claims = msgspec.json.decode(open_token(token, verifiers, Kind.IDENTITY), type=IdentityClaims)
    except msgspec.DecodeError as error:
        raise TokenRefused("unreadable", "claims of another shape") from error
    if claims.aud not in (expected.mnemonic, [expected.mnemonic]):
        raise TokenRefused("other_audience", f"{claims.aud!r:.120}")
    _check_issuer_and_time(claims, expected.issuer, expected.skew, now)
    if claims.sub != claims.sbj.oid:
        raise TokenRefused("other_subject", "sub and urn:esia:sbj:oid differ")
    return VerifiedIdentity(
        oid=claims.sub,
        level=claims.sbj.lvl or _level_of(claims.sbj.is_tru),
        trusted=claims.sbj.is_tru is True,
        method=claims.amr,
        authenticated_at=datetime.fromtimestamp(claims.auth_time, tz=UTC),
        session=claims.sid,
    )


def _level_of(is_tru: bool | None) -> AccountLevel:
    # Older tokens carry no lvl.
    return AccountLevel.CONFIRMED if is_tru else AccountLevel.OTHER


def _check_issuer_and_time(claims: AccessClaims | IdentityClaims, issuer: str, skew: timedelta, now: datetime) -> None:
    at, leeway = now.timestamp(), skew.total_seconds()
    if claims.iss != issuer:
        raise TokenRefused("other_issuer", f"{claims.iss!r:.120}")
    if at >= claims.exp + leeway:
        raise TokenRefused("expired", f"exp {claims.exp}")
    if at < max(claims.nbf, claims.iat) - leeway:
        raise TokenRefused("not_yet", f"nbf {claims.nbf}")


@dataclass(frozen=True, slots=True)
class VerifiedSignIn:
    """Both tokens of one answer, about one person and one session."""

    identity: VerifiedIdentity
    access: VerifiedAccess


def verify_sign_in(
    access_token: UnverifiedToken,
    id_token: UnverifiedToken,
    verifiers: Sequence[Verifier],
    expected: Expectation,
    now: datetime,
) -> VerifiedSignIn:
    """Raises `TokenRefused`, also when the two tokens speak of different people."""
    identity = verify_id_token(id_token, verifiers, expected, now)
    access = verify_access_token(access_token, verifiers, expected, now)
    if identity.oid != access.oid or identity.session != access.session:
        raise TokenRefused("other_subject", "access_token and id_token are not of one sign-in")
    return VerifiedSignIn(identity, access)
