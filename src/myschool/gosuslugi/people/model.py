"""Person, account with its level, contacts, documents.

    simplified ──prove_papers──▶ standard ──confirm_identity──▶ confirmed
    child ───────hand_over─────▶ standard
    provisional ──become_real──▶ child

Errors
    NoSuchPerson       nobody has this id
    LevelCannotMove    the move does not start at this level
    SnilsTaken         another account has this СНИЛС
    ContactsFixed      a provisional account takes no further e-mail or telephone
    ContactTaken       another account has verified this e-mail or telephone
    NothingPending     there is no value that waits for its code
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.kit.agenda import Event
from myschool.papers.dates import MOSCOW, age_on, birthday_number, zone_of_region
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Phone, Snils

ADULT_AT = 18
PASSPORT_AT = 14
PASSPORT_WITHIN = timedelta(days=90)
"""After that birthday: Rules on the passport, Government decree No. 2267 of 23.12.2023."""


class Level(StrEnum):
    """«Уровень учётной записи»."""

    SIMPLIFIED = "simplified"
    STANDARD = "standard"
    CONFIRMED = "confirmed"
    CHILD = "child"
    PROVISIONAL = "provisional"
    """«Временная учётная запись»: a parent says so, no register and no clerk yet. Proves nothing, reserves no СНИЛС."""


class Move(StrEnum):
    PROVE_PAPERS = "prove_papers"
    """Registers confirmed passport and СНИЛС."""
    CONFIRM_IDENTITY = "confirm_identity"
    """Somebody compared the person with the passport."""
    HAND_OVER = "hand_over"
    """A child grew up and proved a passport of their own."""
    BECOME_REAL = "become_real"
    """A register or a clerk confirmed whose child it is."""


MOVES: Mapping[tuple[Level, Move], Level] = {
    (Level.SIMPLIFIED, Move.PROVE_PAPERS): Level.STANDARD,
    (Level.STANDARD, Move.CONFIRM_IDENTITY): Level.CONFIRMED,
    (Level.CHILD, Move.HAND_OVER): Level.STANDARD,
    (Level.PROVISIONAL, Move.BECOME_REAL): Level.CHILD,
}


class Sex(StrEnum):
    """As on ESIA's wire."""

    FEMALE = "F"
    MALE = "M"


class ContactKind(StrEnum):
    """As on ESIA's wire."""

    EMAIL = "EML"
    MOBILE = "MBT"


class DocumentKind(StrEnum):
    """As on ESIA's wire."""

    RF_PASSPORT = "RF_PASSPORT"
    FID_DOC = "FID_DOC"
    RF_BRTH_CERT = "RF_BRTH_CERT"
    FID_BRTH_CERT = "FID_BRTH_CERT"
    OLD_BRTH_CERT = "OLD_BRTH_CERT"


ContactValue = Email | Phone


def kind_of(value: ContactValue) -> ContactKind:
    return ContactKind.EMAIL if isinstance(value, Email) else ContactKind.MOBILE


@dataclass(frozen=True)
class EsiaAccount:
    """«Учётная запись ЕСИА». `oid`: ten digits by which other systems know it."""

    oid: int
    level: Level
    level_since: datetime
    created_at: datetime


@dataclass(frozen=True)
class Person:
    """«Физическое лицо, гражданин». What is None was not proved yet; a simplified account has the name only."""

    id: UUID
    name: FullName
    account: EsiaAccount
    updated_at: datetime
    birth_date: date | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)
    snils: Snils | None = field(default=None, repr=False)
    birthplace: str | None = field(default=None, repr=False)
    citizenship: str | None = field(default=None, repr=False)
    """Country code of three letters, `RUS`."""
    region: str | None = None
    """Code of the region where the person lives, as far as a parent's card told it."""

    def day_at(self, now: datetime) -> date:
        """The day where the person lives; by Moscow's clocks when that is not known."""
        return now.astimezone(zone_of_region(self.region) if self.region else MOSCOW).date()

    def age_at(self, now: datetime) -> int | None:
        """None while the birth date was not proved."""
        return age_on(self.birth_date, self.day_at(now)) if self.birth_date else None

    @property
    def oid(self) -> int:
        return self.account.oid

    @property
    def level(self) -> Level:
        return self.account.level

    @property
    def passport_day(self) -> date | None:
        """From which day the owner of a child's account may enter a passport. None for everybody else."""
        if self.level is not Level.CHILD or self.birth_date is None:
            return None
        return birthday_number(self.birth_date, PASSPORT_AT)

    @property
    def in_own_hands(self) -> bool:
        """The account was proved with papers of the person; no adult keeps it."""
        return self.level in (Level.STANDARD, Level.CONFIRMED)


