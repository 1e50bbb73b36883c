"""Certificates of information systems and of the provider: hash, key, term. RSA here; GOST has its own reader."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from myschool.esia.signing import RsaSigner, RsaVerifier, Signer, Verifier

PEM_BEGIN = b"-----BEGIN"


class UnusableCertificate(ValueError):
    """Not an X.509 certificate, or its key is none that we can verify with."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key already parsed. `hash` is what `client_certificate_hash` must say."""

    der: bytes = field(repr=False)
    hash: str
    verifier: Verifier = field(repr=False)
    not_before: datetime
    not_after: datetime

    def active_at(self, now: datetime) -> bool:
        return self.not_before <= now < self.not_after


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key with its certificate: a client's, or the provider's."""

    signer: Signer = field(repr=False)
    certificate: Certificate


def certificate_hash(der: bytes) -> str:
    """RSA: upper-case hex of SHA-256 over the DER, 64 characters (GOST certificates take Streebog-256)."""
    return hashlib.sha256(der).hexdigest().upper()


def read_certificate(content: bytes) -> Certificate:
    """PEM or DER. Raises `UnusableCertificate`."""
    try:
        pem = PEM_BEGIN in content
        parsed = x509.load_pem_x509_certificate(content) if pem else x509.load_der_x509_certificate(content)
        key = parsed.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableCertificate("not a certificate with a key that can be read") from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 2048:
        raise UnusableCertificate("the certificate's key is not RSA of 2048 bits or more")
    der = parsed.public_bytes(Encoding.DER)
    return Certificate(
        der, certificate_hash(der), RsaVerifier(key), parsed.not_valid_before_utc, parsed.not_valid_after_utc
    )


def make_key_pair(common_name: str, now: datetime, valid_for: timedelta = timedelta(days=365)) -> KeyPair:
    """A fresh RSA 2048 key with a self-signed certificate. It proves a key, not a name: for the sandbox."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + valid_for)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    return KeyPair(RsaSigner(key), read_certificate(signed.public_bytes(Encoding.DER)))


def export_private_key(pair: KeyPair) -> bytes:
    """PKCS#8 DER, to be sealed by the caller before it touches a disk. Raises `TypeError` for a key held elsewhere."""
    if not isinstance(pair.signer, RsaSigner):
        raise TypeError("the private key is not here to be exported")
    return pair.signer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def read_key_pair(private_key: bytes, certificate: bytes) -> KeyPair:
    """PEM or DER each, key without password. Raises `UnusableCertificate`, also when the two do not belong together."""
    read = read_certificate(certificate)
    try:
        pem = PEM_BEGIN in private_key
        key = load_pem_private_key(private_key, None) if pem else load_der_private_key(private_key, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableCertificate("the private key cannot be read") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UnusableCertificate("the private key is not RSA")
    signer = RsaSigner(key)
    if not read.verifier.verify(b"proof", signer.sign(b"proof")):
        raise UnusableCertificate("the private key is not the certificate's")
    return KeyPair(signer, read)
