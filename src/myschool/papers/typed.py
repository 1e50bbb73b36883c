"""What keyboards, clipboards and text editors put into a field without the person noticing, and how it is undone.

Nothing here decides whether a text is acceptable; it only gives back what the person meant to type.
"""

import unicodedata

from myschool.papers.errors import UnexpectedCharacters, WrongLength

# Far above every field of every paper; keeps a pasted book from being normalised character by character.
LONGEST_TYPED = 2000
MOST_CHARACTERS_TOLD = 5

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u2018\u2019\u02bc\u02b9\u0060\u00b4\u2032\uff07"
# Zero-width characters, direction marks, soft hyphen, byte order mark: they come along with a copied text.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_WITHOUT_INVISIBLE = {ord(mark): None for mark in _INVISIBLE}
_PLAIN_MARKS = {ord(dash): "-" for dash in _DASHES} | {ord(mark): "'" for mark in _APOSTROPHES}

_LATIN = "ABCEHKMOPTXYaceopxykË\u00eb"
_CYRILLIC = "АВСЕНКМОРТХУасеорхукЁё"
CYRILLIC_FOR_LATIN = str.maketrans(_LATIN, _CYRILLIC)
"""Latin letters that look like Russian ones (and ë, which is ё on another keyboard)."""


def unspoiled(text: str) -> str:
    """Composed form, one plain space between words, nothing invisible.

    Tabs and line ends count as spaces. Control characters stay, for the reader of the field to refuse.
    Raises `WrongLength` for a text longer than any paper could carry.
    """
    if len(text) > LONGEST_TYPED:
        raise WrongLength(found=len(text), needed=1, or_up_to=LONGEST_TYPED)
    return " ".join(unicodedata.normalize("NFC", text).translate(_WITHOUT_INVISIBLE).split())


def tidy(text: str) -> str:
    """`unspoiled`, and every dash is a hyphen, every apostrophe the plain one."""
    return unspoiled(text).translate(_PLAIN_MARKS)


def visible(character: str) -> str:
    """The character itself, or its code point when it could not be seen on a page by itself."""
    stands_alone = (
        character.isprintable() and not character.isspace() and not unicodedata.category(character).startswith("M")
    )
    return character if stands_alone else f"U+{ord(character):04X}"


def unexpected(characters: str) -> UnexpectedCharacters:
    """The refusal that names each of these characters once, in the order of typing."""
    return UnexpectedCharacters(
        tuple(visible(character) for character in dict.fromkeys(characters))[:MOST_CHARACTERS_TOLD]
    )
