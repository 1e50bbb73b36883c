"""Words within one or two slips of the finger: two spellings are near when some letters can be left out of both to
make them equal.

For each known spelling the beginnings with up to two letters left out are kept as 32-bit sums, sorted; a query word
asks with its own. What is found so is then measured (insertion, deletion, substitution, exchange of neighbours: one
slip each).
"""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

# Two spellings are compared by deletions over this many first letters; slips beyond them need none.
BEGINNING = 7
# From this length on a word may have two slips.
LENGTH_FOR_TWO = 5


def _without_letters(word: str) -> set[str]:
    """The beginning of the word with no, one and, where long enough, two letters left out."""
    beginning = word[:BEGINNING]
    forms = {beginning}
    once = {beginning[:place] + beginning[place + 1 :] for place in range(len(beginning))}
    forms |= once
    if len(word) >= LENGTH_FOR_TWO:
        for form in once:
            forms.update(form[:place] + form[place + 1 :] for place in range(len(form)))
    return forms


def _sum(form: str) -> int:
    return zlib.crc32(form.encode())


class Neighbourhood:
    """`sums[i]` (sorted) belongs to spelling number `owners[i]`."""

    __slots__ = ("owners", "spellings", "sums")

    def __init__(self, spellings: Sequence[str], sums: "array[int]", owners: "array[int]") -> None:
        self.spellings = spellings
        self.sums = sums
        self.owners = owners

    @classmethod
    def of(cls, spellings: Sequence[str]) -> "Neighbourhood":
        # Sixteen shares by the top bits, so that the sorting never holds all pairs as Python integers at once.
        shares = [array("Q") for _ in range(16)]
        for number, spelling in enumerate(spellings):
            for form in _without_letters(spelling):
                checksum = _sum(form)
                shares[checksum >> 28].append(checksum << 32 | number)
        sums, owners = array("I"), array("I")
        for share in shares:
            ordered = sorted(share)
            sums.extend(pair >> 32 for pair in ordered)
            owners.extend(pair & 0xFFFFFFFF for pair in ordered)
        return cls(spellings, sums, owners)

    def near(self, word: str, most: int) -> dict[int, int]:
        """Number of spelling → slips (1…`most`), for spellings other than the word itself."""
        found: dict[int, int] = {}
        for number in self._candidates(_without_letters(word)):
            spelling = self.spellings[number]
            if abs(len(spelling) - len(word)) > most:
                continue
            slips = OSA.distance(word, spelling, score_cutoff=most)
            if 0 < slips <= most:
                found[number] = slips
        return found

    def _candidates(self, forms: Iterable[str]) -> set[int]:
        sums, owners = self.sums, self.owners
        numbers: set[int] = set()
        size = len(sums)
        for form in forms:
            wanted = _sum(form)
            place = bisect_left(sums, wanted)
            while place < size and sums[place] == wanted:
                numbers.add(owners[place])
                place += 1
        return numbers
