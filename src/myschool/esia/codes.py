"""The authorization code: a JWT of about 1.4 kB that carries its own state, so issuing one writes nothing.

Single use is the caller's one statement at redemption: `INSERT … (jti, expires_at) ON CONFLICT DO NOTHING`.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from myschool.esia.authorize import AuthorizeRequest
from myschool.esia.claims import CodeClaims, Provider, Subject, scopes_with_oid, subject_claim
from myschool.esia.jws import Kind, UnverifiedToken, compose, open_token
from myschool.esia.signing import Verifier
from myschool.oidc.errors import TokenRefused

LIFETIME = timedelta(seconds=60)


def issue_code(
    provider: Provider, request: AuthorizeRequest, granted: Sequence[str], subject: Subject, now: datetime
) -> str:
    """`granted`: the scopes that the person granted, of those requested. Raises `ValueError` for any other."""
    if not set(granted) <= set(request.scopes):
        raise ValueError("a scope is granted that was not requested")
    issued_at = int(now.timestamp())
    claims = CodeClaims(
        nbf=issued_at,
        scope=scopes_with_oid(granted, subject.oid),
        auth_time=int(subject.authenticated_at.timestamp()),
        iss=provider.issuer,
        sid=subject.session,
        sbj=msgspec.structs.replace(subject_claim(subject), nam=None),  # it only repeats the oid
        amd=subject.method,
        client_id=request.mnemonic,
        redirect_uri=request.redirect_uri,
        access_type=request.access_type.value,
        exp=issued_at + int(LIFETIME.total_seconds()),
        iat=issued_at,
        jti=secrets.token_urlsafe(16),
        scope_org=" ".join(request.org_scopes),
        code_challenge=request.code_challenge,
    )
    return compose(Kind.CODE, claims, provider.keys.signer)


def open_code(text: str, issuer: str, verifiers: Sequence[Verifier], now: datetime) -> CodeClaims:
    """Raises `TokenRefused`. No skew: both ends are our clock. Does NOT know whether the code was used before."""
    try:
        claims = msgspec.json.decode(open_token(UnverifiedToken(text), verifiers, Kind.CODE), type=CodeClaims)
    except msgspec.DecodeError as error:
        raise TokenRefused("unreadable", "claims of another shape") from error
    if claims.iss != issuer:
        raise TokenRefused("other_issuer", f"{claims.iss!r:.120}")
    if not claims.nbf - 5 <= now.timestamp() < claims.exp:
        raise TokenRefused("expired", f"code {claims.jti} of {claims.iat}")
    return claims
