"""From a word of the query to its group: every term that answers it, how, and how well."""

from dataclasses import replace

from myschool.portal.schools.search.asked import Group, How, Span, Typed, Word
from myschool.portal.schools.search.characters import has_latin, sound, typed_on_cyrillic_keys
from myschool.portal.schools.search.familiar import (
    SHORTEST_BEGINNING,
    SHORTEST_WITH_SLIPS,
    beginning_of,
    near,
    slips_allowed,
)
from myschool.portal.schools.search.index import Index
from myschool.portal.schools.search.stem import stem
from myschool.portal.schools.search.tokens import is_bare_number, is_number, number_of, roman_number
from myschool.portal.schools.search.words import (
    ABBREVIATIONS,
    CALLED_SO,
    EVERYDAY,
    HOUSE_WORDS,
    LEGAL_WORDS,
    MARKERS,
)

_STEM = 0.97
_SHORT_STEM = 0.75
_LEAST_WEIGHT = 0.15
_QUALITY_OF_SLIPS = {1: 0.8, 2: 0.6}
_MOST_NEIGHBOURS = 40
_NUMBER_WEIGHT = 4.5
_LEGAL_WEIGHT = 0.25
_UNKNOWN_WEIGHT = 3.0
_LEGAL_STEMS = frozenset(stem(word) for word in LEGAL_WORDS)
_KIND_STEMS = {stem(word): kinds for word, kinds in CALLED_SO.items()}


def group_of(word: Word, index: Index, *, deep: bool) -> Group | None:
    if is_number(word.text):
        return number_group(word, index)
    if has_latin(word.text) and (number := roman_number(word.text)):
        return number_group(replace(word, text=number), index, roman=True)
    group = Group(word)
    text, cut = word.text, stem(word.text)
    ids = index.ids
    same = How.SAME if word.literal in ("", text) else How.EVERYDAY
    # A stem of two letters says little: «юни» is cut to «юн», and so is «юный».
    certain = len(cut) > 2 or cut == text
    group.add(ids.get(cut), _STEM if certain and f"&{text}" not in ids else _SHORT_STEM, same)
    group.add(ids.get(f"={text}"), 1.0, same)
    if word.literal in EVERYDAY:
        group.add(ids.get(stem(word.literal)), 0.9, How.SAME)
    _add_abbreviation(group, text, index)
    for kind, quality in _KIND_STEMS.get(cut, {}).items():
        group.add(ids.get(f"@k{kind}"), quality, How.KIND)
    _add_beginnings(group, text, index)
    found_as_is = any(how is not How.KIND for _, how in group.ways.values())
    if len(text) >= SHORTEST_WITH_SLIPS - 1 and (not found_as_is or deep):
        allowed = slips_allowed(text)
        if found_as_is:
            allowed = min(allowed, 1)
        if not _add_near(group, word, index, allowed):
            return None
    if not group.is_answerable and not _add_latin(group, text, index):
        group.weight = _UNKNOWN_WEIGHT * word.share
        return group if len(text) > 1 else None
    group.weight = _weight(group, index) * word.share
    return group


def _add_abbreviation(group: Group, text: str, index: Index) -> None:
    ids = index.ids
    group.add(ids.get(f"&{text}"), 1.0, How.ABBREVIATION)
    if said := ABBREVIATIONS.get(text):
        head = said.split()[0]
        kinds = CALLED_SO.get(head, {})
        group.add(ids.get(stem(head)), 0.8 if head in _SCHOOL_HEADS else 0.45, How.ABBREVIATION)
        for kind, quality in kinds.items():
            group.add(ids.get(f"@k{kind}"), quality * 0.85, How.KIND)


_SCHOOL_HEADS = frozenset({"школа", "гимназия", "лицей", "сад"})
_MOST_TERMS_OF_BEGINNING = 300


