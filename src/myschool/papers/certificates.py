"""«Свидетельство о рождении»: the paper, its three kinds, and the rules of its fields."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from myschool.papers.errors import DateTooEarly, DateTooLate, Empty, WrongLength, WrongSeries
from myschool.papers.typed import CYRILLIC_FOR_LATIN, tidy, unexpected


class CertificateKind(StrEnum):
    """The word of ESIA's wire for each kind of certificate."""

    RUSSIAN = "RF_BRTH_CERT"
    FOREIGN = "FID_BRTH_CERT"
    SOVIET = "OLD_BRTH_CERT"


LONGEST_ISSUER = 255
LONGEST_ACT_NUMBER = 30
LONGEST_FOREIGN_NUMBER = 25

_SERIES = re.compile(r"[MDCLXVI]{1,6}-[А-Я]{2}")
_ROMAN_PART = re.compile(r"[MDCLXVI]{1,6}")
_LETTERS_PART = re.compile(r"[А-Я]{2}")
# In the roman part each of these can stand for one thing only: no Russian letter and no arabic digit is allowed there.
_ROMAN_FOR_TYPED = str.maketrans(
    {"Х": "X", "М": "M", "С": "C", "І": "I", "Ӏ": "I", "1": "I", "|": "I", "П": "II", "Ш": "III", "У": "V"}
)
_LETTER_FOR_DIGIT = str.maketrans("03", "ОЗ")
_NUMBER_SIGN = re.compile(r"№|\bN ?(?=[0-9])", re.IGNORECASE)
_PARTS = re.compile(r"[ -]+")
_FOREIGN_CHARACTER = re.compile(r"[\w /.-]")


@dataclass(frozen=True, slots=True, repr=False)
class BirthCertificate:
    """«Свидетельство о рождении»; fields as `parse_…` gave them. `act_…` is the record it was issued from."""

    kind: CertificateKind
    series: str | None
    number: str
    issued_by: str
    issued_on: date
    act_number: str | None = None
    act_date: date | None = None

    def formatted(self) -> str:
        """«III-АБ № 123456»."""
        return f"{self.series} № {self.number}" if self.series else f"№ {self.number}"

    def masked(self) -> str:
        """`•••-•• № ••••56`: enough to recognise one's own paper."""
        return f"•••-•• № ••••{self.number[-2:]}"

    def key(self) -> tuple[str, str, str]:
        """What a register files the paper under: kind, series, number."""
        return self.kind.value, self.series or "", self.number

    def __repr__(self) -> str:
        return f"BirthCertificate({self.kind}, …)"


def parse_series(kind: CertificateKind, text: str) -> str | None:
    """Series of a Russian certificate in the form «III-АБ», repaired; None for a foreign one without a series.

    A Soviet certificate carries the same form or two letters without the roman part.
    Raises `Empty`, `WrongSeries`, for foreign ones `UnexpectedCharacters` and `WrongLength`.
    """
    typed = _NUMBER_SIGN.sub("", tidy(text)).strip(" -")
    if kind is CertificateKind.FOREIGN:
        return _free_text(typed, LONGEST_FOREIGN_NUMBER) if typed else None
    if not typed:
        raise Empty
    roman, letters = _series_parts(typed)
    if kind is CertificateKind.SOVIET and not roman and _LETTERS_PART.fullmatch(letters):
        return letters
    return _checked_series(roman, letters)


def _series_parts(typed: str) -> tuple[str, str]:
    """Roman part and letters, repaired; where no hyphen or space stands between, the letters are the last two."""
    capitals = unicodedata.normalize("NFKC", typed).upper()
    parts = _PARTS.split(capitals, maxsplit=1)
    roman, letters = parts if len(parts) == 2 else (capitals[:-2], capitals[-2:])
    return roman.translate(_ROMAN_FOR_TYPED), letters.translate(CYRILLIC_FOR_LATIN).translate(_LETTER_FOR_DIGIT)


def _checked_series(roman: str, letters: str) -> str:
    if not roman:
        raise WrongSeries("hyphen")
    if not _ROMAN_PART.fullmatch(roman):
        raise WrongSeries("roman")
    if not _LETTERS_PART.fullmatch(letters):
        raise WrongSeries("letters")
    series = f"{roman}-{letters}"
    assert _SERIES.fullmatch(series)
    return series


def parse_number(kind: CertificateKind, text: str) -> str:
    """Number of a certificate: 6–7 digits, with any spaces and «№»; of a foreign one up to 25 letters and digits.

    Raises `Empty`, `UnexpectedCharacters`, `WrongLength`.
    """
    typed = _NUMBER_SIGN.sub("", tidy(text)).strip()
    if not typed:
        raise Empty
    if kind is CertificateKind.FOREIGN:
        return _free_text(typed, LONGEST_FOREIGN_NUMBER)
    digits = re.sub(r"[ -]", "", typed)
    if strange := re.sub(r"[0-9]", "", digits):
        raise unexpected(strange)
    if not 6 <= len(digits) <= 7:
        raise WrongLength(found=len(digits), needed=6, or_up_to=7)
    return digits


def parse_issuer(text: str) -> str:
    """«Кем выдано», 1–255 characters, nothing invisible. Raises `Empty`, `UnexpectedCharacters`, `WrongLength`."""
    typed = " ".join(tidy(text).split())
    if not typed:
        raise Empty
    if len(typed) > LONGEST_ISSUER:
        raise WrongLength(found=len(typed), needed=1, or_up_to=LONGEST_ISSUER)
    if strange := "".join(character for character in typed if not character.isprintable()):
        raise unexpected(strange)
    return typed


def parse_act_number(text: str) -> str | None:
    """«Номер записи акта», or None for an empty field: digits, letters, hyphens and strokes, up to 30 characters.

    New records carry 21 digits, older ones a short number of the office. Raises `UnexpectedCharacters`, `WrongLength`.
    """
    typed = _NUMBER_SIGN.sub("", tidy(text)).strip()
    return _free_text(typed, LONGEST_ACT_NUMBER) if typed else None


def _free_text(typed: str, longest: int) -> str:
    if strange := _FOREIGN_CHARACTER.sub("", typed):
        raise unexpected(strange)
    if len(typed) > longest:
        raise WrongLength(found=len(typed), needed=1, or_up_to=longest)
    return typed.upper()


def check_issue_date(issued_on: date, *, birth_date: date, today: date) -> None:
    """A certificate is issued not before the birth and not after today. Raises `DateTooEarly`, `DateTooLate`."""
    if issued_on < birth_date:
        raise DateTooEarly(birth_date)
    if issued_on > today:
        raise DateTooLate(today)


def check_act_date(act_date: date, *, birth_date: date, issued_on: date) -> None:
    """The act is recorded not before the birth and not after the issue. Raises `DateTooEarly`, `DateTooLate`."""
    if act_date < birth_date:
        raise DateTooEarly(birth_date)
    if act_date > issued_on:
        raise DateTooLate(issued_on)
