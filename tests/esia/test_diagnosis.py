"""What the developer's console says where ESIA says «007053»."""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from myschool.esia.diagnosis import Endpoint, Finding, diagnose
from myschool.esia.signing import RsaSigner, write_signature
from myschool.esia.strings import first_generation_string, refresh_string_with_token
from myschool.esia.timestamps import write_timestamp
from tests.esia.parts import CALLBACK, NOW, SCOPES, SOON, STATE, Pairs, authorize_pairs, keys, sign, system, token_pairs

DER = keys().certificate.der
PEM = x509.load_der_x509_certificate(DER).public_bytes(Encoding.PEM)
SPKI = x509.load_der_x509_certificate(DER).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
GOOD = dict(authorize_pairs())
STRING = "".join(GOOD[name] for name in ("client_id", "scope", "timestamp", "state", "redirect_uri"))


def _found(pairs: Pairs, endpoint: Endpoint = Endpoint.AUTHORIZE) -> tuple[Finding, ...]:
    return diagnose(pairs, system(), endpoint, NOW if endpoint is Endpoint.AUTHORIZE else SOON)


def _causes(pairs: Pairs, endpoint: Endpoint = Endpoint.AUTHORIZE) -> list[str]:
    return [finding.cause for finding in _found(pairs, endpoint)]


def test_a_good_request_has_no_findings() -> None:
    """Nothing is invented."""
    assert _found(authorize_pairs()) == ()
    assert _found(token_pairs(), Endpoint.TOKEN) == ()


@pytest.mark.parametrize(
    ("address", "cause"),
    [
        (CALLBACK + "/", "trailing_slash"),
        ("https://school.example/Signin/answer", "letter_case"),
        ("http://school.example/signin/answer", "scheme"),
        ("https://school.example:8443/signin/answer", "port"),
        (CALLBACK + "?a=1", "query"),
        (CALLBACK + "#a", "fragment"),
        (CALLBACK + "/more", "path_below"),
    ],
)
def test_an_address_that_nearly_fits_is_named(address: str, cause: str) -> None:
    """The difference, and the registered one beside it."""
    found = _found(authorize_pairs(redirect_uri=address))
    assert [finding.cause for finding in found] == [cause]
    assert CALLBACK in found[0].text


def test_an_address_of_another_world_is_not_compared() -> None:
    """Nothing near to name; nonsense does not stumble."""
    assert _causes(authorize_pairs(redirect_uri="https://evil.example/")) == []
    assert _causes(authorize_pairs(redirect_uri="https://[::1")) == []


@pytest.mark.parametrize(
    ("timestamp", "cause"),
    [
        ("2026.09.01 09:00:00 +03:00", "offset_with_colon"),
        ("2026.09.01 09:00:00  0300", "plus_lost"),
        ("2026.09.01 09:00:00 0300", "plus_lost"),
        ("2026-09-01T09:00:00 +0300", "iso_8601"),
        ("2026.09.01 09:00:00", "no_offset"),
        ("1 сентября", "other_form"),
        (write_timestamp(NOW + timedelta(hours=3)), "clock_off_by_hours"),
        (write_timestamp(NOW - timedelta(minutes=20)), "clock_off"),
    ],
)
def test_a_wrong_time_is_explained(timestamp: str, cause: str) -> None:
    """The form, the hours of a wrong zone, the seconds of a wrong clock."""
    assert _causes(authorize_pairs(timestamp=timestamp)) == [cause]


def test_a_clock_three_hours_off_is_said_in_hours() -> None:
    """The commonest of all."""
    found = _found(authorize_pairs(timestamp=write_timestamp(NOW + timedelta(hours=3))))
    assert "+3 h off" in found[0].text


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        (keys().certificate.hash.lower(), "lower_case"),
        (hashlib.sha1(DER).hexdigest().upper(), "sha1"),
        (hashlib.sha256(PEM).hexdigest().upper(), "of_pem"),
        (hashlib.sha256(PEM.strip()).hexdigest(), "of_pem"),
        (hashlib.sha256(b64encode(DER)).hexdigest().upper(), "of_base64"),
        (hashlib.sha256(SPKI).hexdigest().upper(), "of_key"),
        (":".join(keys().certificate.hash[i : i + 2] for i in range(0, 64, 2)), "colons"),
    ],
    ids=["lower_case", "sha1", "of_pem", "of_stripped_pem", "of_base64", "of_key", "colons"],
)
def test_a_wrong_hash_is_explained(wrong: str, cause: str) -> None:
    """And the signature itself is found good by the certificate that was meant."""
    assert _causes(authorize_pairs(client_certificate_hash=wrong)) == [cause]


