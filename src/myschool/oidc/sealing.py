"""Small values that travel through strangers' hands unread and unaltered: JWE `dir` with A256GCM (RFC 7516)."""

from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

T = TypeVar("T")
LONGEST_SEALED = 16_384
_ALGORITHMS = ["dir", "A256GCM"]


@dataclass(frozen=True, slots=True)
class SealingKey:
    """32 random bytes, to be changed long before 2^32 sealings (the bound of random 96-bit nonces): once a month."""

    kid: str
    key: OctKey = field(repr=False)


def sealing_key(kid: str, secret: bytes) -> SealingKey:
    """Raises `ValueError` unless the secret has exactly 32 bytes."""
    if len(secret) != 32:
        raise ValueError("a sealing key has 32 bytes")
    return SealingKey(kid, OctKey.import_key(secret))


def seal(value: object, key: SealingKey, purpose: str) -> str:
    """`purpose` is bound in: what was sealed as a code is never opened as a cookie."""
    header = {"alg": "dir", "enc": "A256GCM", "kid": key.kid, "typ": purpose}
    return jwe.encrypt_compact(header, msgspec.json.encode(value), key.key, algorithms=_ALGORITHMS)


def unseal(sealed: str, keys: Sequence[SealingKey], purpose: str, shape: type[T]) -> T | None:
    """None for whatever we did not seal for this purpose with one of these keys. Says nothing of its age."""
    if len(sealed) > LONGEST_SEALED or not sealed.isascii():
        return None
    kid = _kid_of(sealed)
    key = next((key for key in keys if key.kid == kid), None)
    if key is None:
        return None
    try:
        opened = jwe.decrypt_compact(sealed, key.key, algorithms=_ALGORITHMS)
        header = opened.headers()
        if header.get("typ") != purpose or header.get("alg") != "dir" or opened.plaintext is None:
            return None
        return msgspec.json.decode(opened.plaintext, type=shape)
    except (JoseError, ValueError, msgspec.DecodeError):
        return None


class _Header(msgspec.Struct):
    kid: str = ""


def _kid_of(sealed: str) -> str:
    head = sealed.partition(".")[0]
    try:
        return msgspec.json.decode(_unpadded(head), type=_Header).kid
    except (ValueError, msgspec.DecodeError):
        return ""


def _unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
