"""A learning platform «Цифра» that signs people in at the portal, and what both know of each other."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypeVar

from myschool.oidc import pkce
from myschool.oidc.authorization import AuthorizationRequest, judge_authorization
from myschool.oidc.codes import AuthorizationCode, new_code
from myschool.oidc.keys import Algorithm, SigningKey, generate_signing_key
from myschool.oidc.registration import RegisteredClient, digest_of_secret
from myschool.oidc.sealing import SealingKey, sealing_key
from myschool.oidc.tokens import Issuer

NOW = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=20)
ISSUER = "https://school.example"
USERINFO = "https://school.example/oidc/userinfo"
CALLBACK = "https://cifra.example/signin/back?from=school"
SECRET = "a secret of the platform, 256 bits long"
VERIFIER = "v" * 43
CHALLENGE = pkce.challenge_of(VERIFIER)

CIFRA = RegisteredClient(
    client_id="cifra",
    redirect_uris=frozenset({CALLBACK}),
    scopes=frozenset({"openid", "grade"}),
    sector="cifra.example",
    secret_digest=digest_of_secret(SECRET),
    post_logout_redirect_uris=frozenset({"https://cifra.example/bye"}),
)

ASKED = {
    "response_type": "code",
    "client_id": "cifra",
    "redirect_uri": CALLBACK,
    "scope": "openid grade",
    "state": "state-1",
    "nonce": "nonce-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}

Pairs = list[tuple[str, str]]


def pairs(**changed: str | None) -> Pairs:
    """The good request with some parameters changed, or taken out by None."""
    return [(name, value) for name, value in {**ASKED, **changed}.items() if value is not None]


def good_request(**changed: str | None) -> AuthorizationRequest:
    judged = judge_authorization(pairs(**changed), CIFRA)
    assert isinstance(judged, AuthorizationRequest)
    return judged


def good_code(**changed: str | None) -> AuthorizationCode:
    return new_code(good_request(**changed), "person-1", NOW, NOW, sid="sid-1")


def key(algorithm: Algorithm = Algorithm.ES256, kid: str = "2026-09") -> SigningKey:
    return _key(algorithm, kid)


@cache
def _key(algorithm: Algorithm, kid: str) -> SigningKey:
    return generate_signing_key(algorithm, kid)


@cache
def box(kid: str = "box-1") -> SealingKey:
    return sealing_key(kid, kid.encode().ljust(32, b"."))


def issuer(algorithm: Algorithm = Algorithm.ES256) -> Issuer:
    return Issuer(ISSUER, key(algorithm), USERINFO)


Step = TypeVar("Step")


def without(steps: tuple[tuple[str, Step], ...], name: str) -> tuple[tuple[str, Step], ...]:
    """The table with one lock taken out."""
    left = tuple(step for step in steps if step[0] != name)
    assert len(left) == len(steps) - 1, f"no step is called {name!r}"
    return left
