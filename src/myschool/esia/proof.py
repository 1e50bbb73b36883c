"""What authorization and token request have in common: mandatory words, the time, the certificate, the signature."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from myschool.esia.errors import EsiaRefusal, refusal
from myschool.esia.signing import read_signature
from myschool.esia.systems import InformationSystem
from myschool.esia.timestamps import read_timestamp
from myschool.oidc.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came, beside what is known of the one who claims to ask."""

    given: Parameters
    system: InformationSystem
    now: datetime

    def value(self, name: str) -> str:
        return self.given.get(name) or ""


def missing(asked: Asked, names: Iterable[str]) -> EsiaRefusal | None:
    absent = next((name for name in names if name not in asked.given), None)
    return None if absent is None else refusal("007014", f"{absent} is missing or empty", absent)


def unreadable(given: Parameters) -> EsiaRefusal | None:
    if given.doubled:
        return refusal("007003", f"given more than once: {', '.join(given.doubled)}")
    if given.unreadable:
        return refusal("007003", f"control characters, broken UTF-8 or too long: {', '.join(given.unreadable)}")
    return None


def bad_state(asked: Asked) -> EsiaRefusal | None:
    return None if is_uuid(asked.value("state")) else refusal("007003", "state must be a UUID")


def is_uuid(text: str) -> bool:
    """The 36 characters with hyphens; `uuid.UUID` alone would take braces and prefixes too."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def bad_time(asked: Asked) -> EsiaRefusal | None:
    text = asked.value("timestamp")
    at = read_timestamp(text)
    if at is None:
        return refusal("007015", "timestamp is not of the form yyyy.MM.dd HH:mm:ss +0300")
    off = at - asked.now
    if abs(off) > asked.system.clock_tolerance:
        return refusal("007015", f"the clock is off by {off.total_seconds():+.0f} s")
    return None


def bad_certificate(asked: Asked) -> EsiaRefusal | None:
    certificate = asked.system.certificate(asked.value("client_certificate_hash"))
    if certificate is None:
        return refusal("007002", "client_certificate_hash is of no certificate of this system")
    if not certificate.active_at(asked.now):
        return refusal("007053", f"the certificate is valid {certificate.not_before:%F} – {certificate.not_after:%F}")
    return None


def bad_signature(asked: Asked, accepted: Sequence[str]) -> EsiaRefusal | None:
    """`accepted`: the strings of which one must be signed. By the named certificate and no other."""
    read = read_signature(asked.value("client_secret"))
    if read is None:
        return refusal("007053", "client_secret is not base64url")
    certificate = asked.system.certificate(asked.value("client_certificate_hash"))
    if certificate is None:
        return refusal("007002", "client_certificate_hash is of no certificate of this system")
    if any(certificate.verifier.verify(string.encode(), read.raw) for string in accepted):
        return None
    return refusal("007053", "client_secret is not a signature over the expected string")


def bad_scope(asked: Asked) -> EsiaRefusal | None:
    """Scopes may be fewer than registered, never more."""
    scopes, org_scopes = asked.value("scope").split(), asked.value("scope_org").split()
    if not scopes and not org_scopes:
        return refusal("007013", "scope is empty")
    more = sorted({*scopes} - asked.system.scopes) + sorted({*org_scopes} - asked.system.org_scopes)
    if more:
        return refusal("007019", f"not registered for this system: {' '.join(more):.200}")
    return None


def oddities_of(asked: Asked) -> tuple[str, ...]:
    read = read_signature(asked.value("client_secret"))
    return () if read is None else tuple(oddity.value for oddity in read.oddities)
