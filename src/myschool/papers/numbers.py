"""Numbers as Russian papers carry them: СНИЛС, ИНН, ОГРН, passport, department code; and telephone and e-mail.

Every type keeps the bare digits, is made from typed text by `parse`, and hides itself in `repr` and `str` when it
identifies a person: the number leaves only through `.digits` or `.formatted()`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from myschool.papers.errors import (
    EmailWithoutAddress,
    Empty,
    EntrepreneurNumber,
    ForeignPhone,
    NumberNotIssued,
    NumberOfTestPerson,
    UnexpectedCharacters,
    WrongControlNumber,
    WrongLength,
)
from myschool.papers.typed import tidy, unexpected, unspoiled

_ASCII_DIGITS = frozenset("0123456789")


def _digits_of(text: str, separators: str = " -") -> str:
    """The digits of a typed number; raises `Empty` and `UnexpectedCharacters`. Digits of other scripts are refused."""
    typed = tidy(text)
    if not typed:
        raise Empty
    strange = "".join(
        character for character in typed if character not in _ASCII_DIGITS and character not in separators
    )
    if strange:
        raise unexpected(strange)
    return "".join(character for character in typed if character in _ASCII_DIGITS)


def _require_length(digits: str, needed: int) -> None:
    if len(digits) != needed:
        raise WrongLength(found=len(digits), needed=needed)


def _weighted_sum(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


class _Hidden:
    """A value that never prints itself: not in logs, errors, templates or a debugger's frame.

    `str` and format strings go by `repr` where a class has no other; so one lock closes all three.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


def _check_shape(value: str, length: int) -> None:
    """A constructor is called with digits that were parsed before (from a store); it trusts all but their form."""
    if len(value) != length or not _ASCII_DIGITS.issuperset(value):
        raise WrongLength(found=len(value), needed=length)


@dataclass(frozen=True, slots=True, repr=False)
class Snils(_Hidden):
    """«СНИЛС»: 11 digits, the last two of them the control number.

    Rule: digits 1–9 weigh 9…1; the sum modulo 101, where 100 counts as 00. Numbers up to 001-001-998 were given out
    without a control number; test persons have them (000-000-600 0N), and only a sandbox takes them.
    """

    digits: str

    LENGTH = 11
    LAST_WITHOUT_CONTROL = 1_001_998

    def __post_init__(self) -> None:
        _check_shape(self.digits, self.LENGTH)

    @classmethod
    def parse(cls, text: str, *, sandbox: bool = False) -> Self:
        """Raises `Empty`, `UnexpectedCharacters`, `WrongLength`, `NumberNotIssued`, `NumberOfTestPerson`,
        `WrongControlNumber`."""
        digits = _digits_of(text)
        _require_length(digits, cls.LENGTH)
        number = int(digits[:9])
        if number == 0:
            raise NumberNotIssued
        if number <= cls.LAST_WITHOUT_CONTROL:
            if not sandbox:
                raise NumberOfTestPerson
        elif snils_control(digits[:9]) != digits[9:]:
            raise WrongControlNumber
        return cls(digits)

    def formatted(self) -> str:
        """`NNN-NNN-NNN NN`, as on the card and on ESIA's wire."""
        digits = self.digits
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"

    def masked(self) -> str:
        """`•••-•••-••• NN`: enough to recognise one's own."""
        return f"•••-•••-••• {self.digits[9:]}"


def snils_control(first_nine: str) -> str:
    """Two control digits for the first nine; the sum reaches 405 at most, so «above 101» is one modulo."""
    return f"{_weighted_sum(first_nine, range(9, 0, -1)) % 101 % 100:02d}"


_INN_LEGAL = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_PERSON_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_PERSON_SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


