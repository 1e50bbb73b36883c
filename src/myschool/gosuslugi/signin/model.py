"""One-time codes, attempts to sign in, and how often one may try.

code:  sent ──entered──▶ used
         ├──10 minutes──▶ expired      a fresh one is sent
         └──5 mistakes──▶ exhausted    a fresh one is sent
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.gosuslugi.people.model import ContactValue

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=60)
SIGN_IN_LIFE = timedelta(minutes=15)
"""From the right password to the right code."""
HANDED_LIFE = timedelta(days=30)
"""In which a first password from a paper is changed."""
STRANGERS_COMPUTER_MINUTES = 10


class Purpose(StrEnum):
    """What a code is good for; one sent for one purpose opens nothing else."""

    REGISTER = "register"
    SIGN_IN = "sign_in"
    RECOVER = "recover"
    EMAIL = "email"
    MOBILE = "mobile"
    CHILD_EMAIL = "child_email"
    CHILD_MOBILE = "child_mobile"


@dataclass(frozen=True)
class Matter:
    """What a code is sent for: one live code a matter. `id`: a registration, an attempt to sign in, a person."""

    purpose: Purpose
    id: UUID


class Entered(StrEnum):
    """What became of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"
    ABSENT = "absent"
    """None was sent, or it was used."""


@dataclass(frozen=True)
class Judged:
    entered: Entered
    tries_left: int = 0

    @property
    def right(self) -> bool:
        return self.entered is Entered.RIGHT


class Sending(StrEnum):
    SENT = "sent"
    TOO_SOON = "too_soon"
    """The last one went less than a minute ago, and still counts."""
    TOO_MANY = "too_many"
    """This address has had as many codes as it may get for now; the last one still counts."""


class Whose(StrEnum):
    """Whose telephone or mailbox it is that a code goes to."""

    OWN = "own"
    PARENT = "parent"


@dataclass(frozen=True)
class CodeAddress:
    """Where a person's second factor goes."""

    to: ContactValue = field(repr=False)
    whose: Whose = Whose.OWN


@dataclass(frozen=True)
class Limit:
    """So many tries `per` this long."""

    name: str
    tries: int
    per: timedelta


# Guessing one account from one place; one account from anywhere; many accounts from one place (a school behind one
# address signs in at nine o'clock); one password over all accounts.
LOGIN_HERE = Limit("login-here", 8, timedelta(minutes=15))
LOGIN_ANYWHERE = Limit("login", 60, timedelta(hours=1))
LOGIN_ADDRESS = Limit("login-address", 300, timedelta(minutes=15))
LOGIN_PASSWORD = Limit("login-password", 60, timedelta(minutes=10))

CODES_AN_HOUR = Limit("code-hour", 10, timedelta(hours=1))
CODES_A_DAY = Limit("code-day", 30, timedelta(days=1))
# «Этот адрес занят» says that an address is known here: too few a person may ask about to fish any out.
CONTACTS_AN_HOUR = Limit("contact-hour", 10, timedelta(hours=1))
CONTACTS_A_DAY = Limit("contact-day", 20, timedelta(days=1))
LETTERS_FROM_ADDRESS = Limit("code-address", 60, timedelta(hours=1))


class Outcome(StrEnum):
    """How an attempt to sign in ended, as its owner reads it."""

    PASSED = "passed"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a word, not a secret
    WRONG_CODE = "wrong_code"


@dataclass(frozen=True)
class SignInRecord:
    """One line of the history of sign-ins. `device` is «Firefox, Linux»."""

    at: datetime
    outcome: Outcome
    device: str


@dataclass(frozen=True)
class Attempt:
    """The password was right; the code is awaited, or `proved`: an own password is. Lives in the session."""

    id: UUID
    person_id: UUID
    began_at: datetime
    next: str
    strangers_computer: bool
    proved: bool = False

    def over(self, now: datetime) -> bool:
        return now - self.began_at > SIGN_IN_LIFE
