"""RFC 6749 §4.1, OIDC Core §3.1.2, RFC 7636, RFC 9207, RFC 9700: the authorization request."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from myschool.oidc import authorization
from myschool.oidc.authorization import (
    AuthorizationRequest,
    EndUserSession,
    NextStep,
    Refused,
    answer_url,
    client_id_of,
    judge_authorization,
    next_step,
    refusal_url,
)
from tests.oidc.parts import CALLBACK, CIFRA, ISSUER, NOW, Pairs, good_request, pairs, without

SHOWN = [
    ("suffix", pairs(redirect_uri=CALLBACK + "x")),
    ("path below", pairs(redirect_uri="https://cifra.example/signin/back/more?from=school")),
    ("trailing slash", pairs(redirect_uri="https://cifra.example/signin/back/?from=school")),
    ("query dropped", pairs(redirect_uri="https://cifra.example/signin/back")),
    ("query added", pairs(redirect_uri=CALLBACK + "&to=elsewhere")),
    ("port", pairs(redirect_uri="https://cifra.example:443/signin/back?from=school")),
    ("scheme", pairs(redirect_uri="http://cifra.example/signin/back?from=school")),
    ("case of the host", pairs(redirect_uri="https://CIFRA.example/signin/back?from=school")),
    ("case of the path", pairs(redirect_uri="https://cifra.example/SignIn/back?from=school")),
    ("encoded letter", pairs(redirect_uri="https://cifra.example/sign%69n/back?from=school")),
    ("user part", pairs(redirect_uri="https://cifra.example@evil.example/signin/back?from=school")),
    ("dot segment", pairs(redirect_uri="https://cifra.example/x/../signin/back?from=school")),
    ("fragment", pairs(redirect_uri=CALLBACK + "#x")),
]


@pytest.mark.parametrize("request_pairs", [given for _, given in SHOWN], ids=[name for name, _ in SHOWN])
def test_a_redirect_uri_that_differs_in_anything_is_shown_and_never_followed(
    request_pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the registered address, to the letter, is followed; with the step taken out the attack would pass."""
    judged = judge_authorization(request_pairs, CIFRA)
    assert isinstance(judged, Refused)
    assert judged.redirect_uri is None
    with pytest.raises(ValueError, match="no address"):
        refusal_url(judged, ISSUER)
    lock = "redirect_uri is exactly a registered one"
    monkeypatch.setattr(authorization, "SHOWN_STEPS", without(authorization.SHOWN_STEPS, lock))
    assert isinstance(judge_authorization(request_pairs, CIFRA), AuthorizationRequest)


def test_an_unknown_client_is_shown_to_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody registered, or a client loaded under another name: no redirect."""
    for client, given in ((None, pairs()), (CIFRA, pairs(client_id="other"))):
        judged = judge_authorization(given, client)
        assert isinstance(judged, Refused)
        assert judged.redirect_uri is None
    monkeypatch.setattr(authorization, "SHOWN_STEPS", without(authorization.SHOWN_STEPS, "client is registered"))
    assert isinstance(judge_authorization(pairs(client_id="other"), CIFRA), AuthorizationRequest)


PKCE = "PKCE with S256, from every client"
ONCE = "each parameter once, and readable"
RESPONSE = "response_type is code, answered in the query"
REDIRECTED = [
    ("challenge missing", pairs(code_challenge=None, code_challenge_method=None), "invalid_request", PKCE),
    ("plain", pairs(code_challenge_method="plain"), "invalid_request", PKCE),
    ("method absent means plain", pairs(code_challenge_method=None), "invalid_request", PKCE),
    ("lower-case method", pairs(code_challenge_method="s256"), "invalid_request", PKCE),
    ("challenge too short", pairs(code_challenge="c" * 42), "invalid_request", PKCE),
    ("challenge with padding", pairs(code_challenge="c" * 43 + "="), "invalid_request", PKCE),
    ("doubled hint", [*pairs(), ("login_hint", "a"), ("login_hint", "b")], "invalid_request", ONCE),
    ("doubled state", [*pairs(), ("state", "state-1")], "invalid_request", ONCE),
    ("line feed", pairs(state="a\nSet-Cookie: b"), "invalid_request", ONCE),
    ("null byte", pairs(nonce="a\x00"), "invalid_request", ONCE),
    ("implicit", pairs(response_type="token"), "unsupported_response_type", RESPONSE),
    ("hybrid", pairs(response_type="code id_token"), "unsupported_response_type", RESPONSE),
    ("no response_type", pairs(response_type=None), "invalid_request", RESPONSE),
    ("fragment mode", pairs(response_mode="fragment"), "invalid_request", RESPONSE),
    ("request object", pairs(request="e30."), "request_not_supported", "no request object"),
    ("request_uri", pairs(request_uri="https://evil.example/r"), "request_uri_not_supported", "no request object"),
    ("without openid", pairs(scope="grade"), "invalid_scope", "scope has openid"),
    ("without scope", pairs(scope=None), "invalid_scope", "scope has openid"),
    ("none and login", pairs(prompt="none login"), "invalid_request", "prompt is known and consistent"),
    ("endless nonce", pairs(nonce="n" * 2000), "invalid_request", "state and nonce are short enough to carry"),
]


@pytest.mark.parametrize(
    ("given", "code", "lock"), [row[1:] for row in REDIRECTED], ids=[name for name, *_ in REDIRECTED]
)
def test_every_other_objection_goes_to_the_client_in_the_standards_words(
    given: Pairs, code: str, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by redirect with the standard's code; the named step, and no other, is what refuses."""
    judged = judge_authorization(given, CIFRA)
    assert isinstance(judged, Refused)
    assert judged.redirect_uri == CALLBACK
    assert judged.error.code == code
    left = without(authorization.REDIRECTED_STEPS, lock)
    monkeypatch.setattr(authorization, "REDIRECTED_STEPS", left)
    monkeypatch.setattr(authorization, "_assign", lambda given, client: "passed")
    assert judge_authorization(given, CIFRA) == "passed"


