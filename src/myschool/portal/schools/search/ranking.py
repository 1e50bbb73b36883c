"""Which schools answer best, and why.

Candidates come from the rarest words first, until the budget of rows is spent; then each candidate is weighed whole:

    score = coverage of the query (by weight, quality of the match and the field it stands in)
          + how much of the school's own name was said
          + what is known of the person (region), and small signs: state, connected
          × a fall when the number of the school is another
"""

from dataclasses import dataclass
from heapq import nsmallest
from itertools import compress
from operator import itemgetter

from myschool.portal.schools.model import NO_HINTS, Filters, Hints
from myschool.portal.schools.search.asked import Group, How, Reading
from myschool.portal.schools.search.build import municipality_term, region_term
from myschool.portal.schools.search.index import (
    ADDRESS,
    FIELD_BITS,
    MUNICIPALITY,
    NAME,
    NAMES,
    OTHER_NAME,
    REGION,
    SETTLEMENT,
    SHORT_NAME,
    Index,
)
from myschool.portal.schools.search.words import Role

# Rows that may be looked at before the whole weighing; and how many are weighed.
BUDGET = 6_000
CANDIDATES = 80

_FIELD_WORTH: dict[Role, dict[int, float]] = {
    Role.ANY: {NAME: 1, SHORT_NAME: 1, OTHER_NAME: 0.85, SETTLEMENT: 1, MUNICIPALITY: 0.95, REGION: 0.8, ADDRESS: 0.75},
    Role.SETTLEMENT: {
        NAME: 0.97,
        SHORT_NAME: 0.97,
        OTHER_NAME: 0.8,
        SETTLEMENT: 1,
        MUNICIPALITY: 0.8,
        REGION: 0.5,
        ADDRESS: 0.7,
    },
    Role.MUNICIPALITY: {
        NAME: 0.97,
        SHORT_NAME: 0.97,
        OTHER_NAME: 0.8,
        SETTLEMENT: 0.7,
        MUNICIPALITY: 1,
        REGION: 0.6,
        ADDRESS: 0.9,
    },
    Role.REGION: {
        NAME: 0.95,
        SHORT_NAME: 0.95,
        OTHER_NAME: 0.8,
        SETTLEMENT: 0.6,
        MUNICIPALITY: 0.6,
        REGION: 1,
        ADDRESS: 0.95,
    },
    Role.STREET: {
        NAME: 0.7,
        SHORT_NAME: 0.7,
        OTHER_NAME: 0.6,
        SETTLEMENT: 0.5,
        MUNICIPALITY: 0.5,
        REGION: 0.4,
        ADDRESS: 1,
    },
}


def _worth_by_mask(worth: dict[int, float]) -> list[float]:
    """Best worth for each combination of fields; facts of the row (no field) count full."""
    return [
        max((value for bit, value in worth.items() if mask & bit), default=1.0) for mask in range(1 << (FIELD_BITS - 1))
    ]


_WORTH = {role: _worth_by_mask(worth) for role, worth in _FIELD_WORTH.items()}
_MASK = (1 << FIELD_BITS) - 1

NAME_SAID = 0.15
REGION_OF_PERSON = 0.04
OWN_SCHOOL = 0.04
OTHER_NUMBER = 0.55
NUMBER_NOT_ASKED = 0.05
LEAST_SCORE = 0.3


@dataclass(frozen=True, slots=True)
class Match:
    """One word of the query and what answered it; `term` is empty when nothing did."""

    typed: str
    read_as: str
    term: str
    how: str
    fields: tuple[str, ...]
    weight: float
    quality: float


@dataclass(frozen=True, slots=True)
class Found:
    school: int
    score: float
    coverage: float


@dataclass(frozen=True, slots=True)
class _Told:
    """Schools that what the person told before speaks for: in the same region, and the very ones."""

    region: frozenset[int]
    own: frozenset[int]

    @classmethod
    def of(cls, hints: Hints, index: Index) -> "_Told":
        own = [school for ogrn in hints.schools if (school := index.school_of(ogrn)) is not None]
        low, high = index.range_of("@r")
        # Facts of a row: `@r71` is its region.
        terms = {index.ids.get(region_term(hints.region_code))} | {
            entry >> FIELD_BITS
            for school in own
            for entry in index.entries[index.entry_at[school] : index.entry_at[school + 1]]
            if low <= entry >> FIELD_BITS < high
        }
        region = frozenset(school for term in terms if term is not None for school in index.schools_with(term))
        return cls(region, frozenset(own))


_NOTHING_TOLD = _Told(frozenset(), frozenset())


def rank(reading: Reading, index: Index, filters: Filters, hints: Hints, most: int) -> list[Found]:
    """Best first. Ties go to the smaller number: the likelier kind."""
    groups = [group for group in reading.groups if group.weight > 0]
    allowed = allowed_by(index, filters)
    told = _Told.of(hints, index) if hints != NO_HINTS else _NOTHING_TOLD
    candidates = _candidates(groups, index, allowed, told)
    weigher = Weigher(groups, index, told)
    weighed = [weigher.weigh(school) for school in candidates]
    best = nsmallest(most, weighed, key=lambda found: (-round(found.score, 4), found.school))
    return [found for found in best if found.score >= LEAST_SCORE]


