"""Why a typed paper is refused: nouns with facts, and no personal data among the facts.

    PaperRefused
    ├── Empty                      nothing was typed
    ├── WrongLength                not as many digits or characters as the paper has
    ├── UnexpectedCharacters       characters that the paper never carries
    ├── WrongControlNumber         the digits do not fit their own control digits
    ├── NumberNotIssued            a number that no register ever gives out (all zeros)
    ├── NumberOfTestPerson         a СНИЛС that is kept for test persons
    ├── EntrepreneurNumber         ОГРНИП where the number of a legal entity is asked
    ├── ForeignPhone               a telephone of another country
    ├── EmailWithoutAddress        no local part, no «@», or no domain
    ├── NoLetters                  a name of hyphens and dots only
    ├── WrongSeries                the series of a certificate does not have its form
    ├── NoSuchDate                 31 February, or not a date at all
    ├── DateTooEarly               before the day that must precede it
    └── DateTooLate                after the day that must follow it

The Russian sentence for each is chosen by the page that shows it.
"""

from dataclasses import dataclass
from datetime import date


class PaperRefused(ValueError):
    """What was typed cannot stand on the paper; the subclass says why."""

    def __str__(self) -> str:
        return repr(self)


@dataclass(unsafe_hash=True)
class Empty(PaperRefused):
    """Nothing but spaces was typed."""


@dataclass(unsafe_hash=True)
class WrongLength(PaperRefused):
    """`found` characters (digits, for a number), where `needed` are wanted; `or_up_to` is set for a range."""

    found: int
    needed: int
    or_up_to: int | None = None


@dataclass(unsafe_hash=True)
class UnexpectedCharacters(PaperRefused):
    """Up to five different characters that may not stand here; invisible ones as «U+0000»."""

    characters: tuple[str, ...]


@dataclass(unsafe_hash=True)
class WrongControlNumber(PaperRefused):
    """The control digits do not fit. What would fit is not told: a slip would then be «mended» into a stranger's."""


@dataclass(unsafe_hash=True)
class NumberNotIssued(PaperRefused):
    """All zeros: passes every checksum and belongs to nobody."""


@dataclass(unsafe_hash=True)
class NumberOfTestPerson(PaperRefused):
    """СНИЛС not above 001-001-998: has no control number and serves test persons only."""


@dataclass(unsafe_hash=True)
class EntrepreneurNumber(PaperRefused):
    """ОГРНИП (15 digits) where the ОГРН of a legal entity (13 digits) is asked."""


@dataclass(unsafe_hash=True)
class ForeignPhone(PaperRefused):
    """A telephone outside the Russian numbering plan (+7 3…, 4…, 8…, 9…)."""


@dataclass(unsafe_hash=True)
class EmailWithoutAddress(PaperRefused):
    """`missing` is `at`, `local_part` or `domain`."""

    missing: str


@dataclass(unsafe_hash=True)
class NoLetters(PaperRefused):
    """Only hyphens, dots and apostrophes."""


@dataclass(unsafe_hash=True)
class WrongSeries(PaperRefused):
    """`part` names what is wrong in the series «III-АБ»: `roman`, `letters` or `hyphen`."""

    part: str


@dataclass(unsafe_hash=True)
class NoSuchDate(PaperRefused):
    """`part` is `day`, `month`, `year`, or `whole` when the three cannot be told apart."""

    part: str


@dataclass(unsafe_hash=True)
class DateTooEarly(PaperRefused):
    """The date must not lie before `earliest`."""

    earliest: date


@dataclass(unsafe_hash=True)
class DateTooLate(PaperRefused):
    """The date must not lie after `latest`."""

    latest: date
