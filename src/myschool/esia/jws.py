"""Compact JWS as ESIA writes it: header with `ver` and `sbt`, slashes escaped, no `kid`, any `Signer`."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

import msgspec

from myschool.esia.signing import Signer, Verifier
from myschool.oidc.errors import TokenRefused

LONGEST_TOKEN = 16_384


class Kind(StrEnum):
    """`sbt`: what the token is. A code is never taken for an access token, nor the other way round."""

    CODE = "authorization_code"
    ACCESS = "access"
    IDENTITY = "id"


_VERSION = {Kind.CODE: 1, Kind.ACCESS: 1, Kind.IDENTITY: 0}


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """A token as it came. Nothing in it may be used."""

    compact: str = field(repr=False)


class _Header(msgspec.Struct, frozen=True):
    alg: str
    sbt: str
    crit: object = None


def compose(kind: Kind, claims: object, signer: Signer) -> str:
    """`claims` is a struct or mapping that msgspec can encode."""
    body = urlsafe_b64encode(escaped_json(claims)).rstrip(b"=")
    signed = _header(kind, signer.algorithm) + b"." + body
    return (signed + b"." + urlsafe_b64encode(signer.sign(signed)).rstrip(b"=")).decode()


@lru_cache(maxsize=16)
def _header(kind: Kind, algorithm: str) -> bytes:
    header = {"ver": _VERSION[kind], "typ": "JWT", "sbt": kind.value, "alg": algorithm}
    return urlsafe_b64encode(escaped_json(header)).rstrip(b"=")


def escaped_json(value: object) -> bytes:
    r"""JSON with `/` written `\/`: a slash can stand only inside a string, so replacing bytes is exact."""
    return msgspec.json.encode(value).replace(b"/", rb"\/")


def open_token(token: UnverifiedToken, verifiers: Sequence[Verifier], kind: Kind) -> bytes:
    """The claims as JSON, believed only as far as the signature goes. Raises `TokenRefused`.

    Several verifiers: during a change of the provider's certificate the old and the new stand side by side. There is no
    `kid`, so each of the algorithm is tried; the algorithm is the verifier's, never the token's choice.
    """
    if len(token.compact) > LONGEST_TOKEN or token.compact.count(".") != 2:
        raise TokenRefused("unreadable")
    signed, _, signature_text = token.compact.rpartition(".")
    header_text, _, body_text = signed.partition(".")
    try:
        header = msgspec.json.decode(_decoded(header_text), type=_Header)
        body, signature = _decoded(body_text), _decoded(signature_text)
    except (ValueError, msgspec.DecodeError) as error:
        raise TokenRefused("unreadable", type(error).__name__) from error
    if header.crit is not None:
        raise TokenRefused("unreadable", "the header asks for an extension")
    candidates = [verifier for verifier in verifiers if verifier.algorithm == header.alg]
    if not candidates:
        raise TokenRefused("other_algorithm", f"{header.alg!r:.40}")
    message = signed.encode("ascii")
    if not any(verifier.verify(message, signature) for verifier in candidates):
        raise TokenRefused("bad_signature", f"by none of {len(candidates)} certificates")
    if header.sbt != kind.value:
        raise TokenRefused("other_kind", f"{header.sbt!r:.40}")
    return body


def _decoded(text: str) -> bytes:
    raw = text.encode("ascii")
    if raw.translate(None, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"):
        raise ValueError("not base64url")
    return urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