def allowed_by(index: Index, filters: Filters) -> set[int] | None:
    """Schools that pass the filters; None when there are none."""
    if filters.are_empty:
        return None
    sets: list[set[int]] = []
    if filters.region_code:
        sets.append(_with_term(index, region_term(filters.region_code)))
    if filters.municipality:
        sets.append(_with_term(index, municipality_term(filters.municipality)))
    if filters.kinds:
        sets.append(set().union(*(_with_term(index, f"@k{kind}") for kind in filters.kinds)))
    return set.intersection(*sets)


def _with_term(index: Index, term: str) -> set[int]:
    number = index.ids.get(term)
    return set() if number is None else set(index.schools_with(number))


def _rows(group: Group, index: Index) -> int:
    rows = sum(index.frequency(term) for term in group.ways)
    return rows + sum(index.post_at[span.high] - index.post_at[span.low] for span in group.spans)


def _candidates(groups: list[Group], index: Index, allowed: set[int] | None, told: _Told) -> list[int]:
    """At most `CANDIDATES` schools that the words speak for: the rarest words bring them, the common ones choose among
    them.
    """
    by_rarity = sorted((_rows(group, index), place) for place, group in enumerate(groups) if group.is_answerable)
    sums: dict[int, float] = {}
    spent = 0
    common: list[Group] = []
    for rows, place in by_rarity:
        group = groups[place]
        if sums and spent + rows > BUDGET:
            common.append(group)
            continue
        if rows > BUDGET:
            return _first_rows(group, index, allowed, told)
        spent += rows
        _add_answers(sums, group, index)
    if allowed is not None:
        sums = {school: total for school, total in sums.items() if school in allowed}
    if len(sums) <= CANDIDATES:
        return list(sums)
    sums = _asked_further([group for group in common if group.weight >= _WORTH_ASKING], sums, index)
    for school in told.region & sums.keys():
        sums[school] += 0.5
    return nsmallest(CANDIDATES, sums, key=lambda school: (-sums[school], school))


_NEAR_THE_BEST = 0.8
_WORTH_ASKING = 0.2


def _asked_further(common: list[Group], sums: dict[int, float], index: Index) -> dict[int, float]:
    """The sums after the common words, the weightiest first. Whom even all words to come cannot lift near the best is
    left out before they are asked.
    """
    common = sorted(common, key=lambda group: -group.weight)
    to_come = sum(group.weight for group in common)
    for group in common:
        floor = _NEAR_THE_BEST * max(sums.values()) - to_come
        sums = {school: total for school, total in sums.items() if total >= floor}
        if len(sums) <= CANDIDATES:
            return sums
        _add_common_answers(sums, group, index)
        to_come -= group.weight
    return sums


def _add_answers(sums: dict[int, float], group: Group, index: Index) -> None:
    weight, has = group.weight, sums.get
    answers = _answers(group, index)
    for school, quality in answers.items():
        sums[school] = has(school, 0.0) + weight * quality


def _answers(group: Group, index: Index) -> dict[int, float]:
    """School → how well it answers the word."""
    answers: dict[int, float] = {}
    for span in group.spans:
        low, high = index.post_at[span.low], index.post_at[span.high]
        answers.update(dict.fromkeys(index.posts[low:high], span.quality))
    for term, (quality, _) in sorted(group.ways.items(), key=lambda way: way[1][0]):
        answers.update(dict.fromkeys(index.schools_with(term), quality))
    return answers


# A term of so many schools is asked by a table with a byte for each school, made once.
_MANY = 2_000
_MOST_TABLES = 150


def _add_common_answers(sums: dict[int, float], group: Group, index: Index) -> None:
    """As `_add_answers` for schools that are there already. Thousands of them, so nothing is asked one by one here."""
    schools = list(sums)
    taken = itemgetter(*schools)
    answers: dict[int, float] = {}
    for span in group.spans:
        rows = index.posts[index.post_at[span.low] : index.post_at[span.high]]
        answers.update(dict.fromkeys(sums.keys() & set(rows), span.quality))
    for term, (quality, _) in sorted(group.ways.items(), key=lambda way: way[1][0]):
        if index.frequency(term) >= _MANY:
            answers.update(dict.fromkeys(compress(schools, taken(_table(term, index))), quality))
        else:
            answers.update(dict.fromkeys(sums.keys() & index.schools_with(term), quality))
    weight = group.weight
    for school, quality in answers.items():
        sums[school] += weight * quality


def _table(term: int, index: Index) -> bytearray:
    table = index.tables.get(term)
    if table is None:
        table = bytearray(index.size)
        for school in index.schools_with(term):
            table[school] = 1
        if len(index.tables) >= _MOST_TABLES:
            index.tables.pop(next(iter(index.tables)), None)
        index.tables[term] = table
    return table


