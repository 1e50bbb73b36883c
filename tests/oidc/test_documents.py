"""OIDC Discovery, third-party initiated login (OIDC Core §4), RP-initiated logout, registration, parameters."""

from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from myschool.oidc.discovery import Endpoints, discovery_document, jwks_document, read_discovery_document
from myschool.oidc.errors import InvalidRequest
from myschool.oidc.initiation import initiation_url, read_initiation
from myschool.oidc.keys import key_set, read_jwks
from myschool.oidc.logout import judge_logout
from myschool.oidc.parameters import LONGEST_VALUE, read_parameters, with_parameters
from myschool.oidc.pkce import challenge_of, new_verifier, verifier_fits
from myschool.oidc.registration import may_be_registered
from tests.oidc.parts import CIFRA, ISSUER, key

ENDPOINTS = Endpoints(ISSUER, f"{ISSUER}/a", f"{ISSUER}/t", f"{ISSUER}/u", f"{ISSUER}/j", f"{ISSUER}/bye")


def test_the_discovery_document_promises_what_is_kept() -> None:
    """Code with S256 and an issuer in the answer; no implicit flow, no `none`, no `plain`."""
    document = msgspec.json.decode(discovery_document(ENDPOINTS, ["openid"], ["sub"]))
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert set(document["id_token_signing_alg_values_supported"]) == {"RS256", "ES256"}
    assert "none" not in document["token_endpoint_auth_methods_supported"]
    assert document["end_session_endpoint"] == f"{ISSUER}/bye"


def test_a_discovery_document_that_speaks_for_another_is_refused() -> None:
    """OIDC Discovery §4.3."""
    content = discovery_document(ENDPOINTS, ["openid"], ["sub"])
    assert read_discovery_document(content, ISSUER).token_endpoint == f"{ISSUER}/t"
    for body, wanted in ((content, ISSUER + "/"), (b"{}", ISSUER), (b"<html>", ISSUER)):
        with pytest.raises(ValueError, match="document"):
            read_discovery_document(body, wanted)


def test_the_jwks_document_is_read_back() -> None:
    """The same keys under the same names."""
    assert read_jwks(jwks_document(key_set([key()]))).find(key().kid) is not None
    with pytest.raises(ValueError, match="key"):
        read_jwks(b"[]")


def _is_ours(url: str) -> bool:
    return url.startswith("https://cifra.example/")


def _pairs(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query)


def test_one_click_at_the_portal_begins_a_sign_in_at_the_platform() -> None:
    """OIDC Core §4: issuer, hint and target arrive."""
    url = initiation_url("https://cifra.example/start", ISSUER, "opaque", "https://cifra.example/lesson/5")
    begun = read_initiation(_pairs(url), {ISSUER}, _is_ours)
    assert (begun.issuer, begun.target_link_uri) == (ISSUER, "https://cifra.example/lesson/5")


@pytest.mark.parametrize(
    "pairs",
    [
        {"iss": "https://evil.example"},
        {},
        {"iss": ISSUER, "target_link_uri": "https://evil.example/"},
        {"iss": ISSUER, "target_link_uri": "https://cifra.example.evil.example/"},
    ],
)
def test_a_strangers_initiation_leads_nowhere(pairs: dict[str, str]) -> None:
    """Neither to a foreign provider nor to a foreign page."""
    with pytest.raises(InvalidRequest):
        read_initiation(pairs.items(), {ISSUER}, _is_ours)


def test_sign_out_returns_only_to_a_registered_address() -> None:
    """No open redirector: exact address of a known client, state carried along."""
    wanted = {"post_logout_redirect_uri": "https://cifra.example/bye", "state": "s"}
    assert judge_logout(wanted.items(), CIFRA).return_to == "https://cifra.example/bye?state=s"
    assert judge_logout([], None).return_to is None
    for address in (
        "https://cifra.example/bye/",
        "https://evil.example/",
        "//evil.example",
        "https://cifra.example/bye?x",
    ):
        with pytest.raises(InvalidRequest):
            judge_logout([("post_logout_redirect_uri", address)], CIFRA)
    for pairs, client in ((wanted, None), ({**wanted, "client_id": "other"}, CIFRA)):
        with pytest.raises(InvalidRequest):
            judge_logout(pairs.items(), client)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://cifra.example/back", True),
        ("http://127.0.0.1:8004/back", True),
        ("http://localhost:8004/back", True),
        ("http://cifra.example/back", False),
        ("https://cifra.example/back#x", False),
        ("https://user@cifra.example/back", False),
        ("javascript:alert(1)", False),
        ("//cifra.example/back", False),
        ("https:///back", False),
        ("https://cifra.example/*", False),
        ("https://цифра.example/back", False),
        ("https://cifra.example\\@evil.example", False),
        ("https://[::1", False),
    ],
)
def test_which_addresses_may_be_registered(address: str, may: bool) -> None:
    """Absolute, https or loopback, no fragment, no wildcard, ASCII."""
    assert may_be_registered(address) is may


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=5))))
def test_a_parameter_has_a_value_only_if_it_came_once_and_not_empty(pairs: list[tuple[str, str]]) -> None:
    """RFC 6749 §3.1: doubled ones have none, empty ones count as absent."""
    read = read_parameters(pairs)
    for name, value in read.values.items():
        assert value
        assert [given_value for given_name, given_value in pairs if given_name == name] == [value]
    assert set(read.doubled) == {n for n, _ in pairs if sum(m == n for m, _ in pairs) > 1}


def test_broken_letters_and_endless_values_are_unreadable() -> None:
    """Control characters, broken UTF-8, too long."""
    for value in ("a\x00", "a\r\nb", "\ufffd", "\x7f", "a" * (LONGEST_VALUE + 1)):
        read = read_parameters([("p", value)])
        assert read.unreadable == ("p",)
        assert "p" not in read


def test_parameters_are_added_without_touching_the_address() -> None:
    """Whatever query it has."""
    assert with_parameters("https://a/b", {"c": "d&e"}) == "https://a/b?c=d%26e"
    assert with_parameters("https://a/b?x=%41", {"c": "д"}) == "https://a/b?x=%41&c=%D0%B4"
    assert with_parameters("https://a/b?", {"c": "d"}) == "https://a/b?c=d"
    assert with_parameters("https://a/b", {}) == "https://a/b"


def test_the_verifier_of_the_standard_fits_its_challenge() -> None:
    """RFC 7636, Appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert verifier_fits(verifier, challenge_of(verifier))
    assert not verifier_fits(verifier, verifier), "plain is no method of ours"
    assert not verifier_fits(new_verifier(), challenge_of(verifier))
