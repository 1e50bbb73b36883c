"""`/aas/oauth2/v3/te`: the token request, and the code in it."""

import uuid
from datetime import timedelta

import pytest

from myschool.esia import strings, token_request
from myschool.esia.authorize import AuthorizeRequest, judge_authorize
from myschool.esia.certificates import make_key_pair
from myschool.esia.claims import CodeClaims, Provider, issuer_of
from myschool.esia.codes import issue_code
from myschool.esia.requests import refresh_request
from myschool.esia.timestamps import write_timestamp
from myschool.esia.token_request import (
    CodeGrant,
    RefreshGrant,
    Refused,
    judge_code,
    judge_token_request,
    spent_code,
)
from myschool.esia.tokens import issue_access_token
from tests.esia.parts import (
    CALLBACK,
    HOST,
    NOW,
    OID,
    SCOPES,
    SOON,
    Pairs,
    authorize_pairs,
    client,
    good_code,
    good_request,
    keys,
    provider,
    sign,
    subject,
    system,
    token_pairs,
    without,
)

VERIFIERS = (keys("ESIA").certificate.verifier,)
ISSUER = issuer_of(HOST)


def grant(pairs: Pairs | None = None) -> CodeGrant:
    judged = judge_token_request(pairs or token_pairs(), system(), SOON)
    assert isinstance(judged, CodeGrant), judged
    return judged


def test_a_code_is_redeemed_by_the_system_to_which_it_was_issued() -> None:
    """Subject, scopes and session come out as they went in."""
    claims = judge_code(grant(), ISSUER, VERIFIERS, SOON)
    assert isinstance(claims, CodeClaims)
    assert (claims.sbj.oid, claims.sid, claims.client_id) == (OID, "5" * 64, "MYSCHOOL")


def test_a_code_is_a_jwt_of_one_to_one_and_a_half_kilobytes() -> None:
    """As real clients have to store it."""
    assert 1000 <= len(good_code()) <= 1536
    assert good_code().count(".") == 2


SIX_MINUTES = timedelta(minutes=6)
SECOND = keys("second").certificate.hash
SIGNED = "client_secret signs this very request"
LOCKS = [
    ("string of the authorization", token_pairs(client_secret=sign("another")), "007053", SIGNED),
    ("own certificate, other key", token_pairs(client_certificate_hash=SECOND), "007053", SIGNED),
    ("old timestamp", token_pairs(timestamp=write_timestamp(SOON - SIX_MINUTES)), "007015", "timestamp is of now"),
    ("other address", token_pairs(redirect_uri=CALLBACK + "/"), "007023", "redirect_uri is exactly a registered one"),
    ("doubled", [*token_pairs(), ("extra", "a"), ("extra", "a")], "007003", "each parameter once, and readable"),
    ("state", token_pairs(state="1"), "007003", "state is a UUID"),
    ("token_type", token_pairs(token_type="mac"), "007003", "token_type is Bearer"),
    ("grant_type", token_pairs(grant_type="client_credentials"), "007012", "grant_type is known and complete"),
    ("more scopes", token_pairs(scope=SCOPES + " contacts"), "007019", "scopes are registered"),
]


