"""The authorization code: a sealed value that carries its own state, so issuing one writes nothing.

Single use is the caller's one statement at redemption: `INSERT … (jti, expires_at) ON CONFLICT DO NOTHING`; no row
means the code was used before, and everything under its `jti` is to be revoked (RFC 6749 §4.1.2).
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from myschool.oidc.authorization import AuthorizationRequest
from myschool.oidc.errors import InvalidGrant
from myschool.oidc.sealing import SealingKey, seal, unseal

PURPOSE = "oidc-code"
LIFETIME = timedelta(seconds=60)


class AuthorizationCode(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a code stands for. `subject` is the caller's own id of the person, never a name; times in epoch seconds.

    `auth_time` None: the client is not told when the person signed in.
    """

    jti: str
    client_id: str
    redirect_uri: str
    code_challenge: str
    scopes: frozenset[str]
    subject: str
    auth_time: int | None
    issued_at: int
    expires_at: int
    nonce: str | None = None
    sid: str | None = None

    def __repr__(self) -> str:
        return f"AuthorizationCode(jti={self.jti!r}, client_id={self.client_id!r})"


def new_code(
    request: AuthorizationRequest,
    subject: str,
    authenticated_at: datetime | None,
    now: datetime,
    sid: str | None = None,
) -> AuthorizationCode:
    """A code for this request and person, good for 60 seconds from `now` (aware UTC).

    `authenticated_at` None keeps the moment of the sign-in from the client: allowed unless it asked with `max_age`
    (OIDC Core §2). Equal moments would let clients with pairwise subjects match their people.
    """
    return AuthorizationCode(
        jti=secrets.token_urlsafe(16),
        client_id=request.client_id,
        redirect_uri=request.redirect_uri,
        code_challenge=request.code_challenge,
        scopes=request.scopes,
        subject=subject,
        auth_time=None if authenticated_at is None else int(authenticated_at.timestamp()),
        issued_at=int(now.timestamp()),
        expires_at=int((now + LIFETIME).timestamp()),
        nonce=request.nonce,
        sid=sid,
    )


def seal_code(code: AuthorizationCode, key: SealingKey) -> str:
    return seal(code, key, PURPOSE)


def open_code(text: str, keys: Sequence[SealingKey], now: datetime) -> AuthorizationCode:
    """Raises `InvalidGrant`. Does NOT know whether the code was used before."""
    code = unseal(text, keys, PURPOSE, AuthorizationCode)
    if code is None:
        raise InvalidGrant("the code is not valid", "not a code of ours")
    if not code.issued_at - 5 <= now.timestamp() < code.expires_at:
        raise InvalidGrant("the code is not valid", f"code {code.jti} of {code.issued_at} is out of time")
    return code
