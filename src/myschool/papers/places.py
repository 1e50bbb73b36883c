"""The region in an address as people type it, and by that the clocks the family lives by.

A region's name counts wherever it stands, a city's only at the head of a part («г. Омск», never «ул. Омская»), so that
streets named after cities mislead nobody. An address without either has no region, and Moscow's clocks hold.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from myschool.papers.dates import MOSCOW, zone_of_region

PLACES = Path(__file__).parent / "data" / "places.csv"

Words = tuple[str, ...]

_WORD = re.compile(r"[а-я]+(?:-[а-я]+)*")
_FULL = {
    "респ": ("республика",),
    "обл": ("область",),
    "кр": ("край",),
    "аобл": ("автономная", "область"),
    "ао": ("автономный", "округ"),
}
_BEFORE_A_CITY = frozenset({"г", "гор", "город", "россия", "рф"})


def region_in(address: str | None) -> str | None:
    """Code of two digits, as `zone_of_region` takes it."""
    parts = [_words(part) for part in re.split(r"[,;\n]", address or "")]
    regions, cities = _places()
    return _named(parts, regions) or _headed(parts, regions) or _headed(parts, cities)


def zone_of_address(address: str | None) -> ZoneInfo:
    """Moscow's when the address tells no region."""
    region = region_in(address)
    return zone_of_region(region) if region else MOSCOW


def _named(parts: Sequence[Words], regions: dict[Words, str]) -> str | None:
    """A name of two words or more («Камчатский край») may stand anywhere."""
    found = (
        regions.get(part[first:last])
        for part in parts
        for first in range(len(part))
        for last in range(len(part), first + 1, -1)
    )
    return next((code for code in found if code), None)


def _headed(parts: Sequence[Words], names: dict[Words, str]) -> str | None:
    for part in parts:
        while part and part[0] in _BEFORE_A_CITY:
            part = part[1:]
        for last in range(len(part), 0, -1):
            if code := names.get(part[:last]):
                return code
    return None


def _words(text: str) -> Words:
    plain = _WORD.findall(text.casefold().replace("ё", "е"))
    return tuple(full for word in plain for full in _FULL.get(word, (word,)))


@cache
def _places() -> tuple[dict[Words, str], dict[Words, str]]:
    regions: dict[Words, str] = {}
    cities: dict[Words, str] = {}
    with PLACES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "city":
                cities[_words(row["name"])] = row["region_code"]
            else:
                regions |= dict.fromkeys(_spellings(row["name"]), row["region_code"])
    # «Алтай» alone may be the republic or the land around Barnaul; «Москва» and its like are cities as well.
    regions.pop(("алтай",), None)
    return regions, cities


def _spellings(name: str) -> Iterator[Words]:
    """«Респ Саха /Якутия/»: in full, either name alone, with «республика» on either side."""
    whole = _without_g(_words(name))
    yield whole
    for alias in re.split(r"/| - ", name):
        words = _without_g(_words(alias))
        bare = tuple(word for word in words if word != "республика")
        if bare and (bare == words or words[0] == "республика"):
            yield bare
        if "республика" in words:
            yield ("республика", *bare)
            yield (*bare, "республика")


def _without_g(words: Words) -> Words:
    return words[1:] if words[:1] == ("г",) else words