@pytest.mark.parametrize(("pairs", "number", "lock"), [row[1:] for row in LOCKS], ids=[row[0] for row in LOCKS])
def test_each_lock_of_the_token_request_refuses_alone(
    pairs: Pairs, number: str, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused with ESIA's number as JSON, the request's state echoed; without the step the attack passes."""
    judged = judge_token_request(pairs, system(), SOON)
    assert isinstance(judged, Refused)
    assert judged.refusal.number == number
    assert judged.body()["state"] == dict(pairs)["state"]
    monkeypatch.setattr(token_request, "STEPS", without(token_request.STEPS, lock))
    assert isinstance(judge_token_request(pairs, system(), SOON), CodeGrant)


@pytest.mark.parametrize("name", [*token_request.MANDATORY, "code", "client_id"])
def test_a_missing_parameter_of_the_token_request_is_named(name: str) -> None:
    """007014 with the name in brackets."""
    judged = judge_token_request(token_pairs(**{name: None}), system(), SOON)
    assert isinstance(judged, Refused)
    assert judged.refusal.parameter == name


def test_an_unknown_system_is_not_authenticated() -> None:
    """008010."""
    for known, pairs in ((None, token_pairs()), (system(), token_pairs(client_id="OTHER"))):
        judged = judge_token_request(pairs, known, SOON)
        assert isinstance(judged, Refused)
        assert judged.refusal.number == "008010"


def _number(pairs: Pairs, at: timedelta = timedelta(0)) -> str:
    judged = judge_code(grant(pairs), ISSUER, VERIFIERS, SOON + at)
    assert isinstance(judged, Refused)
    return judged.refusal.number


def test_a_code_of_another_system_is_refused() -> None:
    """Signed by us, but not for this one."""
    other = system(mnemonic="OTHER")
    request = judge_authorize(authorize_pairs(client_id="OTHER"), other, NOW)
    assert isinstance(request, AuthorizeRequest)
    assert _number(token_pairs(issue_code(provider(), request, request.scopes, subject(), NOW))) == "007011"


def test_a_code_for_another_address_is_refused() -> None:
    """Both addresses are registered; only the one of the request counts."""
    second = "https://school.example/other"
    both = system(redirect_uris=frozenset({CALLBACK, second}))
    judged = judge_token_request(token_pairs(redirect_uri=second), both, SOON)
    assert isinstance(judged, CodeGrant)
    refused = judge_code(judged, ISSUER, VERIFIERS, SOON)
    assert isinstance(refused, Refused)
    assert refused.refusal.number == "007011"


def test_a_code_by_another_key_issuer_or_kind_is_refused() -> None:
    """Forged, of another provider, or an access token presented as a code."""
    request = good_request()
    stranger = Provider(ISSUER, make_key_pair("stranger", NOW))
    elsewhere = Provider("http://other.example/", keys("ESIA"))
    for who in (stranger, elsewhere):
        assert _number(token_pairs(issue_code(who, request, request.scopes, subject(), NOW))) == "007011"
    access = issue_access_token(provider(), "MYSCHOOL", ["openid"], subject(), NOW)
    assert _number(token_pairs(access)) == "007011"
    assert _number(token_pairs("nonsense")) == "007011"


def test_a_code_lives_sixty_seconds() -> None:
    """At the 60th second it is dead."""
    alive = judge_code(grant(), ISSUER, VERIFIERS, NOW + timedelta(seconds=59))
    assert isinstance(alive, CodeClaims)
    assert _number(token_pairs(), timedelta(seconds=40)) == "007011"


def test_the_verifier_must_fit_the_challenge() -> None:
    """007040 for another, 007014 for none."""
    assert _number(token_pairs(code_verifier="w" * 43)) == "007040"
    assert _number(token_pairs(code_verifier=None)) == "007014"


def test_a_verifier_without_a_challenge_is_a_downgrade() -> None:
    """Somebody took the challenge out of the first request: 007039."""
    lenient = system(demands_pkce=False)
    request = judge_authorize(authorize_pairs(code_challenge=None, code_challenge_method=None), lenient, NOW)
    assert isinstance(request, AuthorizeRequest)
    code = issue_code(provider(), request, request.scopes, subject(), NOW)
    assert _number(token_pairs(code)) == "007039"
    assert isinstance(judge_code(grant(token_pairs(code, code_verifier=None)), ISSUER, VERIFIERS, SOON), CodeClaims)


def test_a_code_grants_no_more_than_was_asked() -> None:
    """The person may grant less, the provider never more."""
    request = good_request()
    with pytest.raises(ValueError, match="not requested"):
        issue_code(provider(), request, ["openid", "contacts"], subject(), NOW)


def test_a_spent_code_is_refused_like_any_bad_code() -> None:
    """007011, and the console knows why."""
    refused = spent_code(grant())
    assert refused.body()["error"] == "invalid_grant"
    assert "used before" in refused.refusal.developer_reason
    assert "used before" not in refused.body()["error_description"]


def test_a_refresh_by_variant_a_is_taken_where_registered() -> None:
    """The string of the authorization; a system without offline access is not authorized."""
    form = refresh_request(client(), str(uuid.uuid4()), CALLBACK, SCOPES.split(), SOON)
    judged = judge_token_request(form.items(), system(may_go_offline=True), SOON)
    assert isinstance(judged, RefreshGrant)
    assert judged.refresh_token == form["refresh_token"]
    refused = judge_token_request(form.items(), system(), SOON)
    assert isinstance(refused, Refused)
    assert refused.refusal.number == "007005"


def test_a_refresh_by_variant_b_is_taken_only_behind_its_switch() -> None:
    """The string with the refresh token at its end."""
    form = refresh_request(client(), str(uuid.uuid4()), CALLBACK, SCOPES.split(), SOON)
    form["client_secret"] = sign(
        strings.refresh_string_with_token("MYSCHOOL", SCOPES, form["timestamp"], form["state"], form["refresh_token"])
    )
    closed = judge_token_request(form.items(), system(may_go_offline=True), SOON)
    assert isinstance(closed, Refused)
    opened = system(may_go_offline=True, takes_refresh_string_with_token=True)
    assert isinstance(judge_token_request(form.items(), opened, SOON), RefreshGrant)
