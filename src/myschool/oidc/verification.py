"""The client's side: an `UnverifiedToken` becomes `VerifiedClaims`, or is refused (OIDC Core §3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from myschool.oidc.errors import TokenRefused
from myschool.oidc.keys import KeySet, verify_signature
from myschool.oidc.tokens import at_hash

SKEW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """A token as it came. Nothing in it may be used."""

    compact: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the client knows of the token before it opens it. `nonce` None means: none was sent, so none may come."""

    issuer: str
    client_id: str
    nonce: str | None = field(default=None, repr=False)
    max_age: timedelta | None = None
    access_token: str | None = field(default=None, repr=False)
    skew: timedelta = SKEW


@dataclass(frozen=True, slots=True)
class VerifiedClaims:
    """The receipt: signed by one of the issuer's keys, for us, in time, for this very request."""

    subject: str
    issuer: str
    expires_at: int
    claims: Mapping[str, Any] = field(repr=False)


def verify_id_token(token: UnverifiedToken, keys: KeySet, expected: Expectation, now: datetime) -> VerifiedClaims:
    """Raises `TokenRefused` with the reason: `unknown_key`, `bad_signature`, `other_audience`, `expired` …"""
    claims = verify_signature(token.compact, keys, typ="JWT").claims
    _check_who(claims, expected)
    _check_when(claims, expected, now)
    _check_which(claims, expected)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise TokenRefused("no_subject")
    return VerifiedClaims(subject, expected.issuer, int(claims["exp"]), claims)


def _check_who(claims: Mapping[str, Any], expected: Expectation) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("other_issuer", f"{claims.get('iss')!r:.120}")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in audiences:
        raise TokenRefused("other_audience", f"{audience!r:.120}")
    # A token for several is for nobody in particular, unless it says who asked (§3.1.3.7, steps 4 and 5).
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != expected.client_id:
        raise TokenRefused("other_party", f"azp {claims.get('azp')!r:.80}")


def _check_when(claims: Mapping[str, Any], expected: Expectation, now: datetime) -> None:
    at, skew = now.timestamp(), expected.skew.total_seconds()
    expires_at, issued_at = _number(claims, "exp"), _number(claims, "iat")
    if at >= expires_at + skew:
        raise TokenRefused("expired", f"exp {expires_at}")
    if at < issued_at - skew or ("nbf" in claims and at < _number(claims, "nbf") - skew):
        raise TokenRefused("not_yet", f"iat {issued_at}")
    if expected.max_age is not None:
        age = at - _number(claims, "auth_time")
        if age > expected.max_age.total_seconds() + skew:
            raise TokenRefused("signed_in_too_long_ago", f"{age:.0f} s")


def _check_which(claims: Mapping[str, Any], expected: Expectation) -> None:
    nonce = claims.get("nonce")
    if expected.nonce is None:
        if nonce is not None:
            raise TokenRefused("other_nonce", "none was sent")
    elif not isinstance(nonce, str) or not compare_digest(nonce.encode(), expected.nonce.encode()):
        raise TokenRefused("other_nonce")
    bound = claims.get("at_hash")
    if expected.access_token is not None and bound is not None and bound != at_hash(expected.access_token):
        raise TokenRefused("other_access_token")


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused("unreadable", f"{name} is not a time")
    return float(value)
