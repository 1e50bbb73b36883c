"""The portal's key as a system of ESIA, and ESIA's certificates: made here, or given as files.

The portal's certificate goes to ESIA by hand, ESIA's comes by hand; in the sandbox both lie in `home/esia/`.
"""

import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from myschool.esia.certificates import KeyPair, export_private_key, make_key_pair, read_certificate, read_key_pair
from myschool.esia.requests import Client
from myschool.esia.signing import Verifier
from myschool.kit import clock, keyring
from myschool.kit.db import Tx
from myschool.kit.keyring import NewKey
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault

USE = "portal.esia_client"
VALID_FOR = timedelta(days=3650)
LOOK_EVERY = 30.0
"""Seconds after which a changed key is noticed."""


def client_certificate_file(settings: Settings) -> Path:
    """What ESIA is given of us, in the sandbox."""
    return settings.home / "esia" / f"{settings.esia_client_id}.pem"


def provider_certificate_file(settings: Settings) -> Path:
    """What we were given of ESIA: the file named in the settings, else the sandbox's."""
    given = settings.esia_certificate
    return Path(given) if given else settings.home / "esia" / "provider.pem"


@dataclass
class ClientKeys:
    """The portal's key, parsed once in a while."""

    settings: Settings
    _client: Client | None = field(default=None, init=False, repr=False)
    _looked_at: float = field(default=float("-inf"), init=False)

    async def load(self, tx: Tx, vault: Vault) -> Client:
        if self._client is None or time.monotonic() - self._looked_at >= LOOK_EVERY:
            self._client = Client(self.settings.esia_client_id, await self._read(tx, vault))
            self._looked_at = time.monotonic()
        return self._client

    async def _read(self, tx: Tx, vault: Vault) -> KeyPair:
        settings = self.settings
        if settings.esia_client_key:
            return _given(settings)
        own = await keyring.ensure(tx, vault, USE, lambda: new_key(settings.esia_client_id))
        assert own.public.certificate is not None
        return read_key_pair(own.private, own.public.certificate)


def _given(settings: Settings) -> KeyPair:
    key, certificate = Path(settings.esia_client_key), Path(settings.esia_client_certificate)
    return read_key_pair(key.read_bytes(), certificate.read_bytes())


def new_key(mnemonic: str) -> NewKey:
    pair = make_key_pair(mnemonic, clock.now(), VALID_FOR)
    certificate = pair.certificate
    return NewKey(certificate.hash, pair.signer.algorithm, export_private_key(pair), {}, certificate.der)


async def publish(tx: Tx, vault: Vault, settings: Settings) -> None:
    """Writes the portal's certificates, the current and the next, into the file that ESIA is given."""
    if settings.esia_client_key:
        return
    await keyring.ensure(tx, vault, USE, lambda: new_key(settings.esia_client_id))
    known = [key.certificate for key in await keyring.public(tx, USE) if key.certificate is not None]
    path = client_certificate_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".fresh")
    fresh.write_bytes(b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in known))
    fresh.replace(path)


@dataclass
class ProviderCertificates:
    """ESIA's certificates, a file of PEM blocks; read again when the file changes, so a rotation needs no restart."""

    path: Path
    _verifiers: tuple[Verifier, ...] = field(default=(), init=False, repr=False)
    _changed_at: int = field(default=-1, init=False)

    def verifiers(self) -> tuple[Verifier, ...]:
        """Raises OSError when the file is not there: then no token can be believed."""
        changed_at = self.path.stat().st_mtime_ns
        if changed_at != self._changed_at:
            read = x509.load_pem_x509_certificates(self.path.read_bytes())
            ders = [certificate.public_bytes(Encoding.DER) for certificate in read]
            self._verifiers = tuple(read_certificate(der).verifier for der in ders)
            self._changed_at = changed_at
        return self._verifiers
