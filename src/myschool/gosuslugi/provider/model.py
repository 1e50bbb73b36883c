"""What the provider remembers.

ProviderError
├── NoSuchRequest        an authorization request that has run out of time, or never was
└── AccessDenied         a token that opens nothing here; `status` 401 or 403 by RFC 6750 §3.1, `reason` for the log
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.esia.levels import AccountLevel
from myschool.gosuslugi.people.model import Level, Person

REQUEST_LIFE = timedelta(hours=2)
"""How long a request waits while the person signs in, or makes an account."""


class ProviderError(Exception):
    pass


class NoSuchRequest(ProviderError):
    pass


class AccessDenied(ProviderError):
    def __init__(self, status: int, error: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.error, self.reason = status, error, reason


class Endpoint(StrEnum):
    AUTHORIZE = "authorize"
    TOKEN = "token"  # noqa: S105 (an endpoint's name)
    LOGOUT = "logout"


@dataclass(frozen=True)
class RefusalNote:
    """Why a system was refused, for its developer. Nothing personal: number, reason, trace."""

    mnemonic: str
    endpoint: Endpoint
    number: str
    reason: str
    trace: str
    at: datetime


@dataclass(frozen=True)
class Redemption:
    """A code was exchanged. `session` is the key of the person's session at the time."""

    jti: str
    mnemonic: str
    session: str = field(repr=False)
    redeemed_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Organisation:
    """A legal entity, with what a person is in it. `chief`: heads it."""

    oid: int
    ogrn: str
    full_name: str
    short_name: str
    person_id: UUID
    chief: bool
    admin: bool


def account_level(person: Person) -> AccountLevel:
    """Simplified and standard look the same on the wire; a standard account has a СНИЛС to show.

    So do a child's account and a provisional one, and again the СНИЛС tells them apart.
    """
    letters = {
        Level.CONFIRMED: AccountLevel.CONFIRMED,
        Level.CHILD: AccountLevel.CHILD,
        Level.PROVISIONAL: AccountLevel.CHILD,
    }
    return letters.get(person.level, AccountLevel.OTHER)


def wire_id(row_id: UUID) -> int:
    """Records on the wire have whole numbers: 53 bits of the row's own, which JavaScript also reads exactly."""
    return row_id.int & ((1 << 53) - 1)
