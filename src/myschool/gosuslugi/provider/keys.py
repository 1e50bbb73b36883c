"""The provider's own key: kept sealed on the ring, parsed once in a while, its certificate handed out as a file.

ESIA hands its certificate out by hand and has no JWKS; here `publish` writes it into the home of the installation.
"""

import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from myschool.esia.certificates import export_private_key, make_key_pair, read_certificate, read_key_pair
from myschool.esia.claims import Provider, issuer_of
from myschool.esia.signing import Verifier
from myschool.kit import clock, keyring
from myschool.kit.db import Tx
from myschool.kit.keyring import NewKey
from myschool.kit.vault import Vault

USE = "esia.provider"
COMMON_NAME = "ESIA sandbox"
VALID_FOR = timedelta(days=3650)
LOOK_EVERY = 30.0
"""Seconds after which a rotation is noticed: the next key is published long before it signs."""


@dataclass(frozen=True)
class Parsed:
    provider: Provider
    verifiers: tuple[Verifier, ...]


@dataclass
class ProviderKeys:
    """Parsed keys of one process; looks at the ring twice a minute, since parsing a key costs as much as a request."""

    issuer: str
    _parsed: Parsed | None = field(default=None, init=False, repr=False)
    _looked_at: float = field(default=float("-inf"), init=False)

    @classmethod
    def of(cls, origin: str) -> "ProviderKeys":
        return cls(issuer_of(urlsplit(origin).netloc))

    async def load(self, tx: Tx, vault: Vault) -> Parsed:
        if self._parsed is None or time.monotonic() - self._looked_at >= LOOK_EVERY:
            self._parsed = await self._read(tx, vault)
            self._looked_at = time.monotonic()
        return self._parsed

    async def _read(self, tx: Tx, vault: Vault) -> Parsed:
        signing = await keyring.ensure(tx, vault, USE, new_key)
        assert signing.public.certificate is not None
        pair = read_key_pair(signing.private, signing.public.certificate)
        known = [key.certificate for key in await keyring.public(tx, USE) if key.certificate is not None]
        return Parsed(Provider(self.issuer, pair), tuple(read_certificate(der).verifier for der in known))


def new_key() -> NewKey:
    pair = make_key_pair(COMMON_NAME, clock.now(), VALID_FOR)
    certificate = pair.certificate
    return NewKey(certificate.hash, pair.signer.algorithm, export_private_key(pair), {}, certificate.der)


async def publish(tx: Tx, vault: Vault, path: Path) -> None:
    """Writes the certificates that may verify, as PEM one after another, into the file that other systems are given."""
    await keyring.ensure(tx, vault, USE, new_key)
    known = [key.certificate for key in await keyring.public(tx, USE) if key.certificate is not None]
    pem = b"".join(load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in known)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".fresh")
    fresh.write_bytes(pem)
    fresh.replace(path)
