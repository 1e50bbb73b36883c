"""OIDC Core §2, §3.1.3, §5.3, RFC 9068: tokens, written and believed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from myschool.oidc import tokens, verification
from myschool.oidc.errors import InvalidToken, TokenRefused
from myschool.oidc.keys import Algorithm, key_set
from myschool.oidc.pairwise import pairwise_subject, sector_of
from myschool.oidc.tokens import (
    AccessGrant,
    issue_tokens,
    read_bearer,
    userinfo_claims,
    verify_own_access_token,
)
from myschool.oidc.verification import Expectation, UnverifiedToken, VerifiedClaims, verify_id_token
from tests.oidc.parts import ISSUER, NOW, SOON, USERINFO, good_code, issuer, key

KEYS = key_set([key()])
EXPECTED = Expectation(ISSUER, "cifra", "nonce-1")
SALT = b"salt of the portal, never changed."


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_the_client_believes_what_the_provider_wrote(algorithm: Algorithm) -> None:
    """Subject, nonce, sign-in time and the bond to the access token arrive."""
    written = issue_tokens(issuer(algorithm), good_code(), "pairwise-1", NOW, {"grade": 5, "sub": "forged"})
    expected = Expectation(ISSUER, "cifra", "nonce-1", timedelta(minutes=5), written.access_token)
    believed = verify_id_token(UnverifiedToken(written.id_token), key_set([key(algorithm)]), expected, SOON)
    assert believed.subject == "pairwise-1"
    assert believed.claims["grade"] == 5
    assert believed.claims["auth_time"] == int(NOW.timestamp())


def _token(**changed: Any) -> UnverifiedToken:
    at = int(NOW.timestamp())
    claims = {"iss": ISSUER, "aud": "cifra", "sub": "p", "iat": at, "exp": at + 600, "nonce": "nonce-1", **changed}
    return UnverifiedToken(key().sign({name: value for name, value in claims.items() if value is not None}))


def _at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


LIES = [
    ("other_issuer", {"iss": "https://evil.example"}, EXPECTED, NOW, "_check_who"),
    ("other_issuer", {"iss": ISSUER + "/"}, EXPECTED, NOW, "_check_who"),
    ("other_audience", {"aud": "yaklass"}, EXPECTED, NOW, "_check_who"),
    ("other_audience", {"aud": None}, EXPECTED, NOW, "_check_who"),
    ("other_party", {"aud": ["cifra", "yaklass"]}, EXPECTED, NOW, "_check_who"),
    ("other_party", {"azp": "yaklass"}, EXPECTED, NOW, "_check_who"),
    ("expired", {}, EXPECTED, _at(661), "_check_when"),
    ("not_yet", {}, EXPECTED, _at(-61), "_check_when"),
    ("not_yet", {"nbf": int(NOW.timestamp()) + 120}, EXPECTED, NOW, "_check_when"),
    (
        "signed_in_too_long_ago",
        {"auth_time": 0},
        Expectation(ISSUER, "cifra", "nonce-1", timedelta(0)),
        NOW,
        "_check_when",
    ),
    ("unreadable", {"exp": "never"}, EXPECTED, NOW, "_check_when"),
    ("unreadable", {"exp": True}, EXPECTED, NOW, "_check_when"),
    ("other_nonce", {"nonce": "nonce-2"}, EXPECTED, NOW, "_check_which"),
    ("other_nonce", {"nonce": None}, EXPECTED, NOW, "_check_which"),
    ("other_nonce", {}, Expectation(ISSUER, "cifra"), NOW, "_check_which"),
    (
        "other_access_token",
        {"at_hash": "x"},
        Expectation(ISSUER, "cifra", "nonce-1", access_token="t"),
        NOW,
        "_check_which",
    ),
    ("no_subject", {"sub": None}, EXPECTED, NOW, None),
    ("no_subject", {"sub": 5}, EXPECTED, NOW, None),
]


@pytest.mark.parametrize(
    ("reason", "changed", "expected", "at", "lock"), LIES, ids=[f"{row[0]}-{i}" for i, row in enumerate(LIES)]
)
def test_a_token_that_lies_is_refused_with_the_reason(
    reason: str,
    changed: dict[str, Any],
    expected: Expectation,
    at: datetime,
    lock: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """OIDC Core §3.1.3.7, claim by claim; with its check taken out the lie is believed."""
    with pytest.raises(TokenRefused) as caught:
        verify_id_token(_token(**changed), KEYS, expected, at)
    assert caught.value.reason == reason
    if lock is not None and "exp" not in changed:
        monkeypatch.setattr(verification, lock, lambda *claims_and_expectation: None)
        assert isinstance(verify_id_token(_token(**changed), KEYS, expected, at), VerifiedClaims)


def test_a_clock_may_be_a_minute_off_and_no_more() -> None:
    """Skew of 60 seconds at both ends."""
    assert verify_id_token(_token(), KEYS, EXPECTED, _at(659)).subject == "p"
    assert verify_id_token(_token(), KEYS, EXPECTED, _at(-60)).subject == "p"


def _access() -> str:
    return issue_tokens(issuer(), good_code(), "pairwise-1", NOW).access_token


def test_our_own_access_token_opens_our_own_door() -> None:
    """RFC 9068: type, issuer, audience, time, and the name of the code it came from."""
    grant = verify_own_access_token(_access(), KEYS, ISSUER, USERINFO, SOON)
    assert (grant.subject, grant.client_id, grant.scopes) == ("pairwise-1", "cifra", {"openid", "grade"})
    assert grant.sid == "sid-1"


Attack = Callable[[], tuple[str, str, str, datetime]]


@pytest.mark.parametrize(
    "attack",
    [
        lambda: (issue_tokens(issuer(), good_code(), "p", NOW).id_token, ISSUER, USERINFO, NOW),
        lambda: (_access(), "https://other.example", USERINFO, NOW),
        lambda: (_access(), ISSUER, "https://other.example/userinfo", NOW),
        lambda: (_access(), ISSUER, USERINFO, NOW + tokens.ACCESS_TOKEN_LIFETIME),
        lambda: (key().sign({"iss": ISSUER}, typ="at+jwt"), ISSUER, USERINFO, NOW),
        lambda: ("nonsense", ISSUER, USERINFO, NOW),
    ],
    ids=["id_token", "issuer", "audience", "expired", "claims missing", "nonsense"],
)
def test_another_token_does_not_open_our_door(attack: Attack) -> None:
    """An id_token, another issuer's, another resource's, an expired one."""
    token, issuer_url, resource, at = attack()
    with pytest.raises(InvalidToken):
        verify_own_access_token(token, KEYS, issuer_url, resource, at)


def test_userinfo_shows_what_the_scopes_name_and_nothing_else() -> None:
    """Absent rather than null; nothing can take the place of `sub`."""
    known = {"sub": "forged", "grade": 5, "email": "a@b.example", "name": None, "snils": "000-000-600 06"}
    grant = AccessGrant("cifra", "pairwise-1", frozenset({"openid", "grade", "profile"}), "j", 0)
    scope_claims = {**tokens.SCOPE_CLAIMS, "grade": frozenset({"grade"})}
    assert userinfo_claims(grant, known, scope_claims) == {"sub": "pairwise-1", "grade": 5}


def test_a_bearer_token_is_read_from_its_header_only() -> None:
    """RFC 6750 §2.1."""
    assert read_bearer("bearer abc") == "abc"
    for header in (None, "", "Basic abc", "Bearer", "Bearer  "):
        with pytest.raises(InvalidToken):
            read_bearer(header)


def test_two_platforms_cannot_match_their_pupils() -> None:
    """OIDC Core §8.1: another sector, another person, another salt: another subject; the same thrice: the same."""
    subject = pairwise_subject("cifra.example", "person-1", SALT)
    others = {
        pairwise_subject("digit.example", "person-1", SALT),
        pairwise_subject("cifra.example", "person-2", SALT),
        pairwise_subject("cifra.example", "person-1", SALT[::-1]),
        pairwise_subject("cifra.example:person", "-1", SALT),
    }
    assert len(others | {subject}) == 5
    assert pairwise_subject("CIFRA.example", "person-1", SALT) == subject
    assert "person" not in subject


def test_a_short_salt_is_refused() -> None:
    """A guessable salt would undo every pseudonym."""
    with pytest.raises(ValueError, match="32 bytes"):
        pairwise_subject("a", "b", b"short")


def test_a_sector_is_the_one_host_of_all_addresses() -> None:
    """Several hosts have no sector by themselves."""
    assert sector_of({"https://a.example/1", "https://a.example:8443/2"}) == "a.example"
    assert sector_of({"https://a.example/1", "https://b.example/1"}) is None


def test_answers_show_no_token_in_a_repr() -> None:
    """What is logged by accident tells nothing."""
    assert _access()[:20] not in repr(issue_tokens(issuer(), good_code(), "p", NOW))
