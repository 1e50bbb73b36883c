"""Raw signatures of the second generation, and how they are written on the wire.

`Signer` and `Verifier` are the seam for other cryptography: a certified provider or gateway, GOST R 34.10-2012. The
same pair signs `client_secret` and the provider's tokens, since both are a raw signature over bytes.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm

RS256 = "RS256"
_PADDING = PKCS1v15()
_SHA256 = SHA256()


class Signer(Protocol):
    @property
    def algorithm(self) -> str:
        """The `alg` of a token's header: `RS256`, `GOST3410_2012_256`."""

    def sign(self, message: bytes) -> bytes:
        """The raw signature."""


class Verifier(Protocol):
    @property
    def algorithm(self) -> str:
        """The one `alg` that this key verifies; a token that names another is refused."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """False for any signature that is not of this key over exactly this message; never raises for bad bytes."""


@dataclass(frozen=True, slots=True)
class RsaSigner:
    """PKCS#1 v1.5 with SHA-256."""

    key: RSAPrivateKey = field(repr=False)
    algorithm: str = RS256

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message, _PADDING, _SHA256)


@dataclass(frozen=True, slots=True)
class RsaVerifier:
    key: RSAPublicKey = field(repr=False)
    algorithm: str = RS256

    def verify(self, message: bytes, signature: bytes) -> bool:
        return self.verify_with(_SHA256, message, signature)

    def verify_with(self, digest: HashAlgorithm, message: bytes, signature: bytes) -> bool:
        """For the diagnosis only: tells a developer that he signed with SHA-1."""
        try:
            self.key.verify(signature, message, _PADDING, digest)
        except InvalidSignature:
            return False
        return True


class Oddity(StrEnum):
    """What the provider takes silently and the developer's console mentions."""

    PADDED = "client_secret_padded"
    STANDARD_BASE64 = "client_secret_standard_base64"


@dataclass(frozen=True, slots=True)
class ReadSignature:
    raw: bytes = field(repr=False)
    oddities: tuple[Oddity, ...] = ()


_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}\Z")


def write_signature(raw: bytes) -> str:
    """base64url without padding: 86 characters for GOST, 342 for RSA 2048."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_signature(text: str) -> ReadSignature | None:
    """Takes padding and the standard alphabet too (real clients send both); None when it is no base64 at all."""
    body = text.rstrip("=")
    if _BASE64.match(text) is None or len(body) % 4 == 1:
        return None
    standard = "+" in body or "/" in body
    if standard and ("-" in body or "_" in body):
        return None
    found = [
        *([Oddity.PADDED] if body != text else []),
        *([Oddity.STANDARD_BASE64] if standard else []),
    ]
    raw = urlsafe_b64decode(body.replace("+", "-").replace("/", "_") + "=" * (-len(body) % 4))
    return ReadSignature(raw, tuple(found))
