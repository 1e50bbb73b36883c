"""What the directory knows of a word: whether it has it, whether one begins so, which are spelt nearly so."""

from myschool.portal.schools.search.index import Index
from myschool.portal.schools.search.stem import stem
from myschool.portal.schools.search.tokens import is_silent
from myschool.portal.schools.search.words import ABBREVIATIONS, EVERYDAY, legal_form

SHORTEST_BEGINNING = 3
SHORTEST_WITH_SLIPS = 4
_LENGTH_FOR_TWO_SLIPS = 5


def is_known(text: str, index: Index) -> bool:
    return (
        is_silent(text)
        or stem(text) in index.ids
        or f"&{text}" in index.ids
        or text in ABBREVIATIONS
        or text in EVERYDAY
        or bool(legal_form(text))
    )


def has_beginning(text: str, index: Index) -> bool:
    low, high = index.range_of(beginning_of(text))
    return low < high


def beginning_of(text: str) -> str:
    cut = stem(text)
    return cut if len(cut) >= SHORTEST_BEGINNING else text


def slips_allowed(text: str) -> int:
    """Short words are too near to each other for two slips."""
    return 1 if len(text) < _LENGTH_FOR_TWO_SLIPS else 2


def near(text: str, index: Index, most: int) -> dict[int, int]:
    """Term → slips, from the word as typed and from its stem."""
    hood = index.neighbourhood
    found: dict[int, int] = {}
    for spelling in {text, stem(text)}:
        if len(spelling) < SHORTEST_WITH_SLIPS - 1:
            continue
        allowed = min(most, slips_allowed(spelling))
        for number, slips in hood.near(spelling, allowed).items():
            term = index.spelling_terms[number]
            found[term] = min(slips, found.get(term, slips))
    return found