def _add_beginnings(group: Group, text: str, index: Index) -> None:
    """Terms that begin with the word; better the less is missing. A long list becomes a span."""
    if len(text) < SHORTEST_BEGINNING:
        return
    best = 0.85 if not group.ways else 0.7
    for beginning in (beginning_of(text), f"&{text}"):
        low, high = index.range_of(beginning)
        if high - low > _MOST_TERMS_OF_BEGINNING:
            group.spans.append(Span(low, high, best * 0.8))
            continue
        for term in range(low, high):
            missing = len(index.terms[term]) - len(beginning)
            group.add(term, best * (1.0 - min(0.35, 0.04 * missing)), How.BEGINNING)
    low, high = index.range_of(f"%{text}")
    for term in range(low, high):
        if said := EVERYDAY.get(index.terms[term][1:]):
            group.add(index.ids.get(stem(said.split()[-1])), best, How.EVERYDAY)


def _add_near(group: Group, word: Word, index: Index, most: int) -> bool:
    """False when the word is a misspelt marker («райлн»), which says nothing."""
    found = near(word.text, index, most)
    if not found:
        return True
    nearest = min(found.values())
    known = [index.terms[term][1:] for term, slips in found.items() if slips == nearest and index.terms[term][0] == "%"]
    if nearest == 1 and not group.ways and any(name in MARKERS or name in HOUSE_WORDS for name in known):
        return False
    transliterated = word.typed is Typed.TRANSLITERATION
    for term, slips in sorted(found.items(), key=lambda pair: (pair[1], -index.frequency(pair[0])))[:_MOST_NEIGHBOURS]:
        name = index.terms[term]
        quality = _QUALITY_OF_SLIPS[slips]
        if transliterated and sound(name) == sound(stem(word.text)):
            quality = 0.97
        elif name.lstrip("&%")[0] != word.text[0]:
            quality *= 0.9
        how = How.ONE_SLIP if slips == 1 else How.TWO_SLIPS
        if name[0] != "%":
            group.add(term, quality, how)
        elif said := EVERYDAY.get(name[1:]) or ABBREVIATIONS.get(name[1:]):
            main = said.split()[-1] if name[1:] in EVERYDAY else said.split()[0]
            group.add(index.ids.get(stem(main)), quality, how)
    return True


def _add_latin(group: Group, text: str, index: Index) -> bool:
    """«ысрщщд» is «school» on Cyrillic keys."""
    latin = typed_on_cyrillic_keys(text)
    said = ABBREVIATIONS.get(latin) or EVERYDAY.get(latin)
    if said is None:
        return False
    group.add(index.ids.get(stem(said.split()[-1 if latin in EVERYDAY else 0])), 0.95, How.EVERYDAY)
    return group.is_answerable


def number_group(word: Word, index: Index, *, roman: bool = False) -> Group:
    number = number_of(word.text)
    group = Group(word, is_number=True)
    own = is_bare_number(word.text) and not word.is_house and not roman
    group.add(index.ids.get(f"#{number}"), 1.0 if own else 0.5, How.SAME if own else How.NUMBER_ELSEWHERE)
    group.add(index.ids.get(f"~{number}"), 0.3 if own else 1.0, How.NUMBER_ELSEWHERE if own else How.SAME)
    if word.literal:
        group.add(index.ids.get(stem(word.literal)), _STEM, How.SAME)
    group.weight = _NUMBER_WEIGHT if own else 2.0
    return group


def _weight(group: Group, index: Index) -> float:
    """Rarity of what was most likely meant."""
    if stem(group.word.text) in _LEGAL_STEMS:
        return _LEGAL_WEIGHT
    same = [term for term, (_, how) in group.ways.items() if how in (How.SAME, How.EVERYDAY, How.ABBREVIATION)]
    if same:
        return max(_LEAST_WEIGHT, index.idf(max(index.commonness(term) for term in same)))
    total = sum(index.commonness(term) for term in group.ways)
    total += sum(index.post_at[span.high] - index.post_at[span.low] for span in group.spans)
    return max(_LEAST_WEIGHT, min(5.0, index.idf(total)))
