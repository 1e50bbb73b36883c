"""ESIA's tokens: letter by letter as they stand on the wire, and every lie in them refused."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from myschool.esia import tokens
from myschool.esia.certificates import make_key_pair
from myschool.esia.claims import Provider, issuer_of, scopes_for_oid, scopes_with_oid
from myschool.esia.codes import issue_code, open_code
from myschool.esia.jws import Kind, UnverifiedToken, compose, escaped_json, open_token
from myschool.esia.levels import AccountLevel
from myschool.esia.signing import RsaSigner, RsaVerifier
from myschool.esia.tokens import (
    Expectation,
    issue_access_token,
    issue_for_code,
    issue_id_token,
    issue_tokens,
    scopes_of,
    verify_access_token,
    verify_id_token,
    verify_own_access_token,
    verify_sign_in,
)
from myschool.oidc.errors import TokenRefused
from tests.esia.parts import HOST, NOW, OID, SOON, STATE, good_request, keys, provider, subject

VERIFIERS = (keys("ESIA").certificate.verifier,)
EXPECTED = Expectation(issuer_of(HOST), "MYSCHOOL")
SCOPES = ("fullname", "snils", "openid")


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    head, body, _ = token.split(".")
    raw = urlsafe_b64decode(body + "==")
    return msgspec.json.decode(urlsafe_b64decode(head + "==")), msgspec.json.decode(raw), raw


def _access(**changed: Any) -> UnverifiedToken:
    return UnverifiedToken(issue_access_token(provider(), "MYSCHOOL", SCOPES, subject(**changed), NOW))


def _identity(level: AccountLevel = AccountLevel.CONFIRMED, oid: int = OID) -> UnverifiedToken:
    return UnverifiedToken(issue_id_token(provider(), "MYSCHOOL", subject(level, oid), NOW))


def test_an_access_token_stands_on_the_wire_as_esia_writes_it() -> None:
    """Header `ver 1`, `sbt access`; `urn:esia:*`; scopes with the oid; http issuer with its slashes escaped."""
    header, claims, raw = _parts(_access().compact)
    at = int(NOW.timestamp())
    assert header == {"ver": 1, "typ": "JWT", "sbt": "access", "alg": "RS256"}
    assert claims == {
        "nbf": at,
        "scope": f"fullname?oid={OID} snils?oid={OID} openid",
        "iss": f"http://{HOST}/",
        "urn:esia:sid": "5" * 64,
        "urn:esia:sbj_id": OID,
        "exp": at + 3600,
        "iat": at,
        "client_id": "MYSCHOOL",
    }
    assert f'"http:\\/\\/{HOST}\\/"'.encode() in raw


def test_an_id_token_stands_on_the_wire_as_esia_writes_it() -> None:
    """Header `ver 0`, `sbt id`; integer `sub`; no nonce since 2022; three hours."""
    header, claims, _ = _parts(_identity().compact)
    at = int(NOW.timestamp())
    assert header == {"ver": 0, "typ": "JWT", "sbt": "id", "alg": "RS256"}
    assert claims == {
        "aud": "MYSCHOOL",
        "sub": OID,
        "nbf": at,
        "amr": "PWD",
        "auth_time": at,
        "exp": at + 10800,
        "iat": at,
        "iss": f"http://{HOST}/",
        "urn:esia:sid": "5" * 64,
        "urn:esia:amd": "PWD",
        "urn:esia:sbj": {
            "urn:esia:sbj:typ": "P",
            "urn:esia:sbj:oid": OID,
            "urn:esia:sbj:nam": f"OID.{OID}",
            "urn:esia:sbj:is_tru": True,
            "urn:esia:sbj:lvl": "PR",
        },
    }


@pytest.mark.parametrize("level", [AccountLevel.OTHER, AccountLevel.CHILD])
def test_is_tru_is_absent_and_not_false_without_a_confirmed_account(level: AccountLevel) -> None:
    """Simplified, standard and child accounts."""
    _, claims, _ = _parts(_identity(level).compact)
    assert "urn:esia:sbj:is_tru" not in claims["urn:esia:sbj"]
    assert claims["urn:esia:sbj"]["urn:esia:sbj:lvl"] == level.value
    believed = verify_id_token(_identity(level), VERIFIERS, EXPECTED, SOON)
    assert (believed.level, believed.trusted) == (level, False)


def test_the_token_answer_echoes_the_state_and_has_an_id_token_only_with_openid() -> None:
    """`refresh_token` only when the caller made one; slashes escaped; nulls never written."""
    answer = issue_tokens(provider(), "MYSCHOOL", SCOPES, subject(), STATE, NOW)
    written = msgspec.json.decode(answer.as_json())
    assert set(written) == {"state", "token_type", "expires_in", "access_token", "id_token"}
    assert (written["state"], written["token_type"], written["expires_in"]) == (STATE, "Bearer", 3600)
    bare = issue_tokens(provider(), "MYSCHOOL", ("fullname",), subject(), STATE, NOW, refresh_token=STATE)
    assert bare.id_token is None
    assert msgspec.json.decode(bare.as_json())["refresh_token"] == STATE
    assert answer.access_token not in repr(answer)


def test_the_client_believes_both_tokens_of_one_sign_in() -> None:
    """Person, level, scopes and session."""
    believed = verify_sign_in(_access(), _identity(), VERIFIERS, EXPECTED, SOON)
    assert believed.identity.oid == believed.access.oid == OID
    assert believed.access.scopes == set(SCOPES)
    assert (believed.identity.level, believed.identity.trusted) == (AccountLevel.CONFIRMED, True)
    assert believed.identity.authenticated_at == NOW


def test_a_redeemed_code_brings_the_granted_scopes_and_no_more() -> None:
    """The person granted two of ten: person, session, sign-in time and these two arrive."""
    sealed = issue_code(provider(), good_request(), ["snils", "openid"], subject(), NOW)
    code = open_code(sealed, issuer_of(HOST), VERIFIERS, SOON)
    answer = issue_for_code(provider(), code, STATE, SOON)
    assert answer.id_token is not None
    tokens_as_they_came = (UnverifiedToken(answer.access_token), UnverifiedToken(answer.id_token))
    believed = verify_sign_in(*tokens_as_they_came, VERIFIERS, EXPECTED, SOON)
    assert scopes_of(code) == ("snils", "openid")
    assert believed.access.scopes == {"snils", "openid"}
    assert (believed.identity.oid, believed.identity.authenticated_at) == (OID, NOW)


def test_two_tokens_of_two_people_are_no_sign_in() -> None:
    """The oid in both must be one."""
    with pytest.raises(TokenRefused, match="other_subject"):
        verify_sign_in(_access(oid=OID + 1), _identity(), VERIFIERS, EXPECTED, SOON)


def test_the_provider_changes_its_certificate_under_way() -> None:
    """Tokens of the old and of the new key are believed while both certificates are known, and not longer."""
    new = make_key_pair("ESIA 2027", NOW)
    token = UnverifiedToken(issue_id_token(Provider(issuer_of(HOST), new), "MYSCHOOL", subject(), NOW))
    both = (*VERIFIERS, new.certificate.verifier)
    assert verify_id_token(token, both, EXPECTED, SOON).oid == OID
    assert verify_id_token(_identity(), both, EXPECTED, SOON).oid == OID
    with pytest.raises(TokenRefused, match="bad_signature"):
        verify_id_token(token, VERIFIERS, EXPECTED, SOON)


def _reason(token: str, expected: Expectation = EXPECTED, at: datetime = SOON) -> str:
    with pytest.raises(TokenRefused) as caught:
        verify_id_token(UnverifiedToken(token), VERIFIERS, expected, at)
    return caught.value.reason


def _b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _rewritten(header: dict[str, Any], signature: Callable[[bytes], bytes]) -> str:
    body = _identity().compact.split(".")[1]
    unsigned = f"{_b64(msgspec.json.encode(header))}.{body}"
    return f"{unsigned}.{_b64(signature(unsigned.encode()))}"


def test_alg_none_is_refused() -> None:
    """Whatever the signature is, also none."""
    for name in ("none", "None", ""):
        forged = _rewritten({"ver": 0, "typ": "JWT", "sbt": "id", "alg": name}, lambda _: b"")
        assert _reason(forged) == "other_algorithm"


def test_the_certificates_key_is_never_an_hmac_secret() -> None:
    """HS256 keyed with the provider's public key."""
    verifier = VERIFIERS[0]
    assert isinstance(verifier, RsaVerifier)
    pem = verifier.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    forged = _rewritten({"sbt": "id", "alg": "HS256"}, lambda text: hmac.digest(pem, text, hashlib.sha256))
    assert _reason(forged) == "other_algorithm"