@dataclass(frozen=True, slots=True, repr=False)
class Inn(_Hidden):
    """«ИНН»: 10 digits of a legal entity (shown freely) or 12 of a person (hidden).

    The last digit, or the last two of a person's, are control digits: weighted sum modulo 11, modulo 10.
    """

    digits: str

    LEGAL_LENGTH = 10
    PERSON_LENGTH = 12

    def __post_init__(self) -> None:
        _check_shape(self.digits, self.PERSON_LENGTH if len(self.digits) > self.LEGAL_LENGTH else self.LEGAL_LENGTH)

    @property
    def is_personal(self) -> bool:
        return len(self.digits) == self.PERSON_LENGTH

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `Empty`, `UnexpectedCharacters`, `WrongLength`, `NumberNotIssued`, `WrongControlNumber`."""
        digits = _digits_of(text)
        if len(digits) not in (cls.LEGAL_LENGTH, cls.PERSON_LENGTH):
            raise WrongLength(found=len(digits), needed=cls.LEGAL_LENGTH, or_up_to=cls.PERSON_LENGTH)
        if int(digits) == 0:
            raise NumberNotIssued
        all_weights = (_INN_LEGAL,) if len(digits) == cls.LEGAL_LENGTH else (_INN_PERSON_FIRST, _INN_PERSON_SECOND)
        for weights in all_weights:
            if _weighted_sum(digits, weights) % 11 % 10 != int(digits[len(weights)]):
                raise WrongControlNumber
        return cls(digits)

    def formatted(self) -> str:
        return self.digits

    def __repr__(self) -> str:
        return "Inn(…)" if self.is_personal else f"Inn({self.digits})"


@dataclass(frozen=True, slots=True, repr=False)
class Ogrn:
    """«ОГРН» of a legal entity: 13 digits, the last is the first twelve modulo 11, modulo 10. Public: shows itself."""

    digits: str

    LENGTH = 13
    ENTREPRENEUR_LENGTH = 15

    def __post_init__(self) -> None:
        _check_shape(self.digits, self.LENGTH)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `Empty`, `UnexpectedCharacters`, `WrongLength`, `EntrepreneurNumber`, `NumberNotIssued`,
        `WrongControlNumber`."""
        digits = _digits_of(text)
        if len(digits) == cls.ENTREPRENEUR_LENGTH:
            raise EntrepreneurNumber
        _require_length(digits, cls.LENGTH)
        if int(digits) == 0:
            raise NumberNotIssued
        if int(digits[:12]) % 11 % 10 != int(digits[12]):
            raise WrongControlNumber
        return cls(digits)

    def formatted(self) -> str:
        return self.digits

    def __repr__(self) -> str:
        return f"Ogrn({self.digits})"


@dataclass(frozen=True, slots=True, repr=False)
class PassportNumber(_Hidden):
    """«Серия и номер паспорта» of a citizen of Russia: series of 4 digits, number of 6."""

    series: str
    number: str

    SERIES_LENGTH = 4
    NUMBER_LENGTH = 6

    def __post_init__(self) -> None:
        _check_shape(self.series, self.SERIES_LENGTH)
        _check_shape(self.number, self.NUMBER_LENGTH)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Series and number typed together: `45 08 № 123456`. Raises `Empty`, `UnexpectedCharacters`, `WrongLength`."""
        digits = _digits_of(text, separators=" -№")
        _require_length(digits, cls.SERIES_LENGTH + cls.NUMBER_LENGTH)
        return cls(digits[: cls.SERIES_LENGTH], digits[cls.SERIES_LENGTH :])

    @classmethod
    def parse_series(cls, text: str) -> str:
        """Four digits from the field «Серия»; errors as `parse`."""
        digits = _digits_of(text)
        _require_length(digits, cls.SERIES_LENGTH)
        return digits

    @classmethod
    def parse_number(cls, text: str) -> str:
        """Six digits from the field «Номер»; errors as `parse`."""
        digits = _digits_of(text, separators=" -№")
        _require_length(digits, cls.NUMBER_LENGTH)
        return digits

    @property
    def digits(self) -> str:
        return self.series + self.number

    def formatted(self) -> str:
        return f"{self.series[:2]} {self.series[2:]} № {self.number}"

    def masked(self) -> str:
        return f"•• •• № ••••{self.number[-2:]}"


@dataclass(frozen=True, slots=True, repr=False)
class DepartmentCode:
    """«Код подразделения» that issued a passport: `NNN-NNN`. Names an office, so it shows itself."""

    digits: str

    LENGTH = 6

    def __post_init__(self) -> None:
        _check_shape(self.digits, self.LENGTH)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `Empty`, `UnexpectedCharacters`, `WrongLength`."""
        digits = _digits_of(text)
        _require_length(digits, cls.LENGTH)
        return cls(digits)

    def formatted(self) -> str:
        return f"{self.digits[:3]}-{self.digits[3:]}"

    def __repr__(self) -> str:
        return f"DepartmentCode({self.formatted()})"


