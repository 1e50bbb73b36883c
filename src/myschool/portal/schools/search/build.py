"""Building the index from schools, one at a time: a stream of 100 000 never stands in memory as objects."""

from array import array
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from myschool.portal.schools.model import School, SchoolKind, SchoolState
from myschool.portal.schools.search.characters import tidy
from myschool.portal.schools.search.index import (
    ADDRESS,
    FIELD_BITS,
    INN_LENGTH,
    KINDS,
    MUNICIPALITY,
    NAME,
    NAMES,
    OGRN_LENGTH,
    OTHER_NAME,
    REGION,
    SETTLEMENT,
    SHORT_NAME,
    Index,
    Numbers,
)
from myschool.portal.schools.search.stem import stem
from myschool.portal.schools.search.tokens import (
    acronyms_of,
    address_terms,
    is_number,
    is_silent,
    name_terms,
    raw_words,
    word_terms,
    written_acronyms,
)
from myschool.portal.schools.search.typos import Neighbourhood
from myschool.portal.schools.search.words import ABBREVIATIONS, EVERYDAY, HOUSE_WORDS, MARKERS

# Who is likelier meant when all else is equal: those with classes first.
_ORDER_OF_KINDS = {
    kind: place
    for place, kind in enumerate(
        (
            SchoolKind.SCHOOL,
            SchoolKind.GYMNASIUM,
            SchoolKind.LYCEUM,
            SchoolKind.BOARDING,
            SchoolKind.ADDITIONAL,
            SchoolKind.KINDERGARTEN,
            SchoolKind.COLLEGE,
            SchoolKind.UNIVERSITY,
            SchoolKind.OTHER,
        )
    )
}
# A form as written is kept beside its stem when that many schools write it: «лцией» is nearer to «лицей» than to «лиц».
_FORM_IS_COMMON = 8
_SHORTEST_SPELLING = 4
_SHORTEST_ACRONYM = 4  # with its «&»
_SHORT_ACRONYM_IS_COMMON = 20


def terms_of(school: School, full: list[str]) -> dict[str, int]:
    """Term → fields of one school; `full`: the words of its full name."""
    fields: dict[str, int] = {}
    has = fields.get

    def add(terms: Iterable[str], where: int) -> None:
        for term in terms:
            fields[term] = has(term, 0) | where

    add(name_terms(full), NAME)
    add(_as_acronyms(acronyms_of(full)), NAME)
    if school.short_name:
        add(name_terms(raw_words(tidy(school.short_name))), SHORT_NAME)
        add(_as_acronyms(written_acronyms(school.short_name)), SHORT_NAME)
    for name in school.other_names:
        add(name_terms(raw_words(tidy(name))), OTHER_NAME)
    add(_place_terms(school.settlement), SETTLEMENT)
    add(_place_terms(school.municipality), MUNICIPALITY)
    add(_written(school.settlement), SETTLEMENT)
    add(_written(school.municipality), MUNICIPALITY)
    add(_place_terms(school.region), REGION)
    add(address_terms(raw_words(tidy(school.address))), ADDRESS)
    fields[f"@k{school.kind}"] = 0
    if school.region_code:
        fields[region_term(school.region_code)] = 0
    if school.municipality:
        fields[municipality_term(school.municipality)] = 0
    return fields


def _as_acronyms(found: set[str]) -> Iterable[str]:
    return (f"&{acronym}" for acronym in found)


@lru_cache(maxsize=4096)
def _place_terms(name: str) -> tuple[str, ...]:
    return tuple(address_terms(raw_words(tidy(name))))


@lru_cache(maxsize=4096)
def _written(name: str) -> tuple[str, ...]:
    """Words of a place as they are written: «Зеленогорский» and «Зеленогорск» have one stem and are two places."""
    return tuple(f"={word}" for word in raw_words(tidy(name)) if not is_silent(word) and not is_number(word))


def region_term(code: str) -> str:
    return f"@r{code}"


