"""Keys that sign, and the public sets that verify. A key serves one algorithm and is parsed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from myschool.oidc.errors import TokenRefused

LONGEST_TOKEN = 16_384
"""Characters. Ours are below 2 000; anything near this is an attempt to make us work."""

_HEADERS_THAT_CHANGE_THE_RULES = {"crit", "b64", "zip"}


class Algorithm(StrEnum):
    """The signatures we make and accept. HMAC and `none` are not among them, so no token can name them."""

    RS256 = "RS256"
    ES256 = "ES256"


_Key = RSAKey | ECKey
_KEY_TYPE: Mapping[Algorithm, type[_Key]] = {Algorithm.RS256: RSAKey, Algorithm.ES256: ECKey}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One verifying key; `algorithm` is the key's, never the token's choice."""

    kid: str
    algorithm: Algorithm
    key: _Key = field(repr=False)

    def as_jwk(self) -> dict[str, Any]:
        members = self.key.as_dict(private=False)
        return {**members, "kid": self.kid, "alg": self.algorithm.value, "use": "sig"}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the name (`kid`) under which its public half is published."""

    kid: str
    algorithm: Algorithm
    key: _Key = field(repr=False)

    def public(self) -> PublicKey:
        return PublicKey(self.kid, self.algorithm, type(self.key).import_key(self.key.as_dict(private=False)))

    def sign(self, claims: Mapping[str, Any], typ: str = "JWT") -> str:
        """Compact JWS over the claims as JSON."""
        header = {"typ": typ, "alg": self.algorithm.value, "kid": self.kid}
        return jws.serialize_compact(header, msgspec.json.encode(claims), self.key, algorithms=[self.algorithm.value])


@dataclass(frozen=True, slots=True)
class KeySet:
    """Public keys by `kid`: what a JWKS document says. During rotation it holds the old and the new."""

    keys: tuple[PublicKey, ...]

    def find(self, kid: str) -> PublicKey | None:
        return next((key for key in self.keys if key.kid == kid), None)

    def as_jwks(self) -> dict[str, Any]:
        return {"keys": [key.as_jwk() for key in self.keys]}


@dataclass(frozen=True, slots=True)
class SignedContent:
    """What a signature that we believe covers. Does not say that the claims are for us, or still valid."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any] = field(repr=False)


def generate_signing_key(algorithm: Algorithm, kid: str | None = None) -> SigningKey:
    """RSA 2048 or P-256. Without `kid` the key is named by its thumbprint (RFC 7638)."""
    key: _Key = ECKey.generate_key("P-256") if algorithm is Algorithm.ES256 else RSAKey.generate_key(2048)
    return SigningKey(kid or key.thumbprint(), algorithm, key)


def key_set(keys: Iterable[SigningKey]) -> KeySet:
    return KeySet(tuple(key.public() for key in keys))


def export_private_jwk(key: SigningKey) -> bytes:
    """Private JWK as JSON, to be sealed by the caller before it touches a disk."""
    members = key.key.as_dict(private=True)
    return msgspec.json.encode({**members, "kid": key.kid, "alg": key.algorithm.value, "use": "sig"})


def import_private_jwk(content: bytes) -> SigningKey:
    """Raises `ValueError` for anything but a private JWK of ours."""
    members = _members(content)
    if "d" not in members:
        raise ValueError("not a private key")
    kid, algorithm, key = _import(members)
    return SigningKey(kid, algorithm, key)


def read_jwks(content: bytes) -> KeySet:
    """Another's JWKS. Keys that we cannot use (encryption, other algorithms) are passed over (RFC 7517 §5).

    Raises `ValueError` for nonsense.
    """
    document = _members(content)
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise ValueError("a key set has a list of keys")
    usable = [members for members in listed if isinstance(members, dict) and _usable(members)]
    return KeySet(tuple(PublicKey(*_import(members)) for members in usable))


def _members(content: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise ValueError("not JSON of a key") from error


def _usable(members: Mapping[str, Any]) -> bool:
    return (
        members.get("alg", "RS256" if members.get("kty") == "RSA" else "ES256") in set(Algorithm)
        and members.get("kty") in {"RSA", "EC"}
        and members.get("crv", "P-256") == "P-256"
        and members.get("use", "sig") == "sig"
        and isinstance(members.get("kid"), str)
    )


def _import(members: Mapping[str, Any]) -> tuple[str, Algorithm, _Key]:
    if not _usable(members):
        raise ValueError("not an RS256 or ES256 signing key with a kid")
    algorithm = Algorithm.RS256 if members["kty"] == "RSA" else Algorithm.ES256
    if members.get("alg", algorithm) != algorithm:
        raise ValueError("the key's type and algorithm disagree")
    try:
        key = _KEY_TYPE[algorithm].import_key({k: v for k, v in members.items() if k not in {"use", "key_ops"}})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ValueError("the key cannot be read") from error
    if key.key_type == "RSA" and _modulus_bits(key) < 2048:
        raise ValueError("the RSA key is shorter than 2048 bits")
    return str(members["kid"]), algorithm, key


def _modulus_bits(key: _Key) -> int:
    size: int = key.raw_value.key_size
    return size


def verify_signature(token: str, keys: KeySet, typ: Literal["JWT", "at+jwt"] | None = None) -> SignedContent:
    """Believes the signature only: the algorithm is the key's, the key is one of ours, `kid` is named (RFC 8725 §3.1).

    `typ` demands an explicit type (RFC 8725 §3.11). Raises `TokenRefused`.
    """
    if len(token) > LONGEST_TOKEN:
        raise TokenRefused("too_long", f"{len(token)} characters")
    try:
        unverified = jws.extract_compact(token.encode("ascii"))
    except (JoseError, ValueError, UnicodeError) as error:
        raise TokenRefused("unreadable", type(error).__name__) from error
    header = unverified.headers()
    if not header.keys().isdisjoint(_HEADERS_THAT_CHANGE_THE_RULES):
        raise TokenRefused("unreadable", "the header asks for an extension")
    key = _key_for(header, keys)
    try:
        believed = jws.validate_compact(unverified, key.key, algorithms=[key.algorithm.value])
    except (JoseError, ValueError) as error:
        raise TokenRefused("bad_signature", type(error).__name__) from error
    if not believed:
        raise TokenRefused("bad_signature", f"kid {key.kid}")
    if typ is not None and str(header.get("typ", "")).lower().removeprefix("application/") != typ.lower():
        raise TokenRefused("other_type", str(header.get("typ")))
    try:
        claims = msgspec.json.decode(unverified.payload, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise TokenRefused("unreadable", "claims are not a JSON object") from error
    return SignedContent(header, claims)


def _key_for(header: Mapping[str, Any], keys: KeySet) -> PublicKey:
    kid = header.get("kid")
    key = keys.find(kid) if isinstance(kid, str) else None
    if key is None:
        raise TokenRefused("unknown_key", f"kid {kid!r:.80}")
    if header.get("alg") != key.algorithm.value:
        raise TokenRefused("other_algorithm", f"{header.get('alg')!r:.40} for a key of {key.algorithm}")
    return key
