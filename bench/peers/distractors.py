"""Invented schools that make the shipped directory as large as wanted: the name of one real numbered school in the
place of another, on no street, under a number that no real school of either region has; so every answer that was right
stays right. For measuring only; none exists.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from myschool.papers.numbers import Inn, Ogrn
from myschool.portal.schools.model import School

SEED = 1
LARGEST_NUMBER = 400
_NUMBER = re.compile(r"((?:№|N)\s*)(\d{1,4})")
_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def enlarged(schools: Sequence[School], size: int) -> Iterator[School]:
    """The schools, then invented ones until there are `size`. The same arguments give the same rows."""
    yield from schools
    random_ = random.Random(SEED)
    taken = _numbers_by_region(schools)
    numbered = [school for school in schools if school.settlement and _is_known_by_its_number(school.full_name)]
    for number in range(size - len(schools)):
        name, place = random_.choice(numbered), random_.choice(numbered)
        own = str(random_.randrange(1, LARGEST_NUMBER))
        while own in taken[name.region_code] or own in taken[place.region_code]:
            own = str(random_.randrange(1, 10 * LARGEST_NUMBER))
        yield replace(
            place,
            ogrn=_ogrn(number),
            inn=_inn(number),
            full_name=_NUMBER.sub(rf"\g<1>{own}", name.full_name),
            short_name=_NUMBER.sub(rf"\g<1>{own}", name.short_name),
            other_names=(),
            address="",
            kind=name.kind,
        )


def _is_known_by_its_number(name: str) -> bool:
    """A person's name would still be right in the other place."""
    return len(_NUMBER.findall(name)) == 1 and "имени" not in name and "им." not in name


def _numbers_by_region(schools: Sequence[School]) -> dict[str, set[str]]:
    taken: dict[str, set[str]] = defaultdict(set)
    for school in schools:
        for _, number in _NUMBER.findall(f"{school.full_name} {school.short_name}"):
            taken[school.region_code].add(number.lstrip("0"))
    return taken


def _ogrn(number: int) -> Ogrn:
    """ОГРН that begin with 9 are given to nobody."""
    first = f"9{number:011d}"
    return Ogrn(f"{first}{int(first) % 11 % 10}")


def _inn(number: int) -> Inn:
    first = f"00{number:07d}"
    control = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11 % 10
    return Inn(f"{first}{control}")
