"""RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 7523: the token request."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest

from myschool.oidc import exchange, registration
from myschool.oidc.authentication import ASSERTION_TYPE, AuthenticatedClient, authenticate, read_client_claim
from myschool.oidc.codes import AuthorizationCode, new_code, open_code, seal_code
from myschool.oidc.errors import InvalidClient, InvalidGrant, InvalidRequest, ProtocolError, UnsupportedGrantType
from myschool.oidc.exchange import judge_code_exchange, read_token_request
from myschool.oidc.keys import Algorithm, generate_signing_key, key_set
from myschool.oidc.parameters import read_parameters
from myschool.oidc.registration import ClientAuthentication, RegisteredClient
from myschool.oidc.sealing import seal
from tests.oidc.parts import CALLBACK, CIFRA, ISSUER, NOW, SECRET, SOON, VERIFIER, box, good_code, good_request, key
from tests.oidc.parts import without as without_step

BASIC = "Basic " + b64encode(f"cifra:{SECRET}".replace(" ", "+").replace(",", "%2C").encode()).decode()
AUDIENCES = (ISSUER, f"{ISSUER}/oidc/token")


def form(code: str | None = None, **changed: str | None) -> list[tuple[str, str]]:
    fields = {
        "grant_type": "authorization_code",
        "code": code or seal_code(good_code(), box()),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **changed,
    }
    return [(name, value) for name, value in fields.items() if value is not None]


def redeem(fields: list[tuple[str, str]], client: RegisteredClient = CIFRA, at: Any = SOON) -> AuthorizationCode:
    request = read_token_request(fields, BASIC)
    return judge_code_exchange(request, AuthenticatedClient(client), [box()], at)


def test_a_good_code_is_redeemed_by_its_client() -> None:
    """Whose secret it is, that one gets what the code stands for."""
    request = read_token_request(form(), BASIC)
    authenticated = authenticate(request.claim, CIFRA, AUDIENCES, SOON)
    code = judge_code_exchange(request, authenticated, [box()], SOON)
    assert (code.subject, code.nonce, code.scopes) == ("person-1", "nonce-1", {"openid", "grade"})


OTHER = RegisteredClient("other", CIFRA.redirect_uris, CIFRA.scopes, "other.example")
ATTACKS = [
    ("another client's code", form(), OTHER, "the code was issued to this client"),
    ("another redirect_uri", form(redirect_uri=CALLBACK + "&x=1"), CIFRA, "redirect_uri is the one of the request"),
    ("another verifier", form(code_verifier="w" * 43), CIFRA, "the verifier fits the challenge"),
    ("verifier too short", form(code_verifier="v" * 42), CIFRA, "the verifier fits the challenge"),
    ("verifier of odd letters", form(code_verifier="v" * 42 + "é"), CIFRA, "the verifier fits the challenge"),
]


@pytest.mark.parametrize(("fields", "client", "lock"), [row[1:] for row in ATTACKS], ids=[row[0] for row in ATTACKS])
def test_a_code_is_bound_to_client_address_and_challenge(
    fields: list[tuple[str, str]], client: RegisteredClient, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each binding refuses by itself, in the same words to the stranger; without its step the attack passes."""
    with pytest.raises(InvalidGrant) as caught:
        redeem(fields, client)
    assert caught.value.description == "the code is not valid"
    assert lock in caught.value.reason
    monkeypatch.setattr(exchange, "STEPS", without_step(exchange.STEPS, lock))
    assert redeem(fields, client).subject == "person-1"


def test_a_code_lives_sixty_seconds() -> None:
    """At the 60th second it is dead; a code from the future is none."""
    sealed = seal_code(good_code(), box())
    assert open_code(sealed, [box()], NOW + timedelta(seconds=59)).subject == "person-1"
    for at in (NOW + timedelta(seconds=60), NOW - timedelta(seconds=30)):
        with pytest.raises(InvalidGrant):
            open_code(sealed, [box()], at)


def test_what_we_sealed_for_another_purpose_is_no_code() -> None:
    """A cookie of ours, a code under a foreign key, an access token, nonsense: none is a code."""
    cookie = seal(good_code(), box(), "oidc-request")
    foreign = seal_code(good_code(), box("box-of-another"))
    for text in (cookie, foreign, key().sign({"a": 1}), "x", "e30....", ""):
        with pytest.raises(InvalidGrant):
            open_code(text, [box()], NOW)


