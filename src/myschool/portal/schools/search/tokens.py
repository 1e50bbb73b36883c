"""From a text to the words that are indexed, the same way for the directory and, word by word, for a query.

A term is a string. Its first character tells what it is: `#5` the number of a school, `~5` any other number (house,
year, «VIII вида»), `&ддт` an abbreviation, `@` a fact of the row (`@r71` region, `@kschool` kind), `=` a word of a
place as it is written, `%` a word that is only known, not indexed; anything else is the stem of a word.
"""

import re
from functools import lru_cache

from myschool.portal.schools.search.characters import from_lookalikes, has_latin, is_mixed, looks_cyrillic
from myschool.portal.schools.search.stem import stem
from myschool.portal.schools.search.words import (
    ABBREVIATIONS,
    EVERYDAY,
    HEADS,
    HOUSE_WORDS,
    LEGAL_WORDS,
    MARKERS,
    SILENT,
    legal_form,
)

_RAW = re.compile(r"#|\d+(?:-?(?:ой|ый|ий|ая|го|ое|му|ти|летия|лет|[йяехи])(?![а-я]))?|[a-zа-я]+")
_JOINED = {
    "р-н": "район",
    "р-на": "район",
    "р-не": "район",
    "пр-кт": "проспект",
    "пр-т": "проспект",
    "пр-д": "проезд",
    "б-р": "бульвар",
    "пер-к": "переулок",
    "ст-ца": "станица",
    "мкр-н": "мкр",
    "с-пб": "спб",
    "с-петербург": "спб",
    "с-петербурга": "спб",
    "д/с": "детсад",
    "д/сад": "детсад",
    "дет.сад": "детсад",
    "ш/и": "ши",
    "ш-и": "ши",
    "шк-инт": "ши",
}
_JOIN = re.compile(r"(?<![а-я])(?:" + "|".join(sorted(map(re.escape, _JOINED), key=len, reverse=True)) + r")(?![а-я])")
_ROMAN = re.compile(r"(?=[ivx])x{0,2}(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_LONGEST_NAME_NUMBER = 4
_NUMBER = re.compile(r"\d+")


def raw_words(tidied: str) -> list[str]:
    """Words, numbers (with their ending: «9-ой») and `#`, in order."""
    if "-" in tidied or "/" in tidied or "дет." in tidied:
        tidied = _JOIN.sub(lambda found: _JOINED[found[0]], tidied)
    return _RAW.findall(tidied)


def is_number(raw: str) -> bool:
    return raw[0].isdigit()


def is_bare_number(raw: str) -> bool:
    return raw.isdigit()


def number_of(raw: str) -> str:
    """Digits without leading zeros."""
    found = _NUMBER.match(raw)
    return (found[0].lstrip("0") or "0") if found else ""


def roman_number(word: str) -> str:
    """«viii» → «8»; empty when it is no roman number up to 29."""
    if not word or not _ROMAN.fullmatch(word):
        return ""
    total = 0
    for letter, following in zip(word, f"{word[1:]} ", strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if value < _ROMAN_VALUES.get(following, 0) else value
    return str(total)


def is_silent(word: str) -> bool:
    return len(word) == 1 or word in SILENT or word in MARKERS or word in HOUSE_WORDS


def _word_terms(word: str) -> tuple[str, ...]:
    """Terms of one word of the directory."""
    if has_latin(word):
        if number := roman_number(word):
            return (f"~{number}",)
        if is_mixed(word) or (len(word) <= 2 and looks_cyrillic(word)):
            word = from_lookalikes(word)
    if is_silent(word):
        return ()
    if word in ABBREVIATIONS:
        spoken = ABBREVIATIONS[word]
        return (f"&{word}", *(stem(part) for part in spoken.split() if not is_silent(part)))
    if word in EVERYDAY:
        return (stem(word), *(stem(part) for part in EVERYDAY[word].split() if not is_silent(part)))
    if legal := legal_form(word):
        return tuple(stem(part) for part in legal)
    return (stem(word),)


_known_words: dict[str, tuple[str, ...]] = {}
_MOST_KNOWN_WORDS = 200_000


def word_terms(word: str) -> tuple[str, ...]:
    """`_word_terms`, remembered: the directory has forty times more words than different words."""
    terms = _known_words.get(word)
    if terms is None:
        if len(_known_words) >= _MOST_KNOWN_WORDS:
            _known_words.clear()
        terms = _known_words[word] = _word_terms(word)
    return terms


def name_terms(words: list[str]) -> list[str]:
    """Terms of a name, given its raw words. A number is the school's own unless its ending or a roman form says
    otherwise.
    """
    terms: list[str] = []
    for raw in words:
        if raw == "#":
            continue
        if is_number(raw):
            number = number_of(raw)
            own = is_bare_number(raw) and len(number) <= _LONGEST_NAME_NUMBER
            terms.append(f"#{number}" if own else f"~{number}")
        else:
            terms.extend(word_terms(raw))
    return terms


_POSTAL_CODE_LENGTH = 5


def address_terms(words: list[str]) -> list[str]:
    """Terms of an address: numbers are houses; a postal code is left out, being nearly as rare as the row itself."""
    terms: list[str] = []
    for raw in words:
        if raw == "#":
            continue
        if is_number(raw):
            number = number_of(raw)
            if len(number) < _POSTAL_CODE_LENGTH:
                terms.append(f"~{number}")
        else:
            terms.extend(word_terms(raw))
    return terms


# -- Abbreviations that the name itself suggests ---------------------------------------------------------------------

_HEAD_STEMS = frozenset(stem(head) for head in HEADS)
# These carry their qualities before them («Кулундинская средняя школа»); what follows is a name or a place.
_CLOSING_STEMS = frozenset(stem(head) for head in ("школа", "гимназия", "лицей", "сад"))
_BOARDING = "интернат"
_LINKS = frozenset(("и", "в", "с", "на", "для", "по"))
# After these comes a person or a place.
_NOT_IN_ACRONYM = frozenset({"им", "имени", *MARKERS, *HOUSE_WORDS} - _LINKS)
_WORDS_BEFORE_HEAD = 4
_WORDS_AFTER_HEAD = 6
_LONGEST_ACRONYM = 7
_CAPITALS = re.compile(r"(?<![А-ЯЁа-яё])[А-ЯЁ][А-ЯЁа-яё]{0,6}[А-ЯЁ](?![А-ЯЁа-яё])")


def acronyms_of(words: list[str]) -> set[str]:
    """«Тверской областной центр юных техников» → цют, оцют, тоцют …: initials of the words around a noun of kind.

    «и» is tried with and without its letter (ДТДиМ, ЦРТДЮ). Without `&`.
    """
    line = [word for word in words if word not in LEGAL_WORDS and "а" <= word[0] <= "я"]
    found: set[str] = set()
    for place, word in enumerate(line):
        cut = _head(word)
        if not cut:
            continue
        last = place + _WORDS_AFTER_HEAD
        if cut in _CLOSING_STEMS:
            last = place + (1 if place + 1 < len(line) and line[place + 1] == _BOARDING else 0)
        for start in range(max(0, place - _WORDS_BEFORE_HEAD), place + 1):
            if _ends_a_name(line[start]):
                continue
            for end in range(max(place, start + 1), min(last, len(line) - 1) + 1):
                if end > place and line[end] in _NOT_IN_ACRONYM:
                    break
                if line[end] not in _LINKS:
                    found.update(_initials(line[start : end + 1]))
    return found


@lru_cache(maxsize=65_536)
def _head(word: str) -> str:
    """The stem of a noun of kind; empty for any other word."""
    cut = stem(word)
    return cut if cut in _HEAD_STEMS else ""


def _ends_a_name(word: str) -> bool:
    return word in _LINKS or word in _NOT_IN_ACRONYM


def _initials(words: list[str]) -> tuple[str, ...]:
    short = "".join(word[0] for word in words if word not in _LINKS)
    if not 2 <= len(short) <= _LONGEST_ACRONYM:
        return ()
    with_links = "".join(word[0] for word in words)
    return (short,) if with_links == short or len(with_links) > _LONGEST_ACRONYM else (short, with_links)


def written_acronyms(name: str) -> set[str]:
    """Abbreviations that a short name carries, by their capitals: «МБОУ ДО ТОЦЮТ» → мбоу, до, тоцют. Without `&`."""
    if name.isupper():
        return set()
    return {found.lower().replace("ё", "е") for found in _CAPITALS.findall(name)}