def test_a_foreign_key_is_refused() -> None:
    """Well formed, by nobody we know."""
    stranger = Provider(issuer_of(HOST), keys("stranger"))
    assert _reason(issue_id_token(stranger, "MYSCHOOL", subject(), NOW)) == "bad_signature"


def test_a_token_of_another_kind_is_refused() -> None:
    """An access token is no id_token, nor the other way round: the signature alone says nothing."""
    assert _reason(_access().compact) == "other_kind"
    with pytest.raises(TokenRefused, match="other_kind"):
        verify_access_token(_identity(), VERIFIERS, EXPECTED, SOON)


LIES = [
    ("other_audience", Expectation(issuer_of(HOST), "OTHER"), NOW),
    ("other_issuer", Expectation(f"https://{HOST}/", "MYSCHOOL"), NOW),
    ("other_issuer", Expectation(f"http://{HOST}", "MYSCHOOL"), NOW),
    ("expired", EXPECTED, NOW + timedelta(seconds=10861)),
    ("not_yet", EXPECTED, NOW - timedelta(seconds=61)),
]


@pytest.mark.parametrize(("reason", "expected", "at"), LIES)
def test_a_token_for_another_reader_place_or_time_is_refused(
    reason: str, expected: Expectation, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Audience, issuer with http and slash, both ends of its time with a minute's skew."""
    assert _reason(_identity().compact, expected, at) == reason
    if reason != "other_audience":
        monkeypatch.setattr(tokens, "_check_issuer_and_time", lambda *claims_and_expectation: None)
        assert verify_id_token(_identity(), VERIFIERS, expected, at).oid == OID


def test_an_access_token_of_another_system_is_refused_by_the_client() -> None:
    """Injected from another system's sign-in."""
    other = UnverifiedToken(issue_access_token(provider(), "OTHER", SCOPES, subject(), NOW))
    with pytest.raises(TokenRefused, match="other_audience"):
        verify_access_token(other, VERIFIERS, EXPECTED, SOON)
    assert verify_own_access_token(other, VERIFIERS, issuer_of(HOST), SOON).mnemonic == "OTHER"


def test_the_providers_own_door_knows_no_skew() -> None:
    """At the 3600th second it is shut."""
    last = NOW + timedelta(seconds=3599)
    assert verify_own_access_token(_access(), VERIFIERS, issuer_of(HOST), last).oid == OID
    with pytest.raises(TokenRefused, match="expired"):
        verify_own_access_token(_access(), VERIFIERS, issuer_of(HOST), last + timedelta(seconds=1))


def test_sub_and_subject_must_agree() -> None:
    """Signed by the provider, and still refused."""
    _, claims, _ = _parts(_identity().compact)
    token = compose(Kind.IDENTITY, {**claims, "sub": OID + 1}, keys("ESIA").signer)
    assert _reason(token) == "other_subject"


def test_older_tokens_without_a_level_are_read_by_is_tru() -> None:
    """`lvl` came later than `is_tru`."""
    _, claims, _ = _parts(_identity().compact)
    del claims["urn:esia:sbj"]["urn:esia:sbj:lvl"]
    token = UnverifiedToken(compose(Kind.IDENTITY, claims, keys("ESIA").signer))
    assert verify_id_token(token, VERIFIERS, EXPECTED, SOON).level is AccountLevel.CONFIRMED


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "e30.e30.", "e30.e30.e30", "x" * 20_000])
def test_nonsense_is_refused(text: str) -> None:
    """Whatever comes, `TokenRefused`."""
    assert _reason(text) in {"unreadable", "other_algorithm"}


