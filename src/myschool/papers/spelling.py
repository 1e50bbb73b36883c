"""Two spellings of a name: the same one, a variant of it, one slip apart, or another name.

same_spelling      ё/е, capitals, hyphen, space, apostrophe, look-alike letters, Latin spelling of a Russian name
same_variant       Наталья and Наталия, Кирилл and Кирил
one_slip           a letter more, less, other, two neighbours swapped, behind the first letter of a word of four
a_slip_of_a_name   Алина and Арина are one letter apart, both are in use: no slip; «Ирана» is a slip of two names
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from myschool.papers.names import comparable_name
from myschool.papers.typed import CYRILLIC_FOR_LATIN

SHORTEST_WITH_A_SLIP = 4
"""«Ия», «Ева», «Яна»: one letter makes another name of a short one. Numbers that short are other numbers."""

_JOINED = re.compile(r"[ ']+")
_SOFT_BEFORE_VOWEL = re.compile(r"[ьй](?=[аеоуяюиё])")
_DOUBLED = re.compile(r"(.)\1+")
_LETTER = re.compile(r"[a-z]")

# What passports and abroad make of each letter: МВД orders of 1997 and 2014 (= ICAO 9303), ГОСТ Р 52535.1, BGN/PCGN,
# scholarly and everyday spellings. One table for all: people mix the systems within one name.
_LATIN_FOR: dict[str, tuple[str, ...]] = {
    "а": ("a",),
    "б": ("b",),
    "в": ("v", "w"),
    "г": ("g",),
    "д": ("d",),
    "е": ("e", "ye", "je", "yo", "io", "jo"),
    "ж": ("zh", "j"),
    "з": ("z",),
    "и": ("i", "y"),
    "й": ("i", "y", "j", ""),
    "к": ("k", "c"),
    "кс": ("ks", "x"),
    "л": ("l",),
    "м": ("m",),
    "н": ("n",),
    "о": ("o",),
    "п": ("p",),
    "р": ("r",),
    "с": ("s",),
    "т": ("t",),
    "у": ("u", "ou"),
    "ф": ("f", "ph"),
    "х": ("kh", "h", "x"),
    "ц": ("ts", "tc", "tz", "c"),
    "ч": ("ch", "tch"),
    "ш": ("sh",),
    "щ": ("shch", "sch"),
    "ъ": ("", "ie"),
    "ы": ("y", "i"),
    "ь": ("",),
    "э": ("e",),
    "ю": ("yu", "iu", "ju"),
    "я": ("ya", "ia", "ja"),
}
_UNIT = re.compile("кс|.")


def same_spelling(one: str, other: str) -> bool:
    """Whether both write the same name letter by letter, in whichever alphabet."""
    if key(one) == key(other):
        return True
    return _reads_as(one, other) or _reads_as(other, one)


def same_variant(one: str, other: str) -> bool:
    """Whether doubled letters and «ь» before a vowel for «и» are all the difference."""
    return _folded(key(one)) == _folded(key(other))


def key(text: str) -> str:
    """Equal for spellings that differ in capitals, ё, hyphens, spaces, apostrophes, look-alike letters."""
    return _JOINED.sub("", comparable_name(text.translate(CYRILLIC_FOR_LATIN)))


def one_slip(one: str, other: str) -> bool:
    """Whether one slip of the hand turns one key into the other. Twins' names rhyme (Рамиль, Камиль): the first letter
    is not taken for a slip, and neither is anything in a word of three."""
    if min(len(one), len(other)) < SHORTEST_WITH_A_SLIP or one[0] != other[0]:
        return False
    return _one_apart(one, other)


def a_slip_of_a_name(one: str, other: str) -> bool:
    """Whether just one of two keys is a given name in use, and the other can be a slip of no other name.

    Алина and Арина are both in use; of two names that nobody here knows neither can be told to be a slip; «Ирана» may
    be Ирина or Ирена, and twins may be called so.
    """
    names = _given_names()
    if (one in names) == (other in names):
        return False
    meant, slipped = (one, other) if one in names else (other, one)
    return not any(_one_apart(name, slipped) and _folded(name) != _folded(meant) for name in names)


def _folded(name: str) -> str:
    return _DOUBLED.sub(r"\1", _SOFT_BEFORE_VOWEL.sub("и", name))


def _reads_as(latin: str, russian: str) -> bool:
    """Whether the Latin text can be read as the Russian one: all places in it that the letters so far may end at."""
    text = _JOINED.sub("", comparable_name(latin))
    if not _LETTER.search(text):
        return False
    places = {0}
    for unit in _UNIT.findall(key(russian)):
        places = set(_ends(text, places, _LATIN_FOR.get(unit, (unit,))))
    return len(text) in places


def _ends(text: str, places: set[int], spellings: tuple[str, ...]) -> Iterator[int]:
    for place in places:
        for spelling in spellings:
            if text.startswith(spelling, place):
                yield place + len(spelling)


def _one_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours turns one text into the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next(
        (place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
    left, right = one[start:], other[start:]
    if len(left) != len(right):
        return left[1:] == right or right[1:] == left
    return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])


@cache
def _given_names() -> frozenset[str]:
    """Keys of the names in `given_names.txt`; made by `tools/given_names.py`."""
    text = resources.files("myschool.papers").joinpath("given_names.txt").read_text(encoding="utf-8")
    return frozenset(key(line) for line in text.splitlines() if line and not line.startswith("#"))
