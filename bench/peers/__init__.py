"""Other engines over the same schools and queries, each used as its documentation advises for misspelt names.

A peer is `Peer(name, build, find)`: `build(rows)` gives whatever `find(built, query, most)` needs, which gives ОГРН,
best first. All of them get the same text of a school: names, place, address, numbers. None gets our normaliser, except
where its name says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from myschool.portal.schools.model import School


@dataclass(frozen=True)
class Row:
    ogrn: str
    inn: str
    names: str
    place: str

    @property
    def text(self) -> str:
        return f"{self.names} {self.place} {self.ogrn} {self.inn}"


@dataclass(frozen=True)
class Peer:
    name: str
    build: Callable[[Sequence[Row]], Any]
    find: Callable[[Any, str, int], list[str]]


def row_of(school: School) -> Row:
    names = " ".join((school.full_name, school.short_name, *school.other_names)).lower().replace("ё", "е")
    place = f"{school.place} {school.address}".lower().replace("ё", "е")
    return Row(school.ogrn.digits, school.inn.digits if school.inn else "", names, place)