def _signed(digest: HashAlgorithm) -> str:
    signer = keys().signer
    assert isinstance(signer, RsaSigner)
    return write_signature(signer.key.sign(STRING.encode(), PKCS1v15(), digest))


def _pkcs7() -> str:
    signer = keys().signer
    assert isinstance(signer, RsaSigner)
    builder = PKCS7SignatureBuilder().set_data(STRING.encode())
    signed = builder.add_signer(x509.load_der_x509_certificate(DER), signer.key, SHA256())
    return write_signature(signed.sign(Encoding.DER, [PKCS7Options.DetachedSignature]))


RIGHT = keys().signer.sign(STRING.encode())
WRONG_SECRETS: list[tuple[str, Callable[[], str]]] = [
    ("v1_string", lambda: sign(first_generation_string("MYSCHOOL", SCOPES, GOOD["timestamp"], STATE))),
    ("redirect_uri_missing", lambda: sign(STRING.removesuffix(CALLBACK))),
    ("other_redirect_uri", lambda: sign(STRING + "/")),
    ("line_feed", lambda: sign(STRING + "\n")),
    ("scope_order", lambda: sign(STRING.replace(SCOPES, " ".join(sorted(SCOPES.split()))))),
    ("signed_encoded", lambda: sign(STRING.replace(CALLBACK, quote_plus(CALLBACK)))),
    ("reversed", lambda: write_signature(RIGHT[::-1])),
    ("hex", RIGHT.hex),
    ("base64_twice", lambda: write_signature(write_signature(RIGHT).encode())),
    ("digest", lambda: _signed(SHA1())),
    ("digest", lambda: _signed(SHA512())),
    ("pkcs7", _pkcs7),
    ("other_certificate", lambda: sign(STRING, "second")),
    ("other_key_or_values", lambda: sign(STRING, "stranger")),
    ("length", lambda: write_signature(bytes(64))),
    ("not_base64", lambda: "§"),
]


@pytest.mark.parametrize(("cause", "secret"), WRONG_SECRETS, ids=[cause for cause, _ in WRONG_SECRETS])
def test_a_wrong_secret_is_explained(cause: str, secret: Callable[[], str]) -> None:
    """The one known way that fits, and no other."""
    assert _causes(authorize_pairs(client_secret=secret())) == [cause]


def test_a_scope_org_left_out_of_the_string_is_named() -> None:
    """It was sent, but not signed."""
    assert _causes(authorize_pairs(scope_org="org_ogrn", client_secret=sign(STRING))) == ["scope_org_missing"]


def test_a_plus_that_was_lost_on_the_way_is_named() -> None:
    """Standard base64 in a form body without escaping."""
    states = (f"{number:08x}{STATE[8:]}" for number in range(100))
    secrets = (
        (state, b64encode(keys().signer.sign(STRING.replace(STATE, state).encode())).decode()) for state in states
    )
    state, text = next((state, text) for state, text in secrets if "+" in text)
    given = authorize_pairs(state=state, client_secret=text.replace("+", " "))
    assert _causes(given) == ["plus_lost"]


def test_a_token_request_signed_like_the_authorization_is_named() -> None:
    """The code is missing at its end."""
    good = dict(token_pairs())
    names = ("client_id", "scope", "timestamp", "state", "redirect_uri")
    good["client_secret"] = sign("".join(good[name] for name in names))
    assert _causes(list(good.items()), Endpoint.TOKEN) == ["code_missing"]


def test_variant_b_of_the_refresh_string_is_named() -> None:
    """It is behind a switch."""
    good = dict(token_pairs(code=None, grant_type="refresh_token", refresh_token=STATE))
    good["client_secret"] = sign(refresh_string_with_token("MYSCHOOL", SCOPES, good["timestamp"], good["state"], STATE))
    assert _causes(list(good.items()), Endpoint.TOKEN) == ["refresh_string_b"]


def test_findings_hold_no_secret() -> None:
    """The console shows them, and logs may keep them."""
    for _, secret in WRONG_SECRETS:
        for finding in _found(authorize_pairs(client_secret=secret())):
            assert secret()[:16] not in finding.text
