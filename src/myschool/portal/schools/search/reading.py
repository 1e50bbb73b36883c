"""Reading a query: from what was typed to groups of terms, one group for each word that was meant.

«ir№5  nekf»  → chunks → readings of each chunk (as it stands, look-alikes, layout, transliteration), the likeliest wins
              → words with their roles («р-н» marks its neighbour) → groups: each way in which a row may answer the word
"""

import re
from collections.abc import Iterator

from myschool.portal.schools.search.asked import Group, Reading, Word
from myschool.portal.schools.search.characters import tidy
from myschool.portal.schools.search.chunks import joined, words_of
from myschool.portal.schools.search.groups import group_of, number_group
from myschool.portal.schools.search.index import Index
from myschool.portal.schools.search.roles import spoken, with_roles
from myschool.portal.schools.search.spoken_numbers import with_numbers
from myschool.portal.schools.search.stem import stem
from myschool.portal.schools.search.tokens import number_of
from myschool.portal.schools.search.words import Role

LONGEST_QUERY = 500
MOST_WORDS = 48


SHORTEST_DIGITS = 4
_LABEL = re.compile(r"(?<![а-яa-z])(?:инн|огрн|кпп|ogrn|inn|juhy|byy|мгрн)(?![а-яa-z])[\s:#.=-]*")
_ONLY_DIGITS = re.compile(r"[\d\s-]+")
_LONG_DIGITS = re.compile(r"(?<!\d)\d{9,15}(?!\d)")


def read(query: str, index: Index, *, deep: bool = False) -> Reading:
    """`deep` also looks for slips in words that stand in the directory as they are: the second try."""
    text = tidy(query[:LONGEST_QUERY])
    text = _LABEL.sub(" ", text)
    if _ONLY_DIGITS.fullmatch(text):
        return _of_digits(text, index)
    digits = tuple(_LONG_DIGITS.findall(text))
    words = list(words_of(_LONG_DIGITS.sub(" ", text), index))[:MOST_WORDS]
    asked = spoken(with_numbers(with_roles(joined(words, index))))
    groups = [group for word in asked if (group := group_of(word, index, deep=deep))]
    return Reading(tuple(_without_repeats(groups)), digits)


def _of_digits(text: str, index: Index) -> Reading:
    """A number alone: of a school when it is short, the beginning of an ИНН or ОГРН from four digits on."""
    digits = "".join(character for character in text if character.isdecimal())
    groups: tuple[Group, ...] = ()
    if 0 < len(digits) <= SHORTEST_DIGITS and " " not in text.strip():
        groups = (number_group(Word(number_of(digits)), index),)
    return Reading(groups, (digits,) if len(digits) >= SHORTEST_DIGITS else ())


def _without_repeats(groups: list[Group]) -> Iterator[Group]:
    """A word said twice counts once; of a legal form only what it says."""
    seen: set[tuple[str, Role]] = set()
    for group in groups:
        key = (("#" if group.is_number else "") + stem(group.word.text), group.word.role)
        if key not in seen:
            seen.add(key)
            yield group
