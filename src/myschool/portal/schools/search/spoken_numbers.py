"""Numbers said in words beside what they number: «пятая школа», «лицей двадцать три», «в первой гимназии»."""

from collections.abc import Iterator
from dataclasses import replace

from myschool.portal.schools.search.asked import Word
from myschool.portal.schools.search.stem import stem
from myschool.portal.schools.search.tokens import is_number
from myschool.portal.schools.search.words import ABBREVIATIONS, CALLED_SO

_UNITS = {
    1: "первый один",
    2: "второй два две",
    3: "третий третья третье третьей третьего три",
    4: "четвертый четыре",
    5: "пятый пять",
    6: "шестой шесть",
    7: "седьмой семь",
    8: "восьмой восемь",
    9: "девятый девять",
    10: "десятый десять",
    11: "одиннадцатый одиннадцать",
    12: "двенадцатый двенадцать",
    13: "тринадцатый тринадцать",
    14: "четырнадцатый четырнадцать",
    15: "пятнадцатый пятнадцать",
    16: "шестнадцатый шестнадцать",
    17: "семнадцатый семнадцать",
    18: "восемнадцатый восемнадцать",
    19: "девятнадцатый девятнадцать",
    20: "двадцатый двадцать",
    30: "тридцатый тридцать",
    40: "сороковой сорок",
    50: "пятидесятый пятьдесят",
    60: "шестидесятый шестьдесят",
    70: "семидесятый семьдесят",
    80: "восьмидесятый восемьдесят",
    90: "девяностый девяносто",
    100: "сотый сто",
}
_ENDINGS = ("ый", "ой", "ий")
_DECLINED = ("ая", "ую", "ой", "ого", "ом", "ый")


def _forms(said: str) -> Iterator[str]:
    """«пятый» → пятый, пятая, пятую, пятой, пятого, пятом; a plain number as it is."""
    for word in said.split():
        yield word
        if word.endswith(_ENDINGS):
            yield from (word[:-2] + ending for ending in _DECLINED)


_VALUES = {form: number for number, said in _UNITS.items() for form in _forms(said)}
_KIND_STEMS = frozenset(stem(word) for word in CALLED_SO)


def with_numbers(words: list[Word]) -> list[Word]:
    """Words with the number that stands beside a noun of kind said in digits, unless the query has digits anyway. What
    was typed stays as `literal`: there are schools named «Первая».
    """
    if any(is_number(word.text) for word in words):
        return words
    place = 0
    while place < len(words):
        value, length = _value_at(words, place)
        if value and (_names_a_kind(words, place - 1) or _names_a_kind(words, place + length)):
            number = replace(words[place], text=str(value), literal=words[place + length - 1].text)
            return [*words[:place], number, *words[place + length :]]
        place += max(1, length)
    return words


def _value_at(words: list[Word], place: int) -> tuple[int, int]:
    """The number that begins here and how many words it takes; «двадцать пятая» takes two."""
    value = _VALUES.get(words[place].text, 0)
    if not value:
        return 0, 0
    following = _VALUES.get(words[place + 1].text, 0) if place + 1 < len(words) else 0
    if value >= 20 and value % 10 == 0 and 0 < following < (10 if value < 100 else 100):
        return value + following, 2
    return value, 1


def _names_a_kind(words: list[Word], place: int) -> bool:
    if not 0 <= place < len(words):
        return False
    text = words[place].text
    return stem(text) in _KIND_STEMS or text in ABBREVIATIONS