def test_unknown_prompt_and_max_age_are_refused() -> None:
    """What cannot be understood is not guessed."""
    for given in (pairs(prompt="create"), pairs(max_age="-1"), pairs(max_age="١"), pairs(max_age="1" * 12)):
        judged = judge_authorization(given, CIFRA)
        assert isinstance(judged, Refused)
        assert judged.error.code == "invalid_request"


def test_scopes_never_exceed_the_registration() -> None:
    """A scope that is not registered is ignored and named for the log (OIDC Core §3.1.2.1)."""
    judged = good_request(scope="openid grade email snils")
    assert judged.scopes == {"openid", "grade"}
    assert judged.ignored_scopes == {"email", "snils"}


def test_a_good_request_survives_the_cookie_in_which_it_waits() -> None:
    """Written as JSON and read again it is the same value."""
    request = good_request(prompt="login consent", max_age="3600", login_hint="hint")
    assert msgspec.json.decode(msgspec.json.encode(request), type=AuthorizationRequest) == request


def test_the_answer_names_its_issuer_and_keeps_the_query_of_the_address() -> None:
    """RFC 9207 against mix-up; RFC 6749 §3.1.2 for the query."""
    url = answer_url(good_request(), "the-code", ISSUER)
    assert url.startswith(CALLBACK + "&")
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "from": "school",
        "code": "the-code",
        "state": "state-1",
        "iss": ISSUER,
    }


def test_a_refusal_names_its_issuer_too_and_tells_no_reason_of_the_log() -> None:
    """`error_description` is for strangers; `reason` stays here."""
    judged = judge_authorization(pairs(code_challenge_method="plain"), CIFRA)
    assert isinstance(judged, Refused)
    told = dict(parse_qsl(urlsplit(refusal_url(judged, ISSUER)).query))
    assert told["iss"] == ISSUER
    assert told["state"] == "state-1"
    assert "plain" not in told["error_description"]
    assert "plain" in judged.error.reason


def test_the_client_is_looked_up_by_a_client_id_given_once() -> None:
    """A doubled client_id names nobody."""
    assert client_id_of(pairs()) == "cifra"
    assert client_id_of([*pairs(), ("client_id", "cifra")]) is None


SIGNED_IN = EndUserSession(NOW - timedelta(minutes=10), frozenset({"openid", "grade"}))
JUST_NOW = EndUserSession(NOW + timedelta(seconds=5), SIGNED_IN.granted_scopes)
STRANGER = EndUserSession(NOW - timedelta(minutes=10), frozenset({"openid"}))


@pytest.mark.parametrize(
    ("changed", "session", "step"),
    [
        ({}, None, NextStep.SIGN_IN),
        ({}, SIGNED_IN, NextStep.ANSWER),
        ({}, STRANGER, NextStep.ASK_CONSENT),
        ({"prompt": "login"}, SIGNED_IN, NextStep.SIGN_IN),
        ({"prompt": "login"}, JUST_NOW, NextStep.ANSWER),
        ({"max_age": "60"}, SIGNED_IN, NextStep.SIGN_IN),
        ({"max_age": "3600"}, SIGNED_IN, NextStep.ANSWER),
        ({"max_age": "0"}, JUST_NOW, NextStep.ANSWER),
        ({"prompt": "none"}, None, "login_required"),
        ({"prompt": "none"}, STRANGER, "consent_required"),
        ({"prompt": "none", "max_age": "60"}, SIGNED_IN, "login_required"),
        ({"prompt": "none"}, SIGNED_IN, NextStep.ANSWER),
    ],
)
def test_what_the_person_must_do_first(changed: dict[str, str], session: EndUserSession | None, step: str) -> None:
    """OIDC Core §3.1.2.3: sign in, consent, answer; under `prompt=none` the errors instead of pages."""
    decided = next_step(good_request(**changed), session, NOW + timedelta(seconds=6), begun_at=NOW)
    assert (decided.error.code if isinstance(decided, Refused) else decided) == step


def test_consent_asked_for_is_asked_again() -> None:
    """`prompt=consent` asks although everything was granted before (OIDC Core §3.1.2.1)."""
    request, granted = good_request(prompt="consent"), SIGNED_IN.granted_scopes
    assert next_step(request, SIGNED_IN, NOW, begun_at=NOW) is NextStep.ASK_CONSENT
    renewed = EndUserSession(SIGNED_IN.authenticated_at, granted, granted_at=NOW + timedelta(seconds=5))
    assert next_step(request, renewed, NOW + timedelta(seconds=6), begun_at=NOW) is NextStep.ANSWER
