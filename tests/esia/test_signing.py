"""Signatures on the wire, certificates, times and the catalogue of refusals."""

from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from myschool.esia import errors
from myschool.esia.certificates import (
    UnusableCertificate,
    certificate_hash,
    export_private_key,
    make_key_pair,
    read_certificate,
    read_key_pair,
)
from myschool.esia.errors import CATALOGUE, number_in, refusal
from myschool.esia.requests import logout_url
from myschool.esia.signing import Oddity, read_signature, write_signature
from myschool.esia.timestamps import read_timestamp, write_timestamp
from tests.esia.parts import NOW, keys


@given(st.binary(min_size=1, max_size=300))
def test_a_signature_survives_the_wire(raw: bytes) -> None:
    """As we write it, without padding; with padding and in the standard alphabet too."""
    text = write_signature(raw)
    read = read_signature(text)
    assert read is not None
    assert (read.raw, read.oddities) == (raw, ())
    padded = read_signature(text + "=" * (-len(text) % 4))
    assert padded is not None
    assert padded.raw == raw
    standard = read_signature(text.replace("-", "+").replace("_", "/"))
    assert standard is not None
    assert standard.raw == raw
    assert (Oddity.STANDARD_BASE64 in standard.oddities) is ("-" in text or "_" in text)


@pytest.mark.parametrize("text", ["", "=", "a", "abcde", "ab cd", "a-b+", "é", "abc===", "ab\n"])
def test_what_is_no_base64_is_none(text: str) -> None:
    """Neither mixed alphabets nor blanks."""
    assert read_signature(text) is None


def test_a_gost_signature_takes_86_characters_and_rsa_342() -> None:
    """Raw signatures, no CMS around them."""
    assert len(write_signature(bytes(64))) == 86
    assert len(write_signature(keys().signer.sign(b"m"))) == 342


def test_a_signature_is_of_one_key_over_one_message() -> None:
    """A changed message, another key, other bytes: false, and never an exception."""
    signature, verifier = keys().signer.sign(b"m"), keys().certificate.verifier
    assert verifier.verify(b"m", signature)
    assert not verifier.verify(b"n", signature)
    assert not keys("stranger").certificate.verifier.verify(b"m", signature)
    for raw in (b"", b"x", signature[:-1], signature + b"\x00", signature[::-1], bytes(256)):
        assert not verifier.verify(b"m", raw)


def test_a_key_pair_survives_sealing() -> None:
    """Exported and read again it signs under the same certificate."""
    pair = keys()
    again = read_key_pair(export_private_key(pair), pair.certificate.der)
    assert again.certificate.hash == pair.certificate.hash
    assert again.signer.sign(b"m") == pair.signer.sign(b"m")


def test_a_key_of_another_certificate_is_refused() -> None:
    """The two must belong together."""
    with pytest.raises(UnusableCertificate, match="not the certificate's"):
        read_key_pair(export_private_key(keys()), keys("second").certificate.der)
    with pytest.raises(UnusableCertificate, match="cannot be read"):
        read_key_pair(b"nonsense", keys().certificate.der)


def test_pem_and_der_are_one_certificate() -> None:
    """The hash is over the DER whatever was uploaded."""
    der = keys().certificate.der
    pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    assert read_certificate(pem).hash == read_certificate(der).hash == certificate_hash(der)
    assert len(certificate_hash(der)) == 64
    assert certificate_hash(der) == certificate_hash(der).upper()


def _certificate_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = builder.serial_number(5).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    return dated.sign(key, SHA256()).public_bytes(Encoding.DER)


def test_keys_that_we_cannot_verify_with_are_refused() -> None:
    """Elliptic curves of other standards, short RSA, nonsense."""
    for content in (
        _certificate_of(ec.generate_private_key(ec.SECP256R1())),
        _certificate_of(rsa.generate_private_key(65537, 1024)),
        b"nonsense",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"",
    ):
        with pytest.raises(UnusableCertificate):
            read_certificate(content)


def test_a_certificate_has_its_term() -> None:
    """Half-open: active at its beginning, no longer at its end."""
    certificate = make_key_pair("x", NOW, timedelta(days=1)).certificate
    assert certificate.active_at(certificate.not_before)
    assert not certificate.active_at(certificate.not_after)


@given(st.integers(0, 4_000_000_000), st.integers(-12, 14))
def test_a_timestamp_survives_the_wire(seconds: int, zone: int) -> None:
    """Whole seconds, written in Moscow time wherever the clock stands."""
    at = datetime.fromtimestamp(seconds, tz=timezone(timedelta(hours=zone)))
    text = write_timestamp(at)
    assert text.endswith(" +0300")
    assert read_timestamp(text) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026.09.01 09:00:00",
        "2026.09.01 09:00:00 +03:00",
        "2026-09-01 09:00:00 +0300",
        "2026.02.30 09:00:00 +0300",
        "2026.09.01 09:00:00 0300",
    ],
)
def test_other_forms_of_time_are_none(text: str) -> None:
    """No guessing; the console tells what is wrong."""
    assert read_timestamp(text) is None


def test_the_catalogue_has_every_number_of_the_dialect() -> None:
    """As the table of the dialect lists them; numbers are unique and texts are ASCII."""
    numbers = "007002 007003 007004 007005 007006 007007 007008 007009 007011 007012 007013 007014 007015 007019 007023"
    numbers += " 007038 007039 007040 007046 007053 007055 007060 007061 007062 007194 008010"
    assert set(CATALOGUE) == set(numbers.split())
    assert len(errors._ENTRIES) == len(CATALOGUE)
    assert all(entry.text.isascii() for entry in CATALOGUE.values())


@pytest.mark.parametrize(
    ("number", "error", "description"),
    [
        ("007053", "access_denied", "ESIA-007053: OAuthErrorEnum.clientSecretWrong"),
        (
            "007005",
            "unauthorized_client",
            "ESIA-007005: The client is not authorized to request an access token using this method.",
        ),
        ("007019", "invalid_scope", "ESIA-007019: OAuthErrorEnum.noGrants"),
    ],
)
def test_the_texts_of_production_stand_to_the_letter(number: str, error: str, description: str) -> None:
    """Clients compare them."""
    refused = refusal(number)
    assert (refused.error, refused.description) == (error, description)
    assert refused.as_parameters(None) == {"error": error, "error_description": description}
    assert number_in(description) == number


def test_a_number_is_read_from_its_place_only() -> None:
    """Another text has none."""
    assert number_in("ESIA-036700: x") == "036700"
    for text in ("", "ESIA-", "ESIA-7053: x", "the ESIA-007053", "ESIA-00705a"):
        assert number_in(text) is None


def test_the_logout_address_says_redirect_url() -> None:
    """Not redirect_uri."""
    assert logout_url("https://esia.example", "SYS", "https://a/b?c") == (
        "https://esia.example/idp/ext/Logout?client_id=SYS&redirect_url=https%3A%2F%2Fa%2Fb%3Fc"
    )
    assert logout_url("https://esia.example", "SYS") == "https://esia.example/idp/ext/Logout?client_id=SYS"
