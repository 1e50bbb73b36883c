"""«ФИО»: names as Russian papers write them.

A name is Cyrillic, with spaces, hyphens, apostrophes, dots and roman numerals, 1–100 characters; the patronymic may
be absent. What keyboards spoil is repaired silently and shown repaired; ё and capitals stay as typed.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from myschool.papers.errors import Empty, NoLetters, WrongLength
from myschool.papers.typed import CYRILLIC_FOR_LATIN, tidy, unexpected

LONGEST_NAME = 100

_WORDS_AND_MARKS = re.compile(r"([ \-.']+)")
_MARKS = frozenset(" -.'")
_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_FOR_CYRILLIC = str.maketrans("СМХІ", "CMXI")
_SPACED_HYPHEN = re.compile(r" ?-[ -]*")
# What people put into the field of a patronymic that they do not have.
_WORDS_FOR_NO_PATRONYMIC = frozenset({"", "-", "нет", "отсутствует"})


def parse_name(text: str) -> str:
    """One part of a name, repaired. Raises `Empty`, `NoLetters`, `UnexpectedCharacters`, `WrongLength`."""
    typed = _SPACED_HYPHEN.sub("-", tidy(text))
    if not typed:
        raise Empty
    if len(typed) > LONGEST_NAME:
        raise WrongLength(found=len(typed), needed=1, or_up_to=LONGEST_NAME)
    words = _WORDS_AND_MARKS.split(typed)
    name = "".join(_repaired_word(word, is_first=index == 0) for index, word in enumerate(words))
    _reject_strangers(name)
    return name


def parse_patronymic(text: str) -> str | None:
    """A patronymic, or None for an empty field, a dash, «нет». Raises what `parse_name` raises, but for `Empty`."""
    if tidy(text).casefold() in _WORDS_FOR_NO_PATRONYMIC:
        return None
    return parse_name(text)


def comparable_name(name: str) -> str:
    """Key under which two spellings are the same name: ё is е, a hyphen is a space, case and dots do not matter."""
    plain = tidy(name).casefold().replace("ё", "е").replace("-", " ").replace(".", " ")
    return " ".join(plain.split())


def is_roman_numeral(word: str) -> bool:
    """«III», «XIV»: capital Latin letters in a well-formed number up to 3999."""
    return bool(word) and _ROMAN.fullmatch(word) is not None


def _is_cyrillic_letter(character: str) -> bool:
    return "\u0400" <= character <= "\u052f" and unicodedata.category(character) in ("Lu", "Ll")


def _repaired_word(word: str, *, is_first: bool) -> str:
    """A word with the letters of the other alphabet put right, where only one reading is possible."""
    if not word or word[0] in _MARKS:
        return word
    as_cyrillic = word.translate(CYRILLIC_FOR_LATIN)
    as_roman = word.translate(_ROMAN_FOR_CYRILLIC)
    if is_roman_numeral(as_roman) and as_roman.isascii() and not all(map(_is_cyrillic_letter, word)):
        # «XIV», or «ХIV» with a Russian Х. What reads as Russian too («MC») is a numeral only as a later X, XX, XXX.
        reads_as_russian = all(map(_is_cyrillic_letter, as_cyrillic))
        if not reads_as_russian or (set(as_roman) == {"X"} and not is_first):
            return as_roman
    return as_cyrillic


def _reject_strangers(name: str) -> None:
    strange = ""
    has_letters = False
    for word in _WORDS_AND_MARKS.split(name):
        if is_roman_numeral(word):
            has_letters = True
            continue
        for character in word:
            if _is_cyrillic_letter(character):
                has_letters = True
            elif character not in _MARKS:
                strange += character
    if strange:
        raise unexpected(strange)
    if not has_letters:
        raise NoLetters


@dataclass(frozen=True, slots=True, repr=False)
class FullName:
    """«ФИО». The parts are expected parsed (`parse` does it); printing goes by an explicit form, never by `str`."""

    family_name: str
    given_name: str
    patronymic: str | None = None

    @classmethod
    def parse(cls, family_name: str, given_name: str, patronymic: str | None = None) -> Self:
        """All three parts as typed. A form that must name the field at fault calls `parse_name` for each instead."""
        return cls(parse_name(family_name), parse_name(given_name), parse_patronymic(patronymic or ""))

    @property
    def formal(self) -> str:
        """«Смирнова Ольга Сергеевна»."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)

    @property
    def given_and_patronymic(self) -> str:
        """«Ольга Сергеевна», the polite address; the given name alone where there is no patronymic."""
        return " ".join(part for part in (self.given_name, self.patronymic) if part)

    @property
    def given_and_family(self) -> str:
        """«Ольга Смирнова»."""
        return f"{self.given_name} {self.family_name}"

    @property
    def initials(self) -> str:
        """«Смирнова О. С.»; a double given name keeps both letters: «Смирнова А.-М. С.»."""
        parts = [self.family_name, _initial(self.given_name)]
        if self.patronymic:
            # «Кямал оглы»: the word of kinship is no name and gives no letter.
            parts.append(_initial(self.patronymic.partition(" ")[0]))
        return " ".join(parts)

    def comparable(self) -> tuple[str, str, str]:
        """Key under which two spellings are the same person's name; see `comparable_name`."""
        return (
            comparable_name(self.family_name),
            comparable_name(self.given_name),
            comparable_name(self.patronymic or ""),
        )

    def __repr__(self) -> str:
        return "FullName(…)"


def _initial(name: str) -> str:
    """«О.»; «А.-М.» for a hyphenated name, «А. М.» for two words. A roman numeral stays whole."""
    return "".join(word if word in (" ", "-") else _shortened(word) for word in re.split(r"([ -])", name))


def _shortened(word: str) -> str:
    if is_roman_numeral(word):
        return word
    return next((f"{character.upper()}." for character in word if character.isalpha()), "")