def test_codes_of_the_old_key_are_opened_during_a_change() -> None:
    """The newest key seals, all listed keys open."""
    old = seal_code(good_code(), box("old"))
    assert open_code(old, [box("new"), box("old")], NOW).client_id == "cifra"


def test_each_code_has_a_name_of_its_own() -> None:
    """`jti` is what single use is written down under."""
    assert good_code().jti != good_code().jti


def test_a_code_shows_nobody_the_person() -> None:
    """Neither in the URL that carries it nor in a log line."""
    code = new_code(good_request(), "Фрося Бурлакова", NOW, NOW)
    assert "Фрося" not in repr(code)
    assert "cifra" not in seal_code(code, box())


@pytest.mark.parametrize(
    ("fields", "header", "expected"),
    [
        (form(grant_type="password"), BASIC, UnsupportedGrantType),
        (form(grant_type=None), BASIC, InvalidRequest),
        (form(code_verifier=None), BASIC, InvalidRequest),
        (form(redirect_uri=None), BASIC, InvalidRequest),
        ([*form(), ("code", "x")], BASIC, InvalidRequest),
        (form(), None, InvalidClient),
        (form(), "Basic !!!", InvalidClient),
        (form(), "Basic " + b64encode(b"no colon").decode(), InvalidClient),
        (form(client_secret=SECRET), BASIC, InvalidRequest),
        (form(client_id="another"), BASIC, InvalidClient),
        (form(client_id="cifra", client_assertion="x", client_assertion_type="y"), None, InvalidClient),
    ],
)
def test_a_token_request_that_cannot_be_read_says_what_is_missing(
    fields: list[tuple[str, str]], header: str | None, expected: type[ProtocolError]
) -> None:
    """In the standard's words; two methods of authentication at once are refused (RFC 6749 §2.3)."""
    with pytest.raises(expected):
        read_token_request(fields, header)


def test_a_wrong_secret_an_unknown_client_and_another_method_sound_alike() -> None:
    """Nobody learns which client ids exist."""
    claim = read_token_request(form(), BASIC).claim
    keyed = RegisteredClient(
        "cifra", CIFRA.redirect_uris, CIFRA.scopes, "x", ClientAuthentication.PRIVATE_KEY_JWT, keys=key_set([key()])
    )
    other = RegisteredClient(
        "cifra", CIFRA.redirect_uris, CIFRA.scopes, "x", secret_digest=registration.digest_of_secret("other")
    )
    secretless = RegisteredClient("cifra", CIFRA.redirect_uris, CIFRA.scopes, "x")
    said = set()
    for client in (None, keyed, other, secretless):
        with pytest.raises(InvalidClient) as caught:
            authenticate(claim, client, AUDIENCES, NOW)
        said.add(caught.value.description)
    assert said == {"client authentication failed"}


KEYED = RegisteredClient(
    "cifra", CIFRA.redirect_uris, CIFRA.scopes, "x", ClientAuthentication.PRIVATE_KEY_JWT, keys=key_set([key()])
)


def assertion(signed_by: Any = None, **changed: Any) -> str:
    claims = {
        "iss": "cifra",
        "sub": "cifra",
        "aud": AUDIENCES[1],
        "exp": int(NOW.timestamp()) + 60,
        "jti": "assertion-1",
        **changed,
    }
    return str((signed_by or key()).sign(claims))


def _by_assertion(text: str) -> AuthenticatedClient:
    given = read_parameters(form(client_id="cifra", client_assertion=text, client_assertion_type=ASSERTION_TYPE))
    return authenticate(read_client_claim(given, None), KEYED, AUDIENCES, NOW)


def test_a_signed_assertion_proves_the_client_and_names_itself() -> None:
    """Its `jti` is handed up to be used once (RFC 7523 §3)."""
    assert _by_assertion(assertion()).assertion_id == "assertion-1"
    assert _by_assertion(assertion(aud=[ISSUER])).client is KEYED


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"aud": "https://other.example"},
        {"aud": None},
        {"exp": int(NOW.timestamp()) - 31},
        {"exp": int(NOW.timestamp()) + 3600},
        {"exp": "soon"},
        {"jti": None},
    ],
)
def test_an_assertion_for_another_time_place_or_client_is_refused(changed: dict[str, Any]) -> None:
    """Every claim that binds it is checked."""
    with pytest.raises(InvalidClient):
        _by_assertion(assertion(**changed))


def test_an_assertion_by_another_key_is_refused() -> None:
    """Also when it bears the right kid."""
    with pytest.raises(InvalidClient):
        _by_assertion(assertion(generate_signing_key(Algorithm.ES256, key().kid)))