@dataclass(frozen=True)
class Contact:
    """The verified value works; `pending` waits for its code and replaces it then. At least one of both is set."""

    kind: ContactKind
    value: ContactValue | None
    verified_at: datetime | None
    pending: ContactValue | None = None
    id: UUID | None = None
    """Of the verified value."""


@dataclass(frozen=True)
class Document:
    """A paper of a person. `series` is empty where the paper has none."""

    id: UUID
    kind: DocumentKind
    series: str = field(repr=False)
    number: str = field(repr=False)
    issued_on: date | None = field(default=None, repr=False)
    issued_by: str | None = field(default=None, repr=False)
    department_code: str | None = field(default=None, repr=False)
    act_number: str | None = field(default=None, repr=False)
    act_date: date | None = field(default=None, repr=False)
    verified_at: datetime | None = None


@dataclass(frozen=True)
class Particulars:
    """What the papers of a person say beyond the name; what `prove` writes into the account."""

    birth_date: date = field(repr=False)
    sex: Sex = field(repr=False)
    snils: Snils | None = field(repr=False)
    birthplace: str | None = field(default=None, repr=False)
    citizenship: str = field(default="RUS", repr=False)


@dataclass(frozen=True)
class Card:
    """What a slice shows on the main page of the cabinet. `kind`: '' | main | wait | good | bad."""

    title: str
    text: str
    href: str = ""
    button: str = ""
    kind: str = ""


class LevelRaised(Event, frozen=True, tag="people.level_raised"):
    """An account moved to this level."""

    person_id: UUID
    level: Level


@dataclass
class NoSuchPerson(Exception):
    person_id: UUID


@dataclass
class LevelCannotMove(Exception):
    level: Level
    move: Move


class ContactsFixed(Exception):
    """A provisional account keeps the one e-mail it was opened with: it must not hold contacts of others."""


class SnilsTaken(Exception):
    """Another account has this СНИЛС; whose is never told."""


@dataclass
class ContactTaken(Exception):
    """Another account has verified this contact; whose is never told."""

    kind: ContactKind


@dataclass
class NothingPending(Exception):
    kind: ContactKind


def moved(level: Level, move: Move) -> Level:
    """Raises LevelCannotMove."""
    target = MOVES.get((level, move))
    if target is None:
        raise LevelCannotMove(level, move)
    return target


def already_moved(level: Level, move: Move) -> bool:
    """The move's outcome holds already, so that repeating it is no mistake."""
    reached: dict[Move, Sequence[Level]] = {
        Move.PROVE_PAPERS: (Level.STANDARD, Level.CONFIRMED),
        Move.HAND_OVER: (Level.STANDARD, Level.CONFIRMED),
        Move.CONFIRM_IDENTITY: (Level.CONFIRMED,),
        Move.BECOME_REAL: (Level.CHILD, Level.STANDARD, Level.CONFIRMED),
    }
    return level in reached[move]


def login_candidates(text: str) -> list[ContactValue | Snils]:
    """What a typed «Телефон / Email / СНИЛС» may mean, the likeliest first; empty for what is none of them.

    Eleven digits may be both: grouped by threes they are a СНИЛС, otherwise first a telephone.
    """
    found: list[ContactValue | Snils] = []
    for parse in (Email.parse, Phone.parse, lambda typed: Snils.parse(typed, sandbox=True)):
        try:
            found.append(parse(text))
        except ValueError:
            continue
    return found[::-1] if _grouped_like_snils(text) else found


def _grouped_like_snils(text: str) -> bool:
    groups = [len(group) for group in text.replace("-", " ").split()]
    return groups in ([3, 3, 3, 2], [9, 2])
