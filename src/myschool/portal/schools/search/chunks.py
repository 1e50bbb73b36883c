"""From the text of a query to its words: which keyboard, which alphabet, what was glued together or torn apart."""

import re
from collections.abc import Iterator
from dataclasses import replace

from myschool.portal.schools.search.asked import Typed, Word
from myschool.portal.schools.search.characters import (
    from_lookalikes,
    from_transliteration,
    has_latin,
    is_mixed,
    looks_cyrillic,
    typed_on_latin_keys,
)
from myschool.portal.schools.search.familiar import (
    SHORTEST_BEGINNING,
    SHORTEST_WITH_SLIPS,
    has_beginning,
    is_known,
    near,
    slips_allowed,
)
from myschool.portal.schools.search.index import Index
from myschool.portal.schools.search.stem import stem
from myschool.portal.schools.search.tokens import is_number, raw_words, roman_number
from myschool.portal.schools.search.words import ABBREVIATIONS, CALLED_SO, EVERYDAY


def words_of(text: str, index: Index) -> Iterator[Word]:
    if not has_latin(text):
        for raw in raw_words(text):
            yield from _unglued(Word(raw), index)
        return
    for chunk in text.split():
        if not has_latin(chunk):
            for raw in raw_words(chunk):
                yield from _unglued(Word(raw), index)
            continue
        readings = [(_fit(words, index), words) for words in _readings(chunk)]
        best = max(readings, key=lambda reading: reading[0])[1]
        for word in best:
            yield from _unglued(word, index)


def _readings(chunk: str) -> Iterator[list[Word]]:
    """What a chunk with Latin letters may be, in the order of preference among equals."""
    plain = raw_words(chunk)
    if is_mixed(chunk):
        plain = [from_lookalikes(raw) if is_mixed(raw) and looks_cyrillic(raw) else raw for raw in plain]
        yield [Word(raw, Typed.LOOKALIKES if has_latin(chunk) else Typed.AS_IT_STANDS) for raw in plain]
    else:
        yield [Word(raw) for raw in plain]
        if looks_cyrillic(chunk):
            yield [Word(from_lookalikes(raw), Typed.LOOKALIKES) for raw in plain]
    bare = chunk.strip(",.;:'\"[]{}<>()")
    # With its last sign first: «cg,» is «спб», and only where that says nothing the comma is a comma.
    for typed in dict.fromkeys((chunk, bare)):
        yield [Word(raw, Typed.LAYOUT) for raw in raw_words(typed_on_latin_keys(typed))]
    apart = re.split(r"[^a-zа-я0-9'#]+", chunk)
    spelled = " ".join(from_transliteration(part) for part in apart)
    yield [Word(raw, Typed.TRANSLITERATION) for raw in raw_words(spelled.replace("ь ", " "))]


def _fit(words: list[Word], index: Index) -> float:
    """How well the words stand in the directory: 1 for all known, 0 for none."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return 0.0
    return sum(len(word.text) * _familiarity(word, index) for word in words) / letters


def _familiarity(word: Word, index: Index) -> float:
    text = word.text
    if is_number(text) or text == "#":
        return 1.0
    if len(text) == 1:
        return 0.3
    if roman_number(text):
        return 0.9
    if is_known(text, index):
        return 1.0
    if len(text) >= SHORTEST_BEGINNING and has_beginning(text, index):
        return 0.7
    if len(text) >= SHORTEST_WITH_SLIPS and near(text, index, slips_allowed(text)):
        return 0.5
    return 0.0


# -- Glued and parted words -----------------------------------------------------------------------------------------

_SHORTEST_PART = 3
_SHORT_KINDS = frozenset({"шк", "сш"})


def _unglued(word: Word, index: Index) -> Iterator[Word]:
    """«школакрутец» → школа, крутец. A word that is known, or begins a known one, is left alone."""
    text = word.text
    if is_number(text) or text == "#" or len(text) < 2 * _SHORTEST_PART - 1 or is_known(text, index):
        yield word
        return
    best, parts = 0.0, ("", "")
    for place in range(2, len(text) - _SHORTEST_PART + 1):
        left, right = text[:place], text[place:]
        worth = _worth_of_parts(left, right, index)
        if worth > best:
            best, parts = worth, (left, right)
    if not best or (best < 1.0 and has_beginning(text, index)):
        yield word
        return
    yield replace(word, text=parts[0], typed=Typed.GLUED)
    yield from _unglued(replace(word, text=parts[1], typed=Typed.GLUED), index)


def _worth_of_parts(left: str, right: str, index: Index) -> float:
    names_a_kind = (left in ABBREVIATIONS or left in CALLED_SO) and (
        len(left) >= _SHORTEST_PART or left in _SHORT_KINDS
    )
    # «шкала» is a slip of «школа» and no «шк» of «ала».
    if left in _SHORT_KINDS and len(right) <= _SHORTEST_PART:
        return 0.0
    if not names_a_kind and (len(left) < _SHORTEST_PART + 1 or not _is_indexed(left, index)):
        return 0.0
    if _is_indexed(right, index) or right in EVERYDAY:
        return 2.0 + len(left) / 100 if names_a_kind else (1.5 if len(right) > _SHORTEST_PART else 0.0)
    if names_a_kind and len(right) > _SHORTEST_PART and len(left) > 2:
        if has_beginning(right, index):
            return 1.2
        if near(right, index, slips_allowed(right)):
            return 0.9
    return 0.0


def _is_indexed(text: str, index: Index) -> bool:
    return stem(text) in index.ids or text in ABBREVIATIONS


def joined(words: list[Word], index: Index) -> list[Word]:
    """«ново песчаное» → новопесчаное, where only the whole is known."""
    result: list[Word] = []
    for word in words:
        before = result[-1] if result else None
        if before and _may_be_parts(before.text, word.text, index):
            result[-1] = replace(word, text=before.text + word.text, typed=Typed.PARTED)
        else:
            result.append(word)
    return result


def _may_be_parts(left: str, right: str, index: Index) -> bool:
    if not (left[0].isalpha() and right[0].isalpha()) or min(len(left), len(right)) < 2:
        return False
    if is_known(left, index) and is_known(right, index):
        return False
    return stem(left + right) in index.ids