def _first_rows(group: Group, index: Index, allowed: set[int] | None, told: _Told) -> list[int]:
    """A query of common words only: the likeliest of those that have them, the person's region first."""
    if not group.ways:
        span = group.spans[0]
        rows = index.posts[index.post_at[span.low] : index.post_at[span.low] + BUDGET]
    else:
        best = max(group.ways.items(), key=lambda way: way[1][0])[0]
        rows = index.schools_with(best)
    if allowed is not None:
        return [school for school in rows if school in allowed][:CANDIDATES]
    near = [school for school in rows if school in told.region][:CANDIDATES] if told.region else []
    return near or list(rows[:CANDIDATES])


class Weigher:
    """Weighs candidates of one query; made once a query, since its table of answers is."""

    def __init__(self, groups: list[Group], index: Index, told: _Told = _NOTHING_TOLD) -> None:
        self.groups = groups
        self.index = index
        self.told = told
        self.total = sum(group.weight for group in groups) or 1.0
        self.answers: dict[int, list[tuple[int, float]]] = {}
        for place, group in enumerate(groups):
            for term, (quality, _) in group.ways.items():
                self.answers.setdefault(term, []).append((place, quality))
        self.spans = [
            (span.low, span.high, place, span.quality) for place, group in enumerate(groups) for span in group.spans
        ]
        self.worths = [_WORTH[group.word.role] for group in groups]
        self.number_groups = [place for place, group in enumerate(groups) if group.is_number and group.weight > 2.0]
        low, high = index.range_of("#")
        self.numbers = (low, high)
        self.idfs: dict[int, float] = {}

    def weigh(self, school: int) -> Found:
        index = self.index
        best = [0.0] * len(self.groups)
        said = 0.0
        has_other_number = False
        low, high = self.numbers
        answers = self.answers
        for entry in index.entries[index.entry_at[school] : index.entry_at[school + 1]]:
            term, mask = entry >> FIELD_BITS, entry & _MASK
            ways = answers.get(term)
            if ways is None:
                if low <= term < high and mask & NAMES:
                    has_other_number = True
                if self.spans:
                    for first, end, place, quality in self.spans:
                        if first <= term < end:
                            best[place] = max(best[place], quality * self.worths[place][mask])
                continue
            top = 0.0
            for place, quality in ways:
                value = quality * self.worths[place][mask]
                if value > best[place]:
                    best[place] = value
                top = max(top, quality)
            if mask & NAMES:
                said += top * self._idf(term)
        coverage = sum(group.weight * value for group, value in zip(self.groups, best, strict=True)) / self.total
        score = coverage
        weight = index.weights[school]
        if weight:
            score += NAME_SAID * min(1.0, said / weight)
        if self.number_groups and has_other_number and max(best[place] for place in self.number_groups) < 0.5:
            score *= OTHER_NUMBER
        elif has_other_number and not self.number_groups:
            score -= NUMBER_NOT_ASKED
        if school in self.told.region:
            score += REGION_OF_PERSON
        if school in self.told.own:
            score += OWN_SCHOOL
        return Found(school, score, coverage)

    def _idf(self, term: int) -> float:
        known = self.idfs.get(term)
        if known is None:
            known = 0.0 if self.index.terms[term][0] in "&@%=" else self.index.rarity(term)
            self.idfs[term] = known
        return known

    def explain(self, school: int) -> tuple[Match, ...]:
        """What answered each word of the query in this school."""
        index = self.index
        matches: list[tuple[float, str, str, int]] = [(0.0, "", "", 0)] * len(self.groups)
        for entry in index.entries[index.entry_at[school] : index.entry_at[school + 1]]:
            term, mask = entry >> FIELD_BITS, entry & _MASK
            for place, group in enumerate(self.groups):
                way = group.ways.get(term)
                quality, how = way or (0.0, How.SAME)
                for span in group.spans:
                    if span.low <= term < span.high and span.quality > quality:
                        quality, how = span.quality, How.BEGINNING
                value = quality * self.worths[place][mask]
                if value > matches[place][0]:
                    matches[place] = (value, index.terms[term], how.value, mask)
        return tuple(
            Match(
                typed=group.word.literal or group.word.text,
                read_as=group.word.typed.value,
                term=term,
                how=how,
                fields=_field_names(mask),
                weight=round(group.weight, 2),
                quality=round(value, 2),
            )
            for group, (value, term, how, mask) in zip(self.groups, matches, strict=True)
        )


_FIELD_NAMES = {
    NAME: "name",
    SHORT_NAME: "short name",
    OTHER_NAME: "other name",
    SETTLEMENT: "settlement",
    MUNICIPALITY: "municipality",
    REGION: "region",
    ADDRESS: "address",
}


def _field_names(mask: int) -> tuple[str, ...]:
    return tuple(name for bit, name in _FIELD_NAMES.items() if mask & bit)
