"""Search: a query in, schools out, best first, each with the reason why."""

from dataclasses import dataclass

from myschool.portal.schools.model import NO_FILTERS, NO_HINTS, Filters, Hints
from myschool.portal.schools.search.asked import Reading
from myschool.portal.schools.search.index import INN_LENGTH, OGRN_LENGTH, Index
from myschool.portal.schools.search.ranking import Found, Match, Weigher, allowed_by, rank
from myschool.portal.schools.search.reading import read

# Below this share of the query answered, words that are known as they stand are tried as slips too.
CONTENT = 0.72


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` is comparable within one answer only. `why` is empty unless asked for."""

    ogrn: str
    score: float
    why: tuple[Match, ...] = ()


def find(
    query: str,
    index: Index,
    *,
    filters: Filters = NO_FILTERS,
    hints: Hints = NO_HINTS,
    most: int = 10,
    explain: bool = False,
) -> list[Hit]:
    """Never raises for what was typed."""
    reading = read(query, index)
    found = _by_digits(reading, index, filters, most)
    if reading.groups:
        ranked = rank(reading, index, filters, hints, most)
        if not found and (not ranked or ranked[0].coverage < CONTENT):
            deeper = read(query, index, deep=True)
            again = rank(deeper, index, filters, hints, most)
            if again and (not ranked or again[0].score > ranked[0].score):
                reading, ranked = deeper, again
        known = {one.school for one in found}
        # A number of four digits is the number of a school before it is the beginning of an ИНН.
        found = ranked + found if _is_short(reading) else found + [one for one in ranked if one.school not in known]
    weigher = Weigher([group for group in reading.groups if group.weight > 0], index) if explain else None
    return [
        Hit(index.ogrn_of(one.school), round(one.score, 4), weigher.explain(one.school) if weigher else ())
        for one in found[:most]
    ]


def _is_short(reading: Reading) -> bool:
    return len(reading.digits) == 1 and len(reading.digits[0]) <= 4


def _by_digits(reading: Reading, index: Index, filters: Filters, most: int) -> list[Found]:
    found: dict[int, Found] = {}
    allowed = allowed_by(index, filters)
    for digits in reading.digits:
        for numbers, length in ((index.by_inn, INN_LENGTH), (index.by_ogrn, OGRN_LENGTH)):
            whole = len(digits) == length
            for school in numbers.starting_with(digits, most if allowed is None else index.size):
                if allowed is None or school in allowed:
                    found.setdefault(school, Found(school, 2.0 if whole else 1.0, 1.0))
    return sorted(found.values(), key=lambda one: -one.score)
