"""`/aas/oauth2/v2/ac`: what the provider takes, what it refuses, and who hears of it."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from myschool.esia import authorize
from myschool.esia.authorize import AuthorizeRequest, Refused, answer_url, denial, judge_authorize, mnemonic_of
from myschool.esia.levels import AccessType, AccountLevel, PersonFilter, may_enter
from myschool.esia.signing import Oddity
from myschool.esia.strings import first_generation_string
from myschool.esia.systems import InformationSystem
from myschool.esia.timestamps import write_timestamp
from tests.esia.parts import (
    CALLBACK,
    NOW,
    SCOPES,
    STATE,
    Pairs,
    authorize_pairs,
    good_request,
    keys,
    sign,
    system,
    without,
)


def test_a_real_school_portals_request_is_taken() -> None:
    """The ten scopes that a real portal asks for, in their order."""
    request = good_request()
    assert request.scopes == tuple(SCOPES.split())
    assert (request.mnemonic, request.state, request.access_type) == ("MYSCHOOL", STATE, AccessType.ONLINE)
    assert request.oddities == ()


NEAR_MISSES = [
    CALLBACK + "/",
    CALLBACK + "x",
    CALLBACK + "?next=1",
    CALLBACK + "#a",
    "https://school.example:443/signin/answer",
    "http://school.example/signin/answer",
    "https://SCHOOL.example/signin/answer",
    "https://school.example/Signin/answer",
    "https://school.example/signin/answer/more",
    "https://school.example@evil.example/signin/answer",
    "https://evil.example/signin/answer",
]


@pytest.mark.parametrize("address", NEAR_MISSES)
def test_a_redirect_uri_is_followed_only_if_registered_to_the_letter(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shown to the person, never followed; with the step taken out the attack would pass."""
    given = authorize_pairs(redirect_uri=address)
    judged = judge_authorize(given, system(), NOW)
    assert isinstance(judged, Refused)
    assert judged.refusal.number == "007023"
    with pytest.raises(ValueError, match="no address"):
        judged.url()
    lock = "redirect_uri is exactly a registered one"
    monkeypatch.setattr(authorize, "SHOWN_STEPS", without(authorize.SHOWN_STEPS, lock))
    assert isinstance(judge_authorize(given, system(), NOW), AuthorizeRequest)


SIX_MINUTES = timedelta(minutes=6)
SECOND = keys("second").certificate.hash
SIGNED = "client_secret signs this very request"
TIME = "timestamp is of now"
CHALLENGE = "code_challenge is S256"
ONCE = "each parameter once, and readable"
SCOPE = "scopes are registered"
LOCKS = [
    ("signature over another scope", authorize_pairs(client_secret=sign("another string")), "007053", SIGNED),
    (
        "v1 string",
        authorize_pairs(client_secret=sign(first_generation_string("MYSCHOOL", SCOPES, write_timestamp(NOW), STATE))),
        "007053",
        SIGNED,
    ),
    ("own certificate, other key", authorize_pairs(client_certificate_hash=SECOND), "007053", SIGNED),
    ("clock 6 minutes ahead", authorize_pairs(timestamp=write_timestamp(NOW + SIX_MINUTES)), "007015", TIME),
    ("replayed after 6 minutes", authorize_pairs(timestamp=write_timestamp(NOW - SIX_MINUTES)), "007015", TIME),
    ("offset with a colon", authorize_pairs(timestamp="2026.09.01 09:00:00 +03:00"), "007015", TIME),
    ("challenge missing", authorize_pairs(code_challenge=None, code_challenge_method=None), "007039", CHALLENGE),
    ("plain PKCE", authorize_pairs(code_challenge_method="plain"), "007003", CHALLENGE),
    ("method absent means plain", authorize_pairs(code_challenge_method=None), "007003", CHALLENGE),
    ("doubled parameter", [*authorize_pairs(), ("person_filter", ""), ("person_filter", "")], "007003", ONCE),
    ("scope that is not registered", authorize_pairs(scope=SCOPES + " contacts"), "007019", SCOPE),
    ("organisation scope not registered", authorize_pairs(scope_org="org_inn"), "007019", SCOPE),
    ("state that is no UUID", authorize_pairs(state="x"), "007003", "state is a UUID"),
    ("state in braces", authorize_pairs(state="{" + STATE + "}"), "007003", "state is a UUID"),
    ("response_type token", authorize_pairs(response_type="token"), "007009", "response_type is code"),
    ("access_type", authorize_pairs(access_type="always"), "007003", "access_type is known and allowed"),
    ("offline not registered", authorize_pairs(access_type="offline"), "007005", "access_type is known and allowed"),
    ("person_filter", authorize_pairs(person_filter="adults"), "007003", "person_filter is known"),
]