def test_claims_of_another_shape_are_refused() -> None:
    """Signed by the provider, but without what we need."""
    assert _reason(compose(Kind.IDENTITY, {"aud": "MYSCHOOL"}, keys("ESIA").signer)) == "unreadable"
    forged = _rewritten({"alg": "RS256", "sbt": "id", "crit": ["x"]}, keys("ESIA").signer.sign)
    assert _reason(forged) == "unreadable"


@dataclass(frozen=True)
class _Whisper:
    """Another cryptography behind the seam: not safe, only different."""

    algorithm: str = "GOST3410_2012_256"

    def sign(self, message: bytes) -> bytes:
        return hashlib.blake2b(message, digest_size=64).digest()

    def verify(self, message: bytes, signature: bytes) -> bool:
        return self.sign(message) == signature


def test_another_cryptography_fits_the_seam() -> None:
    """Signer and verifier are all that GOST needs to bring; the algorithm in the header is theirs."""
    whisper = _Whisper()
    who = replace(provider(), keys=replace(keys("ESIA"), signer=whisper))
    token = UnverifiedToken(issue_id_token(who, "MYSCHOOL", subject(), NOW))
    assert _parts(token.compact)[0]["alg"] == "GOST3410_2012_256"
    assert verify_id_token(token, (*VERIFIERS, whisper), EXPECTED, SOON).oid == OID
    with pytest.raises(TokenRefused, match="other_algorithm"):
        verify_id_token(token, VERIFIERS, EXPECTED, SOON)


def test_scopes_of_another_person_in_the_token_open_nothing() -> None:
    """Each scope names whose data it is about."""
    text = f"{scopes_with_oid(('fullname', 'openid'), OID)} snils?oid={OID + 1} inn"
    assert scopes_for_oid(text, OID) == {"fullname", "openid"}


def test_slashes_are_escaped_and_nothing_else_is_changed() -> None:
    """The JSON still says the same."""
    value = {"a/b": ["/", "\\/", "//", 'quote"/']}
    assert msgspec.json.decode(escaped_json(value)) == value
    assert b"/" not in escaped_json(value).replace(rb"\/", b"")


def test_a_signer_signs_as_openssl_does() -> None:
    """PKCS#1 v1.5 is deterministic: two signatures over one message are equal, and 256 bytes long."""
    signer = keys("ESIA").signer
    assert isinstance(signer, RsaSigner)
    assert signer.sign(b"m") == signer.sign(b"m")
    assert len(signer.sign(b"m")) == 256
    assert open_token(_identity(), VERIFIERS, Kind.IDENTITY)