def municipality_term(name: str) -> str:
    return f"@m{tidy(name).strip()}"


class _Forms:
    """How words are written, as far as that differs from their stems, counted for common ones."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def see(self, words: list[str]) -> None:
        self._counts.update(words)

    def common(self) -> dict[str, str]:
        """Form → the stem it is indexed by."""
        found: dict[str, str] = {}
        for word, count in self._counts.items():
            if count < _FORM_IS_COMMON or len(word) < _SHORTEST_SPELLING or is_number(word):
                continue
            terms = word_terms(word)
            if terms and terms[-1] != word:
                found[word] = terms[-1]
        return found


class Builder:
    """Takes schools one at a time; of two with one ОГРН the caller sends one. `finish` once."""

    def __init__(self) -> None:
        self._numbers_of_terms: dict[str, int] = {}
        self._entries = array("I")
        self._ends = array("I", [0])
        self._ranks = array("I")
        self._ogrns = array("Q")
        self._inns = array("Q")
        self._kinds = bytearray()
        self._forms = _Forms()

    def add(self, school: School) -> None:
        known = self._numbers_of_terms
        full = raw_words(tidy(school.full_name))
        self._entries.extend(
            [
                known.setdefault(term, len(known)) << FIELD_BITS | fields
                for term, fields in terms_of(school, full).items()
            ]
        )
        self._ends.append(len(self._entries))
        self._ranks.append(_rank(school))
        self._ogrns.append(int(school.ogrn.digits))
        self._inns.append(int(school.inn.digits) if school.inn and not school.inn.is_personal else 0)
        self._kinds.append(KINDS.index(school.kind))
        self._forms.see(full)

    def finish(self, background: Index | None = None) -> Index:
        known = self._numbers_of_terms
        for word in _known_but_not_indexed():
            known.setdefault(f"%{word}", len(known))
        terms = sorted(known)
        final = array("I", bytes(4 * len(terms)))
        for number, term in enumerate(terms):
            final[known[term]] = number
        known.clear()
        order = sorted(range(len(self._ogrns)), key=self._ranks.__getitem__)
        entries, entry_at = _reordered(self._entries, self._ends, order, final)
        return _assembled(
            terms,
            entries,
            entry_at,
            array("Q", (self._ogrns[school] for school in order)),
            array("Q", (self._inns[school] for school in order)),
            bytes(self._kinds[school] for school in order),
            self._forms.common(),
            background,
        )


def build(schools: Iterable[School], *, background: Index | None = None) -> Index:
    """The index of these schools. With `background`, rarity is what it is there: so a few changed schools are weighed
    like the rest."""
    builder = Builder()
    for school in schools:
        builder.add(school)
    return builder.finish(background)


def _rank(school: School) -> int:
    rank = _ORDER_OF_KINDS[school.kind]
    if school.is_test:
        rank += 20
    if school.state is not SchoolState.ACTIVE:
        rank += 40
    return rank


def _known_but_not_indexed() -> set[str]:
    """Words whose misspelling must not be taken for the name of a village: «райлн» is «район»."""
    words = {*MARKERS, *HOUSE_WORDS, *EVERYDAY, *ABBREVIATIONS}
    return {word for word in words if len(word) >= _SHORTEST_SPELLING - 1 and "а" <= word[0] <= "я"}


def _reordered(
    entries: "array[int]", ends: "array[int]", order: list[int], final: "array[int]"
) -> "tuple[array[int], array[int]]":
    mask = (1 << FIELD_BITS) - 1
    ordered, entry_at = array("I"), array("I", [0])
    for school in order:
        for entry in entries[ends[school] : ends[school + 1]]:
            ordered.append(final[entry >> FIELD_BITS] << FIELD_BITS | entry & mask)
        entry_at.append(len(ordered))
    return ordered, entry_at


def _assembled(
    terms: list[str],
    entries: "array[int]",
    entry_at: "array[int]",
    ogrns: "array[int]",
    inns: "array[int]",
    kinds: bytes,
    forms: dict[str, str],
    background: Index | None,
) -> Index:
    ids = {term: number for number, term in enumerate(terms)}
    post_at, posts = _posted(entries, entry_at, len(terms))
    spellings, spelling_terms = _spellings(terms, ids, post_at, forms)
    index = Index(
        terms=terms,
        ids=ids,
        post_at=post_at,
        posts=posts,
        entry_at=entry_at,
        entries=entries,
        weights=array("f"),
        ogrns=ogrns,
        kinds=kinds,
        by_ogrn=_numbers(ogrns, OGRN_LENGTH),
        by_inn=_numbers(inns, INN_LENGTH),
        neighbourhood=Neighbourhood.of(spellings),
        spelling_terms=spelling_terms,
        background=background,
    )
    index.weights.extend(_weights(index))
    return index


def _posted(entries: "array[int]", entry_at: "array[int]", terms: int) -> "tuple[array[int], array[int]]":
    """Schools by term, each list ascending: counted first, then laid into place."""
    counts = [0] * (terms + 1)
    for entry in entries:
        counts[(entry >> FIELD_BITS) + 1] += 1
    for term in range(terms):
        counts[term + 1] += counts[term]
    post_at = array("I", counts)
    posts = array("I", bytes(4 * len(entries)))
    for school in range(len(entry_at) - 1):
        for entry in entries[entry_at[school] : entry_at[school + 1]]:
            term = entry >> FIELD_BITS
            posts[counts[term]] = school
            counts[term] += 1
    return post_at, posts


def _numbers(values: "array[int]", length: int) -> Numbers:
    order = sorted((school for school in range(len(values)) if values[school]), key=values.__getitem__)
    return Numbers(array("Q", (values[school] for school in order)), array("I", order), length)


def _spellings(
    terms: list[str], ids: dict[str, int], post_at: "array[int]", forms: dict[str, str]
) -> "tuple[list[str], array[int]]":
    """What a misspelt word is compared with, and the term each stands for."""
    spellings: list[str] = []
    owners = array("I")
    for number, term in enumerate(terms):
        spelling, owner = _spelling(term, number, ids, post_at[number + 1] - post_at[number])
        if spelling:
            spellings.append(spelling)
            owners.append(owner)
    for form, term in forms.items():
        if term in ids:
            spellings.append(form)
            owners.append(ids[term])
    return spellings, owners


def _spelling(term: str, number: int, ids: dict[str, int], frequency: int) -> tuple[str, int]:
    """The spelling a term adds and the term it leads to; an empty spelling when it adds none."""
    kind = term[0]
    if kind in "#~@":
        return "", 0
    if kind == "&":
        # A local acronym that few schools suggest is too thin a target.
        fewest = 2 if len(term) > _SHORTEST_ACRONYM else _SHORT_ACRONYM_IS_COMMON
        return (term[1:], number) if len(term) >= _SHORTEST_ACRONYM and frequency >= fewest else ("", 0)
    if kind == "=":
        # «тлуа» is one slip from «тула» and two from its stem.
        cut = stem(term[1:])
        return (term[1:], ids[cut]) if cut in ids and cut != term[1:] else ("", 0)
    if kind == "%":
        return term[1:], number
    return (term, number) if len(term) >= _SHORTEST_SPELLING - 1 else ("", 0)


def _weights(index: Index) -> Iterable[float]:
    idfs = [index.rarity(term) for term in range(len(index.terms))]
    counted = bytes(term[0] not in "&@%=" for term in index.terms)
    entries, entry_at = index.entries, index.entry_at
    for school in range(index.size):
        yield sum(
            idfs[entry >> FIELD_BITS]
            for entry in entries[entry_at[school] : entry_at[school + 1]]
            if entry & NAMES and counted[entry >> FIELD_BITS]
        )
