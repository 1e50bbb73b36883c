"""The information system of the portal at ESIA, and ESIA's own key."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from myschool.esia import requests, strings
from myschool.esia.authorize import AuthorizeRequest, judge_authorize
from myschool.esia.certificates import KeyPair, make_key_pair
from myschool.esia.claims import Provider, Subject, issuer_of
from myschool.esia.codes import issue_code
from myschool.esia.levels import AccountLevel
from myschool.esia.requests import SignInAttempt
from myschool.esia.signing import write_signature
from myschool.esia.systems import InformationSystem

NOW = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=20)
HOST = "esia.example:8001"
BASE = f"http://{HOST}"
CALLBACK = "https://school.example/signin/answer"
SCOPES = "openid fullname snils kid_fullname kid_birthdate kid_snils birth_cert_doc kid_birth_cert_doc gender birthdate"
STATE = "48d1a8dc-0b7d-418a-b4ef-2c7797f77dc9"
OID = 1000299654

Pairs = list[tuple[str, str]]
Step = TypeVar("Step")


def keys(whose: str = "MYSCHOOL") -> KeyPair:
    return _keys(whose)


@cache
def _keys(whose: str) -> KeyPair:
    return make_key_pair(whose, NOW)


def system(**changed: object) -> InformationSystem:
    registered = InformationSystem(
        mnemonic="MYSCHOOL",
        redirect_uris=frozenset({CALLBACK}),
        scopes=frozenset(SCOPES.split()),
        certificates=(keys().certificate, keys("second").certificate),
        org_scopes=frozenset({"org_ogrn"}),
    )
    return replace(registered, **changed)  # type: ignore[arg-type]


def client() -> requests.Client:
    return requests.Client("MYSCHOOL", keys())


def attempt() -> SignInAttempt:
    return SignInAttempt(STATE, "v" * 43, CALLBACK, tuple(SCOPES.split()))


def pairs_of(url: str) -> Pairs:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def authorize_pairs(**changed: str | None) -> Pairs:
    """The good request with some parameters changed *and signed again*, or taken out by None."""
    good = dict(pairs_of(requests.authorization_request(BASE, client(), attempt(), NOW)))
    return _signed(good, changed, token=False)


def token_pairs(issued: str | None = None, **changed: str | None) -> Pairs:
    """The good token request with some parameters changed *and signed again*, or taken out by None."""
    good = requests.token_request(client(), attempt(), issued or good_code(), SOON)
    return _signed(good, changed, token=True)


def _signed(good: Mapping[str, str], changed: Mapping[str, str | None], *, token: bool) -> Pairs:
    given = {name: value for name, value in {**good, **changed}.items() if value is not None}
    if "client_secret" not in changed:
        names = ("client_id", "scope", "timestamp", "state", "redirect_uri", "scope_org")
        signed = strings.authorize_string(*(given.get(name, "") for name in names))
        signed += given.get("code", "") if token and given.get("grant_type") != "refresh_token" else ""
        given["client_secret"] = sign(signed)
    return list(given.items())


def sign(text: str, whose: str = "MYSCHOOL") -> str:
    return write_signature(keys(whose).signer.sign(text.encode()))


def provider() -> Provider:
    return Provider(issuer_of(HOST), keys("ESIA"))


def subject(level: AccountLevel = AccountLevel.CONFIRMED, oid: int = OID) -> Subject:
    return Subject(oid, level, NOW, "5" * 64)


def good_request(**changed: str | None) -> AuthorizeRequest:
    judged = judge_authorize(authorize_pairs(**changed), system(), NOW)
    assert isinstance(judged, AuthorizeRequest), judged
    return judged


def good_code(**changed: str | None) -> str:
    request = good_request(**changed)
    return issue_code(provider(), request, request.scopes, subject(), NOW)


def without(steps: tuple[tuple[str, Step], ...], name: str) -> tuple[tuple[str, Step], ...]:
    """The table with one lock taken out."""
    left = tuple(step for step in steps if step[0] != name)
    assert len(left) == len(steps) - 1, f"no step is called {name!r}"
    return left
