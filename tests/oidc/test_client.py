"""The client's side, OIDC Core §3.1.2.5 and §3.1.3, RFC 9207; and the whole sign-in between both ends."""

from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from myschool.oidc import client
from myschool.oidc.authentication import authenticate
from myschool.oidc.authorization import AuthorizationRequest, answer_url, judge_authorization
from myschool.oidc.client import SignInAttempt, new_attempt, read_authorization_response, read_token_response
from myschool.oidc.codes import new_code, seal_code
from myschool.oidc.errors import AnswerRefused
from myschool.oidc.exchange import judge_code_exchange, read_token_request
from myschool.oidc.keys import key_set
from myschool.oidc.sealing import seal, sealing_key, unseal
from myschool.oidc.tokens import issue_tokens, userinfo_claims, verify_own_access_token
from myschool.oidc.verification import Expectation, verify_id_token
from tests.oidc.parts import CALLBACK, CIFRA, ISSUER, NOW, SECRET, SOON, USERINFO, box, issuer, key

KEYS = key_set([key()])


def _query(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query)


def test_a_pupil_is_signed_in_at_a_platform_from_first_redirect_to_userinfo() -> None:
    """Client and provider understand each other through nothing but the wire."""
    attempt = new_attempt(ISSUER, CALLBACK)
    url = client.authorization_request(f"{ISSUER}/authorize", "cifra", attempt, ("openid", "grade"))
    request = judge_authorization(_query(url), CIFRA)
    assert isinstance(request, AuthorizationRequest)
    sent_back = answer_url(request, seal_code(new_code(request, "person-1", NOW, NOW), box()), ISSUER)

    code = read_authorization_response(_query(sent_back), attempt)
    sent = client.token_request(f"{ISSUER}/token", "cifra", SECRET, attempt, code)
    presented = read_token_request(parse_qsl(sent.body.decode()), sent.headers["Authorization"])
    authenticated = authenticate(presented.claim, CIFRA, (ISSUER,), SOON)
    redeemed = judge_code_exchange(presented, authenticated, [box()], SOON)
    answer = issue_tokens(issuer(), redeemed, "pairwise-1", SOON)

    received = read_token_response(200, answer.as_json())
    expected = Expectation(ISSUER, "cifra", attempt.nonce, access_token=received.access_token)
    assert verify_id_token(received.id_token, KEYS, expected, SOON).subject == "pairwise-1"

    asked = client.userinfo_request(USERINFO, received.access_token)
    bearer = asked.headers["Authorization"].removeprefix("Bearer ")
    told = userinfo_claims(
        verify_own_access_token(bearer, KEYS, ISSUER, USERINFO, SOON), {"grade": 5}, {"grade": frozenset({"grade"})}
    )
    body = msgspec.json.encode(told)
    assert client.read_userinfo_response(200, body, "pairwise-1") == {"sub": "pairwise-1", "grade": 5}


ATTEMPT = SignInAttempt(ISSUER, CALLBACK, "state-1", "nonce-1", "v" * 43)
GOOD = {"code": "c", "state": "state-1", "iss": ISSUER}


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ({**GOOD, "state": "state-2"}, "other_state"),
        ({"code": "c", "iss": ISSUER}, "other_state"),
        ({**GOOD, "iss": "https://evil.example"}, "other_issuer"),
        ({"code": "c", "state": "state-1"}, "other_issuer"),
        ({"state": "state-1", "iss": ISSUER, "error": "access_denied"}, "refused"),
        ({"state": "state-1", "iss": ISSUER}, "no_code"),
    ],
)
def test_an_answer_to_another_question_is_refused(pairs: dict[str, str], reason: str) -> None:
    """State against forged answers, issuer against mix-up."""
    with pytest.raises(AnswerRefused) as caught:
        read_authorization_response(pairs.items(), ATTEMPT)
    assert caught.value.reason == reason
    assert read_authorization_response(GOOD.items(), ATTEMPT) == "c"


def test_a_doubled_code_is_refused() -> None:
    """Which of the two would be ours?"""
    with pytest.raises(AnswerRefused, match="unreadable"):
        read_authorization_response([*GOOD.items(), ("code", "d")], ATTEMPT)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, b'{"error":"invalid_grant","error_description":"no"}', "refused"),
        (502, b"<html>", "status_502"),
        (200, b"<html>", "unreadable"),
        (200, b'{"access_token":"a"}', "unreadable"),
        (200, b'{"access_token":"a","id_token":"b","token_type":"mac"}', "other_token_type"),
    ],
)
def test_a_token_answer_that_is_none_is_refused(status: int, body: bytes, reason: str) -> None:
    """Refusals keep their code, nonsense is nonsense."""
    with pytest.raises(AnswerRefused) as caught:
        read_token_response(status, body)
    assert caught.value.reason == reason


def test_userinfo_about_another_person_is_refused() -> None:
    """OIDC Core §5.3.4."""
    with pytest.raises(AnswerRefused, match="other_subject"):
        client.read_userinfo_response(200, b'{"sub":"somebody"}', "pairwise-1")
    with pytest.raises(AnswerRefused, match="status_401"):
        client.read_userinfo_response(401, b"", "pairwise-1")


def test_the_attempt_waits_sealed_in_a_cookie() -> None:
    """It comes back as it went; under another purpose or key it does not come back."""
    sealed = seal(ATTEMPT, box(), "attempt")
    assert unseal(sealed, [box()], "attempt", SignInAttempt) == ATTEMPT
    assert unseal(sealed, [box()], "code", SignInAttempt) is None
    assert unseal(sealed, [box("other")], "attempt", SignInAttempt) is None
    for place in range(0, len(sealed), 7):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        assert unseal(changed, [box()], "attempt", SignInAttempt) in (None, ATTEMPT)
    assert ATTEMPT.state not in sealed + repr(ATTEMPT)


def test_a_sealing_key_has_32_bytes() -> None:
    """Neither more nor less."""
    with pytest.raises(ValueError, match="32 bytes"):
        sealing_key("k", b"short")
