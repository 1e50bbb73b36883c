"""RFC 7515, RFC 7517, RFC 8725: keys, and the signatures that are believed."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import RSAKey

from myschool.oidc import keys
from myschool.oidc.errors import TokenRefused
from myschool.oidc.keys import (
    Algorithm,
    KeySet,
    export_private_jwk,
    generate_signing_key,
    import_private_jwk,
    key_set,
    read_jwks,
    verify_signature,
)
from tests.oidc.parts import key

ES, RS = key(Algorithm.ES256), key(Algorithm.RS256, "rsa")
OURS = key_set([ES, RS])
CLAIMS = {"sub": "s"}


def _b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _forged(header: dict[str, Any], signature: bytes = b"") -> str:
    return f"{_b64(msgspec.json.encode(header))}.{_b64(msgspec.json.encode(CLAIMS))}.{_b64(signature)}"


def _refusal(token: str, known: KeySet = OURS) -> str:
    with pytest.raises(TokenRefused) as caught:
        verify_signature(token, known)
    return caught.value.reason


@pytest.mark.parametrize("signing", [ES, RS], ids=["ES256", "RS256"])
def test_what_we_sign_we_believe(signing: keys.SigningKey) -> None:
    """Both algorithms, by the set that the JWKS document publishes."""
    published = read_jwks(msgspec.json.encode(OURS.as_jwks()))
    assert verify_signature(signing.sign(CLAIMS), published).claims == CLAIMS


def test_a_published_key_holds_nothing_private() -> None:
    """The JWKS document has public members only."""
    members = set().union(*(jwk.keys() for jwk in OURS.as_jwks()["keys"]))
    assert members <= {"kty", "kid", "alg", "use", "n", "e", "crv", "x", "y"}


def test_alg_none_is_refused() -> None:
    """With our kid, in any spelling."""
    for name in ("none", "None", "NONE", ""):
        assert _refusal(_forged({"alg": name, "kid": ES.kid})) == "other_algorithm"


def test_a_public_key_is_never_an_hmac_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """HS256 keyed with our published RSA key is refused, whatever the token calls itself."""
    assert isinstance(RS.key, RSAKey)
    pem = RS.key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    unsigned = _forged({"alg": "HS256", "kid": "rsa"}).rpartition(".")[0]
    forged = f"{unsigned}.{_b64(hmac.digest(pem, unsigned.encode(), hashlib.sha256))}"
    assert _refusal(forged) == "other_algorithm"
    monkeypatch.setattr(keys, "_key_for", lambda header, known: known.find(header["kid"]))
    assert _refusal(forged) == "bad_signature", "joserfc is a second lock: the algorithm is the key's"


def test_an_algorithm_of_the_keys_family_but_not_its_own_is_refused() -> None:
    """PS256 by our own RSA key: the key serves RS256 and nothing else (RFC 8725 §3.1)."""
    token = jws.serialize_compact({"alg": "PS256", "kid": "rsa"}, b"{}", RS.key, algorithms=["PS256"])
    assert _refusal(token) == "other_algorithm"


def test_a_wrong_or_missing_kid_is_refused() -> None:
    """The key is named, or the token is not ours."""
    other = generate_signing_key(Algorithm.ES256, "unheard-of")
    assert _refusal(other.sign(CLAIMS)) == "unknown_key"
    assert _refusal(_forged({"alg": "ES256"})) == "unknown_key"
    assert _refusal(_forged({"alg": "ES256", "kid": [ES.kid]})) == "unknown_key"


def test_a_foreign_key_under_our_kid_is_refused() -> None:
    """The name proves nothing."""
    assert _refusal(generate_signing_key(Algorithm.ES256, ES.kid).sign(CLAIMS)) == "bad_signature"


def test_a_key_that_the_token_brings_along_is_not_used() -> None:
    """`jwk` in the header is another's word about himself (RFC 8725 §3.10)."""
    mallory = generate_signing_key(Algorithm.ES256, "mallory")
    header = {"alg": "ES256", "kid": ES.kid, "jwk": mallory.public().as_jwk()}
    assert _refusal(jws.serialize_compact(header, b"{}", mallory.key, algorithms=["ES256"])) == "bad_signature"


def test_a_changed_letter_breaks_the_signature() -> None:
    """In the claims and in the signature."""
    header, body, signature = ES.sign(CLAIMS).split(".")
    assert _refusal(f"{header}.{_b64(b'{}')}.{signature}") == "bad_signature"
    raw = bytearray(urlsafe_b64decode(signature + "=="))
    raw[5] ^= 1
    assert _refusal(f"{header}.{body}.{_b64(bytes(raw))}") == "bad_signature"


def test_headers_that_change_the_rules_are_refused() -> None:
    """`crit`, `b64`, `zip`: nothing of ours needs them."""
    for extra in ({"crit": ["exp"]}, {"b64": False}, {"zip": "DEF"}):
        assert _refusal(_forged({"alg": "ES256", "kid": ES.kid, **extra})) == "unreadable"


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "a.b.c.d", "....", "é.é.é", "e30.e30.", "x" * 20_000])
def test_nonsense_is_refused_and_never_an_exception_of_another_kind(text: str) -> None:
    """Whatever comes, `TokenRefused`."""
    assert _refusal(text) in {"unreadable", "unknown_key", "too_long"}


def test_a_type_is_demanded_where_it_matters() -> None:
    """An id_token is no access token (RFC 8725 §3.11)."""
    with pytest.raises(TokenRefused, match="other_type"):
        verify_signature(ES.sign(CLAIMS), OURS, typ="at+jwt")


def test_a_private_key_survives_export() -> None:
    """As sealed bytes it comes back with name and algorithm."""
    for signing in (ES, RS):
        again = import_private_jwk(export_private_jwk(signing))
        assert (again.kid, again.algorithm) == (signing.kid, signing.algorithm)
        assert verify_signature(again.sign(CLAIMS), OURS).claims == CLAIMS


@pytest.mark.filterwarnings("ignore:Key size")
def test_only_a_private_key_of_ours_is_imported() -> None:
    """Public keys, symmetric keys, short RSA keys and nonsense are refused."""
    short = {**RSAKey.generate_key(1024).as_dict(private=True), "kid": "short", "alg": "RS256"}
    public = ES.public().as_jwk()
    for content in (public, short, {"kty": "oct", "k": "AA", "d": "x", "kid": "k"}, {}, [], "no"):
        with pytest.raises(ValueError, match=r"key"):
            import_private_jwk(msgspec.json.encode(content))


def test_keys_of_others_that_we_cannot_use_are_passed_over() -> None:
    """RFC 7517 §5: encryption keys and other curves stand in real documents."""
    document = {"keys": [{"kty": "OKP", "kid": "o"}, {**ES.public().as_jwk(), "use": "enc"}, ES.public().as_jwk()]}
    assert [known.kid for known in read_jwks(msgspec.json.encode(document)).keys] == [ES.kid]


def test_no_private_key_in_a_repr() -> None:
    """What is logged by accident tells nothing."""
    assert "key=" not in repr(ES)
    assert "RSAKey" not in repr(RS)