@dataclass(frozen=True, slots=True, repr=False)
class Phone(_Hidden):
    """A telephone of Russia: ten digits after the country code. ESIA's wire writes `+7(NNN)NNNNNNN`."""

    digits: str

    LENGTH = 10
    # The first digit of an area or operator code; 6 and 7 after +7 belong to Kazakhstan.
    RUSSIAN_CODES = frozenset("3489")

    def __post_init__(self) -> None:
        _check_shape(self.digits, self.LENGTH)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Takes `+7…`, `8…` and the bare ten digits, with any brackets, spaces, dots and hyphens.

        Raises `Empty`, `UnexpectedCharacters`, `WrongLength` (counted without the country code), `ForeignPhone`.
        """
        typed = tidy(text)
        digits = _digits_of(typed.removeprefix("+"), separators=" -().")
        if typed.startswith("+") and not digits.startswith("7"):
            raise ForeignPhone
        # A leading 8 or 7 is dropped only where a whole number follows: «8 (495) …» against «800 …» typed short.
        if len(digits) == cls.LENGTH + 1 and digits[0] in "78":
            digits = digits[1:]
        _require_length(digits, cls.LENGTH)
        if digits[0] not in cls.RUSSIAN_CODES:
            raise ForeignPhone
        return cls(digits)

    @property
    def may_receive_sms(self) -> bool:
        """Mobile codes begin with 9."""
        return self.digits[0] == "9"

    def wire(self) -> str:
        return f"+7({self.digits[:3]}){self.digits[3:]}"

    def formatted(self) -> str:
        digits = self.digits
        return f"+7 {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}"

    def masked(self) -> str:
        return f"+7 ••• •••-{self.digits[6:8]}-{self.digits[8:]}"


_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LOCAL_CHARACTER = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]", re.ASCII)
_DOMAIN_LABEL = re.compile(r"[a-zа-яё0-9](?:[a-zа-яё0-9-]{0,61}[a-zа-яё0-9])?")
_NOT_IN_DOMAIN = re.compile(r"[^a-zа-яё0-9.-]")
_CYRILLIC = re.compile(r"[а-яё]")
_LATIN = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True, repr=False)
class Email(_Hidden):
    """An e-mail address (RFC 5321 dot-string, no quoted form); the domain in lower case, the local part as typed."""

    address: str

    LONGEST = 254
    LONGEST_LOCAL_PART = 64

    def __post_init__(self) -> None:
        if "@" not in self.address:
            raise EmailWithoutAddress(missing="at")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `Empty`, `EmailWithoutAddress`, `UnexpectedCharacters`, `WrongLength`."""
        # Not `tidy`: ` and ' differ in an address.
        typed = unspoiled(text)
        if not typed:
            raise Empty
        local, at, domain = typed.removeprefix("mailto:").rpartition("@")
        if not at:
            raise EmailWithoutAddress(missing="at")
        if len(typed) > cls.LONGEST:
            raise WrongLength(found=len(typed), needed=3, or_up_to=cls.LONGEST)
        _check_local_part(local)
        return cls(f"{local}@{_checked_domain(domain)}")

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def formatted(self) -> str:
        return self.address

    def comparable(self) -> str:
        """Key by which two addresses are the same mailbox; nearly every server ignores case in the local part."""
        return self.address.casefold()

    def masked(self) -> str:
        """`о•••@домен`: the number of hidden letters is not told."""
        return f"{self.address[0]}•••@{self.domain}"


def _check_local_part(local: str) -> None:
    if not local:
        raise EmailWithoutAddress(missing="local_part")
    if len(local) > Email.LONGEST_LOCAL_PART:
        raise WrongLength(found=len(local), needed=1, or_up_to=Email.LONGEST_LOCAL_PART)
    if strange := _LOCAL_CHARACTER.sub("", local):
        raise unexpected(strange)
    if "=?" in local:
        # Mailers read «=?utf-8?q?olga?=» as «olga» (RFC 2047): one mailbox under any number of names.
        raise UnexpectedCharacters(("=?",))
    if not _LOCAL_PART.fullmatch(local):
        raise UnexpectedCharacters((".",))


def _checked_domain(typed: str) -> str:
    """The domain in lower case. A domain in Cyrillic stays as people write it; the mailer turns it into its wire form.

    One label in two alphabets is a slip of the keyboard («mаil» with a Russian «а») or a trap, and is refused.
    """
    domain = typed.lower()
    if strange := "".join(_NOT_IN_DOMAIN.findall(domain)):
        raise unexpected(strange)
    labels = domain.split(".")
    if len(labels) < 2 or not all(_DOMAIN_LABEL.fullmatch(label) for label in labels):
        raise EmailWithoutAddress(missing="domain")
    for label in labels:
        if _LATIN.search(label) and _CYRILLIC.search(label):
            raise unexpected("".join(_CYRILLIC.findall(label)))
    return domain
