"""Identifiers. Rows are known by UUIDv7 (RFC 9562): they sort by birth, need no sequence and name no machine."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

# Without 0/O, 1/I/L and letters that look alike in Latin and Cyrillic print.
_READABLE = "23456789DFGJNQRSUVWZ"


def new_id() -> UUID:
    return uuid7()


def readable_code(length: int) -> str:
    """A random code that people read aloud and type: about 4.3 bits a character."""
    return "".join(secrets.choice(_READABLE) for _ in range(length))


def token() -> str:
    """256 random bits, base64url: nobody guesses it."""
    return secrets.token_urlsafe(32)
