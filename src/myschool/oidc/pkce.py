"""Proof Key for Code Exchange, S256 only (RFC 7636)."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from hmac import compare_digest

METHOD = "S256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}\Z")


def new_verifier() -> str:
    """43 characters, 256 bits (§4.1)."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def is_challenge(text: str) -> bool:
    """Whether it can be an S256 challenge at all: 43 characters of base64url (§4.2)."""
    return _CHALLENGE.match(text) is not None


def verifier_fits(verifier: str, challenge: str) -> bool:
    """Compares in constant time; a verifier of the wrong form never fits."""
    if _VERIFIER.match(verifier) is None:
        return False
    return compare_digest(challenge_of(verifier).encode(), challenge.encode())
