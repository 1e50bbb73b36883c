"""What we know of a client before it says a word."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest
from urllib.parse import urlsplit

from myschool.oidc.keys import KeySet

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ClientAuthentication(StrEnum):
    """How the client proves itself at the token endpoint (OIDC Core §9). There are no public clients."""

    CLIENT_SECRET_BASIC = "client_secret_basic"  # noqa: S105 (a method's name)
    CLIENT_SECRET_POST = "client_secret_post"  # noqa: S105 (a method's name)
    PRIVATE_KEY_JWT = "private_key_jwt"


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """A client as registered. `sector` is the host under which its pairwise subjects are made (OIDC Core §8.1).

    `secret_digest` is SHA-256 of a secret of at least 256 random bits, so a slow hash would add nothing.
    """

    client_id: str
    redirect_uris: frozenset[str]
    scopes: frozenset[str]
    sector: str
    authentication: ClientAuthentication = ClientAuthentication.CLIENT_SECRET_BASIC
    secret_digest: bytes | None = field(default=None, repr=False)
    keys: KeySet | None = None
    post_logout_redirect_uris: frozenset[str] = frozenset()
    initiate_login_uri: str | None = None

    def secret_fits(self, secret: str) -> bool:
        """In constant time; a client without a secret fits none."""
        return self.secret_digest is not None and compare_digest(digest_of_secret(secret), self.secret_digest)


def digest_of_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def may_be_registered(redirect_uri: str) -> bool:
    """Absolute, without fragment, https or loopback http (RFC 9700 §2.1, §4.1)."""
    try:
        parts = urlsplit(redirect_uri)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None or "#" in redirect_uri or not redirect_uri.isascii():
        return False
    if any(c.isspace() or c in '\\"<>*' for c in redirect_uri):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
