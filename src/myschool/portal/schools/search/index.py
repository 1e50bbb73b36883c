"""The index: which school has which term, where, and how rare it is. Read-only; arrays, so that 100 000 schools fit
into a few dozen megabytes and travel between processes as bytes.
"""

import math
import struct
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from myschool.portal.schools.model import SchoolKind
from myschool.portal.schools.search.typos import Neighbourhood

# Where in a row a term stands: bits of the low byte of each of `entries`. Plain numbers: they are or-ed a million
# times a build.
NAME = 1
SHORT_NAME = 2
OTHER_NAME = 4
SETTLEMENT = 8
MUNICIPALITY = 16
REGION = 32
ADDRESS = 64
NAMES = NAME | SHORT_NAME
FIELD_BITS = 8
KINDS = tuple(SchoolKind)

# A term so rare that one school alone has it is not worth more than this: it may be a slip that met a stranger.
MOST_IDF = 7.0
OGRN_LENGTH = 13
INN_LENGTH = 10
# A format of `to_bytes` that older code cannot read gets the next number; so does a change of what terms mean.
IMAGE_FORMAT = 1


class ImageUnreadable(Exception):
    """The bytes are no index of this version of the code: it is built anew."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of one sort (ОГРН or ИНН), ascending, each with its school."""

    values: "array[int]"
    schools: "array[int]"
    length: int

    def starting_with(self, digits: str, most: int) -> list[int]:
        """Schools whose number begins with these digits, in the order of numbers."""
        missing = self.length - len(digits)
        if missing < 0:
            return []
        low = int(digits) * 10**missing
        first = bisect_left(self.values, low)
        end = bisect_left(self.values, low + 10**missing)
        return list(self.schools[first : min(end, first + most)])


@dataclass(frozen=True, slots=True)
class Index:
    """`terms` is sorted, so a beginning is a range of term numbers. `posts[post_at[t]:post_at[t+1]]` are the schools
    that have term `t`; `entries[entry_at[s]:entry_at[s+1]]` are the terms of school `s`, each `term << 8 | fields`.
    Schools are numbered from the likeliest to be meant. `weights[s]` is the sum of idf over the words of its name.
    """

    terms: Sequence[str]
    ids: dict[str, int]
    post_at: "array[int]"
    posts: "array[int]"
    entry_at: "array[int]"
    entries: "array[int]"
    weights: "array[float]"
    ogrns: "array[int]"
    kinds: bytes
    by_ogrn: Numbers
    by_inn: Numbers
    neighbourhood: Neighbourhood
    spelling_terms: "array[int]"
    # The big index that this small one stands beside.
    background: "Index | None" = None
    # Term → a byte for each school, for common terms; filled while searching, see `ranking`.
    tables: dict[int, bytearray] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        return len(self.ogrns)

    def frequency(self, term: int) -> int:
        return self.post_at[term + 1] - self.post_at[term]

    def schools_with(self, term: int) -> "array[int]":
        return self.posts[self.post_at[term] : self.post_at[term + 1]]

    def idf(self, frequency: int) -> float:
        """Rarity of what that many schools have: 0 (all of them) … `MOST_IDF`."""
        size = self.background.size if self.background else self.size
        return min(MOST_IDF, math.log(1.0 + size / (frequency + 0.5)))

    def rarity(self, term: int) -> float:
        return self.idf(self.commonness(term))

    def commonness(self, term: int) -> int:
        """Schools that have the term, here or in the background."""
        if self.background is None:
            return self.frequency(term)
        there = self.background.ids.get(self.terms[term])
        return self.background.frequency(there) if there is not None else self.frequency(term)

    def range_of(self, beginning: str) -> tuple[int, int]:
        """Numbers of the terms that begin so: from, up to."""
        # U+FFFF sorts behind every letter.
        return bisect_left(self.terms, beginning), bisect_left(self.terms, beginning + "\uffff")

    def ogrn_of(self, school: int) -> str:
        return f"{self.ogrns[school]:0{OGRN_LENGTH}d}"

    def school_of(self, ogrn: str) -> int | None:
        found = self.by_ogrn.starting_with(ogrn, 1) if len(ogrn) == OGRN_LENGTH and ogrn.isdecimal() else []
        return found[0] if found else None

    # -- as bytes ------------------------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        spelled = self.neighbourhood.spellings
        parts = [
            "\n".join(self.terms).encode(),
            # Most spellings are terms and are not written twice.
            "\n".join(
                "" if self.terms[term] == spelling else spelling
                for spelling, term in zip(spelled, self.spelling_terms, strict=True)
            ).encode(),
            self.kinds,
            *(numbers.tobytes() for numbers in self._arrays()),
        ]
        head = msgspec.json.encode({"format": IMAGE_FORMAT, "sizes": [len(part) for part in parts]})
        return b"".join([struct.pack("<I", len(head)), head, *parts])

    def _arrays(self) -> "list[array[int] | array[float]]":
        return [
            self.post_at,
            self.posts,
            self.entry_at,
            self.entries,
            self.weights,
            self.ogrns,
            self.by_ogrn.values,
            self.by_ogrn.schools,
            self.by_inn.values,
            self.by_inn.schools,
            self.neighbourhood.sums,
            self.neighbourhood.owners,
            self.spelling_terms,
        ]

    @classmethod
    def from_bytes(cls, image: bytes) -> "Index":
        """Raises `ImageUnreadable`."""
        try:
            (head_size,) = struct.unpack_from("<I", image)
            head = msgspec.json.decode(image[4 : 4 + head_size], type=_Head)
        except (struct.error, msgspec.DecodeError) as error:
            raise ImageUnreadable from error
        if head.format != IMAGE_FORMAT or len(image) != 4 + head_size + sum(head.sizes):
            raise ImageUnreadable
        view, parts, start = memoryview(image), [], 4 + head_size
        for size in head.sizes:
            parts.append(view[start : start + size])
            start += size
        return cls._of_parts(parts)

    @classmethod
    def _of_parts(cls, parts: "list[memoryview]") -> "Index":
        terms = str(parts[0], "utf-8").split("\n")
        written = str(parts[1], "utf-8").split("\n")
        ints = {place: _array("I", parts[place]) for place in (3, 4, 5, 6, 10, 12, 13, 14, 15)}
        longs = {place: _array("Q", parts[place]) for place in (8, 9, 11)}
        spellings = [spelling or terms[term] for spelling, term in zip(written, ints[15], strict=False)]
        return cls(
            terms=terms,
            ids={term: number for number, term in enumerate(terms)},
            post_at=ints[3],
            posts=ints[4],
            entry_at=ints[5],
            entries=ints[6],
            weights=_floats(parts[7]),
            ogrns=longs[8],
            kinds=bytes(parts[2]),
            by_ogrn=Numbers(longs[9], ints[10], OGRN_LENGTH),
            by_inn=Numbers(longs[11], ints[12], INN_LENGTH),
            neighbourhood=Neighbourhood(spellings, ints[13], ints[14]),
            spelling_terms=ints[15],
        )


class _Head(msgspec.Struct):
    format: int
    sizes: list[int]


def _array(code: str, part: "memoryview") -> "array[int]":
    numbers: array[int] = array(code)
    numbers.frombytes(part)
    return numbers


def _floats(part: "memoryview") -> "array[float]":
    numbers = array("f")
    numbers.frombytes(part)
    return numbers
