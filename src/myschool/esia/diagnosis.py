"""Why a request was refused, for the developer's console alone: tries the known wrong ways and names the one that fits.

The answer on the wire stays ESIA's (`007053`, no reason). Costs some thirty verifications, so call it for a shown
refusal, never for every refused request. What real developers stumbled over is the source of every row.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, quote_plus, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from myschool.esia import strings
from myschool.esia.certificates import Certificate
from myschool.esia.signing import RsaVerifier, read_signature
from myschool.esia.systems import InformationSystem
from myschool.esia.timestamps import read_timestamp
from myschool.oidc.parameters import Pairs, read_parameters


class Endpoint(StrEnum):
    AUTHORIZE = "/aas/oauth2/v2/ac"
    TOKEN = "/aas/oauth2/v3/te"  # noqa: S105 (a path)


class Aspect(StrEnum):
    """Which parameter the finding is about."""

    REDIRECT_URI = "redirect_uri"
    TIMESTAMP = "timestamp"
    CERTIFICATE = "client_certificate_hash"
    SECRET = "client_secret"  # noqa: S105 (a parameter's name)


@dataclass(frozen=True, slots=True)
class Finding:
    """`cause` is a stable word for translations, `text` an English sentence with the facts. No secret stands in it."""

    aspect: Aspect
    cause: str
    text: str


def diagnose(pairs: Pairs, system: InformationSystem, endpoint: Endpoint, now: datetime) -> tuple[Finding, ...]:
    """Every finding of every aspect. Empty: nothing is wrong with the address, the time, the hash and the secret."""
    values = dict(read_parameters(pairs).values)
    found = [
        *_about_redirect_uri(values.get("redirect_uri", ""), system),
        *_about_timestamp(values.get("timestamp", ""), system, now),
        *_about_certificate(values.get("client_certificate_hash", ""), system, now),
        *_about_secret(values, system, endpoint),
    ]
    return tuple(found)


def _about_redirect_uri(given: str, system: InformationSystem) -> Iterator[Finding]:
    if not given or given in system.redirect_uris:
        return
    for registered in sorted(system.redirect_uris):
        if cause := _difference(given, registered):
            text = f"redirect_uri differs in the {cause.replace('_', ' ')} from the registered {registered}"
            yield Finding(Aspect.REDIRECT_URI, cause, text)


def _difference(given: str, registered: str) -> str | None:
    try:
        a, b = urlsplit(given), urlsplit(registered)
        ports = (a.port, b.port)
    except ValueError:
        return None
    hosts, same_path = (a.hostname, b.hostname), a.path == b.path
    alike = hosts[0] == hosts[1] and same_path
    differences = (
        ("trailing_slash", given.rstrip("/") == registered.rstrip("/")),
        ("letter_case", given.lower() == registered.lower()),
        ("scheme", alike and a.scheme != b.scheme and ports[0] == ports[1]),
        ("port", alike and ports[0] != ports[1]),
        ("query", alike and a.query != b.query),
        ("fragment", alike and a.fragment != b.fragment),
        ("host", same_path and set(hosts) <= {"localhost", "127.0.0.1", "::1"}),
        ("path_below", hosts[0] == hosts[1] and a.path.startswith(b.path)),
    )
    return next((name for name, holds in differences if holds), None)


def _about_timestamp(given: str, system: InformationSystem, now: datetime) -> Iterator[Finding]:
    if not given:
        return
    at = read_timestamp(given)
    if at is None:
        yield Finding(Aspect.TIMESTAMP, *_wrong_form(given))
        return
    off = at - now
    if abs(off) <= system.clock_tolerance:
        return
    hours = round(off / timedelta(hours=1))
    if hours and abs(off - timedelta(hours=hours)) <= system.clock_tolerance:
        cause = "clock_off_by_hours"
        text = f"the clock is {hours:+d} h off: local time with the wrong offset, or the wrong zone"
    else:
        cause, text = "clock_off", f"the clock is off by {off.total_seconds():+.0f} s"
    yield Finding(Aspect.TIMESTAMP, cause, text)


def _wrong_form(given: str) -> tuple[str, str]:
    forms = (
        (given[:-3] + given[-2:], "offset_with_colon", "the offset has a colon: +0300 is wanted, not +03:00"),
        (given[:-5].rstrip() + " +" + given[-4:], "plus_lost", "the + of the offset was lost: send it as %2B"),
        (
            given.replace("T", " ").replace("-", ".", 2),
            "iso_8601",
            "ISO 8601 form; yyyy.MM.dd HH:mm:ss +0300 is wanted",
        ),
        (given + " +0300", "no_offset", "the offset is missing: yyyy.MM.dd HH:mm:ss +0300"),
    )
    repaired = ((cause, text) for form, cause, text in forms if read_timestamp(form) is not None)
    return next(repaired, ("other_form", "timestamp is not of the form yyyy.MM.dd HH:mm:ss +0300"))


def _about_certificate(given: str, system: InformationSystem, now: datetime) -> Iterator[Finding]:
    known = system.certificate(given)
    if known is not None:
        if not known.active_at(now):
            text = f"the certificate is valid from {known.not_before:%F} to {known.not_after:%F}"
            yield Finding(Aspect.CERTIFICATE, "not_active", text)
        return
    for certificate in system.certificates if given else ():
        for cause, text, wrong in _wrong_hashes(certificate):
            if given == wrong or (cause != "lower_case" and given.upper() == wrong.upper()):
                yield Finding(Aspect.CERTIFICATE, cause, text)
                return


def _wrong_hashes(certificate: Certificate) -> Iterator[tuple[str, str, str]]:
    der = certificate.der
    yield "lower_case", "the hash is in lower case; upper case is wanted", certificate.hash.lower()
    pairs = ":".join(certificate.hash[i : i + 2] for i in range(0, len(certificate.hash), 2))
    yield "colons", "the hash has colons, as openssl prints a fingerprint", pairs
    yield "sha1", "the hash is SHA-1", hashlib.sha1(der, usedforsecurity=False).hexdigest()
    pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    for text in (pem, pem.rstrip(b"\n"), pem.replace(b"\n", b"\r\n")):
        yield "of_pem", "hash of the PEM text; the DER bytes are wanted", hashlib.sha256(text).hexdigest()
    yield "of_base64", "hash of the base64 text; the DER bytes are wanted", hashlib.sha256(b64encode(der)).hexdigest()
    key = x509.load_der_x509_certificate(der).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    yield "of_key", "hash of the public key; the whole certificate is wanted", hashlib.sha256(spki).hexdigest()


_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")


def _about_secret(values: Mapping[str, str], system: InformationSystem, endpoint: Endpoint) -> Iterator[Finding]:
    given = values.get("client_secret", "")
    if not given:
        return
    repaired = given.replace(" ", "+")
    if repaired != given:
        yield Finding(Aspect.SECRET, "plus_lost", "a + of standard base64 was lost: use base64url, or send it as %2B")
    read = read_signature(repaired)
    if read is None:
        yield Finding(Aspect.SECRET, "not_base64", "client_secret is not base64url")
        return
    if _SIGNED_DATA in read.raw[:40]:
        yield Finding(Aspect.SECRET, "pkcs7", "PKCS#7 where a raw signature belongs: that was the first generation")
        return
    yield from _about_signature(values, system, endpoint, _unwrapped(repaired, read.raw))


def _unwrapped(text: str, raw: bytes) -> tuple[tuple[str | None, bytes], ...]:
    """The signature as sent, reversed (what CryptoPro gives), and out of wrappings that developers put around it."""
    ways: list[tuple[str | None, bytes]] = [(None, raw), ("reversed", raw[::-1])]
    if all(c in "0123456789abcdefABCDEF" for c in text) and len(text) % 2 == 0:
        ways.append(("hex", bytes.fromhex(text)))
    if raw.isascii() and (inner := read_signature(raw.decode("ascii"))) is not None:
        ways.append(("base64_twice", inner.raw))
    return tuple(ways)


_WRAPPED: Mapping[str, str] = {
    "reversed": "the signature is valid if its bytes are reversed",
    "hex": "the signature is in hex; base64url is wanted",
    "base64_twice": "the signature is base64 of base64",
}


def _about_signature(
    values: Mapping[str, str],
    system: InformationSystem,
    endpoint: Endpoint,
    ways: tuple[tuple[str | None, bytes], ...],
) -> Iterator[Finding]:
    named = system.certificate(values.get("client_certificate_hash", ""))
    for certificate in sorted(system.certificates, key=lambda each: each is not named):
        for way, raw in ways:
            for cause, text, string in _candidate_strings(values, system, endpoint):
                digest = _digest_that_fits(certificate, string.encode(), raw)
                if digest is None:
                    continue
                if way is not None:
                    yield Finding(Aspect.SECRET, way, _WRAPPED[way])
                if digest:
                    yield Finding(Aspect.SECRET, "digest", f"the signature is over {digest}; SHA-256 is wanted")
                if cause:
                    yield Finding(Aspect.SECRET, cause, text)
                if named is not None and certificate is not named:
                    text = "signed by another certificate of this system than client_certificate_hash names"
                    yield Finding(Aspect.SECRET, "other_certificate", text)
                return
    yield from _of_no_known_kind(named, ways[0][1])


def _of_no_known_kind(named: Certificate | None, raw: bytes) -> Iterator[Finding]:
    verifier = None if named is None else named.verifier
    if isinstance(verifier, RsaVerifier) and len(raw) != verifier.key.key_size // 8:
        text = f"{len(raw)} bytes, where a signature of this key has {verifier.key.key_size // 8}"
        yield Finding(Aspect.SECRET, "length", text)
    else:
        text = "a signature by another key, or over values other than those that were sent"
        yield Finding(Aspect.SECRET, "other_key_or_values", text)


_OTHER_DIGESTS: tuple[HashAlgorithm, ...] = (SHA1(), SHA384(), SHA512())  # noqa: S303 (only to recognise it)


def _digest_that_fits(certificate: Certificate, message: bytes, raw: bytes) -> str | None:
    """Empty text: the right digest; a name: another; None: no signature of this key over this message."""
    if certificate.verifier.verify(message, raw):
        return ""
    if isinstance(certificate.verifier, RsaVerifier):
        for digest in _OTHER_DIGESTS:
            if certificate.verifier.verify_with(digest, message, raw):
                return digest.name.upper().replace("SHA", "SHA-")
    return None


def _candidate_strings(
    values: Mapping[str, str], system: InformationSystem, endpoint: Endpoint
) -> Iterator[tuple[str, str, str]]:
    """(cause, text, string); the right string comes first, with an empty cause."""
    said = _Said(values)
    right = said.token() if endpoint is Endpoint.TOKEN else said.authorize()
    yield "", "", right
    first = strings.first_generation_string(said.client_id, said.scope, said.timestamp, said.state)
    yield "v1_string", "valid for the v1 string, you called v2", first
    if said.scope_org:
        yield "scope_org_missing", "scope_org is missing from the signed string", said.having(scope_org="", to=endpoint)
    if endpoint is Endpoint.TOKEN:
        yield "code_missing", "valid for the string of the authorization: code is missing at its end", said.authorize()
        old = strings.refresh_string_with_token(
            said.client_id, said.scope, said.timestamp, said.state, values.get("refresh_token", "")
        )
        yield "refresh_string_b", "valid for variant b of the refresh string, which is switched off", old
    for registered in sorted(system.redirect_uris | {said.redirect_uri + "/", said.redirect_uri.rstrip("/")}):
        text = "the signed redirect_uri is not the one that was sent"
        yield "other_redirect_uri", text, said.having(redirect_uri=registered, to=endpoint)
    yield (
        "redirect_uri_missing",
        "redirect_uri is missing from the signed string",
        said.having(redirect_uri="", to=endpoint),
    )
    yield from _rewritten(said, right, endpoint)


def _rewritten(said: "_Said", right: str, endpoint: Endpoint) -> Iterator[tuple[str, str, str]]:
    yield "line_feed", "a line feed stands at the end of the signed string", right + "\n"
    sorted_scope = " ".join(sorted(said.scope.split()))
    yield (
        "scope_order",
        "the signed scope has another order than the one sent",
        said.having(scope=sorted_scope, to=endpoint),
    )
    ways: tuple[Callable[[str], str], ...] = (quote_plus, lambda text: quote(text, safe=""))
    for encode in ways:
        encoded = said.having(
            timestamp=encode(said.timestamp),
            scope=encode(said.scope),
            redirect_uri=encode(said.redirect_uri),
            to=endpoint,
        )
        yield "signed_encoded", "the signed string is URL-encoded; the bare values are wanted", encoded
        only_uri = said.having(redirect_uri=encode(said.redirect_uri), to=endpoint)
        yield "signed_encoded", "the signed redirect_uri is URL-encoded; the bare value is wanted", only_uri


class _Said:
    """The values of a request, to be put together in other ways."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.client_id = values.get("client_id", "")
        self.scope = values.get("scope", "")
        self.scope_org = values.get("scope_org", "")
        self.timestamp = values.get("timestamp", "")
        self.state = values.get("state", "")
        self.redirect_uri = values.get("redirect_uri", "")
        self.code = values.get("code", "")

    def authorize(self) -> str:
        return strings.authorize_string(
            self.client_id, self.scope, self.timestamp, self.state, self.redirect_uri, self.scope_org
        )

    def token(self) -> str:
        return self.authorize() + self.code

    def having(self, *, to: Endpoint, **changed: str) -> str:
        other = _Said({**vars(self), **changed})
        return other.token() if to is Endpoint.TOKEN else other.authorize()