@pytest.mark.parametrize(("given", "number", "lock"), [row[1:] for row in LOCKS], ids=[row[0] for row in LOCKS])
def test_each_lock_refuses_by_redirect_and_alone(
    given: Pairs, number: str, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused with ESIA's number by redirect; with the named step taken out the attack passes."""
    judged = judge_authorize(given, system(), NOW)
    assert isinstance(judged, Refused)
    assert judged.refusal.number == number
    assert judged.refusal.developer_reason
    assert judged.url().startswith(CALLBACK + "?error=")
    monkeypatch.setattr(authorize, "REDIRECTED_STEPS", without(authorize.REDIRECTED_STEPS, lock))
    monkeypatch.setattr(authorize, "_assign", lambda asked: "passed")
    assert judge_authorize(given, system(), NOW) == "passed"


@pytest.mark.parametrize("name", [*authorize.MANDATORY, "scope"])
def test_a_missing_parameter_is_named(name: str) -> None:
    """007014 with the name in brackets; an absent scope has a number of its own."""
    judged = judge_authorize(authorize_pairs(**{name: None}), system(), NOW)
    assert isinstance(judged, Refused)
    if name == "scope":
        assert judged.refusal.number == "007013"
    else:
        assert judged.refusal.description == (
            f"ESIA-007014: The request doesn`t contain the mandatory parameter [{name}]."
        )


def test_an_empty_secret_is_a_missing_one() -> None:
    """`client_secret=` is no secret."""
    judged = judge_authorize(authorize_pairs(client_secret=""), system(), NOW)
    assert isinstance(judged, Refused)
    assert judged.refusal.number == "007014"


@pytest.mark.parametrize(
    ("given", "known", "number"),
    [
        (authorize_pairs(), None, "007002"),
        (authorize_pairs(client_id="OTHER"), system(), "007002"),
        (authorize_pairs(client_id=None), None, "007014"),
        ([*authorize_pairs(), ("client_id", "MYSCHOOL")], None, "007003"),
        (authorize_pairs(redirect_uri=None), system(), "007014"),
        ([*authorize_pairs(), ("redirect_uri", CALLBACK)], system(), "007003"),
    ],
)
def test_without_a_known_system_and_address_nothing_is_sent_back(
    given: Pairs, known: InformationSystem | None, number: str
) -> None:
    """The person is shown the reason: there is no address to trust."""
    judged = judge_authorize(given, known, NOW)
    assert isinstance(judged, Refused)
    assert (judged.refusal.number, judged.redirect_uri) == (number, None)


def test_an_expired_certificate_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own, but its time is over; without the step it would still open."""
    late = NOW + timedelta(days=400)
    given = authorize_pairs(timestamp=write_timestamp(late))
    judged = judge_authorize(given, system(), late)
    assert isinstance(judged, Refused)
    assert judged.refusal.number == "007053"
    lock = "certificate is the system's and active"
    monkeypatch.setattr(authorize, "REDIRECTED_STEPS", without(authorize.REDIRECTED_STEPS, lock))
    assert isinstance(judge_authorize(given, system(), late), AuthorizeRequest)


def test_a_certificate_of_another_system_is_refused() -> None:
    """Well signed by a stranger's key under our mnemonic: 007002. Only registering the certificate lets it in."""
    stranger = keys("stranger").certificate
    good = dict(authorize_pairs(client_certificate_hash=stranger.hash))
    names = ("client_id", "scope", "timestamp", "state", "redirect_uri")
    good["client_secret"] = sign("".join(good[name] for name in names), "stranger")
    judged = judge_authorize(good.items(), system(), NOW)
    assert isinstance(judged, Refused)
    assert judged.refusal.number == "007002"
    assert isinstance(judge_authorize(good.items(), system(certificates=(stranger,)), NOW), AuthorizeRequest)


def test_a_second_certificate_of_the_system_is_taken() -> None:
    """Rotation: the new one works beside the old."""
    good = dict(authorize_pairs(client_certificate_hash=keys("second").certificate.hash))
    names = ("client_id", "scope", "timestamp", "state", "redirect_uri")
    good["client_secret"] = sign("".join(good[name] for name in names), "second")
    assert isinstance(judge_authorize(good.items(), system(), NOW), AuthorizeRequest)


def test_a_system_that_cannot_pkce_may_be_switched() -> None:
    """Then the challenge may be absent, but plain stays refused."""
    lenient = system(demands_pkce=False)
    absent = authorize_pairs(code_challenge=None, code_challenge_method=None)
    assert isinstance(judge_authorize(absent, lenient, NOW), AuthorizeRequest)
    for given in (authorize_pairs(code_challenge_method="plain"), authorize_pairs(code_challenge=None)):
        assert isinstance(judge_authorize(given, lenient, NOW), Refused)


def test_padding_and_standard_base64_are_taken_and_mentioned() -> None:
    """A Go client pads, a .NET client sends standard base64: both work, the console says so."""
    secret = dict(authorize_pairs())["client_secret"]
    padded = judge_authorize(authorize_pairs(client_secret=secret + "=="), system(), NOW)
    assert isinstance(padded, AuthorizeRequest)
    assert padded.oddities == (Oddity.PADDED,)
    standard = authorize_pairs(client_secret=secret.replace("-", "+").replace("_", "/") + "==")
    taken = judge_authorize(standard, system(), NOW)
    assert isinstance(taken, AuthorizeRequest)
    assert set(taken.oddities) == {Oddity.PADDED, Oddity.STANDARD_BASE64}


def test_an_empty_scope_org_is_absent() -> None:
    """One PHP client always sends `scope_org=`."""
    assert good_request(scope_org="").org_scopes == ()
    assert good_request(scope_org="org_ogrn").org_scopes == ("org_ogrn",)


def test_the_answer_has_code_and_state_and_nothing_else() -> None:
    """As in production."""
    told = dict(parse_qsl(urlsplit(answer_url(good_request(), "the-code")).query))
    assert told == {"code": "the-code", "state": STATE}


def test_a_denial_goes_back_with_the_state() -> None:
    """«Отказать»: access_denied, 007004."""
    told = dict(parse_qsl(urlsplit(denial(good_request()).url()).query))
    assert told["error"] == "access_denied"
    assert told["error_description"].startswith("ESIA-007004: ")
    assert told["state"] == STATE


def test_the_reason_for_the_console_never_goes_on_the_wire() -> None:
    """A stranger reads what ESIA says, and no more."""
    judged = judge_authorize(authorize_pairs(client_secret="AAAA"), system(), NOW)
    assert isinstance(judged, Refused)
    told = dict(parse_qsl(urlsplit(judged.url()).query))
    assert told == {
        "error": "access_denied",
        "error_description": "ESIA-007053: OAuthErrorEnum.clientSecretWrong",
        "state": STATE,
    }


def test_a_request_waits_in_a_cookie_and_comes_back_the_same() -> None:
    """Written as JSON and read again."""
    request = good_request(person_filter="conf_acc acc_kid")
    assert request.person_filter == {PersonFilter.CONFIRMED, PersonFilter.CHILDREN}
    assert msgspec.json.decode(msgspec.json.encode(request), type=AuthorizeRequest) == request


def test_the_system_is_looked_up_by_a_mnemonic_given_once() -> None:
    """A doubled one names nobody."""
    assert mnemonic_of(authorize_pairs()) == "MYSCHOOL"
    assert mnemonic_of([*authorize_pairs(), ("client_id", "MYSCHOOL")]) is None


@pytest.mark.parametrize(
    ("filters", "let_in"),
    [
        ([], {"PR", "P", "KD"}),
        (["conf_acc"], {"PR"}),
        (["acc_kid"], {"KD"}),
        (["acc_not_kid"], {"PR", "P"}),
        (["conf_acc", "acc_kid"], {"PR", "KD"}),
    ],
)
def test_who_may_enter_by_person_filter(filters: list[str], let_in: set[str]) -> None:
    """Confirmed, children, everybody else."""
    chosen = frozenset(PersonFilter(word) for word in filters)
    assert {level.value for level in AccountLevel if may_enter(chosen, level)} == let_in
