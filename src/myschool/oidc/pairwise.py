"""Pseudonyms: a subject of its own for each sector, so that two clients cannot match their people (OIDC Core §8.1)."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from urllib.parse import urlsplit


def pairwise_subject(sector: str, local_id: str, salt: bytes) -> str:
    """43 characters. HMAC-SHA256 keyed with a secret salt of at least 32 bytes: without it nothing can be recomputed.

    The salt must never change: every pupil would become a stranger to every platform.
    """
    if len(salt) < 32:
        raise ValueError("the salt of pairwise subjects has at least 32 bytes")
    # The length before the sector keeps («a», «bc») and («ab», «c») apart.
    message = f"{len(sector)}:{sector.lower()}:{local_id}".encode()
    return urlsafe_b64encode(hmac.digest(salt, message, hashlib.sha256)).rstrip(b"=").decode()


def sector_of(redirect_uris: Iterable[str]) -> str | None:
    """The one host of all redirect addresses; None when there are several: then the registration must name a sector."""
    hosts = {urlsplit(uri).hostname for uri in redirect_uris}
    return hosts.pop() if len(hosts) == 1 else None
